"""Fractions of polynomials over ℚ in generators, some of which have a power that is a polynomial in earlier ones.

A `Quotient` keeps its denominator as powers of numbered factors, so that a sum over one denominator is a sum of
numerators and no greatest common divisor is taken on the way.  A generator q may have a relation q^d = r: a root, or a
sign (σ² = 1).  Numerators never hold the d-th power of such a generator, and no denominator holds a sign.

FLINT's calls cannot be interrupted: work is estimated before each, and `TooLarge` raised where a budget is spent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any, NamedTuple

from flint import Ordering, fmpq, fmpq_mpoly_ctx
from flint.utils.flint_exceptions import DomainError

from verify.graph.errors import Undefined
from verify.graph.nodes import TooLarge

Polynomial = Any
"""FLINT's `fmpq_mpoly`."""

Denominator = tuple[tuple[int, int], ...]
MOST_TRIED = 24
LARGEST_TRIED = 400
MOST_CASES = 2


class Quotient(NamedTuple):
    """A numerator over powers (number of the factor, exponent)."""

    numerator: Polynomial
    denominator: Denominator


class Canonical(NamedTuple):
    """A numerator and a monic denominator without a common factor; `text` is the same for equal quotients."""

    numerator: Polynomial
    denominator: Polynomial
    text: str


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


class Ring:
    """Arithmetic of quotients in at most `size` generators."""

    def __init__(self, size: int, most_terms: int, most_work: int) -> None:
        self.context = fmpq_mpoly_ctx.get([f"v{number}" for number in range(size)], Ordering.lex)
        self.variables: tuple[Polynomial, ...] = self.context.gens()
        self.generators: dict[int, Generator] = {}
        self.relations: dict[int, Relation] = {}
        self.signs: list[int] = []
        self.most_terms, self.most_work, self.work = most_terms, most_work, 0
        self._numbers: dict[Any, int] = {}
        self._factors: list[Polynomial] = []
        self._factor_numbers: dict[str, int] = {}
        self._compound: list[int] = []
        self._powers: dict[tuple[int, int], Polynomial] = {}
        self._canonical: dict[tuple[str, Denominator], Canonical] = {}
        self.unit: Polynomial = self.context.constant(1)
        self.zero = Quotient(self.context.constant(0), ())
        self.one = Quotient(self.unit, ())

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

    def monomial(self, number: int, exponent: int = 1) -> Quotient:
        """A power of a generator, of either sign."""
        if exponent >= 0:
            return Quotient(self.reduced(self.variables[number] ** exponent), ())
        return self.power(self._inverse(self.variables[number]), -exponent)

    def constant(self, value: Any) -> Quotient:
        """A rational number."""
        return Quotient(self.context.constant(fmpq(value.numerator, value.denominator)), ())

    # --- arithmetic ---

    def times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """A product of polynomials, reduced by the relations."""
        self._spend(len(left) * len(right))
        return self._checked(self.reduced(left * right) if self.relations else left * right)

    def _spend(self, work: int) -> None:
        self.work += work
        if self.work > self.most_work:
            raise TooLarge("the polynomials of the formula grow too large")

    def _checked(self, polynomial: Polynomial) -> Polynomial:
        if len(polynomial) > self.most_terms:
            raise TooLarge(f"a polynomial of the formula has more than {self.most_terms:,} terms")
        return polynomial

    def add(self, terms: Iterable[Quotient]) -> Quotient:
        """A sum, over the least common multiple of the denominators as they are factored.

        Terms over the same denominator are added first, then terms over powers of the same factors.
        """
        groups: dict[Denominator, Polynomial] = {}
        for numerator, denominator in terms:
            found = groups.get(denominator)
            groups[denominator] = numerator if found is None else found + numerator
        left = [Quotient(numerator, denominator) for denominator, numerator in groups.items() if numerator != 0]
        if len(left) > 2:
            alike: dict[tuple[int, ...], list[Quotient]] = {}
            for term in left:
                alike.setdefault(tuple(factor for factor, _ in term.denominator), []).append(term)
            left = [term for group in alike.values() if (term := self._over_one(group)).numerator != 0]
        return self._over_one(left)

    def _over_one(self, terms: Sequence[Quotient]) -> Quotient:
        if len(terms) < 2:
            return self.cancelled(*terms[0]) if terms else self.zero
        common: dict[int, int] = {}
        for _, denominator in terms:
            for factor, exponent in denominator:
                common[factor] = max(exponent, common.get(factor, 0))
        parts = [self._over(numerator, denominator, common) for numerator, denominator in terms]
        return self.cancelled(sum(parts[1:], parts[0]), tuple(sorted(common.items())))

    def _over(self, numerator: Polynomial, denominator: Denominator, common: dict[int, int]) -> Polynomial:
        own = dict(denominator)
        for factor, exponent in common.items():
            missing = exponent - own.get(factor, 0)
            if missing:
                numerator = self.times(numerator, self.factor_power(factor, missing))
        return numerator

    def subtract(self, left: Quotient, right: Quotient) -> Quotient:
        """A difference."""
        return self.add((left, Quotient(-right.numerator, right.denominator)))

    def multiply(self, left: Quotient, right: Quotient) -> Quotient:
        """A product; factors of one's numerator are cancelled against the other's denominator."""
        a, below_a = self.cancelled(left.numerator, right.denominator)
        b, below_b = self.cancelled(right.numerator, left.denominator)
        if not below_a or not below_b:
            return Quotient(self.times(a, b), below_a or below_b)
        merged = dict(below_a)
        for factor, exponent in below_b:
            merged[factor] = merged.get(factor, 0) + exponent
        return Quotient(self.times(a, b), tuple(sorted(merged.items())))

    def product(self, factors: Iterable[Quotient]) -> Quotient:
        """The product of several."""
        result = self.one
        for factor in factors:
            result = factor if result is self.one else self.multiply(result, factor)
        return result

    def scaled(self, quotient: Quotient, value: Any) -> Quotient:
        """A rational multiple."""
        return Quotient(quotient.numerator * value, quotient.denominator)

    def power(self, base: Quotient, exponent: int) -> Quotient:
        """A whole power; raises `Undefined` for a negative power of 0."""
        if exponent < 0:
            return self.power(self.inverse(base), -exponent)
        numerator = self.polynomial_power(base.numerator, exponent)
        return Quotient(numerator, tuple((factor, k * exponent) for factor, k in base.denominator if exponent))

    def polynomial_power(self, base: Polynomial, exponent: int) -> Polynomial:
        """A power of a polynomial, unless it would have too many terms."""
        terms = len(base)
        if terms > 1 and (exponent > 4096 or comb(exponent + terms - 1, min(exponent, terms - 1)) > self.most_terms):
            raise TooLarge(f"a power {exponent} of {terms} terms is not written out")
        if terms == 1 and (exponent > 10**6 or len(str(base)) * exponent > 10**6):
            raise TooLarge(f"a power {exponent} is not written out")
        self._spend(terms * exponent)
        return self._checked(self.reduced(base**exponent))

    def inverse(self, quotient: Quotient) -> Quotient:
        """The reciprocal; raises `Undefined` for 0.

        Where the quotient is 0 for one sign of something only, its reciprocal for the other sign stands for it.
        """
        top = self.unit
        for factor, exponent in quotient.denominator:
            top = self.times(top, self.factor_power(factor, exponent))
        return self.multiply(Quotient(top, ()), self._inverse(quotient.numerator))

    def _inverse(self, polynomial: Polynomial) -> Quotient:
        if polynomial == 0:
            raise Undefined("a division by zero")
        leading = polynomial.leading_coefficient()
        content = polynomial.term_content()
        if not content.is_constant():
            polynomial = polynomial / content
        result = self._inverse_term(content, leading)
        if polynomial.is_constant():
            return result
        return self.multiply(result, self._inverse_of_sum(polynomial / leading))

    def _inverse_term(self, content: Polynomial, leading: Any) -> Quotient:
        """1/(leading · content), of a single term; q^-1 = q^(d-1) / r where q^d = r."""
        top, rest, below = self.unit / leading, self.one, []
        if not content.is_constant():
            for number, exponent in enumerate(content.monoms()[0]):
                if exponent and number in self.relations:
                    degree, value, _ = self.relations[number]
                    turns = -(-int(exponent) // degree)
                    top = top * self.variables[number] ** (turns * degree - int(exponent))
                    rest = self.multiply(rest, self.power(self._inverse(value), turns))
                elif exponent:
                    below.append((self.factor(self.variables[number]), int(exponent)))
        return self.multiply(Quotient(top, tuple(sorted(below))), rest)

    def _inverse_of_sum(self, polynomial: Polynomial) -> Quotient:
        """1/p for a monic p of several terms; 1/(A + σB) = (A − σB)/((A + B)(A − B))."""
        for sign in self.signs:
            if self.holds(polynomial, sign):
                a, b = self.halves(polynomial, sign)
                if a == b or a == -b:
                    return self._inverse(a + a)
                below = self.multiply(self._inverse(a + b), self._inverse(a - b))
                return self.multiply(Quotient(a - self.variables[sign] * b, ()), below)
        below_factors: dict[int, int] = {}
        for factor in self._compound[-MOST_TRIED:]:
            quotient = divided(polynomial, self._factors[factor])
            while quotient is not None:
                below_factors[factor] = below_factors.get(factor, 0) + 1
                polynomial, quotient = quotient, divided(quotient, self._factors[factor])
        if not polynomial.is_constant():
            own = self.factor(polynomial)
            below_factors[own] = below_factors.get(own, 0) + 1
        return Quotient(self.unit, tuple(sorted(below_factors.items())))

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

    def cancelled(self, numerator: Polynomial, denominator: Denominator) -> Quotient:
        """The same quotient, with each factor taken out that divides the numerator."""
        if not denominator:
            return Quotient(numerator, ())
        if numerator == 0:
            return self.zero
        size = len(numerator)
        if size > LARGEST_TRIED or numerator.is_constant():
            return Quotient(numerator, denominator)
        left = []
        for number, exponent in denominator:
            factor = self._factors[number]
            while exponent and (size > 1 or len(factor) == 1):
                quotient = divided(numerator, factor)
                if quotient is None:
                    break
                numerator, exponent = quotient, exponent - 1
                size = len(numerator)
            if exponent:
                left.append((number, exponent))
        return Quotient(numerator, tuple(left))

    # --- relations ---

    def holds(self, polynomial: Polynomial, number: int) -> bool:
        """Whether a generator occurs."""
        return bool(polynomial.degrees()[number] > 0)

    def halves(self, polynomial: Polynomial, number: int) -> tuple[Polynomial, Polynomial]:
        """(A, B) with p = A + qB, for a q of which p holds no square."""
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
                if len(value) > 1:
                    self._spend(len(polynomial) * len(value) ** min(int(degrees[number]) // degree, 8))
                polynomial = self._checked(polynomial % relation)
                degrees = polynomial.degrees()
        return polynomial

    # --- canonical form ---

    def canonical(self, quotient: Quotient) -> Canonical:
        """The quotient in lowest terms, square roots (and sines) taken out of its denominator."""
        if not quotient.denominator:
            return Canonical(quotient.numerator, self.unit, str(quotient.numerator))
        key = str(quotient.numerator), quotient.denominator
        found = self._canonical.get(key)
        if found is None:
            found = self._canonical[key] = self._in_lowest_terms(quotient)
        return found

    def _in_lowest_terms(self, quotient: Quotient) -> Canonical:
        numerator, denominator = quotient.numerator, self.unit
        for factor, exponent in quotient.denominator:
            denominator = self.times(denominator, self.factor_power(factor, exponent))
        for number in reversed(self.relations):
            if self.relations[number].degree == 2 and self.holds(denominator, number):
                a, b = self.halves(denominator, number)
                conjugate = a - self.variables[number] * b
                numerator, denominator = self.times(numerator, conjugate), self.times(denominator, conjugate)
        if denominator == 0:
            raise Undefined("a division by zero")
        if len(numerator) * len(denominator) > LARGEST_TRIED**2 // 4:
            raise TooLarge("a quotient is too large to be put in lowest terms")
        common = numerator.gcd(denominator)
        leading = denominator.leading_coefficient()
        numerator, denominator = numerator / common / leading, denominator / common / leading
        scale = denominator.leading_coefficient()
        numerator, denominator = numerator / scale, denominator / scale
        return Canonical(numerator, denominator, f"{numerator}/{denominator}" if denominator != 1 else str(numerator))


def divided(polynomial: Polynomial, factor: Polynomial) -> Polynomial | None:
    """The quotient, or None where the factor does not divide: FLINT says so by `DomainError`."""
    try:
        return polynomial / factor
    except DomainError:
        return None


def by_cases(
    ring: Ring,
    arguments: Sequence[Quotient],
    function: Callable[[Sequence[Quotient]], Quotient],
    factors: bool = False,
) -> Quotient:
    """f(A + σB) = ½(1 + σ) f(A + B) + ½(1 − σ) f(A − B), for every sign σ in the arguments,
    if these are few; else f is applied to polynomials in signs.

    With `factors`, the function deals with signs that are factors of a numerator.  Where one case has no value, the
    other stands for both; raises `Undefined` where neither has.
    """
    held = [s for s in ring.signs if any(_holds(ring, a.numerator, s, factors) for a in arguments)]
    if not held or len(held) > MOST_CASES:
        return function(arguments)
    sign = held[0]
    cases = []
    for value in (1, -1):
        try:
            fixed = [ring.add((Quotient(a.numerator.subs({f"v{sign}": value}), a.denominator),)) for a in arguments]
            cases.append(by_cases(ring, fixed, function, factors))
        except Undefined:
            continue
    if not cases:
        raise Undefined("neither case has a value")
    if len(cases) == 1:
        return cases[0]
    half = ring.variables[sign] / 2
    odd = ring.multiply(Quotient(half, ()), ring.subtract(*cases))
    return ring.add((ring.scaled(ring.add(cases), fmpq(1, 2)), odd))


def _holds(ring: Ring, polynomial: Polynomial, sign: int, factors: bool) -> bool:
    """Whether a sign occurs, not counting where it is a factor of all terms if `factors` are allowed."""
    if not ring.holds(polynomial, sign):
        return False
    return not (factors and ring.holds(polynomial.term_content(), sign))
