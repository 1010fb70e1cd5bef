"""The order in which a person writes: weights before activations, a − y, numbers and slopes where a textbook has them.

SymPy keeps terms and factors in an order of its own; the ranks below are the textbook's.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import (
    Add,
    Expr,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    MatrixExpr,
    Piecewise,
    Pow,
    Sum,
    exp,
)

from derive.functions import Head
from derive.linear import AsNumber, Letter
from derive.named import Adjoint, Slope
from derive.second.tangent import Direction, Tangent
from derive.symbols import Array, Local, Partial, Scalar, Width

# Factors of a product, first to last; arrays by role.
_ARRAY_RANK = {"W": 40, "delta": 50, "g": 50, "y": 55}
_FACTOR_RANK = (
    (Width, 10),
    (KroneckerDelta, 20),
    (Partial, 30),
    (Local, 31),
    (Add, 70),
    (AsNumber, 70),
    (Sum, 80),
    (Piecewise, 85),
    (exp, 65),
    (Function, 90),
)
_SMALL = (r"\epsilon", r"\varepsilon")  # what is added so that nothing is divided by 0 stands last
_SHIFTS = ("b", r"\beta", "c")  # the letters of biases: W x + b
_VALUE, _SLOPE, _CONSTANT, _GRADIENT, _MATRIX = 60, 95, 10, 35, 55


def factor_rank(factor: Expr) -> int:
    """Where a factor stands in a product."""
    base = factor.base if isinstance(factor, Pow) else factor
    if isinstance(base, Indexed):
        return _rank(base.base)
    if isinstance(base, Head):
        return _SLOPE if base.order else _VALUE
    if isinstance(base, Scalar):
        return _CONSTANT if base.role in ("constant", "number") else _VALUE
    letters = getattr(base, "letters", None)
    if letters is not None:
        return _rank(letters[0]) if len(letters) == 1 else 70
    return next((rank for kind, rank in _FACTOR_RANK if isinstance(base, kind)), 0)


def _rank(array: Array) -> int:
    """The rank of an array: by its role in a network, ∂L/∂Y before all others in a program."""
    if isinstance(array, Direction | Tangent):
        return _rank(array.array)
    if type(array) is Array:
        return _ARRAY_RANK.get(array.role, _VALUE)
    if isinstance(array, Adjoint | Slope):
        return _GRADIENT
    return _MATRIX if len(array.spaces) > 1 else _VALUE


def in_order(factors: list[Expr]) -> list[Expr]:
    """Factors as a textbook has them; with slopes of several layers, along the path from the loss backwards."""
    if len(factors) < 2:
        return factors
    slopes = {tuple(_layers(one)) for one in factors if isinstance(one, Head) and one.order}
    if len(slopes) > 1:
        return sorted(factors, key=_path_key)
    return sorted(factors, key=lambda one: (factor_rank(one), [-layer for layer in _layers(one)], _indices(one)))


def _path_key(factor: Expr) -> tuple[float, int]:
    """The place on the path backwards: loss, σ′ of the last layer, its weights, σ′ of the layer before, …."""
    rank = factor_rank(factor)
    layer = max(_layers(factor), default=0)
    if isinstance(factor, Indexed) and rank == _VALUE:
        return 1.0, rank
    if rank < 30:
        return -1e6, rank
    on_path = {_SLOPE: 2 * layer, 40: 2 * layer - 1, 50: 2 * layer}.get(rank, 2 * layer + 0.5)
    return -float(on_path), rank


def entries(expression: Expr) -> Iterator[Indexed]:
    """Every entry of an array, as often as it stands."""
    if isinstance(expression, Indexed):
        yield expression
        return
    for part in expression.args:
        yield from entries(part)


def _layers(expression: Expr) -> list[int]:
    return [entry.base.layer for entry in entries(expression)]


def _indices(expression: Expr) -> list[tuple[int, str]]:
    """The indices in reading order, as something that can be compared: numbers by value, letters by name."""
    return [
        (int(index), "") if isinstance(index, Integer) else (0, str(index))
        for entry in entries(expression)
        for index in entry.indices
    ]


def size(expression: Expr) -> int:
    """How much there is to write, roughly."""
    if isinstance(expression, Indexed | Array | Letter):
        return 1
    return 1 + sum(size(part) for part in expression.args)


def term_key(term: Expr) -> tuple[int, int, int, list[tuple[int, str]]]:
    """Where a term stands among those of its sign: 1 and δ_jk first, short ones next, a bias alone at the end."""
    if not term.free_symbols and not isinstance(term, MatrixExpr):
        return 0, size(term), 0, []
    if isinstance(term, Indexed | Letter):
        array = term.base if isinstance(term, Indexed) else term.array
        array = array.array if isinstance(array, Direction) else array
        role = array.role if type(array) is Array else "b" if array.role.split("_")[0] in _SHIFTS else ""
        return (3 if role == "b" else 1), 1, (1 if role == "y" else 0), _indices(term)
    if isinstance(term, Scalar) and (term.name in _SMALL or term.name.split("_")[0] in _SHIFTS):
        return 3, 1, 0, []
    return (0 if term.has(KroneckerDelta) else 1), size(term), 0, _indices(term)
