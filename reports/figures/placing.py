"""Where the labels of many crossing lines go: on their own line, over no other label, over few other lines.

A label is a rectangle turned along its line.  Places are searched line by line, again and again, always in the same
order, so the same lines give the same places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees, hypot
from typing import NamedTuple

from reports.figures.drawing import Point

STEPS = 21  # places that are tried on each line
SWEEPS = 8
STRIDES = (5, 8, 0)  # from line to line at the start of a search; the best of the searches counts
CLASH = 100.0  # what it costs to lie on another label
NEAR, CLOSE, CROSSED = 2.5, 1.0, 1.5  # and to come near one, to come closer still, to lie on another line
AIR = 0.9  # millimetres: labels nearer than that are close to each other
STUB = 1.4  # of its line, that is seen at least on both sides of a label


class Rectangle(NamedTuple):
    """A turned rectangle: centre, half its width and height, and the direction of its width as cosine and sine."""

    x: float
    y: float
    across: float
    up: float
    cosine: float = 1.0
    sine: float = 0.0

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x, self.y

    @property
    def angle(self) -> float:
        """Its angle in degrees."""
        return degrees(atan2(self.sine, self.cosine))

    @property
    def reach(self) -> float:
        """From its middle to a corner."""
        return hypot(self.across, self.up)

    def upright(self) -> Rectangle:
        """The least rectangle around it that is not turned: where the eye looks for a label."""
        cosine, sine = abs(self.cosine), abs(self.sine)
        return Rectangle(self.x, self.y, self.across * cosine + self.up * sine, self.across * sine + self.up * cosine)

    def grown(self, air: float) -> Rectangle:
        """The same with so much paper around it."""
        return self._replace(across=self.across + air, up=self.up + air)


@dataclass(frozen=True)
class Edge:
    """A line from one point to another, and the size of the label that it bears."""

    start: Point
    end: Point
    width: float
    height: float

    @property
    def length(self) -> float:
        """From end to end."""
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    def places(self) -> tuple[Rectangle, ...]:
        """The rectangles that its label may take, those near the start first."""
        (x0, y0), (x1, y1) = self.start, self.end
        dx, dy, length = x1 - x0, y1 - y0, self.length
        margin = min(0.5, (self.width / 2 + STUB) / length)
        shares = [margin + (1 - 2 * margin) * step / (STEPS - 1) for step in range(STEPS)]
        half = self.width / 2, self.height / 2, dx / length, dy / length
        return tuple(Rectangle(x0 + dx * t, y0 + dy * t, *half) for t in shares)

    def whole(self) -> Rectangle:
        """The line itself as a rectangle without height."""
        (x0, y0), (x1, y1), length = self.start, self.end, self.length
        return Rectangle((x0 + x1) / 2, (y0 + y1) / 2, length / 2, 0.0, (x1 - x0) / length, (y1 - y0) / length)


def place(edges: Sequence[Edge], taken: Sequence[Rectangle] = (), air: float = 0.0) -> tuple[Rectangle, ...] | None:
    """One rectangle for each edge, none over another or over those `taken`; None where no such places were found.

    `air` is the least paper between two of them, in millimetres.
    """
    choices = [replace(edge, width=edge.width + air, height=edge.height + air).places() for edge in edges]
    taken = [one.grown(air / 2) for one in taken]
    lines = [edge.whole() for edge in edges]
    costs = [
        [_crossed(edges[number], spot, lines[:number] + lines[number + 1 :]) for spot in spots]
        for number, spots in enumerate(choices)
    ]
    settled = (_settled(choices, costs, taken, stride) for stride in STRIDES)
    chosen = min(settled, key=lambda one: _total(choices, costs, taken, one))
    found = tuple(spots[at] for spots, at in zip(choices, chosen, strict=True))
    clashes = any(overlap(one, two) for n, one in enumerate(found) for two in (*found[:n], *taken))
    return None if clashes else tuple(one.grown(-air / 2) for one in found)


def overlap(one: Rectangle, two: Rectangle) -> bool:
    """Whether two turned rectangles have a point in common: no side of either separates them."""
    dx, dy = two.x - one.x, two.y - one.y
    cosine = abs(one.cosine * two.cosine + one.sine * two.sine)
    sine = abs(one.cosine * two.sine - one.sine * two.cosine)
    return (
        abs(dx * one.cosine + dy * one.sine) <= one.across + two.across * cosine + two.up * sine
        and abs(dy * one.cosine - dx * one.sine) <= one.up + two.across * sine + two.up * cosine
        and abs(dx * two.cosine + dy * two.sine) <= two.across + one.across * cosine + one.up * sine
        and abs(dy * two.cosine - dx * two.sine) <= two.up + one.across * sine + one.up * cosine
    )


def _settled(
    choices: Sequence[Sequence[Rectangle]], costs: Sequence[Sequence[float]], taken: Sequence[Rectangle], stride: int
) -> list[int]:
    """Which place each line takes in the end; at first neighbouring lines have places far from each other."""
    count = len(choices)
    chosen = [(number * stride) % STEPS if count > 1 else STEPS // 2 for number in range(count)]
    for _ in range(SWEEPS):
        before = list(chosen)
        for number, spots in enumerate(choices):
            others = [choices[n][chosen[n]] for n in range(count) if n != number]
            chosen[number] = _best(spots, costs[number], [*others, *taken])
        if chosen == before:
            break
    return chosen


def _total(
    choices: Sequence[Sequence[Rectangle]],
    costs: Sequence[Sequence[float]],
    taken: Sequence[Rectangle],
    chosen: Sequence[int],
) -> float:
    spots = [places[at] for places, at in zip(choices, chosen, strict=True)]
    pairs = ((one, two) for n, one in enumerate(spots) for two in (*spots[:n], *taken))
    return sum(cost[at] for cost, at in zip(costs, chosen, strict=True)) + sum(_together(*pair) for pair in pairs)


def _best(spots: Sequence[Rectangle], costs: Sequence[float], others: Sequence[Rectangle]) -> int:
    def cost(at: int) -> float:
        return costs[at] + sum(_together(spots[at], other) for other in others)

    return min(range(len(spots)), key=cost)


def _together(one: Rectangle, two: Rectangle) -> float:
    """What it costs that two labels stand where they stand: nothing where there is paper enough between them."""
    reach = one.reach + two.reach + AIR
    if abs(one.x - two.x) > reach or abs(one.y - two.y) > reach:
        return 0.0
    if overlap(one, two):
        return CLASH
    return NEAR * overlap(one.upright(), two.upright()) + CLOSE * overlap(one.grown(AIR), two)


def _crossed(edge: Edge, spot: Rectangle, others: Sequence[Rectangle]) -> float:
    """How many other lines run through a label, and by a little how far it is from the first third of its line."""
    share = hypot(spot.x - edge.start[0], spot.y - edge.start[1]) / edge.length
    return CROSSED * sum(overlap(line, spot) for line in others) + 0.5 * abs(share - 0.36)
