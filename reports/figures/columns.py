"""Where the neurons of a network stand on the sheet: columns of layers, wide layers and deep networks abridged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Integer

from derive.network import Network
from reports.figures.drawing import Point

WIDEST = 158.0  # millimetres across
LEFT, RIGHT = 6.0, 24.0  # from the sheet's edges to the first and the last column
RADIUS = 4.8
FOOT = 12.5  # room for what stands under the columns
MOST_NEURONS = 6  # a layer that is wider shows its first two and its last
MOST_LAYERS = 6  # a deeper network shows its first two and its last two weight layers


@dataclass(frozen=True)
class Column:
    """One layer on the sheet: its number, 0 for the input, and which neurons are shown where; None stands for dots."""

    layer: int
    x: float
    neurons: tuple[Expr | None, ...]
    heights: tuple[float, ...]

    def shown(self) -> Iterator[tuple[Expr, Point]]:
        """Each neuron that is drawn and its centre."""
        for neuron, height in zip(self.neurons, self.heights, strict=True):
            if neuron is not None:
                yield neuron, (self.x, height)

    @property
    def abridged(self) -> bool:
        """Whether some neurons are left out."""
        return None in self.neurons


@dataclass(frozen=True)
class Layout:
    """The places of a network's neurons, which follow from its widths and from where its biases stand."""

    network: Network

    @cached_property
    def layers(self) -> tuple[int | None, ...]:
        """The layers that are drawn, the input first; None stands for dots."""
        depth = self.network.depth
        return tuple(range(depth + 1)) if depth <= MOST_LAYERS else (0, 1, 2, None, depth - 1, depth)

    @cached_property
    def pitch(self) -> float:
        """The distance of two neurons of a layer."""
        return 17.0 if self.rows <= 4 else 15.5

    @cached_property
    def rows(self) -> int:
        """The most places that a layer needs."""
        return max(self._needed(layer) for layer in self.layers if layer is not None)

    def _needed(self, layer: int) -> int:
        """The places of a layer's neurons and of the appended 1."""
        return len(self._chosen(layer)) + self._appended(layer)

    def _appended(self, layer: int) -> bool:
        return layer < self.network.depth and self.network.stack[layer].bias == "appended"

    @property
    def middle(self) -> float:
        """The height of the columns' centres."""
        return FOOT + RADIUS + (self.rows - 1) * self.pitch / 2

    @property
    def height(self) -> float:
        """The height of the sheet."""
        return FOOT + 2 * RADIUS + (self.rows - 1) * self.pitch + 9.0

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
        neurons = self._chosen(layer)
        top = self.middle + (self._needed(layer) - 1) * self.pitch / 2
        return Column(layer, x, neurons, tuple(top - row * self.pitch for row in range(len(neurons))))

    def _chosen(self, layer: int) -> tuple[Expr | None, ...]:
        width = self.network.widths[layer]
        if isinstance(width, int) and width <= MOST_NEURONS:
            return tuple(Integer(number) for number in range(1, width + 1))
        last = Integer(width) if isinstance(width, int) else self.network.spaces[layer].size
        return Integer(1), Integer(2), None, last

    def one(self, column: Column) -> Point | None:
        """Where the 1 stands that is appended to a layer, if one is."""
        return (column.x, column.heights[-1] - self.pitch) if self._appended(column.layer) else None
