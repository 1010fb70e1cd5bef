"""Boxes as Typst math (the source between two dollar signs); colour n of the palette is the variable `bpn`.

Every script is grouped and every letter stands alone, so that no two letters become a name; commas are escaped, so that
none ends an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.emit.unknown import refuse
from derive.layout import (
    Accent,
    BigSum,
    Box,
    Cases,
    Coloured,
    Fence,
    Fraction,
    Glyph,
    Grid,
    Root,
    Row,
    Scripts,
    apart,
    tall,
)
from derive.tables.glyphs import sign

_ESCAPED = set("#$\\\"/_^&'*~@`<>,;:|{}[]()")
_ACCENTS = {
    "bar": "macron", "hat": "hat", "tilde": "tilde", "dot": "dot", "ddot": "dot.double", "vec": "arrow",
    "check": "caron", "breve": "breve",
}  # fmt: skip


def typst(box: Box) -> str:
    """The Typst source of a box, without dollar signs.

    Raises `UnknownBox` for what is no box and `UnknownGlyph` for a glyph that no row spells.
    """
    write = _WRITERS.get(type(box))
    return write(box) if write else refuse(box, "Typst")


def _glyph(box: Glyph) -> str:
    if box.kind == "text":
        return f'"{box.name.strip()}"'
    if box.kind == "word":
        row = sign(box.name) if box.name.startswith("\\") else None
        return f'op("{row.character}")' if row else f'upright("{box.name}")'
    character = _escape(sign(box.name).character)
    return f"bold({character})" if box.bold else character


def _row(box: Row) -> str:
    line = typst(box.items[0])
    for before, after in zip(box.items, box.items[1:], strict=False):
        line += (" thin " if not box.tight and apart(before, after) else " ") + typst(after)
    return line


def _escape(text: str) -> str:
    return "".join(f"\\{one}" if one in _ESCAPED else one for one in text)


def _scripts(box: Scripts) -> str:
    if box.left_sup is None and box.left_sub is None:
        return _base(box.base) + _upper(box.sup) + _corner("_", box.sub)
    corners = {"tl": box.left_sup, "bl": box.left_sub, "tr": box.sup, "br": box.sub}
    given = [f"{place}: {typst(corner)}" for place, corner in corners.items() if corner is not None]
    return f"attach({', '.join([typst(box.base), *given])})"


def _base(box: Box) -> str:
    """A base as one thing: a group where it is made of several."""
    alone = isinstance(box, Glyph | Fence | Accent | Root)
    alone = alone or (isinstance(box, Scripts) and box.sup is box.left_sup is box.left_sub is None)
    return typst(box) if alone else f"attach({typst(box)})"


def _upper(sup: Box | None) -> str:
    marks = sup.items if isinstance(sup, Row) else (sup,)
    if all(mark == Glyph(r"\prime") for mark in marks):
        return "'" * len(marks)
    return _corner("^", sup)


def _corner(place: str, box: Box | None) -> str:
    return "" if box is None else f"{place}({typst(box)})"


def _fraction(box: Fraction) -> str:
    whole = f"frac({typst(box.above)}, {typst(box.below)})"
    return f"inline({whole})" if box.small else whole


def _fence(box: Fence) -> str:
    body = typst(box.body)
    if tall(box.body):
        return f"lr({_SIDES.get(box.left, box.left)} {body} {_SIDES.get(box.right, box.right)})"
    left, right = _FLAT.get(box.left, (_escape(box.left), _escape(box.right)))
    return f"{left}{body}{right}"


_SIDES = {"|": "bar.v", "‖": "bar.v.double"}
_FLAT = {"|": ("lr(bar.v ", " bar.v)"), "‖": ("lr(bar.v.double ", " bar.v.double)")}


def _sum(box: BigSum) -> str:
    return f"sum{_corner('_', box.below)}{_corner('^', box.above)} {typst(box.body)}"


def _cases(box: Cases) -> str:
    return f"cases({', '.join(f'{typst(value)} & quad {typst(condition)}' for value, condition in box.lines)})"


def _grid(box: Grid) -> str:
    return f"mat({'; '.join(', '.join(typst(cell) for cell in line) for line in box.rows)})"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Glyph: _glyph,
    Row: _row,
    Scripts: _scripts,
    Fraction: _fraction,
    Root: lambda box: f"sqrt({typst(box.body)})",
    Fence: _fence,
    BigSum: _sum,
    Accent: lambda box: f"{_ACCENTS[box.mark]}({typst(box.body)})",
    Cases: _cases,
    Grid: _grid,
    Coloured: lambda box: f"text(fill: bp{box.colour}, {typst(box.body)})",
}
