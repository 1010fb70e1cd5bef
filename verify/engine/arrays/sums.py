"""Sums of products as source: a matrix product, a reduction over axes, or an `einsum`.

Σ_k Q_ik K_jk        Q @ K.T
Σ_i P_ij             P.sum(0)
Σ_ik A_ij B_jk C_ki  einsum
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Mul, Sum

from derive.symbols import Index, bound
from verify.engine.arrays.code import Axes, Code
from verify.engine.arrays.printer import Printer

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def write_sum(printer: Printer, expression: Sum) -> Code:
    """Σ over all indices of a sum; what does not hold them stands in front."""
    own = bound(expression)
    number, rest = expression.function.as_coeff_Mul()
    factors = [printer.code(one) for one in Mul.make_args(rest)]
    touched = _grouped(printer, [one for one in factors if set(one.axes) & set(own)])
    others = [one for one in factors if not set(one.axes) & set(own)]
    missing = [index for index in own if not any(index in one.axes for one in touched)]
    inner = [_contracted(printer, touched, tuple(one for one in own if one not in missing))] if touched else []
    sizes = [Code(printer.size(index)) for index in missing]
    parts = [*sizes, *others, *inner]
    if number in (1, -1):
        whole = printer.times(parts)
        return whole if number == 1 else whole.negative()
    whole = printer.times([printer.code(abs(number)), *parts])
    return whole if number > 0 else whole.negative()


def _contracted(printer: Printer, touched: Sequence[Code], own: Axes) -> Code:
    if len(touched) == 1:
        return reduced(printer, touched[0], own)
    return _matmul(printer, touched, own) or _chain(printer, touched, own) or _einsum(printer, touched, own)


def _chain(printer: Printer, touched: Sequence[Code], own: Axes) -> Code | None:
    """uᵀ A v, one matrix product after the other, where each index stands in two factors only."""
    for index in own if len(touched) > 2 else ():
        pair = [one for one in touched if index in one.axes]
        inner = _matmul(printer, pair, (index,))
        if inner is not None:
            rest = [one for one in touched if index not in one.axes]
            return _contracted(printer, _grouped(printer, [inner, *rest]), tuple(one for one in own if one != index))
    return None


def _grouped(printer: Printer, codes: Sequence[Code]) -> list[Code]:
    """Arrays with the same axes as one product."""
    groups: dict[frozenset[Index], list[Code]] = {}
    for one in codes:
        groups.setdefault(frozenset(one.axes), []).append(one)
    return [printer.times(group) for group in groups.values()]


def reduced(printer: Printer, body: Code, own: Axes) -> Code:
    """Σ of one array over some of its axes."""
    places = [str(body.axes.index(index)) for index in own]
    left = tuple(axis for axis in body.axes if axis not in own)
    over = "" if not left else places[0] if len(places) == 1 else f"({', '.join(places)})"
    return Code(f"{body.at(2)}.sum({over})", left)


def _matmul(printer: Printer, operands: Sequence[Code], own: Axes) -> Code | None:
    """A @ B, where two vectors or matrices share exactly the one axis that is summed over."""
    if len(operands) != 2 or len(own) != 1 or any(len(one.axes) > 2 for one in operands):
        return None
    left, right = operands
    if set(left.axes) & set(right.axes) != set(own):
        return None
    (k,) = own
    rows, columns = ([axis for axis in one.axes if axis != k] for one in operands)
    order = printer.union([left, right])
    turned = bool(rows and columns) and order.index(columns[0]) < order.index(rows[0])
    if turned or (len(left.axes) == 1 and len(right.axes) == 2 and right.axes[1] == k):
        left, right, rows, columns = right, left, columns, rows
    first, second = printer.over(left, (*rows, k)).at(2), printer.over(right, (k, *columns)).at(2)
    return Code(f"{first} @ {second}", (*rows, *columns), 1)


def _einsum(printer: Printer, operands: Sequence[Code], own: Axes) -> Code:
    axes = tuple(dict.fromkeys(axis for one in operands for axis in one.axes))
    left = tuple(axis for axis in axes if axis not in own)
    optimise = printer.dialect.optimise if len(operands) > 2 else ""
    return einsum(printer, operands, left, optimise)


def einsum(printer: Printer, operands: Sequence[Code], left: Axes, optimise: str = "") -> Code:
    """A call of `einsum` that leaves these axes."""
    axes = tuple(dict.fromkeys(axis for one in operands for axis in one.axes))
    letters = dict(zip(axes, LETTERS, strict=False))
    inside = ",".join("".join(letters[axis] for axis in one.axes) for one in operands)
    outside = "".join(letters[axis] for axis in left)
    sources = ", ".join(one.source for one in operands)
    return Code(f'{printer.dialect.module}.einsum("{inside}->{outside}", {sources}{optimise})', left)


def write_log_sum_exp(printer: Printer, expression: Expr) -> Code:
    """log Σ e^S over the indices of the sum; an index that S lacks adds the logarithm of its width."""
    inner = expression.args[0]
    body, own = printer.code(inner.function), bound(inner)
    places = [str(body.axes.index(one)) for one in own if one in body.axes]
    left = tuple(axis for axis in body.axes if axis not in own)
    over = places[0] if len(places) == 1 else f"({', '.join(places)})"
    name = printer.dialect.function("logsumexp")
    found = Code(f"{name}({body.source}, {over})", left) if places else body
    sizes = [f"math.log({printer.size(one)})" for one in own if one not in body.axes]
    return Code(" + ".join([found.source, *sizes]), left, 0) if sizes else found
