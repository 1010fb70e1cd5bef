"""Heat maps: matrices of numbers as grids of coloured cells, on one scale from blue by white to red, with its legend.

heat_maps([Heat(weights, "W"), Heat([[0.1], [-0.3]], "δ")])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil, isfinite

from derive.layout import Box
from reports.figures.drawing import Drawing, Label, Line, Mark, Point
from reports.figures.powers import tick
from reports.measure import extent, letters
from reports.palette import SCALE

WIDTH = 150.0  # millimetres that the maps may take
CELL = 3.2  # of a cell at most
FOOT, GAP = 12.0, 3.0
STEP = 6.0  # of the legend
SIZE = 8.0
MOST_CELLS = 40_000
SMALLEST = 0.6  # of a cell, which then can hardly be told from its neighbours
POINT = 25.4 / 72.27
_NAMES = tuple(SCALE)
_MIDDLE = len(_NAMES) // 2
CLASSES = len(_NAMES)
"""Of the colours, each for equally many numbers: what is smaller than the limit by this factor is white."""


@dataclass(frozen=True)
class Heat:
    """A matrix, as rows of finite numbers of one length, and what is written over it."""

    values: Sequence[Sequence[float]]
    title: str | Box = ""
    rows: int = field(init=False)
    columns: int = field(init=False)

    def __post_init__(self) -> None:
        rows = [[float(one) for one in row] for row in self.values]
        if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise ValueError("a heat map needs rows of numbers, at least one, all of one length")
        if not all(isfinite(one) for row in rows for one in row):
            raise ValueError("a heat map shows finite numbers only")
        for name, value in (("values", rows), ("rows", len(rows)), ("columns", len(rows[0]))):
            object.__setattr__(self, name, value)

    @property
    def largest(self) -> float:
        """The largest absolute value."""
        return max(abs(one) for row in self.values for one in row)


def heat_maps(
    maps: Sequence[Heat], limit: float | None = None, cell: float = CELL, legend: str = "", power: float = 1.0
) -> Drawing:
    """Maps side by side and beneath each other, with cells of one size, at most `cell` millimetres wide.

    Zero is white; blue and red end at minus and plus `limit`, by default the largest absolute value of all, and what
    lies beyond has the last colour.  `legend` says what the numbers are.  The colours grow with a `power` of the
    numbers: with 0.5 small ones are told apart too, and the scale says where its middle lies.  Raises `ValueError`
    for no map, for more than some ten thousand cells, and for a limit or a power that is not above 0.
    """
    if not maps or sum(one.rows * one.columns for one in maps) > MOST_CELLS:
        raise ValueError(f"a figure shows from one heat map on, with at most {MOST_CELLS:,} cells in all")
    most = (max(one.largest for one in maps) or 1.0) if limit is None else limit
    if not (isfinite(power) and power > 0):
        raise ValueError(f"the colours of a scale grow with a power above 0, not {power!r}")
    if not (isfinite(most) and most > 0):
        raise ValueError(f"the limit of a colour scale must be above 0, not {most!r}")
    size = min(cell, WIDTH / max(one.columns for one in maps))
    head = max(_head(one.title) for one in maps)
    rows = _rows(maps, size)
    heights = [head + max(one.rows for one in row) * size for row in rows]
    width = max(*(_across(row, size) for row in rows), STEP * len(_NAMES) + 2 * _beside(legend))
    marks: list[Mark] = []
    top = height = sum(heights) + GAP * (len(rows) - 1) + FOOT
    for row, high in zip(rows, heights, strict=True):
        left = (width - _across(row, size)) / 2
        for one in row:
            marks += _map(one, (left, top - head), size, most, power)
            left += _wide(one, size) + GAP
        top -= high + GAP
    return Drawing(width, height, (*marks, *_legend(width, most, legend, power)))


def cell_for(maps: Sequence[Heat], height: float, most: float = CELL) -> float:
    """The size of a cell, at most `most`, with which the maps make no sheet higher than `height` millimetres."""
    head = max(_head(one.title) for one in maps)
    size = most
    while size > SMALLEST:
        rows = _rows(maps, min(size, WIDTH / max(one.columns for one in maps)))
        high = sum(head + max(one.rows for one in row) * size for row in rows) + GAP * (len(rows) - 1) + FOOT
        if high <= height:
            break
        size -= 0.1
    return size


def shade(value: float, most: float, power: float = 1.0) -> str:
    """The colour of a value on a scale that ends at ±most, 0 in the middle of its class.

    All classes are equally wide for `power` 1; for another one, in that power of the values.
    """
    step = (min(abs(value) / most, 1.0) ** power) * (_MIDDLE + 0.5)
    place = ceil(step - 0.5) if step > 0.5 else 0
    return _NAMES[_MIDDLE + min(place, _MIDDLE) * (1 if value > 0 else -1)]


def _rows(maps: Sequence[Heat], size: float) -> list[list[Heat]]:
    """The maps in rows, as many in each as fit."""
    rows: list[list[Heat]] = [[]]
    for one in maps:
        if rows[-1] and _across([*rows[-1], one], size) > WIDTH:
            rows.append([])
        rows[-1].append(one)
    return rows


def _across(row: Sequence[Heat], size: float) -> float:
    return sum(_wide(one, size) for one in row) + GAP * (len(row) - 1)


def _beside(legend: str) -> float:
    """The room that is left on either side of the scale: for its numbers, and for what they are."""
    return max(8.0, letters(legend) * SIZE * POINT + 4.0)


def _head(title: str | Box) -> float:
    """The room over a map for its title."""
    high = 1.0 if isinstance(title, str) else extent(title).total
    return high * SIZE * POINT + 1.6 if title else 0.5


def _wide(one: Heat, size: float) -> float:
    """The room that a map takes, its title among it."""
    title = letters(one.title) if isinstance(one.title, str) else extent(one.title).width
    return max(one.columns * size, title * SIZE * POINT)


def _map(one: Heat, corner: Point, size: float, most: float, power: float) -> Iterator[Mark]:
    """The cells from an upper left corner on; neighbours of one colour in a row are one area."""
    left, top = corner
    left += (_wide(one, size) - one.columns * size) / 2
    right, bottom = left + one.columns * size, top - one.rows * size
    yield _area(left, bottom, right, top, _NAMES[_MIDDLE])
    for number, row in enumerate(one.values):
        at = 0
        for colour, cells in groupby(shade(value, most, power) for value in row):
            count = len(list(cells))
            if colour != _NAMES[_MIDDLE]:
                y = top - number * size
                yield _area(left + at * size, y - size, left + (at + count) * size, y, colour)
            at += count
    yield Line(((left, bottom), (right, bottom), (right, top), (left, top)), "quiet", 0.15, closed=True)
    if one.title:
        yield Label(((left + right) / 2, top + 0.8), one.title, "above", "ink", SIZE)


def _area(left: float, bottom: float, right: float, top: float, colour: str) -> Line:
    return Line(((left, bottom), (right, bottom), (right, top), (left, top)), colour, 0.02, closed=True, fill=colour)


def _legend(width: float, most: float, legend: str, power: float) -> Iterator[Mark]:
    """The scale with its ends and its middle, at the foot of the sheet; one that is bent, halfway to the ends too."""
    left = (width - STEP * len(_NAMES)) / 2
    for number, name in enumerate(_NAMES):
        yield _area(left + number * STEP, 4.2, left + (number + 1) * STEP, 6.8, name)
    right = left + STEP * len(_NAMES)
    yield Line(((left, 4.2), (right, 4.2), (right, 6.8), (left, 6.8)), "quiet", 0.15, closed=True)
    for share in (-1.0, 0.0, 1.0) if power == 1 else (-1.0, -0.5, 0.0, 0.5, 1.0):
        value = most * abs(share) ** (1 / power)
        text = tick(-value if share < 0 else value, 3)
        yield Label(((left + right) / 2 + share * (right - left) / 2, 3.4), text, "below", "quiet", SIZE)
    if legend:
        yield Label((right + 3, 5.5), legend, "right", "quiet", SIZE)
