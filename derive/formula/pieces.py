"""Boxes that know how tightly they bind, so that brackets stand exactly where they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

from derive.layout import Box, Fence, Fraction, Glyph, Row, Scripts, row


class Level(IntEnum):
    """How tightly a formula holds together, loosest first."""

    EQUATION = 0  # a = b
    SUM = 1  # a + b, −a
    HADAMARD = 2  # a ⊙ b
    SERIES = 3  # a Σ_k b: nothing may follow
    PRODUCT = 4  # a b
    FACTOR = 5  # σ(z), a², a/b as a fraction
    LETTER = 6  # what may bear a power without brackets


@dataclass(frozen=True)
class Piece:
    """A box and its level."""

    box: Box
    level: Level = Level.LETTER

    def at(self, least: Level) -> Box:
        """The box, in brackets where it binds less tightly than its place asks for."""
        return self.box if self.level >= least else Fence(self.box)


PLUS, MINUS, EQUALS = Glyph("+", "binary"), Glyph("-", "binary"), Glyph("=", "relation")
ODOT, OSLASH, COMMA = Glyph(r"\odot", "binary"), Glyph(r"\oslash", "binary"), Glyph(",", "punctuation")
DOT = Glyph(r"\cdot", "binary")
PARTIAL, NABLA, SLASH = Glyph(r"\partial"), Glyph(r"\nabla"), Glyph("/")
DIRECT = Scripts(PARTIAL, sup=Glyph("+"))
"""The derivative by one place, all else held (Pascanu, Mikolov, Bengio 2013, “immediate partial derivative”)."""


_PLACES = 6


def number(value: int) -> Glyph:
    """A whole number that is not negative."""
    return Glyph(str(value), "number")


def is_decimal(value: Any) -> bool:
    """Whether a rational number was most likely given in decimals: 0.05, but ½ and 1/3."""
    return bool(value.q >= 10 and 10**_PLACES % value.q == 0)


def rational(value: Any) -> Piece:
    """A rational number: a whole one, one in decimals, all of them, or a small fraction; negative with its sign."""
    if value < 0:
        return negative(rational(-value))
    if value.q == 1:
        return Piece(number(int(value)))
    if is_decimal(value):
        whole, rest = divmod(int(value.p) * 10**_PLACES // int(value.q), 10**_PLACES)
        return Piece(Glyph(f"{whole}.{rest:0{_PLACES}}".rstrip("0"), "number"))
    return quotient(Piece(number(int(value.p))), Piece(number(int(value.q))), small=True)


def negative(piece: Piece) -> Piece:
    """−piece."""
    return Piece(Row((MINUS, piece.at(Level.HADAMARD)), tight=True), Level.SUM)


def added(terms: Sequence[tuple[bool, Piece]]) -> Piece:
    """A sum of terms, each with whether it is subtracted."""
    (minus, first), *rest = terms
    if not rest:
        return negative(first) if minus else first
    items = [negative(first).box if minus else first.at(Level.HADAMARD)]
    for minus, term in rest:
        items += [MINUS if minus else PLUS, term.at(Level.HADAMARD)]
    return Piece(Row(tuple(items)), Level.SUM)


def multiplied(factors: Sequence[Piece]) -> Piece:
    """Factors side by side; a Σ may stand last without brackets."""
    if len(factors) == 1:
        return factors[0]
    *front, last = factors
    level = Level.SERIES if last.level == Level.SERIES else Level.PRODUCT
    items = [*(one.at(Level.PRODUCT) for one in front), last.at(Level.SERIES)]
    dotted = [part for item in items[1:] for part in ((DOT, item) if _starts_with_digit(item) else (item,))]
    return Piece(row([items[0], *dotted]), level)


def _starts_with_digit(box: Box) -> bool:
    """Whether a factor would run into a number before it, as 2 · 3² would."""
    if isinstance(box, Row):
        return _starts_with_digit(box.items[0])
    if isinstance(box, Scripts):
        return _starts_with_digit(box.base)
    return isinstance(box, Glyph) and box.kind == "number" and not box.bold


def entrywise(factors: Sequence[Piece], divisors: Sequence[Piece]) -> Piece:
    """Arrays multiplied by ⊙ and divided by ⊘, entry by entry, from left to right."""
    if len(factors) == 1 and not divisors:
        return factors[0]
    items = [factors[0].at(Level.HADAMARD)]
    for sign, operands in ((ODOT, factors[1:]), (OSLASH, divisors)):
        for operand in operands:
            items += [sign, operand.at(Level.PRODUCT)]
    return Piece(row(items), Level.HADAMARD)


def scaled(scalar: Piece, matrix: Piece) -> Piece:
    """A number in front; it commutes, so that u ⊙ v behind it needs no brackets, and 2 (1 ⊘ u) is 2 ⊘ u."""
    if matrix.level != Level.HADAMARD or not isinstance(matrix.box, Row):
        return multiplied([scalar, matrix])
    first, *rest = matrix.box.items
    front = scalar.at(Level.PRODUCT)
    return Piece(Row((front if first == number(1) else Row((front, first)), *rest)), Level.HADAMARD)


def raised(base: Piece, exponent: Box) -> Piece:
    """base to the power; a letter that bears scripts above is bracketed first, as those are no powers."""
    return Piece(Scripts(base.at(Level.LETTER), sup=on_one_line(exponent)), Level.FACTOR)


def on_one_line(exponent: Box) -> Box:
    """An exponent with plain fractions written u²/2, where nothing but a sign stands beside them."""
    if isinstance(exponent, Row):
        signed = [item in (PLUS, MINUS) for item in exponent.items]
        alone = all(one != other for one, other in pairwise(signed))
        return Row(tuple(map(on_one_line, exponent.items)), exponent.tight) if alone else exponent
    if isinstance(exponent, Fraction) and all(
        isinstance(part, Glyph | Scripts) for part in (exponent.above, exponent.below)
    ):
        return Row((exponent.above, SLASH, exponent.below), tight=True)
    return exponent


def quotient(above: Piece, below: Piece, small: bool = False) -> Piece:
    """A fraction."""
    return Piece(Fraction(above.box, below.box, small), Level.FACTOR)


def applied(function: Box, argument: Piece) -> Piece:
    """f(x)."""
    return Piece(Row((function, Fence(argument.box)), tight=True))


def listed(pieces: Sequence[Piece]) -> Piece:
    """a, b, c."""
    items = [part for one in pieces for part in (COMMA, one.box)][1:]
    return Piece(row(items), Level.EQUATION)
