"""Enclosures of every gradient entry: reverse mode in balls, at a precision that is raised until they are tight.

    δ^L = ∂E/∂z^L ,   δ^l = (∂a^l/∂z^l)ᵀ v^l ,   v^l = (W^(l+1))ᵀ δ^(l+1) ,   ∂E/∂W^l = δ^l (a^(l−1))ᵀ

Only the affine part is written by hand; what an activation or the loss contributes comes from its row by the tape.
Floats are taken as the exact numbers that they are, so the true gradient at the point lies in the enclosure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx
from numpy.typing import NDArray

from derive.network import Layer, Network
from derive.tables.losses import Loss
from verify.oracles.balls import Balls, Vector, union
from verify.oracles.errors import DomainError
from verify.oracles.forward import Pass, activation, affine, loss, weights
from verify.oracles.point import Point
from verify.oracles.tape import reverse

PRECISIONS = (128, 212, 424, 848, 1696, 2000)  # bits; 53 are never enough to certify 53
ENOUGH = 90  # relative bits of every δ and a
_WITH_KINKS = 424  # at a kink the enclosure stays wide whatever the precision
_ANYTHING = arb(0, 1e200)  # the slope of a jump: there is none, and nothing can be said
Masks = Sequence[NDArray[np.bool_] | None]


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Balls around E, and around z, a (`a[0]` is x), δ = ∂E/∂z and v = ∂E/∂a of each layer (`v[0]` is ∂E/∂x)."""

    loss: Any
    z: list[Vector]
    a: list[Vector]
    delta: list[Vector]
    v: list[Vector]
    precision: int

    @property
    def factors(self) -> list[Vector]:
        """What an enclosure must be tight in for every entry to be: entries of ∂E/∂W are products δ_j a_k."""
        return [*self.delta, *self.a[:-1], self.v[0]]


def enclose(network: Network, point: Point, forced: Masks | None = None, enough: int = ENOUGH) -> Enclosure:
    """The enclosure at the first precision that gives every factor `enough` relative bits, or at the last.

    `forced` marks, for each layer and lastly for the loss, the neurons that sit at a kink within a float's rounding;
    there both branches are enclosed.  Raises `DomainError` where the loss has no value.
    """
    masks = forced or [None] * (network.depth + 1)
    exact = [_exact(*weights(layer, *pair)) for layer, *pair in zip(network.stack, point.W, point.b, strict=True)]
    limit = _WITH_KINKS if any(mask is not None and mask.any() for mask in masks) else PRECISIONS[-1]
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            done = _forward(network, point, exact, masks)
            last = precision >= limit
            if not done.loss.is_finite() and precision < PRECISIONS[-1]:
                continue
            if not done.loss.is_finite():
                raise DomainError(_undefined(network, point, done))
            found = _backward(network, point, exact, masks, done, precision)
            if last or all(_tight(ball, enough) for factor in found.factors for ball in factor):
                return found
    raise AssertionError("the last precision returns or raises")


def _exact(matrix: Any, b: Any) -> tuple[Any, Any]:
    return (None if matrix is None else arb_mat(matrix.tolist())), b


def _tight(ball: Any, enough: int) -> bool:
    return bool(ball.is_zero() or ball.rel_accuracy_bits() >= enough)


def _forward(network: Network, point: Point, exact: list[tuple[Any, Any]], masks: Masks) -> Pass:
    z, a = list[Vector](), [Balls().vector(point.x)]
    for layer, pair, mask in zip(network.stack, exact, masks, strict=False):
        m = Balls(forced=mask)
        z.append(affine(m, *pair, a[-1]))
        value, _ = reverse(m, partial(_activation, layer, point.constants_of(layer)), z[-1])
        a.append(m.like(value, z[-1].shape))
    m = Balls(forced=masks[-1])
    value, _ = reverse(m, partial(_loss, network.loss_row, m.vector(point.y)), a[-1])
    return Pass(value[0], z, a)


def _backward(
    network: Network, point: Point, exact: list[tuple[Any, Any]], masks: Masks, done: Pass, precision: int
) -> Enclosure:
    of_outputs = partial(_loss, network.loss_row, Balls().vector(point.y))
    v = [_pulled(of_outputs, done.a[-1], Balls().vector([1]), masks[-1])]
    delta = list[Vector]()
    for number in reversed(range(network.depth)):
        layer, (matrix, _) = network.stack[number], exact[number]
        function = partial(_activation, layer, point.constants_of(layer))
        delta.append(_pulled(function, done.z[number], v[-1], masks[number]))
        v.append(delta[-1] if matrix is None else Balls().dot(matrix.transpose(), delta[-1]))
    return Enclosure(done.loss, done.z, done.a, delta[::-1], v[::-1], precision)


def _activation(layer: Layer, constants: tuple[float, ...], m: Any, z: Any) -> Any:
    return activation(m, layer, constants, z)


def _loss(row: Loss, y: Vector, m: Any, a: Any) -> Any:
    return loss(m, row, a, y)


def _pulled(function: Callable[[Any, Any], Any], at: Vector, seed: Vector, mask: Any) -> Vector:
    """The adjoint of `at`; around both sides where a branch could not be decided."""
    m = Balls(side=1, forced=mask)
    _, pull = reverse(m, function, at)
    found = pull(seed)
    if m.undecided:
        m.side = -1
        found = union(found, pull(seed))
        found = np.where(m.jumps, m.times(seed, _ANYTHING), found)
    return np.asarray(found)


def _undefined(network: Network, point: Point, done: Pass) -> str:
    """Names the layer, or else the loss, that has no value."""
    for number, (layer, a) in enumerate(zip(network.stack, done.a[1:], strict=True), 1):
        if not all(ball.is_finite() for ball in a):
            return f"layer {number}: {layer.activation} has no finite value at the pre-activations of this point"
    row = network.loss_row
    bounds = [f"above {row.low:g}"] * (row.low > -np.inf) + [f"below {row.high:g}"] * (row.high < np.inf)
    needs = f", which needs outputs {' and '.join(bounds)}" if bounds else ""
    outputs = ", ".join(f"{float(ball.mid()):.6g}" for ball in done.a[-1][:6])
    targets = ", ".join(f"{value:.6g}" for value in point.y[:6].tolist())
    got = f"got the outputs a = ({outputs}) and the targets y = ({targets})"
    return f"the loss is not defined here: {row.title}{needs}, {got}"
