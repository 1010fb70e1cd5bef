"""The numbers of the worked example as they are printed: rounded from balls at the point's decimals, not from floats.

A float is taken as the decimal that it is written as, 0.1 as 1/10, so that what is printed is what a reader finds who
computes with the numbers on the page.  Where there is no derivative, at a kink, the engine's float stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from functools import cached_property, partial
from itertools import islice
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from derive.derivation import Derivation
from derive.network import Layer
from verify.oracles.balls import Balls
from verify.oracles.enclosure import PRECISIONS, Enclosure, enclose
from verify.oracles.forward import activation, forward
from verify.oracles.point import Point
from verify.oracles.tape import reverse

DIGITS = 24  # of a decimal that stands for a ball: a rounding of it is a rounding of the ball
_BITS = 80  # so many relative bits a ball has that stands for a number
_SATURATED, _LARGE = 50, 1e20
_NOTHING = 1e-30  # a ball that is not so narrow, and all of it smaller than this, is around 0


class _Exact(Point):
    """A point of balls around decimals, in the place of floats."""

    def __post_init__(self) -> None:
        """Nothing is made a float."""

    def constants_of(self, layer: Layer) -> tuple[Any, ...]:
        """The constants of a layer's activation, as balls around decimals."""
        return tuple(_ball(one) for one in super().constants_of(layer))


def exact_decimal(value: float) -> Decimal:
    """The decimal that a float is written as."""
    return Decimal(repr(float(value)))


def rounded_up(value: float, digits: int) -> Decimal:
    """The smallest decimal of so many digits that is not below a float."""
    return Context(prec=digits, rounding=ROUND_CEILING).create_decimal(Decimal(value))


class Decimals:
    """Every quantity at the point: `x`, `W1`, `z1`, `delta2`, `dW1`, …, each entry as a decimal of many digits.

    `floats` are the engine's values by the same names, for entries that have none in balls.
    """

    def __init__(self, derivation: Derivation, point: Point, floats: Mapping[str, Any]) -> None:
        self.derivation, self.point, self.floats = derivation, point, floats

    @cached_property
    def _found(self) -> Enclosure:
        with ctx.workprec(PRECISIONS[-1] + 64):
            point = _exact(self.point)
            found = enclose(self.derivation.network, point)
            return enclose(self.derivation.network, point, enough=PRECISIONS[-1]) if _extreme(point, found) else found

    def entry(self, name: str, place: tuple[int, ...]) -> Decimal:
        """One entry of an array, places counted from 0."""
        return _decimal(self._balls(name)[place], self.floats[name][place])

    def first(self, name: str, count: int) -> list[Decimal]:
        """The first entries, row by row."""
        pairs = zip(self._balls(name).ravel(), np.ravel(self.floats[name]), strict=True)
        return [_decimal(*one) for one in islice(pairs, count)]

    def array(self, name: str) -> Any:
        """All entries."""
        found = np.empty(np.shape(self.floats[name]), object)
        found.ravel()[:] = self.first(name, found.size)
        return found

    def length(self, name: str) -> Decimal:
        """The Euclidean length of all entries."""
        with ctx.workprec(2 * _BITS):
            squares = sum((one * one for one in self._balls(name).ravel()), arb(0))
            return _decimal(squares.sqrt(), float(np.sqrt(np.sum(np.square(self.floats[name])))))

    def slope(self, layer: int, at: int, otherwise: float) -> Decimal:
        """σ′(z) of a neuron of a layer whose activation is applied entry by entry; both are counted from 1 and 0."""
        return _decimal(self._slopes[layer][at], otherwise)

    @cached_property
    def loss(self) -> Decimal:
        """The value of the loss."""
        return _decimal(self._found.loss, float(self.floats["E"]))

    def loss_after(self, rate: str, otherwise: float) -> Decimal:
        """The loss after one step against the gradient."""
        with ctx.workprec(PRECISIONS[0]):
            step, here = _ball(float(rate)), _exact(self.point)
            W, b = (tuple(self._moved(role, step, values)) for role, values in (("W", here.W), ("b", here.b)))
            moved = _Exact(W, b, here.x, here.y, here.constants)
            return _decimal(np.ravel(forward(self.derivation.network, moved, Balls()).loss)[0], otherwise)

    def _moved(self, role: str, step: Any, values: tuple[Any, ...]) -> Iterator[Any]:
        """The parameters of a role after a step; an appended bias stands in W and its gradient too."""
        for layer, value in enumerate(values, 1):
            yield None if value is None else value - step * self._balls(f"d{role}{layer}")

    @cached_property
    def _slopes(self) -> dict[int, Any]:
        return dict(self._sloped())

    def _sloped(self) -> Iterator[tuple[int, Any]]:
        point = _exact(self.point)
        with ctx.workprec(2 * _BITS):
            for layer, spec in enumerate(self.derivation.network.stack, 1):
                function = partial(_activation, spec, point.constants_of(spec))
                z, m = self._found.z[layer - 1], Balls()
                pulled = np.asarray(reverse(m, function, z)[1](m.vector([1] * len(z))))
                yield layer, pulled if not m.undecided else np.full(len(z), arb("nan"))

    def _balls(self, name: str) -> Any:
        role, layer = name.rstrip("0123456789"), int(name[len(name.rstrip("0123456789")) :] or 0)
        found, stack = self._found, self.derivation.network.stack
        if role in ("x", "y"):
            return found.a[0] if role == "x" else _balls(self.point.y)
        if role in ("dW", "db"):
            delta, before = found.delta[layer - 1], found.a[layer - 1]
            columns = [*before, arb(1)] if stack[layer - 1].bias == "appended" else list(before)
            with ctx.workprec(max(2 * _BITS, found.precision)):
                return delta if role == "db" else np.array([[one * k for k in columns] for one in delta], object)
        if role == "dx":
            return found.v[0]
        rows = {"z": found.z, "a": found.a[1:], "delta": found.delta, "g": found.v[1:]}
        return rows[role][layer - 1]


def _extreme(point: Point, found: Enclosure) -> bool:
    """Whether numbers differ so much in size that a sum may be a short decimal but for its last few hundred digits."""
    given = (*point.W, *point.b, point.x, point.y)
    entries: list[Any] = [one for array in given if array is not None for one in np.ravel(array).tolist()]
    sizes = [abs(one) for one in entries if not one.is_zero()]
    saturated = any(abs(one) > _SATURATED for layer in found.z for one in layer)
    return saturated or any(one > _LARGE or one * _LARGE < 1 for one in sizes)


def _activation(layer: Layer, constants: tuple[Any, ...], m: Any, z: Any) -> Any:
    return activation(m, layer, constants, z)


def _exact(point: Point) -> Point:
    with ctx.workprec(PRECISIONS[-1] + 64):
        return _Exact(
            tuple(None if one is None else _balls(one) for one in point.W),
            tuple(None if one is None else _balls(one) for one in point.b),
            _balls(point.x), _balls(point.y), point.constants,
        )  # fmt: skip


def _balls(values: Any) -> Any:
    array = np.asarray(values)
    found = np.empty(array.shape, object)
    found.ravel()[:] = [_ball(one) for one in array.ravel().tolist()]
    return found


def _ball(value: float) -> Any:
    exact = Fraction(repr(float(value)))
    return arb(fmpq(exact.numerator, exact.denominator))


def _decimal(ball: Any, otherwise: Any) -> Decimal:
    """The middle of a ball that is narrow, else the float."""
    number = arb(ball)
    if number.is_zero() or (number.rel_accuracy_bits() < _BITS and abs(number) < _NOTHING):
        return Decimal(0)
    if not number.is_finite() or number.rel_accuracy_bits() < _BITS:
        return exact_decimal(float(otherwise))
    text = number.mid().str(DIGITS + 10, radius=False, more=True)
    return _beside(number, Context(prec=DIGITS).create_decimal(text)).normalize()


def _beside(ball: Any, value: Decimal) -> Decimal:
    """A rounded decimal, moved by a unit towards a number that it certainly is not: 1 − 10⁻⁴⁰⁰ is not printed = 1."""
    exact, context = Fraction(value), Context(prec=DIGITS)
    with ctx.workprec(PRECISIONS[-1] + 64):
        off = ball - fmpq(exact.numerator, exact.denominator)
        if off > 0:
            return value.next_plus(context)
        return value.next_minus(context) if off < 0 else value
