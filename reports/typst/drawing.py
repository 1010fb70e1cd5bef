"""A drawing as a sheet of placed curves, circles and labels in Typst, where y grows downwards."""

from __future__ import annotations

import json

from derive.emit.typst import typst as formula
from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line, Lines, Mark, Point
from reports.figures.paths import head, neck


def drawing(figure: Drawing) -> str:
    """The expression of a drawing, for the code mode of Typst."""
    marks = ",\n  ".join(part for mark in figure.marks for part in _mark(mark, figure.height))
    return f"sheet({_number(figure.width)}, {_number(figure.height)},\n  {marks})"


def _mark(mark: Mark, high: float) -> list[str]:
    match mark:
        case Line():
            return [_line(mark, high)]
        case Lines():
            return [_lines(mark, high)]
        case Circle(centre, radius):
            place = ", ".join(_number(value) for value in (centre[0], high - centre[1], radius))
            return [f"ring({_pen(mark.colour, mark.width)}, {place}{_fill(mark.fill)})"]
        case Arrow():
            shaft = Line((mark.start, neck(mark)), mark.colour, mark.width)
            tip = Line(head(mark), mark.colour, 0.05, closed=True, fill=mark.colour)
            return [_line(shaft, high), _line(tip, high)]
        case Label():
            return [_label(mark, high)]


def _line(line: Line, high: float) -> str:
    points = ", ".join(_pair(point, high) for point in line.points)
    closed = ", closed: true" if line.closed else ""
    return f"trace({_pen(line.colour, line.width, line.dashed)}, {points}{closed}{_fill(line.fill)})"


def _lines(lines: Lines, high: float) -> str:
    ends = "\n".join(f"{_pair(start, high)}, {_pair(end, high)}," for start, end in lines.segments)
    return f"traces({_pen(lines.colour, lines.width)}, ({ends}))"


def _label(label: Label, high: float) -> str:
    text = (
        json.dumps(label.content, ensure_ascii=False)
        if isinstance(label.content, str)
        else f"${formula(label.content)}$"
    )
    x, y = _number(label.at[0]), _number(high - label.at[1])
    more = ", halo: true" if label.halo else ""
    more += f", angle: {_number(label.angle)}" if label.angle else ""
    return f'legend({x}, {y}, "{label.anchor}", {label.colour}, {_number(label.size)}, {text}{more})'


def _pen(colour: str, width: float, dashed: bool = False) -> str:
    return f"pen({colour}, {_number(width)}{', dashed: true' if dashed else ''})"


def _fill(colour: str | None) -> str:
    return f", fill: {colour}" if colour is not None else ""


def _pair(point: Point, high: float) -> str:
    return f"({_number(point[0])}, {_number(high - point[1])})"


def _number(value: float) -> str:
    """Hundredths of a millimetre, without a zero that says nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
