"""Update rules, schedules and scalings as boxes: the expressions of the tables, with θ ← on their left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sympy import Abs, Add, Expr, Integer, Mul, floor

from derive.formula.names import Names, notation_row
from derive.formula.pieces import Level, Piece, added, multiplied
from derive.formula.writing import piece
from derive.layout import Box, Glyph, Row
from derive.symbols import Scalar
from verify.training.rules import Assignment, Optimiser, eta, g, t, theta

GETS = Glyph(r"\leftarrow", "relation")
EQUALS = Glyph("=", "relation")
SPANS = Scalar("k", "training")
FIRST = Scalar(r"\eta_0", "training")
_NAMES = Names(None, notation_row("nielsen"))


def box(expression: Any) -> Box:
    """An expression over the letters of the tables."""
    return _piece(expression).box


def _piece(expression: Expr) -> Piece:
    """As everywhere, but θ + β v − η g begins with what was there, and (1 − β) g has the bracket in front.

    g(1 − β) looks like a function of 1 − β.
    """
    if isinstance(expression, Add):
        terms = [(bool(one.could_extract_minus_sign()), one) for one in expression.as_ordered_terms()]
        terms.sort(key=lambda term: (term[0], not term[1].is_Symbol, any(isinstance(one, Add) for one in term[1].args)))
        return added([(minus, _piece(-one if minus else one)) for minus, one in terms])
    if isinstance(expression, Mul):
        sums = [part for part in expression.args if isinstance(part, Add)]
        rest = [part for part in expression.args if not isinstance(part, Add)]
        whole = all(part.is_Symbol or (part.is_Pow and part.exp.is_positive) for part in rest)
        if sums and rest and whole:
            return multiplied([*(_piece(one) for one in sums), piece(Mul(*rest), _NAMES)])
    return piece(expression, _NAMES)


def gets(target: Scalar, value: Expr) -> Box:
    """target ← value."""
    return Row((box(target), GETS, _piece(value).at(Level.SUM)))


def assignment(one: Assignment) -> Box:
    """A line of an update rule."""
    return gets(one.target, one.value)


def spelled_out(factor: Expr) -> tuple[Expr, bool]:
    """A schedule's factor with k for the number of whole spans, and whether it has that."""
    floors = list(factor.atoms(floor))
    return factor.xreplace(dict.fromkeys(floors, SPANS)), bool(floors)


def schedule(factors: Sequence[Expr]) -> Iterator[tuple[Box, Expr]]:
    """η = η₀ f(e), or of several η = η₀ f₁ f₂ and a line for each; beside each the expression on its right."""
    if len(factors) == 1:
        shown = multiplied([piece(FIRST, _NAMES), _bracketed(factors[0])]).box
        yield Row((box(eta), EQUALS, shown)), FIRST * spelled_out(factors[0])[0]
        return
    names = [Scalar(f"f_{number}", "training") for number in range(1, len(factors) + 1)]
    yield Row((box(eta), EQUALS, multiplied([piece(one, _NAMES) for one in (FIRST, *names)]).box)), Mul(FIRST, *names)
    for name, factor in zip(names, factors, strict=True):
        value = spelled_out(factor)[0]
        yield Row((box(name), EQUALS, _piece(value).box)), value


def _bracketed(factor: Expr) -> Piece:
    """A factor that may stand behind another."""
    shown = _piece(spelled_out(factor)[0])
    return Piece(shown.at(Level.PRODUCT), Level.PRODUCT)


def first_step(row: Optimiser) -> Expr:
    """What the first step adds to θ, from an empty memory: the rule, run once on letters."""
    values: dict[Any, Expr] = {one: Integer(0) for one in row.memory} | {t: Integer(1)}
    values[theta], values[g] = theta, g
    for one in row.update:
        values[one.target] = one.value.xreplace(values)
    return _without_roots(values[theta] - theta)


def _without_roots(expression: Expr) -> Expr:
    """√(g²) as |g|."""
    return expression.replace(
        lambda one: one.is_Pow and one.base.is_Pow and one.base.base == g and one.exp * one.base.exp == 1,
        lambda one: Abs(g),
    )
