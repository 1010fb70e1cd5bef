"""A document as a Jupyter notebook (nbformat 4.5): its sections as Markdown cells, with code cells between them.

The dictionary is the JSON of an `.ipynb` file, the same for the same document.  Nothing in it was run: a reader runs it
from top to bottom.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.document import Document, Figure
from reports.html.svg import svg_file
from reports.html.text import spoken
from reports.html.words import words
from reports.markdown.printer import Printer

Cells = Mapping[str, Sequence[str]]
OPENING = ""
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(document: Document, code: Cells | None = None, language: str = "en") -> dict[str, Any]:
    """The notebook of a document.

    `code` holds the sources of code cells by the label of the section that they follow, in order; those of `OPENING`
    follow the title, and those of a section that the document leaves out follow the ones before them.
    Raises `ValueError` for a language without words.
    """
    cells = list(_cells(document, code or {}, language))
    numbered = [{**cell, "id": f"cell-{place}"} for place, cell in enumerate(cells, 1)]
    info = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
    return {"cells": numbered, "metadata": {"kernelspec": _KERNEL, "language_info": info}, "nbformat": 4,
            "nbformat_minor": 5}  # fmt: skip


def notebook_bytes(book: Mapping[str, Any]) -> bytes:
    """The file of a notebook."""
    return (json.dumps(book, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _cells(document: Document, code: Cells, language: str) -> Iterator[dict[str, Any]]:
    said = words(language)
    placed = _placed(code, {section.label for section in document.sections})

    def drawn(number: str, figure: Figure, alternative: str) -> str:
        picture = svg_file(figure.drawing, said.figure.format(number=number), spoken(figure.alternative))
        return f"![{alternative}](data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()})"

    printer = Printer(document, said, drawn)
    yield _markdown("\n\n".join(printer.opening()))
    yield from map(_code, placed.get(OPENING, ()))
    for section in document.sections:
        yield _markdown(printer.section(section))
        yield from map(_code, placed.get(section.label, ()) if section.label else ())


def _placed(code: Cells, labels: set[str]) -> dict[str, list[str]]:
    """The code cells by the labels that there are."""
    found: dict[str, list[str]] = {}
    here = OPENING
    for label, sources in code.items():
        here = label if label in labels else here
        found.setdefault(here, []).extend(sources)
    return found


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(source: str) -> dict[str, Any]:
    lines = source.strip("\n").splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
