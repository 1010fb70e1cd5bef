"""A drawing as LaTeX's `picture`, its lines and circles as paths of PDF, which have every slope."""

from __future__ import annotations

from collections.abc import Iterable

from derive.emit.latex import latex
from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line, Lines, Mark, Point
from reports.figures.paths import KAPPA, head, neck
from reports.tex.escape import escape

_ANCHORS = {"centre": "", "left": "r", "right": "l", "above": "b", "below": "t"}


def drawing(figure: Drawing) -> str:
    """The picture environment of a drawing."""
    marks = "\n".join(line for mark in figure.marks for line in _mark(mark))
    return rf"\begin{{drawing}}{{{_number(figure.width)}}}{{{_number(figure.height)}}}" + f"\n{marks}\n\\end{{drawing}}"


def _mark(mark: Mark) -> list[str]:
    match mark:
        case Line():
            return [_line(mark)]
        case Lines():
            return [_trace(mark.width, mark.colour, _paths(mark.segments))]
        case Circle():
            return [_area(mark.width, mark.colour, mark.fill, _circle(mark.centre, mark.radius))]
        case Arrow():
            shaft = Line((mark.start, neck(mark)), mark.colour, mark.width)
            return [_line(shaft), _area(0.05, mark.colour, mark.colour, _path(head(mark), closed=True))]
        case Label():
            return [_label(mark)]


def _line(line: Line) -> str:
    path = _path(line.points, line.closed)
    if line.dashed:
        return rf"\dashes{{{_number(line.width)}}}{{{line.colour}}}{{{path}}}"
    return _area(line.width, line.colour, line.fill, path)


def _area(width: float, colour: str, fill: str | None, path: str) -> str:
    if fill is None:
        return _trace(width, colour, path)
    return rf"\area{{{_number(width)}}}{{{colour}}}{{{fill}}}{{{path}}}"


def _trace(width: float, colour: str, path: str) -> str:
    return rf"\trace{{{_number(width)}}}{{{colour}}}{{{path}}}"


def _paths(segments: Iterable[tuple[Point, Point]]) -> str:
    """Many lines, one in a line of the source, since TeX reads lines of some length only."""
    return "\n".join(_path(ends, closed=False) for ends in segments)


def _path(points: tuple[Point, ...], closed: bool) -> str:
    start, *rest = (_pair(point) for point in points)
    return " ".join([f"{start} m", *(f"{point} l" for point in rest), *["h"] * closed])


def _circle(centre: Point, radius: float) -> str:
    x, y = centre
    r, k = radius, radius * KAPPA
    arcs = (
        ((x + r, y + k), (x + k, y + r), (x, y + r)),
        ((x - k, y + r), (x - r, y + k), (x - r, y)),
        ((x - r, y - k), (x - k, y - r), (x, y - r)),
        ((x + k, y - r), (x + r, y - k), (x + r, y)),
    )
    return " ".join([f"{_pair((x + r, y))} m", *(" ".join(map(_pair, arc)) + " c" for arc in arcs), "h"])


def _label(label: Label) -> str:
    text = escape(label.content) if isinstance(label.content, str) else f"${latex(label.content)}$"
    text = rf"\clear{{{text}}}" if label.halo else text
    text = rf"\rotatebox[origin=c]{{{_number(label.angle)}}}{{{text}}}" if label.angle else text
    place = ",".join(map(_number, label.at))
    return rf"\legend{{{place}}}{{{_ANCHORS[label.anchor]}}}{{{label.colour}}}{{{_number(label.size)}}}{{{text}}}"


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Hundredths of a millimetre, without a zero that says nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
