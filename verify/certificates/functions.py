"""The functions of one number that definitions may hold: one row each, its value in balls and its slope.

Slopes are chosen such that they lose no digits where the function is flat.  DLMF 4.20, 4.34 and 7.2.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy
from flint import arb

Ball = Any


@dataclass(frozen=True)
class Function:
    """`value(u)` and `slope(u, value)`."""

    name: str
    value: Callable[[Ball], Ball]
    slope: Callable[[Ball, Ball], Ball]


def _erf_slope(u: Ball, v: Ball) -> Ball:
    return 2 / arb.pi().sqrt() * (-u * u).exp()


FUNCTIONS: dict[Any, Function] = {
    sympy.exp: Function("exp", arb.exp, lambda u, v: v),
    sympy.log: Function("log", arb.log, lambda u, v: 1 / u),
    sympy.tanh: Function("tanh", arb.tanh, lambda u, v: arb.sech(u) ** 2),
    sympy.sinh: Function("sinh", arb.sinh, lambda u, v: u.cosh()),
    sympy.cosh: Function("cosh", arb.cosh, lambda u, v: u.sinh()),
    sympy.sech: Function("sech", arb.sech, lambda u, v: -v * u.tanh()),
    sympy.coth: Function("coth", arb.coth, lambda u, v: -(arb.csch(u) ** 2)),
    sympy.csch: Function("csch", arb.csch, lambda u, v: -v * arb.coth(u)),
    sympy.sin: Function("sin", arb.sin, lambda u, v: u.cos()),
    sympy.cos: Function("cos", arb.cos, lambda u, v: -u.sin()),
    sympy.tan: Function("tan", arb.tan, lambda u, v: arb.sec(u) ** 2),
    sympy.cot: Function("cot", arb.cot, lambda u, v: -(arb.csc(u) ** 2)),
    sympy.atan: Function("atan", arb.atan, lambda u, v: 1 / (1 + u * u)),
    sympy.asin: Function("asin", arb.asin, lambda u, v: 1 / ((1 - u) * (1 + u)).sqrt()),
    sympy.acos: Function("acos", arb.acos, lambda u, v: -1 / ((1 - u) * (1 + u)).sqrt()),
    sympy.asinh: Function("asinh", arb.asinh, lambda u, v: 1 / (1 + u * u).sqrt()),
    sympy.acosh: Function("acosh", arb.acosh, lambda u, v: 1 / ((u - 1) * (u + 1)).sqrt()),
    sympy.atanh: Function("atanh", arb.atanh, lambda u, v: 1 / ((1 - u) * (1 + u))),
    sympy.erf: Function("erf", arb.erf, _erf_slope),
    sympy.erfc: Function("erfc", arb.erfc, lambda u, v: -_erf_slope(u, v)),
    sympy.gamma: Function("gamma", arb.gamma, lambda u, v: v * u.digamma()),
    sympy.loggamma: Function("loggamma", arb.lgamma, lambda u, v: u.digamma()),
}
ROOT = Function("sqrt", arb.sqrt, lambda u, v: 1 / (2 * v))
OVER_ROOT = Function("1/sqrt", arb.rsqrt, lambda u, v: -v / (2 * u))


_SHORT = {
    -1: Function("power -1", lambda u: 1 / u, lambda u, v: -v * v),
    2: Function("power 2", lambda u: u * u, lambda u, v: 2 * u),
}


def whole_power(exponent: int) -> Function:
    """uⁿ by repeated squaring, since Arb's own power of a ball around 0 is not finite."""
    if exponent in _SHORT:
        return _SHORT[exponent]
    return Function(f"power {exponent}", lambda u: _power(u, exponent), lambda u, v: exponent * _power(u, exponent - 1))


def _power(u: Ball, exponent: int) -> Ball:
    if exponent < 0:
        return 1 / _power(u, -exponent)
    found, square, left = arb(1), u, exponent
    while left:
        if left & 1:
            found = found * square
        left >>= 1
        square = square * square if left else square
    return found


def real_power(exponent: Callable[[], Ball], above_one: bool, positive: bool) -> Function:
    """u^r for a number r that is not whole: exp(r log u), and 0 for u = 0 where r is positive."""

    def value(u: Ball) -> Ball:
        return arb(0) if positive and u.is_zero() else (exponent() * u.log()).exp()

    def slope(u: Ball, v: Ball) -> Ball:
        return arb(0) if above_one and u.is_zero() else exponent() * v / u

    return Function("power", value, slope)
