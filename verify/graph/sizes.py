"""How large a formula is as a quotient of polynomials: bounds for its degree and for its coefficients.

Each node is N/D with polynomials over ℤ.  A denominator is kept as powers of named factors, so that a sum counts a
factor once that its terms share; where there are too many, they become one.  ‖N‖₁, the sum of the absolute values of
the coefficients, is submultiplicative, and is kept as its logarithm to base 2, rounded: whoever compares it leaves a
bit to spare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import lcm, log2
from typing import Any, NamedTuple

from verify.graph.linear import Form, Monomial
from verify.graph.nodes import Node, TooLarge

MOST_FACTORS = 24
LARGEST_DEGREE = 2**300
LARGEST_BITS = 1e6

Factors = tuple[tuple[int, int], ...]


class Size(NamedTuple):
    """deg N, log2 ‖N‖₁, and the factors of D with their exponents."""

    degree: int
    bits: float
    below: Factors


UNKNOWN = Size(1, 0.0, ())


class Sizes:
    """The sizes of the nodes of one formula; `forms` are the exponents of its exponentials."""

    def __init__(self, forms: Mapping[Node, Form]) -> None:
        self._factors: list[tuple[int, float]] = []
        self._numbers: dict[Any, int] = {}
        self._shares: dict[Monomial, int] = {}
        for form in forms.values():
            for monomial, coefficient in form.items():
                self._shares[monomial] = lcm(self._shares.get(monomial, 1), coefficient.denominator)

    def of(self, node: Node, parts: Iterable[Size], form: Form | None) -> Size:
        """The size of a node from those of its parts (and its exponent's form); raises `TooLarge`."""
        size = self._of(node, list(parts), form)
        if size.degree > LARGEST_DEGREE or size.bits > LARGEST_BITS:
            raise TooLarge("large degrees: no small bound holds")
        return size

    def _of(self, node: Node, sizes: list[Size], form: Form | None) -> Size:
        match node.kind:
            case "number":
                return self._number(node.value)
            case "sum":
                return self._sum(sizes)
            case "product":
                return self._product(sizes)
            case "power":
                return self._power(node, sizes[0])
            case "atom" | "named":
                return sizes[0] if sizes else UNKNOWN
        return UNKNOWN if form is None else self._exponential(form)

    def below(self, factors: Factors) -> tuple[int, float]:
        """deg D and log2 ‖D‖₁."""
        degree, bits = 0, 0.0
        for factor, exponent in factors:
            one = self._factors[factor]
            if exponent > LARGEST_BITS:
                raise TooLarge("large degrees: no small bound holds")
            degree, bits = degree + exponent * one[0], bits + exponent * one[1]
        return degree, bits

    # --- rules ---

    def _factor(self, key: Any, degree: int, bits: float) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._factors)
            self._factors.append((degree, bits))
        return number

    def _number(self, value: Any) -> Size:
        bits = log2(abs(value.numerator)) if value else 0.0
        if value.denominator == 1:
            return Size(0, bits, ())
        factor = self._factor(("number", value.denominator), 0, log2(value.denominator))
        return Size(0, bits, ((factor, 1),))

    def _sum(self, sizes: list[Size]) -> Size:
        common: dict[int, int] = {}
        for below in {size.below for size in sizes}:
            for factor, exponent in below:
                common[factor] = max(exponent, common.get(factor, 0))
        degree, each = 0, []
        seen: dict[Factors, tuple[int, float]] = {}
        for size in sizes:
            missing = seen.get(size.below)
            if missing is None:
                missing = seen[size.below] = self._missing(size.below, common)
            degree = max(degree, size.degree + missing[0])
            each.append(size.bits + missing[1])
        largest = max(each)
        bits = largest + log2(sum(2.0 ** max(one - largest, -1000.0) for one in each))
        return Size(degree, bits, self._gathered(common))

    def _missing(self, own: Factors, common: Mapping[int, int]) -> tuple[int, float]:
        if not common:
            return 0, 0.0
        kept = dict(own)
        return self.below(tuple((f, e - kept.get(f, 0)) for f, e in common.items() if e > kept.get(f, 0)))

    def _product(self, sizes: list[Size]) -> Size:
        degree, bits = 0, 0.0
        common: dict[int, int] = {}
        for size in sizes:
            degree, bits = degree + size.degree, bits + size.bits
            for factor, exponent in size.below:
                common[factor] = common.get(factor, 0) + exponent
        return Size(degree, bits, self._gathered(common))

    def _power(self, node: Node, base: Size) -> Size:
        exponent = node.value
        if exponent > 0:
            return Size(base.degree * exponent, base.bits * exponent, tuple((f, e * exponent) for f, e in base.below))
        degree, bits = self.below(base.below)
        factor = self._factor(node.args[0], base.degree, base.bits)
        return Size(degree * -exponent, bits * -exponent, ((factor, -exponent),))

    def _exponential(self, form: Form) -> Size:
        degree = 0
        below: dict[int, int] = {}
        for monomial, coefficient in form.items():
            exponent = int(coefficient * self._shares[monomial])
            if exponent > 0:
                degree += exponent
            else:
                below[self._factor(("exp", monomial), 1, 0.0)] = -exponent
        return Size(degree, 0.0, self._gathered(below))

    def _gathered(self, factors: Mapping[int, int]) -> Factors:
        """Factors in order; too many become one."""
        if len(factors) <= MOST_FACTORS:
            return tuple(sorted(factors.items()))
        degree, bits = self.below(tuple(factors.items()))
        return ((self._factor(("many", frozenset(factors.items())), degree, bits), 1),)
