r"""Matrix expressions as boxes: products and transposes, ⊙ and ⊘, what is applied entry by entry, blocks.

A function of entries is written with the whole arrays in their places: (u − v)/v of a and y as (a − y) ⊘ y.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import (
    BlockMatrix,
    Expr,
    HadamardProduct,
    Identity,
    Integer,
    MatAdd,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    Pow,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagMatrix

from derive.formula.arithmetic import between_arrays, power, written
from derive.formula.letters import LetterNames
from derive.formula.names import Names, letter
from derive.formula.order import term_key
from derive.formula.parts import content, product
from derive.formula.pieces import (
    NABLA,
    PARTIAL,
    Level,
    Piece,
    added,
    applied,
    entrywise,
    multiplied,
    negative,
    number,
    raised,
    scaled,
)
from derive.formula.writing import Whole, equal, piece
from derive.functions import Head
from derive.layout import Fence, Fraction, Glyph, Grid, Row, Scripts
from derive.linear import AsNumber, Elementwise, FrobeniusProduct, Gradient, Letter, MatrixEquation, Softmax
from derive.symbols import Array

_ONES = Piece(Glyph("1", "number", bold=True))


@piece.register
def _whole(thing: Whole, names: Names) -> Piece:
    return piece(thing.args[0], names)


@piece.register
def _matrix_equation(thing: MatrixEquation, names: Names) -> Piece:
    return equal(_left(thing, names), piece(thing.rhs, names))


def _left(thing: MatrixEquation, names: Names) -> Piece:
    """The left side; W stands for W with its bias where the right side has that shape."""
    lhs = thing.lhs
    if isinstance(lhs, Gradient) and len(lhs.array.spaces) == 2 and lhs.array.spaces[1].size != thing.shape[1]:
        bias = Array("b", lhs.array.layer, lhs.array.spaces[:1])
        block = piece(BlockMatrix([[Letter(lhs.array), Letter(bias)]]), names)
        return _gradient_by(lhs.numerator, block, names)
    return piece(lhs, names)


@piece.register
def _gradient(thing: Gradient, names: Names) -> Piece:
    return _gradient_by(thing.numerator, names.whole(thing.array), names)


def _gradient_by(numerator: Expr, by: Piece, names: Names) -> Piece:
    above = piece(numerator, names)
    if names.notation.gradient == "nabla":
        return Piece(Row((Scripts(NABLA, sub=by.box), above.box)), Level.PRODUCT)
    over, under = (Row((PARTIAL, one.at(Level.FACTOR)), tight=True) for one in (above, by))
    return Piece(Fraction(over, under), Level.FACTOR)


@piece.register
def _letter(thing: Letter, names: Names) -> Piece:
    return piece(thing.array, names)


@piece.register
def _transpose(thing: Transpose, names: Names) -> Piece:
    base = _ONES if isinstance(thing.arg, OneMatrix) else piece(thing.arg, names)
    return raised(base, letter(names.notation.transpose))


@piece.register(OneMatrix)
def _ones(thing: OneMatrix, names: Names) -> Piece:
    return _ONES


@piece.register(ZeroMatrix)
def _zeros(thing: ZeroMatrix, names: Names) -> Piece:
    return Piece(number(0))


@piece.register(Identity)
def _identity(thing: Identity, names: Names) -> Piece:
    return Piece(letter("I"))


@piece.register
def _block(thing: BlockMatrix, names: Names) -> Piece:
    rows = [[thing.blocks[i, j] for j in range(thing.blocks.shape[1])] for i in range(thing.blocks.shape[0])]
    first, stacked = rows[0][0], None
    if isinstance(first, Letter) and first.array.role in ("W", "a", "x"):
        stacked = names.stacked(first.array)
    if stacked:
        return stacked
    cells = [[Glyph("1", "number") if one.shape == (1, 1) else piece(one, names).box for one in line] for line in rows]
    return Piece(Grid(tuple(tuple(line) for line in cells)))


@piece.register
def _matmul(thing: MatMul, names: Names) -> Piece:
    scalar, matrices = thing.as_coeff_matrices()
    return _scaled(scalar, [piece(one, names) for one in matrices], names)


def _scaled(scalar: Expr, factors: list[Piece], names: Names) -> Piece:
    """A number times a product of matrices."""
    if isinstance(names, LetterNames):
        return _with_numbers(scalar, factors, names)
    parts = product(scalar)
    whole = multiplied(factors)
    if parts.below and not parts.above and parts.number == 1 and whole.level != Level.HADAMARD:
        whole = written(replace(parts, minus=False), names, whole)
    elif scalar not in (1, -1):
        front = written(replace(parts, minus=False), names)
        whole = scaled(front, whole) if len(factors) == 1 else multiplied([front, *factors])
    return negative(whole) if parts.minus else whole


def _with_numbers(scalar: Expr, factors: list[Piece], names: Names) -> Piece:
    """The same in a program: numbers such as uᵀv in brackets of their own, and x/‖x‖ as a fraction."""
    numbers = [one for one in Mul.make_args(scalar) if isinstance(one, AsNumber)]
    parts = product(scalar / Mul(*numbers))
    rest, plain = replace(parts, minus=False), multiplied(factors)
    shown = [Piece(piece(one, names).at(Level.PRODUCT), Level.FACTOR) for one in numbers]
    if parts.below and not numbers and len(factors) == 1 and plain.level == Level.LETTER and not parts.above:
        whole = written(rest, names, plain)
    elif scalar / Mul(*numbers) not in (1, -1):
        front = multiplied([written(rest, names), *shown])
        whole = scaled(front, plain) if len(factors) == 1 else multiplied([front, *factors])
    elif shown:
        whole = scaled(multiplied(shown), plain) if len(factors) == 1 else multiplied([*shown, *factors])
    else:
        whole = plain
    return negative(whole) if parts.minus else whole


@piece.register(DiagMatrix)
def _diagonal(thing: DiagMatrix, names: Names) -> Piece:
    return applied(letter(r"\operatorname{diag}"), piece(thing.args[0], names))


@piece.register
def _softmax(thing: Softmax, names: Names) -> Piece:
    return applied(letter(r"\operatorname{softmax}"), piece(thing.matrix, names))


@piece.register
def _trace(thing: FrobeniusProduct, names: Names) -> Piece:
    left, right = thing.args
    if left == right:
        norm = Scripts(Fence(piece(left, names).box, "‖", "‖"), sub=letter("F"))
        return Piece(Scripts(norm, sup=number(2)), Level.FACTOR)
    inner = multiplied([raised(piece(left, names), letter(names.notation.transpose)), piece(right, names)])
    return applied(letter(r"\operatorname{tr}"), inner)


@piece.register
def _matadd(thing: MatAdd, names: Names) -> Piece:
    parts = [_signed(term) for term in thing.args]
    common = content([scalar.as_coeff_Mul()[0] for _, scalar, _ in parts])
    parts = [(minus, scalar / common, matrices) for minus, scalar, matrices in parts]
    parts.sort(key=lambda part: (part[0], _matrix_key(part[1], part[2])))
    inner = added([(minus, _term(scalar, matrices, names)) for minus, scalar, matrices in parts])
    return inner if common == 1 else multiplied([piece(common, names), inner])


def _signed(term: MatrixExpr) -> tuple[bool, Expr, list[MatrixExpr]]:
    """Whether a term is subtracted, the number in front of it, and its matrices; a matrix of ones is the number 1."""
    scalar, matrices = term.as_coeff_matrices() if isinstance(term, MatMul) else (Integer(1), [term])
    minus = product(scalar).minus
    kept = [one for one in matrices if not isinstance(one, OneMatrix)] if len(matrices) == 1 else list(matrices)
    return minus, -scalar if minus else scalar, kept


def _matrix_key(scalar: Expr, matrices: list[MatrixExpr]) -> tuple[Any, ...]:
    if len(matrices) == 1 and scalar == 1:
        return term_key(matrices[0])
    return term_key(Mul(scalar, evaluate=False) if not matrices else Mul(scalar, *map(Whole, matrices), evaluate=False))


def _term(scalar: Expr, matrices: list[MatrixExpr], names: Names) -> Piece:
    if not matrices:
        return piece(scalar, names)
    return _scaled(scalar, [piece(one, names) for one in matrices], names)


@piece.register
def _hadamard(thing: HadamardProduct, names: Names) -> Piece:
    divided = [one for one in thing.args if _reciprocal(one)]
    slopes = [one for one in thing.args if _is_slope(one)]
    plain = [one for one in thing.args if one not in divided and one not in slopes]
    factors = plain or slopes
    inside = replace(names, entrywise=True)
    if not factors:
        return between_arrays(Mul(*(_filled(one) for one in thing.args)), inside)
    below = [shown for one in divided for shown in _divisors(one, inside)]
    first = entrywise([piece(one, names) for one in factors], below)
    return entrywise([first, *(piece(one, names) for one in slopes)], []) if plain and slopes else first


def _is_slope(one: MatrixExpr) -> bool:
    return isinstance(one, Elementwise) and isinstance(one.function.expr, Head)


def _reciprocal(one: MatrixExpr) -> bool:
    """Whether a factor is 1/f of its entries."""
    if not isinstance(one, Elementwise):
        return False
    expression = one.function.expr
    return isinstance(expression, Pow) and bool(expression.exp.is_number and expression.exp.is_negative)


def _divisors(one: Elementwise, inside: Names) -> list[Piece]:
    """What a factor divides by: s² of a column is a power, A² of a matrix would be A A, so it is divided by twice."""
    base, exponent = _filled(one).as_base_exp()
    times = 0 if one.shape[1] == 1 and exponent != -1 else int(-exponent)
    rest = -exponent - times
    return [piece(base, inside)] * times + ([power(base, rest, inside)] if rest else [])


@piece.register
def _elementwise(thing: Elementwise, names: Names) -> Piece:
    filled = _filled(thing)
    plain = isinstance(filled, Head) and isinstance(filled.args[0], Whole)
    return piece(filled, names if plain else replace(names, entrywise=True))


@piece.register
def _number(thing: AsNumber, names: Names) -> Piece:
    vector = _squared(thing.matrix)
    if vector is not None:
        return raised(_norm(vector, names), number(2))
    return Piece(piece(thing.matrix, names).box, Level.SERIES)


@power.register
def _power_of_number(base: AsNumber, exponent: Expr, names: Names) -> Piece:
    """(vᵀv)^p is ‖v‖^{2p}."""
    vector = _squared(base.matrix)
    if vector is None:
        return power.dispatch(Expr)(base, exponent, names)
    norm = _norm(vector, names)
    return norm if 2 * exponent == 1 else raised(norm, piece(2 * exponent, names).box)


def _squared(matrix: MatrixExpr) -> MatrixExpr | None:
    """v, if the matrix is vᵀv."""
    first, *rest = matrix.args
    whole = rest[0] if len(rest) == 1 else None
    return whole if isinstance(first, Transpose) and first.arg == whole else None


def _norm(vector: MatrixExpr, names: Names) -> Piece:
    return Piece(Fence(piece(vector, names).box, "‖", "‖"))


def _filled(thing: Elementwise) -> Expr:
    """The function's formula with whole arrays for its arguments."""
    values = dict(zip(thing.function.variables, map(Whole, thing.matrices), strict=True))
    return thing.function.expr.xreplace(values)
