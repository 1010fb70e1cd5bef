"""Builds the site into a folder, or says in one sentence why not; the folder is replaced only by a complete site."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urldefrag

from docs.site import gallery, reference
from docs.site.links import faults
from docs.site.pages import HOME, Page, SiteError, listed
from docs.site.sheet import script, sheet
from docs.site.template import framed
from docs.site.text import Text, rendered

_OURS = "search.js"


def build(root: Path, output: Path, reports: Sequence[str]) -> int:
    """Build the site of the repository at `root` with these reports in its gallery; how many pages it has.

    It is made beside `output`, looked through, and takes its place as a whole.  Raises `SiteError`.
    """
    _free(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        _written(root, draft, reports)
        wrong = faults(draft)
        if wrong:
            more = f" (and {len(wrong) - 1} more faults)" if len(wrong) > 1 else ""
            raise SiteError(f"{wrong[0]}{more}")
        draft.chmod(0o755)
        if output.exists():
            shutil.rmtree(output)
        draft.rename(output)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # it is gone already where all went well
    return len(list(output.rglob("*.html")))


def _free(output: Path) -> None:
    """Refuse to replace what no earlier build made."""
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise SiteError(f"{output} is not a folder: name another place with --output")
    if output.is_dir() and any(output.iterdir()) and not (output / _OURS).is_file():
        raise SiteError(f"{output} holds files that are no site of this project: name an empty or a new folder")


def _written(root: Path, folder: Path, reports: Sequence[str]) -> None:
    pages = listed(root)
    sections: list[dict[str, str]] = []
    for page in [*pages, *_made()]:
        text = rendered(_source(root, page, folder, reports), _resolver(root, page, pages))
        path = folder / page.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(framed(page, pages, text), encoding="utf-8")
        sections += _sections(page, text)
    (folder / "site.css").write_text(sheet(), encoding="utf-8")
    (folder / "site.js").write_text(script(), encoding="utf-8")
    words = json.dumps(sections, ensure_ascii=False).replace("</", "<\\/")
    (folder / _OURS).write_text(f"window.SECTIONS = {words};\n", encoding="utf-8")


def _made() -> list[Page]:
    """The pages that no file of the repository holds."""
    return [Page(name, f"{reference.FOLDER}{name}", "", "", about) for name, about in reference.ROWS]


def _source(root: Path, page: Page, folder: Path, reports: Sequence[str]) -> str:
    """The Markdown of a page: from the repository, with what is made put at its mark, or from the docstrings."""
    if not page.source:
        return reference.page(page.name.removeprefix(reference.FOLDER))
    text = (root / page.source).read_text(encoding="utf-8")
    if gallery.MARK in text:
        text = text.replace(gallery.MARK, gallery.built(reports, folder / "gallery"))
    return text.replace(reference.MARK, reference.listing())


def _resolver(root: Path, page: Page, pages: Sequence[Page]) -> Callable[[str], str]:
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
