"""Powers and exponentials of polynomials, as raw terms."""

from __future__ import annotations

from fractions import Fraction

from verify.equality.polynomial import TWO_VALUED, Atom, Polynomial, Raw, Undecided, canonical, multiplied

ONE = Fraction(1)
Terms = list[Raw]


def power(base: Polynomial, exponent: Fraction) -> Terms:
    """A polynomial to a rational power: a product to a whole power is a product of powers, else it is an atom."""
    if exponent.denominator == 1 and exponent >= 0:
        result: Terms = [(ONE, {}, ())]
        for _ in range(int(exponent)):
            result = multiplied(result, base.raw())
        return result
    if len(base) == 1:
        ((factors, bound), coefficient), *_ = base
        if not bound and all(_divides(atom, own, exponent) for atom, own in factors):
            outer = {atom: own * exponent for atom, own in factors}
            return multiplied(_number_power(coefficient, exponent), [(ONE, outer, ())])
    shared = _constants(base)
    if shared:
        base = canonical(multiplied(base.raw(), [(ONE, {atom: -own for atom, own in shared.items()}, ())]))
    scale, monic = primitive(base)
    if exponent.denominator == 1 and monic[0][1] < 0:
        scale, monic = -scale, Polynomial((term, -coefficient) for term, coefficient in monic)
    outer = {atom: own * exponent for atom, own in shared.items()}
    return multiplied(_number_power(scale, exponent), [(ONE, {("s", monic): exponent, **outer}, ())])


def _constants(base: Polynomial) -> dict[Atom, Fraction]:
    """The powers of π and the roots of positive numbers that stand in every term: √2 p + √2 q is √2 (p + q)."""
    first, *others = [dict(factors) for (factors, _), _ in base] or [{}]
    return {atom: own for atom, own in first.items() if _constant(atom) and all(one.get(atom) == own for one in others)}


def _constant(atom: Atom) -> bool:
    number = atom[1].constant if atom[0] == "s" else None
    return atom[0] == "pi" or (number is not None and number > 0)


def _divides(atom: Atom, own: Fraction, exponent: Fraction) -> bool:
    """Whether (a^own)^exponent is a^(own · exponent): for whole exponents, and where a cannot be negative."""
    if atom[0] in TWO_VALUED:
        return False
    return exponent.denominator == 1 or atom[0] in ("pi", "exp", "w") or (atom[0] == "s" and own.denominator > 1)


def _number_power(number: Fraction, exponent: Fraction) -> Terms:
    if exponent.denominator == 1:
        return [(number ** int(exponent), {}, ())]
    if number == 1:
        return [(ONE, {}, ())]
    return [(ONE, {("s", Polynomial(((((), ()), number),))): exponent}, ())]


def primitive(base: Polynomial) -> tuple[Fraction, Polynomial]:
    """A positive number times a polynomial whose first coefficient is 1 or −1."""
    if not base:
        raise Undecided("a power of 0")
    size = abs(base[0][1])
    return size, Polynomial((term, coefficient / size) for term, coefficient in base)


def exponential(exponent: Polynomial) -> Terms:
    """e^(2u + v + 3 log w) as (e^u)² e^v w³."""
    result: Terms = [(ONE, {}, ())]
    for (parts, bound), coefficient in exponent:
        single = parts[0][0] if len(parts) == 1 and not bound and parts[0][1] == 1 else ("",)
        if single[0] == "log":
            result = multiplied(result, power(single[1], coefficient))
        else:
            result = multiplied(result, [(ONE, {("exp", Polynomial((((parts, bound), ONE),))): coefficient}, ())])
    return result
