"""A document: sections of paragraphs, numbered equations with their reasons, tables, figures and code; no printing.

Everything is immutable and checked when it is built: a `Document` refuses a label that is given twice, and a reference
to a label that nothing bears.  `reports.tex` and `reports.typst` print one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from derive.layout import Box, Glyph, Row, row
from reports.figures.drawing import Drawing
from reports.inline import Code, Emphasis, Gap, Inline, Math, Piece, Ref, Text, Tinted, inline, prose
from reports.meant import Meant
from reports.wording.boxes import drawn, lettered
from reports.wording.language import phrase, spoken

__all__ = [
    "Block", "Boxed", "Bullets", "Code", "Column", "Document", "Emphasis", "Equation", "Figure", "Gap", "Inline",
    "Line", "Listing", "Math", "PageBreak", "Paragraph", "Piece", "Ref", "Section", "Table", "Text", "Tinted",
    "Together", "inline", "lines", "pieces_of", "prose", "walk",
]  # fmt: skip

EQUALS = Glyph("=", "relation")
NOTHING = Glyph("", "text")  # what stands in a line whose right side is a gap


@dataclass(frozen=True)
class Line:
    """One line of an equation, aligned at its relation; a continued line has no left side, or not even a relation."""

    lhs: Box | None
    rhs: Box
    relation: Box | None = EQUALS


@dataclass(frozen=True)
class Equation:
    """One numbered formula with its reason in words, and where matrices occur a line of shapes.

    `name` is what others call it, such as BP2; without a `label` nobody can refer to it, but it has its number unless
    `numbered` is false.  A line that is too long is broken by the printers at its top-level signs.  A `gap` stands
    behind the last line: its right side, `NOTHING`, is for the reader to fill in.  `meant` tells the self-check what
    the formula is, where it is no claim.
    """

    lines: tuple[Line, ...]
    label: str = ""
    reason: Inline = ()
    shapes: Box | None = None
    name: str = ""
    numbered: bool = True
    gap: Gap | None = None
    meant: Meant | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("an equation has at least one line")
        if self.label and not self.numbered:
            raise ValueError(f"the equation {self.label!r} has a label but no number")
        told = tuple(Line(_lettered(one.lhs), lettered(one.rhs), _lettered(one.relation)) for one in self.lines)
        object.__setattr__(self, "lines", told)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; what introduces a formula or a table stays with it."""

    pieces: Inline


@dataclass(frozen=True)
class Column:
    """One column of a table; `wrap` lets long text take several lines."""

    header: Inline
    align: Literal["left", "right", "centre"] = "left"
    wrap: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of inline content under a header, with a caption; may run over several pages."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: Inline = ()
    label: str = ""

    def __post_init__(self) -> None:
        for cells in self.rows:
            if len(cells) != len(self.columns):
                raise ValueError(f"a table of {len(self.columns)} columns has a row of {len(cells)} cells")
        if self.label and not self.caption:
            raise ValueError(f"the table {self.label!r} has a label but no caption, hence no number")


@dataclass(frozen=True)
class Figure:
    """A drawing with a caption; `alternative` says in words what is to be seen."""

    drawing: Drawing
    caption: Inline
    alternative: str
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "drawing", drawn(self.drawing))


@dataclass(frozen=True)
class Listing:
    """Source code, line by line as it is."""

    source: str
    language: str = "python"
    caption: Inline = ()


@dataclass(frozen=True)
class Bullets:
    """A list, numbered where `ordered`."""

    items: tuple[Inline, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Together:
    """Blocks that stay on one page."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page; with `unless_room`, only if less than that share of the page is left."""

    unless_room: float = 1.0


@dataclass(frozen=True)
class Boxed:
    """Blocks in a frame with a title: the result of a chapter."""

    title: Inline
    blocks: tuple[Block, ...]


Block = Paragraph | Equation | Boxed | Table | Figure | Listing | Bullets | Together | PageBreak


@dataclass(frozen=True)
class Section:
    """A heading of level 1, 2 or 3 and what stands under it up to the next heading."""

    title: Inline
    blocks: tuple[Block, ...] = ()
    level: int = 1
    label: str = ""

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"a section has level 1, 2 or 3, not {self.level}")


@dataclass(frozen=True)
class Document:
    """A whole document; `description` is the line under the title, `facts` are short lines under that.

    Its words are in the `language` that is spoken when it is built; so are those in its formulas and drawings.

    Raises `ValueError` for a malformed or repeated label, and for a reference to a label that nothing bears.
    """

    title: str
    sections: tuple[Section, ...]
    description: Inline = ()
    facts: tuple[Inline, ...] = ()
    contents: bool = False
    language: str = field(default_factory=spoken)
    marks: dict[str, str] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "marks", _numbered(self.sections))
        missing = sorted({piece.label for piece in self.pieces if isinstance(piece, Ref)} - self.marks.keys())
        if missing:
            raise ValueError(f"references to labels that nothing bears: {', '.join(missing)}")

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order, those inside others too."""
        return tuple(block for section in self.sections for block in walk(section.blocks))

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All inline pieces in reading order."""
        titles = (piece for section in self.sections for piece in section.title)
        facts = (piece for line in self.facts for piece in line)
        return (*self.description, *facts, *titles, *(piece for block in self.blocks for piece in pieces_of(block)))


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and those inside them, each before what it holds."""
    for block in blocks:
        yield block
        if isinstance(block, Together | Boxed):
            yield from walk(block.blocks)


def pieces_of(block: Block) -> Iterator[Piece]:
    """The inline pieces that stand in a block itself, not in blocks inside it."""
    match block:
        case Paragraph(pieces):
            yield from pieces
        case Equation():
            yield from block.reason
        case Boxed(title):
            yield from title
        case Table():
            cells = [cell for cells in block.rows for cell in cells]
            for part in (*(column.header for column in block.columns), *cells, block.caption):
                yield from part
        case Figure() | Listing():
            yield from block.caption
        case Bullets(items):
            for item in items:
                yield from item
        case Together() | PageBreak():
            return


_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9:.-]*")


def _numbered(sections: tuple[Section, ...]) -> dict[str, str]:
    """What a reference to each label prints; equations count through the whole document."""
    marks: dict[str, str] = {}
    for label, mark in _labelled(sections):
        if label in marks:
            raise ValueError(f"the label {label!r} is given twice")
        if label and not _LABEL.fullmatch(label):
            raise ValueError(f"a label is made of letters, digits, colons, dots and hyphens, not {label!r}")
        if label:
            marks[label] = mark
    return marks


def _labelled(sections: tuple[Section, ...]) -> Iterator[tuple[str, str]]:
    counts = {Equation: 0, Table: 0, Figure: 0}
    heading = [0, 0, 0]
    for section in sections:
        heading[section.level - 1] += 1
        heading[section.level :] = [0] * (3 - section.level)
        number = ".".join(map(str, heading[: section.level]))
        yield section.label, phrase("section {number}").format(number=number)
        for block in walk(section.blocks):
            match block:
                case Equation(numbered=True):
                    counts[Equation] += 1
                    yield block.label, f"({counts[Equation]})"
                case Table() if block.caption:
                    counts[Table] += 1
                    yield block.label, phrase("table {number}").format(number=counts[Table])
                case Figure():
                    counts[Figure] += 1
                    yield block.label, phrase("figure {number}").format(number=counts[Figure])
                case _:
                    pass


def _lettered(box: Box | None) -> Box | None:
    return None if box is None else lettered(box)


def lines(box: Box) -> tuple[Line, ...]:
    """A formula with relations at its top level as aligned lines: a = b = c gives `a = b` and `= c` beneath it."""
    parts: list[list[Box]] = [[]]
    signs: list[Box] = []
    for item in box.items if isinstance(box, Row) and not box.tight else (box,):
        if isinstance(item, Glyph) and item.kind == "relation":
            signs.append(item)
            parts.append([])
        else:
            parts[-1].append(item)
    sides = [row(part) for part in parts if part]
    if len(sides) != len(parts):
        raise ValueError("a relation has nothing on one of its sides")
    if not signs:
        return (Line(None, sides[0], None),)
    lefts = [sides[0], *[None] * (len(signs) - 1)]
    return tuple(Line(left, right, sign) for left, right, sign in zip(lefts, sides[1:], signs, strict=True))
