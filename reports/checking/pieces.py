r"""Pieces of a formula in Unicode, each of which knows where in the LaTeX it comes from.

\delta^2 = w^3   →   δ from 0–6, ² from 7–8, a space, = from 9–10, …

So a place in the LaTeX becomes columns of the line that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from reports.checking.characters import lowered, raised
from verify.latex.tree import Node, Span

RELATION, TERM, FACTOR, ITEM = 1, 2, 3, 4
INNER = 4
"""How much worse it is to break a line inside one more pair of brackets."""


class Undrawable(ValueError):
    """A formula that one line of Unicode cannot show."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters, and the place that they come from.  `rank` is how good a place to break a line this is: 0 is none."""

    text: str
    span: Span
    rank: int = 0


Pieces = list[Piece]
Rule = Callable[["Pen", Any], Pieces]


class Pen:
    """Draws the nodes of one text by rules, one for each kind of node."""

    def __init__(self, text: str, rules: dict[type, Rule], *, bold: bool = False) -> None:
        self.text = text
        self.rules = rules
        self.bold = bold
        self.depth = 0

    def __call__(self, node: Node) -> Pieces:
        """The pieces of a node; raises `Undrawable`."""
        rule = self.rules.get(type(node))
        if rule is None:
            raise Undrawable(f"no rule draws a {type(node).__name__}")
        return rule(self, node)

    def between(self, start: int, end: int, text: str) -> Piece:
        """A sign that stands somewhere between two offsets: its place is what is written there, without the space."""
        written = self.text[start:end]
        bare = written.strip()
        first = start + len(written) - len(written.lstrip()) if bare else start
        return Piece(text, (first, first + len(bare)))

    def space(self, at: int, rank: int = 0) -> Piece:
        """A space; `rank` as of a `Piece`."""
        return Piece(" ", (at, at), rank + INNER * self.depth if rank else 0)

    def sign(self, start: int, end: int, text: str, rank: int) -> Pieces:
        """A sign between two operands; a line may break in front of it."""
        return [self.space(start, rank), self.between(start, end, text), self.space(end)]

    def fenced(self, left: str, inner: Node, right: str, span: Span) -> Pieces:
        """A node in brackets, whose place is `span`."""
        return self.enclosed(left, lambda: self(inner), right, span, inner.span)

    def enclosed(self, left: str, inner: Callable[[], Pieces], right: str, span: Span, body: Span) -> Pieces:
        """What `inner` draws in brackets; `body` is its place."""
        self.depth += 1
        drawn = inner()
        self.depth -= 1
        return [self.between(span[0], body[0], left), *drawn, self.between(body[1], span[1], right)]

    def joined(self, nodes: Iterable[Node], sign: str = ",") -> Pieces:
        """Nodes with commas between them."""
        found: Pieces = []
        before: Node | None = None
        for node in nodes:
            if before is not None:
                found += [self.between(before.span[1], node.span[0], sign), self.space(node.span[0], ITEM)]
            found += self(node)
            before = node
        return found


def written(pieces: Iterable[Piece]) -> str:
    """The text of pieces."""
    return "".join(piece.text for piece in pieces)


def raise_(pieces: Pieces, *, bare: bool = False) -> Pieces:
    """Pieces as an upper script: small characters, or ^(…)."""
    return _script("^", pieces, raised(), bare)


def lower(pieces: Pieces, *, bare: bool = False) -> Pieces:
    """Pieces as a lower script: small characters, or _(…)."""
    return _script("_", pieces, lowered(), bare)


def _script(sign: str, pieces: Pieces, small: dict[str, str], bare: bool) -> Pieces:
    close = [piece for piece in pieces if piece.text != " "]
    if not close:
        return []
    if all(character in small for piece in close for character in piece.text):
        return [replace(piece, text="".join(small[one] for one in piece.text)) for piece in close]
    first, last = close[0].span[0], close[-1].span[1]
    if bare or len(written(close)) == 1:
        return [Piece(sign, (first, first)), *close]
    indices = all(piece.text.isalnum() or piece.text == "," for piece in close)
    return [Piece(f"{sign}(", (first, first)), *(close if indices else pieces), Piece(")", (last, last))]
