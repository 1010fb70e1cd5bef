"""`python -m docs.site.picture`: makes `docs/page.png` anew, the page of the chapter of 2-3-1 on which BP2 is derived.

It is set with the fonts of the package and without the time of day, so that the same chapter gives the same pixels.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
from pathlib import Path

import typst as bundled

from derive.derivation import Derivation
from derive.network import Network
from docs.site.png import size, smaller
from reports.chapter import chapter
from reports.files import write_files
from reports.typst import typst
from verify.examination import examine
from verify.oracles import Point

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs/page.png"
COMMAND = "python -m docs.site.picture"
PPI = 110
SIZE = (909, 1286)
"""A4 at that resolution, in pixels."""
SHOWN = "SHA-256 of the derivation in Typst"
"""The keyword under which the picture says of what it is a picture."""
WIDTHS, EQUATION, SEED = (2, 3, 1), "m-delta-1", 0
_SECTION = re.compile(r"^(?== )", re.MULTILINE)
_PLACE = "<page-of-the-picture>"


def source() -> str:
    """The chapter as Typst, as `derive --layers 2,3,1` writes it."""
    network = Network(list(WIDTHS))
    return typst(chapter(examine(Derivation(network), Point.random(network, SEED)), "nielsen", False, "standard"))


def digest(chapter_source: str) -> str:
    """What changes when the derivation in a chapter does: the part of its source in which BP2 stands.

    Other parts, such as the measured errors of differences, may differ from machine to machine.
    Raises `ValueError` where BP2 has another label.
    """
    found = [one for one in _SECTION.split(chapter_source) if f"<{EQUATION}>\n" in one]
    if len(found) != 1:
        raise ValueError(f"no part of the chapter, or several, have the equation {EQUATION}: name BP2 anew in EQUATION")
    return hashlib.sha256(found[0].encode()).hexdigest()


def picture(chapter_source: str) -> bytes:
    """The page with BP2 as PNG, which says in a line of text what it shows."""
    asked = f"{chapter_source}\n#context [#metadata(locate(<{EQUATION}>).page()) {_PLACE}]\n"
    with tempfile.TemporaryDirectory(prefix="backproof-") as folder:
        path = Path(folder) / "chapter.typ"
        path.write_text(asked, encoding="utf-8")
        fonts = bundled.Fonts(include_system_fonts=False, font_paths=[])
        compiler = bundled.Compiler(str(path), ignore_system_fonts=True, font_paths=fonts)
        pages = compiler.compile(format="png", ppi=PPI, timestamp=0)
        number = int(json.loads(compiler.query(_PLACE, field="value", one=True)))
    if not isinstance(pages, list):
        raise RuntimeError("Typst made no pages")
    return smaller(pages[number - 1], {SHOWN: digest(chapter_source)})


def main() -> int:
    """Write the picture; the exit code."""
    content = picture(source())
    (path,) = write_files(PICTURE.parent, {PICTURE.name: content})
    wide, high = size(content)
    print(f"{path.relative_to(ROOT)}: {wide} × {high} pixels, {len(content) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
