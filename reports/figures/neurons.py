"""What is drawn of a neuron: its letters where they are legible, else its index, with the layer's letters over all.

A letter that would be smaller than `LEAST_LETTER` points is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import hypot
from typing import Any, Protocol

from sympy import Expr

from derive.layout import Box, Glyph, row
from derive.network import Network
from reports.figures.columns import Column, Layout
from reports.figures.drawing import Arrow, Circle, Label, Line, Mark, Point
from reports.measure import extent, letters

SIZE = 8.0  # of the neurons' letters in points
LEAST_LETTER = 5.5
COMMA = Glyph(",", "punctuation")
POINT = 25.4 / 72.27  # millimetres


class Writer(Protocol):
    """What writes letters in a notation, such as `derive.formula.Writer`."""

    def box(self, thing: Any) -> Box:
        """The box of an entry, an array or a scalar."""
        ...


@dataclass(frozen=True)
class Neurons:
    """The neurons of a network on the sheet, in the writer's notation."""

    network: Network
    writer: Writer
    layout: Layout

    def marks(self) -> Iterator[Mark]:
        """Circles with their letters: x in the input, z beside a in the others; the biases from above."""
        for column in self.layout.columns:
            if column is None:
                continue
            for neuron, height in zip(column.neurons, column.heights, strict=True):
                at = column.x, height
                yield from dots(at, column.unit) if neuron is None else self._neuron(column, neuron, at)
            yield from self._biases(column)
            yield from self._one(column)
            yield from self._head(column)

    def lettered(self, column: Column) -> bool:
        """Whether each neuron of the layer has its own letters; else it has its index."""
        return column.layer in self._lettered

    @cached_property
    def _lettered(self) -> frozenset[int]:
        return frozenset(column.layer for column in self.layout.columns if column is not None and self._legible(column))

    def _legible(self, column: Column) -> bool:
        found = (label for neuron, at in column.shown() for label in self._letters(column, neuron, at))
        return column.roomy and all(label.size >= LEAST_LETTER for label in found)

    def _neuron(self, column: Column, neuron: Expr, at: Point) -> Iterator[Mark]:
        yield Circle(at, column.radius, width=max(0.15, 0.25 * column.unit), fill="tint")
        if not self.lettered(column):
            yield _index(str(neuron), at, column.radius)
            return
        if column.layer:
            x, y = at
            yield Line(((x, y - column.radius), (x, y + column.radius)), "faint", 0.15)
        yield from self._letters(column, neuron, at)

    def _letters(self, column: Column, neuron: Expr, at: Point) -> Iterator[Label]:
        x, y = at
        if column.layer == 0:
            yield _inside(self._box("a", 0, neuron), at, 1.6 * column.radius, min(1, column.unit + 0.2))
            return
        share = min(0.8, max(0.7, 0.3 + column.unit / 2))  # small letters are wider for their size
        for role, side in (("z", -1), ("a", 1)):
            place = x + side * column.radius * 0.46, y
            yield _inside(self._box(role, column.layer, neuron), place, column.radius * share, column.unit)

    def _box(self, role: str, layer: int, *indices: Expr) -> Box:
        return self.writer.box(self.network.array(role, layer)[indices])

    # What stands above and below

    def biases(self, column: Column) -> list[Label]:
        """The labels of the biases above the neurons of a layer that has letters."""
        if not column.layer or self.network.stack[column.layer - 1].bias != "separate" or not self.lettered(column):
            return []
        size = max(LEAST_LETTER, round((SIZE - 0.5) * column.unit, 1))
        up = column.radius + 3.6 * column.unit
        return [
            Label((x, y + up), self._box("b", column.layer, neuron), size=size, colour="quiet")
            for neuron, (x, y) in column.shown()
        ]

    def _biases(self, column: Column) -> Iterator[Mark]:
        for label in self.biases(column):
            (x, y), unit = label.at, column.unit
            yield from (label, Arrow((x, y - 1.9 * unit), (x, y - 3.6 * unit), "quiet", 0.15, 1.1 * unit))

    def one(self, column: Column) -> Circle | None:
        """The 1 that is appended to a layer, if one is; it is larger than neurons that hold a number too."""
        at = self.layout.one(column)
        if at is None:
            return None
        larger = min(1.25 * column.radius, column.pitch - column.radius - 0.5)
        return Circle(at, column.radius if self.lettered(column) else larger, fill="paper")

    def _one(self, column: Column) -> Iterator[Mark]:
        found = self.one(column)
        if found is not None:
            yield from (found, Label(found.centre, "1", size=SIZE))

    def _head(self, column: Column) -> Iterator[Mark]:
        """Over a layer whose neurons have but their indices: the letters of each of them."""
        if self.lettered(column):
            return
        roles = "bza" if self.network.stack[column.layer - 1].bias == "separate" else "za"
        boxes = [self.writer.box(self.network.program.entry(self.network.array(role, column.layer)))
                 for role in (roles if column.layer else "a")]  # fmt: skip
        parted = [part for box in boxes for part in (COMMA, box)][1:]
        yield Label((column.x, column.heights[0] + column.radius + 4.6), row(parted), size=SIZE)


def dots(at: Point, unit: float = 1.0, across: bool = False) -> Iterator[Mark]:
    """Three dots for what is left out, one above the other or `across` side by side."""
    for step in (-2.2 * unit, 0.0, 2.2 * unit):
        centre = (at[0] + step, at[1]) if across else (at[0], at[1] + step)
        yield Circle(centre, 0.35, "ink", 0.05, fill="ink")


def _inside(box: Box, at: Point, room: float, unit: float) -> Label:
    """A letter in a neuron, smaller where it is wide or the neuron is small."""
    widest = room / (extent(box).width * POINT)
    return Label(at, box, size=round(min(SIZE * max(0.75, unit), widest), 1))


def _index(text: str, at: Point, radius: float) -> Label:
    """The number of a neuron in its circle, as large as fits up to 7 points."""
    diagonal = hypot(letters(text), 0.7) * POINT
    return Label(at, text, colour="quiet", size=round(min(7.0, 1.6 * radius / diagonal), 1))
