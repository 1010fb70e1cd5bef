"""Certifies given float gradients: a rigorous upper bound on the error of every entry, from balls around the true one.

An entry is a product δ_j a_k of two tight balls (a_k = 1 for a bias).  Each ball becomes an unevaluated sum of two
floats and a radius, so that all entries of a layer are compared at once, with error-free products and a bound on
what is rounded (Dekker 1971; Higham 2002, section 27.1): nothing in the bound is an estimate.

**What counts as wrong.**  An entry fails if its error, radius deducted, is certainly larger than its budget: 10⁻⁹ of
the entry plus 64 times the error that float64 rounding is expected to cause at this point (`rounding`).  So a gradient
that is wrong by 10⁻⁶ in one entry fails wherever rounding alone leaves seven digits; where it does not, as in a
saturated sigmoid, the certified digits say how little is left, and only an error beyond rounding fails.  A program
whose formula may lose all digits at the point (∂E/∂a times σ′ where 1 − a is 10⁻¹⁶) is not excused for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

from derive.network import Network
from verify.oracles.enclosure import Enclosure, enclose
from verify.oracles.foreign import shapes
from verify.oracles.point import Point
from verify.oracles.rounding import ROUNDOFF, Middle, Rounding, rounding
from verify.oracles.smoothness import Kink, kinks, masks

_ANYTHING = arb(0, 1e200)  # where a wide ball at a kink has led to no bound at all
Array = NDArray[Any]
Gradients = Mapping[str, Any]
_U = ROUNDOFF
_UNDERFLOW = 2.0**-1060  # products below 2^-969 are not split without error; this bounds what that costs


@dataclass(frozen=True)
class Certified:
    """One array: `relative` bounds the relative error of every entry that is not 0, rigorously from above.

    It is 0 if all are 0 as they should be, and None if none has a derivative.  `exact_zeros` entries are 0 (or too
    small for a float) and compared absolutely; `open` entries have no derivative, or one on each side only; `wrong` is
    the position of the worst failing entry, counted from 1.
    """

    name: str
    entries: int
    relative: float | None
    exact_zeros: int
    open: int
    failures: int
    wrong: tuple[int, ...] | None
    note: str = ""

    @property
    def digits(self) -> int | None:
        """How many decimal digits of every entry are certain, at most 17; None if no entry has a derivative."""
        if self.relative is None:
            return None
        if not math.isfinite(self.relative):
            return 0
        return 17 if self.relative <= 1e-17 else max(0, math.floor(-math.log10(self.relative)))


@dataclass(frozen=True, eq=False)
class Truth:
    """What the oracles know about a point: the enclosure, its midpoints, the budget of rounding, the kinks."""

    network: Network
    point: Point
    kinks: tuple[Kink, ...]
    enclosure: Enclosure
    middle: Middle
    rounding: Rounding

    @classmethod
    def at(cls, network: Network, point: Point) -> Truth:
        """Raises `DomainError` where the loss has no value."""
        found = kinks(network, point)
        enclosure = enclose(network, point, masks(network, found))
        middle = Middle.of(enclosure)
        return cls(network, point, tuple(found), enclosure, middle, rounding(network, point, middle))

    @property
    def arrays(self) -> list[tuple[str, int | None]]:
        """The arrays that have a gradient: ("W", 1), ("b", 1), …, ("x", None)."""
        found: list[tuple[str, int | None]] = []
        for number, pair in enumerate(shapes(self.network), 1):
            found += [(role, number) for role, shape in zip("Wb", pair, strict=True) if shape is not None]
        return [*found, ("x", None)]

    def factors(self, role: str, number: int | None) -> tuple[Array, Array]:
        """The balls whose outer product is the gradient; for b and x the second is 1."""
        one = np.array([arb(1)], dtype=object)
        if number is None:
            return self.enclosure.v[0], one
        delta, a = self.enclosure.delta[number - 1], self.enclosure.a[number - 1]
        if role == "b":
            return delta, one
        return delta, np.concatenate((a, one)) if self.network.stack[number - 1].bias == "appended" else a

    def budget(self, role: str, number: int | None, product: bool = False) -> Array:
        """The budget of each entry, as a matrix (b and x are columns); `product`: of the complex step's entries."""
        of = self.rounding.of_product if product else self.rounding.budget
        with np.errstate(all="ignore"):
            return of(self.middle, role, number, self._appended(number))

    def _appended(self, number: int | None) -> bool:
        return number is not None and self.network.stack[number - 1].bias == "appended"

    def gradients(self) -> dict[str, Any]:
        """The true gradients, each entry rounded to a float once or twice: `{"W": [...], "b": [...], "x": …}`."""
        found: dict[str, Any] = {"W": [None] * self.network.depth, "b": [None] * self.network.depth}
        for role, number in self.arrays:
            left, right = (_Sum.of(balls) for balls in self.factors(role, number))
            value = np.outer(left.high, right.high)
            if number is None:
                found["x"] = value[:, 0]
            else:
                found[role][number - 1] = value if role == "W" else value[:, 0]
        return found


@dataclass(frozen=True, eq=False)
class _Sum:
    """Balls as high + low, the difference at most `radius`; `zero` marks those that are exactly 0."""

    high: Array
    low: Array
    radius: Array
    zero: Array

    @classmethod
    def of(cls, factor: Array) -> _Sum:
        balls = [_ANYTHING if _unbounded(ball) else ball for ball in factor]
        high = np.array([float(ball.mid()) for ball in balls])
        rest = [ball - arb(value) for ball, value in zip(balls, high.tolist(), strict=True)]
        low = np.array([float(ball.mid()) for ball in rest])
        radius = [float((ball - arb(value)).abs_upper()) for ball, value in zip(rest, low.tolist(), strict=True)]
        zero = np.array([bool(ball.is_zero()) for ball in balls])
        return cls(high, low, np.where(zero, 0.0, np.array(radius) * (1 + 4 * _U) + _UNDERFLOW), zero)


def _unbounded(ball: Any) -> bool:
    return not ball.is_finite() or (ball.rel_accuracy_bits() < 1 and float(ball.abs_upper()) > 1e200)


def certify(network: Network, point: Point, gradients: Gradients) -> list[Certified]:
    """A row for each array of `{"W": [...], "b": [...], "x": …}`, `x` only where it is given.

    Raises `DomainError` where the loss has no value.
    """
    return rows(Truth.at(network, point), gradients)


def rows(truth: Truth, gradients: Gradients) -> list[Certified]:
    """The same where the truth is known already."""
    arrays = [(role, number) for role, number in truth.arrays if number is not None or "x" in gradients]
    return [_row(truth, role, number, given(gradients, role, number)) for role, number in arrays]


def given(gradients: Gradients, role: str, number: int | None) -> Any:
    """The gradient that was handed in for an array, whatever it is."""
    if number is None:
        return gradients.get("x")
    parts = gradients.get(role)
    return parts[number - 1] if isinstance(parts, Sequence) and len(parts) >= number else None


def name_of(role: str, number: int | None) -> str:
    """`W1`, `b1`, `x`."""
    return role if number is None else f"{role}{number}"


def as_matrix(value: Any, role: str, shape: tuple[int, int]) -> tuple[Array | None, str]:
    """The gradient as a matrix (b and x as columns), or None and what is wrong with its shape."""
    wanted = shape if role == "W" else shape[:1]
    if value is None:
        return None, f"missing; an array of shape {wanted} was expected"
    if np.iscomplexobj(value):
        return None, "is complex; real numbers were expected"
    array = np.asarray(value, dtype=np.float64)
    if array.shape != wanted:
        return None, f"has the shape {array.shape}, not {wanted}"
    return array.reshape(shape), ""


@np.errstate(all="ignore")
def _row(truth: Truth, role: str, number: int | None, value: Any) -> Certified:
    left, right = (_Sum.of(balls) for balls in truth.factors(role, number))
    shape = (left.high.size, right.high.size)
    matrix, problem = as_matrix(value, role, shape)
    name, entries = name_of(role, number), shape[0] * shape[1]
    if matrix is None:
        return Certified(name, entries, math.inf, 0, 0, entries, None, problem)
    error = _Errors.of(matrix, left, right)
    budget = truth.budget(role, number)
    wide, wrong = error.radius > budget / 2, ~(error.least <= budget)
    zero = ~(error.size > 0) & ~wide
    relative = np.where(matrix == 0, 1.0, error.most * (1 + 8 * _U) / error.size)[~zero & ~wide]
    bound = None if wide.all() else math.inf if np.isnan(relative).any() else float(relative.max(initial=0.0))
    place = _worst(error.most / budget, wrong)
    note = "" if place is None else _says(role, place, matrix, np.outer(left.high, right.high))
    zeros, open_, failures = (int(mask.sum()) for mask in (zero, wide & ~wrong, wrong))
    shown = None if place is None else place[: 1 + (role == "W")]
    return Certified(name, entries, bound, zeros, open_, failures, shown, note)


def without_derivative(truth: Truth, role: str, number: int | None) -> Array:
    """Which entries (a matrix) have no derivative, since they depend on a branch that is not decided at a kink."""
    left, right = (_Sum.of(balls) for balls in truth.factors(role, number))
    with np.errstate(all="ignore"):
        error = _Errors.of(np.zeros((left.high.size, right.high.size)), left, right)
    return np.asarray(error.radius > truth.budget(role, number) / 2)


def _worst(excess: Array, wrong: Array) -> tuple[int, int] | None:
    if not wrong.any():
        return None
    excess = np.where(wrong, np.nan_to_num(excess, nan=np.inf), -1.0)
    j, k = np.unravel_index(int(excess.argmax()), excess.shape)
    return int(j) + 1, int(k) + 1


def _says(role: str, place: tuple[int, int], matrix: Array, true: Array) -> str:
    j, k = place
    entry = f"({j}, {k})" if role == "W" else f"{j}"
    return f"entry {entry} is {matrix[j - 1, k - 1]:.10g}, the true value is {true[j - 1, k - 1]:.10g}"


@dataclass(frozen=True, eq=False)
class _Errors:
    """Bounds for every entry: `least` ≤ |g − δ a| ≤ `most`, `size` ≤ |δ a|, the enclosure's own `radius`."""

    least: Array
    most: Array
    size: Array
    radius: Array

    @classmethod
    def of(cls, matrix: Array, left: _Sum, right: _Sum) -> _Errors:
        zero = left.zero[:, None] | right.zero[None, :]
        high, low = _product(left.high[:, None], right.high[None, :])
        cross = left.high[:, None] * right.low[None, :] + left.low[:, None] * right.high[None, :]
        cross = cross + left.low[:, None] * right.low[None, :]
        distance = np.where(zero, np.abs(matrix), np.abs((matrix - high) - (low + cross)))
        # one rounding each of g − high, of low + cross (whose terms are at most 4 u |high|) and of their difference
        slack = np.where(zero, 0.0, 8 * _U * distance + 64 * _U * _U * np.abs(high))
        radius = np.where(zero, 0.0, _radius(left, right))
        size = np.where(zero, 0.0, np.abs(high) * (1 - 16 * _U) - radius)
        return cls(distance - slack - radius, distance + slack + radius, size, radius)


def _radius(left: _Sum, right: _Sum) -> Array:
    """|(h + l + r)(h′ + l′ + r′) − (h + l)(h′ + l′)| at most."""
    first = (np.abs(left.high) + np.abs(left.low) + left.radius)[:, None] * right.radius[None, :]
    second = left.radius[:, None] * (np.abs(right.high) + np.abs(right.low))[None, :]
    return (first + second) * (1 + 16 * _U) + _UNDERFLOW


def _product(a: Array, b: Array) -> tuple[Array, Array]:
    """a b as an unevaluated sum of two floats, without error (Dekker; a and b below 2^995)."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _split(a), _split(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _split(a: Array) -> tuple[Array, Array]:
    scaled = 134217729.0 * a  # 2^27 + 1
    high = scaled - (scaled - a)
    return high, a - high
