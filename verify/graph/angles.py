"""Sines and cosines in few generators: sin(kθ) and cos(kθ) by θ, sums of angles taken apart, sin² = 1 − cos².

NIST Handbook 4.21.1–4.21.2 (sums of angles) and 4.21.33 (multiples).
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from verify.graph.polynomials import Generator, Polynomial
from verify.graph.quotients import Quotient, Ring

LARGEST_MULTIPLE = 6
MOST_ANGLES = 3
Pair = tuple[Quotient, Quotient]
"""cos and sin of one angle."""


class Angles:
    """sin and cos over one ring."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring

    def of(self, argument: Quotient) -> Pair:
        """cos and sin of a quotient."""
        numerator, denominator, _ = self.ring.canonical(argument)
        if numerator == 0:
            return self.ring.one, self.ring.zero
        terms = list(zip(numerator.monoms(), numerator.coeffs(), strict=True))
        taken_apart = len(terms) <= MOST_ANGLES and all(
            abs(c.p) <= LARGEST_MULTIPLE and c.q == terms[0][1].q for _, c in terms
        )
        if not taken_apart:
            return self._angle(numerator, denominator)
        result: Pair = self.ring.one, self.ring.zero
        for exponents, coefficient in terms:
            term = self.ring.context.from_dict({exponents: fmpq(1, coefficient.q)})
            result = self._sum(result, self._multiple(self._angle(term, denominator), int(coefficient.p)))
        return result

    def _angle(self, numerator: Polynomial, denominator: Polynomial) -> Pair:
        """The generators of one angle; of an angle and its negative, one pair serves both."""
        if numerator.leading_coefficient() < 0:
            cosine, sine = self._angle(-numerator, denominator)
            return cosine, self.ring.scaled(sine, -1)
        text = f"{numerator}/{denominator}"
        first = self.ring.generator(("cos", text), lambda: Generator("cos"))
        second = self.ring.generator(("sin", text), lambda: Generator("sin"))
        self.ring.relate(second, 2, 1 - self.ring.variables[first] ** 2)
        return self.ring.monomial(first), self.ring.monomial(second)

    def _sum(self, a: Pair, b: Pair) -> Pair:
        times, subtract = self.ring.multiply, self.ring.subtract
        cosine = subtract(times(a[0], b[0]), times(a[1], b[1]))
        return cosine, self.ring.add((times(a[1], b[0]), times(a[0], b[1])))

    def _multiple(self, angle: Pair, times: int) -> Pair:
        if times < 0:
            cosine, sine = self._multiple(angle, -times)
            return cosine, self.ring.scaled(sine, -1)
        result: Pair = self.ring.one, self.ring.zero
        for _ in range(times):
            result = self._sum(result, angle)
        return result


def opposite(ring: Ring, argument: Quotient) -> tuple[int, Quotient]:
    """(s, v) with argument = s·v, s = ±1, and the same v for the argument and its negative."""
    negative = ring.canonical(argument).numerator.leading_coefficient() < 0
    return (-1, ring.scaled(argument, -1)) if negative else (1, argument)


def key_of(ring: Ring, name: Any, arguments: tuple[Quotient, ...]) -> tuple[Any, ...]:
    """What names a function's value: its name and its arguments in lowest terms."""
    return ("value", name, *(ring.canonical(argument).text for argument in arguments))
