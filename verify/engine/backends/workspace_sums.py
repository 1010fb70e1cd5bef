"""Sums of products as operations: a matrix product by BLAS, a product with ones, or a reduction.

Σ_k W_jk x_nk     dot(x, W.T, out)
Σ_n δ_nj          dot(ones, δ, out)
Σ_nk d_nk²        dot(d.ravel(), d.ravel())
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from sympy import Expr, Mul, Pow, Sum

from derive.symbols import Index, bound, free_indices
from verify.engine.backends.workspace_operations import Operations
from verify.engine.backends.workspace_values import Axes, NotFused, Number, Operand, Slot, Term, Value, view

PRODUCT = "product_"
_LARGE = 256  # entries, a batch counted as one


def contracted(to: Operations, value: Sum) -> Term:
    """Σ over all indices of a sum.  Raises `NotFused` where it is none of the forms above."""
    body, own = _opened(to, value.function, bound(value))
    number, rest = body.as_coeff_Mul()
    factors = [one for factor in Mul.make_args(rest) for one in _roots(to, factor)]
    held = [one for one in factors if free_indices(one) & {*own}]
    others = [to.lower(one) for one in factors if not free_indices(one) & {*own}]
    terms = [to.real(to.lower(one)) for one in held]
    if any(isinstance(one, Number) for one in terms):
        raise NotFused("a factor that is a number has an index")
    arrays = [one for one in terms if isinstance(one, Operand)]
    there = {axis for one in arrays for axis in one.axes}
    sizes = [to.size(one) for one in own if one not in there]
    inner = [_summed(to, arrays, tuple(one for one in own if one in there))] if arrays else []
    return to.product([Number.of(float(number)), *sizes, *others, *inner])


def _opened(to: Operations, body: Expr, own: Axes) -> tuple[Expr, Axes]:
    """Σ_n w E_n with E_n = c Σ_k f_nk, which nobody else needs: w c f_nk over n and k."""
    number, rest = body.as_coeff_Mul()
    factors = list(Mul.make_args(rest))
    for n, one in enumerate(factors):
        line = to.unstored(one)
        if line is not None and set(one.indices) <= {*own}:
            inside = _apart(line.value, own).xreplace(dict(zip(line.axes, one.indices, strict=True)))
            coefficient, summed = inside.as_coeff_Mul()
            if isinstance(summed, Sum):
                others = Mul(number * coefficient, *factors[:n], *factors[n + 1 :])
                return _opened(to, Mul(others, summed.function), (*own, *bound(summed)))
    return body, own


def _apart(value: Expr, own: Axes) -> Expr:
    """The value with other letters for what its sums bind."""
    letters = {one for each in value.atoms(Sum) for one in bound(each)}
    return value.xreplace({one: Index(f"{one.name}·{len(own)}", one.space) for one in letters})


def _roots(to: Operations, factor: Expr) -> list[Expr]:
    """A square as two factors."""
    if isinstance(factor, Pow) and factor.exp == 2:
        return [to.square_root(factor.base)] * 2
    return [factor]


def _summed(to: Operations, arrays: Sequence[Operand], own: Axes) -> Term:
    """Σ over these axes of a product of arrays."""
    groups: dict[frozenset[Index], list[Operand]] = {}
    for one in arrays:
        groups.setdefault(frozenset(one.axes), []).append(one)
    if len(groups) == 1:
        return _same(to, arrays, own)
    factors = [_one(to, one) for one in groups.values()]
    for index in own:
        pair = [one for one in factors if index in one.axes]
        if len(pair) == 1:
            found = reduced(to, pair[0], (index,))
        elif len(pair) == 2 and {*pair[0].axes} & {*pair[1].axes} == {index} and _small(pair):
            found = _product(to, pair[0], pair[1], index)
        else:
            continue
        rest = [one for one in factors if index not in one.axes]
        left = tuple(one for one in own if one != index)
        if isinstance(found, Number):
            return to.product([found, *([_summed(to, rest, left)] if left else rest)])
        return _summed(to, [*rest, found], left) if left else to.product([*rest, found])
    raise NotFused("a sum of a product that is no matrix product")


def _small(pair: Sequence[Operand]) -> bool:
    return all(len(one.axes) <= 2 for one in pair)


def _one(to: Operations, arrays: Sequence[Operand]) -> Operand:
    whole = to.product(arrays)
    assert isinstance(whole, Operand)
    return whole


def _same(to: Operations, arrays: Sequence[Operand], own: Axes) -> Term:
    """Arrays with the same axes."""
    if len(arrays) == 1:
        return reduced(to, arrays[0], own)
    first, last = _one(to, arrays[:-1]), arrays[-1]
    axes = first.axes
    if {*own} != {*axes} or axes != last.axes:  # laid flat, an array that is turned would be a copy, made once
        return reduced(to, _one(to, [first, last]), own)
    inputs = [Slot(one.value, f"{one.view}.ravel()" if len(axes) > 1 else one.view)
              for one in (view(first, axes), view(last, axes))]  # fmt: skip
    return to.number("dot({0}, {1})", inputs)


def reduced(to: Operations, array: Operand, own: Axes) -> Term:
    """Σ of one array over some of its axes."""
    left = tuple(one for one in array.axes if one not in own)
    if not left:
        return to.number("np.add.reduce({0}, None)", [Slot(array.value)])
    if len(array.axes) == 2:
        ones = ones_of(own[0])
        first = array.axes[0] in own
        inputs = [Slot(ones), Slot(array.value)] if first else [Slot(array.value), Slot(ones)]
        return to.add("dot({0}, {1}{out})", inputs, left)
    places = ", ".join(str(array.axes.index(one)) for one in own)
    return to.add(f"np.add.reduce({{0}}, ({places},){{none out}})", [Slot(array.value)], left)


def ones_of(index: Index) -> Value:
    """A vector of ones along an axis, which the workspace holds."""
    return Value((index,), "ones", given=True)


def _product(to: Operations, left: Operand, right: Operand, k: Index) -> Term:
    """Σ_k of two arrays that share no other axis."""
    rows, columns = (tuple(axis for axis in one.axes if axis != k) for one in (left, right))
    order = to.union([Operand(left.value, rows), Operand(right.value, columns)]) if rows and columns else ()
    turned = bool(order) and order.index(columns[0]) < order.index(rows[0])
    if turned or (not rows and columns and right.axes[1] == k):
        left, right, rows, columns = right, left, columns, rows
    inputs = [view(left, (*rows, k)), view(right, (k, *columns))]
    if not rows and not columns:
        return to.number("dot({0}, {1})", inputs)
    return to.add(f"{_multiplier(to, (*rows, *columns), k)}({{0}}, {{1}}{{out}})", inputs, (*rows, *columns))


def _multiplier(to: Operations, axes: Axes, k: Index) -> str:
    """What multiplies: `dot`; for a large product `matmul`, which does not fill its memory with zeros first.

    But of a column and a row `matmul` makes no product of BLAS; where that depends on the call, `product_…` stands for
    either of the two.
    """
    entries = prod(to.size(one).known or 1 for one in axes)
    length = to.size(k)
    if len(axes) < 2 or entries < _LARGE or length.known == 1:
        return "dot"
    return "matmul" if length.known else f"{PRODUCT}{length.text}"
