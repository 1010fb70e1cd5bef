"""Matrix form, recognised in index form: a sum becomes a product, what shares an index stands side by side (⊙).

    Σ_k w_kj δ_k · σ′(z_j)   →  Wᵀ δ ⊙ σ′(z)          the indices are a tree rooted at j; a sum runs along each branch
    δ_j a_k                   →  δ aᵀ                   two trees, one for the row, one for the column
    a_j (g_j − Σ_k a_k g_k)   →  a ⊙ (g − (aᵀ g) 1)     a tree without a root is a number

A vector is a column.  No formula of any network is written here: BP1–BP4 are what this finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    BlockMatrix,
    Expr,
    Function,
    Identity,
    Indexed,
    Integer,
    KroneckerDelta,
    Lambda,
    MatAdd,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    Pow,
    Sum,
    Symbol,
    Transpose,
    exp,
)
from sympy.matrices.expressions.diagonal import DiagMatrix

from derive.contract import LETTERS, instantiate
from derive.equation import Equation
from derive.forest import Edge, Forest, NoMatrixForm, scaled, split
from derive.linear import Elementwise, EntryOf, Gradient, Letter, MatrixEquation, Softmax
from derive.named import Named
from derive.symbols import Index, Partial, Scalar, bound, free_indices

__all__ = ["NoMatrixForm", "appended", "joined", "matrix_form", "number_form", "recognise", "with_one"]


def recognise(claim: Equation) -> MatrixEquation:
    """The matrix form of a claim about a number, a vector or a matrix.

    Raises `NoMatrixForm` where an index occurs in a way that is no product of matrices.
    """
    free = claim.indices
    lhs: Any = claim.lhs
    if isinstance(lhs, Partial) and not isinstance(lhs.denominator, Scalar):
        lhs = Gradient(lhs.numerator, lhs.denominator.base)
    elif isinstance(lhs, Indexed):
        lhs = Letter(lhs.base)
    return MatrixEquation(lhs, matrix_form(claim.rhs, free))


def matrix_form(expression: Expr, free: tuple[Index, ...]) -> Expr:
    """An expression with these free indices as a matrix expression: no index a number, one a column, two a matrix."""
    if len(free) == 2:
        expression = _spread(expression)
    expression = _parted(expression)
    if isinstance(expression, Add):
        return _sum(expression, free)
    return _term(expression, free)


def _sum(expression: Add, free: tuple[Index, ...]) -> Expr:
    """A sum of terms; a number that stands in all of them stands in front: 2a − 2y → 2(a − y)."""
    content, rest = expression.primitive()
    terms = [_term(term, free) for term in rest.args]
    if not free:
        return content * Add(*terms)
    terms = _collected(_one_diagonal(sorted(terms, key=_place)))
    ordered = MatAdd(*terms) if len(terms) > 1 else terms[0]
    return ordered if content == 1 else scaled(content, [ordered])


def _one_diagonal(terms: list[MatrixExpr]) -> list[MatrixExpr]:
    """diag(u) + A + 2 diag(v) as diag(u + 2v) + A; a multiple of I is left as it is."""
    parts = [split(one) for one in terms]
    places = [n for n, (_, factors) in enumerate(parts) if len(factors) == 1 and isinstance(factors[0], DiagMatrix)]
    if len(places) < 2:
        return terms
    columns = [scaled(parts[n][0], [parts[n][1][0].args[0]]) for n in places]
    whole = DiagMatrix(MatAdd(*sorted(columns, key=_place)))
    return [whole if n == places[0] else one for n, one in enumerate(terms) if n not in places[1:]]


def _collected(terms: list[MatrixExpr]) -> list[MatrixExpr]:
    """A x + Aᵀ x as (A + Aᵀ) x, and X A + X Aᵀ as X (A + Aᵀ), in a program of named arrays."""
    parts = [split(one) for one in terms]
    if len(terms) < 2 or any(len(factors) != 2 for _, factors in parts) or not all(one.atoms(Named) for one in terms):
        return terms
    first, last = parts[0][1]
    if all(factors[1] == last for _, factors in parts):
        return [MatMul(MatAdd(*(scaled(number, factors[:1]) for number, factors in parts)), last)]
    if all(factors[0] == first for _, factors in parts):
        return [MatMul(first, MatAdd(*(scaled(number, factors[1:]) for number, factors in parts)))]
    return terms


def _place(term: MatrixExpr) -> int:
    """Where a term stands in a sum: W a + b rather than b + W a, a − y rather than −y + a."""
    if not isinstance(term, MatMul):
        return 1
    return 2 if term.args[0].could_extract_minus_sign() else 0


@dataclass(frozen=True)
class _Product:
    """One term, all its sums opened: a number in front, and factors that each carry indices."""

    scalar: Expr
    factors: tuple[Expr, ...]


def _term(expression: Expr, free: tuple[Index, ...]) -> Expr:
    if len(free) > 2:
        raise NoMatrixForm(f"{expression} has {len(free)} indices, a matrix has two")
    product = _opened(_with_softmax(expression), free)
    forest = Forest.of(part for factor in product.factors for part in _parts(factor)).shortened(free)
    scalar = product.scalar * Mul(*(forest.number(part) for part in forest.loose(free)))
    if not free:
        return scalar
    if len(free) == 1:
        return scaled(scalar, [forest.column(free[0], set())])
    return scaled(scalar, forest.matrix(*free))


def _spread(expression: Expr) -> Expr:
    """a_j (δ_jk − a_k) as a_j δ_jk − a_j a_k: a sum that holds a delta is multiplied out."""
    if isinstance(expression, Add):
        return Add(*(_spread(term) for term in expression.args)) if expression.has(KroneckerDelta) else expression
    factors = Mul.make_args(expression)
    held = next((one for one in factors if isinstance(one, Add) and one.has(KroneckerDelta)), None)
    if held is None:
        return expression
    rest = Mul(*(one for one in factors if one is not held))
    return Add(*(_spread(rest * term) for term in held.args))


def _parted(expression: Expr) -> Expr:
    """Σ_i (X_ij Y_ik + Z_ik W_ij) as two sums: together they join too many indices to be a matrix."""
    number, rest = expression.as_coeff_Mul()
    if isinstance(rest, Sum) and isinstance(rest.function, Add) and len(free_indices(rest.function)) > 2:
        return Add(*(number * Sum(term, *rest.limits) for term in rest.function.args))
    return expression


def _parts(factor: Expr) -> Iterator[tuple[Index, MatrixExpr] | Edge]:
    """A factor as a column on its index, or as a matrix between its two."""
    ends = free_indices(factor)
    if any(
        not isinstance(index, Index) for one in factor.atoms(Indexed) for index in one.indices if index.free_symbols
    ):
        raise NoMatrixForm(f"{factor} has shifted indices")
    if len(ends) == 1:
        (index,) = ends
        yield index, _vector(factor, index)
    elif len(ends) == 2:
        yield _edge(factor, ends)
    else:
        raise NoMatrixForm(f"{factor} joins {len(ends)} indices and is not the entry of a matrix")


def _edge(factor: Expr, ends: frozenset[Index]) -> Edge:
    """A factor with two indices as a matrix: an entry, a sum of such, or a function applied entry by entry."""
    if isinstance(factor, EntryOf):
        row, column = factor.indices
        return Edge(row, column, factor.matrix)
    if isinstance(factor, Indexed) and len(factor.base.spaces) == 2:
        row, column = factor.indices
        return Edge(row, column, Letter(factor.base))
    if isinstance(factor, KroneckerDelta):
        row, column = sorted(ends, key=str)
        return Edge(row, column, Identity(row.space.size))
    first, second = sorted(ends, key=str)
    edges = [_formed(factor, row, column) for row, column in ((first, second), (second, first))]
    return min(edges, key=lambda one: len(list(one.matrix.find(Transpose))))


def _formed(factor: Expr, row: Index, column: Index) -> Edge:
    if isinstance(factor, Add):
        return Edge(row, column, matrix_form(factor, (row, column)))
    inner = _argument(factor, frozenset((row, column)))
    if inner is None:
        raise NoMatrixForm(f"{factor} joins 2 indices and is not the entry of a matrix")
    letter = Symbol("u", real=True)
    function = Lambda((letter,), factor.xreplace({inner: letter}))
    return Edge(row, column, Elementwise(function, matrix_form(inner, (row, column))))


def _argument(factor: Expr, ends: frozenset[Index]) -> Expr | None:
    """The one part of a function or a power in which its indices stand."""
    if not isinstance(factor, Function | Pow):
        return None
    holding = [one for one in factor.args if free_indices(one)]
    return holding[0] if len(holding) == 1 and free_indices(holding[0]) == ends else None


def _with_softmax(term: Expr) -> Expr:
    """e^{S_ij} / Σ_k e^{S_ik} as an entry of softmax(S), in a program of named arrays."""
    factors = list(Mul.make_args(term))
    for below in factors:
        if not (isinstance(below, Pow) and below.exp == -1 and isinstance(below.base, Sum)) or not below.has(Named):
            continue
        body, (index, *others) = below.base.function, bound(below.base)
        for above in factors if isinstance(body, exp) and not others else ():
            here = [one for one in free_indices(above) if one.space == index.space]
            hit = next((one for one in sorted(here, key=str) if instantiate(body, {index: one}) == above), None)
            if isinstance(above, exp) and hit is not None and len(free_indices(above)) < 3:
                rows = tuple(sorted(free_indices(above) - {hit}, key=str))
                matrix = Softmax(matrix_form(above.args[0], (*rows, hit)))
                rest = [one for one in factors if one is not above and one is not below]
                return Mul(*rest, EntryOf(matrix, *rows, hit))
    return term


def _opened(expression: Expr, free: Iterable[Index]) -> _Product:
    """All factors of a product of sums, each bound index under a name of its own."""
    scalar, found = Integer(1), list[Expr]()
    pending = list(Mul.make_args(expression))
    taken = {index.name for index in free}
    while pending:
        factor = pending.pop(0)
        base, exponent = factor.as_base_exp()
        if isinstance(factor, Sum):
            pending[:0] = Mul.make_args(_renamed(factor, taken))
        elif not free_indices(factor):
            scalar *= number_form(factor)
        elif exponent.is_Integer and exponent > 1 and len(free_indices(base)) in (1, 2):
            found += [base] * int(exponent)
        else:
            found.append(factor)
    return _Product(scalar, tuple(found))


def _renamed(factor: Sum, taken: set[str]) -> Expr:
    names = {}
    for index in bound(factor):
        letters = (letter + suffix for suffix in ("", *(f"_{n}" for n in range(1, 100))) for letter in LETTERS)
        names[index] = Index(next(letter for letter in letters if letter not in taken), index.space)
        taken.add(names[index].name)
    return instantiate(factor.function, names)


def number_form(expression: Expr) -> Expr:
    """An expression without free indices, each closed sum in it written as a product such as aᵀ y."""
    if isinstance(expression, Sum):
        body = expression.function
        if isinstance(body, Add):
            return Add(*(_term(Sum(term, *expression.limits), ()) for term in body.args))
        return _term(expression, ())
    if not expression.has(Sum):
        return expression
    return expression.func(*(number_form(part) for part in expression.args))


def _vector(factor: Expr, index: Index) -> MatrixExpr:
    """A factor with one index as a column: an array, a sum of columns, or a function applied entry by entry."""
    if isinstance(factor, EntryOf):
        return factor.matrix
    if isinstance(factor, Indexed):
        if len(factor.indices) != 1:
            raise NoMatrixForm(f"{factor} is neither an entry of a vector nor one of a matrix")
        return Letter(factor.base)
    if isinstance(factor, Add):
        return matrix_form(factor, (index,))
    inner = _argument(factor, frozenset((index,)))
    if inner is not None and (_matrices_in(inner) or any(map(free_indices, inner.atoms(Sum)))):
        letter = Symbol("u", real=True)
        return Elementwise(Lambda((letter,), factor.xreplace({inner: letter})), matrix_form(inner, (index,)))
    return _entrywise(factor, index)


def _matrices_in(expression: Expr) -> bool:
    return any(len(one.indices) != 1 for one in expression.atoms(Indexed))


def _entrywise(factor: Expr, index: Index) -> MatrixExpr:
    """A function of the entries that columns have at one index; nothing else in it may speak of the index."""
    entries = sorted((one for one in factor.atoms(Indexed) if index in one.indices), key=str)
    if any(len(entry.indices) != 1 for entry in entries):
        raise NoMatrixForm(f"{factor} is a function of the entries of a matrix")
    letters = [Symbol(f"u_{n}" if n > 5 else "uvwst"[n - 1], real=True) for n in range(1, len(entries) + 1)]
    body = _named(factor, dict(zip(entries, letters, strict=True)))
    if not entries or free_indices(body):
        raise NoMatrixForm(f"{factor} is no function of the entries of columns")
    return Elementwise(Lambda(tuple(letters), body), *(Letter(entry.base) for entry in entries))


def _named(expression: Expr, names: Mapping[Expr, Expr]) -> Expr:
    """The expression with letters for its entries and products for its closed sums."""
    if expression in names:
        return names[expression]
    if isinstance(expression, Sum) and not free_indices(expression):
        return number_form(expression)
    if isinstance(expression, Indexed) or not expression.args:
        return expression
    return expression.func(*(_named(part, names) for part in expression.args))


def appended(weights: MatrixEquation, bias: MatrixEquation) -> MatrixEquation:
    """∂E/∂[W b] of a layer whose input has a 1 appended: from δ aᵀ and δ, the one product δ [a; 1]ᵀ.

    Raises `NoMatrixForm` where the two claims do not share their first factor.
    """
    first, *rest = weights.rhs.args if isinstance(weights.rhs, MatMul) else (weights.rhs,)
    if first != bias.rhs or len(rest) != 1 or not isinstance(rest[0], Transpose):
        raise NoMatrixForm(f"{weights.rhs} and {bias.rhs} are not one product")
    return MatrixEquation(weights.lhs, MatMul(first, Transpose(with_one(rest[0].arg))))


def with_one(column: MatrixExpr) -> MatrixExpr:
    """[a; 1]: a column with a 1 below."""
    return BlockMatrix([[column], [OneMatrix(1, 1)]])


def joined(forward: MatrixEquation, weights: Letter, before: Letter, bias: Letter) -> MatrixEquation:
    """z = W a + b written as one product, [W b] [a; 1]."""
    if forward.rhs not in (MatAdd(MatMul(weights, before), bias), MatAdd(bias, MatMul(weights, before))):
        raise NoMatrixForm(f"{forward.rhs} is not {weights} times {before} and {bias}")
    return MatrixEquation(forward.lhs, MatMul(BlockMatrix([[weights, bias]]), with_one(before)))
