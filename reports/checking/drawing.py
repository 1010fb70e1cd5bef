r"""A formula as rows for a terminal: pretty Unicode where one line can show it, else the LaTeX itself.

    A = B \\ C = D    →  two rows, A = B and C = D
    A = B = C         →  two rows, A = B and what goes on with = C

Each row is one relation, so that each can bear its own verdict; each piece knows its place in the LaTeX.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.checking import arithmetic, calculus, characters, letters
from reports.checking.characters import cells, visible
from reports.checking.pieces import RELATION, Pen, Piece, Pieces, Undrawable, written
from verify.latex import Reading, Statement, Unreadable, read
from verify.latex.tree import Letter, Node, Span
from verify.latex.walk import walk

RULES = letters.RULES | arithmetic.RULES | calculus.RULES
_FARTHEST = 24


@dataclass(frozen=True)
class Row:
    """One relation of a formula, or a remark beside it (`claims` is false).  `indent` puts = under =."""

    pieces: tuple[Piece, ...]
    span: Span
    claims: bool = True
    indent: int = 0


@dataclass(frozen=True)
class Drawn:
    """A formula as rows; `latex` says that they are the LaTeX itself."""

    rows: tuple[Row, ...]
    latex: bool = False


def draw(text: str) -> Drawn:
    """The rows of a formula; the lines of its LaTeX where it cannot be read or drawn."""
    try:
        reading = read(text)
        pen = _pen(reading)
        return Drawn(tuple(row for one in reading.statements for row in _rows(pen, one)))
    except (Unreadable, Undrawable, RecursionError):
        return Drawn(tuple(latex_rows(text)), latex=True)


def inline(text: str) -> str:
    """A formula in one line of Unicode; the LaTeX where that cannot be."""
    try:
        reading = read(text)
        pen = _pen(reading)
        parts = [written(_remark(pen, one)) for one in reading.statements]
    except (Unreadable, Undrawable, RecursionError):
        return visible(text)
    return visible(", ".join(parts))


def latex_rows(text: str, *, ascii_only: bool = False) -> Iterator[Row]:
    """The lines of a text as it was typed, each character a piece of its own."""
    at = 0
    shown = characters.ascii_only if ascii_only else visible
    for line in text.split("\n"):
        pieces = [Piece(shown(visible(one)), (at + place, at + place + 1), 1 if one == " " else 0)
                  for place, one in enumerate(line)]  # fmt: skip
        if line.strip():
            yield Row(tuple(pieces), (at, at + len(line)))
        at += len(line) + 1


def _pen(reading: Reading) -> Pen:
    """A pen that draws bold letters as bold ones only if the text tells them from others."""
    found = {one for statement in reading.statements for one in walk(statement.body) if isinstance(one, Letter)}
    bold = {one.name for one in found if one.bold and not one.name.isdigit()}
    plain = {one.name for one in found if not one.font}
    return Pen(reading.text, RULES, bold=bool(bold & plain))


def _rows(pen: Pen, statement: Statement) -> Iterator[Row]:
    """A row for each relation of a claim, one for anything else."""
    if statement.role != "claim" or not statement.compares:
        yield Row(tuple(_remark(pen, statement)), statement.span, claims=statement.role == "claim")
        return
    left = pen(statement.sides[0])
    width = sum(cells(piece.text) for piece in left)
    for place, (before, sign, side) in enumerate(
        zip(statement.sides, statement.signs, statement.sides[1:], strict=False)
    ):
        first = _go_on(pen, [*left] if place == 0 else [], sign, side)
        indent = 0 if place == 0 else width + 1 if width < _FARTHEST else 4
        yield Row(tuple(first), (before.span[0], side.span[1]), indent=indent)


def _go_on(pen: Pen, left: Pieces, sign: Node, side: Node) -> Pieces:
    space = [pen.space(sign.span[0], RELATION)] if left else []
    return [*left, *space, *pen(sign), pen.space(side.span[0]), *pen(side)]


def _remark(pen: Pen, statement: Statement) -> Pieces:
    """A condition or a definition beside a claim, with the words in front of it."""
    words = visible(statement.words.strip()) or ("where" if statement.role == "beside" else "")
    at = statement.span[0]
    front = [Piece(words, (at, at)), pen.space(at)] if words else []
    return [*front, *pen(statement.body)]
