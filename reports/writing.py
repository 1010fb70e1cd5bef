"""From a derivation to its files: PDF, LaTeX, HTML, Markdown, a notebook and JSON, written whole or not at all."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derive.derivation import Derivation
from reports.chapter import chapter
from reports.document import Document
from reports.files import OutputError, kind_of, write_files
from reports.html import html
from reports.markdown import markdown_files
from reports.notebook import notebook, notebook_bytes
from reports.notebook.cells import network_cells
from reports.notebook.printer import Cells
from reports.pdf import CHOICES, EngineError, Rendered, pdf
from reports.record import record
from reports.tex import tex
from verify.examination import Examination, examine
from verify.oracles import Point

NAME = "derivation"
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
    formats: Sequence[str] | None = None,
    notation: str = "nielsen",
    expand: bool = False,
    seed: int = 0,
    pdf_engine: str = "auto",
    detail: str = "standard",
) -> Written:
    """Check a derivation and write `derivation.pdf`, `.tex`, `.html`, `.md`, `.ipynb` or `.json` into a folder.

    Without `formats` these are PDF and LaTeX.  A `folder` such as `notes.html` is one file, of the format that its
    ending says.  `detail` is `brief` (one page), `standard` or `full` (every entry and every step).
    Raises `SpecError` where a network is too large for `full`, `OutputError` where the folder cannot be written,
    `EngineError` where a forced PDF engine does not work, and what `verify.examination.examine` raises where a
    check fails.
    """
    kind = kind_of(Path(folder))
    chosen = formats if formats is not None else ("pdf", "tex") if kind is None else (kind,)
    unknown = [one for one in chosen if one not in FORMATS]
    if unknown:
        raise ValueError(f"formats must be of {', '.join(FORMATS)}, not {unknown[0]!r}")
    examination = examine(derivation, Point.random(derivation.network, seed))
    return write_examined(examination, Path(folder), chosen, notation, expand, pdf_engine, detail)


def write_examined(
    examination: Examination,
    folder: Path,
    formats: Sequence[str],
    notation: str,
    expand: bool,
    pdf_engine: str,
    detail: str = "standard",
) -> Written:
    """Render every file first, then put all of them in place."""
    return write_report(
        lambda: chapter(examination, notation, expand, detail),
        folder,
        formats,
        pdf_engine,
        record=lambda: record(examination, notation),
        code=network_cells(examination, notation),
    )


def write_report(
    document: Callable[[], Document],
    folder: Path,
    formats: Sequence[str],
    pdf_engine: str = "auto",
    *,
    name: str = NAME,
    record: Callable[[], Any] = dict,
    code: Cells | None = None,
    language: str = "en",
) -> Written:
    """Any document as the files `NAME.pdf`, `.tex`, `.html`, `.md` (with its figures), `.ipynb` and `.json`.

    A `folder` that ends like one of these, and is none, is the one file to write, in that format.
    `document` and `record`, the JSON, are made only where a format needs them; `code` are the notebook's code cells.
    Raises `OutputError` where the folder cannot be written and `EngineError` where a forced PDF engine does not work.
    """
    kind = kind_of(folder)
    if kind is not None:
        _one_format(folder, kind, formats)
        name = folder.stem
    contents, made = printed(document, formats, pdf_engine, name=name, record=record, code=code, language=language)
    if kind is None:
        paths = tuple(write_files(folder, contents))
    else:  # REPORT.PDF keeps the letters of its ending, and the figures of a Markdown file lie beside it
        first = {folder.name: contents.pop(f"{name}.{kind}")}
        paths = tuple(write_files(folder.parent, first | contents))
    return Written(paths, made.engine, pages(made.content), made.note) if made else Written(paths)


def _one_format(path: Path, kind: str, formats: Sequence[str]) -> None:
    """Refuses formats that one file is not."""
    if set(formats) != {kind}:
        raise OutputError(f"{path} names one file, of the format {kind}; {', '.join(formats)} need a folder")


def printed(
    document: Callable[[], Document],
    formats: Sequence[str],
    pdf_engine: str = "auto",
    *,
    name: str = NAME,
    record: Callable[[], Any] = dict,
    code: Cells | None = None,
    language: str = "en",
) -> tuple[dict[str, bytes], Rendered | None]:
    """The contents of a document's files by their names, and the PDF where one was made; nothing is written."""
    contents: dict[str, bytes] = {}
    made: Rendered | None = None
    if pdf_engine not in CHOICES:
        raise EngineError(f"unknown PDF engine {pdf_engine!r} (known: {', '.join(CHOICES)})")
    text = document() if set(formats) & set(_PRINTED) else None
    for kind in FORMATS:
        if kind not in formats:
            continue
        if kind == "pdf" and text is not None:
            made = pdf(text, pdf_engine)
            contents[f"{name}.pdf"] = made.content
        elif text is not None and kind in _PRINTED:
            contents |= _PRINTED[kind](text, name, language, code or {})
        else:
            shown = json.dumps(record(), ensure_ascii=False, indent=1, allow_nan=False)
            contents[f"{name}.json"] = (shown + "\n").encode()
    return contents, made


Printed = Callable[[Document, str, str, Cells], dict[str, bytes]]

_PRINTED: dict[str, Printed] = {
    "pdf": lambda document, name, language, code: {},  # made apart, because it says which engine made it
    "tex": lambda document, name, language, code: {f"{name}.tex": tex(document).encode()},
    "html": lambda document, name, language, code: {f"{name}.html": html(document, language).encode()},
    "md": lambda document, name, language, code: markdown_files(document, name, language),
    "ipynb": lambda document, name, language, code: {
        f"{name}.ipynb": notebook_bytes(notebook(document, code, language))
    },
}
FORMATS = (*_PRINTED, "json")


def _inflated(stream: bytes) -> bytes:
    """A compressed stream's content, or nothing where it is no such stream."""
    try:
        return zlib.decompressobj().decompress(stream, MOST_BYTES)
    except zlib.error:
        return b""


def pages(content: bytes) -> int:
    """How many pages a PDF says that it has, in its tree of pages; 0 where that is not found in a way known here."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    texts = [content, *(_inflated(one) for one in streams)]
    trees = [tree for text in texts for tree in re.findall(rb"<<[^<>]*/Type\s*/Pages\b[^<>]*>>", text)]
    counts = [int(count) for tree in trees for count in re.findall(rb"/Count\s+(\d+)", tree)]
    return max(counts, default=0)
