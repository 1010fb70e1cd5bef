"""What is wrong with the pages of a report: read from TeX's log, from the PDF's structure, and from its ink."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, Destination, DictionaryObject, TextStringObject

MOST = 1.0  # points by which a box may be overfull
LEFT, RIGHT = 25.0, 185.0  # the text, in millimetres from the left edge of the paper
TOP, BOTTOM, HEIGHT = 24.0, 27.0, 297.0
TOLERANCE = 1.0  # of the picture's dots, in millimetres
DOTS = 50  # an inch
LEAST = 0.15  # of the height of the text that a page fills at least
FOOT = 44.0  # points that a heading needs: itself and two lines


def faults_of_log(log: str, source: str) -> Iterator[str]:
    """Errors, boxes that are too full (with the page, and the line of the source), missing signs and references."""
    lines = source.split("\n")
    errors = [line for line in log.split("\n") if line.startswith("!")]
    yield from errors
    for found in re.finditer(r"Overfull \\([hv]box) \(([\d.]+)pt[^\n]*?(?:lines? (\d+))?(?:--(\d+))?\n", log):
        kind, much, line = found[1], float(found[2]), int(found[3] or 0)
        if much > MOST:
            page = 1 + max(
                (int(number) for number in re.findall(r"\[(\d{1,3})(?=[\]{<\s])", log[: found.start()])), default=0
            )
            around = " ".join(lines[max(0, line - 4) : line + 1]) if line else ""
            yield f"page {page}: {kind} {much:g} pt too full at line {line}: {around[-160:]}"
    yield from sorted(set(re.findall(r"Missing character: [^\n]*", log)))
    if not errors:
        yield from sorted(set(re.findall(r"LaTeX Warning: (?:Reference|Label)[^\n]*", log)))


def faults_of_pages(content: bytes) -> Iterator[str]:
    """What the file lacks, signs that no font has, ink outside of the text, bare pages, headings without text."""
    reader = PdfReader(io.BytesIO(content))
    if not (reader.metadata and reader.metadata.title):
        yield "has no title"
    if "/Lang" not in reader.root_object:
        yield "has no language"
    yield from headings(reader)
    for number, page in enumerate(reader.pages, 1):
        missing = sum(1 for _ in missing_signs(page))
        if missing:
            yield f"page {number}: {missing} signs are missing"
    pictures = rendered(content)
    for number, picture in enumerate(pictures, 1):
        yield from (f"page {number}: {fault}" for fault in faults_of_ink(picture, number == len(pictures)))


def headings(reader: PdfReader) -> Iterator[str]:
    """Headings in the outline that stand at the foot of their page."""
    outline = list(_flat(reader.outline))
    if not outline and len(reader.pages) > 2:
        yield "has no outline"
    for entry in outline:
        page = reader.get_destination_page_number(entry)
        if page is not None and entry.top is not None and float(entry.top) < BOTTOM / 25.4 * 72 + FOOT:
            yield f"page {page + 1}: a heading at the foot: {entry.title}"


def _flat(entries: Iterable[Any]) -> Iterator[Destination]:
    """The outline, which pypdf gives as lists within lists, as one list."""
    for entry in entries:
        yield from _flat(entry) if isinstance(entry, list) else (entry,)


def missing_signs(page: PageObject) -> Iterator[str]:
    """Each glyph 0 that a page shows in a font whose codes have two bytes: the sign that stands for none."""
    contents = page.get_contents()
    if contents is None:
        return
    fonts = _dictionary(_dictionary(page.get("/Resources")).get("/Font"))
    wide = {name for name, font in fonts.items() if _dictionary(font).get("/Subtype") == "/Type0"}
    font = ""
    for operands, operator in contents.operations:
        if operator == b"Tf":
            font = str(operands[0])
        if operator in (b"Tj", b"TJ") and font in wide:
            yield from ("\0" for code in codes(operands[0]) if code == b"\0\0")


def _dictionary(value: Any) -> DictionaryObject:
    """The dictionary that a value is or points to; an empty one where it is neither."""
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def codes(shown: object) -> Iterator[bytes]:
    """The two-byte codes of a shown string, or of the strings of a list."""
    if isinstance(shown, ArrayObject):
        for one in shown:
            yield from codes(one)
    elif isinstance(shown, TextStringObject | ByteStringObject):
        raw = shown.original_bytes
        yield from (raw[place : place + 2] for place in range(0, len(raw), 2))


def rendered(content: bytes) -> list[NDArray[np.uint8]]:
    """Each page as an array of grey: 0 is ink, 255 is paper.  Needs poppler's pdftoppm."""
    made = subprocess.run(["pdftoppm", "-r", str(DOTS), "-gray", "-"], input=content, capture_output=True, check=True)
    pictures, rest = [], made.stdout
    while rest:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", rest)
        if head is None:
            raise ValueError("pdftoppm wrote something else than grey pictures")
        wide, high = int(head[1]), int(head[2])
        pictures.append(np.frombuffer(rest[head.end() : head.end() + wide * high], np.uint8).reshape(high, wide))
        rest = rest[head.end() + wide * high :]
    return pictures


def faults_of_ink(picture: NDArray[np.uint8], last: bool) -> Iterator[str]:
    """Ink beside the text or under it, and pages that hold next to nothing."""
    dots = DOTS / 25.4
    ink = picture < 200
    text = ink[: int((HEIGHT - BOTTOM + 7) * dots)]
    rows, columns = np.flatnonzero(text.any(axis=1)), np.flatnonzero(text.any(axis=0))
    if not len(rows):
        yield "is empty"
        return
    left, right, top, end = columns[0] / dots, columns[-1] / dots, rows[0] / dots, rows[-1] / dots
    if left < LEFT - TOLERANCE or right > RIGHT + TOLERANCE:
        yield f"ink from {left:.0f} to {right:.0f} mm, and the text from {LEFT:.0f} to {RIGHT:.0f} mm"
    if top < TOP - TOLERANCE - 5 or end > HEIGHT - BOTTOM + TOLERANCE + 5:
        yield f"ink from {top:.0f} to {end:.0f} mm down"
    filled = (end - TOP) / (HEIGHT - TOP - BOTTOM)
    if filled < LEAST:
        yield f"is bare: {'the last, ' if last else ''}{filled:.0%} of it is filled"
    elif filled < 0.45 and not last:
        yield f"(a hole: {filled:.0%} filled)"
