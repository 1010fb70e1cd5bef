"""Exponentials, logarithms and roots of quotients, written in few generators that are independent where that is known.

e^u is split by the terms c·m of u: e^(c·m) is a power of one generator for e^(m/d).  The d of each m is found on the
way: where a c with a new denominator comes up, `Rescale` is raised, and everything is done again with the d that serves
all.  A logarithm or root is split by the factors of its argument:

    log Π f^k = Σ k log|f|,   (Π f^k)^(1/d) = Π |f|^(k/d),   where the product is positive, |f| = σ f with σ² = 1.

Where it is not known to be positive, the factors of odd exponent and unknown sign stay together, in a generator that
stands for their logarithm or root where they are positive ('formal'): log(ab) is not log a + log b, √(ab) not √a √b.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm, prod
from typing import Any

from flint import fmpq, fmpz

from verify.graph.errors import Undefined
from verify.graph.nodes import TooLarge
from verify.graph.quotients import Generator, Polynomial, Quotient, Ring
from verify.graph.signs import POSITIVE, Sign, Signs, joined

Part = tuple[Polynomial, int, Sign]
"""An irreducible factor, its exponent, its sign."""

Power = tuple[Quotient, int]

LARGEST_FACTORED_BITS = 80
LARGEST_EXPONENT = 20_000
LARGEST_DEGREE = 720


class Rescale(Exception):
    """Raised where a generator must stand for a smaller root or exponent than it does."""


class Powers:
    """exp, log and roots over one ring.  `degrees` is kept by the caller from one attempt to the next."""

    def __init__(self, ring: Ring, signs: Signs, degrees: dict[Any, int]) -> None:
        self.ring, self.signs, self.degrees = ring, signs, degrees

    # --- exponentials ---

    def exp(self, exponent: Quotient) -> Quotient:
        """e^u; e^(c log f) is f^c."""
        numerator, denominator, _ = self.ring.canonical(exponent)
        if denominator == 1:
            return self._exp_of_terms(numerator, None)
        whole, rest = divmod(numerator, denominator)
        return self.ring.multiply(self._exp_of_terms(whole, None), self._exp_of_terms(rest, denominator))

    def _exp_of_terms(self, numerator: Polynomial, denominator: Polynomial | None) -> Quotient:
        terms = zip(numerator.monoms(), numerator.coeffs(), strict=True)
        return self.ring.product(
            self._exp_of_term(self.ring.context.from_dict({exponents: 1}), coefficient, denominator)
            for exponents, coefficient in terms
        )

    def _exp_of_term(self, term: Polynomial, coefficient: Any, denominator: Polynomial | None) -> Quotient:
        if denominator is not None:
            term, denominator = self._in_lowest_terms(term, denominator)
        number = self.ring.number_of(term) if denominator is None and term.total_degree() == 1 else None
        if number is not None and self.ring.generators[number].kind == "log":
            of = self.ring.generators[number]
            return self.formal_power(of.of, coefficient) if of.formal else self.power_of_absolute(of.of, coefficient)
        key = "exp", str(term), str(denominator)
        degree = self._degree(key, coefficient)
        number = self.ring.generator(key, lambda: self._exponential(term, denominator, degree, key))
        return self.ring.monomial(number, self._whole(coefficient * degree))

    def _in_lowest_terms(self, term: Polynomial, denominator: Polynomial) -> tuple[Polynomial, Polynomial | None]:
        """A monomial over a polynomial, without a common monomial."""
        common = term.gcd(denominator.term_content())
        if not common.is_constant():
            term, denominator = term / common, denominator / common
        return term, None if denominator == 1 else denominator

    def _exponential(self, term: Polynomial, denominator: Polynomial | None, degree: int, key: Any) -> Generator:
        below = () if denominator is None else ((self.ring.factor(denominator), 1),)
        return Generator("exp", (Quotient(term, below), key), degree)

    def _degree(self, key: Any, exponent: Any) -> int:
        """The d of a generator, such that d · exponent is whole; raises `Rescale` where it is not yet."""
        degree = self.degrees.setdefault(key, int(exponent.q))
        if degree % int(exponent.q):
            self.degrees[key] = lcm(degree, int(exponent.q))
            if self.degrees[key] > LARGEST_DEGREE:
                raise TooLarge("the fractional exponents of the formula have no small common denominator")
            raise Rescale
        return degree

    def _whole(self, exponent: Any) -> int:
        if abs(exponent) > LARGEST_EXPONENT:
            raise TooLarge("an exponent of the formula is too large")
        return int(exponent.p)

    # --- factors ---

    def _parts(self, factors: Sequence[Power]) -> tuple[Any, list[Part], Sign]:
        """|number|, the irreducible factors, and the sign of the whole of a product of powers of quotients."""
        exponents: dict[str, tuple[Polynomial, int]] = {}
        number = fmpq(1)
        for quotient, outer in factors:
            if quotient.numerator == 0:
                raise Undefined("a logarithm or a root's power of 0")
            below = [(self.ring.factor_power(factor, 1), -k) for factor, k in quotient.denominator]
            for polynomial, k in ((quotient.numerator, 1), *below):
                scale, inner = self.signs.factored(polynomial)
                number = number * scale ** (k * outer)
                for factor, times in inner:
                    text = str(factor)
                    exponents[text] = factor, exponents.get(text, (factor, 0))[1] + times * k * outer
        parts = [(factor, k, self.signs.of_factor(factor)) for factor, k in exponents.values() if k]
        whole: Sign = (1 if number > 0 else -1), frozenset()
        for _, k, sign in parts:
            if k % 2:
                whole = joined(whole, sign)
        return abs(number), parts, whole

    def _together(self, parts: list[Part], whole: Sign) -> tuple[Polynomial, int, list[Part]]:
        """(O, k, rest): O^k is what must be positive for the product to be, where that is not known."""
        unknown = [part for part in parts if part[1] % 2 and part[2][1]]
        value = whole[0]
        for _, _, (sign, _) in unknown:
            value *= sign
        if len(unknown) == 1:
            factor, k, _ = unknown[0]
            return factor * value, k, [part for part in parts if part is not unknown[0]]
        rest = [(f, k - 1 if (f, k, s) in unknown else k, s) for f, k, s in parts]
        return prod((f for f, _, _ in unknown), start=self.ring.unit) * value, 1, rest

    # --- roots ---

    def root(self, factors: Sequence[Power], degree: int) -> Quotient:
        """The real root of a product of powers; raises `Undefined` for an even root of what is negative."""
        if any(base.numerator == 0 and exponent > 0 for base, exponent in factors):
            return self.ring.zero
        number, parts, whole = self._parts(factors)
        result = self._number_power(number, fmpq(1, degree))
        if degree % 2:
            result = self.ring.multiply(result, self.signs.product(whole))
        elif whole != POSITIVE:
            if not whole[1]:
                raise Undefined("an even root of what is negative")
            odd, k, parts = self._together(parts, whole)
            result = self.ring.multiply(result, self.formal_power(odd, fmpq(k, degree)))
        powers = [self.power_of_absolute(factor, fmpq(k, degree)) for factor, k, _ in parts if k]
        return self.ring.product([result, *powers])

    def power_of_absolute(self, factor: Polynomial, exponent: Any) -> Quotient:
        """|f|^c of an irreducible f."""
        number = self.ring.number_of(factor) if not factor.is_constant() else None
        if number is not None:
            generator = self.ring.generators[number]
            if generator.kind == "sign":
                return self.ring.one
            if generator.kind == "exp" and exponent.q != 1:
                key, total = generator.of[1], exponent / generator.degree
                return self.ring.monomial(number, self._whole(total * self._degree(key, total)))
            if generator.kind == "root" and exponent.q != 1:
                power = self.formal_power if generator.formal else self.power_of_absolute
                return power(generator.of, exponent / generator.degree)
        sign = self.signs.of_factor(factor) if not factor.is_constant() else POSITIVE
        absolute = factor if sign[0] > 0 else -factor
        for unknown in sign[1]:
            absolute = absolute * self.ring.variables[unknown]
        return self._root_power(factor, absolute, exponent, formal=False)

    def formal_power(self, factor: Polynomial, exponent: Any) -> Quotient:
        """f^c where f is positive."""
        return self._root_power(factor, factor, exponent, formal=True)

    def _root_power(self, factor: Polynomial, value: Polynomial, exponent: Any, formal: bool) -> Quotient:
        """value^c by the generator r with r^d = value, made if c is not whole."""
        if exponent.q == 1:
            return self.ring.power(Quotient(value, ()), self._whole(exponent))
        key = "root", str(factor), formal
        degree = self._degree(key, exponent)
        number = self.ring.generator(key, lambda: Generator("root", factor, degree, formal))
        self.ring.relate(number, degree, value)
        whole, rest = divmod(self._whole(exponent * degree), degree)
        return self.ring.multiply(
            self.ring.power(Quotient(value, ()), whole), Quotient(self.ring.variables[number] ** rest, ())
        )

    def _number_power(self, number: Any, exponent: Any) -> Quotient:
        """A positive rational number to a rational power, prime by prime."""
        powers = [self._root_power(p, p, k * exponent, formal=False) for p, k in self._primes(number)]
        return self.ring.product([self.ring.one, *powers])

    def _primes(self, number: Any) -> list[tuple[Polynomial, int]]:
        found = []
        for whole, sign in ((fmpz(number.p), 1), (fmpz(number.q), -1)):
            if whole == 1:
                continue
            small = whole.bit_length() <= LARGEST_FACTORED_BITS
            primes = whole.factor() if small else [(whole, 1)]
            found += [(self.ring.context.constant(fmpq(prime)), sign * int(k)) for prime, k in primes]
        return found

    # --- logarithms ---

    def log(self, factors: Sequence[Power]) -> Quotient:
        """The logarithm of a product of powers; raises `Undefined` for what is negative or 0."""
        number, parts, whole = self._parts(factors)
        terms = [self.ring.scaled(self._log_generator(p, False), k) for p, k in self._primes(number)]
        if whole != POSITIVE:
            if not whole[1]:
                raise Undefined("a logarithm of what is negative")
            odd, power, parts = self._together(parts, whole)
            terms.append(self.ring.scaled(self._log_generator(odd, True), power))
        terms += [self.ring.scaled(self.log_of_absolute(factor), k) for factor, k, _ in parts if k]
        return self.ring.add(terms) if terms else self.ring.zero

    def log_of_absolute(self, factor: Polynomial) -> Quotient:
        """log|f| of an irreducible f: of e^u it is u, of a root the logarithm's part."""
        number = self.ring.number_of(factor)
        if number is None:
            return self._log_generator(factor, False)
        generator = self.ring.generators[number]
        if generator.kind == "sign":
            return self.ring.zero
        if generator.kind == "exp":
            return self.ring.scaled(generator.of[0], fmpq(1, generator.degree))
        if generator.kind == "root":
            inner = self._log_generator(generator.of, generator.formal)
            return self.ring.scaled(inner, fmpq(1, generator.degree))
        return self._log_generator(factor, False)

    def _log_generator(self, factor: Polynomial, formal: bool) -> Quotient:
        key = "log", str(factor), formal
        return self.ring.monomial(self.ring.generator(key, lambda: Generator("log", factor, 1, formal)))
