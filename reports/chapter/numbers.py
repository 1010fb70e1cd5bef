"""Numbers put into formulas: w²₁₁ a¹₁ + b²₁ becomes 0.5 · 1.2 + 0.1, in the order in which the letters stood."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from math import isfinite
from typing import Any

import numpy as np
import sympy
from sympy import Expr

from derive.derivation import Derivation
from derive.layout import Accent, BigSum, Box, Cases, Coloured, Fence, Fraction, Glyph, Grid, Root, Row, Scripts, row
from derive.network import Network
from verify.engine.backends import BACKENDS
from verify.engine.networks import NetworkValues
from verify.engine.plan.network import plan_network
from verify.engine.plan.samples import SAMPLE
from verify.oracles import Point

DIGITS = 5
DOT, MINUS, PLUS = Glyph(r"\cdot", "binary"), Glyph("-", "binary"), Glyph("+", "binary")


def values_at(derivation: Derivation, point: Point) -> dict[str, Any]:
    """Every quantity at the point by name (`x`, `W1`, `z1`, `delta2`, `dW1`), as the engine's lines give them.

    Where a bias is appended to its weights, so is its gradient.
    """
    network, plan = derivation.network, plan_network(derivation)
    every = replace(plan, results=tuple(line.name for line in plan.lines))
    values = NetworkValues(network, every, "float64")
    params = {"W": point.W, "b": point.b, "constants": point.constants}
    batch = values(params, point.x, point.y, mean=False)
    found = BACKENDS["numpy"].build(every, "float64", None)(values.arguments(batch))
    pairs = zip(every.lines, found, strict=True)
    named = {line.name: value[0] if line.axes[:1] == (SAMPLE,) else value for line, value in pairs}
    for layer, spec in enumerate(network.stack, 1):
        if spec.bias == "appended":
            named[f"dW{layer}"] = np.column_stack([named[f"dW{layer}"], named.pop(f"db{layer}")])
    return named | _given(network, point)


def _given(network: Network, point: Point) -> dict[str, Any]:
    """The input, the targets and the parameters by name; a bias that is appended is taken off its weights."""
    found: dict[str, Any] = {"x": point.x, "y": point.y}
    for layer, spec in enumerate(network.stack, 1):
        matrix, bias = point.W[layer - 1], point.b[layer - 1]
        if matrix is not None and spec.bias == "appended":
            matrix, bias = matrix[:, :-1], matrix[:, -1]
        found |= {f"W{layer}": matrix} if matrix is not None else {}
        found |= {f"b{layer}": bias} if bias is not None else {}
    return found


_FUNCTIONS: dict[Any, Callable[..., float]] = {
    sympy.Add: lambda *terms: math.fsum(terms),
    sympy.Mul: lambda *factors: math.prod(factors),
    sympy.Pow: pow,
    sympy.exp: math.exp,
    sympy.log: math.log,
    sympy.tanh: math.tanh,
    sympy.cosh: math.cosh,
    sympy.sinh: math.sinh,
    sympy.erf: math.erf,
    sympy.Abs: abs,
    sympy.sign: lambda value: math.copysign(1.0, value) if value else 0.0,
}


def evaluate(expression: Expr, known: Callable[[Expr], float | None]) -> float:
    """The value of an expression, `known` giving those of its letters (None for what is not known by itself)."""
    value = known(expression)
    if value is not None:
        return value
    if expression.is_number:
        return float(expression)
    if isinstance(expression, sympy.Piecewise):
        cases = ((case, condition) for case, condition in expression.args)
        return evaluate(next(case for case, condition in cases if _holds(condition, known)), known)
    return float(_FUNCTIONS[expression.func](*(evaluate(part, known) for part in expression.args)))


def _holds(condition: Any, known: Callable[[Expr], float | None]) -> bool:
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    left, right = (evaluate(side, known) for side in condition.args)
    return bool(condition.func(sympy.Float(left), sympy.Float(right)))


def figure(value: float | Decimal, digits: int = DIGITS) -> Box:
    """A number rounded to some significant digits: 0.0123457, −3, 1.2 · 10⁻⁷.

    Zeros at the end stand where rounding took something: 0.36000 is not 0.36.
    """
    if not isfinite(value):
        return Glyph("undefined", "text")
    digits_, _, power = f"{abs(value):.{digits - 1}e}".partition("e")
    kept = digits_.rstrip("0").rstrip(".") if "." in digits_ and _exact(value, digits) else digits_
    if value and not -4 <= int(power) < digits:
        shown: Box = Row(
            (Glyph(kept, "number"), DOT, Scripts(Glyph("10", "number"), sup=_whole(int(power)))), tight=True
        )
    else:
        shown = Glyph(f"{Decimal(f'{kept}e{power}'):f}", "number")
    return Row((MINUS, shown), tight=True) if value < 0 else shown


def _exact(value: float | Decimal, digits: int) -> bool:
    """Whether rounding takes nothing from a number; of a float, nothing but its own rounding."""
    if isinstance(value, Decimal):
        return Decimal(f"{value:.{digits - 1}e}") == value
    return float(f"{value:.{digits}g}") == float(f"{value:.14g}")


def _whole(value: int) -> Box:
    shown = Glyph(str(abs(value)), "number")
    return Row((MINUS, shown), tight=True) if value < 0 else shown


def about(value: float | Decimal, digits: int = DIGITS) -> Box:
    """= or ≈ before a number: = where rounding took nothing from it."""
    return Glyph("=" if _exact(value, digits) else r"\approx", "relation")


def about_all(values: Any, digits: int = DIGITS) -> Box:
    """= before numbers of which rounding took nothing from any, else ≈."""
    signs = [about(one, digits) for one in np.asarray(values, object).ravel()]
    return next((one for one in signs if one != Glyph("=", "relation")), Glyph("=", "relation"))


def column(values: Any, digits: int = DIGITS) -> Box:
    """A vector as a column, a matrix by rows, in brackets; a single number as itself."""
    table = np.atleast_2d(np.asarray(values).T).T
    if table.size == 1:
        return figure(table.ravel()[0], digits)
    return Grid(tuple(tuple(figure(one, digits) for one in line) for line in table))


def flat(box: Box) -> Box:
    """A formula for a line of words: fractions with a slash, so that they keep their size."""
    match box:
        case Coloured(body, colour):
            return Coloured(flat(body), colour)
        case Fraction(above, below):
            return Row((above, Glyph("/"), below), tight=True)
        case _:
            return box


def with_numbers(box: Box, known: Mapping[Box, Box]) -> Box:
    """A formula with numbers for the boxes in `known`: dots between factors, brackets around what is negative."""
    if box in known:
        return known[box]
    match box:
        case Coloured(body, colour):
            return Coloured(with_numbers(body, known), colour)
        case Row(items, tight):
            if tight and any(isinstance(one, Fence) for one in items[1:]):
                return Row((items[0], *(with_numbers(one, known) for one in items[1:])), tight)
            return row(_factors([with_numbers(one, known) for one in items], tight), tight)
        case Scripts(base, sup=Scripts() as power) if power in known:
            return replace(box, base=with_numbers(base, known), sup=known[power])
        case Scripts(base):
            inner = with_numbers(base, known)
            return replace(box, base=Fence(inner) if inner != base and not isinstance(inner, Fence) else inner)
        case Fraction(above, below):
            return replace(box, above=with_numbers(above, known), below=with_numbers(below, known))
        case Fence(body) | Root(body) | Accent(body):
            return replace(box, body=with_numbers(body, known))
        case BigSum():
            return replace(box, body=with_numbers(box.body, known))
        case Cases(lines):
            return Cases(tuple((with_numbers(value, known), with_numbers(when, known)) for value, when in lines))
        case Grid(rows):
            return Grid(tuple(tuple(with_numbers(cell, known) for cell in line) for line in rows))
        case _:
            return box


def _sign(box: Box) -> bool:
    return isinstance(box, Glyph) and box.kind in ("binary", "relation", "text", "punctuation")


def _factors(items: list[Box], tight: bool) -> list[Box]:
    """Items of a row with dots between neighbours that are no signs, and brackets around negative numbers after one."""
    found: list[Box] = []
    for place, item in enumerate(items):
        if found and found[-1] == PLUS and _negative(item):
            found[-1], item = MINUS, _opposite(item)
        if place and not _sign(item) and not _sign(items[place - 1]) and _numeric(item, items[place - 1]) and not tight:
            found.append(DOT)
        after_sign = place and not _opens(items[place - 1])
        found.append(_bracketed(item) if after_sign and _negative(item) else item)
    return found


def _opens(box: Box) -> bool:
    """Whether something new begins behind a box, so that a minus sign needs no brackets."""
    return isinstance(box, Glyph) and box.kind in ("relation", "text", "punctuation")


def _numeric(*boxes: Box) -> bool:
    """Whether one of two neighbours begins with a number, so that a dot is needed between them."""
    return any(_is_number(one) for one in boxes)


def _is_number(box: Box) -> bool:
    if isinstance(box, Coloured):
        return _is_number(box.body)
    if isinstance(box, Fence):
        return False
    if isinstance(box, Row):
        return _is_number(box.items[-1] if not isinstance(box.items[-1], Fence) else box.items[0])
    if isinstance(box, Scripts):  # 10⁻⁷
        return _is_number(box.base)
    return isinstance(box, Glyph) and box.kind == "number"


def _opposite(box: Box) -> Box:
    """A negative number, or a product that begins with one, without the sign."""
    if isinstance(box, Coloured):
        return Coloured(_opposite(box.body), box.colour)
    assert isinstance(box, Row)
    return row(box.items[1:], tight=True) if box.tight else Row((_opposite(box.items[0]), *box.items[1:]))


def _bracketed(box: Box) -> Box:
    """A negative number in brackets; of a product, its first factor."""
    if isinstance(box, Row) and not box.tight:
        return Row((Fence(box.items[0]), *box.items[1:]))
    return Fence(box)


def _negative(box: Box) -> bool:
    """Whether a box begins with a minus sign."""
    if isinstance(box, Coloured):
        return _negative(box.body)
    return isinstance(box, Row) and (box.items[0] == MINUS if box.tight else _negative(box.items[0]))
