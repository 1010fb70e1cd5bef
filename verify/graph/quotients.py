"""Fractions of polynomials: sums, products, quotients and powers, and their lowest terms.

A `Quotient` keeps its denominator as powers of numbered factors, so that a sum over one denominator is a sum of
numerators and no greatest common divisor is taken on the way.  No denominator holds a sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flint import fmpq

from verify.graph.errors import Undefined
from verify.graph.nodes import TooLarge
from verify.graph.polynomials import Polynomial, Polynomials, divided

Denominator = tuple[tuple[int, int], ...]
MOST_TRIED = 24
LARGEST_TRIED = 400


class Quotient(NamedTuple):
    """A numerator over powers (number of the factor, exponent)."""

    numerator: Polynomial
    denominator: Denominator


class Canonical(NamedTuple):
    """A numerator and a monic denominator without a common factor; `text` is the same for equal quotients."""

    numerator: Polynomial
    denominator: Polynomial
    text: str


class Ring(Polynomials):
    """Arithmetic of quotients in at most `size` generators."""

    def __init__(self, size: int, most_terms: int, most_work: int) -> None:
        super().__init__(size, most_terms, most_work)
        self.zero = Quotient(self.context.constant(0), ())
        self.one = Quotient(self.unit, ())
        self._canonical: dict[tuple[str, Denominator], Canonical] = {}

    def monomial(self, number: int, exponent: int = 1) -> Quotient:
        """A power of a generator, of either sign."""
        if exponent >= 0:
            return Quotient(self.reduced(self.variables[number] ** exponent), ())
        return self.power(self._inverse(self.variables[number]), -exponent)

    def constant(self, value: Any) -> Quotient:
        """A rational number."""
        return Quotient(self.context.constant(fmpq(value.numerator, value.denominator)), ())

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
        (small, other), back = self.compact(numerator, denominator)
        common = back(small.gcd(other))
        leading = denominator.leading_coefficient()
        numerator, denominator = numerator / common / leading, denominator / common / leading
        scale = denominator.leading_coefficient()
        numerator, denominator = numerator / scale, denominator / scale
        return Canonical(numerator, denominator, f"{numerator}/{denominator}" if denominator != 1 else str(numerator))
