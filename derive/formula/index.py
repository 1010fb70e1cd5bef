"""Index expressions as boxes: entries, indices, sums, derivatives, activations and named functions."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Piecewise, Sum

from derive.equation import Equation
from derive.formula.moved import SECOND, second, second_number
from derive.formula.names import Names, joined, letter
from derive.formula.pieces import COMMA, DIRECT, PARTIAL, Level, Piece, applied, listed
from derive.formula.spelling import spelled
from derive.formula.writing import equal, piece
from derive.functions import Head, Unknown
from derive.layout import BigSum, Box, Cases, Coloured, Fence, Fraction, Glyph, Row, Scripts, row
from derive.named import Det, LogDet, Opaque
from derive.step import Step
from derive.symbols import Array, Index, Local, Partial, Scalar, Width, bound


@piece.register
def _step(thing: Step, names: Names) -> Piece:
    return piece(thing.claim, names)


@piece.register
def _equation(thing: Equation, names: Names) -> Piece:
    return equal(piece(thing.lhs, names), piece(thing.rhs, names))


@piece.register(tuple)
def _chain(thing: tuple[Any, ...], names: Names) -> Piece:
    first, *rest = (piece(side, names) for side in thing)
    for side in rest:
        first = equal(first, side)
    return first


@piece.register
def _indexed(thing: Indexed, names: Names) -> Piece:
    if isinstance(thing.base, SECOND):
        return second(thing.base, thing.indices, names)
    return names.entry(thing.base, thing.indices)


@piece.register
def _array(thing: Array, names: Names) -> Piece:
    return second(thing, None, names) if isinstance(thing, SECOND) else names.whole(thing)


@piece.register
def _index(thing: Index, names: Names) -> Piece:
    return Piece(names.index(thing))


@piece.register
def _scalar(thing: Scalar, names: Names) -> Piece:
    return second_number(thing, names) or names.scalar(thing)


@piece.register
def _width(thing: Width, names: Names) -> Piece:
    return Piece(names.width(thing))


@piece.register
def _kronecker(thing: KroneckerDelta, names: Names) -> Piece:
    pair = sorted(thing.args, key=str)
    return Piece(Scripts(letter(r"\delta"), sub=joined([names.index(index) for index in pair])))


@piece.register
def _partial(thing: Partial, names: Names) -> Piece:
    ratio = _ratio(thing, names)
    colour = names.colour_of_adjoint(thing.denominator)
    return ratio if colour is None else Piece(Coloured(ratio.box, colour), ratio.level)


@piece.register
def _local(thing: Local, names: Names) -> Piece:
    return _ratio(thing, names, DIRECT if thing.arrays in names.direct else PARTIAL)


def _ratio(thing: Partial | Local, names: Names, above: Box = PARTIAL) -> Piece:
    upper, lower = (piece(side, names).at(Level.FACTOR) for side in (thing.numerator, thing.denominator))
    return Piece(Fraction(Row((above, upper), tight=True), Row((PARTIAL, lower), tight=True)), Level.FACTOR)


@piece.register
def _sum(thing: Sum, names: Names) -> Piece:
    below = [names.index(index) for index in bound(thing)]
    commas = [part for one in below for part in (COMMA, one)][1:]
    return Piece(BigSum(row(commas, tight=True), None, piece(thing.function, names).at(Level.SERIES)), Level.SERIES)


@piece.register
def _head(thing: Head, names: Names) -> Piece:
    if not isinstance(thing, Unknown) or len(thing.args) == 1:
        return applied(names.function(thing), piece(thing.args[0], names))
    return applied(names.function(thing), listed([piece(one, names) for one in thing.args]))


@piece.register
def _opaque(thing: Opaque, names: Names) -> Piece:
    return applied(spelled(thing.name), listed([names.whole(one) for one in thing.arrays]))


@piece.register
def _log_det(thing: LogDet, names: Names) -> Piece:
    inner = names.whole(thing.array).at(Level.LETTER)
    return Piece(Row((letter(r"\log"), letter(r"\det"), inner)), Level.SERIES)


@piece.register
def _det(thing: Det, names: Names) -> Piece:
    return Piece(Row((letter(r"\det"), names.whole(thing.array).at(Level.LETTER))), Level.SERIES)


@piece.register
def _abs(thing: sympy.Abs, names: Names) -> Piece:
    if names.entrywise:  # |x| of a whole vector may be its length
        return applied(letter(r"\operatorname{abs}"), piece(thing.args[0], names))
    return Piece(Fence(piece(thing.args[0], names).box, "|", "|"), Level.FACTOR)


_FUNCTIONS = {
    sympy.log: r"\log",
    sympy.sin: r"\sin",
    sympy.cos: r"\cos",
    sympy.tan: r"\tan",
    sympy.atan: r"\arctan",
    sympy.sinh: r"\sinh",
    sympy.cosh: r"\cosh",
    sympy.tanh: r"\tanh",
    sympy.erf: r"\operatorname{erf}",
    sympy.sign: r"\operatorname{sign}",
}


def _named(thing: Expr, names: Names) -> Piece:
    return applied(letter(_FUNCTIONS[type(thing)]), piece(thing.args[0], names))


for _function in _FUNCTIONS:
    piece.register(_function, _named)

_RELATIONS = {
    sympy.Gt: ">",
    sympy.Lt: "<",
    sympy.Ge: r"\ge",
    sympy.Le: r"\le",
    sympy.Eq: "=",
    sympy.Ne: r"\ne",
}


def _relation(thing: Any, names: Names) -> Piece:
    left, right = (piece(side, names).at(Level.SUM) for side in thing.args)
    return Piece(Row((left, Glyph(_RELATIONS[type(thing)], "relation"), right)), Level.EQUATION)


for _kind in _RELATIONS:
    piece.register(_kind, _relation)


@piece.register
def _piecewise(thing: Piecewise, names: Names) -> Piece:
    lines = [(piece(value, names).box, _condition(condition, names)) for value, condition in thing.args]
    return Piece(Cases(tuple(lines)), Level.SUM)


def _condition(condition: Any, names: Names) -> Box:
    if condition == sympy.true:
        return Glyph("otherwise", "text")
    return Row((Glyph("if ", "text"), piece(condition, names).box), tight=True)
