"""Matrix equations as rectangles: every factor with its letter and its size, its sides in proportion.

shapes(pass_rows(derivation), Writer(derivation), derivation.sizes)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, HadamardProduct, Integer, MatAdd, MatMul, MatrixExpr

from derive.derivation import Derivation
from derive.formula import Writer
from derive.layout import Box, Coloured, Fence, Fraction, Glyph, Row
from derive.linear import Letter, MatrixEquation
from derive.matrix import NoMatrixForm
from reports.document import lines
from reports.figures.beside import moved
from reports.figures.drawing import Drawing, Label, Line, Mark
from reports.figures.scaling import scaled
from reports.measure import extent, letters

WIDTH, HEIGHT = 156.0, 195.0  # millimetres at most
LONGEST, SHORTEST, ONE = 34.0, 0.9, 5.0  # sides: the longest, the shortest, and the longest of a single row
OPEN = 12  # the side of a width that is a letter
EVEN = 12.0  # sides that differ by more than this factor are drawn by their square roots
LETTER, SIZE = 8.0, 6.0  # points
ABOVE, BELOW, ROOM, APART, BETWEEN = 4.6, 2.9, 2.4, 8.0, 1.6
POINT = 25.4 / 72.27
MOST_LAYERS = 5
EQUALS, PLUS, TIMES = Glyph("=", "relation"), Glyph("+", "binary"), Glyph(r"\odot", "binary")
Rows = Sequence[Sequence[MatrixEquation]]


@dataclass(frozen=True)
class _Part:
    """A rectangle of rows × columns with its letter, or a sign between two."""

    box: Box
    size: tuple[float, float] | None = None
    label: str = ""


def pass_rows(derivation: Derivation) -> tuple[tuple[tuple[MatrixEquation, ...], ...], ...]:
    """One pass of a network: rows of equations forward, and rows backward.

    Of a deep network the first layers and the last two are shown; what has no matrix form is left out.
    """
    depth = derivation.network.depth
    layers = [one for one in range(1, depth + 1) if depth <= MOST_LAYERS or one < MOST_LAYERS - 1 or one > depth - 2]
    forward = [_known([lambda n=n, r=r: derivation.forward(r, n) for r in ("z", "a")]) for n in layers]
    backward = [_known([lambda n=n, r=r: derivation.matrix(r, n) for r in _roles(derivation, n)])
                for n in reversed(layers)]  # fmt: skip
    return tuple(row for row in forward if row), tuple(row for row in backward if row)


def _roles(derivation: Derivation, layer: int) -> list[str]:
    """What is shown of a layer backward; a bias that is appended is part of the weights."""
    appended = derivation.network.stack[layer - 1].bias == "appended"
    return [one for one in ("delta", "W", "b") if derivation.has(one, layer) and not (appended and one == "b")]


def _known(wanted: Sequence[Any]) -> tuple[MatrixEquation, ...]:
    found = []
    for ask in wanted:
        try:
            found.append(ask())
        except NoMatrixForm:
            continue
    return tuple(found)


def proportional(rows: Rows, sizes: Mapping[Expr, int]) -> bool:
    """Whether the sides are drawn in proportion to their numbers; else by the square roots of these."""
    sides = [
        side for row in rows for one in row for part in _parts(one, None, sizes) if part.size for side in part.size
    ]
    return max(sides) <= EVEN * min(sides)


def shapes(
    groups: Sequence[Rows], writer: Writer, sizes: Mapping[Expr, int], titles: Sequence[str] = (),
    height: float = HEIGHT,
) -> Drawing:  # fmt: skip
    """Groups of rows of equations, each group under its title, about `height` millimetres at most.

    Sides are in proportion to the numbers of rows and columns or, where these differ much, to their square roots
    (`proportional`); a width that is a letter has a side of its own.  Raises `ValueError` for no equation.
    """
    lines = [row for rows in groups for row in rows]
    if not lines or not all(lines):
        raise ValueError("a figure of shapes shows at least one equation in every row")
    power = 1.0 if proportional(lines, sizes) else 0.5
    drawn = [[[_parts(one, writer, sizes) for one in row] for row in rows] for rows in groups]
    unit = _unit([row for rows in drawn for row in rows], power, height)
    marks: list[Mark] = []
    depth = 0.0
    for rows, title in zip(drawn, [*titles, *[""] * (len(drawn) - len(titles))], strict=True):
        if title:
            marks.append(Label((0.0, depth - 1.6), title, "right", "quiet", LETTER))
            depth -= 3.4
        for row in rows:
            high = _high(row, unit, power)
            marks += _row(row, unit, power, depth - ABOVE - high / 2)
            depth -= ABOVE + high + BELOW + BETWEEN
    width = max(_length(row, unit, power) for rows in drawn for row in rows)
    drawing = Drawing(width, -depth, tuple(moved(mark, 0.0, -depth) for mark in marks))
    return scaled(drawing, WIDTH / width) if width > WIDTH else drawing  # where its letters alone are too wide


# --- the parts of an equation ---


def _parts(equation: MatrixEquation, writer: Writer | None, sizes: Mapping[Expr, int]) -> list[_Part]:
    """The left side, the sign and the factors of an equation in reading order; boxes are empty without a writer."""
    left = lines(writer.box(equation))[0].lhs if writer else None
    return [_part(left or EQUALS, equation.shape, sizes), _Part(EQUALS), *_factors(equation.rhs, writer, sizes)]


def _factors(expression: Any, writer: Writer | None, sizes: Mapping[Expr, int]) -> Iterator[_Part]:
    if isinstance(expression, MatAdd) and all(isinstance(one, Letter) or _plain(one) for one in expression.args):
        yield from _between(sorted(expression.args, key=_order), PLUS, writer, sizes)
    elif isinstance(expression, HadamardProduct):
        yield from _between(expression.args, TIMES, writer, sizes)
    elif _plain(expression):
        for one in expression.args:
            yield from _factors(one, writer, sizes)
    else:
        box = writer.box(expression) if writer else EQUALS
        yield _part(box, expression.shape, sizes)


def _between(parts: Sequence[Any], sign: Box, writer: Writer | None, sizes: Mapping[Expr, int]) -> Iterator[_Part]:
    for number, one in enumerate(parts):
        if number:
            yield _Part(sign)
        yield from _factors(one, writer, sizes)


def _plain(product: Any) -> bool:
    """Whether this is a product of matrices alone, without a number before them."""
    return isinstance(product, MatMul) and all(isinstance(one, MatrixExpr) for one in product.args)


def _order(term: Any) -> int:
    """Products stand before single letters, as in W a + b."""
    return 0 if isinstance(term, MatMul) else 1


def _part(box: Box, shape: Sequence[Expr], sizes: Mapping[Expr, int]) -> _Part:
    known = [side.xreplace({one: Integer(size) for one, size in sizes.items()}) for side in shape]
    words = [f"{int(side):,}" if side.is_Integer else str(side) for side in known]
    high, wide = (float(side) if side.is_Integer else float(OPEN) for side in known)
    return _Part(_level(box), (high, wide), " × ".join(words))


def _level(box: Box) -> Box:
    """A derivative with a stroke: as a fraction it would be higher than its rectangle."""
    if isinstance(box, Coloured):
        return Coloured(_level(box.body), box.colour)
    if not isinstance(box, Fraction):
        return box
    several = isinstance(box.below, Row) and not box.below.tight
    return Row((box.above, Glyph("/"), Fence(box.below) if several else box.below), tight=True)


# --- where they stand ---


def _sides(part: _Part, unit: float, power: float) -> tuple[float, float]:
    """Width and height of a rectangle in millimetres; a sign has none."""
    if part.size is None:
        return 0.0, 0.0
    high, wide = (max(SHORTEST, unit * side**power) for side in part.size)
    return wide, high


def _slot(part: _Part, unit: float, power: float) -> float:
    """The room across that a part takes with its letter and its size."""
    if part.size is None:
        return 2.0 + ROOM
    words = letters(part.label) * SIZE * POINT
    return max(_sides(part, unit, power)[0], extent(part.box).width * LETTER * POINT, words) + ROOM


def _length(row: Sequence[Sequence[_Part]], unit: float, power: float) -> float:
    return sum(_slot(part, unit, power) for parts in row for part in parts) + APART * (len(row) - 1)


def _high(row: Sequence[Sequence[_Part]], unit: float, power: float) -> float:
    return max(_sides(part, unit, power)[1] for parts in row for part in parts)


def _unit(rows: Sequence[Sequence[Sequence[_Part]]], power: float, height: float) -> float:
    """The millimetres of a side of 1: as many as let every row fit, and no side be too long."""
    longest = max(side for row in rows for parts in row for part in parts if part.size for side in part.size)
    low, high = 0.0, min(ONE, LONGEST / longest**power)
    for _ in range(40):
        middle = (low + high) / 2
        tall = sum(_high(row, middle, power) + ABOVE + BELOW + BETWEEN for row in rows)
        fits = tall <= height and all(_length(row, middle, power) <= WIDTH for row in rows)
        low, high = (middle, high) if fits else (low, middle)
    return low


def _row(row: Sequence[Sequence[_Part]], unit: float, power: float, y: float) -> Iterator[Mark]:
    x = 0.0
    for parts in row:
        for part in parts:
            slot = _slot(part, unit, power)
            yield from _drawn(part, x + slot / 2, y, unit, power)
            x += slot
        x += APART


def _drawn(part: _Part, x: float, y: float, unit: float, power: float) -> Iterator[Mark]:
    if part.size is None:
        yield Label((x, y), part.box, "centre", "ink", LETTER)
        return
    wide, high = _sides(part, unit, power)
    left, right, low, top = x - wide / 2, x + wide / 2, y - high / 2, y + high / 2
    yield Line(((left, low), (right, low), (right, top), (left, top)), "frame", 0.25, closed=True, fill="tint")
    yield Label((x, top + 0.7), part.box, "above", "ink", LETTER)
    yield Label((x, low - 0.7), part.label, "below", "quiet", SIZE)
