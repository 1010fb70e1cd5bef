"""Sums and products taken apart for writing: common numbers, signs, what stands above, below and beside a fraction."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Rational, Sum, Symbol

from derive.formula.order import in_order, term_key
from derive.functions import Head
from derive.named import Adjoint, Slope
from derive.symbols import Array, Index, Local, Partial, Width


@dataclass(frozen=True)
class Term:
    """One term of a sum, its sign apart."""

    minus: bool
    body: Expr


def terms(expression: Expr) -> tuple[Rational, list[Term]]:
    """A common number in front, and the terms of a sum in order, those that are added first.

    2a − 2y gives 2 and a, −y; |u| − ½ gives 1 and |u|, −½.
    """
    parts = [_coefficient(part) for part in expression.args]
    common = content([abs(number) for number, _ in parts])
    signed = [Term(bool(number < 0), _times(abs(number) / common, rest)) for number, rest in parts]
    return common, sorted(signed, key=lambda term: (term.minus, term_key(term.body)))


def _times(number: Rational, rest: Expr) -> Expr:
    return rest if number == 1 else Mul(number, rest, evaluate=rest.is_Mul or rest.is_Rational)


def _coefficient(term: Expr) -> tuple[Rational, Expr]:
    """The rational number in front; √2/2 counts as 1 over √2."""
    number, rest = term.as_coeff_Mul()
    if not number.is_Rational:
        return (Integer(-1), -term) if number.is_negative else (Integer(1), term)
    if number.q > 1 and any(_numeric_root(factor, number.q) for factor in Mul.make_args(rest)):
        return Integer(-1 if number < 0 else 1), Mul(abs(number), rest)
    return number, rest


def _numeric_root(factor: Expr, divides: int) -> bool:
    """Whether a factor is the square root of a whole number that divides another."""
    root = isinstance(factor, Pow) and factor.exp == Rational(1, 2) and factor.base.is_Integer
    return bool(root and divides % int(factor.base) == 0)


def content(numbers: list[Rational]) -> Rational:
    """What is worth writing once in front: a number that all share, or a whole number that divides all."""
    if all(number == numbers[0] for number in numbers):
        return numbers[0]
    if all(number.is_Integer for number in numbers):
        return Integer(gcd(*(int(number) for number in numbers)))
    return Integer(1)


@dataclass(frozen=True)
class Product:
    """A product taken apart: ± (p / (q · widths)) · above / below · beside."""

    minus: bool
    number: Rational
    widths: tuple[Expr, ...]
    above: tuple[Expr, ...]
    below: tuple[Expr, ...]
    beside: tuple[Expr, ...]


def product(expression: Expr) -> Product:
    """A product taken apart, each part in order.

    Slopes σ′, Kronecker deltas and derivatives stand beside a fraction, everything else above it.  −(y − a) becomes
    (a − y), 2a − 2y gives its 2 to the number, and √2/2 becomes 1/√2.
    """
    number, rest = expression.as_coeff_Mul()
    if not number.is_Rational:
        number, rest = (Integer(-1), -expression) if number.is_negative else (Integer(1), expression)
    above: list[Expr] = []
    below: list[Expr] = []
    for factor in Mul.make_args(rest) if rest != 1 else ():
        power = factor if isinstance(factor, Pow) else None
        if power is not None and power.exp.is_number and power.exp.is_negative:
            below.append(power.base**-power.exp)
        elif power is not None and _numeric_root(power, number.q):
            number *= power.base
            below.append(power)
        elif isinstance(factor, Add) and (common := terms(factor)[0]) != 1:
            number *= common
            above.append(Add(*(part / common for part in factor.args)))
        else:
            above.append(factor)
    minus = _turn(bool(number < 0), above, below)
    widths = tuple(one for one in below if _of_width(one))
    below = in_order(_one_root([one for one in below if not _of_width(one)]))
    aside = [one for one in above if _stands_aside(one) or _long(one)] if below else []
    kept = in_order(_one_root([one for one in above if one not in aside]))
    return Product(minus, abs(number), widths, tuple(kept), tuple(below), tuple(in_order(aside)))


def _turn(minus: bool, above: list[Expr], below: list[Expr]) -> bool:
    """Turn (y − a) into (a − y) where a sign is left for it, as in −(y − a) and (y − a)/(x − 1).

    Changes both lists; returns whether a minus stays in front.
    """
    found = [(side, place) for side in (above, below) for place, one in enumerate(side) if _upside_down(one)]
    pairs = (len(found) + minus) // 2 * 2
    for side, place in found[: pairs - minus] if pairs else ():
        side[place] = Add(*(-part for part in side[place].args))
    return minus and not pairs


def _upside_down(expression: Expr) -> bool:
    """Whether the term that comes first by nature is subtracted, and another is not."""
    if not isinstance(expression, Add):
        return False
    _, found = terms(expression)
    first = min(found, key=lambda term: term_key(term.body))
    return first.minus and not all(term.minus for term in found)


def _of_width(factor: Expr) -> bool:
    """n, or √d."""
    return isinstance(factor.as_base_exp()[0], Width)


def _long(factor: Expr) -> bool:
    """Whether a factor of a program is too long for a fraction: a sum over an index, or one of sums and derivatives."""
    holds_long = isinstance(factor, Sum) or (isinstance(factor, Add) and (factor.has(Sum) or _of_gradients(factor)))
    return holds_long and any(type(one) is not Array for one in factor.atoms(Array))


def _of_gradients(factor: Expr) -> bool:
    return any(isinstance(one, Adjoint | Slope) for one in factor.atoms(Array))


def _stands_aside(factor: Expr) -> bool:
    if isinstance(factor, Indexed) and isinstance(factor.base, Adjoint | Slope):
        return True
    return isinstance(factor, KroneckerDelta | Partial | Local) or (isinstance(factor, Head) and factor.order > 0)


def _one_root(factors: list[Expr]) -> list[Expr]:
    """√2 √π → √(2π)."""
    roots = [one for one in factors if isinstance(one, Pow) and one.exp == Rational(1, 2) and one.base.is_number]
    if len(roots) < 2:
        return factors
    merged = Pow(Mul(*(one.base for one in roots)), Rational(1, 2), evaluate=False)
    return [merged, *(one for one in factors if one not in roots)]


def is_single(factor: Expr) -> bool:
    """Whether a factor is one letter or a power of one, and so fits over a number: u²/2."""
    base = factor.base if isinstance(factor, Pow) else factor
    return isinstance(base, Indexed | Symbol) and not isinstance(base, Index)
