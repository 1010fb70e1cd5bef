"""The derivative of an activation written in the activation's own value: found by elimination, never stored.

With t = e^{cu}, an activation that is a = (pt + q)/(rt + s), or the logarithm of such, can be solved for t; its
derivative then is a formula in a.  Sigmoid gives a(1 − a), tanh 1 − a², softplus 1 − e^{−a}, the logistic ka(1 − a/L).
Where a alone does not determine the slope (SiLU, GELU), the formula stays in u.  The same is done with σ′ to get σ″:
σ′ = a(1 − a) gives σ″ = σ′(1 − 2a).
"""

from __future__ import annotations

import sympy
from sympy import Abs, Add, Dummy, Expr, Mul, Piecewise, exp, log, sign

from derive.contract import common_factors
from derive.differentiate import differentiate
from derive.equation import Equation
from derive.functions import Head


def closed_form(definition: Equation) -> Expr:
    """σ′(u) for `definition` σ(u) = …, in terms of σ(u) where that is possible, else of u."""
    value, forward = definition.lhs, definition.rhs
    if isinstance(forward, Piecewise):
        return Piecewise(*((_branch(branch, value), condition) for branch, condition in forward.args))
    if value.order and forward.has(Head):
        return common_factors(sympy.expand(differentiate(forward, value.args[0])))
    return _smooth(forward, value)


def _branch(branch: Expr, value: Expr) -> Expr:
    """One case of a piecewise activation: α(e^u − 1) has the slope a + α on its own side of the kink."""
    slope = differentiate(branch, value.args[0])
    shifted = sympy.expand(slope - branch)
    return value + shifted if slope.has(exp) and not shifted.has(exp) else slope


def _smooth(forward: Expr, value: Expr) -> Expr:
    argument = value.args[0]
    slope = differentiate(forward, argument)
    if slope == 0:
        return slope
    slope = slope.xreplace({forward: value})
    if slope.has(sign):
        slope = sympy.factor(sympy.together(slope.xreplace({sign(argument): Abs(argument) / argument})))
        if {Abs(argument), 1 / argument} <= set(slope.args):  # |u|/u
            slope = slope * argument / Abs(argument) * sign(argument)
    powers = [one for one in forward.atoms(exp) if one.has(argument)]
    if len(powers) != 1 or value.order:
        return common_factors(slope) if value.order else slope
    t = Dummy("t", positive=True)
    solved = _solve(forward.xreplace({powers[0]: t}), t, value)
    in_t = _in_power(slope, powers[0], t)
    if solved is None or in_t.has(argument):
        return slope
    return _monomial_first(sympy.cancel(in_t.xreplace({t: solved}).xreplace({value: (a := Dummy("a"))})), a, value)


def _in_power(slope: Expr, power: Expr, t: Expr) -> Expr:
    """The slope with every e^{m·cu} written as t^m."""
    found = {one: t ** sympy.cancel(one.args[0] / power.args[0]) for one in slope.atoms(exp)}
    return slope.xreplace({one: to for one, to in found.items() if to.as_base_exp()[1].is_Integer})


def _solve(forward: Expr, t: Expr, value: Expr) -> Expr | None:
    """t from forward(t) = value, if forward is linear over linear in t, or the logarithm of that."""
    if isinstance(forward, log):
        forward, value = forward.args[0], exp(value)
    above, below = sympy.fraction(sympy.together(forward))
    p, q = above.coeff(t, 1), above.coeff(t, 0)
    r, s = below.coeff(t, 1), below.coeff(t, 0)
    linear = sympy.expand(above - p * t - q) == 0 and sympy.expand(below - r * t - s) == 0
    if not linear or above.has(value):
        return None
    return (q - s * value) / (r * value - p)


def _monomial_first(formula: Expr, a: Expr, value: Expr) -> Expr:
    """a − a² → a(1 − a), but 1 − a² as it is: what every term shares comes first."""
    terms = Add.make_args(sympy.expand(formula))
    powers = [term.as_powers_dict() for term in terms]
    letters = sorted(set.intersection(*(set(term.free_symbols) for term in terms)), key=str)
    shared = Mul(*(letter for letter in letters if all(power[letter] >= 1 for power in powers)))
    return (shared * Add(*(term / shared for term in terms))).xreplace({a: value})
