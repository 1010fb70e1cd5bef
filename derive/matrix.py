"""Matrix form, recognised in index form: a sum becomes a product, what shares an index stands side by side (⊙).

    Σ_k w_kj δ_k · σ′(z_j)   →  Wᵀ δ ⊙ σ′(z)          the indices are a tree rooted at j; a sum runs along each branch
    δ_j a_k                   →  δ aᵀ                   two trees, one for the row, one for the column
    a_j (g_j − Σ_k a_k g_k)   →  a ⊙ (g − (aᵀ g) 1)     a tree without a root is a number

A vector is a column.  No formula of any network is written here: BP1–BP4 are what this finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    BlockMatrix,
    Expr,
    HadamardProduct,
    Indexed,
    Integer,
    Lambda,
    MatAdd,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    Sum,
    Symbol,
    Transpose,
    ZeroMatrix,
)

from derive.contract import LETTERS, instantiate
from derive.equation import Equation
from derive.linear import AsNumber, Elementwise, Gradient, Letter, MatrixEquation
from derive.symbols import Index, Partial, Space, bound, free_indices


class NoMatrixForm(ValueError):
    """The formula has no matrix form of the kinds that are recognised; the message says which part has none."""


def recognise(claim: Equation) -> MatrixEquation:
    """The matrix form of a claim about a number, a vector or a matrix.

    Raises `NoMatrixForm` where an index occurs in a way that is no product of matrices.
    """
    free = claim.indices
    lhs: Any = claim.lhs
    if isinstance(lhs, Partial):
        lhs = Gradient(lhs.numerator, lhs.denominator.base)
    elif isinstance(lhs, Indexed):
        lhs = Letter(lhs.base)
    return MatrixEquation(lhs, matrix_form(claim.rhs, free))


def matrix_form(expression: Expr, free: tuple[Index, ...]) -> Expr:
    """An expression with these free indices as a matrix expression: no index a number, one a column, two a matrix."""
    if isinstance(expression, Add):
        return _sum(expression, free)
    return _term(expression, free)


def _sum(expression: Add, free: tuple[Index, ...]) -> Expr:
    """A sum of terms; a number that stands in all of them stands in front: 2a − 2y → 2(a − y)."""
    content, rest = expression.primitive()
    terms = [_term(term, free) for term in rest.args]
    if not free:
        return content * Add(*terms)
    ordered = MatAdd(*sorted(terms, key=_place))
    return ordered if content == 1 else MatMul(content, ordered)


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
    product = _opened(expression, free)
    forest = _Forest.of(product.factors)
    scalar = product.scalar * Mul(*(forest.number(part) for part in forest.loose(free)))
    if not free:
        return scalar
    if len(free) == 1:
        return _scaled(scalar, [forest.column(free[0], set())])
    return _scaled(scalar, forest.matrix(*free))


def _scaled(scalar: Expr, factors: list[MatrixExpr]) -> MatrixExpr:
    """scalar · A · B …, with all numbers in front and without a 1 there."""
    matrices: list[MatrixExpr] = []
    for one in factors:
        number, rest = _split(one)
        scalar, matrices = scalar * number, [*matrices, *rest]
    if scalar == 0:
        return ZeroMatrix(matrices[0].shape[0], matrices[-1].shape[1])
    if scalar == 1:
        return matrices[0] if len(matrices) == 1 else MatMul(*matrices)
    return MatMul(scalar, *matrices)


def _split(matrix: MatrixExpr) -> tuple[Expr, list[MatrixExpr]]:
    """The number in front of a product, and its matrices."""
    if isinstance(matrix, Transpose):
        number, rest = _split(matrix.arg)
        return (number, [Transpose(_scaled(Integer(1), rest))]) if number != 1 else (number, [matrix])
    if not isinstance(matrix, MatMul):
        return Integer(1), [matrix]
    numbers = [part for part in matrix.args if not isinstance(part, MatrixExpr)]
    return Mul(*numbers), [part for part in matrix.args if isinstance(part, MatrixExpr)]


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
        elif exponent.is_Integer and exponent > 1 and len(free_indices(base)) == 1:
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


@dataclass(frozen=True)
class _Forest:
    """Factors as a graph: an index is a node, a factor with one index hangs on it, one with two joins them."""

    leaves: Mapping[Index, tuple[Expr, ...]]
    edges: Mapping[frozenset[Index], tuple[Indexed, ...]]

    @classmethod
    def of(cls, factors: Iterable[Expr]) -> _Forest:
        leaves: dict[Index, tuple[Expr, ...]] = {}
        edges: dict[frozenset[Index], tuple[Indexed, ...]] = {}
        for factor in factors:
            ends = free_indices(factor)
            if len(ends) == 1:
                (index,) = ends
                leaves[index] = (*leaves.get(index, ()), factor)
            elif len(ends) == 2 and isinstance(factor, Indexed):
                edges[ends] = (*edges.get(ends, ()), factor)
            else:
                raise NoMatrixForm(f"{factor} joins {len(ends)} indices and is not the entry of a matrix")
        return cls(leaves, edges)

    def parts(self) -> list[set[Index]]:
        """The connected parts, in the order in which their indices first occur."""
        nodes = dict.fromkeys([*self.leaves, *(index for pair in self.edges for index in sorted(pair, key=str))])
        found: list[set[Index]] = []
        for node in nodes:
            if not any(node in part for part in found):
                found.append(self._reach(node))
        return found

    def _reach(self, start: Index) -> set[Index]:
        reached, pending = {start}, [start]
        while pending:
            new = {other for other in self._neighbours(pending.pop()) if other not in reached}
            reached |= new
            pending += new
        return reached

    def _neighbours(self, node: Index) -> list[Index]:
        return [next(iter(pair - {node})) for pair in self.edges if node in pair]

    def loose(self, free: Iterable[Index]) -> list[set[Index]]:
        """The parts that hold no free index: each is a number."""
        return [part for part in self.parts() if not part & set(free)]

    def column(self, node: Index, seen: set[Index]) -> MatrixExpr:
        """What hangs on a node, side by side; each branch is a matrix times the column at its other end."""
        return _side_by_side(self._hanging(node, seen), node.space)

    def _hanging(self, node: Index, seen: set[Index]) -> list[MatrixExpr]:
        factors: list[MatrixExpr] = [_vector(factor, node) for factor in self.leaves.get(node, ())]
        branches = [other for other in self._neighbours(node) if other not in seen]
        for other in branches:
            if len(seen & set(self._neighbours(other))) > 1:
                raise NoMatrixForm(f"the indices {node} and {other} lie on a cycle")
            edge, below = self._edge(node, other), self.column(other, seen | {node})
            factors.insert(0, _scaled(Integer(1), [edge, below]))
        return factors

    def _edge(self, row: Index, column: Index) -> MatrixExpr:
        entries = self.edges[frozenset((row, column))]
        found = [Letter(e.base) if e.indices[0] == row else Transpose(Letter(e.base)) for e in entries]
        return found[0] if len(found) == 1 else HadamardProduct(*found)

    def number(self, part: set[Index]) -> Expr:
        """Σ over a part without a free index: uᵀ v, or 1ᵀ u."""
        root = max(sorted(part, key=str), key=lambda node: len(self.leaves.get(node, ())) + len(self._neighbours(node)))
        first, *rest = sorted(self._hanging(root, set()), key=_rank)
        left = Transpose(first) if rest else Transpose(OneMatrix(root.space.size, 1))
        scalar, product = _split(_scaled(Integer(1), [left, _side_by_side(rest or [first], root.space)]))
        return scalar * AsNumber(MatMul(*product))

    def matrix(self, row: Index, column: Index) -> list[MatrixExpr]:
        """The factors of a matrix whose entry at (row, column) is the product."""
        pair = frozenset((row, column))
        if column not in self._reach(row):
            return [self.column(row, set()), Transpose(self.column(column, set()))]
        if pair in self.edges and not self.leaves.get(row) and not self.leaves.get(column):
            return [self._edge(row, column)]
        raise NoMatrixForm(f"the indices {row} and {column} are joined by more than a matrix")


def _side_by_side(columns: list[MatrixExpr], space: Space) -> MatrixExpr:
    """⊙ of columns in the order of a textbook: names, products, sums, then what is applied entry by entry (σ′)."""
    if not columns:
        return OneMatrix(space.size, 1)
    if len(columns) == 1:
        return columns[0]
    split = [_split(column) for column in columns]
    matrices = sorted((_scaled(Integer(1), rest) for _, rest in split), key=_rank)
    return _scaled(Mul(*(number for number, _ in split)), [HadamardProduct(*matrices)])


def _rank(column: MatrixExpr) -> int:
    kinds = (Letter, MatMul, MatAdd, Elementwise)
    return next((place for place, kind in enumerate(kinds) if isinstance(column, kind)), len(kinds))


def _vector(factor: Expr, index: Index) -> MatrixExpr:
    """A factor with one index as a column: an array, a sum of columns, or a function applied entry by entry."""
    if isinstance(factor, Indexed):
        return Letter(factor.base)
    if isinstance(factor, Add):
        return matrix_form(factor, (index,))
    return _entrywise(factor)


def _entrywise(factor: Expr) -> MatrixExpr:
    entries = sorted((one for one in factor.atoms(Indexed) if free_indices(one)), key=str)
    if any(len(entry.indices) != 1 for entry in entries):
        raise NoMatrixForm(f"{factor} is a function of the entries of a matrix")
    letters = [Symbol(letter, real=True) for letter in "uvwst"[: len(entries)]]
    names = dict(zip(entries, letters, strict=True))
    return Elementwise(Lambda(tuple(letters), _named(factor, names)), *(Letter(entry.base) for entry in entries))


def _named(expression: Expr, names: Mapping[Expr, Expr]) -> Expr:
    """The expression with letters for its entries and products for its closed sums."""
    if expression in names:
        return names[expression]
    if isinstance(expression, Sum):
        return number_form(expression)
    if not expression.args:
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
