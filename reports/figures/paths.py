"""Circles and arrow heads as points: what every printer of drawings would otherwise work out for itself."""

from __future__ import annotations

from math import hypot

from reports.figures.drawing import Arrow, Point

KAPPA = 0.5522847498  # four cubic Bézier arcs with these handles leave a circle by less than 0.03 % of its radius


def head(arrow: Arrow) -> tuple[Point, Point, Point]:
    """The corners of an arrow's head, the tip first."""
    (x0, y0), (x1, y1) = arrow.start, arrow.end
    length = hypot(x1 - x0, y1 - y0)
    if not length:
        raise ValueError(f"an arrow from {arrow.start} to itself has no direction")
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    back, half = arrow.head, arrow.head * 0.32
    base = x1 - ux * back, y1 - uy * back
    return (x1, y1), (base[0] - uy * half, base[1] + ux * half), (base[0] + uy * half, base[1] - ux * half)


def neck(arrow: Arrow) -> Point:
    """Where an arrow's line ends and its head begins."""
    _, left, right = head(arrow)
    return (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
