r"""Boxes as LaTeX, for amsmath and a package that knows `\color`; colour n of the palette is named `bpn`.

Scripts are always braced and the upper one comes first, w^{2}_{jk}; brackets grow only around what is tall.
"""

from __future__ import annotations

import re
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
    close,
    tall,
)
from derive.tables.glyphs import sign

_FENCES = {"|": r"|", "‖": r"\Vert", "{": r"\{", "}": r"\}"}
_VERTICAL = {"|": (r"\lvert", r"\rvert"), "‖": (r"\lVert", r"\rVert")}


NEWLINE = r" \\ "


def latex(box: Box) -> str:
    """The LaTeX source of a box, without dollar signs.

    Raises `UnknownBox` for what is no box and `UnknownGlyph` for a glyph that no row spells.
    """
    write = _WRITERS.get(type(box))
    return write(box) if write else refuse(box, "LaTeX")


def _glyph(box: Glyph) -> str:
    if box.kind == "text":
        return rf"\text{{{box.name}}}"
    if box.kind == "word" and not box.name.startswith("\\"):
        return rf"\mathrm{{{box.name}}}"
    name = sign(box.name).name
    return rf"\boldsymbol{{{name}}}" if box.bold else name


def _row(box: Row) -> str:
    line = latex(box.items[0])
    for before, after in zip(box.items, box.items[1:], strict=False):
        part = latex(after)
        space = not box.tight and not close(before, after)
        thin = r" \," if space and apart(before, after) else ""
        line += thin + (" " if space or _runs_into(line, part) else "") + part
    return line


def _runs_into(before: str, after: str) -> bool:
    r"""Whether a command and a letter would become one name, as \delta and j."""
    return after[:1].isalpha() and re.search(r"\\[A-Za-z]+$", before) is not None


def _scripts(box: Scripts) -> str:
    base = latex(box.base)
    if isinstance(box.base, Fraction | BigSum) or _collides(box):
        base = f"{{{base}}}"
    left = _corner("^", box.left_sup) + _corner("_", box.left_sub)
    return ("{}" + left if left else "") + base + _upper(box.sup) + _corner("_", box.sub)


def _collides(box: Scripts) -> bool:
    """Whether a script stands upon a script of the base; y_{k}^{2} does not."""
    inner = box.base
    if not isinstance(inner, Scripts):
        return False
    return inner.sup is not None or box.sub is not None or box.left_sup is not None or box.left_sub is not None


def _upper(sup: Box | None) -> str:
    """An upper script; primes are written as primes."""
    marks = sup.items if isinstance(sup, Row) else (sup,)
    if all(mark == Glyph(r"\prime") for mark in marks):
        return "'" * len(marks)
    return _corner("^", sup)


def _corner(place: str, box: Box | None) -> str:
    return "" if box is None else f"{place}{{{latex(box)}}}"


def _fraction(box: Fraction) -> str:
    command = r"\tfrac" if box.small else r"\frac"
    return f"{command}{{{latex(box.above)}}}{{{latex(box.below)}}}"


def _fence(box: Fence) -> str:
    body = latex(box.body)
    if tall(box.body):
        left, right = (_FENCES.get(side, side) for side in (box.left, box.right))
        return rf"\left{left}{_gap(left, body)}{body}\right{right}"
    left, right = _VERTICAL.get(box.left, (_FENCES.get(box.left, box.left), _FENCES.get(box.right, box.right)))
    return f"{left} {body} {right}" if left.startswith("\\") else f"{left}{body}{right}"


def _gap(command: str, after: str) -> str:
    return " " if _runs_into(command, after) else ""


def _sum(box: BigSum) -> str:
    return rf"\sum{_corner('_', box.below)}{_corner('^', box.above)} {latex(box.body)}"


def _cases(box: Cases) -> str:
    lines = [f"{latex(value)} & {latex(condition)}" for value, condition in box.lines]
    return rf"\begin{{cases}} {NEWLINE.join(lines)} \end{{cases}}"


def _grid(box: Grid) -> str:
    lines = [" & ".join(latex(cell) for cell in line) for line in box.rows]
    return rf"\begin{{pmatrix}} {NEWLINE.join(lines)} \end{{pmatrix}}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Glyph: _glyph,
    Row: _row,
    Scripts: _scripts,
    Fraction: _fraction,
    Root: lambda box: rf"\sqrt{{{latex(box.body)}}}",
    Fence: _fence,
    BigSum: _sum,
    Accent: lambda box: rf"\{box.mark}{{{latex(box.body)}}}",
    Cases: _cases,
    Grid: _grid,
    Coloured: lambda box: rf"{{\color{{bp{box.colour}}}{latex(box.body)}}}",
}
