"""Where polynomials are positive: conditions, signs and absolute values as two-valued atoms.

A claim speaks of the points where the two sides of no condition are equal, kinks as of ReLU at 0 are left out; so
[−p > 0] is 1 − [p > 0].  A place where p is 0 for more than single values of the unknowns is no kink: p = x_k − x_l is
0 wherever k = l, p = [u > 0] u wherever u < 0.  There nothing is left out, and [p > 0] and [−p > 0] are two atoms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from verify.equality.polynomial import (
    TWO_VALUED,
    ZERO,
    Atom,
    Index,
    Polynomial,
    canonical,
    mentions,
    multiplied,
    renamed,
)
from verify.equality.powers import ONE, Terms, primitive

POSITIVE = ("exp", "cosh", "w", "pi")
PLAIN = ("x", "c", "w", "H", "Partial", "Local")
MOST_CASES = 6


def indicator(base: Polynomial) -> Terms:
    """1 where a polynomial is > 0, else 0."""
    number = base.constant
    if number is not None:
        return [(ONE, {}, ())] if number > 0 else []
    switches = _switches(base)
    if 0 < len(switches) <= MOST_CASES:
        on, off = _cases(base, switches[0])
        otherwise: Terms = [(ONE, {}, ()), (-ONE, {switches[0]: ONE}, ())]
        return [
            *multiplied([(ONE, {switches[0]: ONE}, ())], indicator(on)),
            *multiplied(otherwise, indicator(off)),
        ]
    if _positive(base) or _positive(_minus(base)):
        return [(ONE, {}, ())] if _positive(base) else []
    _, monic = primitive(base)
    if monic[0][1] > 0 or not regular(monic):
        return [(ONE, {("if", monic): ONE}, ())]
    return [(ONE, {}, ()), (-ONE, {("if", _minus(monic)): ONE}, ())]


def _switches(base: Polynomial) -> list[Atom]:
    """The two-valued factors of a polynomial's terms that stand outside of its sums."""
    found = (atom for (factors, bound), _ in base for atom, _ in factors if not mentions(atom, bound))
    return list(dict.fromkeys(atom for atom in found if atom[0] in TWO_VALUED))


def _cases(base: Polynomial, switch: Atom) -> tuple[Polynomial, Polynomial]:
    """The polynomial where a two-valued factor is 1, and where it is 0."""
    terms = base.raw()
    on = [(c, {atom: one for atom, one in factors.items() if atom != switch}, bound) for c, factors, bound in terms]
    return canonical(on), canonical(term for term in base.raw() if switch not in term[1])


def nonnegative(base: Polynomial) -> Terms:
    """1 where a polynomial is ≥ 0, else 0."""
    return [(ONE, {}, ()), *((-c, factors, bound) for c, factors, bound in indicator(_minus(base)))]


def _minus(base: Polynomial) -> Polynomial:
    return Polynomial((term, -coefficient) for term, coefficient in base)


def regular(base: Polynomial) -> bool:
    """Whether a polynomial is known to be 0 at single values of the unknowns only, whatever its indices are."""
    if _positive(base) or _positive(_minus(base)):
        return True
    switches = _switches(base)
    others = {atom for (factors, _), _ in base for atom, _ in factors} - set(switches)
    rough = any(power.denominator > 1 for (factors, _), _ in base for _, power in factors)
    mixed = len({index[0] == "i" for index in _free(base)}) > 1
    if rough or mixed or len(switches) > MOST_CASES or any(_varies(atom) for atom in others):
        return False
    merged = renamed(base, _merged(base))
    if not switches and merged is base:
        return True
    return all(atom[0] in PLAIN for atom in others) and _never_empty(merged)


def _positive(base: Polynomial) -> bool:
    """Whether a polynomial is > 0 wherever it is defined: no term is negative, and one is a product of exponentials."""
    terms = [(coefficient, factors) for (factors, _), coefficient in base]
    squares = all(c > 0 and all(_not_negative(*factor) for factor in factors) for c, factors in terms)
    return squares and any(all(atom[0] in POSITIVE for atom, _ in factors) for _, factors in terms)


def _not_negative(atom: Atom, power: Fraction) -> bool:
    return atom[0] in (*POSITIVE, *TWO_VALUED) or power.denominator > 1 or power % 2 == 0


def _never_empty(base: Polynomial) -> bool:
    """Whether a polynomial is not 0 for any choice of its two-valued factors."""
    switches = _switches(base)
    return bool(base) and (not switches or all(_never_empty(case) for case in _cases(base, switches[0])))


def _varies(thing: Any) -> bool:
    """Whether a condition, a delta or a function that may have cases stands in an atom, or a root in it."""
    if not isinstance(thing, tuple):
        return isinstance(thing, Fraction) and thing.denominator > 1
    if thing and thing[0] in (*TWO_VALUED, "head"):
        return True
    if isinstance(thing, Polynomial):
        return any(_varies(factors) for (factors, _), _ in thing)
    return any(_varies(part) for part in thing)


def _merged(base: Polynomial) -> dict[Index, Index]:
    """Names under which all indices of one space that are free here are one index."""
    first: dict[str, Index] = {}
    return {index: first[index[-1]] for index in _free(base)
            if index[0] != "i" and first.setdefault(index[-1], index) != index}  # fmt: skip


def _free(thing: Any) -> Iterator[Index]:
    """The indices that are free in a polynomial or an atom."""
    if isinstance(thing, Polynomial):
        for (factors, bound), _ in thing:
            yield from (index for index in _free(factors) if index not in bound)
    elif isinstance(thing, tuple):
        if thing and thing[0] in ("f", "b", "i"):
            yield thing
        else:
            for part in thing:
                yield from _free(part)


def sign(base: Polynomial) -> Terms:
    """[p > 0] − [−p > 0], a denominator's sign taken out of p."""
    powers: dict[Atom, Fraction] = {}
    for (factors, bound), _ in base:
        for atom, exponent in factors:
            if exponent < 0 and not mentions(atom, bound):
                powers[atom] = max(powers.get(atom, ZERO), -exponent)
    cleared = canonical(multiplied(base.raw(), [(ONE, powers, ())])) if powers else base
    return multiplied(_signs(powers), _signed(cleared))


def _signed(base: Polynomial) -> Terms:
    """The sign of a product is the product of the signs."""
    if len(base) == 1 and not base[0][0][1]:
        ((factors, _), coefficient), *_ = base
        return multiplied([(ONE if coefficient > 0 else -ONE, {}, ())], _signs(dict(factors)))
    return _difference(base)


def _signs(powers: Mapping[Atom, Fraction]) -> Terms:
    """The product of the signs of powers; that of an even power or a root is 0 or 1."""
    result: Terms = [(ONE, {}, ())]
    for atom, exponent in powers.items():
        base = atom[1] if atom[0] == "s" else Polynomial((((((atom, ONE),), ()), ONE),))
        if atom[0] in TWO_VALUED:
            result = multiplied(result, [(ONE, {atom: ONE}, ())])
        elif atom[0] in POSITIVE:
            continue
        elif exponent.denominator == 1 and exponent % 2:
            result = multiplied(result, _signed(base) if atom[0] == "s" else _difference(base))
        elif not regular(base):
            other = indicator(_minus(base)) if exponent.denominator == 1 else []
            result = multiplied(result, [*indicator(base), *other])
    return result


def _difference(base: Polynomial) -> Terms:
    return [*indicator(base), *((-c, factors, bound) for c, factors, bound in indicator(_minus(base)))]
