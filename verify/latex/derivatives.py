r"""Recognises derivatives: \frac{\partial E}{\partial w}, ∂E/∂w, \frac{dE}{dw}, \frac{d}{dz}, of any order.

Whether dE is a differential or a product d E is seen by its surroundings: it is one where d stands first in the
numerator and in the denominator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from verify.latex.attach import attached
from verify.latex.tree import (
    Addition,
    Applied,
    By,
    Derivative,
    Letter,
    Mark,
    Multiplication,
    Negation,
    Node,
    Number,
    Power,
    Raised,
    Scripted,
    Span,
    juxtaposed,
)

_SIGNS = {Letter("d"): "d", Letter("d", "mathrm"): r"\mathrm{d}"}


@dataclass(frozen=True, slots=True)
class Differential(Node):
    r"""∂E, which is half of a derivative and must not be left over; `order` is the 2 of ∂²."""

    operand: Node | None
    order: Node | None = None


@dataclass(frozen=True)
class _Top:
    """A numerator: its sign, the order, and what is differentiated (None in ∂/∂w)."""

    sign: str
    order: Node | None
    operand: Node | None


def factors_of(node: Node) -> tuple[Node, ...]:
    """The factors of a product by juxtaposition; the node itself where it is none."""
    return node.factors if isinstance(node, Multiplication) and set(node.signs) == {""} else (node,)


def is_d(node: Node) -> bool:
    """Whether a factor is the d of dw, alone."""
    return isinstance(node, Letter) and node in _SIGNS


def is_numerator(node: Node) -> bool:
    """Whether this can stand above the line of a derivative: ∂E, dE, ∂, d."""
    return _top(node) is not None


def quotient(above: Node, below: Node, span: Span, style: Literal["fraction", "slash"]) -> Derivative | None:
    """The derivative that a fraction is; None where it is none.

    `operand` of the result is a `Differential` without an operand where the fraction is an operator, d/dz.
    """
    top = _top(above)
    if top is None:
        return None
    by = _variables(factors_of(below), top.sign)
    if by is None:
        return None
    order, by = _orders(top.order, by)
    operand = top.operand or Differential(None)
    return Derivative(operand, by, top.sign, style if top.operand else "operator", order, span=span)


def _top(node: Node) -> _Top | None:
    first, *rest = factors_of(node)
    if any(isinstance(one, Differential) for one in rest):
        return None
    if isinstance(first, Differential):
        operands = [first.operand, *rest] if first.operand else rest
        return _Top(r"\partial", first.order, _product(operands) if operands else None)
    sign, order = _sign(first)
    if sign:
        return _Top(sign, order, _product(rest) if rest else None)
    if isinstance(first, Applied) and _sign(first.head)[0]:
        sign, order = _sign(first.head)
        return _Top(sign, order, _product([_argument(first), *rest]))
    return None


def _sign(node: Node) -> tuple[str, Node | None]:
    """The sign of a differential that a letter d (or d²) is, and its order; "" for any other node."""
    if isinstance(node, Scripted) and node.lower is None and len(node.upper) == 1:
        (mark,) = node.upper
        if isinstance(mark, Raised) and not mark.fence and not node.left_upper:
            return _SIGNS.get(node.base, "") if isinstance(node.base, Letter) else "", mark.body
    return (_SIGNS.get(node, ""), None) if isinstance(node, Letter) else ("", None)


def _argument(node: Applied) -> Node:
    """What d(…) is taken of: the bracket with its scripts."""
    return attached(node.bracket, node.lower, node.upper, (node.bracket.span[0], node.span[1]))


def _product(factors: list[Node]) -> Node:
    """Factors as one node."""
    return juxtaposed(tuple(factors), (factors[0].span[0], factors[-1].span[1]))


def _variables(factors: tuple[Node, ...], sign: str) -> tuple[By, ...] | None:
    """The variables of a denominator, each behind its ∂ or d; None where something else stands there.

    Letters that follow a letter belong to it, since a name may have several, as in ∂net_j: that is a product here.
    """
    runs: list[list[Node]] = []
    for factor in factors:
        first = _begins(factor, sign)
        if first is not None:
            runs.append(first)
        elif not runs or (runs[-1] and not _is_letter(factor)):
            return None
        else:
            runs[-1].append(factor)
    if not all(runs) or not all(_is_variable(run) for run in runs):
        return None
    return tuple(_times(_product(run)) for run in runs)


def _begins(factor: Node, sign: str) -> list[Node] | None:
    """What a factor that begins with the sign holds of its variable; None for a factor that does not."""
    if isinstance(factor, Differential) and sign == r"\partial" and factor.operand and factor.order is None:
        return [factor.operand]
    if sign == r"\partial":
        return None
    if isinstance(factor, Letter) and _SIGNS.get(factor) == sign:
        return []
    applied = isinstance(factor, Applied) and isinstance(factor.head, Letter) and _SIGNS.get(factor.head) == sign
    return [_argument(factor)] if isinstance(factor, Applied) and applied else None


def _is_variable(run: list[Node]) -> bool:
    """Whether this is one node, or the letters of a name; what only braces hold together is neither."""
    if len(run) == 1:
        return not isinstance(run[0], Addition | Negation | Multiplication | Differential)
    return all(_is_letter(one) for one in run) and all(isinstance(one, Letter) for one in run[:-1])


def _is_letter(node: Node) -> bool:
    return isinstance(node, Letter) or (isinstance(node, Scripted) and isinstance(node.base, Letter))


def _times(variable: Node) -> By:
    """∂(w)² is twice by w."""
    if isinstance(variable, Power):
        return By(variable.base, variable.exponent, span=variable.span)
    return By(variable, span=variable.span)


def _orders(order: Node | None, by: tuple[By, ...]) -> tuple[Node | None, tuple[By, ...]]:
    """In ∂²E/∂w² the 2 of w² says how often, where otherwise the orders would not add up."""
    if order is None or not by or _count(by) == order:
        return order, by
    last = by[-1]
    if isinstance(last.variable, Scripted) and last.times is None:
        *marks, mark = last.variable.upper or (None,)
        if isinstance(mark, Raised) and not mark.fence:
            times = (*by[:-1], replace(last, variable=_without(last.variable, tuple(marks)), times=mark.body))
            if mark.body == order or _count(times) == order:
                return order, times
    return order, by


def _without(node: Scripted, upper: tuple[Mark | None, ...]) -> Node:
    """A scripted letter with these upper scripts only."""
    rest = replace(node, upper=tuple(mark for mark in upper if mark is not None))
    bare = rest.lower is None and not rest.upper and not rest.left_upper and rest.left_lower is None
    return rest.base if bare else rest


def _count(by: tuple[By, ...]) -> Node | None:
    """How often is differentiated in all, as a number; None where a letter says it."""
    total = 0
    for one in by:
        if one.times is not None and not (isinstance(one.times, Number) and one.times.digits.isdigit()):
            return None
        total += int(one.times.digits) if isinstance(one.times, Number) else 1
    return Number(str(total))
