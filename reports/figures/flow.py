"""A computational graph from left to right, column by column: in each node its value and the derivative by it.

On each arrow stands the local derivative: going back along the arrows, what a node receives is multiplied by it, and
where several arrows leave a node their products are added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from derive.layout import Box
from reports.figures.drawing import Arrow, Circle, Drawing, Label, Mark, Point
from reports.figures.placing import AIR, Edge, place
from reports.figures.scaling import scaled
from reports.measure import extent

WIDTH, HEIGHT = 156.0, 110.0  # millimetres at most
SMALLEST = 0.75  # the scale below which nobody reads the numbers
RADIUS, EDGE = 6.8, 1.0  # of nodes, and the paper around everything
PITCH, WIDE_PITCH, FEW = 16.5, 20.0, 3  # of rows; of those of columns with more nodes than a few
FREE = 3.5  # on a level arrow, beside its label
CROSSING = (17.0, 21.0, 25.0, 29.0)  # between columns whose arrows cross: the first in which all labels find a place
LETTER, NUMBER = 7.5, 6.3  # points
POINT = 25.4 / 72.27


@dataclass(frozen=True)
class Quantity:
    """A node: its letter, its value, the derivative of the last node by it, and its inputs with local derivatives."""

    key: str
    letter: Box
    value: Box
    signal: Box
    inputs: tuple[tuple[str, Box], ...] = ()


Columns = Sequence[Sequence[Quantity]]


def flow(columns: Columns) -> Drawing | None:
    """The drawing; None where it cannot be made legible on a page.

    Every input stands in the column before; raises `ValueError` for one that does not, and for an empty column.
    """
    for before, after in pairwise([(), *columns]):
        known = {one.key for one in before}
        if not after or any(key not in known for one in after for key, _ in one.inputs):
            raise ValueError("every column has a node, and each input of a node stands in the column before it")
    for air in (AIR, 0.0):
        found = _drawn(columns, air)
        if found is not None and (found.width <= WIDTH or not air):
            scale = min(1.0, WIDTH / found.width)
            return scaled(found, scale) if scale >= SMALLEST else None
    return None


def _drawn(columns: Columns, air: float) -> Drawing | None:
    """The drawing as wide as it wants, so much paper between two labels; None where it is too high."""
    most = max(map(len, columns))
    pitch = PITCH if most <= FEW else WIDE_PITCH
    high = (most - 1) * pitch + 2 * (RADIUS + EDGE)
    if high > HEIGHT:
        return None
    x, places, labels = RADIUS + EDGE, _column(columns[0], RADIUS + EDGE, high, pitch), list[Label]()
    for before, after in pairwise(columns):
        found = _joined(places, before, after, x, (high, pitch, air))
        if found is None:
            return None
        x, named = found
        places |= _column(after, x, high, pitch)
        labels += named
    marks: list[Mark] = [arrow for column in columns for one in column for arrow in _arrows(one, places)]
    marks += [*labels, *(mark for column in columns for one in column for mark in _node(one, places[one.key]))]
    return Drawing(x + RADIUS + EDGE, high, tuple(marks))


def _column(nodes: Sequence[Quantity], x: float, high: float, pitch: float) -> dict[str, Point]:
    """Nodes beneath each other, the column in the middle of the sheet."""
    top = (high + (len(nodes) - 1) * pitch) / 2
    return {one.key: (x, top - row * pitch) for row, one in enumerate(nodes)}


def _joined(
    places: dict[str, Point],
    before: Sequence[Quantity],
    after: Sequence[Quantity],
    x: float,
    room: tuple[float, float, float],
) -> tuple[float, list[Label]] | None:
    """Where the next column stands, and the labels of the arrows to it.

    `room` is the height of the sheet, the distance of two rows, and the paper between two labels.
    """
    high, pitch, air = room
    arrows = [(key, one.key, slope) for one in after for key, slope in one.inputs]
    level = len({key for key, _, _ in arrows}) == len(arrows) == len(after) == len(before)
    widest = max((_room(slope)[0] for _, _, slope in arrows), default=0.0)
    line = FREE if level or not air else 2.5 * FREE
    for free in (widest + line, *(() if level else CROSSING)):
        there = x + 2 * RADIUS + free
        at = {**places, **_column(after, there, high, pitch)}
        edges = [Edge(*_rims(at[start], at[end]), *_room(slope)) for start, end, slope in arrows]
        if level:
            return there, [
                Label(((one.start[0] + one.end[0]) / 2, one.start[1] + 0.5), slope, "above", "bp1", NUMBER)
                for one, (_, _, slope) in zip(edges, arrows, strict=True)
            ]
        spots = place(edges, air=air)
        if spots is not None:
            pairs = zip(spots, arrows, strict=True)
            return there, [Label(s.centre, slope, "centre", "bp1", NUMBER, s.angle, True) for s, (_, _, slope) in pairs]
    return None


def _rims(start: Point, end: Point) -> tuple[Point, Point]:
    """The line between two nodes, from rim to rim."""
    far = hypot(end[0] - start[0], end[1] - start[1])
    across, up = (end[0] - start[0]) / far * RADIUS, (end[1] - start[1]) / far * RADIUS
    return (start[0] + across, start[1] + up), (end[0] - across, end[1] - up)


def _room(box: Box) -> tuple[float, float]:
    """The width and the height of a number on an arrow, in millimetres."""
    taken = extent(box)
    return (taken.width * NUMBER + 1.5) * POINT, (taken.total * NUMBER + 0.6) * POINT


def _arrows(node: Quantity, places: dict[str, Point]) -> Iterator[Arrow]:
    for key, _ in node.inputs:
        yield Arrow(*_rims(places[key], places[node.key]), "faint", 0.25, 1.4)


def _node(node: Quantity, at: Point) -> Iterator[Mark]:
    """A circle, and in it the letter, the value and the derivative, each smaller where it is wide."""
    yield Circle(at, RADIUS, "frame", 0.25, fill="tint")
    lines = ((2.9, node.letter, "ink", LETTER), (-0.2, node.value, "bp2", NUMBER), (-3.1, node.signal, "bp1", NUMBER))
    for up, box, colour, size in lines:
        room = 2 * (RADIUS**2 - (abs(up) + 1.0) ** 2) ** 0.5 - 1.0
        natural = extent(box).width * size * POINT
        yield Label((at[0], at[1] + up), box, "centre", colour, round(min(size, size * room / natural), 1))
