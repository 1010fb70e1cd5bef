"""Functions of numbers: those of the table, of the text, unknown ones with a formula, and functions by cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import sympy
from sympy import Expr

from derive.functions import Head, Symbols, Unknown, head, kind, unknown
from derive.symbols import Index, Scalar, Space
from verify.certificates.errors import NotCertified
from verify.certificates.lowering import Lowering, Ref
from verify.certificates.naturals import Natural
from verify.certificates.regions import CASES, arguments, chosen, lanes, region


def applied(low: Lowering, expression: Head) -> Ref:
    """σ(u), by its formula; σ′ is the derivative of that formula."""
    letters, body = _formula(low, expression)
    given = [low.ref(one) for one in expression.args]
    if low.lane or not body.has(*CASES, Head):
        found = _inlined(low, body, dict(zip(letters, given, strict=True)))
    else:
        found = Ref(*region(low, body, dict(zip(letters, given, strict=True)), str(expression)))
    if low.lane:
        return found
    slots = [low.over(one, found.axes) for one in given]
    build = partial(
        lanes, low.inside(Index("u", Space("u", sympy.Integer(1))), ()), body, letters, low.count(found.axes)
    )
    return Ref(low.made(Natural(low.slot(), found.slot, slots, build)), found.axes)


def _inlined(low: Lowering, body: Expr, letters: Mapping[Any, Ref]) -> Ref:
    """The formula of a function with its arguments in it."""
    outer, low.memo = low.memo, dict(letters)
    found = low.ref(body)
    axes = low.union(list(letters.values()))
    slot = low.over(found, axes)
    low.memo = outer
    return Ref(slot, axes)


def _formula(low: Lowering, expression: Head) -> tuple[tuple[Expr, ...], Expr]:
    """The letters and the formula of a function, differentiated as often as its strokes say."""
    letters = tuple(Scalar(f"u_{place}", "argument") for place in range(len(expression.args)))
    if isinstance(expression, Unknown):
        return letters, _of_unknown(low, expression, letters)
    for order in range(expression.order, -1, -1):
        own = low.formulas.get((head(expression.row.name, order), *expression.args[1:]))
        if own is not None:
            return letters, _differentiated(_in_letters(own, letters), letters, (expression.order - order,))
    return letters, _differentiated(expression.row.forward(Symbols, *letters), letters, (expression.order,))


def _of_unknown(low: Lowering, expression: Unknown, letters: tuple[Expr, ...]) -> Expr:
    """The formula of a function of the text, or the one that the caller gave."""
    own = low.formulas.get(kind(expression)) or low.formulas.get((unknown(expression.row.name, len(letters)),))
    if own is not None:
        known = own.lhs.orders
        return _differentiated(
            _in_letters(own, letters), letters, tuple(a - b for a, b in zip(expression.orders, known, strict=True))
        )
    letter = expression.row.name
    if letter not in low.functions:
        raise NotCertified(
            f"{low.within} holds {letter}, of which nothing is known; define it in the text, as in {letter}(u) = …, or "
            f"give its formula in Python: functions={{{letter!r}: sympy.tanh}}"
        )
    try:
        found = sympy.S(low.functions[letter](*letters))
    except (TypeError, ValueError, AttributeError) as error:
        raise NotCertified(
            f"functions[{letter!r}] must make a SymPy expression of {len(letters)} letters: {error}"
        ) from None
    if not isinstance(found, Expr) or found.free_symbols - set(letters):
        raise NotCertified(
            f"functions[{letter!r}] must make a SymPy expression of its {len(letters)} letters, not {found}"
        )
    return _differentiated(found, letters, expression.orders)


def _in_letters(own: Any, letters: tuple[Expr, ...]) -> Expr:
    pairs = zip(own.lhs.args, letters, strict=True)
    return own.rhs.xreplace({old: new for old, new in pairs if isinstance(old, Scalar)})


def _differentiated(body: Expr, letters: tuple[Expr, ...], orders: Sequence[int]) -> Expr:
    """A formula of numbers, differentiated by each of its letters so many times."""
    for letter, order in zip(letters, orders, strict=False):
        body = sympy.diff(body, letter, order) if order else body
    return body


def cases(low: Lowering, expression: Expr) -> Ref:
    """Cases, moduli, signs and maxima: a region, or a choice within one."""
    if low.lane:
        return Ref(chosen(low, expression), low.lane)
    letters = {one: low.ref(one) for one in dict.fromkeys(arguments(expression))}
    text = "cases" if isinstance(expression, sympy.Piecewise) else str(expression)
    return Ref(*region(low, expression, letters, text))
