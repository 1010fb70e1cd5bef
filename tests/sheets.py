"""What stands where on a drawing, worked out from its marks without the code that placed them."""

from __future__ import annotations

from math import cos, pi, sin

from derive.network import Network
from reports.figures.drawing import Drawing, Label
from reports.measure import extent, letters

POINT = 25.4 / 72.27  # millimetres


def named(network: Network) -> str:
    return "-".join(map(str, network.widths))


def rectangle(label: Label) -> list[tuple[float, float]]:
    """The corners of a label, worked out from its letters here, without the code that placed it."""
    if isinstance(label.content, str):
        across, up = letters(label.content) * label.size * POINT, 0.7 * label.size * POINT
    else:
        taken = extent(label.content)
        across, up = taken.width * label.size * POINT, taken.total * label.size * POINT * 0.85
    turn = label.angle * pi / 180
    shift = {"centre": (0, 0), "left": (-0.5, 0), "right": (0.5, 0), "above": (0, 0.5), "below": (0, -0.5)}[
        label.anchor
    ]
    x, y = label.at[0] + shift[0] * across, label.at[1] + shift[1] * up
    return [
        (x + (a * across * cos(turn) - b * up * sin(turn)) / 2, y + (a * across * sin(turn) + b * up * cos(turn)) / 2)
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]


def apart(first: list[tuple[float, float]], second: list[tuple[float, float]]) -> bool:
    """Whether some side of one polygon has the other polygon on its far side."""
    for polygon, other in ((first, second), (second, first)):
        for (x0, y0), (x1, y1) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            if all((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) < 0 for x, y in other):
                return True
    return False


def labels(drawing: Drawing) -> list[Label]:
    return [mark for mark in drawing.marks if isinstance(mark, Label)]
