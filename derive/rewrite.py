"""Using an equation from left to right: every instance of its left side becomes the same instance of its right side.

Equation(δ_j, Σ_k …) in  x_i δ_i   →   x_i Σ_k …        (j is i there; bound indices step aside)
"""

from __future__ import annotations

from itertools import product

from sympy import Expr, Indexed, Sum

from derive.contract import instantiate, rebuild, tidy
from derive.equation import Equation
from derive.functions import Head
from derive.symbols import Index, Scalar, free_indices


def substitute(expression: Expr, *equations: Equation) -> Expr:
    """Apply each equation in turn, once, to every instance of its left side."""
    for equation in equations:
        expression = _substitute(expression, equation)
    return expression


def _substitute(expression: Expr, equation: Equation) -> Expr:
    found = match(equation.lhs, expression)
    if found is not None:
        return found_instance(equation.rhs, found)
    if not expression.args or isinstance(expression, Indexed):
        return expression
    if isinstance(expression, Sum):
        body = _substitute(expression.function, equation)
        return expression if body is expression.function else Sum(body, *expression.limits)
    parts = [_substitute(part, equation) for part in expression.args]
    changed = any(new is not old for new, old in zip(parts, expression.args, strict=True))
    return rebuild(expression, parts) if changed else expression


def found_instance(expression: Expr, values: dict[Expr, Expr]) -> Expr:
    """The instance of an expression for the values that `match` found."""
    arguments = {name: value for name, value in values.items() if isinstance(name, Scalar)}
    indices = {name: value for name, value in values.items() if isinstance(name, Index)}
    result = instantiate(expression, indices)
    return result.xreplace(arguments) if arguments else result


def match(pattern: Expr, expression: Expr) -> dict[Expr, Expr] | None:
    """The values of the pattern's indices (and of a function's argument u) for which it is the expression, or None."""
    values: dict[Expr, Expr] = {}
    return values if _match(pattern, expression, values) else None


def _match(pattern: Expr, expression: Expr, values: dict[Expr, Expr]) -> bool:
    if isinstance(pattern, Index):
        fits = not isinstance(expression, Index) or expression.space == pattern.space
        return fits and values.setdefault(pattern, expression) == expression
    if isinstance(pattern, Scalar) and pattern.role == "argument":
        return values.setdefault(pattern, expression) == expression
    if isinstance(pattern, Sum):
        return isinstance(expression, Sum) and _match_sum(pattern, expression, values)
    if not pattern.args or type(pattern) is not type(expression):
        return bool(pattern == expression)
    if isinstance(pattern, Indexed):
        return pattern.base == expression.base and _all(pattern.indices, expression.indices, values)
    if isinstance(pattern, Head) or len(pattern.args) == len(expression.args):
        return _all(pattern.args, expression.args, values)
    return False


def _all(patterns: tuple[Expr, ...], expressions: tuple[Expr, ...], values: dict[Expr, Expr]) -> bool:
    return all(_match(one, other, values) for one, other in zip(patterns, expressions, strict=True))


def _match_sum(pattern: Sum, expression: Sum, values: dict[Expr, Expr]) -> bool:
    """Whether a sum is an instance of another, in whatever letters its own indices are written."""
    own, there = (sorted(free_indices(one), key=str) for one in (pattern, expression))
    wanted = tidy(expression)
    for choice in product(*([one for one in there if one.space == index.space] for index in own)):
        found = dict(zip(own, choice, strict=True))
        agrees = all(values.get(index, value) == value for index, value in found.items())
        if agrees and tidy(instantiate(pattern, found)) == wanted:
            values.update(found)
            return True
    return False
