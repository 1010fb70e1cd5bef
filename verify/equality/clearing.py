"""Whether a canonical polynomial is 0: denominators cleared, within sums too, and tanh and cosh written by exp.

All of this comes after the canonical form: it can only find more to be 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from math import factorial, prod
from typing import Any

from verify.equality.polynomial import (
    TWO_VALUED,
    ZERO,
    Atom,
    Index,
    Polynomial,
    Raw,
    canonical,
    fresh,
    joined,
    mentions,
    multiplied,
)
from verify.equality.powers import ONE, Terms, exponential, power
from verify.equality.signs import indicator, regular

MOST_ROUNDS = 20
MOST_ORDERS = 24


def vanishes(difference: Polynomial) -> bool:
    """Whether a polynomial is 0, also after its denominators are cleared."""
    if not difference or _cleared(difference) or _cleared(_aligned(difference)):
        return True
    rewritten = _rebuilt(difference)
    return rewritten != difference and (_cleared(rewritten) or _cleared(_aligned(rewritten)))


def _cleared(difference: Polynomial) -> bool:
    for _ in range(MOST_ROUNDS):
        if not difference:
            return True
        powers = _denominators(difference)
        if not powers:
            return False
        difference = canonical(multiplied(difference.raw(), [(ONE, powers, ())]))
    return False


def _denominators(difference: Polynomial) -> dict[Atom, Fraction]:
    """The powers of sums, free of bound indices, that clear the negative powers of a polynomial."""
    powers: dict[Atom, Fraction] = {}
    for (factors, bound), _ in difference:
        for atom, exponent in factors:
            if atom[0] == "s" and exponent < 0 and not mentions(atom, bound):
                powers[atom] = max(powers.get(atom, ZERO), -exponent)
    guarded = bool(powers) and _guarded(difference)
    return {atom: exponent for atom, exponent in powers.items() if not guarded or regular(atom[1])}


def _guarded(thing: Any) -> bool:
    """Whether a condition or a delta stands anywhere: a term may then be spoken of where a denominator is 0."""
    return isinstance(thing, tuple) and (bool(thing and thing[0] in TWO_VALUED) or any(_guarded(one) for one in thing))


def _aligned(difference: Polynomial) -> Polynomial:
    """The summand, once all terms are summed over the same indices, averaged over the orders of these.

    A sum is 0 where its summand is.  A term that lacks an index is summed over it and divided by the width.
    """
    terms = difference.raw()
    most: Counter[str] = Counter()
    for _, _, bound in terms:
        most |= Counter(index[3] for index in bound)
    shared = {space: [fresh(space) for _ in range(count)] for space, count in most.items()}
    if not shared or prod(factorial(count) for count in most.values()) > MOST_ORDERS:
        return difference
    return canonical(one for term in terms for one in _everywhere(term, shared))


def _everywhere(term: Raw, shared: dict[str, list[Index]]) -> Iterator[Raw]:
    """A term in every choice of the shared indices for its own; the coefficients sum to its own."""
    coefficient, factors, bound = term
    own = {space: [index for index in bound if index[3] == space] for space in shared}
    widths = {("w", space.rpartition("|")[2]): Fraction(0) for space in shared}
    for space, indices in shared.items():
        widths[("w", space.rpartition("|")[2])] += len(own[space]) - len(indices)
    choices = list(product(*(permutations(shared[space], len(own[space])) for space in shared)))
    for choice in choices:
        names = {mine: other for space, others in zip(shared, choice, strict=True)
                 for mine, other in zip(own[space], others, strict=True)}  # fmt: skip
        powers = joined(factors.items(), names)
        for width, exponent in widths.items():
            powers[width] = powers.get(width, ZERO) + exponent
        yield coefficient / len(choices), powers, ()


def _rebuilt(form: Polynomial) -> Polynomial:
    """The same with every atom made anew, tanh and cosh by exp."""
    found: list[Raw] = []
    for coefficient, factors, bound in form.raw():
        terms: Terms = [(coefficient, {}, ())]
        for atom, exponent in factors.items():
            terms = multiplied(terms, _again(atom, exponent))
        found += [(c, powers, (*own, *bound)) for c, powers, own in terms]
    return canonical(found)


def _again(atom: Atom, exponent: Fraction) -> Terms:
    parts = [_rebuilt(part) if isinstance(part, Polynomial) else part for part in atom]
    if atom[0] == "s":
        return power(parts[1], exponent)
    if atom[0] == "if":
        return indicator(parts[1])
    if atom[0] == "exp":
        return exponential(Polynomial((term, number * exponent) for term, number in parts[1]))
    if atom[0] not in ("tanh", "cosh"):
        return [(ONE, {tuple(parts): exponent}, ())]
    double = exponential(Polynomial((term, 2 * number) for term, number in parts[1]))
    below = power(canonical([*double, (ONE, {}, ())]), exponent if atom[0] == "cosh" else -exponent)
    if atom[0] == "tanh":
        return multiplied(power(canonical([*double, (-ONE, {}, ())]), exponent), below)
    once = exponential(Polynomial((term, -exponent * number) for term, number in parts[1]))
    return multiplied([(ONE / 2**exponent.numerator, {}, ())], multiplied(below, once))
