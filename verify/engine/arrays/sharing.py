"""What occurs more than once in a value, to be computed once."""

from __future__ import annotations

from collections import Counter

from sympy import Expr, Pow, Sum, exp, log

from derive.functions import Head
from verify.engine.arrays.printer import is_literal
from verify.engine.plan.stable import Arsinh, Expm1, LogSumExp, Softmax, Softplus

_WORTH = (Sum, Head, Softmax, LogSumExp, Softplus, Expm1, Arsinh, exp, log)


def repeated(value: Expr) -> list[Expr]:
    """The sums and applied functions that a value holds at two places or more, inner ones first.

    What stands twice only because something larger does is not among them.
    """
    count: Counter[Expr] = Counter()
    order: list[Expr] = []
    _count(value, count, order)
    return [one for one in order if count[one] > 1]


def _count(value: Expr, count: Counter[Expr], order: list[Expr]) -> None:
    worth = _is_worth(value)
    if worth:
        count[value] += 1
        if count[value] > 1:
            return
    whole = value.args[0] if isinstance(value, LogSumExp) else value  # its sum is written with it
    for part in whole.args[:1] if isinstance(whole, Sum) else whole.args:
        if isinstance(part, Expr):
            _count(part, count, order)
        else:
            for one in getattr(part, "args", ()):
                if isinstance(one, Expr):
                    _count(one, count, order)
    if worth:
        order.append(value)


def _is_worth(value: Expr) -> bool:
    root = isinstance(value, Pow) and not value.exp.is_integer
    return (root or isinstance(value, _WORTH)) and not is_literal(value)
