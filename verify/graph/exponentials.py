"""Exponentials in as few generators as the exponents have dimensions over ℚ.

An exponent is a vector: its coefficients, by monomials over denominators.  The first is a basis vector; a later one is
a rational combination of the basis and a rest, and the rest, if it is not 0, joins the basis.  So e^u, e^(−u), e^(u/2)
and e^(u+v)·e^(−v) share generators, and e^(w₁x₁ + w₂x₂ + b) is one.  The generator of a basis vector u stands for
e^(u/d); where a combination needs a new d, `Rescale` is raised, and everything is done again with the d that serves
all.
"""

from __future__ import annotations

from math import lcm
from typing import Any, NamedTuple

from flint import fmpq

from verify.graph.nodes import TooLarge
from verify.graph.polynomials import Generator, Polynomial
from verify.graph.quotients import Quotient, Ring

LARGEST_EXPONENT = 20_000
LARGEST_DEGREE = 720
MOST_COORDINATES = 5_000

Monomial = tuple[int, ...]
Coordinate = Monomial | str
"""A monomial's exponents, or the text of a monomial over a polynomial."""

Vector = dict[Coordinate, Any]
"""Rational coefficients by coordinates."""


class Rescale(Exception):
    """Raised where a generator must stand for a smaller root or exponent than it does."""


class Degrees:
    """The d of each generator for f^(1/d) or e^(u/d), kept from one attempt to the next."""

    def __init__(self) -> None:
        self._found: dict[Any, int] = {}

    def of(self, key: Any, exponent: Any) -> int:
        """A d such that d · exponent is whole; raises `Rescale` where the d so far is not."""
        denominator = int(exponent.q)
        degree = self._found.setdefault(key, denominator)
        if degree % denominator:
            self._found[key] = lcm(degree, denominator)
            if self._found[key] > LARGEST_DEGREE:
                raise TooLarge("the fractional exponents of the formula have no small common denominator")
            raise Rescale
        return degree


def whole(exponent: Any) -> int:
    """A whole exponent as Python's number."""
    if abs(exponent) > LARGEST_EXPONENT:
        raise TooLarge("an exponent of the formula is too large")
    return int(exponent.p)


class _Basis(NamedTuple):
    vector: Vector
    pivot: Coordinate
    key: Any
    quotient: Quotient


class Exponentials:
    """e^u over one ring."""

    def __init__(self, ring: Ring, degrees: Degrees) -> None:
        self.ring, self.degrees = ring, degrees
        self._basis: list[_Basis] = []
        self._fractions: dict[str, Quotient] = {}

    def coordinate(self, exponents: Monomial, denominator: Polynomial | None) -> Coordinate:
        """The name of a monomial over a monic denominator, in lowest terms."""
        if denominator is None:
            return exponents
        term = self.ring.context.from_dict({exponents: 1})
        common = term.gcd(denominator.term_content())
        term, denominator = term / common, denominator / common
        if denominator == 1:
            return tuple(term.monoms()[0])
        name = f"{term}/{denominator}"
        self._fractions.setdefault(name, Quotient(term, ((self.ring.factor(denominator), 1),)))
        return name

    def _quotient(self, coordinate: Coordinate) -> Quotient:
        if isinstance(coordinate, str):
            return self._fractions[coordinate]
        return Quotient(self.ring.context.from_dict({coordinate: 1}), ())

    def of(self, vector: Vector) -> Quotient:
        """e to the power of a vector."""
        factors = []
        rest = dict(vector)
        for basis in self._basis:
            coefficient = rest.get(basis.pivot)
            if coefficient:
                _subtract(rest, basis.vector, coefficient)
                factors.append(self._power(basis, coefficient))
        if rest:
            if sum(len(basis.vector) for basis in self._basis) + len(rest) > MOST_COORDINATES:
                raise TooLarge("the exponents of the formula have too many terms")
            factors.append(self._power(self._joined(rest), next(iter(rest.values()))))
        return self.ring.product([self.ring.one, *factors])

    def _joined(self, rest: Vector) -> _Basis:
        """A new basis vector: the rest, with coefficient 1 at its first coordinate."""
        pivot, leading = next(iter(rest.items()))
        vector = {name: coefficient / leading for name, coefficient in rest.items()}
        terms = [self.ring.scaled(self._quotient(name), coefficient) for name, coefficient in vector.items()]
        key = "exp", frozenset((name, str(coefficient)) for name, coefficient in vector.items())
        self._basis.append(_Basis(vector, pivot, key, self.ring.add(terms)))
        return self._basis[-1]

    def _power(self, basis: _Basis, exponent: Any) -> Quotient:
        degree = self.degrees.of(basis.key, exponent)
        number = self.ring.generator(basis.key, lambda: Generator("exp", basis, degree))
        return self.ring.monomial(number, whole(exponent * degree))

    def power(self, number: int, exponent: Any) -> Quotient:
        """A rational power of the generator of an exponential."""
        generator = self.ring.generators[number]
        return self._power(generator.of, exponent / generator.degree)

    def logarithm(self, number: int) -> Quotient:
        """The u/d of the generator that stands for e^(u/d)."""
        generator = self.ring.generators[number]
        return self.ring.scaled(generator.of.quotient, fmpq(1, generator.degree))


def _subtract(vector: Vector, other: Vector, times: Any) -> None:
    """vector −= times · other, without zeros."""
    for name, coefficient in other.items():
        left = vector.get(name, 0) - times * coefficient
        if left:
            vector[name] = left
        else:
            vector.pop(name, None)
