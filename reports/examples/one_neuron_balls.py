"""Descents in balls: an optimiser's rule as its row states it, with every number enclosed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from flint import arb, ctx, fmpq
from sympy import Add, Expr, Mul, Number, Pow, Rational

from verify.training.rules import OPTIMISERS, Optimiser, eta, g, t, theta

Balls = list[arb]
Gradient = Callable[[Balls], Balls]
BITS = 300
"""Each step doubles what is not known of a number, or less; that leaves 70 digits after some dozen steps."""


def ball(value: Fraction | int) -> arb:
    """A fraction as a ball."""
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def descent(
    name: str, gradient: Gradient, start: Sequence[int], rate: Fraction, steps: int, **settings: Fraction
) -> Balls:
    """Where so many steps of an optimiser lead, without weight decay, whatever the precision of what asks."""
    with ctx.workprec(max(ctx.prec, BITS)):
        return _descended(OPTIMISERS[name], gradient, start, rate, steps, settings)


def _descended(
    row: Optimiser,
    gradient: Gradient,
    start: Sequence[int],
    rate: Fraction,
    steps: int,
    settings: Mapping[str, Fraction],
) -> Balls:
    numbers: dict[Any, arb] = {eta: ball(rate)}
    for one in row.settings:
        usual = Fraction(str(one.usual))
        numbers[one.symbol] = ball(settings.get(one.name, usual))
    point = [ball(one) for one in start]
    kept: list[dict[Any, arb]] = [{one: arb(0) for one in row.memory} for _ in point]
    for step in range(1, steps + 1):
        slopes = gradient(point)
        point = [
            _step(row, memory, {**numbers, theta: value, g: slope, t: arb(step)})
            for memory, value, slope in zip(kept, point, slopes, strict=True)
        ]
    return point


def _step(row: Optimiser, memory: dict[Any, arb], values: dict[Any, arb]) -> arb:
    """One entry's next value; its memory is changed in place."""
    known = {**values, **memory}
    for one in row.update:
        known[one.target] = valued(one.value, known)
    for symbol in memory:
        memory[symbol] = known[symbol]
    return known[theta]


def valued(expression: Expr, values: Mapping[Any, arb]) -> arb:
    """The value of an expression of sums, products and powers, at balls for its letters."""
    if expression in values:
        return values[expression]
    if isinstance(expression, Number):
        return ball(Fraction(int(expression.p), int(expression.q)))
    if isinstance(expression, Pow) and abs(expression.exp) == Rational(1, 2):
        root = valued(expression.base, values).sqrt()
        return root if expression.exp > 0 else 1 / root
    if isinstance(expression, Pow) and expression.exp.is_Integer:
        return valued(expression.base, values) ** int(expression.exp)
    parts = [valued(one, values) for one in expression.args]
    if isinstance(expression, Pow):
        return parts[0] ** parts[1]
    if isinstance(expression, Add):
        return sum(parts, start=arb(0))
    if isinstance(expression, Mul):
        return prod(parts, start=arb(1))
    raise TypeError(f"an update rule may not contain {type(expression).__name__}: {expression}")
