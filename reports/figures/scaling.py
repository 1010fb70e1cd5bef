"""A drawing at another size, its letters with it: as a figure on a page that has little room."""

from __future__ import annotations

from dataclasses import replace

from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line, Lines, Mark, Point

LEAST = 5.0  # points: smaller letters are not read on paper


def scaled(drawing: Drawing, factor: float) -> Drawing:
    """The drawing times a factor above 0; no letter becomes smaller than `LEAST` points that was not so before.

    Raises `ValueError` for a factor that is not above 0.
    """
    if not factor > 0:
        raise ValueError(f"a drawing is scaled by a factor above 0, not by {factor}")
    if factor == 1:
        return drawing
    marks = tuple(_mark(mark, factor) for mark in drawing.marks)
    return Drawing(drawing.width * factor, drawing.height * factor, marks)


def _mark(mark: Mark, factor: float) -> Mark:
    match mark:
        case Line(points):
            return replace(mark, points=tuple(_at(point, factor) for point in points))
        case Lines(segments):
            return replace(mark, segments=tuple((_at(start, factor), _at(end, factor)) for start, end in segments))
        case Arrow(start, end, head=head):
            return replace(mark, start=_at(start, factor), end=_at(end, factor), head=head * factor)
        case Circle(centre, radius):
            return replace(mark, centre=_at(centre, factor), radius=radius * factor)
        case Label(at):
            size = max(mark.size * factor, min(LEAST, mark.size))
            return replace(mark, at=_at(at, factor), size=round(size, 1))


def _at(point: Point, factor: float) -> Point:
    return point[0] * factor, point[1] * factor
