"""The network as a drawing: every neuron with z and a, every weight on its connection, the biases, target and loss.

Where the connections are too many to name each, the letter of the matrix stands for them, and where the neurons are too
many for letters, their indices do.  Layers of more than 32 neurons and deep networks are abridged by dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, hypot

from sympy import Expr

from derive.layout import Box
from derive.network import Network
from derive.symbols import Scalar
from reports.figures.columns import RADIUS, TALLEST, Column, Layout
from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line, Lines, Mark, Point
from reports.figures.neurons import POINT, SIZE, Neurons, Writer, dots
from reports.figures.placing import Edge, Rectangle, place
from reports.measure import extent

SIZES = (9.0, 8.0, 7.0, 6.0)  # of the weights' labels in points, the first that fits
SMALL = 7.0  # of words
MOST_NAMED = 30  # more connections than that between two layers go unnamed
MOST_POINTED = 10  # more outputs than that go into the loss without the heads of arrows
COVERED, PALE = 0.35, 0.8  # how much of the paper between two layers faint and pale connections may cover
THINNEST, MIDDLING, THICKEST = 0.05, 0.12, 0.2  # millimetres: the least and the most of pale ones, of faint ones


def network_figure(
    network: Network, writer: Writer, trace: tuple[int, int] | None = None, tallest: float = TALLEST
) -> Drawing:
    """The drawing of a network in the writer's notation.

    `trace` names a layer, 0 for the input, and a neuron of it: the connections that leave it are coloured `path`.
    Layers of 7 to 32 neurons are drawn whole where `tallest` millimetres are enough for them.
    """
    sheet = _Sheet(network, writer, trace, Layout(network, tallest))
    marks = (*sheet.connections(), *sheet.frames(), *sheet.neurons.marks(), *sheet.loss(), *sheet.captions())
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


@dataclass(frozen=True)
class _Sheet:
    network: Network
    writer: Writer
    trace: tuple[int, int] | None
    layout: Layout

    @cached_property
    def neurons(self) -> Neurons:
        return Neurons(self.network, self.writer, self.layout)

    def _gaps(self) -> Iterator[tuple[Column, Column]]:
        """Neighbouring columns, where no dots stand between them."""
        for before, after in zip(self.layout.columns, self.layout.columns[1:], strict=False):
            if before is not None and after is not None:
                yield before, after

    # Connections and their weights

    def connections(self) -> Iterator[Mark]:
        """Lines from layer to layer, the followed ones in front, then their labels, and dots for layers left out."""
        labels: list[Label] = []
        for before, after in self._gaps():
            found = list(self._between(before, after))
            yield from _lines(found, (after.x - before.x) * (before.tall + after.tall) / 2)
            if not (before.abridged or after.abridged or len(found) > MOST_NAMED):
                labels += self._named(found, before, after)
        for x, column in zip(self.layout.places, self.layout.columns, strict=True):
            if column is None:
                yield from dots((x, self.layout.middle), across=True)
        yield from labels

    def _between(self, before: Column, after: Column) -> Iterator[_Connection]:
        radii = before.radius, after.radius
        if self.network.stack[after.layer - 1].bias_only:
            for (j, end), (_, start) in zip(after.shown(), before.shown(), strict=True):
                yield _Connection(*_clipped(start, end, *radii), "", j)
            return
        for k, start in before.shown():
            followed = self.trace == (before.layer, k)
            for j, end in after.shown():
                yield _Connection(*_clipped(start, end, *radii), "W", j, k, followed)
        one = self.neurons.one(before)
        if one is not None:
            for j, end in after.shown():
                yield _Connection(*_clipped(one.centre, end, one.radius, after.radius), "b", j)

    def _named(self, connections: list[_Connection], before: Column, after: Column) -> list[Label]:
        """The labels of connections, as large as fits without one touching another; none where nothing fits."""
        named = [one for one in connections if one.role]
        taken = [_upright(label) for column in (before, after) for label in self.neurons.biases(column)]
        for column in (before, after):
            taken += [Rectangle(*at, 0.8 * column.radius, 0.8 * column.radius) for _, at in column.shown()]
        boxes = [self._weight(one, after.layer) for one in named]
        for size in SIZES:
            edges = [Edge(one.start, one.end, *_room(box, size)) for one, box in zip(named, boxes, strict=True)]
            spots = place(edges, taken)
            if spots is not None:
                pairs = zip(boxes, spots, strict=True)
                return [Label(spot.centre, box, size=size, angle=spot.angle, halo=True) for box, spot in pairs]
        return []

    def _weight(self, one: _Connection, layer: int) -> Box:
        indices = (one.to,) if one.source is None else (one.to, one.source)
        return self.writer.box(self.network.array(one.role, layer)[indices])

    # Layers as a whole

    def frames(self) -> Iterator[Mark]:
        """A frame over each layer whose activation takes the layer as a whole, such as softmax."""
        for column in self.layout.columns:
            if column is None or not column.layer or self.network.stack[column.layer - 1].row.elementwise:
                continue
            above = 6.2 * column.unit if self.neurons.lettered(column) else 1.5
            left, right = column.x - column.radius - 1.5, column.x + column.radius + 1.5
            low, high = column.heights[-1] - column.radius - 1.5, column.heights[0] + column.radius + above
            yield Line(((left, low), (right, low), (right, high), (left, high)), "frame", 0.3, closed=True)

    # Target and loss

    def loss(self) -> Iterator[Mark]:
        """The outputs go into the loss, and so does the target."""
        x, y = self.layout.width - RADIUS - 1, self.layout.middle
        yield from self._outputs((x, y))
        yield Circle((x, y), RADIUS, "ink", 0.3, fill="paper")
        yield Label((x, y), self.writer.box(Scalar("E", "loss")), size=9)
        yield Label((x, y + RADIUS + 1), "loss", "above", "quiet", SMALL, halo=True)
        yield Arrow((x, y - RADIUS - 5), (x, y - RADIUS), "faint", 0.2, 1.3)
        yield Label((x, y - RADIUS - 7.4), self.writer.box(self.network.array("y", self.network.depth)), size=9)
        yield Label((x, y - RADIUS - 10), "target", "below", "quiet", SMALL)

    def _outputs(self, loss: Point) -> Iterator[Mark]:
        last = self.layout.columns[-1]
        if last is None:
            return
        ends = [_clipped(start, loss, last.radius, RADIUS) for _, start in last.shown()]
        if len(ends) > MOST_POINTED:
            yield Lines(tuple(ends), "faint", 0.12)
            return
        for start, end in ends:
            yield Arrow(start, end, "faint", 0.2, 1.3)

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


def _lines(connections: Sequence[_Connection], area: float) -> Iterator[Lines]:
    """The connections of two layers: so thin that paper is seen between them; those that are followed in front.

    `area` is the paper between the layers in square millimetres.  Screens show no line thinner than a pixel, and so
    many lines are pale too.
    """
    total = sum(hypot(one.end[0] - one.start[0], one.end[1] - one.start[1]) for one in connections)
    many = total * THICKEST > COVERED * area
    thin = max(THINNEST, min(MIDDLING, floor(100 * PALE * area / total) / 100)) if many else THICKEST
    followed = tuple((one.start, one.end) for one in connections if one.followed)
    others = tuple((one.start, one.end) for one in connections if not one.followed)
    if others:
        yield Lines(others, "pale" if many else "faint", thin)
    if followed:
        yield Lines(followed, "path", round(min(0.5, 6 / len(followed)), 2))


def _clipped(start: Point, end: Point, first: float, last: float) -> tuple[Point, Point]:
    """The line between two neurons of these radii, from the rim of one to the rim of the other."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    ux, uy = dx / length, dy / length
    return (start[0] + ux * first, start[1] + uy * first), (end[0] - ux * last, end[1] - uy * last)


def _room(box: Box, size: float) -> tuple[float, float]:
    """The width and height of a label in millimetres, with a little paper around it."""
    taken = extent(box)
    return (taken.width * size + 1.6) * POINT, (taken.total * size * 0.92 + 1.0) * POINT


def _upright(label: Label) -> Rectangle:
    across, up = _room(label.content, label.size) if not isinstance(label.content, str) else (0.0, 0.0)
    return Rectangle(*label.at, across / 2, up / 2)
