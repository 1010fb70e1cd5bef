r"""Sums, products, powers and series as operations.

Σ_k Q_ik K_jk       a product of matrices, over k
u / (v w)           one division
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from flint import arb
from sympy import Expr, Sum

from derive.symbols import Index, bound
from verify.certificates.functions import FUNCTIONS, OVER_ROOT, ROOT, real_power, whole_power
from verify.certificates.lowering import Lowering, Ref
from verify.certificates.operations import Divide

MOST_POWER = 10_000


def add(low: Lowering, expression: Expr) -> Ref:
    shift, rest = expression.as_coeff_Add(rational=True)
    return low.combined([_term(low, one) for one in sympy.Add.make_args(rest)], shift)


def _term(low: Lowering, term: Expr) -> tuple[Any, Ref]:
    number, rest = term.as_coeff_Mul()
    if number.is_Rational and rest != 1:
        return number, low.ref(rest)
    return sympy.Integer(1), low.ref(term)


def mul(low: Lowering, expression: Expr) -> Ref:
    number, rest = expression.as_coeff_Mul()
    if number.is_Rational and number != 1:
        return low.combined([(number, low.ref(rest))])
    above, below = _fraction(expression)
    bottom = low.product([low.ref(one) for one in below]) if below else None
    if bottom is not None and not above:
        return low.applied(whole_power(-1), bottom)
    top = low.product([low.ref(one) for one in above])
    if bottom is None:
        return top
    axes = low.union([top, bottom])
    return Ref(low.made(Divide(low.slot(), low.over(top, axes), low.over(bottom, axes))), axes)


def _fraction(expression: Expr) -> tuple[list[Expr], list[Expr]]:
    """The factors above and below the line."""
    above: list[Expr] = []
    below: list[Expr] = []
    for one in expression.args:
        whole = isinstance(one, sympy.Pow) and one.exp.is_Integer and one.exp < 0
        (below if whole else above).append(sympy.Pow(one.base, -one.exp) if whole else one)
    return above, below


def pow(low: Lowering, expression: Expr) -> Ref:
    base, exponent = expression.args
    if base == sympy.E:
        return low.applied(FUNCTIONS[sympy.exp], low.ref(exponent))
    if exponent.is_Integer and abs(int(exponent)) <= MOST_POWER:
        return low.applied(whole_power(int(exponent)), low.ref(base))
    roots = {sympy.Rational(1, 2): ROOT, sympy.Rational(-1, 2): OVER_ROOT}
    if exponent in roots:
        return low.applied(roots[exponent], low.ref(base))
    if exponent.is_Rational:
        p, q = int(exponent.p), int(exponent.q)
        return low.applied(real_power(lambda: arb(p) / q, p > q, p > 0), low.ref(base))
    inner = low.applied(FUNCTIONS[sympy.log], low.ref(base))
    return low.applied(FUNCTIONS[sympy.exp], low.product([low.ref(exponent), inner]))


def series(low: Lowering, expression: Sum) -> Ref:
    own, body = bound(expression), expression.function
    number, rest = body.as_coeff_Mul()
    factors = list(sympy.Mul.make_args(rest)) if isinstance(rest, sympy.Mul) else [rest]
    refs = [low.ref(one) for one in factors]
    touched = _grouped(low, [one for one in refs if set(one.axes) & set(own)])
    apart = [one for one in refs if not set(one.axes) & set(own)]
    found = _contracted(low, touched, own)
    missing = low.count(tuple(one for one in own if not any(one in ref.axes for ref in touched)))
    whole = low.product([*apart, *found]) if (apart or found) else low.exact([1])
    scale = number * missing
    if scale == 1:
        return whole
    return low.combined([(scale, whole)]) if scale.is_Rational else low.product([low.ref(scale), whole])


def _grouped(low: Lowering, refs: Sequence[Ref]) -> list[Ref]:
    """Slots with the same axes as one product."""
    groups: dict[frozenset[Index], list[Ref]] = {}
    for one in refs:
        groups.setdefault(frozenset(one.axes), []).append(one)
    return [low.product(group) for group in groups.values()]


def _contracted(low: Lowering, refs: list[Ref], own: Sequence[Index]) -> list[Ref]:
    """Σ over `own` of a product: two at a time, each sum as soon as nothing else needs its index."""
    left = list(refs)
    while len(left) > 1:
        first, second, *rest = sorted(left, key=lambda one: len(one.axes))
        needed = {axis for one in rest for axis in one.axes}
        alone = [one for one in own if one not in needed]
        first, second = (low.reduced(a, [one for one in alone if one not in b.axes])
                         for a, b in ((first, second), (second, first)))  # fmt: skip
        shared = [one for one in alone if one in first.axes and one in second.axes]
        joined = low.contracted(second, first, shared) if shared else low.product([first, second])
        left = [*rest, joined]
    return [low.reduced(one, own) for one in left]
