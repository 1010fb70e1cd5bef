"""The derivative of an index expression by one entry of an array, with Kronecker deltas where an index must match.

    Σ_k w_jk a_k  by a_p   →  Σ_k w_jk δ_kp

The entry's indices must be *fresh*: no index of the expression bears their names.  The rules are a table of rows.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from sympy.core.function import Function

from derive.functions import Head, Unknown
from derive.named import Det, Inverse, LogDet, Opaque, Slope
from derive.symbols import bound, total

# One row for each function of one argument: its derivative, as a function of the argument.
FUNCTIONS: dict[type[Expr], Callable[[Expr], Expr]] = {
    exp: exp,
    log: lambda u: 1 / u,
    tanh: lambda u: 1 - tanh(u) ** 2,
    cosh: sinh,
    sinh: cosh,
    sin: cos,
    cos: lambda u: -sin(u),
    tan: lambda u: 1 + tan(u) ** 2,
    atan: lambda u: 1 / (1 + u**2),
    erf: lambda u: 2 * exp(-(u**2)) / sqrt(pi),
    Abs: sign,  # away from the kink at 0
    sign: lambda u: Integer(0),  # away from the kink at 0
}


def differentiate(expression: Expr, by: Expr) -> Expr:
    """∂expression/∂by, where `by` is an `Indexed` with fresh indices, or a symbol.

    Raises `TypeError` for a function without a row: an absent rule is not a zero.
    """
    if isinstance(expression, Indexed):
        return _entry(expression, by)
    if isinstance(expression, Opaque | LogDet | Det):
        return _of_arrays(expression, by)
    if isinstance(expression, Symbol):
        return Integer(int(expression == by))
    if not expression.args or not _holds(expression, by):
        return Integer(0)
    if isinstance(expression, Sum):
        return total(differentiate(expression.function, by), *bound(expression))
    if isinstance(expression, Add):
        return Add(*(differentiate(term, by) for term in expression.args))
    if isinstance(expression, Mul):
        return _product(expression.args, by)
    if isinstance(expression, Pow):
        return _power(expression, by)
    if isinstance(expression, Piecewise):
        return Piecewise(*((differentiate(value, by), condition) for value, condition in expression.args))
    return _function(expression, by)


def _holds(expression: Expr, by: Expr) -> bool:
    return bool(expression.has(by.base if isinstance(by, Indexed) else by))


def _entry(expression: Indexed, by: Expr) -> Expr:
    array = expression.base
    if isinstance(array, Inverse) and isinstance(by, Indexed) and array.array == by.base:
        (i, j), (p, q) = expression.indices, by.indices
        return -array[i, p] * array[q, j]
    if isinstance(array, Slope) and isinstance(by, Indexed) and by.base in array.numerator.arrays:
        raise TypeError(f"{array.name} depends on {by.base.name} in a way that is not known")
    if not isinstance(by, Indexed) or array != by.base:
        return Integer(0)
    return Mul(*(KroneckerDelta(i, p) for i, p in zip(expression.indices, by.indices, strict=True)))


def _of_arrays(expression: Opaque | LogDet | Det, by: Expr) -> Expr:
    """∂L/∂Y_p of L = L(Y); (A⁻¹)_qp of log |det A| by A_pq."""
    if not isinstance(by, Indexed):
        return Integer(0)
    if isinstance(expression, Opaque):
        places = [place for place, array in enumerate(expression.arrays) if array == by.base]
        return Add(*(Slope(expression, place)[by.indices] for place in places))
    if expression.array != by.base:
        return Integer(0)
    outer = expression if isinstance(expression, Det) else Integer(1)
    return outer * Inverse(by.base)[by.indices[::-1]]


def _product(factors: tuple[Expr, ...], by: Expr) -> Expr:
    terms = []
    for position, factor in enumerate(factors):
        inner = differentiate(factor, by)
        if inner != 0:
            terms.append(Mul(inner, *factors[:position], *factors[position + 1 :]))
    return Add(*terms)


def _logarithm(factors: tuple[Expr, ...], by: Expr) -> Expr:
    """u′/u + n v′/v of log(u vⁿ): no factor is 0 where the logarithm is defined."""
    terms = []
    for factor in factors:
        powered = isinstance(factor, Pow) and factor.exp.is_Rational
        base, exponent = (factor.base, factor.exp) if powered else (factor, Integer(1))
        terms.append(exponent * differentiate(base, by) / base)
    return Add(*terms)


def _power(expression: Pow, by: Expr) -> Expr:
    base, exponent = expression.args
    if exponent.is_Rational:
        return exponent * base ** (exponent - 1) * differentiate(base, by)
    raise TypeError(f"no rule for the derivative of {expression}: only numbers may stand as exponents")


def _function(expression: Function, by: Expr) -> Expr:
    if isinstance(expression, Unknown):
        return Add(*(expression.fdiff(n) * differentiate(one, by) for n, one in enumerate(expression.args, 1)))
    if any(constant.has(by.base if isinstance(by, Indexed) else by) for constant in expression.args[1:]):
        raise TypeError(f"no rule for the derivative of {expression.func} by what stands in its constants")
    if isinstance(expression, Head):
        return expression.fdiff() * differentiate(expression.args[0], by)
    if isinstance(expression, log) and isinstance(expression.args[0], Mul):
        return _logarithm(expression.args[0].args, by)
    rule = FUNCTIONS.get(expression.func)
    if rule is None:
        raise TypeError(f"no rule for the derivative of {expression.func}")
    return rule(expression.args[0]) * differentiate(expression.args[0], by)
