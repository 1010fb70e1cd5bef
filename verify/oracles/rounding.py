"""How far ordinary float64 rounding can move a gradient entry at this very point: a budget for each entry.

A right program need not return every digit: where σ is saturated, a(1 − a) rounds to 0 although σ′ is 4·10⁻¹⁸, and
where terms cancel, fewer digits are left.  So each intermediate quantity is given an error of one unit roundoff u of
its *natural size* (z: the sum of the moduli of its terms; a: |a|; δ: the largest that the moduli of its terms add up to
for pre-activations between ±(|z| + 1), so that a slope may be computed from a; v: the sum of the moduli of its terms),
with random signs, and these errors are carried to the entries by the exact linearisation (complex steps of the tape).
The root mean square over the sign patterns is the size of the rounding error that is to be expected.
Stochastic arithmetic: Parker 1997, Monte Carlo Arithmetic; Higham 2002, Accuracy and Stability, chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Layer, Network
from verify.oracles.arithmetic import Complexes, Floats
from verify.oracles.enclosure import Enclosure
from verify.oracles.forward import activation, loss, weights
from verify.oracles.point import Point
from verify.oracles.tape import reverse, rounded

Array = NDArray[Any]
ROUNDOFF = 2.0**-53
SAFETY = 64.0  # budgets are so many times the expected error
SLACK = 1e-9  # a relative error that no budget goes below: far under the 1e-6 of a wrong gradient
TINY = 1e-300  # where float64 underflows
_WORST = 1.0  # of δ: a formula that may lose more is not called right
_PATTERNS = 16
_LOST = np.repeat((0.0, np.inf), _PATTERNS)[:, None]  # what overflows says nothing in the first half of the rows
_H = 1e-30
Function = Callable[[Any, Any], Any]
_SOME = np.array((1.0, 0.5, 0.25, 0.1, 0.03, 0.01, 0.003, 0.001))
_FRACTIONS = np.concatenate((_SOME, (0.0,), -_SOME))
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Middle:
    """The midpoints of an enclosure, as floats."""

    z: list[Array]
    a: list[Array]
    delta: list[Array]
    v: list[Array]

    @classmethod
    def of(cls, found: Enclosure) -> Middle:
        """The nearest floats; 0 where a kink has left no bound."""
        return cls(*([_floats(one) for one in balls] for balls in (found.z, found.a, found.delta, found.v)))


def _floats(balls: Array) -> Array:
    return np.array([float(ball.mid()) if ball.is_finite() else 0.0 for ball in balls])


@dataclass(frozen=True, eq=False)
class Rounding:
    """The errors, in units of u, that the sign patterns give to δ and a of each layer and to x's gradient (rows).

    A program may have one formula for ∂E/∂z of the last layer, such as a − y, or multiply ∂E/∂a by σ′; in the second
    case more is lost by rounding a in between: a near 1 makes 1 − a, and so ∂E/∂a, inexact.  The first half of the
    rows allows for that in each neuron as long as it stays below δ itself, the second half in any case.
    `loss` is the root mean square for E.
    """

    delta: list[Array]
    a: list[Array]
    x: Array
    loss: float

    def budget(self, middle: Middle, role: str, number: int | None, appended: bool = False) -> Array:
        """The budget of each entry of ∂E/∂W (to, from), ∂E/∂b (to, 1) or ∂E/∂x (n_0, 1) for a right program."""
        value, error = self._expected(middle, role, number, appended, slice(_PATTERNS))
        return np.where(np.isfinite(error), error, 0) + SLACK * np.abs(value) + TINY

    def of_product(self, middle: Middle, role: str, number: int | None, appended: bool = False) -> Array:
        """The same for the complex step, which multiplies slopes; inf where float64 overflows on the way."""
        value, error = self._expected(middle, role, number, appended, slice(_PATTERNS, None))
        return np.where(np.isfinite(error), error, np.inf) + SLACK * np.abs(value) + TINY

    def _expected(
        self, middle: Middle, role: str, number: int | None, appended: bool, half: slice
    ) -> tuple[Array, Array]:
        """The entries, and `SAFETY` times the expected error of each."""
        left = (middle.v[0], self.x) if number is None else (middle.delta[number - 1], self.delta[number - 1])
        right = (np.ones(1), np.zeros((2 * _PATTERNS, 1)))
        if number is not None and role == "W":
            right = middle.a[number - 1], self.a[number - 1]
        if appended and role == "W":
            right = np.append(right[0], 1.0), np.pad(right[1], ((0, 0), (0, 1)))
        value = np.outer(left[0], right[0])
        error = _product_error(left[0], left[1][half], right[0], right[1][half]) + np.abs(value)
        return value, SAFETY * ROUNDOFF * error


def _product_error(u: Array, du: Array, v: Array, dv: Array) -> Array:
    """The root mean square, over the patterns, of du vᵀ + u dvᵀ; scaled, since squares would underflow."""
    p, q = (np.maximum(np.abs(one), np.abs(d).max(axis=0)) for one, d in ((u, du), (v, dv)))
    p, q = np.where(p > 0, p, 1), np.where(q > 0, q, 1)
    u, du, v, dv = u / p, du / p, v / q, dv / q
    square = np.outer(_mean(du**2), v**2) + 2 * np.outer(u, v) * (du.T @ dv) / len(du) + np.outer(u**2, _mean(dv**2))
    return np.asarray(np.sqrt(np.maximum(square, 0)) * np.outer(p, q))


def _mean(squares: Array) -> Array:
    return np.asarray(squares.mean(axis=0))


@np.errstate(all="ignore")
def rounding(network: Network, point: Point, middle: Middle) -> Rounding:
    """Carries unit errors to every δ and a."""
    signs = _Signs(np.random.default_rng(20260101))
    dz, da = _forward(network, point, middle, signs)
    delta = list[Array]()
    dv: Array = np.zeros((2 * _PATTERNS, 1))  # of E itself, whose adjoint is 1
    for number in reversed(range(network.depth)):
        last = number == network.depth - 1
        v = np.ones(1) if last else middle.v[number + 1]
        function, natural = _function(network, point, number), _slope_size(network, point, number, middle)
        _, pull = reverse(Complexes(), function, middle.z[number] + 1j * _H * dz[number])
        moved = np.imag(pull(v + 1j * _H * dv)) / _H
        if last:  # where float64 has lost δ itself, it says nothing about how δ moves
            plain = reverse(Floats(), function, middle.z[number])[1](v)
            moved = np.where(np.abs(plain - middle.delta[number]) <= 0.1 * natural, moved, np.nan)
        moved = np.where(np.isfinite(moved), moved, _LOST) + signs(natural)
        delta.append(moved + _from_outputs(network, point, middle, signs) if last else moved)
        matrix, _ = weights(network.stack[number], point.W[number], point.b[number])
        dv = delta[-1]
        if matrix is not None:
            dv = dv @ matrix + signs(np.abs(middle.delta[number]) @ np.abs(matrix))
    return Rounding(delta[::-1], da, dv, float(np.sqrt(_mean((da[-1] @ middle.v[-1]) ** 2))))


class _Signs:
    """Sizes with random signs: the error patterns, as rows."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def __call__(self, sizes: Array) -> Array:
        return np.asarray(self.rng.choice([-1.0, 1.0], (2 * _PATTERNS, sizes.size)) * sizes)


def _forward(network: Network, point: Point, middle: Middle, signs: _Signs) -> tuple[list[Array], list[Array]]:
    dz, da = list[Array](), [np.zeros((2 * _PATTERNS, middle.a[0].size))]
    for number, layer in enumerate(network.stack):
        matrix, b = weights(layer, point.W[number], point.b[number])
        a = np.abs(middle.a[number])
        size = (a if matrix is None else np.abs(matrix) @ a) + (0 if b is None else np.abs(b))
        dz.append((da[-1] if matrix is None else da[-1] @ matrix.T) + signs(size))
        shifted = middle.z[number] + 1j * _H * dz[-1]
        image = np.imag(activation(Complexes(), layer, point.constants_of(layer), shifted)) / _H
        image = np.nan_to_num(np.broadcast_to(image, shifted.shape), nan=0.0, posinf=0.0, neginf=0.0)
        da.append(image + signs(_value_size(layer, point.constants_of(layer), middle.z[number], middle.a[number + 1])))
    return dz, da


def _value_size(layer: Layer, constants: tuple[float, ...], z: Array, a: Array) -> Array:
    """The natural size of a: |a|, or the error of the row's own formula where that loses more."""
    if not layer.row.elementwise:
        return np.abs(a)
    found = rounded(Floats(), lambda m, u: activation(m, layer, constants, u), z)
    return np.fmax(np.abs(a), np.where(np.isfinite(found), found, 0))


def _function(network: Network, point: Point, number: int, whole: bool = True) -> Function:
    """The activation of a layer; in the last one, if `whole`, with the loss after it."""
    layer = network.stack[number]
    constants = point.constants_of(layer)
    if number < network.depth - 1 or not whole:
        return lambda m, u: activation(m, layer, constants, u)
    return lambda m, u: loss(m, network.loss_row, activation(m, layer, constants, u), point.y)


def _slope_size(network: Network, point: Point, number: int, middle: Middle) -> Array:
    """The natural size of δ; in the last layer the smaller one of two formulas, σ′ times ∂E/∂a and one for both."""
    z, last, layer = middle.z[number], number == network.depth - 1, network.stack[number]
    adjoint = _adjoint_size(network, point, number, middle)
    found = _largest(_function(network, point, number, whole=False), z, adjoint, each=not layer.row.elementwise)
    if last:
        found = np.minimum(found, _largest(_function(network, point, number), z, np.ones(1), each=True))
    found = np.where(np.isfinite(found), found, _instead(point, number, middle))
    return np.maximum(found, np.abs(middle.delta[number]))


def _instead(point: Point, number: int, middle: Middle) -> Array:
    """Where float64 overflows in the row's formula: slopes at most 1, or a − y if that is more."""
    v, last = np.abs(middle.v[number + 1]), number == len(middle.delta) - 1
    if not last:
        return np.asarray(v[np.isfinite(v)].max(initial=0.0))
    return np.abs(middle.a[-1]) + np.abs(point.y) + np.abs(middle.delta[-1]).max()


def _adjoint_size(network: Network, point: Point, number: int, middle: Middle) -> Array:
    """The natural size of v = ∂E/∂a of a layer: in the last one, what the terms of the loss's slope add up to."""
    v = np.abs(middle.v[number + 1])
    if number < network.depth - 1:
        return v
    _, pull = reverse(Floats(), lambda m, u: loss(m, network.loss_row, u, point.y), middle.a[-1])
    return np.fmax(pull(np.ones(1), absolute=True), v)


def _largest(function: Function, z: Array, seed: Array, each: bool) -> Array:
    """The most that the terms of δ_j add up to while z_j goes over ±(|z_j| + 1); inf if that is not known.

    `each` moves one neuron at a time, the others staying where they are, which matters where they feel one another.
    """
    ends = (np.abs(z) + 1) * np.where(z < 0, -1.0, 1.0)
    found = np.full(z.size, -1.0)
    for part in np.array_split(_FRACTIONS, 1 if z.size <= _AT_ONCE else _FRACTIONS.size):
        samples = part[:, None] * ends
        if each:
            samples = np.where(np.eye(z.size, dtype=bool), samples[:, None, :], z)
        _, pull = reverse(Floats(), function, samples)
        terms = pull(np.broadcast_to(seed, (*samples.shape[:-1], seed.size)), absolute=True)
        terms = np.diagonal(terms, axis1=1, axis2=2) if each else terms
        found = np.maximum(found, np.where(np.isfinite(terms), terms, -1.0).max(axis=0))
    return np.where(found < 0, np.inf, found)


def _from_outputs(network: Network, point: Point, middle: Middle, signs: _Signs) -> Array:
    """The error of δ^L from rounding a^L before ∂E/∂a is taken; inf if that overflows, 0 where it is not allowed."""
    layer, a = network.stack[-1], middle.a[-1]
    constants = point.constants_of(layer)
    shifted = a + 1j * _H * signs(_value_size(layer, constants, middle.z[-1], a))
    _, pull = reverse(Complexes(), lambda m, u: loss(m, network.loss_row, u, point.y), shifted)
    moved = np.imag(pull(np.ones((len(shifted), 1)))) / _H
    moved = moved + signs(_adjoint_size(network, point, network.depth - 1, middle))
    z = np.broadcast_to(middle.z[-1], moved.shape)
    found = reverse(Floats(), lambda m, u: activation(m, layer, constants, u), z)[1](moved)
    found = np.where(np.isfinite(found), found, np.inf)
    small = SAFETY * ROUNDOFF * np.sqrt(_mean(found**2)) <= _WORST * np.abs(middle.delta[-1])
    return np.where((_LOST > 0) | small, found, 0)
