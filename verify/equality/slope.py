"""The derivative of an expression along a direction, as a polynomial: X_p becomes X_p + t H_p, and t goes to 0.

No Kronecker delta is used: wherever an entry of X stands, the same entry of H stands in its place, once a term.  The
function rules are those of any table of derivatives (Abramowitz & Stegun 1964, 3.3, 4.1–4.5, 7.1), those of
inverse and determinant Petersen, Pedersen 2012, eqs. 43, 46, 59.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Add, Expr, Indexed, Mul, Piecewise, Pow, Sum

from derive.functions import Head, Unknown, primed
from derive.named import Adjoint, Det, Inverse, LogDet, Opaque, Slope
from derive.symbols import Array, Local, Partial, Scalar
from verify.equality.polynomial import Index, Undecided, fresh, multiplied
from verify.equality.reading import ONE, Reader, Terms, array_name, at, opened, shifts, space_name, unshifted

DIRECTION = "H"


def along(reader: Reader, expression: Expr, by: Expr, names: Mapping[Any, Any]) -> Terms:
    """d/dt of the expression at t = 0, with `by` (an array or an argument) moved by t times its direction."""
    if isinstance(expression, Indexed) and shifts(expression):
        plain, inside, conditions, own = unshifted(expression, names)
        moved = along(reader, plain, by, inside)
        return [(c, factors, (*bound, *own)) for c, factors, bound in (multiplied(conditions, moved) if moved else [])]
    if isinstance(expression, Indexed) and isinstance(expression.base, Slope | Adjoint):
        raise Undecided(f"{expression.base.name} depends on its arrays in a way that nothing defines")
    if isinstance(expression, Indexed) and isinstance(expression.base, Inverse) and expression.base.array == by:
        return _inverse(reader, expression, names)
    if isinstance(expression, Indexed) and expression.base == by:
        return [(ONE, {(DIRECTION, *(at(index, names) for index in expression.indices)): ONE}, ())]
    if expression == by:
        return [(ONE, {}, ())]
    if expression.has(Partial, Local):
        raise Undecided(f"{expression} holds a derivative that nothing defines")
    if not expression.has(by) or isinstance(expression, Indexed | Scalar):
        return []
    for node, rule in _RULES.items():
        if isinstance(expression, node):
            return rule(reader, expression, by, names)
    outer = _FUNCTIONS.get(type(expression))
    if outer is None and isinstance(expression, Head):
        outer = _slope
    if outer is None or any(constant.has(by) for constant in expression.args[1:]):
        raise Undecided(f"no rule for the derivative of {type(expression).__name__}")
    inner = along(reader, expression.args[0], by, names)
    return multiplied(reader.terms(outer(expression), names), inner)


def _slope(expression: Head) -> Expr:
    """σ^(n+1) at the same place."""
    return primed(type(expression))(*expression.args)


def _unknown(reader: Reader, expression: Unknown, by: Expr, names: Mapping[Any, Any]) -> Terms:
    """The chain rule through each argument."""
    found: Terms = []
    for number, argument in enumerate(expression.args, 1):
        moved = along(reader, argument, by, names)
        outer = primed(type(expression), number)(*expression.args)
        found += multiplied(reader.terms(outer, names), moved) if moved else []
    return found


def _directions(array: Array) -> tuple[Index, ...]:
    return tuple(fresh(space_name(space)) for space in array.spaces)


def _inverse(reader: Reader, expression: Indexed, names: Mapping[Any, Any]) -> Terms:
    """−A⁻¹ H A⁻¹."""
    name, (row, column) = array_name(expression.base), _directions(expression.base.array)
    first, last = (at(index, names) for index in expression.indices)
    factors = {("x", name, first, row): ONE, (DIRECTION, row, column): ONE}
    return multiplied([(-ONE, factors, (row, column))], [(ONE, {("x", name, column, last): ONE}, ())])


def _determined(reader: Reader, expression: LogDet | Det, by: Expr, names: Mapping[Any, Any]) -> Terms:
    """tr(A⁻¹ H), and det A times that."""
    row, column = _directions(expression.array)
    inverse = ("x", array_name(Inverse(expression.array)), column, row)
    outer = reader.terms(expression, names) if isinstance(expression, Det) else [(ONE, {}, ())]
    return multiplied(outer, [(ONE, {inverse: ONE, (DIRECTION, row, column): ONE}, (row, column))])


def _opaque(reader: Reader, expression: Opaque, by: Expr, names: Mapping[Any, Any]) -> Terms:
    """Σ_p ∂L/∂Y_p H_p for every place where the array stands."""
    found: Terms = []
    for place, array in enumerate(expression.arrays):
        if array == by:
            there = _directions(array)
            slope = ("x", array_name(Slope(expression, place)), *there)
            found.append((ONE, {slope: ONE, (DIRECTION, *there): ONE}, there))
    return found


def _sum(reader: Reader, expression: Sum, by: Expr, names: Mapping[Any, Any]) -> Terms:
    inside, own = opened(expression, names)
    return [(c, factors, (*bound, *own)) for c, factors, bound in along(reader, expression.function, by, inside)]


def _add(reader: Reader, expression: Add, by: Expr, names: Mapping[Any, Any]) -> Terms:
    return [term for part in expression.args for term in along(reader, part, by, names)]


def _mul(reader: Reader, expression: Mul, by: Expr, names: Mapping[Any, Any]) -> Terms:
    found: Terms = []
    for place, part in enumerate(expression.args):
        term = along(reader, part, by, names)
        for other in (*expression.args[:place], *expression.args[place + 1 :]):
            term = multiplied(term, reader.terms(other, names)) if term else term
        found += term
    return found


def _pow(reader: Reader, expression: Pow, by: Expr, names: Mapping[Any, Any]) -> Terms:
    base, exponent = expression.args
    if not exponent.is_Rational:
        raise Undecided(f"the exponent of {expression} is not a number")
    number = Fraction(int(exponent.p), int(exponent.q))
    outer = [(c * number, factors, bound) for c, factors, bound in reader.terms(base ** (exponent - 1), names)]
    return multiplied(outer, along(reader, base, by, names))


def _log(reader: Reader, expression: Expr, by: Expr, names: Mapping[Any, Any]) -> Terms:
    """u′/u + n v′/v of log(u vⁿ): no factor is 0 where the logarithm is defined."""
    found: Terms = []
    for factor in Mul.make_args(expression.args[0]):
        powered = isinstance(factor, Pow) and factor.exp.is_Rational
        base, exponent = (factor.base, factor.exp) if powered else (factor, sympy.Integer(1))
        moved = along(reader, base, by, names)
        found += multiplied(reader.terms(exponent / base, names), moved) if moved else []
    return found


def _piecewise(reader: Reader, expression: Piecewise, by: Expr, names: Mapping[Any, Any]) -> Terms:
    """Each case by itself: the derivative away from the places where cases meet."""
    result: Terms = []
    left: Terms = [(ONE, {}, ())]
    for value, condition in expression.args:
        here = multiplied(left, reader.condition(condition, names, 0))
        moved = along(reader, value, by, names)
        result += multiplied(here, moved) if moved else []
        left += [(-c, factors, bound) for c, factors, bound in here]
    return result


_RULES: dict[type[Any], Callable[[Reader, Any, Expr, Mapping[Any, Any]], Terms]] = {
    Sum: _sum,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    sympy.log: _log,
    Piecewise: _piecewise,
    Unknown: _unknown,
    LogDet: _determined,
    Det: _determined,
    Opaque: _opaque,
}
_FUNCTIONS: dict[type[Any], Callable[[Any], Expr]] = {
    sympy.exp: lambda one: one,
    sympy.tanh: lambda one: 1 - one**2,
    sympy.sin: lambda one: sympy.cos(one.args[0]),
    sympy.cos: lambda one: -sympy.sin(one.args[0]),
    sympy.tan: lambda one: 1 + one**2,
    sympy.atan: lambda one: 1 / (1 + one.args[0] ** 2),
    sympy.cosh: lambda one: sympy.sinh(one.args[0]),
    sympy.sinh: lambda one: sympy.cosh(one.args[0]),
    sympy.erf: lambda one: 2 / sympy.sqrt(sympy.pi) * sympy.exp(-(one.args[0] ** 2)),
    sympy.Abs: lambda one: sympy.sign(one.args[0]),  # away from 0
    sympy.sign: lambda one: sympy.Integer(0),  # away from 0
}
