"""A formula as boxes on paper: what stands beside, above, below or in front of what; LaTeX, Typst and text print these.

Nothing here knows mathematics: `derive.formula` decides what is written, the emitters decide how.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mark = Literal["bar", "hat", "tilde", "dot", "ddot", "vec", "check", "breve"]
Kind = Literal["letter", "number", "binary", "relation", "punctuation", "word", "text"]


@dataclass(frozen=True)
class Glyph:
    r"""One letter, number or sign, named by a key of `derive.tables.glyphs`, such as `W`, `12`, `\delta`, `\odot`.

    `kind` decides the spacing around it: a `word` is the upright name of a function, a `text` part of a sentence.
    `bold` marks vectors and matrices where a notation wants that.
    """

    name: str
    kind: Kind = "letter"
    bold: bool = False


@dataclass(frozen=True)
class Row:
    """Boxes side by side; `tight` ones belong together, such as the indices jk or σ and its argument."""

    items: tuple[Box, ...]
    tight: bool = False


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
    """A bar, a hat or another mark over a letter."""

    body: Box
    mark: Mark


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


def row(items: Sequence[Box], tight: bool = False) -> Box:
    """Boxes side by side; a single one is itself."""
    return items[0] if len(items) == 1 else Row(tuple(items), tight)


SIGNS = ("binary", "relation", "text")


def close(before: Box, after: Box) -> bool:
    """Whether two neighbours in a row stand without a space: a(1 − a), but (a − y) ⊙ (b − c)."""
    if isinstance(after, Glyph) and after.kind == "punctuation":
        return True
    if isinstance(before, Glyph) and before.kind in SIGNS:
        return False
    return isinstance(after, Fence) and after.left == "(" and isinstance(before, Glyph | Scripts)


def apart(before: Box, after: Box) -> bool:
    """Whether two factors need a thin space: the second bears scripts on its left, which seem to be the first's."""
    bare = after.body if isinstance(after, Coloured) else after
    factor = not (isinstance(before, Glyph) and before.kind in SIGNS)
    return factor and isinstance(bare, Scripts) and (bare.left_sup is not None or bare.left_sub is not None)


def tall(box: Box) -> bool:
    """Whether a box is higher than a line: a fraction, a sum, cases or a matrix stands in it."""
    match box:
        case Fraction():
            return not box.small
        case BigSum() | Cases() | Grid():
            return True
        case Row():
            return any(tall(item) for item in box.items)
        case Scripts():
            return tall(box.base)
        case Root() | Fence() | Accent() | Coloured():
            return tall(box.body)
    return False
