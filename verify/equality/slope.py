"""The derivative of an expression along a direction, as a polynomial: X_p becomes X_p + t H_p, and t goes to 0.

No Kronecker delta is used: wherever an entry of X stands, the same entry of H stands in its place, once a term.  The
function rules are those of any table of derivatives (Abramowitz & Stegun 1964, 3.3, 4.1, 4.2, 4.5, 7.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Add, Expr, Indexed, Mul, Piecewise, Pow, Sum

from derive.functions import Head, head
from derive.symbols import Local, Partial, Scalar
from verify.equality.polynomial import Undecided, multiplied
from verify.equality.reading import ONE, Reader, Terms, at, opened

DIRECTION = "H"


def along(reader: Reader, expression: Expr, by: Expr, names: Mapping[Any, Any]) -> Terms:
    """d/dt of the expression at t = 0, with `by` (an array or an argument) moved by t times its direction."""
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
    return head(expression.row.name, expression.order + 1)(*expression.args)


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
    Piecewise: _piecewise,
}
_FUNCTIONS: dict[type[Any], Callable[[Any], Expr]] = {
    sympy.exp: lambda one: one,
    sympy.log: lambda one: 1 / one.args[0],
    sympy.tanh: lambda one: 1 - one**2,
    sympy.cosh: lambda one: sympy.sinh(one.args[0]),
    sympy.sinh: lambda one: sympy.cosh(one.args[0]),
    sympy.erf: lambda one: 2 / sympy.sqrt(sympy.pi) * sympy.exp(-(one.args[0] ** 2)),
    sympy.Abs: lambda one: sympy.sign(one.args[0]),  # away from 0
    sympy.sign: lambda one: sympy.Integer(0),  # away from 0
}
