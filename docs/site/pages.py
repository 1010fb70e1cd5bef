"""The pages of the site and their order, read from `docs/index.md`: its headings are sections, its links are pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HOME = "docs/index.md"
_SECTION = re.compile(r"## (?P<title>.+)")
_LINK = re.compile(r"- \[(?P<title>[^\]]+)\]\((?P<target>[^)]+)\): (?P<about>.+)")


class SiteError(Exception):
    """What keeps the site from being built, as one sentence."""


@dataclass(frozen=True)
class Page:
    """A page: its title in lists, its name in the site without `.html`, its source in the repository if it has one."""

    title: str
    name: str
    source: str
    section: str
    about: str = ""

    @property
    def file(self) -> str:
        """The path of the page within the site."""
        return f"{self.name}.html"


def listed(root: Path) -> list[Page]:
    """Every page that the index lists, the index first.

    Raises `SiteError` for a link to a file that is missing, and for a guide in `docs/` that no list names.
    """
    pages = [Page("Backproof", "index", HOME, "")]
    section = ""
    for line in (root / HOME).read_text(encoding="utf-8").splitlines():
        heading, link = _SECTION.fullmatch(line), _LINK.fullmatch(line)
        if heading:
            section = heading["title"]
        elif link:
            pages.append(_page(root, section, link))
    _complete(root, pages)
    return pages


def _page(root: Path, section: str, link: re.Match[str]) -> Page:
    target = link["target"]
    path = (root / HOME).parent / target
    if not path.is_file():
        raise SiteError(f"{HOME} lists {target}, which does not exist: write it, or take the line out")
    source = path.resolve().relative_to(root.resolve()).as_posix()
    return Page(link["title"], path.stem.lower(), source, section, link["about"])


def _complete(root: Path, pages: list[Page]) -> None:
    known = {page.source for page in pages}
    for path in sorted((root / "docs").glob("*.md")):
        if f"docs/{path.name}" not in known:
            raise SiteError(f"docs/{path.name} is on no list of {HOME}: add a line “- [Title]({path.name}): …” there")
    names = [page.name for page in pages]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise SiteError(f"two pages of {HOME} would be {twice}.html: list each once")
