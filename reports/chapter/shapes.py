"""The shapes of a matrix claim as a line of its own: 4×1 = (3×4)ᵀ 3×1 ⊙ 4×1."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, HadamardProduct, Integer, MatAdd, MatMul, MatrixExpr, Transpose

from derive.formula import Writer
from derive.formula.names import letter
from derive.layout import Box, Fence, Glyph, Row, Scripts, row
from derive.linear import MatrixEquation
from derive.symbols import Array

TIMES, ODOT, PLUS = Glyph(r"\times", "binary"), Glyph(r"\odot", "binary"), Glyph("+", "binary")
EQUALS, DOT = Glyph("=", "relation"), Glyph(r"\cdot", "binary")
Sizes = Mapping[Expr, int]


def shapes(claim: MatrixEquation, sizes: Sizes, writer: Writer) -> Box | None:
    """Shape = shapes of the factors; None where the right side has a single one."""
    if not isinstance(claim.rhs, MatrixExpr):
        return None
    right = _terms(claim.rhs)
    if len(right) < 2:
        return None
    boxes = [one if isinstance(one, Glyph) else _box(one, sizes, writer) for one in _dotted(right)]
    return Row((shape(claim.shape, sizes, writer), EQUALS, *boxes))


def _terms(expression: MatrixExpr) -> list[MatrixExpr | Glyph]:
    """The factors of each term where one of the terms is a product, as in W a + b; else those of the whole."""
    parts = [_factors(part) for part in expression.args] if isinstance(expression, MatAdd) else []
    if all(len(part) < 2 for part in parts):
        return _factors(expression)
    parts.sort(key=len, reverse=True)
    return [one for place, part in enumerate(parts) for one in ([PLUS] if place else []) + part]


def _factors(expression: MatrixExpr) -> list[MatrixExpr | Glyph]:
    """What stands side by side, with ⊙ between what is multiplied entry by entry; numbers have no shape."""
    if isinstance(expression, HadamardProduct):
        parts = [_factors(part) for part in expression.args]
        return [one for place, part in enumerate(parts) for one in ([ODOT] if place else []) + part]
    if isinstance(expression, MatMul):
        return [one for part in expression.args if isinstance(part, MatrixExpr) for one in _factors(part)]
    return [expression]


def _dotted(right: list[MatrixExpr | Glyph]) -> list[MatrixExpr | Glyph]:
    """A dot between factors, so that 1×3 3×1 does not run together."""
    found: list[MatrixExpr | Glyph] = []
    for one in right:
        if found and not isinstance(one, Glyph) and not isinstance(found[-1], Glyph):
            found.append(DOT)
        found.append(one)
    return found


def _box(expression: MatrixExpr, sizes: Sizes, writer: Writer) -> Box:
    if isinstance(expression, Transpose):
        mark = letter(writer.names.notation.transpose)
        return Scripts(Fence(shape(expression.arg.shape, sizes, writer)), sup=mark)
    return shape(expression.shape, sizes, writer)


def shape(sides: tuple[Expr, Expr], sizes: Sizes, writer: Writer) -> Box:
    """4×1, in figures where a width is in `sizes`, else in letters."""
    return row((_size(sides[0], sizes, writer), TIMES, _size(sides[1], sizes, writer)), tight=True)


def _size(size: Expr, sizes: Sizes, writer: Writer) -> Box:
    known = size.xreplace({symbol: Integer(width) for symbol, width in sizes.items()})
    if known.is_Integer:
        return Glyph(str(known), "number")
    if not size.is_Add:
        return writer.box(size)
    (width,) = size.free_symbols
    return Fence(Row((writer.box(width), PLUS, writer.box(size - width))))


def shape_of(array: Array, sizes: Sizes, writer: Writer) -> Box:
    """The shape of an array as a matrix, a vector being a column."""
    rows, *columns = (space.size for space in array.spaces)
    return shape((rows, columns[0] if columns else Integer(1)), sizes, writer)
