"""A formula as boxes on paper: what stands beside, above, below or in front of what; LaTeX, Typst and text print these.

Nothing here knows mathematics: `derive.formula` decides what is written, the emitters decide how.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Glyph:
    r"""One letter, number or sign, named by a key of `derive.tables.glyphs`, such as `W`, `12`, `\delta`, `\odot`.

    `kind` decides the spacing around it, `bold` marks vectors and matrices where a notation wants that.
    """

    name: str
    kind: Literal["letter", "number", "binary", "relation", "punctuation", "word"] = "letter"
    bold: bool = False


@dataclass(frozen=True)
class Row:
    """Boxes side by side."""

    items: tuple[Box, ...]


@dataclass(frozen=True)
class Scripts:
    """A base with what stands at its corners; `left_sup` and `left_sub` stand before it."""

    base: Box
    sub: Box | None = None
    sup: Box | None = None
    left_sup: Box | None = None
    left_sub: Box | None = None


@dataclass(frozen=True)
class Fraction:
    """One box over another; `small` sets it in the size of running text (½)."""

    above: Box
    below: Box
    small: bool = False


@dataclass(frozen=True)
class Root:
    """A square root."""

    body: Box


@dataclass(frozen=True)
class Fence:
    """A body between two signs that grow with it, such as `(` and `)`; `|` and `‖` are `|` and `\\Vert`."""

    body: Box
    left: str = "("
    right: str = ")"


@dataclass(frozen=True)
class BigSum:
    """Σ with what it runs over below and, where given, the end above."""

    below: Box
    above: Box | None
    body: Box


@dataclass(frozen=True)
class Accent:
    """A bar or a hat over a letter."""

    body: Box
    mark: Literal["bar", "hat"]


@dataclass(frozen=True)
class Cases:
    """A brace with one value and one condition a line."""

    lines: tuple[tuple[Box, Box], ...]


@dataclass(frozen=True)
class Grid:
    """A matrix in brackets, by rows."""

    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True)
class Coloured:
    """A box in a colour of the document's palette, named by its number: what recurs has the same colour."""

    body: Box
    colour: int


Box = Glyph | Row | Scripts | Fraction | Root | Fence | BigSum | Accent | Cases | Grid | Coloured


def row(items: Sequence[Box]) -> Box:
    """Boxes side by side; a single one is itself."""
    return items[0] if len(items) == 1 else Row(tuple(items))
