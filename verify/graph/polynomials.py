"""Polynomials over ℚ in generators, some of which have a power that is a polynomial in earlier ones.

A generator q may have a relation q^d = r: a root, a sine, or a sign (σ² = 1).  What is multiplied here is reduced: it
never holds the d-th power of such a generator.

FLINT's calls cannot be interrupted: work is estimated before each, and `TooLarge` raised where a budget is spent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import Any, NamedTuple

from flint import Ordering, fmpq_mpoly_ctx
from flint.utils.flint_exceptions import DomainError

from verify.graph.nodes import TooLarge

MOST_BITS = 20_000
LARGEST_POWER = 10**5
SMALL_RING = 12

Polynomial = Any
"""FLINT's `fmpq_mpoly`."""


@dataclass(slots=True)
class Generator:
    """What a generator stands for.

    `kind` is free, sign, root, exp, log or another function's name; `of` what it is taken of: a polynomial for sign,
    root and log, else whatever the maker needs.  `degree` is the d of f^(1/d) or e^(u/d).
    `formal` marks a root or logarithm of something whose sign is not known: it stands for f^(1/d) where that is
    defined; the others stand for |f|^(1/d) and log|f|, wherever f is not 0.
    """

    kind: str
    of: Any = None
    degree: int = 1
    formal: bool = False


class Relation(NamedTuple):
    """q^degree = value; `polynomial` is their difference."""

    degree: int
    value: Polynomial
    polynomial: Polynomial


class Full(Exception):
    """Raised where a ring has no generator left; the ring is then made anew with more."""


class Polynomials:
    """Polynomials in at most `size` generators."""

    def __init__(self, size: int, most_terms: int, most_work: int) -> None:
        self.context = fmpq_mpoly_ctx.get([f"v{number}" for number in range(size)], Ordering.lex)
        self.variables: tuple[Polynomial, ...] = self.context.gens()
        self.generators: dict[int, Generator] = {}
        self.relations: dict[int, Relation] = {}
        self.signs: list[int] = []
        self.most_terms, self.most_work, self.work = most_terms, most_work, 0
        self.unit: Polynomial = self.context.constant(1)
        self._numbers: dict[Any, int] = {}
        self._factors: list[Polynomial] = []
        self._factor_numbers: dict[str, int] = {}
        self._compound: list[int] = []
        self._powers: dict[tuple[int, int], Polynomial] = {}

    # --- generators ---

    def generator(self, key: Any, make: Callable[[], Generator]) -> int:
        """The number of the generator of this key, made where it is new; raises `Full`.

        Numbers count down: a later generator stands before earlier ones in the order of terms, so that the leading
        term of its relation q^d − r is q^d.
        """
        number = self._numbers.get(key)
        if number is None:
            made = make()
            number = len(self.variables) - len(self.generators) - 1
            if number < 0:
                raise Full
            self.generators[number] = made
            self._numbers[key] = number
            if made.kind == "sign":
                self.signs.append(number)
                self.relate(number, 2, self.unit)
        return number

    def relate(self, number: int, degree: int, value: Polynomial) -> None:
        """States q^degree = value of a generator; the value is of earlier generators.  What is stated stays."""
        if number not in self.relations:
            relation = self.variables[number] ** degree - value
            self.relations[number] = Relation(degree, value, relation)

    def number_of(self, polynomial: Polynomial) -> int | None:
        """The number of the generator that an irreducible polynomial is, or None."""
        return int(str(polynomial)[1:]) if len(polynomial) == 1 else None

    # --- arithmetic ---

    def times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """A product of polynomials, reduced by the relations."""
        self.spend(len(left) * len(right))
        return self._checked(self.reduced(left * right) if self.relations else left * right)

    def spend(self, work: int) -> None:
        """Counts products of terms, more in a large ring; raises `TooLarge` where the budget is spent."""
        self.work += work * (1 + len(self.variables) // 32)
        if self.work > self.most_work:
            raise TooLarge("the polynomials of the formula grow too large")

    def _checked(self, polynomial: Polynomial) -> Polynomial:
        terms = len(polynomial)
        if terms > self.most_terms:
            raise TooLarge(f"a polynomial of the formula has more than {self.most_terms:,} terms")
        if terms:
            first, last = polynomial.coefficient(0), polynomial.coefficient(terms - 1)
            if first.height_bits() > MOST_BITS or last.height_bits() > MOST_BITS:
                raise TooLarge("the coefficients of the formula grow too large")
        return polynomial

    def polynomial_power(self, base: Polynomial, exponent: int) -> Polynomial:
        """A power of a polynomial, unless it would have too many terms."""
        terms = len(base)
        if terms > 1 and (exponent > 4096 or comb(exponent + terms - 1, min(exponent, terms - 1)) > self.most_terms):
            raise TooLarge(f"a power {exponent} of {terms} terms is not written out")
        bits = max((coefficient.height_bits() for coefficient in base.coeffs()), default=0)
        if exponent > LARGEST_POWER or bits * exponent > 4 * MOST_BITS:
            raise TooLarge(f"a power {exponent} is not written out")
        self.spend(terms * exponent)
        return self._checked(self.reduced(base**exponent))

    # --- factors ---

    def factor(self, polynomial: Polynomial) -> int:
        """The number of a monic polynomial as a factor of denominators."""
        text = str(polynomial)
        number = self._factor_numbers.get(text)
        if number is None:
            number = self._factor_numbers[text] = len(self._factors)
            self._factors.append(polynomial)
            if len(polynomial) > 1:
                self._compound.append(number)
        return number

    def factor_power(self, factor: int, exponent: int) -> Polynomial:
        """A power of a factor, written out."""
        if exponent == 1:
            return self._factors[factor]
        found = self._powers.get((factor, exponent))
        if found is None:
            found = self.polynomial_power(self._factors[factor], exponent)
            self._powers[factor, exponent] = found
        return found

    # --- relations ---

    def holds(self, polynomial: Polynomial, number: int) -> bool:
        """Whether a generator occurs."""
        return bool(polynomial.degrees()[number] > 0)

    def compact(self, *polynomials: Polynomial) -> tuple[list[Polynomial], Callable[[Polynomial], Polynomial]]:
        """The polynomials in a ring of their own generators, where FLINT is faster, and the way back."""
        if len(self.variables) <= SMALL_RING:
            return list(polynomials), lambda polynomial: polynomial
        degrees = zip(*(polynomial.degrees() for polynomial in polynomials), strict=True)
        used = [number for number, each in enumerate(degrees) if max(each) > 0]
        small = fmpq_mpoly_ctx.get([f"u{number}" for number in range(max(1, len(used)))], Ordering.lex)
        there, back = {number: i for i, number in enumerate(used)}, dict(enumerate(used))
        return (
            [polynomial.project_to_context(small, there) for polynomial in polynomials],
            lambda polynomial: polynomial.project_to_context(self.context, back),
        )

    def halves(self, polynomial: Polynomial, number: int) -> tuple[Polynomial, Polynomial]:
        """(A, B) with p = A + qB, for a q of which p holds no square."""
        self.spend(len(polynomial))
        without = polynomial.subs({f"v{number}": 0})
        return without, (polynomial - without) / self.variables[number]

    def reduced(self, polynomial: Polynomial) -> Polynomial:
        """The same with every power q^d, d or more, replaced by its relation."""
        if not self.relations:
            return polynomial
        degrees = polynomial.degrees()
        for number in reversed(self.relations):
            degree, value, relation = self.relations[number]
            if degrees[number] >= degree:
                turns = int(degrees[number]) // degree
                self.spend(turns + len(polynomial) * len(value) ** min(turns, 8))
                polynomial = self._checked(polynomial % relation)
                degrees = polynomial.degrees()
        return polynomial


def divided(polynomial: Polynomial, factor: Polynomial) -> Polynomial | None:
    """The quotient, or None where the factor does not divide: FLINT says so by `DomainError`."""
    try:
        return polynomial / factor
    except DomainError:
        return None
