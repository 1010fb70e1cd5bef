"""Small lies about a step: each changes one thing in its right side, and an oracle says whether it is a lie at all."""

from __future__ import annotations

from dataclasses import replace

from sympy import Add, Indexed, Mul, Rational, Sum

from derive.equation import Equation, EquationError
from derive.functions import Head, head
from derive.symbols import Array, Index, bound, free_indices
from tests.numeric import same


def changed(expression, change):
    """Every expression that arises from changing one node."""
    yield from change(expression)
    for place, part in enumerate(expression.args):
        if isinstance(part, Array) or (isinstance(expression, Sum) and place):
            continue
        for other in changed(part, change):
            yield expression.func(*expression.args[:place], other, *expression.args[place + 1 :])


def flipped(node):
    if isinstance(node, Add):
        for place, term in enumerate(node.args):
            yield Add(*node.args[:place], -term, *node.args[place + 1 :])


def scaled(node):
    if isinstance(node, Indexed | Head | Sum):
        yield node * (1 + Rational(1, 10**6))


def dropped(node):
    if isinstance(node, Add | Mul) and len(node.args) > 1:
        for place in range(len(node.args)):
            yield node.func(*node.args[:place], *node.args[place + 1 :])


def unsummed(node):
    if isinstance(node, Sum):
        yield node.function


def swapped(letters):
    def change(node):
        if isinstance(node, Index):
            yield from (other for other in letters if other != node and other.space == node.space)

    return change


def undifferentiated(node):
    if isinstance(node, Head) and node.order:
        yield head(node.row.name, node.order - 1)(*node.args)


def moved(node):
    if isinstance(node, Indexed):
        for step in (-1, 1):
            yield Indexed(Array(node.base.role, node.base.layer + step, node.base.spaces), *node.indices)


def lies(step):
    """(what was changed, the false step) for every small change that is one."""
    rhs = step.claim.rhs
    letters = sorted(set(_all(rhs)) | set(step.claim.indices), key=str)
    kinds = (flipped, scaled, dropped, unsummed, swapped(letters), undifferentiated, moved)
    yield from _false(step, "sign", -rhs)
    for kind in kinds:
        for other in changed(rhs, kind):
            yield from _false(step, kind.__name__, other)


def _all(expression):
    if isinstance(expression, Sum):
        yield from bound(expression)
        yield from _all(expression.function)
    elif isinstance(expression, Index):
        yield expression
    else:
        for part in expression.args:
            yield from _all(part)


def _false(step, kind, rhs):
    try:
        claim = Equation(step.claim.lhs, rhs)
    except EquationError:
        return  # such a lie cannot even be written down
    free = step.claim.indices
    if free_indices(rhs) <= set(free) and not same(rhs, step.claim.rhs, free):
        yield kind, replace(step, claim=claim)
