"""Signs of polynomials: known, or a product of sign generators σ with σ² = 1, one for each factor of unknown sign.

A factor is positive where all its terms are: a positive coefficient times positive generators, roots and even powers.
'Positive' here means positive except where it is 0, which is a kink or a point without a value.  What the caller
assumes (1 − a > 0, or ab > 0) is kept as the sign of a factor, or as a relation between signs.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from verify.graph.errors import Unclear, Undefined
from verify.graph.polynomials import Generator, Polynomial, divided
from verify.graph.quotients import Quotient, Ring

Sign = tuple[int, frozenset[int]]
"""1 or −1, times the product of these sign generators."""

POSITIVE: Sign = (1, frozenset())
NEGATIVE: Sign = (-1, frozenset())
MOST_FACTORED_TERMS, MOST_FACTORED_DEGREE, MOST_FACTORED_WORK = 120, 40, 1200
ALWAYS_POSITIVE = ("exp", "pi")


def joined(left: Sign, right: Sign) -> Sign:
    """The sign of a product."""
    return left[0] * right[0], left[1] ^ right[1]


class Signs:
    """What is known of signs in one ring."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._factored: dict[str, tuple[Any, list[tuple[Polynomial, int]]]] = {}
        self._of_factor: dict[str, Sign] = {}
        self._replaced: dict[int, Sign] = {}
        self._witnesses: list[Polynomial] = []

    def factored(self, polynomial: Polynomial) -> tuple[Any, list[tuple[Polynomial, int]]]:
        """A rational number and irreducible integral factors with their exponents.

        A polynomial that is too large to be factored is taken for irreducible, but for its monomial.
        """
        text = str(polynomial)
        found = self._factored.get(text)
        if found is None:
            found = self._factored[text] = self._factor(polynomial)
            if len(found[1]) > 1:
                self._learn(polynomial, *found)
        return found

    def _learn(self, polynomial: Polynomial, scale: Any, factors: list[tuple[Polynomial, int]]) -> None:
        """Where all but one factor of what has a known sign have known signs, so has the last."""
        value = self.of_terms(polynomial) * (1 if scale > 0 else -1)
        odd = [factor for factor, exponent in factors if exponent % 2]
        unknown = [factor for factor in odd if not self.of_terms(factor)]
        if value and len(unknown) == 1 and str(unknown[0]) not in self._of_factor:
            for factor in odd:
                value *= self.of_terms(factor) or 1
            self._of_factor[str(unknown[0])] = value, frozenset()

    def _factor(self, polynomial: Polynomial) -> tuple[Any, list[tuple[Polynomial, int]]]:
        terms = len(polynomial)
        degrees = polynomial.degrees()
        content = polynomial.term_content()
        factors = []
        if not content.is_constant():
            polynomial = polynomial / content
            degrees = polynomial.degrees()
            exponents = content.monoms()[0]
            factors = [(self.ring.variables[i], int(k)) for i, k in enumerate(exponents) if k]
        largest = max(degrees)
        used = sum(1 for degree in degrees if degree > 0)
        if terms == 1:
            return polynomial.leading_coefficient(), factors
        if terms > MOST_FACTORED_TERMS or largest > MOST_FACTORED_DEGREE or terms * used > MOST_FACTORED_WORK:
            scale = polynomial.leading_coefficient()
            return scale, [*factors, (polynomial / scale, 1)]
        self.ring.spend(20 * terms)
        (small,), back = self.ring.compact(polynomial)
        scale, rest = small.factor()
        return scale, factors + [(back(factor), int(k)) for factor, k in rest]

    # --- signs ---

    def of(self, quotient: Quotient) -> Sign:
        """The sign of a quotient whose numerator holds signs only as factors; raises `Undefined` for 0."""
        if quotient.numerator == 0:
            raise Undefined("0 has no sign")
        result = self.of_polynomial(quotient.numerator)
        for factor, exponent in quotient.denominator:
            if exponent % 2:
                result = joined(result, self.of_polynomial(self.ring.factor_power(factor, 1)))
        return result

    def known(self, quotient: Quotient) -> int:
        """1 or −1 where the terms show the sign of a quotient, else 0; the numerator may hold signs anywhere."""
        result = self.of_terms(quotient.numerator) if quotient.numerator != 0 else 0
        for factor, exponent in quotient.denominator if result else ():
            if exponent % 2:
                result *= self.of_terms(self.ring.factor_power(factor, 1))
        return result

    def of_polynomial(self, polynomial: Polynomial) -> Sign:
        """The sign of a polynomial that is not 0."""
        known = self.of_terms(polynomial)
        if known:
            return known, frozenset()
        scale, factors = self.factored(polynomial)
        result = POSITIVE if scale > 0 else NEGATIVE
        for factor, exponent in factors:
            if exponent % 2:
                result = joined(result, self.of_factor(factor))
        return result

    def of_factor(self, factor: Polynomial) -> Sign:
        """The sign of an irreducible factor; a sign generator is made where nothing is known."""
        text = str(factor)
        found = self._of_factor.get(text)
        if found is None:
            found = self._of_factor[text] = self._decided(factor, text)
        return self._resolved(found)

    def _decided(self, factor: Polynomial, text: str) -> Sign:
        number = self.ring.number_of(factor)
        if number is not None and self.ring.generators[number].kind == "sign":
            return 1, frozenset((number,))
        known = self.of_terms(factor)
        if known:
            return known, frozenset()
        return 1, frozenset((self.ring.generator(("sign", text), lambda: Generator("sign", factor)),))

    def of_terms(self, polynomial: Polynomial) -> int:
        """1 or −1 where every term is positive or every term is negative, perhaps after an assumption; else 0."""
        for value in (1, -1):
            if self._all_positive(self._without_absolutes(polynomial * value)):
                return value
        for witness in self._witnesses:
            for value in (1, -1):
                if self._exceeds(polynomial * value, witness):
                    return value
        return 0

    def _without_absolutes(self, polynomial: Polynomial) -> Polynomial:
        """A polynomial less its positive multiples of |f| = σ f."""
        for sign in self.ring.signs if len(polynomial) > 1 else ():
            if self.ring.holds(polynomial, sign):
                rest, multiple = self.ring.halves(polynomial, sign)
                times = divided(multiple, self.ring.generators[sign].of)
                if rest != 0 and times is not None and self._all_positive(times):
                    polynomial = rest
        return polynomial

    def _exceeds(self, polynomial: Polynomial, witness: Polynomial) -> bool:
        """Whether p − c·w is 0 or has positive terms only, for a w > 0 and a c > 0 that cancels a term of p."""
        for exponents, coefficient in zip(polynomial.monoms(), polynomial.coeffs(), strict=True):
            other = witness[exponents]
            if coefficient * other > 0:
                rest = polynomial - witness * (coefficient / other)
                if rest == 0 or self._all_positive(rest):
                    return True
        return False

    def _all_positive(self, polynomial: Polynomial) -> bool:
        if any(coefficient < 0 for coefficient in polynomial.coeffs()):
            return False
        return all(
            self._is_positive(number)
            for exponents in polynomial.monoms()
            for number, exponent in enumerate(exponents)
            if exponent % 2
        )

    def _is_positive(self, number: int) -> bool:
        generator = self.ring.generators[number]
        if generator.kind in ALWAYS_POSITIVE or generator.kind == "root":
            return True
        if generator.kind == "log":
            return not generator.formal and bool(generator.of.is_constant())
        found = self._of_factor.get(f"v{number}")
        return found is not None and self._resolved(found) == POSITIVE

    def _resolved(self, sign: Sign) -> Sign:
        for number in sign[1]:
            if number in self._replaced:
                return self._resolved(joined(joined(sign, (1, frozenset((number,)))), self._replaced[number]))
        return sign

    def product(self, sign: Sign) -> Quotient:
        """A sign as a quotient."""
        result = self.ring.context.constant(fmpq(sign[0]))
        for number in sign[1]:
            result = result * self.ring.variables[number]
        return Quotient(result, ())

    # --- assumptions ---

    def assume_positive(self, quotient: Quotient) -> None:
        """From now on the quotient is positive; raises `Unclear` where it is known not to be."""
        if quotient.numerator == 0:
            raise Unclear("0 is assumed to be positive")
        self._equate(self.of(quotient))

    def _equate(self, sign: Sign) -> None:
        """From now on a product of signs is 1; raises `Unclear` where it is −1."""
        value, unknown = self._resolved(sign)
        if not unknown:
            if value < 0:
                raise Unclear("what is negative is assumed to be positive")
            return
        number = min(unknown)
        self._replaced[number] = value, unknown - {number}
        if len(unknown) == 1:
            factor = self.ring.generators[number].of
            self._of_factor[str(factor)] = value, frozenset()
            self._witnesses.append(factor * value)
            self._reconsider(factor)

    def _reconsider(self, witness: Polynomial) -> None:
        """Signs of the variables of a new witness, and of factors, follow from what is known now."""
        for number, degree in enumerate(witness.degrees()):
            if degree > 0 and f"v{number}" not in self._of_factor:
                known = self.of_terms(self.ring.variables[number])
                if known:
                    self._of_factor[f"v{number}"] = known, frozenset()
        for _, unknown in list(self._of_factor.values()):
            for number in unknown:
                known = self.of_terms(self.ring.generators[number].of)
                if known:
                    self._equate((known, frozenset((number,))))
