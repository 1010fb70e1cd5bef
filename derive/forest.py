"""The factors of a product as a graph: an index is a node, a factor with one hangs on it, one with two joins them.

A tree gives products of matrices with columns; what joins two nodes twice is multiplied entry by entry; a node in the
middle of a path between two others is a product of matrices.  What is left of a graph then has no matrix form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sympy import (
    Expr,
    HadamardProduct,
    Identity,
    Integer,
    MatAdd,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagMatrix

from derive.linear import AsNumber, Elementwise, FrobeniusProduct, Letter
from derive.symbols import Index, Space


class NoMatrixForm(ValueError):
    """The formula has no matrix form of the kinds that are recognised; the message says which part has none."""


@dataclass(frozen=True)
class Edge:
    """A matrix between two indices: rows over the first."""

    row: Index
    column: Index
    matrix: MatrixExpr


@dataclass(frozen=True)
class Forest:
    """Columns by the index on which they hang, and matrices by the pair of indices that they join."""

    leaves: Mapping[Index, tuple[MatrixExpr, ...]]
    edges: Mapping[frozenset[Index], tuple[Edge, ...]]

    @classmethod
    def of(cls, parts: Iterable[tuple[Index, MatrixExpr] | Edge]) -> Forest:
        """The graph of columns and matrices."""
        leaves: dict[Index, tuple[MatrixExpr, ...]] = {}
        edges: dict[frozenset[Index], tuple[Edge, ...]] = {}
        for part in parts:
            if isinstance(part, Edge):
                ends = frozenset((part.row, part.column))
                edges[ends] = (*edges.get(ends, ()), part)
            else:
                index, column = part
                leaves[index] = (*leaves.get(index, ()), column)
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

    def shortened(self, free: Iterable[Index]) -> Forest:
        """The graph without the nodes in the middle of a path between two others: A diag(w) B joins these instead."""
        forest, kept = self, set(free)
        while True:
            core = forest._core(kept)
            middle = next((node for node, others in core.items() if node not in kept and len(others) == 2), None)
            if middle is None:
                return forest
            forest = forest._without(middle, core[middle], set(core))

    def _core(self, kept: set[Index]) -> dict[Index, list[Index]]:
        """What is left when everything that dangles is taken away, with the neighbours of each node in it."""
        nodes = {index for pair in self.edges for index in pair}
        while True:
            core = {node: [other for other in self._neighbours(node) if other in nodes] for node in
                    sorted(nodes, key=str)}  # fmt: skip
            dangling = {node for node, others in core.items() if len(others) < 2 and node not in kept}
            if not dangling:
                return core
            nodes -= dangling

    def _without(self, middle: Index, ends: list[Index], core: set[Index]) -> Forest:
        """One node of the core less, its columns between the two matrices."""
        row, column = ends
        hanging = self._hanging(middle, core)
        gone = self._reach_outside(middle, core)
        between = [DiagMatrix(side_by_side(hanging, middle.space))] if hanging else []
        product = scaled(Integer(1), [self._edge(row, middle), *between, self._edge(middle, column)])
        edges = [one for pair, some in self.edges.items() if middle not in pair and not pair & gone for one in some]
        leaves = [(index, one) for index, some in self.leaves.items() if index not in gone | {middle} for one in some]
        return Forest.of([*leaves, *edges, Edge(row, column, product)])

    def _reach_outside(self, node: Index, core: set[Index]) -> set[Index]:
        """The nodes that hang on one of the core."""
        reached, pending = set[Index](), [node]
        while pending:
            new = {other for other in self._neighbours(pending.pop()) if other not in reached | core}
            reached |= new
            pending += new
        return reached

    def column(self, node: Index, seen: set[Index]) -> MatrixExpr:
        """What hangs on a node, side by side; each branch is a matrix times the column at its other end."""
        return side_by_side(self._hanging(node, seen), node.space)

    def _hanging(self, node: Index, seen: set[Index]) -> list[MatrixExpr]:
        factors = list(self.leaves.get(node, ()))
        branches = [other for other in self._neighbours(node) if other not in seen]
        for other in branches:
            if len(seen & set(self._neighbours(other))) > (node in seen):
                raise NoMatrixForm(f"the indices {node} and {other} lie on a cycle")
            edge, below = self._edge(node, other), self.column(other, seen | {node})
            factors.insert(0, scaled(Integer(1), [edge, below]))
        return factors

    def _edge(self, row: Index, column: Index) -> MatrixExpr:
        entries = self.edges[frozenset((row, column))]
        if len(entries) > 1 and all(one.row != row for one in entries):
            return Transpose(HadamardProduct(*sorted((one.matrix for one in entries), key=rank)))
        found = [one.matrix if one.row == row else transposed(one.matrix) for one in entries]
        return found[0] if len(found) == 1 else HadamardProduct(*sorted(found, key=rank))

    def number(self, part: set[Index]) -> Expr:
        """Σ over a part without a free index: uᵀ v, 1ᵀ u, or tr(Aᵀ B)."""
        pairs = [pair for pair in self.edges if pair <= part]
        if len(part) == 2 and len(pairs) == 1 and len(self.edges[pairs[0]]) == 2 and not part & set(self.leaves):
            first, second = self.edges[pairs[0]]
            other = second.matrix if second.row == first.row else transposed(second.matrix)
            return FrobeniusProduct(first.matrix, other)
        root = max(sorted(part, key=str), key=lambda node: len(self.leaves.get(node, ())) + len(self._neighbours(node)))
        first, *rest = sorted(self._hanging(root, set()), key=rank)
        left = Transpose(first) if rest else Transpose(OneMatrix(root.space.size, 1))
        scalar, product = split(scaled(Integer(1), [left, side_by_side(rest or [first], root.space)]))
        return scalar * AsNumber(MatMul(*product))

    def matrix(self, row: Index, column: Index) -> list[MatrixExpr]:
        """The factors of a matrix whose entry at (row, column) is the product."""
        if column not in self._reach(row):
            return [self.column(row, set()), transposed(self.column(column, set()))]
        if frozenset((row, column)) not in self.edges:
            raise NoMatrixForm(f"the indices {row} and {column} are joined by more than a matrix")
        left, right = self._hanging(row, {row, column}), self._hanging(column, {row, column})
        return [
            *([DiagMatrix(side_by_side(left, row.space))] if left else []),
            self._edge(row, column),
            *([DiagMatrix(side_by_side(right, column.space))] if right else []),
        ]


def scaled(scalar: Expr, factors: list[MatrixExpr]) -> MatrixExpr:
    """scalar · A · B …, with all numbers in front and without a 1 there."""
    matrices: list[MatrixExpr] = []
    for one in factors:
        number, rest = split(one)
        scalar, matrices = scalar * number, [*matrices, *rest]
    if scalar == 0:
        return ZeroMatrix(matrices[0].shape[0], matrices[-1].shape[1])
    kept = [one for one in matrices if not isinstance(one, Identity)] or matrices[:1]
    if scalar == 1:
        return kept[0] if len(kept) == 1 else MatMul(*kept)
    return MatMul(scalar, *kept)


def split(matrix: MatrixExpr) -> tuple[Expr, list[MatrixExpr]]:
    """The number in front of a product, and its matrices."""
    if isinstance(matrix, Transpose):
        number, rest = split(matrix.arg)
        return (number, [Transpose(scaled(Integer(1), rest))]) if number != 1 else (number, [matrix])
    if not isinstance(matrix, MatMul):
        return Integer(1), [matrix]
    numbers = [part for part in matrix.args if not isinstance(part, MatrixExpr)]
    return Mul(*numbers), [part for part in matrix.args if isinstance(part, MatrixExpr)]


def transposed(matrix: MatrixExpr) -> MatrixExpr:
    """Aᵀ; of a product, the product of the transposes the other way round."""
    if isinstance(matrix, Transpose):
        return matrix.arg
    if isinstance(matrix, Identity | DiagMatrix):
        return matrix
    if isinstance(matrix, MatMul):
        number, factors = split(matrix)
        return scaled(number, [transposed(one) for one in reversed(factors)])
    return Transpose(matrix)


def side_by_side(columns: list[MatrixExpr], space: Space) -> MatrixExpr:
    """⊙ of columns in the order of a textbook: names, products, sums, then what is applied entry by entry (σ′)."""
    if not columns:
        return OneMatrix(space.size, 1)
    if len(columns) == 1:
        return columns[0]
    parts = [split(column) for column in columns]
    matrices = sorted((scaled(Integer(1), rest) for _, rest in parts), key=rank)
    return scaled(Mul(*(number for number, _ in parts)), [HadamardProduct(*matrices)])


def rank(column: MatrixExpr) -> int:
    """Where a factor stands among those that are multiplied entry by entry."""
    kinds = (Letter, MatMul, MatAdd, Elementwise)
    return next((place for place, kind in enumerate(kinds) if isinstance(column, kind)), len(kinds))
