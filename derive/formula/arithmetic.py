"""Sums, products, powers and numbers as boxes, in the order that a person writes them.

Where whole arrays stand for entries (`names.entrywise`) a product is written ⊙ and a quotient ⊘.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

import sympy
from sympy import Expr, Float, Integer, Pow, Rational

from derive.formula.names import Names, letter
from derive.formula.parts import Product, is_single, product, terms
from derive.formula.pieces import (
    DOT,
    Level,
    Piece,
    added,
    applied,
    entrywise,
    is_decimal,
    multiplied,
    negative,
    number,
    quotient,
    raised,
    rational,
    scaled,
)
from derive.formula.writing import Whole, piece
from derive.functions import Head
from derive.layout import Glyph, Root, Row

_LAST = (Head, sympy.Add, sympy.Sum)  # what stands behind a fraction


@piece.register
def _rational(thing: Rational, names: Names) -> Piece:
    return rational(thing)


@piece.register
def _float(thing: Float, names: Names) -> Piece:
    if thing < 0:
        return negative(_float(-thing, names))
    digits, _, power = repr(float(thing)).partition("e")
    shown = Piece(Glyph(digits.removesuffix(".0"), "number"))
    if not power:
        return shown
    ten = raised(Piece(number(10)), piece(Integer(int(power)), names).box)
    return Piece(Row((shown.box, DOT, ten.box)), Level.PRODUCT)


@piece.register
def _add(thing: sympy.Add, names: Names) -> Piece:
    common, parts = terms(thing)
    inner = added([(part.minus, piece(part.body, names)) for part in parts])
    return inner if common == 1 else multiplied([piece(common, names), inner])


@piece.register
def _mul(thing: sympy.Mul, names: Names) -> Piece:
    return between_arrays(thing, names) if names.entrywise else written(product(thing), names)


def between_arrays(thing: Expr, names: Names) -> Piece:
    """A product of entries, written with whole arrays: numbers in front, then ⊙ and ⊘."""
    parts = product(thing)
    arrays, numbers = _apart((*parts.above, *parts.beside))
    divisors, below = _apart(parts.below)
    front = Product(False, parts.number, parts.widths, tuple(numbers), tuple(below), ())
    scalar = written(front, names)
    shown = [one for base in arrays for one in _repeated(base, names)]
    if not shown:
        shown, scalar = [scalar], Piece(number(1))
    chain = entrywise(shown, [one for base in divisors for one in _repeated(base, names)])
    whole = chain if scalar == Piece(number(1)) else scaled(scalar, chain)
    return negative(whole) if parts.minus else whole


def _apart(factors: Sequence[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The factors that hold arrays, and the others."""
    return [one for one in factors if one.has(Whole)], [one for one in factors if not one.has(Whole)]


def _repeated(factor: Expr, names: Names) -> list[Piece]:
    """a² of an array is a ⊙ a."""
    base, exponent = factor.as_base_exp()
    if isinstance(factor, Pow) and exponent.is_Integer and exponent > 1:
        return [piece(base, names)] * int(exponent)
    return [piece(factor, names)]


def written(parts: Product, names: Names, over: Piece | None = None) -> Piece:
    """A product that was taken apart: the number and the widths in front, then the fraction, then what stands beside.

    `over` is one more factor above the fraction.
    """
    above = [*(piece(one, names) for one in parts.above), *([over] if over else [])]
    below = [piece(one, names) for one in parts.below]
    beside = [piece(one, names) for one in parts.beside]
    front, above, below = _front(parts, above, below, names)
    main = [quotient(multiplied(above or [Piece(number(1))]), multiplied(below))] if below else above
    factors = [*front, *_before(beside, parts), *main, *_after(beside, parts)]
    whole = multiplied(factors or [Piece(number(1))])
    return negative(whole) if parts.minus else whole


def _front(
    parts: Product, above: list[Piece], below: list[Piece], names: Names
) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """The number in front: alone, as a small fraction, over the widths, or within the fraction that there is."""
    over, under = parts.number.p, parts.number.q
    counted = [piece(one, names) for one in parts.widths]
    ones = [Piece(number(over))] if over != 1 else []
    if below and not counted:
        return [], [*ones, *above], [*([Piece(number(under))] if under != 1 else []), *below]
    under_all = [*([Piece(number(under))] if under != 1 else []), *counted]
    if not under_all:
        return ones, above, below
    if not counted and is_decimal(parts.number):
        return [piece(parts.number, names)], above, below
    if not below and len(parts.above) == 1 and is_single(parts.above[0]):
        return [], [*ones, *above], under_all
    if not counted:
        return [piece(parts.number, names)], above, below
    return [quotient(multiplied(ones or [Piece(number(1))]), multiplied(under_all))], above, below


def _before(beside: list[Piece], parts: Product) -> list[Piece]:
    return [one for one, source in zip(beside, parts.beside, strict=True) if not isinstance(source, _LAST)]


def _after(beside: list[Piece], parts: Product) -> list[Piece]:
    return [one for one, source in zip(beside, parts.beside, strict=True) if isinstance(source, _LAST)]


@piece.register
def _pow(thing: Pow, names: Names) -> Piece:
    base, exponent = thing.args
    if exponent.is_number and exponent.is_negative:
        return _mul(thing, names)
    if names.entrywise and exponent.is_Integer:
        return between_arrays(thing, names)
    return power(base, exponent, names)


@singledispatch
def power(base: Any, exponent: Expr, names: Names) -> Piece:
    """base to a positive power; a kind of base may have a way of its own, such as ‖v‖ for the root of vᵀv."""
    if exponent == Rational(1, 2):
        return Piece(Root(piece(base, names).box), Level.FACTOR)
    return raised(piece(base, names), piece(exponent, names).box)


@piece.register
def _exp(thing: sympy.exp, names: Names) -> Piece:
    if names.entrywise:
        return applied(letter(r"\exp"), piece(thing.args[0], names))
    return raised(Piece(letter("e")), piece(thing.args[0], names).box)


@piece.register(sympy.core.numbers.Exp1)
def _e(thing: Expr, names: Names) -> Piece:
    return Piece(letter("e"))


@piece.register(sympy.core.numbers.Pi)
def _pi(thing: Expr, names: Names) -> Piece:
    return Piece(letter(r"\pi"))
