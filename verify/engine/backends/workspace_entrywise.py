"""How each kind of value becomes operations: one row a kind, in `KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Add, Expr, Mul, Piecewise, Pow, Rational, Sum

from derive.functions import Head
from derive.symbols import Index, bound
from verify.engine.backends.workspace_operations import Operations
from verify.engine.backends.workspace_sums import contracted, reduced
from verify.engine.backends.workspace_values import NotFused, Number, Operand, Slot, Term
from verify.engine.plan.stable import Arsinh, Expm1, LogSumExp, Softmax, Softplus

_COMPARED = {">": "greater", ">=": "greater_equal", "<": "less", "<=": "less_equal", "==": "equal", "!=": "not_equal"}
_FEW = 4  # a power is a product of at most so many factors


def computed(to: Operations, value: Expr) -> Term:
    """The operations of a value.  Raises `NotFused` for what no row knows."""
    for kind, write in KINDS.items():
        if isinstance(value, kind):
            return write(to, value)
    raise NotFused(f"no operation is known for a {type(value).__name__}")


def _add(to: Operations, value: Add) -> Term:
    """A sum, what has fewest axes first, so that little is done at full size."""
    parts = [(one.as_coeff_Mul()[0].is_negative, one) for one in value.args]
    terms = [(bool(minus), to.lower(-one if minus else one)) for minus, one in parts]
    numbers = [(minus, one) for minus, one in terms if isinstance(one, Number)]
    arrays = sorted(
        ((minus, one) for minus, one in terms if isinstance(one, Operand)), key=lambda one: len(one[1].axes)
    )
    total = _numbers(numbers)
    if not arrays:
        return total or Number.of(0.0)
    whole, rest = _first(to, total, arrays)
    for minus, one in rest:
        whole = to.call("subtract" if minus else "add", whole, one)
    return whole


def _first(to: Operations, number: Number | None,
           arrays: list[tuple[bool, Operand]]) -> tuple[Term, list[tuple[bool, Operand]]]:  # fmt: skip
    """What a sum begins with, and the rest."""
    minus, first = arrays[0]
    if number is not None:
        return to.call("subtract", number, first) if minus else to.call("add", first, number), arrays[1:]
    at = next((n for n, (negative, _) in enumerate(arrays) if not negative), None)
    if at is None:
        return to.call("negative", first), arrays[1:]
    return arrays[at][1], [*arrays[:at], *arrays[at + 1 :]]


def _numbers(terms: list[tuple[bool, Number]]) -> Number | None:
    """The numbers of a sum as one."""
    if not terms:
        return None
    if all(one.known is not None for _, one in terms):
        return Number.of(sum(-(one.known or 0.0) if minus else (one.known or 0.0) for minus, one in terms))
    text = "".join(f" {'-' if minus else '+'} {one.factor}" for minus, one in terms)
    return Number(text.removeprefix(" + ").strip(), None, False)


def _mul(to: Operations, value: Mul) -> Term:
    """A product; the denominators divide it at the end."""
    number, rest = value.as_coeff_Mul()
    factors = Mul.make_args(rest)
    if number == -1 and len(factors) == 1:
        return to.negated(rest)
    below = [Pow(one.base, -one.exp) for one in factors if _divides(one)]
    above = [to.lower(one) for one in factors if not _divides(one)]
    if number.is_Rational and number.q != 1 and abs(number.p) == 1 and not above:
        number, below = sympy.Integer(number.p), [sympy.Integer(number.q), *below]
    if number != 1 or not above:
        above.append(Number.of(float(number)))
    whole = to.product(above)
    for one in map(to.lower, below):
        whole = to.call("divide", whole, one)
    return whole


def _divides(factor: Expr) -> bool:
    return isinstance(factor, Pow) and bool(factor.exp.is_number) and bool(factor.exp.is_negative)


def _pow(to: Operations, value: Pow) -> Term:
    base, exponent = value.args
    if exponent.is_number and exponent.is_negative:
        below = to.lower(Pow(base, -exponent))
        return to.call("reciprocal", below) if isinstance(below, Operand) else to.call("divide", Number.of(1.0), below)
    if exponent == Rational(1, 2):
        return to.call("sqrt", to.lower(base))
    if exponent.is_Integer and 0 < exponent <= _FEW:
        root = to.lower(to.square_root(base) if exponent.is_even else base)
        return root if exponent == 1 else to.product([root] * int(exponent))
    return to.call("power", to.lower(base), to.lower(exponent))


def _head(to: Operations, value: Head) -> Term:
    """A function of numbers by its formula."""
    helper = to.helper(value)
    if helper is None:
        raise NotFused(f"{value.func} has no formula")
    first, *constants = value.args
    kept = [first, *(one for one in constants if not one.is_number)]
    return to.lower(helper.value.xreplace(dict(zip(helper.arguments, kept, strict=True))))


def _piecewise(to: Operations, value: Piecewise) -> Term:
    """The larger of two values, a mask of 0 and 1, or a choice; of more branches, one choice after the other."""
    (yes, condition), *rest = value.args
    if not rest or (len(rest) == 1 and rest[0][1] != True):  # noqa: E712  SymPy's own true
        raise NotFused("there is not always a value")
    no = value.func(*rest) if len(rest) > 1 else rest[0][0]
    if getattr(condition, "rel_op", "") not in _COMPARED:
        raise NotFused(f"the condition {condition}")
    if condition.rel_op in (">", ">=") and (yes, no) == condition.args and no.is_number:
        return to.call("fmax", to.lower(yes), to.lower(no))
    left, right = to.lower(condition.lhs), to.lower(condition.rhs)
    if isinstance(left, Number) and isinstance(right, Number):
        raise NotFused("a condition on numbers")
    compared = _COMPARED[condition.rel_op]
    mask = to.shared(compared, condition.lhs - condition.rhs, lambda: to.call(compared, left, right, boolean=True))
    assert isinstance(mask, Operand)
    return mask if (yes, no) == (1, 0) else to.choice(mask, to.lower(yes), to.lower(no))


def _softmax(to: Operations, value: Expr) -> Term:
    powers, total, _ = _powers(to, *value.args)
    return to.call("divide", powers, total)


def _log_sum_exp(to: Operations, value: Expr) -> Term:
    inner = value.args[0]
    if len(bound(inner)) != 1:
        raise NotFused("a sum over several indices")
    _, total, top = _powers(to, inner.function, bound(inner)[0])
    return to.call("add", to.call("log", total), top)


def _powers(to: Operations, exponent: Expr, at: Index) -> tuple[Term, Term, Term]:
    """e^(u − max u) over an index, its sum, and max u: what softmax and log-sum-exp share."""
    inner = to.lower(exponent)
    if not isinstance(inner, Operand) or at not in inner.axes:
        raise NotFused("the powers do not depend on their index")
    top = to.shared("max", exponent, lambda: _largest(to, inner, at), (at,))
    powers = to.shared("powers", exponent, lambda: to.call("exp", to.call("subtract", inner, top)), (at,))
    assert isinstance(powers, Operand)
    return powers, to.shared("total", exponent, lambda: reduced(to, powers, (at,)), (at,)), top


def _largest(to: Operations, array: Operand, at: Index) -> Term:
    """The largest over an index, at most the largest finite number, so that ∞ − ∞ does not arise."""
    left = tuple(one for one in array.axes if one != at)
    template = f"np.maximum.reduce({{0}}, {array.axes.index(at)}{{none out}})"
    if not left:
        return to.number(template, [Slot(array.value)])
    top = to.add(template, [Slot(array.value)], left)
    return to.call("fmax", to.call("fmin", top, Number.of(to.greatest)), Number.of(-to.greatest))


def _softplus(to: Operations, value: Expr) -> Term:
    return to.call("logaddexp", to.lower(value.args[0]), Number.of(0.0))


def _call(name: str) -> Callable[[Operations, Any], Term]:
    return lambda to, value: to.call(name, *map(to.lower, value.args))


KINDS: Mapping[type[Any], Callable[[Operations, Any], Term]] = {
    Add: _add,
    Mul: _mul,
    sympy.exp: _call("exp"),
    Pow: _pow,
    Sum: contracted,
    Head: _head,
    Piecewise: _piecewise,
    Softmax: _softmax,
    LogSumExp: _log_sum_exp,
    Softplus: _softplus,
    Expm1: _call("expm1"),
    Arsinh: _call("arcsinh"),
    sympy.log: _call("log"),
    sympy.tanh: _call("tanh"),
    sympy.sinh: _call("sinh"),
    sympy.cosh: _call("cosh"),
    sympy.sin: _call("sin"),
    sympy.cos: _call("cos"),
    sympy.tan: _call("tan"),
    sympy.atan: _call("arctan"),
    sympy.Abs: _call("absolute"),
    sympy.sign: _call("sign"),
}
