"""A computational graph, drawn upwards: in each node what it computes, beside it its value, on each edge its slope.

A node stands one level above the highest of its inputs, and an input without inputs one level below what uses it first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from derive.layout import Box
from reports.figures.drawing import Anchor, Arrow, Circle, Drawing, Label, Mark, Point

RADIUS, LEVEL, COLUMN, MARGIN = 4.6, 16.0, 34.0, 9.0
SIZE = 8.0


@dataclass(frozen=True)
class Node:
    """What is computed, its value, and each input by its key with the local derivative by it."""

    key: str
    text: Box | str
    value: Box | str = ""
    inputs: tuple[tuple[str, Box | str], ...] = ()


def graph(nodes: Sequence[Node]) -> Drawing:
    """The drawing; nodes come after their inputs.  Raises `ValueError` for an input that no node above names."""
    known = {one.key: one for one in nodes}
    for place, node in enumerate(nodes):
        for key, _ in node.inputs:
            if key not in {one.key for one in nodes[:place]}:
                raise ValueError(f"{node.key} has the input {key!r}, which is no node before it")
    places = _places(nodes)
    left = min(x for x, _ in places.values())
    wide, high = max(x for x, _ in places.values()) - left, max(y for _, y in places.values())
    moved = {key: (x - left + MARGIN + RADIUS, y + MARGIN) for key, (x, y) in places.items()}
    marks = [
        *(mark for node in nodes for mark in _edges(node, moved)),
        *(m for one in known for m in _node(known[one], moved[one])),
    ]
    return Drawing(wide + 2 * (MARGIN + RADIUS) + 16, high + 2 * MARGIN, tuple(marks))


def _levels(nodes: Sequence[Node]) -> dict[str, int]:
    level: dict[str, int] = {}
    for node in nodes:
        level[node.key] = 1 + max((level[key] for key, _ in node.inputs), default=-1)
    for node in nodes:
        users = [level[one.key] for one in nodes if node.key in dict(one.inputs)]
        if not node.inputs and users:
            level[node.key] = min(users) - 1
    return level


def _places(nodes: Sequence[Node]) -> dict[str, Point]:
    """Where each node stands: over the middle of its inputs, as far from its neighbours as a column is wide."""
    level = _levels(nodes)
    across: dict[str, float] = {}
    for number in range(max(level.values()), -1, -1):  # from the top: what feeds one node stands under it
        row = [one for one in nodes if level[one.key] == number]
        wished = [(_above(one, nodes, across), place, one.key) for place, one in enumerate(row)]
        for x, key in _spread([(wish, key) for wish, _, key in sorted(wished)]):
            across[key] = x
    return {one.key: (across[one.key], level[one.key] * LEVEL) for one in nodes}


def _above(node: Node, nodes: Sequence[Node], across: dict[str, float]) -> float:
    """Where a node would stand: under what uses it, to the left or the right where that has several inputs."""
    found = []
    for user in nodes:
        keys = [key for key, _ in user.inputs]
        if node.key in keys and user.key in across:
            found.append(across[user.key] + (keys.index(node.key) - (len(keys) - 1) / 2) * COLUMN)
    return sum(found) / len(found) if found else 0.0


def _spread(wishes: Sequence[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    """The wishes, none nearer than a column to the one before; the row keeps its middle."""
    found: list[float] = []
    for wish, _ in wishes:
        found.append(max(wish, found[-1] + COLUMN) if found else wish)
    shift = (sum(wish for wish, _ in wishes) - sum(found)) / len(found) if found else 0.0
    yield from ((x + shift, key) for x, (_, key) in zip(found, wishes, strict=True))


def _edges(node: Node, places: dict[str, Point]) -> Iterator[Mark]:
    for key, slope in node.inputs:
        start, end = places[key], places[node.key]
        far = hypot(end[0] - start[0], end[1] - start[1])
        along = ((end[0] - start[0]) / far, (end[1] - start[1]) / far)
        yield Arrow((start[0] + along[0] * RADIUS, start[1] + along[1] * RADIUS),
                    (end[0] - along[0] * RADIUS, end[1] - along[1] * RADIUS), "quiet", 0.25)  # fmt: skip
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        side: Anchor = "left" if end[0] >= start[0] else "right"
        if slope:
            yield Label((middle[0] + (-1.2 if side == "left" else 1.2), middle[1]), slope, side, "bp1", SIZE, halo=True)


def _node(node: Node, place: Point) -> Iterator[Mark]:
    yield Circle(place, RADIUS, "frame", 0.3, fill="tint")
    yield Label(place, node.text, "centre", "ink", SIZE)
    if node.value:
        yield Label((place[0] + RADIUS + 1.2, place[1]), node.value, "right", "bp2", SIZE, halo=True)
