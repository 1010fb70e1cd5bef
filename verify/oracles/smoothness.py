"""Where a piecewise activation or loss sits at its kink, or so close that a finite difference would step over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Layer, Network
from verify.oracles.arithmetic import Floats
from verify.oracles.forward import Pass, activation, forward, loss, weights
from verify.oracles.point import Point
from verify.oracles.tape import reverse

REACH = 1e-4  # about the longest step of a central difference, in units of a pre-activation
_ROUNDING = 2.0**-45  # of what is summed: closer than that, a float cannot tell on which side it is
_BESIDE = 1e-7
_MOST = 1e300  # what has overflowed is not near anything
_M = Floats()
Array = NDArray[Any]


@dataclass(frozen=True)
class Kink:
    """A neuron (counted from 1) at or near a kink; `layer` is None where it is the loss's.

    `exact` says that it is at the kink as far as a float can tell: there is no derivative, and the oracles leave the
    entries that depend on it open.  Otherwise only differences, which would step over the kink, leave them out.
    """

    layer: int | None
    neuron: int
    name: str
    value: float
    exact: bool
    text: str

    def __str__(self) -> str:
        return self.text


@np.errstate(all="ignore")
def kinks(network: Network, point: Point, reach: float = REACH) -> list[Kink]:
    """Every kink within `reach` (relative to the size of what is summed) of the point, first layer first."""
    done = forward(network, point, _M)
    return [*_of_layers(network, point, done, reach), *_of_loss(network, point, done, reach)]


def masks(network: Network, found: list[Kink]) -> list[NDArray[np.bool_] | None]:
    """For each layer and lastly for the loss: which neurons sit at a kink; None where none does."""
    marked: list[NDArray[np.bool_] | None] = [None] * (network.depth + 1)
    for kink in found:
        if kink.exact:
            at = network.depth if kink.layer is None else kink.layer - 1
            width = int(network.widths[min(at + 1, network.depth)])
            mask = marked[at]
            mask = np.zeros(width, dtype=bool) if mask is None else mask
            mask[kink.neuron - 1] = True
            marked[at] = mask
    return marked


def _of_layers(network: Network, point: Point, done: Pass, reach: float) -> Iterator[Kink]:
    for number, layer in enumerate(network.stack, 1):
        if not layer.row.kinks:
            continue
        constants, z = point.constants_of(layer), done.z[number - 1]
        size = _summed(*weights(layer, point.W[number - 1], point.b[number - 1]), done.a[number - 1])
        for where in layer.row.kinks:
            distance = np.broadcast_to(where(z, *constants), z.shape)
            for j in np.flatnonzero(np.abs(distance) <= np.minimum(reach * np.maximum(size, 1), _MOST)).tolist():
                exact = bool(abs(distance[j]) <= _ROUNDING * size[j])
                sides = _sides_of_layer(layer, constants, z, j, float(distance[j]))
                if sides:
                    yield _kink(number, j, layer.activation, "z", float(z[j]), exact, sides)


def _of_loss(network: Network, point: Point, done: Pass, reach: float) -> Iterator[Kink]:
    row, a = network.loss_row, done.a[-1]
    size = np.abs(a) + np.abs(point.y) + 1
    for where in row.kinks:
        distance = np.broadcast_to(where(_M, a, point.y), a.shape)
        for j in np.flatnonzero(np.abs(distance) <= np.minimum(reach * size, _MOST)).tolist():
            exact = bool(abs(distance[j]) <= _ROUNDING * size[j])
            sides = _compare(*reverse(_M, lambda m, u: loss(m, row, u, point.y), _beside(a, j, float(distance[j]))), j)
            if sides:
                yield _kink(None, j, row.title, "a", float(a[j]), exact, sides)


def _summed(matrix: Array | None, b: Array | None, a: Array) -> Array:
    """Σ|w a| + |b|: what the rounding of z is proportional to."""
    size = np.abs(a) if matrix is None else np.abs(matrix) @ np.abs(a)
    return size if b is None else size + np.abs(b)


def _beside(at: Array, j: int, distance: float) -> Array:
    """Two rows: entry j a little below and a little above, with the kink between them."""
    rows = np.stack((at, at))
    rows[:, j] += np.array((-1.0, 1.0)) * (_BESIDE * max(1.0, abs(float(at[j]))) + 2 * abs(distance))
    return rows


def _sides_of_layer(layer: Layer, constants: tuple[float, ...], z: Array, j: int, distance: float) -> str:
    value, pull = reverse(_M, lambda m, u: activation(m, layer, constants, u), _beside(z, j, distance))
    return _compare(np.broadcast_to(value, (2, z.size))[:, j : j + 1], pull, j, z.size)


def _compare(value: Array, pull: Any, j: int, width: int = 1) -> str:
    """What differs between the two sides, in words; nothing where value and slope go on smoothly (ELU with α = 1)."""
    low, high = value[:, 0].tolist()
    if abs(high - low) > 1e-2 * max(1.0, abs(low)):
        return f"no derivative, the value jumps from {low:.4g} to {high:.4g}"
    left, right = pull(np.ones((2, width)))[:, j].tolist()
    if abs(right - left) <= 1e-3 * max(abs(left), abs(right)):
        return ""
    return f"no derivative, the one-sided derivatives are {_short(left)} and {_short(right)}"


def _short(value: float) -> str:
    return f"{round(value, 3) + 0:g}"


def _kink(number: int | None, j: int, name: str, letter: str, value: float, exact: bool, sides: str) -> Kink:
    place = f"loss, output {j + 1}" if number is None else f"layer {number}, neuron {j + 1}"
    near = "" if exact else " is close to a kink, which differences may step over; there:"
    text = f"{place}: {name} at {letter} = {value:.6g}{near or ':'} {sides}"
    return Kink(number, j + 1, name, value, exact, text)
