"""The network as a drawing: every neuron with z and a, every weight on its connection, the biases, target and loss.

Wide layers and deep networks are abridged by dots; where the connections are too many to name each, the letter of the
matrix stands for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any, Protocol

from sympy import Expr

from derive.layout import Box
from derive.network import Network
from derive.symbols import Scalar
from reports.figures.columns import RADIUS, Column, Layout
from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line, Mark, Point
from reports.figures.placing import Edge, Rectangle, place
from reports.measure import extent

SIZES = (9.0, 8.0, 7.0, 6.0)  # of the weights' labels in points, the first that fits
SIZE = 8.0  # of the neurons' letters
SMALL = 7.0  # of words
MOST_NAMED = 30  # more connections than that between two layers go unnamed
POINT = 25.4 / 72.27  # millimetres


class Writer(Protocol):
    """What writes letters in a notation, such as `derive.formula.Writer`."""

    def box(self, thing: Any) -> Box:
        """The box of an entry, an array or a scalar."""
        ...


def network_figure(network: Network, writer: Writer, trace: tuple[int, int] | None = None) -> Drawing:
    """The drawing of a network in the writer's notation.

    `trace` names a layer, 0 for the input, and a neuron of it: the connections that leave it are coloured `path`.
    """
    sheet = _Sheet(network, writer, trace, Layout(network))
    marks = (*sheet.connections(), *sheet.frames(), *sheet.neurons(), *sheet.loss(), *sheet.captions())
    return Drawing(sheet.layout.width, sheet.layout.height, marks)


@dataclass(frozen=True)
class _Connection:
    """A line between two neurons: its ends, what it bears, and whether it is followed."""

    start: Point
    end: Point
    role: str
    to: Expr
    source: Expr | None = None
    followed: bool = False

    def line(self) -> Line:
        return Line((self.start, self.end), "path", 0.5) if self.followed else Line((self.start, self.end), "faint")


@dataclass(frozen=True)
class _Sheet:
    network: Network
    writer: Writer
    trace: tuple[int, int] | None
    layout: Layout

    def _box(self, role: str, layer: int, *indices: Expr) -> Box:
        return self.writer.box(self.network.array(role, layer)[indices])

    def _gaps(self) -> Iterator[tuple[Column, Column]]:
        """Neighbouring columns, where no dots stand between them."""
        for before, after in zip(self.layout.columns, self.layout.columns[1:], strict=False):
            if before is not None and after is not None:
                yield before, after

    # Connections and their weights

    def connections(self) -> Iterator[Mark]:
        """Lines from layer to layer, then the labels on them, and dots for layers that are left out."""
        labels: list[Label] = []
        for before, after in self._gaps():
            found = list(self._between(before, after))
            yield from (one.line() for one in found)
            if not (before.abridged or after.abridged or len(found) > MOST_NAMED):
                labels += self._named(found, after)
        for x, column in zip(self.layout.places, self.layout.columns, strict=True):
            if column is None:
                yield from _dots((x, self.layout.middle), across=True)
        yield from labels

    def _between(self, before: Column, after: Column) -> Iterator[_Connection]:
        if self.network.stack[after.layer - 1].bias_only:
            for (j, end), (_, start) in zip(after.shown(), before.shown(), strict=True):
                yield _Connection(*_clipped(start, end), "", j)
            return
        for k, start in before.shown():
            followed = self.trace == (before.layer, k)
            for j, end in after.shown():
                yield _Connection(*_clipped(start, end), "W", j, k, followed)
        one = self.layout.one(before)
        if one is not None:
            yield from (_Connection(*_clipped(one, end), "b", j) for j, end in after.shown())

    def _named(self, connections: list[_Connection], after: Column) -> list[Label]:
        """The labels of connections, as large as fits without one touching another; none where nothing fits."""
        named = [one for one in connections if one.role]
        taken = [_upright(label) for label in self._bias_labels(after)]
        boxes = [
            self._box(one.role, after.layer, *((one.to,) if one.source is None else (one.to, one.source)))
            for one in named
        ]
        for size in SIZES:
            edges = [Edge(one.start, one.end, *_room(box, size)) for one, box in zip(named, boxes, strict=True)]
            spots = place(edges, taken)
            if spots is not None:
                pairs = zip(boxes, spots, strict=True)
                return [Label(spot.centre, box, size=size, angle=spot.angle, halo=True) for box, spot in pairs]
        return []

    # Neurons

    def neurons(self) -> Iterator[Mark]:
        """Circles with their letters: x in the input, z beside a in the others; the biases from above."""
        for column in self.layout.columns:
            if column is None:
                continue
            for neuron, height in zip(column.neurons, column.heights, strict=True):
                at = column.x, height
                yield from _dots(at) if neuron is None else self._neuron(column.layer, neuron, at)
            for label in self._bias_labels(column):
                x, y = label.at
                yield from (label, Arrow((x, y - 1.9), (x, y - 3.6), "quiet", 0.15, 1.1))
            one = self.layout.one(column)
            if one is not None:
                yield from (Circle(one, RADIUS, fill="paper"), Label(one, "1", size=SIZE))

    def _neuron(self, layer: int, neuron: Expr, at: Point) -> Iterator[Mark]:
        yield Circle(at, RADIUS, fill="tint")
        if layer == 0:
            yield _inside(self._box("a", 0, neuron), at, 1.6 * RADIUS)
            return
        x, y = at
        yield Line(((x, y - RADIUS), (x, y + RADIUS)), "faint", 0.15)
        for role, side in (("z", -1), ("a", 1)):
            yield _inside(self._box(role, layer, neuron), (x + side * RADIUS * 0.46, y), RADIUS * 0.8)

    def _bias_labels(self, column: Column) -> list[Label]:
        if not column.layer or self.network.stack[column.layer - 1].bias != "separate":
            return []
        return [
            Label((x, y + RADIUS + 3.6), self._box("b", column.layer, neuron), size=SIZE - 0.5, colour="quiet")
            for neuron, (x, y) in column.shown()
        ]

    def frames(self) -> Iterator[Mark]:
        """A frame over each layer whose activation takes the layer as a whole, such as softmax."""
        for column in self.layout.columns:
            if column is None or not column.layer or self.network.stack[column.layer - 1].row.elementwise:
                continue
            left, right = column.x - RADIUS - 1.5, column.x + RADIUS + 1.5
            low, high = column.heights[-1] - RADIUS - 1.5, column.heights[0] + RADIUS + 6.2
            yield Line(((left, low), (right, low), (right, high), (left, high)), "frame", 0.3, closed=True)

    # Target and loss

    def loss(self) -> Iterator[Mark]:
        """The outputs go into the loss, and so does the target."""
        x, y = self.layout.width - RADIUS - 1, self.layout.middle
        last = self.layout.columns[-1]
        for _, start in last.shown() if last is not None else ():
            yield Arrow(*_clipped(start, (x, y)), "faint", 0.2, 1.3)
        yield Circle((x, y), RADIUS, "ink", 0.3, fill="paper")
        yield Label((x, y), self.writer.box(Scalar("E", "loss")), size=9)
        yield Label((x, y + RADIUS + 1), "loss", "above", "quiet", SMALL)
        yield Arrow((x, y - RADIUS - 5), (x, y - RADIUS), "faint", 0.2, 1.3)
        yield Label((x, y - RADIUS - 7.4), self.writer.box(self.network.array("y", self.network.depth)), size=9)
        yield Label((x, y - RADIUS - 10), "target", "below", "quiet", SMALL)

    # What stands under the columns

    def captions(self) -> Iterator[Mark]:
        """Under each column its activation and width, between two columns the letter and the shape of the weights."""
        for column in self.layout.columns:
            if column is not None:
                name = self.network.stack[column.layer - 1].activation if column.layer else "input"
                yield Label((column.x, 6.1), name, colour="quiet", size=SMALL)
                yield Label((column.x, 2.7), str(self.network.widths[column.layer]), colour="quiet", size=SMALL)
        for before, after in self._gaps():
            if not self.network.stack[after.layer - 1].bias_only:
                x = (before.x + after.x) / 2
                shape = f"{self.network.widths[after.layer]} × {self.network.widths[before.layer]}"
                yield Label((x, 6.1), self.writer.box(self.network.array("W", after.layer)), size=SIZE)
                yield Label((x, 2.7), shape, colour="quiet", size=SMALL)


def _clipped(start: Point, end: Point) -> tuple[Point, Point]:
    """The line between two neurons, from the rim of one to the rim of the other."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = RADIUS / hypot(dx, dy)
    return (start[0] + dx * share, start[1] + dy * share), (end[0] - dx * share, end[1] - dy * share)


def _inside(box: Box, at: Point, room: float) -> Label:
    """A letter in a neuron, smaller where it is wide."""
    natural = extent(box).width * SIZE * POINT
    return Label(at, box, size=round(min(SIZE, SIZE * room / natural), 1))


def _room(box: Box, size: float) -> tuple[float, float]:
    """The width and height of a label in millimetres, with a little paper around it."""
    taken = extent(box)
    return (taken.width * size + 1.6) * POINT, (taken.total * size * 0.92 + 1.0) * POINT


def _upright(label: Label) -> Rectangle:
    across, up = _room(label.content, label.size) if not isinstance(label.content, str) else (0.0, 0.0)
    return Rectangle(*label.at, across / 2, up / 2)


def _dots(at: Point, across: bool = False) -> Iterator[Mark]:
    for step in (-2.2, 0.0, 2.2):
        centre = (at[0] + step, at[1]) if across else (at[0], at[1] + step)
        yield Circle(centre, 0.35, "ink", 0.05, fill="ink")
