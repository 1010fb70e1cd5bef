"""Functions by the words that formulas use for them: of one number, as heads of `derive` where there is one."""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy import Expr, Piecewise

from derive.functions import head


def _head(name: str) -> Callable[[Expr], Expr]:
    return lambda u: head(name)(u)


def _arcsin(u: Expr) -> Expr:
    """As an arc tangent, which has the same values between −1 and 1 (DLMF 4.24)."""
    return sympy.atan(u / sympy.sqrt(1 - u**2))


def larger(u: Expr, v: Expr) -> Expr:
    """max(u, v); with a 0, the rectifier."""
    if u == 0 or v == 0:
        return head("relu")(u + v)
    return Piecewise((u, u - v > 0), (v, True))


def smaller(u: Expr, v: Expr) -> Expr:
    """min(u, v)."""
    if u == 0 or v == 0:
        return -head("relu")(-u - v)
    return Piecewise((v, u - v > 0), (u, True))


def chosen(condition: Expr, yes: Expr, no: Expr) -> Expr:
    """`yes` where the condition is positive, else `no`."""
    return Piecewise((yes, condition > 0), (no, True))


OF_ONE: dict[str, Callable[[Expr], Expr]] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "ln": sympy.log,
    "sqrt": sympy.sqrt,
    "abs": abs,
    "erf": sympy.erf,
    "log1p": lambda u: sympy.log(1 + u),
    "expm1": lambda u: sympy.exp(u) - 1,
    "erfc": lambda u: 1 - sympy.erf(u),
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "cot": lambda u: sympy.cos(u) / sympy.sin(u),
    "sec": lambda u: 1 / sympy.cos(u),
    "csc": lambda u: 1 / sympy.sin(u),
    "arctan": sympy.atan,
    "arcsin": _arcsin,
    "arccos": lambda u: 2 * sympy.atan(sympy.sqrt((1 - u) / (1 + u))),
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "arsinh": lambda u: sympy.log(u + sympy.sqrt(1 + u**2)),
    "artanh": lambda u: (sympy.log(1 + u) - sympy.log(1 - u)) / 2,
    "sigmoid": _head("sigmoid"),
    "logistic": _head("sigmoid"),
    "relu": _head("relu"),
    "gelu": _head("gelu"),
    "silu": _head("silu"),
    "swish": _head("silu"),
    "softplus": _head("softplus"),
    "softsign": _head("softsign"),
    "mish": lambda u: u * sympy.tanh(head("softplus")(u)),
    "step": _head("step"),
    "heaviside": _head("step"),
    "sgn": lambda u: sympy.sign(u),
    "sign": lambda u: sympy.sign(u),
    "logit": lambda u: sympy.log(u / (1 - u)),
    "sech": lambda u: 1 / sympy.cosh(u),
    "csch": lambda u: 1 / sympy.sinh(u),
    "coth": lambda u: sympy.cosh(u) / sympy.sinh(u),
}
"""Each word in lower case; only functions of which `derive.differentiate` has a rule."""

CONSTANTS: dict[str, Expr] = {r"\pi": sympy.pi, "e": sympy.E}
