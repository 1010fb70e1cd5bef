"""The derivative of an index expression along a direction: every quantity X moves by R{X}, and nothing else does.

    Σ_k w_jk a_k   →   Σ_k v_jk a_k + Σ_k w_jk R{a_k}
    σ′(z_j)        →   σ″(z_j) R{z_j}

The rules are those of `derive.differentiate`, once a factor; no Kronecker delta arises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy
from sympy import Add, Expr, Indexed, Integer, Mul, Piecewise, Pow, Sum

from derive.contract import contract, fresh, tidy
from derive.differentiate import FUNCTIONS
from derive.functions import Head, Unknown
from derive.named import Det, Inverse, LogDet, Opaque, Slope
from derive.second.tangent import Quantity
from derive.symbols import Array, Index, Scalar, bound, free_indices, total

Moving = Mapping[Quantity, Quantity]


class NoSecond(TypeError):
    """A second derivative is not known; the message says of what, and what to do."""


def moved(expression: Expr, moving: Moving, avoid: Iterable[Index] = ()) -> Expr:
    """d/dt of an expression in which each array and number of `moving` moves by what it is mapped to.

    Bound indices step aside for those of `avoid`.  Raises `NoSecond` where the derivative is not known: of an opaque
    function's slope, or of a function without a row.
    """
    apart = frozenset((*avoid, *free_indices(expression)))
    return tidy(contract(_moved(tidy(expression, apart), moving)), apart)


def within(expression: Expr) -> set[Expr]:
    """The quantities of which an expression is made; ∂L/∂Y of an opaque L(Y) is made of Y."""
    found = expression.atoms(Array, Scalar)
    return found.union(*(one.numerator.arrays for one in found if isinstance(one, Slope)))


def _moved(expression: Expr, moving: Moving) -> Expr:
    if isinstance(expression, Indexed):
        return _entry(expression, moving)
    if isinstance(expression, Scalar):
        return moving.get(expression, Integer(0))
    if not (within(expression) & moving.keys()):
        return Integer(0)
    if isinstance(expression, Opaque | LogDet | Det):
        return _of_arrays(expression, moving)
    if isinstance(expression, Sum):
        terms = Add.make_args(_moved(expression.function, moving))
        return Add(*(total(term, *bound(expression)) for term in terms))
    if isinstance(expression, Add):
        return Add(*(_moved(term, moving) for term in expression.args))
    if isinstance(expression, Mul):
        return _product(expression.args, moving)
    if isinstance(expression, Pow):
        return _power(expression, moving)
    if isinstance(expression, Piecewise):
        return _cases([(_moved(value, moving), condition) for value, condition in expression.args], moving)
    return _function(expression, moving)


def _entry(entry: Indexed, moving: Moving) -> Expr:
    array = entry.base
    if array in moving:
        return moving[array][entry.indices]
    if isinstance(array, Inverse) and array.array in moving:
        return _inverse(entry, moving[array.array])
    if isinstance(array, Slope) and any(one in moving for one in array.numerator.arrays):
        raise NoSecond(f"{array.name} changes in a way that is not known: give {array.numerator.name} a formula")
    return Integer(0)


def _inverse(entry: Indexed, by: Quantity) -> Expr:
    """−A⁻¹ R{A} A⁻¹."""
    array, (first, last) = entry.base, entry.indices
    row, column = _fresh(array.array, entry)
    return total(-array[first, row] * by[row, column] * array[column, last], row, column)


def _fresh(array: Array, near: Expr) -> list[Index]:
    """Letters for the axes of an array, which nothing nearby bears."""
    taken, found = set(free_indices(near)), list[Index]()
    for space in array.spaces:
        found.append(fresh(Index("k", space), (*taken, *found)))
    return found


def _of_arrays(expression: Opaque | LogDet | Det, moving: Moving) -> Expr:
    """Σ ∂L/∂Y_p R{Y_p} of L = L(Y); tr(A⁻¹ R{A}) of log |det A|."""
    if isinstance(expression, Opaque):
        found = [(Slope(expression, place), one) for place, one in enumerate(expression.arrays) if one in moving]
        letters = [_fresh(one, Integer(0)) for _, one in found]
        return Add(*(total(slope[tuple(at)] * moving[one][tuple(at)], *at)
                     for (slope, one), at in zip(found, letters, strict=True)))  # fmt: skip
    row, column = _fresh(expression.array, Integer(0))
    outer = expression if isinstance(expression, Det) else Integer(1)
    inner = Inverse(expression.array)[column, row] * moving[expression.array][row, column]
    return outer * total(inner, row, column)


def _product(factors: tuple[Expr, ...], moving: Moving) -> Expr:
    terms = []
    for place, factor in enumerate(factors):
        inner = _moved(factor, moving)
        if inner != 0:
            terms.append(Mul(*factors[:place], inner, *factors[place + 1 :]))
    return Add(*terms)


def _cases(cases: list[tuple[Expr, Any]], moving: Moving) -> Expr:
    """{f R{X} if c, g R{X}} as {f if c, g} R{X}, where every term holds one R{X} as a factor; else as it is."""
    found: dict[Expr, list[Expr]] = {}
    for place, (value, _) in enumerate(cases):
        for term in Add.make_args(sympy.expand_mul(value)) if value != 0 else ():
            factor = next((one for one in Mul.make_args(term) if _tells(one, moving)), None)
            if factor is None:
                return Piecewise(*cases)
            found.setdefault(factor, [Integer(0)] * len(cases))[place] += term / factor
    parts = [
        (Piecewise(*((value, condition) for value, (_, condition) in zip(values, cases, strict=True))), one)
        for one, values in found.items()
    ]
    return Add(*(value * one for value, one in parts))


def _tells(factor: Expr, moving: Moving) -> bool:
    """Whether a factor is R{X} itself."""
    return (factor.base if isinstance(factor, Indexed) else factor) in moving.values()


def _power(expression: Pow, moving: Moving) -> Expr:
    base, exponent = expression.args
    if not exponent.is_Rational:
        raise NoSecond(f"no rule for the derivative of {expression}: only numbers may stand as exponents")
    return exponent * base ** (exponent - 1) * _moved(base, moving)


def _function(expression: Expr, moving: Moving) -> Expr:
    if isinstance(expression, Unknown):
        return Add(*(expression.fdiff(n) * _moved(one, moving) for n, one in enumerate(expression.args, 1)))
    if any(constant.atoms(Array, Scalar) & moving.keys() for constant in expression.args[1:]):
        raise NoSecond(f"no rule for the derivative of {expression.func} by what stands in its constants")
    if isinstance(expression, Head):
        return expression.fdiff() * _moved(expression.args[0], moving)
    rule = FUNCTIONS.get(expression.func)
    if rule is None:
        raise NoSecond(f"no rule for the derivative of {expression.func}")
    return rule(expression.args[0]) * _moved(expression.args[0], moving)
