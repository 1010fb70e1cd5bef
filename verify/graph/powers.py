"""Exponentials, logarithms and roots of quotients, in few generators that are independent where that is known.

A logarithm or root is split by the factors of its argument:

    log Π f^k = Σ k log|f|,   (Π f^k)^(1/d) = Π |f|^(k/d),   where the product is positive, |f| = σ f with σ² = 1.

Where it is not known to be positive, the factors of odd exponent and unknown sign stay together, in a generator that
stands for their logarithm or root where they are positive ('formal'): log(ab) is not log a + log b, √(ab) not √a √b.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from flint import fmpq, fmpz

from verify.graph.errors import Undefined
from verify.graph.exponentials import Degrees, Exponentials, Vector, whole
from verify.graph.polynomials import Generator, Polynomial
from verify.graph.quotients import Quotient, Ring
from verify.graph.signs import POSITIVE, Sign, Signs, joined

Part = tuple[Polynomial, int, Sign]
"""An irreducible factor, its exponent, its sign."""

Power = tuple[Quotient, int]

LARGEST_FACTORED_BITS = 80


class Powers:
    """exp, log and roots over one ring."""

    def __init__(self, ring: Ring, signs: Signs, degrees: Degrees) -> None:
        self.ring, self.signs, self.degrees = ring, signs, degrees
        self.exponentials = Exponentials(ring, degrees)

    # --- exponentials ---

    def exp(self, terms: Sequence[Quotient]) -> Quotient:
        """e^(sum of terms); e^(c log f) is f^c.

        Each term is split for itself into monomials over its denominator in lowest terms, its polynomial part apart.
        """
        vector: Vector = {}
        factors = [self.ring.one]
        for quotient in terms:
            numerator, denominator, _ = self.ring.canonical(quotient)
            whole_part, rest = (numerator, None) if denominator == 1 else divmod(numerator, denominator)
            factors += self._collect(vector, whole_part, None)
            if rest is not None:
                factors += self._collect(vector, rest, denominator)
        left = {name: coefficient for name, coefficient in vector.items() if coefficient}
        return self.ring.product([*factors, self.exponentials.of(left)])

    def _collect(self, vector: Vector, numerator: Polynomial, denominator: Polynomial | None) -> list[Quotient]:
        """Adds the terms of an exponent to a vector; those that are multiples of a logarithm come back as powers."""
        powers = []
        for exponents, coefficient in zip(numerator.monoms(), numerator.coeffs(), strict=True):
            single = denominator is None and sum(exponents) == 1
            generator = self.ring.generators[exponents.index(1)] if single else None
            if generator is not None and generator.kind == "log":
                power = self.formal_power if generator.formal else self.power_of_absolute
                powers.append(power(generator.of, coefficient))
            else:
                name = self.exponentials.coordinate(exponents, denominator)
                vector[name] = vector.get(name, 0) + coefficient
        return powers

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
        total: Sign = (1 if number > 0 else -1), frozenset()
        for _, k, sign in parts:
            if k % 2:
                total = joined(total, sign)
        return abs(number), parts, total

    def _together(self, parts: list[Part], total: Sign) -> tuple[Polynomial, int, list[Part]]:
        """(O, k, rest): O^k is what must be positive for the product to be, where that is not known."""
        unknown = [part for part in parts if part[1] % 2 and part[2][1]]
        value = total[0]
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
        number, parts, sign = self._parts(factors)
        result = self._number_power(number, fmpq(1, degree))
        if degree % 2:
            result = self.ring.multiply(result, self.signs.product(sign))
        elif sign != POSITIVE:
            if not sign[1]:
                raise Undefined("an even root of what is negative")
            odd, k, parts = self._together(parts, sign)
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
                return self.exponentials.power(number, exponent)
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
            return self.ring.power(Quotient(value, ()), whole(exponent))
        key = "root", str(factor), formal
        degree = self.degrees.of(key, exponent)
        number = self.ring.generator(key, lambda: Generator("root", factor, degree, formal))
        self.ring.relate(number, degree, value)
        turns, rest = divmod(whole(exponent * degree), degree)
        return self.ring.multiply(
            self.ring.power(Quotient(value, ()), turns), Quotient(self.ring.variables[number] ** rest, ())
        )

    def _number_power(self, number: Any, exponent: Any) -> Quotient:
        """A positive rational number to a rational power, prime by prime."""
        powers = [self._root_power(p, p, k * exponent, formal=False) for p, k in self._primes(number)]
        return self.ring.product([self.ring.one, *powers])

    def _primes(self, number: Any) -> list[tuple[Polynomial, int]]:
        found = []
        for part, sign in ((fmpz(number.p), 1), (fmpz(number.q), -1)):
            small = part.bit_length() <= LARGEST_FACTORED_BITS
            primes = part.factor() if small else [(part, 1)]
            found += [(self.ring.context.constant(fmpq(prime)), sign * int(k)) for prime, k in primes]
        return found

    # --- logarithms ---

    def log(self, factors: Sequence[Power]) -> Quotient:
        """The logarithm of a product of powers; raises `Undefined` for what is negative or 0."""
        number, parts, sign = self._parts(factors)
        terms = [self.ring.scaled(self._log_generator(p, False), k) for p, k in self._primes(number)]
        if sign != POSITIVE:
            if not sign[1]:
                raise Undefined("a logarithm of what is negative")
            odd, power, parts = self._together(parts, sign)
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
            return self.exponentials.logarithm(number)
        if generator.kind == "root":
            inner = self._log_generator(generator.of, generator.formal)
            return self.ring.scaled(inner, fmpq(1, generator.degree))
        return self._log_generator(factor, False)

    def _log_generator(self, factor: Polynomial, formal: bool) -> Quotient:
        key = "log", str(factor), formal
        return self.ring.monomial(self.ring.generator(key, lambda: Generator("log", factor, 1, formal)))
