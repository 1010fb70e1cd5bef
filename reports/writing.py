"""From a derivation to its files: LaTeX, PDF and JSON, written whole or not at all."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from derive.derivation import Derivation
from reports.chapter import chapter
from reports.document import Document
from reports.files import write_files
from reports.pdf import Rendered, pdf
from reports.record import record
from reports.tex import tex
from verify.examination import Examination, examine
from verify.oracles import Point

NAME = "derivation"
FORMATS = ("pdf", "tex", "json")
MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class Written:
    """The files that were written; of a PDF also the program that made it, its pages, and a note if there is one."""

    paths: tuple[Path, ...]
    engine: str = ""
    pages: int = 0
    note: str = ""


def write(
    derivation: Derivation,
    folder: str | Path = ".",
    formats: Sequence[str] = ("pdf", "tex"),
    notation: str = "nielsen",
    expand: bool = False,
    seed: int = 0,
    pdf_engine: str = "auto",
) -> Written:
    """Check a derivation and write `derivation.pdf`, `.tex` or `.json` into a folder.

    Raises `OutputError` where the folder cannot be written, `EngineError` where a forced PDF engine does not work,
    and what `verify.examination.examine` raises where a check fails.
    """
    unknown = [one for one in formats if one not in FORMATS]
    if unknown:
        raise ValueError(f"formats must be of {', '.join(FORMATS)}, not {unknown[0]!r}")
    examination = examine(derivation, Point.random(derivation.network, seed))
    return write_examined(examination, Path(folder), formats, notation, expand, pdf_engine)


def write_examined(
    examination: Examination, folder: Path, formats: Sequence[str], notation: str, expand: bool, pdf_engine: str
) -> Written:
    """Render every file first, then put all of them in place."""
    contents: dict[str, bytes] = {}
    made: Rendered | None = None
    document: Document | None = None
    if "pdf" in formats or "tex" in formats:
        document = chapter(examination, notation, expand)
    if document is not None and "tex" in formats:
        contents[f"{NAME}.tex"] = tex(document).encode()
    if document is not None and "pdf" in formats:
        made = pdf(document, pdf_engine)
        contents[f"{NAME}.pdf"] = made.content
    if "json" in formats:
        text = json.dumps(record(examination, notation), ensure_ascii=False, indent=1, allow_nan=False)
        contents[f"{NAME}.json"] = (text + "\n").encode()
    paths = tuple(write_files(folder, contents))
    return Written(paths, made.engine, pages(made.content), made.note) if made else Written(paths)


def _inflated(stream: bytes) -> bytes:
    """A compressed stream's content, or nothing where it is no such stream."""
    try:
        return zlib.decompressobj().decompress(stream, MOST_BYTES)
    except zlib.error:
        return b""


def pages(content: bytes) -> int:
    """How many pages a PDF says that it has; 0 where it does not say so in a way that is read here."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    texts = [content, *(_inflated(one) for one in streams)]
    counts = [int(count) for text in texts for count in re.findall(rb"/Count (\d+)", text)]
    return max(counts, default=0)
