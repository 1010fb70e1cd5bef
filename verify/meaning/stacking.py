r"""Arrays side by side: matrices in their environments, and what is written so in brackets, [W \; b], (x, 1).

A bracket of juxtaposed factors is their product; a square one is a row of blocks where that cannot be meant: where the
product does not fit, or an array stands beside a bare 0 or 1.  A list is the one stack of its items that fits.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from verify.latex import tree as t
from verify.meaning import arrays
from verify.meaning.arrays import ShapeError, Tensor
from verify.meaning.base import Values
from verify.meaning.blocks import blocks
from verify.meaning.errors import Misfit, Unsupported
from verify.meaning.open_sizes import Beyond
from verify.meaning.scene import Env

Rows = tuple[tuple[t.Node, ...], ...]


class Stacking(Values):
    """The part of the evaluator that knows matrices and brackets."""

    def matrix(self, node: t.Matrix, env: Env) -> Tensor:
        """A matrix of numbers or blocks; between bars, its determinant."""
        if len({len(row) for row in node.rows}) != 1:
            raise Unsupported(node, "rows of different lengths")
        made = self._blocks(node.rows, env)
        return arrays.number(arrays.determinant(made)) if node.fence == "|" else made

    def _blocks(self, rows: Rows, env: Env) -> Tensor:
        """Items as blocks; a 0 among arrays is as large as its row and column want it."""
        values = [[self.value(item, env) for item in row] for row in rows]
        if not all(one.scalar for row in values for one in row):
            values = [
                [arrays.zeros(self.graph) if _bare(item, "0") else value for item, value in zip(*pair, strict=True)]
                for pair in zip(rows, values, strict=True)
            ]
        return blocks(values)

    def bracket(self, node: t.Bracket, env: Env) -> Tensor:
        """What stands in a bracket, or the column or the blocks that a list is."""
        if len(node.items) > 1:
            return self._listed(node, env)
        item = node.items[0]
        row = row_of(node)
        if row is None:
            return self.value(item, env)
        if any(_bare(one, "0") or _bare(one, "1") for one in row.rows[0]):
            return self._beside_digit(item, row, env)
        try:
            return self.value(item, env)
        except Misfit as error:
            if error.part is not item:
                raise
            return self._one_of((row,), item, env)

    def _beside_digit(self, item: t.Node, row: t.Matrix, env: Env) -> Tensor:
        """[x^T 1]: an array beside a bare digit is a row of blocks; numbers alone are a product."""
        values = [self.value(one, env) for one in row.rows[0]]
        return self.value(item, env) if all(one.scalar for one in values) else self._one_of((row,), item, env)

    def _listed(self, node: t.Bracket, env: Env) -> Tensor:
        """(a, b): numbers are a column or a row; arrays lie beside or above one another, whichever fits."""
        if not node.breaks:
            values = [self.value(item, env) for item in node.items]
            if all(one.scalar for one in values):
                return arrays.listed(self.graph, [one.only for one in values])
            beside, above = (node.items,), tuple((item,) for item in node.items)
            return self._one_of((t.Matrix(beside, "["), t.Matrix(above, "[")), node, env)
        edges = (0, *node.breaks, len(node.items))
        rows = tuple(node.items[a:b] for a, b in pairwise(edges))
        return self.matrix(t.Matrix(rows, "[", span=node.span), env)

    def _one_of(self, ways: tuple[t.Matrix, ...], node: t.Node, env: Env) -> Tensor:
        """The one of several stacks that fits; where none does or more than one, there is no saying what is meant."""
        found = []
        for way in ways:
            try:
                found.append(self._blocks(way.rows, env))
            except (ShapeError, Beyond):
                continue
        if len(found) != 1:
            raise Unsupported(node, r"these arrays are no list of numbers; write \begin{bmatrix} with & and \\")
        return found[0]

    def stacked(self, node: t.Multiplication, env: Env) -> Tensor | None:
        """A product that does not fit, with its square brackets as rows of blocks; None where that is no way out."""
        factors = tuple(map(_opened, node.factors))
        if all(one is other for one, other in zip(factors, node.factors, strict=True)):
            return None
        try:
            return self.value(replace(node, factors=factors), env)
        except Misfit:
            return None

    def refuse_row(self, node: t.Multiplication, env: Env) -> None:
        r"""Raises where a bracket before a column of as many entries may be a product or a row, [a \; b][x; y]."""
        for before, after in pairwise(node.factors):
            row = row_of(before) if isinstance(before, t.Bracket) and isinstance(after, t.Matrix) else None
            if row is None or not isinstance(after, t.Matrix) or len(row.rows[0]) != len(after.rows):
                continue
            if all(self.value(one, env).scalar for one in row.rows[0]):
                raise Unsupported(before, "this may be a product or a row; write & between the entries of a row")


def row_of(node: t.Bracket) -> t.Matrix | None:
    """A square bracket of juxtaposed factors as a row of blocks."""
    item = node.items[0]
    if node.fence != "[" or len(node.items) > 1 or not isinstance(item, t.Multiplication) or set(item.signs) != {""}:
        return None
    return t.Matrix((item.factors,), "[", span=node.span)


def _opened(node: t.Node) -> t.Node:
    """A factor with its square bracket as a row of blocks, also below a transpose."""
    if isinstance(node, t.Transposed):
        inner = _opened(node.base)
        return node if inner is node.base else replace(node, base=inner)
    return (row_of(node) if isinstance(node, t.Bracket) else None) or node


def _bare(node: t.Node, digits: str) -> bool:
    """Whether this digit stands alone."""
    return isinstance(node, t.Number) and node.digits == digits
