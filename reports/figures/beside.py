"""Several drawings on one sheet, side by side and in rows, as small pictures that are to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line, Lines, Mark, Point


def beside(drawings: Sequence[Drawing], columns: int, gap: float = 2.0) -> Drawing:
    """The drawings in reading order, so many in a row; raises `ValueError` for none, or for no column."""
    if not drawings or columns < 1:
        raise ValueError("a sheet shows at least one drawing, in at least one column")
    rows = [drawings[at : at + columns] for at in range(0, len(drawings), columns)]
    heights = [max(one.height for one in row) for row in rows]
    total = sum(heights) + gap * (len(rows) - 1)
    marks: list[Mark] = []
    top = total
    for row, high in zip(rows, heights, strict=True):
        left = 0.0
        for one in row:
            marks += [moved(mark, left, top - one.height) for mark in one.marks]
            left += one.width + gap
        top -= high + gap
    width = max(sum(one.width for one in row) + gap * (len(row) - 1) for row in rows)
    return Drawing(width, total, tuple(marks))


def moved(mark: Mark, across: float, up: float) -> Mark:
    """The mark at another place."""

    def at(point: Point) -> Point:
        return point[0] + across, point[1] + up

    match mark:
        case Line(points):
            return replace(mark, points=tuple(map(at, points)))
        case Lines(segments):
            return replace(mark, segments=tuple((at(start), at(end)) for start, end in segments))
        case Arrow(start, end):
            return replace(mark, start=at(start), end=at(end))
        case Circle(centre):
            return replace(mark, centre=at(centre))
        case Label(point):
            return replace(mark, at=at(point))
