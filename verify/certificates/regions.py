"""What is decided entry by entry, lowered to operations on lanes: cases, moduli, signs, and functions with them.

Everything of the formula that is no function of numbers (entries, sums, determinants) is an argument of the region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Piecewise, Sum
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from derive.named import Det, LogDet, Opaque
from derive.symbols import Index, Scalar, Space, Width
from verify.certificates.choices import Choose, Condition, Inner, Region, Truth
from verify.certificates.errors import NotCertified
from verify.certificates.machine import times

if TYPE_CHECKING:
    from verify.certificates.lowering import Lowering, Ref

CASES = (Piecewise, sympy.Abs, sympy.sign, sympy.Max, sympy.Min, sympy.Heaviside)
_WHOLE = (Indexed, Scalar, Sum, Det, LogDet, Opaque, Index, Width, KroneckerDelta)
_SIGNS = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "==": (0,), "!=": (-1, 1)}


def region(low: Lowering, body: Expr, letters: Mapping[Expr, Ref], text: str) -> tuple[int, tuple[Index, ...]]:
    """The slot and the axes of a formula by cases whose letters stand for these slots."""
    axes = low.union(list(letters.values()))
    slots = [low.over(one, axes) for one in letters.values()]
    inner = lanes(low, body, list(letters), low.count(axes))
    lengths, within = [low.length(one.space) for one in axes], low.within

    def place(lane: int) -> str:
        found = []
        for number, length in enumerate(lengths):
            found.append(lane // prod(lengths[number + 1 :]) % length + 1)
        where = ", ".join(f"{one} = {at}" for one, at in zip(axes, found, strict=True))
        return f"{text} in {within}" + (f" at {where}" if where else "")

    return low.made(Region(low.slot(), slots, inner, place)), axes


def lanes(low: Lowering, body: Expr, letters: Sequence[Expr], count: int) -> Inner:
    """A formula of numbers as operations on lists of `count` entries."""
    lane = Index("lane", Space("lanes", sympy.Integer(count)))
    own = low.inside(lane, letters)
    arguments = tuple(own.memo[one].slot for one in letters)
    value = own.over(own.ref(body), (lane,))
    for one in own.operations:
        one.times = times
    return Inner(tuple(own.operations), own.slots, arguments, value, tuple(own.differences))


def by_cases(expression: Expr) -> Piecewise:
    """A modulus, a sign or a maximum as cases; what is by cases already, as it is."""
    if isinstance(expression, Piecewise):
        return expression
    u, *rest = expression.args
    if isinstance(expression, sympy.Abs):
        return Piecewise((u, u > 0), (-u, True))
    if isinstance(expression, sympy.sign):
        return Piecewise((1, u > 0), (-1, u < 0), (0, True))
    if isinstance(expression, sympy.Heaviside):
        return Piecewise((1, u > 0), (0, u < 0), (rest[0] if rest else sympy.Rational(1, 2), True))
    other = expression.func(*rest)
    larger = u - other > 0
    return (
        Piecewise((u, larger), (other, True))
        if isinstance(expression, sympy.Max)
        else Piecewise((other, larger), (u, True))
    )


def arguments(expression: Any) -> Iterator[Expr]:
    """The parts of a formula that are no functions of numbers, each once or more often."""
    if isinstance(expression, _WHOLE):
        yield expression
        return
    for part in expression.args:
        yield from arguments(part)


def chosen(low: Lowering, expression: Expr) -> int:
    """The slot of cases, within a region."""
    cases = by_cases(expression) if not isinstance(expression, Piecewise) else expression
    if cases == True or not isinstance(cases, Piecewise):  # noqa: E712  SymPy has decided the only condition
        return low.over(low.ref(cases), low.lane)
    differences: list[int] = []
    conditions = [_condition(low, condition, differences) for _, condition in cases.args]
    values = [low.over(low.ref(value), low.lane) for value, _ in cases.args]
    return low.made(Choose(low.slot(), values, conditions, differences))


def _condition(low: Lowering, condition: Boolean, differences: list[int]) -> Condition:
    if condition == sympy.true or condition == sympy.false:
        holds = bool(condition)
        return lambda signs: holds
    if isinstance(condition, Relational):
        slot = low.over(low.ref(condition.lhs - condition.rhs), low.lane)
        low.differences.append(slot)
        differences.append(slot)
        return _compared(len(differences) - 1, _SIGNS[condition.rel_op])
    if isinstance(condition, And | Or | Not):
        parts = [_condition(low, one, differences) for one in condition.args]
        return _joined(type(condition), parts)
    raise NotCertified(f"{low.within} holds the condition {condition}, which is no comparison of numbers")


def _compared(number: int, wanted: tuple[int, ...]) -> Condition:
    return lambda signs: None if (sign := signs[number]) is None else sign in wanted


def _joined(kind: type[Boolean], parts: Sequence[Condition]) -> Condition:
    def holds(signs: Sequence[int | None]) -> Truth:
        found = [one(signs) for one in parts]
        if kind is Not:
            return None if found[0] is None else not found[0]
        ends = kind is Or  # what settles it: one that holds, or one that does not
        if ends in found:
            return ends
        return None if None in found else not ends

    return holds
