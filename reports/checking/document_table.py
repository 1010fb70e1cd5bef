"""The results of a document for a terminal: a table of its equations, and below it what is wrong, where, and the mend.

line   equation                     verdict
  15   δ² = w³ δ³ ⊙ σ′(z²)          incorrect   transpose
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from reports.checking.characters import cells, visible
from reports.checking.drawing import draw, latex_rows
from reports.checking.lines import broken
from reports.checking.options import Options
from reports.checking.terminal import shown as answered
from verify.document.results import Examined, Result

WRONG = ("incorrect", "undecided", "unreadable")
_COLOURS = {"correct": "32", "incorrect": "1;31", "undecided": "33", "unreadable": "35"}
_VERDICTS = 10
_LINES = 6
_LEAST = 24


def table(file: str, found: Examined, options: Options) -> list[str]:
    """The lines of the report on one document."""
    lines = [f"{visible(file)}: {summary(found)}", ""]
    rows = [row for result in found.results for row in _row(result, options)]
    if rows:
        head = f"{'line':>{_LINES}}   {'equation'.ljust(_room(options))}   verdict"
        lines += [head, *rows, ""]
    for result in found.results:
        if result.verdict in WRONG:
            lines += [*_problem(file, result, options), ""]
    return [*lines, *(f"note: line {one.line}: {visible(one.message)}" for one in found.remarks)]


def summary(found: Examined) -> str:
    """How many of what, in words."""
    defined = sum(one.kind == "definition" for one in found.results)
    parts = [_counted(defined, "definition")] if defined else []
    parts += ["about the network"] if found.network else []
    parts.append(_counted(found.claims, "claim"))
    verdicts = [f"{found.count(one)} {one}" for one in ("correct", *WRONG) if found.count(one)]
    return ", ".join(parts) + (f": {', '.join(verdicts)}" if verdicts else "")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("s" if count != 1 else "")


def shown(result: Result) -> str:
    """The verdict in one word, or what the equation is where there is none."""
    return result.verdict or result.kind


# --- the table ----------------------------------------------------------------------------------------------------


def _room(options: Options) -> int:
    """How wide the column of equations is; the kind of mistake stands behind the verdict."""
    return max(_LEAST, options.width - _LINES - _VERDICTS - 26)


def _row(result: Result, options: Options) -> Iterator[str]:
    """The lines of one equation."""
    room = _room(options)
    cell = _cell(result, room, options) or [""]
    word = shown(result)
    tail = _cut("  ".join(filter(None, (result.mistake, visible(result.label)))), options.width - _LINES - room - 18)
    said = f"{_tinted(word.ljust(_VERDICTS), word, options)}  {tail}".rstrip()
    yield f"{result.start.line:>{_LINES}}   {_padded(cell[0], room)}   {said}"
    for line in cell[1:]:
        yield f"{'':{_LINES}}   {line}"


def _cell(result: Result, room: int, options: Options) -> list[str]:
    """The equation as lines that are at most `room` wide."""
    if options.unicode:
        drawn = draw(result.formula)
        rows = drawn.rows if not drawn.latex else (*latex_rows(" ".join(result.latex.split())),)
        return [line.text for row in rows for line in broken(row.pieces, room, row.indent)]
    return textwrap.wrap(visible(" ".join(result.latex.split())), room) or [""]


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(0, room - 1)]}…"


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))


def _tinted(text: str, word: str, options: Options) -> str:
    colour = _COLOURS.get(word)
    return f"\x1b[{colour}m{text}\x1b[0m" if options.colour and colour else text


# --- what is wrong ------------------------------------------------------------------------------------------------


def _problem(file: str, result: Result, options: Options) -> Iterator[str]:
    """One mistake: its place in the file, and what is said about a single formula as well."""
    word = shown(result)
    label = f"  ({visible(result.label)})" if result.label else ""
    yield f"{visible(file)}:{result.point.line}:{result.point.column}{label}  {_tinted(word, word, options)}"
    if result.answer is not None:
        yield answered(result.formula, result.answer, options).rstrip("\n")
    else:
        yield from (f"    {line}" for line in textwrap.wrap(visible(result.message), options.width - 4))
    if result.note:
        yield f"  ({visible(result.note)})"
