"""Where the neurons of a network stand on the sheet: columns of layers, each as wide apart as its neurons allow.

Up to `MOST_NEURONS` neurons of a layer are all drawn; wider layers and deep networks are abridged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Integer

from derive.network import Network
from reports.figures.drawing import Point

WIDEST = 158.0  # millimetres across
TALLEST = 182.0  # millimetres: with its caption a drawing leaves room for some words on its page
LEFT, RIGHT = 6.0, 24.0  # from the sheet's edges to the first and the last column
RADIUS = 4.8  # of a neuron that has all the room it wants
FOOT, TOP = 12.5, 9.0  # room for what stands under the columns, and over them
MOST_NEURONS = 32  # a layer that is wider shows its first two and its last
MOST_LAYERS = 6  # a deeper network shows its first two and its last two weight layers

FEW, SOME = 4, 6  # up to so many neurons a layer has all the room it wants, or nearly all
WIDE, CLOSE = 17.0, 15.5  # the distance of two neurons then
TWO_LETTERS = 10.9  # at a smaller distance z and a in a neuron and its bias above it find no room
ONE_LETTER = 8.0  # and at this one the letter of an input
LEAST = 3.6  # and at this one an index of 5 points


@dataclass(frozen=True)
class Column:
    """One layer on the sheet: its number, 0 for the input, and which neurons are shown where; None stands for dots.

    `pitch` is the distance of two neurons, and `radius` is theirs.
    """

    layer: int
    x: float
    neurons: tuple[Expr | None, ...]
    heights: tuple[float, ...]
    pitch: float

    def shown(self) -> Iterator[tuple[Expr, Point]]:
        """Each neuron that is drawn and its centre."""
        for neuron, height in zip(self.neurons, self.heights, strict=True):
            if neuron is not None:
                yield neuron, (self.x, height)

    @property
    def abridged(self) -> bool:
        """Whether some neurons are left out."""
        return None in self.neurons

    @property
    def radius(self) -> float:
        """The radius of a neuron: where its bias needs no room, the neuron takes more of it."""
        full, least = RADIUS / CLOSE, RADIUS * TWO_LETTERS / CLOSE
        return min(RADIUS, max(full * self.pitch, min(least, 0.38 * self.pitch)))

    @property
    def unit(self) -> float:
        """How large a neuron is, and all that belongs to it: 1 where there is room enough."""
        return self.radius / RADIUS

    @property
    def roomy(self) -> bool:
        """Whether letters of a usual length find room in each neuron."""
        return self.pitch >= (TWO_LETTERS if self.layer else ONE_LETTER)

    @property
    def tall(self) -> float:
        """From the upper rim of the first neuron to the lower rim of the last."""
        return self.heights[0] - self.heights[-1] + 2 * self.radius


@dataclass(frozen=True)
class Layout:
    """The places of a network's neurons, which follow from its widths and from where its biases stand.

    A sheet of layers of more than six neurons is at most `tallest` millimetres high.
    """

    network: Network
    tallest: float = TALLEST

    @cached_property
    def layers(self) -> tuple[int | None, ...]:
        """The layers that are drawn, the input first; None stands for dots."""
        depth = self.network.depth
        return tuple(range(depth + 1)) if depth <= MOST_LAYERS else (0, 1, 2, None, depth - 1, depth)

    @cached_property
    def rows(self) -> int:
        """The most places that a layer needs."""
        return max(self._needed(layer) for layer in self.layers if layer is not None)

    def _needed(self, layer: int) -> int:
        """The places of a layer's neurons and of the appended 1."""
        return len(self._chosen(layer)) + self._appended(layer)

    def _appended(self, layer: int) -> bool:
        return layer < self.network.depth and self.network.stack[layer].bias == "appended"

    def _pitch(self, rows: int) -> float:
        """The distance of two neurons of a layer of so many: the more there are the closer they stand."""
        if rows <= SOME:
            return WIDE if self.rows <= FEW else CLOSE
        return max(LEAST, _pitch(rows, self.tallest))

    @cached_property
    def _body(self) -> float:
        """From the first neuron's centre to the last one's, in the highest column."""
        needed = (self._needed(layer) for layer in self.layers if layer is not None)
        return max((rows - 1) * self._pitch(rows) for rows in needed)

    @property
    def middle(self) -> float:
        """The height of the columns' centres."""
        return FOOT + RADIUS + self._body / 2

    @property
    def height(self) -> float:
        """The height of the sheet."""
        return FOOT + 2 * RADIUS + self._body + TOP

    @cached_property
    def places(self) -> tuple[float, ...]:
        """Where the columns stand."""
        gap = min(34 + 4.0 * self.rows, (WIDEST - LEFT - RIGHT) / (len(self.layers) - 1))
        return tuple(LEFT + number * gap for number in range(len(self.layers)))

    @property
    def width(self) -> float:
        """The width of the sheet."""
        return self.places[-1] + RIGHT

    @cached_property
    def columns(self) -> tuple[Column | None, ...]:
        """The columns; None stands for layers that are left out."""
        pairs = zip(self.layers, self.places, strict=True)
        return tuple(None if layer is None else self._column(layer, x) for layer, x in pairs)

    def _column(self, layer: int, x: float) -> Column:
        neurons, rows = self._chosen(layer), self._needed(layer)
        pitch = self._pitch(rows)
        top = self.middle + (rows - 1) * pitch / 2
        return Column(layer, x, neurons, tuple(top - row * pitch for row in range(len(neurons))), pitch)

    def _chosen(self, layer: int) -> tuple[Expr | None, ...]:
        width = self.network.widths[layer]
        if isinstance(width, int) and self._fits(width, self._appended(layer)):
            return tuple(Integer(number) for number in range(1, width + 1))
        last = Integer(width) if isinstance(width, int) else self.network.spaces[layer].size
        return Integer(1), Integer(2), None, last

    def _fits(self, width: int, appended: bool) -> bool:
        rows = width + appended
        return width <= SOME or (width <= MOST_NEURONS and _pitch(rows, self.tallest) >= LEAST)

    def one(self, column: Column) -> Point | None:
        """Where the 1 stands that is appended to a layer, if one is."""
        return (column.x, column.heights[-1] - column.pitch) if self._appended(column.layer) else None

    @property
    def neurons_left_out(self) -> bool:
        """Whether some layer that is drawn lacks neurons."""
        return any(column is not None and column.abridged for column in self.columns)

    @property
    def layers_left_out(self) -> bool:
        """Whether dots stand for layers."""
        return None in self.layers


def _pitch(rows: int, tallest: float) -> float:
    """The distance of two of more than six neurons, so that they grow slowly towards a page's height."""
    room = min(150.0, tallest - FOOT - 2 * RADIUS - TOP)
    wanted = CLOSE * (SOME - 1) + 7.25 * (rows - SOME)
    return min(CLOSE, min(wanted, room) / (rows - 1))
