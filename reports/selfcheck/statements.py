"""What a document says in formulas: every statement of every equation, line and table cell, with where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from derive.emit.latex import latex
from derive.layout import Box, Glyph, Row, row
from reports.document import Document, Equation, Line, pieces_of, walk
from reports.inline import Inline, Math, Text
from reports.meant import Meant, Shapes
from reports.wording.boxes import unlettered
from reports.wording.language import speaking

JOINS = (" and ",)
"""The words of a formula between which there are two statements."""


@dataclass(frozen=True)
class Statement:
    """One formula: its sides with the signs between them, the section, and what it is meant to be.

    Without a sign it has one side, and claims nothing unless `meant` says what it is the value of.
    """

    section: str
    sides: tuple[Box, ...]
    signs: tuple[Glyph, ...]
    meant: Meant | None = None

    @property
    def text(self) -> str:
        """The formula in LaTeX, exactly as the printer makes it."""
        return self.part(0, len(self.sides))

    def part(self, first: int, end: int) -> str:
        """Some of the sides with what stands between them."""
        items: list[Box] = [self.sides[first]]
        for sign, side in zip(self.signs[first : end - 1], self.sides[first + 1 : end], strict=True):
            items += [sign, *(side.items if isinstance(side, Row) and not side.tight else (side,))]
        head = items[0].items if isinstance(items[0], Row) and not items[0].tight else (items[0],)
        return latex(row((*head, *items[1:])))


@dataclass(frozen=True)
class Number:
    """A number in running text, and what it is meant to be."""

    section: str
    text: str
    meant: Meant


def statements(document: Document) -> list[Statement | Number]:
    """Everything that a document says in formulas, in reading order; a gap for the reader says nothing."""
    with speaking(document.language):
        return list(_statements(document))


def _statements(document: Document) -> Iterator[Statement | Number]:
    yield from _inline("title", document.description)
    for fact in document.facts:
        yield from _inline("title", fact)
    for section in document.sections:
        name = section.label or "".join(piece.text for piece in section.title if isinstance(piece, Text))
        yield from _inline(name, section.title)
        for block in walk(section.blocks):
            if isinstance(block, Equation) and block.gap is None:
                yield from (Statement(name, *one, block.meant) for one in _told(block.lines))
                if block.shapes is not None:
                    yield from (Statement(name, *one, Shapes()) for one in _split(_items(block.shapes)))
            yield from _inline(name, tuple(pieces_of(block)))


def _inline(section: str, pieces: Inline) -> Iterator[Statement | Number]:
    for piece in pieces:
        if isinstance(piece, Math):
            yield from (Statement(section, *one, piece.meant) for one in _split(_items(piece.box)))
        elif isinstance(piece, Text) and piece.meant is not None:
            yield Number(section, piece.text, piece.meant)


def _told(lines: Sequence[Line]) -> Iterator[tuple[tuple[Box, ...], tuple[Glyph, ...]]]:
    """The statements of an aligned display: a line with a left side begins one, the others continue it."""
    items: list[Box] = []
    for line in lines:
        if line.lhs is not None and items:
            yield from _split(items)
            items = []
        for part in (line.lhs, line.relation, line.rhs):
            items += () if part is None else _items(part)
    yield from _split(items)


def _items(box: Box) -> Sequence[Box]:
    box = unlettered(box)
    return box.items if isinstance(box, Row) and not box.tight else (box,)


def _split(items: Sequence[Box]) -> Iterator[tuple[tuple[Box, ...], tuple[Glyph, ...]]]:
    """The statements between the words of a formula, each as its sides and signs."""
    parts: list[list[Box]] = [[]]
    signs: list[Glyph] = []
    for item in items:
        if isinstance(item, Glyph) and item.kind == "text" and item.name in JOINS:
            yield tuple(map(row, parts)), tuple(signs)
            parts, signs = [[]], []
        elif isinstance(item, Glyph) and item.kind == "relation":
            signs.append(item)
            parts.append([])
        else:
            parts[-1].append(item)
    yield tuple(map(row, parts)), tuple(signs)


def numbered(one: Statement, letter: str, number: int) -> Statement:
    """The statement with a number in place of a letter for a layer."""
    news = Glyph(str(number), "number")
    return replace(one, sides=tuple(_put(side, letter, news) for side in one.sides))


def _put(box: Any, letter: str, news: Box) -> Any:
    if isinstance(box, Glyph):
        return news if box.name == letter else box
    if isinstance(box, tuple):
        return tuple(_put(part, letter, news) for part in box)
    if is_dataclass(box) and not isinstance(box, type):
        return replace(box, **{part.name: _put(getattr(box, part.name), letter, news) for part in fields(box)})
    return box
