"""The forward pass, written from the definition of a network and nothing else, in any arithmetic.

    z^l = W^l a^(l−1) + b^l ,   a^l = σ(z^l) ,   E = E(a^L, y)

Nothing here knows a derivative.  Arrays hold the neurons on the last axis; other axes are a batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from derive.network import Layer, Network
from derive.tables.losses import Loss

if TYPE_CHECKING:
    from verify.oracles.point import Point


class Pass(NamedTuple):
    """The loss, and z and a of every layer; `a[0]` is the input, `z[0]` is the first layer's."""

    loss: Any
    z: list[Any]
    a: list[Any]


class _Over:
    """A namespace with `total(f)`, the sum of f over the neurons of one layer."""

    def __init__(self, m: Any, z: Any) -> None:
        self.m, self.z = m, z

    def __getattr__(self, name: str) -> Any:
        return getattr(self.m, name)

    def total(self, f: Any) -> Any:
        """Σ_k f(z_k)."""
        return self.m.sum(f(self.z))


def activation(m: Any, layer: Layer, constants: tuple[float, ...], z: Any) -> Any:
    """σ(z) of a layer, by its row."""
    row = layer.row
    return row.forward(m if row.elementwise else _Over(m, z), z, *constants)


def loss(m: Any, row: Loss, a: Any, y: Any) -> Any:
    """E(a, y), by its row; the neurons' axis stays, with length 1."""
    return row.forward(m, lambda f: m.sum(f(a, y)), y.shape[-1])


def weights(layer: Layer, matrix: Any, b: Any) -> tuple[Any, Any]:
    """W and b of a layer, an appended column taken off W; None where there is none."""
    return (matrix[:, :-1], matrix[:, -1]) if layer.bias == "appended" else (matrix, b)


def affine(m: Any, matrix: Any, b: Any, a: Any) -> Any:
    """W a + b; without W (a layer that has only a bias) a + b, without b W a."""
    z = a if matrix is None else m.dot(matrix, a)
    return z if b is None else z + m.vector(b)


@np.errstate(all="ignore")  # what overflows is inf, what is undefined nan; who asked looks at the loss
def forward(network: Network, point: Point, m: Any) -> Pass:
    """The loss and all z and a at the point, in the arithmetic `m` (`Floats()`, `Complexes()`, `Balls()`)."""
    a, z = [m.vector(point.x)], []
    for number, layer in enumerate(network.stack):
        z.append(affine(m, *weights(layer, point.W[number], point.b[number]), a[-1]))
        a.append(m.like(activation(m, layer, point.constants_of(layer), z[-1]), z[-1].shape))
    return Pass(loss(m, network.loss_row, a[-1], m.vector(point.y))[..., 0], z, a)


def tail(network: Network, point: Point, m: Any, number: int, z: Any) -> Pass:
    """The same from the pre-activations z of the layer with this number (from 1) on: its z first, its a first."""
    reached, active = [z], list[Any]()
    for at, layer in enumerate(network.stack[number - 1 :], number):
        if at > number:
            reached.append(affine(m, *weights(layer, point.W[at - 1], point.b[at - 1]), active[-1]))
        z = reached[-1]
        active.append(m.like(activation(m, layer, point.constants_of(layer), z), z.shape))
    return Pass(loss(m, network.loss_row, active[-1], m.vector(point.y))[..., 0], reached, active)
