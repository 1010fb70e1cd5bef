"""What the reader hands on: the statements of a text, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from verify.latex.lexer import Note
from verify.latex.tree import Comparison, ForAll, Node, Range, Relation, Span

Role = Literal["claim", "beside", "condition"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One formula of a text.

    `body` is a `Comparison` (a claim, a chain, a definition), a `Range`, a `ForAll`, or an expression that nothing is
    compared to.  `role` says what the words and commas around it make of it: a claim; something stated beside one
    (`A = B, s = …`, `where s = …`); or a condition (`for j > 0`).  `words` are those in front of it, `row` the line.
    """

    body: Node
    role: Role = "claim"
    words: str = ""
    row: int = 0

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.body.span

    @property
    def sides(self) -> tuple[Node, ...]:
        """What is compared; the one expression where nothing is."""
        return self.body.sides if isinstance(self.body, Comparison) else (self.body,)

    @property
    def signs(self) -> tuple[Relation, ...]:
        """The relations between the sides."""
        return self.body.signs if isinstance(self.body, Comparison) else ()

    @property
    def compares(self) -> bool:
        """Whether this is a comparison at all."""
        return not isinstance(self.body, Range | ForAll) and bool(self.signs)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read: its statements, and the labels, tags, comments and remarks beside them."""

    text: str
    statements: tuple[Statement, ...]
    notes: tuple[Note, ...] = ()

    @property
    def claims(self) -> tuple[Statement, ...]:
        """The statements that are neither conditions nor beside another."""
        return tuple(one for one in self.statements if one.role == "claim")

    @property
    def relations(self) -> Iterator[tuple[Node, Relation, Node]]:
        """Each relation of a claim with its two sides, in reading order."""
        for one in self.claims:
            yield from zip(one.sides, one.signs, one.sides[1:], strict=False)

    def source(self, node: Node | Statement) -> str:
        """The text of a node, as it was typed."""
        start, end = node.span
        return self.text[start:end]
