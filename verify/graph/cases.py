"""Functions of what has signs in it, case by case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import fmpq

from verify.graph.errors import Undefined
from verify.graph.polynomials import Polynomial
from verify.graph.quotients import Quotient, Ring

MOST_CASES = 2


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
