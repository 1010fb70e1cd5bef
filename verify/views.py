"""The three views of a derivation proved equal to one another, entry by entry, at several concrete widths.

Index form is summed here and matrix form multiplied out here, by rules of this file; the entries are those that the
derivation gives.  Equality is exact, by `verify.equality`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from sympy import (
    Add,
    BlockMatrix,
    Expr,
    HadamardProduct,
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
)

from derive.derivation import Derivation
from derive.entries import Unrolled
from derive.equation import Equation
from derive.linear import AsNumber, Elementwise, Letter, MatrixEquation
from derive.matrix import NoMatrixForm
from derive.symbols import Index
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
    spaces = derivation.network.spaces
    return Agreement(count, tuple(tuple(sizes[space.size] for space in spaces) for sizes in chosen))


def _width_sets(derivation: Derivation) -> Iterator[dict[Expr, int]]:
    network = derivation.network
    symbols = list(dict.fromkeys(space.size for space in network.spaces))
    own = network.sizes
    numbers = [width for width in network.widths if isinstance(width, int)]
    if len(numbers) == len(network.widths) and _weights(numbers) <= MOST_ENTRIES:
        yield own
    for cycle in ((2, 3), (1, 2)):
        sizes = {symbol: cycle[place % 2] for place, symbol in enumerate(symbols)}
        if sizes != own:
            yield sizes


def _weights(widths: list[int]) -> int:
    return sum(to * before for before, to in pairwise(widths))


def _claims(derivation: Derivation) -> Iterator[tuple[Equation, MatrixEquation | None]]:
    """Each conclusion in index form, and its matrix form; an appended bias's W and b share one."""
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
    for at, *views in zip(places, entries, summed, multiplied, strict=True):
        for name, view in zip(("index", "matrix"), views[1:], strict=True):
            if not equal(views[0], view):
                raise ViewsDiffer(f"{claim.lhs} at {at}, widths {sizes}: the entry is {views[0]}, {name} form {view}")
    return len(places)


def summed_out(expression: Expr, values: Mapping[Index, int], sizes: Widths) -> Expr:
    """An index expression at these values of its indices, every sum carried out."""
    if isinstance(expression, Index):
        return Integer(values[expression])
    if isinstance(expression, Sum):
        index, *_ = expression.limits[0]
        rest = Sum(expression.function, *expression.limits[1:]) if len(expression.limits) > 1 else expression.function
        terms = (summed_out(rest, {**values, index: at}, sizes) for at in range(1, sizes[index.space.size] + 1))
        return Add(*terms)
    if isinstance(expression, KroneckerDelta):
        left, right = (summed_out(index, values, sizes) for index in expression.args)
        return Integer(1 if left == right else 0)
    if isinstance(expression, Indexed):
        return Indexed(expression.base, *(summed_out(index, values, sizes) for index in expression.indices))
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
    OneMatrix: _constant(1),
    ZeroMatrix: _constant(0),
}
