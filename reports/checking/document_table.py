"""The results of a document for a terminal: a table of its equations, and below it what is wrong, where, and the mend.

line   equation                     verdict
  15   δ² = w³ δ³ ⊙ σ′(z²)          incorrect   transpose
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from reports.checking.characters import visible
from reports.checking.drawing import draw, latex_rows
from reports.checking.lines import broken
from reports.checking.options import Options
from reports.checking.sentences import mistaken, sentence
from reports.checking.terminal import shown as answered
from reports.wording import listed, tell
from reports.wording.language import NATIVE, speaking, spoken, told
from reports.wording.wrapping import columns, padded, wrapped
from verify.document.results import Examined, Result

WRONG = ("incorrect", "undecided", "unreadable")
COUNTED = {
    "correct": "{count} correct",
    "incorrect": "{count} incorrect",
    "undecided": "{count} undecided",
    "unreadable": "{count} unreadable",
}
_COLOURS = {"correct": "32", "incorrect": "1;31", "undecided": "33", "unreadable": "35"}
_VERDICTS = 10
TAKEN = "taken"
"""The kind of a remark that says what an undefined loss is taken for; it stands in front of everything."""
_LINES = 6
_LEAST = 24


def table(file: str, found: Examined, options: Options) -> list[str]:
    """The lines of the report on one document; in English where the terminal has no other letters."""
    with speaking(spoken() if options.unicode else NATIVE):
        return _table(file, found, options)


def _table(file: str, found: Examined, options: Options) -> list[str]:
    lines = [tell("{file}: {summary}", file=visible(file), summary=summary(found))]
    lines += [f"  {sentence(one.message)}" for one in found.remarks if one.kind == TAKEN]
    lines.append("")
    rows = [row for result in found.results for row in _row(result, options)]
    if rows:
        number = tell("line")
        head = f"{' ' * (_LINES - columns(number))}{number}   {padded(tell('equation'), _room(options))}   "
        lines += [head + tell("verdict"), *rows, ""]
    for result in found.results:
        if result.verdict in WRONG:
            lines += [*_problem(file, result, options), ""]
    note = "note: line {line}: {message}"
    return [*lines, *(tell(note, line=one.line, message=told(visible(one.message)))
                      for one in found.remarks if one.kind != TAKEN)]  # fmt: skip


def summary(found: Examined) -> str:
    """How many of what, in words."""
    defined = sum(one.kind == "definition" for one in found.results)
    parts = [_several(defined, "{count} definition", "{count} definitions")] if defined else []
    parts += [tell("about the network")] if found.network else []
    parts.append(_several(found.claims, "{count} claim", "{count} claims"))
    verdicts = [tell(COUNTED[one], count=found.count(one)) for one in COUNTED if found.count(one)]
    said = listed(parts, "clause")
    return tell("{what}: {list}", what=said, list=listed(verdicts, "clause")) if verdicts else said


def _several(count: int, one: str, several: str) -> str:
    return tell(one if count == 1 else several, count=f"{count:,}")


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
    prose = tell("in the prose") if result.prose else ""
    said_last = (mistaken(result.mistake) if result.mistake else prose, visible(result.label))
    tail = _cut("  ".join(filter(None, said_last)), options.width - _LINES - room - 18)
    said = f"{_tinted(padded(told(word), _VERDICTS), word, options)}  {tail}".rstrip()
    yield f"{result.start.line:>{_LINES}}   {padded(cell[0], room)}   {said}"
    for rest in cell[1:]:
        yield f"{'':{_LINES}}   {rest}"


def _cell(result: Result, room: int, options: Options) -> list[str]:
    """The equation as lines that are at most `room` wide."""
    if options.unicode:
        drawn = draw(result.formula)
        rows = drawn.rows if not drawn.latex else (*latex_rows(" ".join(result.latex.split())),)
        return [one.text for row in rows for one in broken(row.pieces, room, row.indent)]
    return textwrap.wrap(visible(" ".join(result.latex.split())), room) or [""]


def _cut(text: str, room: int) -> str:
    if columns(text) <= room:
        return text
    while text and columns(text) >= room:
        text = text[:-1]
    return f"{text}…"


def _tinted(text: str, word: str, options: Options) -> str:
    colour = _COLOURS.get(word)
    return f"\x1b[{colour}m{text}\x1b[0m" if options.colour and colour else text


# --- what is wrong ------------------------------------------------------------------------------------------------


def _problem(file: str, result: Result, options: Options) -> Iterator[str]:
    """One mistake: its place in the file, and what is said about a single formula as well."""
    word = shown(result)
    label = f"  ({visible(result.label)})" if result.label else ""
    yield f"{visible(file)}:{result.point.line}:{result.point.column}{label}  {_tinted(told(word), word, options)}"
    if result.answer is not None:
        yield answered(result.formula, result.answer, options).rstrip("\n")
    else:
        yield from (f"    {one}" for one in wrapped(sentence(result.message), options.width - 4))
    if result.note:
        yield tell("  ({note})", note=sentence(result.note))
