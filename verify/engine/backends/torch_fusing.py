"""Rewrites a plan for PyTorch: what takes an eager library several passes over memory becomes one of its own functions.

1/(1 + e^{−u})          torch.sigmoid(u)
g a (1 − a)             torch.ops.aten.sigmoid_backward(g, a)
g (1 − a²)              torch.ops.aten.tanh_backward(g, a)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Expr, Indexed, Integer, Mul, Sum

from derive.functions import Head, head, kind, unknown
from verify.engine.plan.types import Line, Plan


@dataclass(frozen=True)
class Slope:
    """A row: `own`(a) is the factor by which a known activation's slope multiplies g; `call` computes the product."""

    call: str
    own: Callable[[Expr], Expr]


_SLOPES = (
    Slope("torch.ops.aten.sigmoid_backward", lambda a: a * (1 - a)),
    Slope("torch.ops.aten.tanh_backward", lambda a: 1 - a**2),
)
_FUSED = {unknown(row.call, 2): row for row in _SLOPES}
_NATIVE = {kind(head("sigmoid")(Integer(0))): "torch.sigmoid"}


def fused(plan: Plan) -> Plan:
    """The plan with PyTorch's own functions; equal to it in the reals."""

    def function(applied: Head) -> str:
        row = _FUSED.get(type(applied))
        return row.call if row else _NATIVE.get(kind(applied)) or plan.function(applied)

    helpers = tuple(one for one in plan.helpers if kind(one.head) not in _NATIVE)
    return replace(plan, lines=tuple(map(_line, plan.lines)), helpers=helpers, function=function)


def _line(line: Line) -> Line:
    """A product by a slope as one call, where the line is such a product for every one of its entries."""
    for call, row in _FUSED.items():
        for a in sorted(line.value.atoms(Indexed), key=str):
            rest = _without(line.value, row.own(a))
            if rest is not None and set(a.indices) == set(line.axes):
                return replace(line, value=call(rest, a))
    return line


def _without(value: Expr, product: Expr) -> Expr | None:
    """The other factors of a product that has all of these factors; None where it has not, or has no others."""
    factors = list(Mul.make_args(value))
    for one in Mul.make_args(product):
        if one not in factors:
            return None
        factors.remove(one)
    rest = Mul(*factors)
    return rest if rest.has(Indexed, Sum) else None
