"""The three views of a derivation proved equal to one another, entry by entry, at several concrete widths.

Index form is summed here and matrix form multiplied out here, by rules of this file; the entries are those that the
derivation gives.  Equality is exact, by `verify.equality`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from typing import Any

from sympy import (
    Add,
    BlockMatrix,
    Expr,
    HadamardProduct,
    Identity,
    Indexed,
    Integer,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    Sum,
    Transpose,
    ZeroMatrix,
    exp,
)
from sympy.matrices.expressions.diagonal import DiagMatrix

from derive.derivation import Derivation
from derive.entries import Unrolled
from derive.equation import Equation
from derive.linear import AsNumber, Elementwise, FrobeniusProduct, Letter, MatrixEquation, Softmax
from derive.matrix import NoMatrixForm
from derive.symbols import Array, Index, Space
from verify.equality import equal

MOST_ENTRIES = 400
Widths = Mapping[Expr, int]
Rows = list[list[Expr]]


class ViewsDiffer(AssertionError):
    """Two views of one gradient differ; the message names the entry and both values."""


@dataclass(frozen=True)
class Agreement:
    """How many entries were compared, and at which widths (input first)."""

    entries: int
    widths: tuple[tuple[int, ...], ...]


def agree(derivation: Derivation) -> Agreement:
    """Compare the views at the network's own widths, if it is small, and at two sets of other small widths.

    Raises `ViewsDiffer` at the first entry in which they differ.
    """
    chosen = list(_width_sets(derivation))
    count = sum(_compare(claim, form, sizes) for sizes in chosen for claim, form in _claims(derivation))
    spaces = _spaces(derivation)
    return Agreement(count, tuple(tuple(sizes[space.size] for space in spaces) for sizes in chosen))


def _spaces(derivation: Derivation) -> tuple[Space, ...]:
    return derivation.network.spaces if derivation.layered else derivation.program.spaces


def _width_sets(derivation: Derivation) -> Iterator[dict[Expr, int]]:
    symbols = list(dict.fromkeys(space.size for space in _spaces(derivation)))
    own = dict(derivation.sizes)
    if _small(derivation, own):
        yield own
    for cycle in ((2, 3), (1, 2)):
        sizes = {symbol: cycle[place % 2] for place, symbol in enumerate(symbols)}
        if sizes != own:
            yield sizes


def _small(derivation: Derivation, sizes: Widths) -> bool:
    """Whether the widths are numbers, all of them, and the arrays not too large to be written out."""
    if not derivation.layered:
        arrays = [one for one in derivation.program.variables.values() if isinstance(one, Array)]
        known = all(space.size in sizes for one in arrays for space in one.spaces)
        return known and sum(prod(sizes[space.size] for space in one.spaces) for one in arrays) <= MOST_ENTRIES
    widths = derivation.network.widths
    numbers = [width for width in widths if isinstance(width, int)]
    return len(numbers) == len(widths) and _weights(numbers) <= MOST_ENTRIES


def _weights(widths: list[int]) -> int:
    return sum(to * before for before, to in pairwise(widths))


def _claims(derivation: Derivation) -> Iterator[tuple[Equation, MatrixEquation | None]]:
    """Each conclusion in index form, and its matrix form; an appended bias's W and b share one."""
    if not derivation.layered:
        yield from _claims_of_program(derivation)
        return
    network = derivation.network
    keys = [("x", 0), *(("delta", n) for n in range(1, network.depth + 1) if derivation.name("z", n) is not None)]
    keys += [(array.role, array.layer) for array in network.parameters]
    for role, layer in keys:
        try:
            form = derivation.matrix(role, layer)
        except NoMatrixForm:  # then index form and entries are compared
            yield derivation.index(role, layer), None
            continue
        appended = role == "W" and network.stack[layer - 1].bias == "appended"
        yield derivation.index(role, layer), form if not appended else _without_last(form)


def _claims_of_program(derivation: Derivation) -> Iterator[tuple[Equation, MatrixEquation | None]]:
    for variable, _, claim in derivation.adjoints:
        try:
            yield claim, derivation.matrix(variable.name)
        except NoMatrixForm:  # then index form and entries are compared
            yield claim, None


def _without_last(form: MatrixEquation) -> MatrixEquation:
    """δ [a; 1]ᵀ without its last column, which is the bias's and is compared with the bias."""
    *left, last = form.rhs.args
    return MatrixEquation(form.lhs, MatMul(*left, Transpose(last.arg.blocks[0, 0])))


def _compare(claim: Equation, form: MatrixEquation | None, sizes: Widths) -> int:
    """Compare one claim in all three views; the number of entries."""
    entries = [right for _, right in Unrolled(sizes).equations(claim)]
    free = claim.indices
    places = list(product(*(range(1, sizes[index.space.size] + 1) for index in free)))
    summed = [summed_out(claim.rhs, dict(zip(free, at, strict=True)), sizes) for at in places]
    multiplied = [one for row in multiplied_out(form.rhs, sizes) for one in row] if form else summed
    if len(multiplied) != len(places):
        raise ViewsDiffer(
            f"{claim.lhs}, widths {sizes}: there are {len(places)} entries, {len(multiplied)} in matrix form"
        )
    for at, *views in zip(places, entries, summed, multiplied, strict=True):
        for name, view in zip(("index", "matrix"), views[1:], strict=True):
            if not equal(views[0], view):
                raise ViewsDiffer(f"{claim.lhs} at {at}, widths {sizes}: the entry is {views[0]}, {name} form {view}")
    return len(places)


def summed_out(expression: Expr, values: Mapping[Index, int], sizes: Widths) -> Expr:
    """An index expression at these values of its indices, every sum carried out."""
    if isinstance(expression, Index):
        return Integer(values[expression])
    if isinstance(expression, Array):
        return expression
    if isinstance(expression, Sum):
        index, *_ = expression.limits[0]
        rest = Sum(expression.function, *expression.limits[1:]) if len(expression.limits) > 1 else expression.function
        terms = (summed_out(rest, {**values, index: at}, sizes) for at in range(1, sizes[index.space.size] + 1))
        return Add(*terms)
    if isinstance(expression, KroneckerDelta):
        left, right = (summed_out(index, values, sizes) for index in expression.args)
        return Integer(1 if left == right else 0)
    if isinstance(expression, Indexed):
        place = [summed_out(index, values, sizes) for index in expression.indices]
        ends = [sizes.get(space.size, space.size) for space in expression.base.spaces]
        shifted = any(isinstance(index, Add | Mul) for index in expression.indices)
        if shifted and not all(1 <= at <= end for at, end in zip(place, ends, strict=True)):
            return Integer(0)  # beyond the ends of an axis
        return Indexed(expression.base, *place)
    if expression in sizes:
        return Integer(sizes[expression])
    if not expression.args:
        return expression
    return expression.func(*(summed_out(part, values, sizes) for part in expression.args))


def multiplied_out(expression: Any, sizes: Widths) -> Rows:
    """A matrix expression as rows of entries; a number is one row with one entry."""
    if not isinstance(expression, MatrixExpr):
        return [[_number(expression, sizes)]]
    for kind, rule in _MATRICES.items():
        if isinstance(expression, kind):
            return rule(expression, sizes)
    raise TypeError(f"no rule for the entries of {type(expression).__name__}")


def _number(expression: Expr, sizes: Widths) -> Expr:
    """A number in which 1 × 1 products and widths stand."""
    if isinstance(expression, AsNumber):
        ((value,),) = multiplied_out(expression.matrix, sizes)
        return value
    if isinstance(expression, FrobeniusProduct):
        left, right = (multiplied_out(one, sizes) for one in expression.args)
        return Add(*(a * b for rows in zip(left, right, strict=True) for a, b in zip(*rows, strict=True)))
    if expression in sizes:
        return Integer(sizes[expression])
    if not expression.args:
        return expression
    return expression.func(*(_number(part, sizes) for part in expression.args))


def _letter(letter: Letter, sizes: Widths) -> Rows:
    array = letter.array
    counts = [range(1, sizes[space.size] + 1) for space in array.spaces]
    if len(counts) == 1:
        return [[array[Integer(j)]] for j in counts[0]]
    return [[array[Integer(j), Integer(k)] for k in counts[1]] for j in counts[0]]


def _matmul(expression: MatMul, sizes: Widths) -> Rows:
    number = Mul(*(_number(part, sizes) for part in expression.args if not isinstance(part, MatrixExpr)))
    matrices = [multiplied_out(part, sizes) for part in expression.args if isinstance(part, MatrixExpr)]
    left, *rest = matrices
    for right in rest:
        columns = list(zip(*right, strict=True))
        left = [[Add(*(a * b for a, b in zip(row, column, strict=True))) for column in columns] for row in left]
    return [[number * one for one in row] for row in left]


def _by_entry(combine: Any) -> Any:
    """A rule for what works entry by entry on matrices of one shape."""

    def rule(expression: MatrixExpr, sizes: Widths) -> Rows:
        parts = [multiplied_out(part, sizes) for part in expression.args]
        return [[combine(*entries) for entries in zip(*rows, strict=True)] for rows in zip(*parts, strict=True)]

    return rule


def _elementwise(expression: Elementwise, sizes: Widths) -> Rows:
    parts = [multiplied_out(part, sizes) for part in expression.matrices]
    letters, body = expression.function.variables, _number(expression.function.expr, sizes)
    return [
        [body.xreplace(dict(zip(letters, entries, strict=True))) for entries in zip(*rows, strict=True)]
        for rows in zip(*parts, strict=True)
    ]


def _block(expression: BlockMatrix, sizes: Widths) -> Rows:
    found: Rows = []
    for blocks in expression.blocks.tolist():
        parts = [multiplied_out(block, sizes) for block in blocks]
        found += [[one for part in rows for one in part] for rows in zip(*parts, strict=True)]
    return found


def _softmax(expression: Softmax, sizes: Widths) -> Rows:
    """softmax of a column, or of each row."""
    rows = multiplied_out(expression.matrix, sizes)
    if len(rows[0]) == 1 and expression.shape[1] == 1:
        (column,) = _shares([[one for (one,) in rows]])
        return [[one] for one in column]
    return _shares(rows)


def _shares(rows: Rows) -> Rows:
    return [[exp(one) / Add(*map(exp, row)) for one in row] for row in rows]


def _diagonal(expression: DiagMatrix, sizes: Widths) -> Rows:
    column = [one for (one,) in multiplied_out(expression.args[0], sizes)]
    return [[one if j == k else Integer(0) for k in range(len(column))] for j, one in enumerate(column)]


def _identity(expression: Identity, sizes: Widths) -> Rows:
    count = int(_number(expression.shape[0], sizes))
    return [[Integer(int(j == k)) for k in range(count)] for j in range(count)]


def _constant(value: int) -> Any:
    def rule(expression: MatrixExpr, sizes: Widths) -> Rows:
        height, width = (int(_number(size, sizes)) for size in expression.shape)
        return [[Integer(value)] * width for _ in range(height)]

    return rule


_MATRICES: dict[type[MatrixExpr], Any] = {
    Letter: _letter,
    MatMul: _matmul,
    MatAdd: _by_entry(Add),
    HadamardProduct: _by_entry(Mul),
    Transpose: lambda one, sizes: [list(column) for column in zip(*multiplied_out(one.arg, sizes), strict=True)],
    Elementwise: _elementwise,
    BlockMatrix: _block,
    Softmax: _softmax,
    DiagMatrix: _diagonal,
    Identity: _identity,
    OneMatrix: _constant(1),
    ZeroMatrix: _constant(0),
}
