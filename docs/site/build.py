"""Builds the site into a folder, or says in one sentence why not; the folder is replaced only by a complete site."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag

from docs.site import gallery, reference
from docs.site.links import faults
from docs.site.pages import HOME, Page, SiteError, listed
from docs.site.placing import WORDS, WORDS_BEGIN, mark, refuse_foreign, replace
from docs.site.sheet import script, sheet
from docs.site.template import framed
from docs.site.text import Text, rendered

PICTURES = "pictures"
"""The folder of the site that holds the pictures of the guides, each under its path in the repository."""


def build(root: Path, output: Path, reports: Sequence[str]) -> int:
    """Build the site of the repository at `root` with these reports in its gallery; how many pages it has.

    It is made beside `output`, looked through, and takes its place as a whole.  Raises `SiteError`, and `OSError`
    where a file cannot be written.
    """
    refuse_foreign(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        _written(root, draft, reports)
        wrong = faults(draft)
        if wrong:
            more = f" (and {len(wrong) - 1} more faults)" if len(wrong) > 1 else ""
            raise SiteError(f"{wrong[0]}{more}")
        draft.chmod(0o755)
        mark(draft)
        replace(draft, output)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # it is gone already where all went well
    return len(list(output.rglob("*.html")))


def _written(root: Path, folder: Path, reports: Sequence[str]) -> None:
    pages = listed(root)
    sections: list[dict[str, str]] = []
    for page in [*pages, *_made()]:
        made = {gallery.MARK: gallery.built(reports, folder / "gallery")} if page.source == gallery.SOURCE else {}
        text = rendered(_source(root, page), _resolver(page, pages), _pictured(root, page, folder), made)
        path = folder / page.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(framed(page, pages, text), encoding="utf-8")
        sections += _sections(page, text)
    (folder / "site.css").write_text(sheet(), encoding="utf-8")
    (folder / "site.js").write_text(script(), encoding="utf-8")
    words = json.dumps(sections, ensure_ascii=False).replace("</", "<\\/")
    (folder / WORDS).write_text(f"{WORDS_BEGIN}{words};\n", encoding="utf-8")


def _made() -> list[Page]:
    """The pages that no file of the repository holds."""
    return [Page(name, f"{reference.FOLDER}{name}", "", "", about) for name, about in reference.ROWS]


def _source(root: Path, page: Page) -> str:
    """The Markdown of a page: from the repository, with the reference's list at its mark, or from the docstrings."""
    if not page.source:
        return reference.page(page.name.removeprefix(reference.FOLDER))
    return (root / page.source).read_text(encoding="utf-8").replace(reference.MARK, reference.listing())


def _pictured(root: Path, page: Page, folder: Path) -> Callable[[str], str]:
    """What pictures of a page are on the site: a copy of the repository's file; any other target stays as it is."""
    here = (root / (page.source or HOME)).parent
    home = "../" * page.name.count("/")

    def resolve(target: str) -> str:
        path = Path(os.path.normpath(here / unquote(target)))
        if "://" in target or not path.is_relative_to(root) or not path.is_file():
            return target  # the look through the finished site says what is wrong with it
        copy = Path(PICTURES) / path.relative_to(root)
        (folder / copy).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / copy)
        return f"{home}{quote(copy.as_posix())}"

    return resolve


def _resolver(page: Page, pages: Sequence[Page]) -> Callable[[str], str]:
    """What links of a page are on the site: a file of the repository becomes the page that is made of it."""
    by_source = {one.source: one.file for one in pages if one.source}
    here = Path(page.source or HOME).parent
    home = "../" * page.name.count("/")

    def resolve(target: str) -> str:
        place, anchor = urldefrag(target)
        if "://" in target or not place or place.startswith(reference.FOLDER):
            return target
        source = Path(os.path.normpath(here / place)).as_posix()
        if source not in by_source:
            raise SiteError(f"{page.source}: the link to {target} leads to no page of the site")
        return f"{home}{by_source[source]}" + (f"#{anchor}" if anchor else "")

    return resolve


def _sections(page: Page, text: Text) -> list[dict[str, str]]:
    """What the search knows: a page's sections with their words."""
    rows = [(one, " ".join(" ".join(one.text).split())) for one in text.headings]
    return [{"url": f"{page.file}#{one.name}", "page": page.title, "title": one.title, "text": words}
            for one, words in rows]  # fmt: skip
