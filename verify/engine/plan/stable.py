"""Rewrites a value so that it neither overflows nor takes log 0 where the mathematics does not: equal in the reals.

e^{S_ij} / Σ_k e^{S_ik}         softmax over j, the largest S taken off first
log Σ_k e^{S_ik}                log-sum-exp, the same
log softmax_j(z)                z_j − log Σ_k e^{z_k}
log σ(u), log(1 − σ(u))         −softplus(−u), −softplus(u)
log(1 + e^u), log cosh u        softplus(u), |u| + softplus(−2|u|) − log 2
c log u                         0 where c = 0, also at u = 0
c log(u/a), a as above          c log u − c log a
e^{ku} / (1 + e^u)^m            1 / ((1 + e^{−u})^k (1 + e^u)^{m−k})
sinhᵐ u / coshⁿ u, or the other way round   as much of it as can be by tanh u
log(u + √(1 + u²))              arsinh u
c e^u − c                       c expm1(u), which keeps all digits near u = 0
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Abs, Expr, Function, Indexed, Integer, Mul, Pow, Sum
from sympy.functions.elementary.piecewise import ExprCondPair

from derive.functions import head
from derive.symbols import Index, bound, free_indices


class Softmax(Function):
    """`Softmax(S, j)`: e^{S_j} / Σ_k e^{S_k}, S holding the index j, which stays free."""

    nargs = 2
    is_commutative = True


class LogSumExp(Function):
    """`LogSumExp(Sum(S, (k, 1, n)))`: log Σ_k e^{S_k}."""

    nargs = 1


class Softplus(Function):
    """log(1 + e^u)."""

    nargs = 1


class Expm1(Function):
    """e^u − 1."""

    nargs = 1


class Arsinh(Function):
    """log(u + √(1 + u²))."""

    nargs = 1


class XLogY(Function):
    """`XLogY(c, u)`: c log u, and 0 where c = 0."""

    nargs = 2


Definitions = Mapping[Expr, tuple[tuple[Index, ...], Expr]]


def stable(value: Expr, defined: Definitions) -> Expr:
    """The value rewritten; `defined` gives axes and (rewritten) value of each array that a line defines."""
    if isinstance(value, Indexed) or not value.args:
        return value
    parts = [_part(part, defined) for part in value.args]
    whole = value if all(new is old for new, old in zip(parts, value.args, strict=True)) else value.func(*parts)
    for rule in _RULES:
        found = rule(whole, defined)
        if found is not None:
            return found
    return whole


def _part(part: Any, defined: Definitions) -> Any:
    """An argument rewritten: a value, or a branch of a choice; what a sum runs over stays."""
    if isinstance(part, ExprCondPair):
        return ExprCondPair(stable(part.expr, defined), part.cond)
    return stable(part, defined) if isinstance(part, Expr) else part


def _softmax(value: Expr, defined: Definitions) -> Expr | None:
    if not isinstance(value, Mul):
        return None
    for below in value.args:
        if not (isinstance(below, Pow) and below.exp == -1 and isinstance(below.base, Sum)):
            continue
        body, own = below.base.function, bound(below.base)
        if not (isinstance(body, sympy.exp) and len(own) == 1):
            continue
        for above in value.args:
            at = _numerator(above, body, own[0])
            if at is not None:
                rest = [one for one in value.args if one is not above and one is not below]
                return Mul(Softmax(above.args[0], at), *rest)
    return None


def _numerator(above: Expr, body: Expr, own: Index) -> Index | None:
    """The index at which a factor is the body of a sum."""
    if not isinstance(above, sympy.exp) or body.has(Sum):
        return None
    places = sorted((one for one in free_indices(above) if one.space == own.space), key=str)
    return next((one for one in places if body.xreplace({own: one}) == above), None)


def _log(value: Expr, defined: Definitions) -> Expr | None:
    """log of a sum of powers, of a softmax, of a sigmoid, of cosh."""
    if not isinstance(value, sympy.log):
        return None
    inner = value.args[0]
    if isinstance(inner, Sum) and isinstance(inner.function, sympy.exp):
        return LogSumExp(Sum(inner.function.args[0], *inner.limits))
    if isinstance(inner, sympy.cosh):
        size = Abs(inner.args[0])
        return size + Softplus(-2 * size) - sympy.log(2)
    if isinstance(inner - 1, sympy.exp):
        return Softplus((inner - 1).args[0])
    return _area(inner) or _log_of_activation(inner, defined)


def _area(inner: Expr) -> Expr | None:
    """arsinh u of u + √(1 + u²), which is 0 to the last bit where u is far below 0."""
    for root in inner.args if isinstance(inner, sympy.Add) else ():
        u = inner - root
        if isinstance(root, Pow) and root.exp == sympy.S.Half and sympy.expand(root.base - 1 - u**2) == 0:
            return Arsinh(u)
    return None


def _log_of_activation(inner: Expr, defined: Definitions) -> Expr | None:
    known = _defining(inner, defined)
    if isinstance(known, Softmax):
        exponent, at = known.args
        k = Index(f"{at.name}_", at.space)
        return exponent - LogSumExp(Sum(exponent.xreplace({at: k}), (k, Integer(1), at.space.size)))
    if isinstance(known, head("sigmoid")):
        return -Softplus(-known.args[0])
    other = _defining(1 - inner, defined)
    return -Softplus(other.args[0]) if isinstance(other, head("sigmoid")) else None


def _defining(entry: Expr, defined: Definitions) -> Expr | None:
    """What an entry is defined as, at its own indices; other values as they are."""
    if not isinstance(entry, Indexed):
        return entry
    if entry.base not in defined:
        return None
    axes, value = defined[entry.base]
    if not isinstance(value, Softmax | head("sigmoid")) or not all(isinstance(one, Index) for one in entry.indices):
        return None
    return value.xreplace(dict(zip(axes, entry.indices, strict=True)))


def _times_log(value: Expr, defined: Definitions) -> Expr | None:
    """c log u, c not a number."""
    if not isinstance(value, Mul):
        return None
    logs = [one for one in value.args if isinstance(one, sympy.log) and not one.args[0].is_number]
    if len(logs) != 1:
        return None
    number, rest = Mul(*(one for one in value.args if one is not logs[0])).as_coeff_Mul()
    if rest == 1:
        return None
    apart, inner = _apart(logs[0].args[0], defined)
    return number * (Mul(rest, apart, evaluate=False) + XLogY(rest, inner) if apart else XLogY(rest, inner))


def _apart(inner: Expr, defined: Definitions) -> tuple[Expr, Expr]:
    """log(u/a) = −log a + log u, for a softmax or a sigmoid a, which may be 0 to the last bit: (−log a, u)."""
    for one in Mul.make_args(inner) if isinstance(inner, Mul) else ():
        base, sign = (one.base, -1) if isinstance(one, Pow) and one.exp == -1 else (one, 1)
        known = _log_of_activation(base, defined)
        if known is not None:
            return sign * known, inner / one
    return Integer(0), inner


def _powers(value: Expr, defined: Definitions) -> Expr | None:
    """e^{ku} / (1 + e^u)^m, 1 ≤ k ≤ m, where e^u may be ∞: 1 / ((1 + e^{−u})^k (1 + e^u)^{m−k})."""
    if not isinstance(value, Mul):
        return None
    for below in value.args:
        power = isinstance(below, Pow) and below.exp.is_Integer and below.exp < 0
        if not power or not isinstance(below.base - 1, sympy.exp):
            continue
        u = (below.base - 1).args[0]
        for above in value.args:
            times = above.args[0] / u if isinstance(above, sympy.exp) else None
            if times is not None and times.is_Integer and 1 <= times <= -below.exp:
                rest = [one for one in value.args if one is not above and one is not below]
                return Mul(*rest, (1 + sympy.exp(-u)) ** -times, below.base ** (below.exp + times))
    return None


def _quotient(value: Expr, defined: Definitions) -> Expr | None:
    """sinhᵐ u / coshⁿ u or coshᵐ u / sinhⁿ u, both of which may be ∞: as much of it as can be by tanh u."""
    powers = value.as_powers_dict() if isinstance(value, Mul) else {}
    for above, over in powers.items():
        other = _OTHER.get(above.func)
        below = other(*above.args) if other else None
        if below is None or not (over.is_Integer and over > 0 > powers.get(below, 0) and powers[below].is_Integer):
            continue
        shared = min(over, -powers[below])
        rest = [one**power for one, power in powers.items() if one not in (above, below)]
        slope = sympy.tanh(*above.args) ** (shared if other is sympy.cosh else -shared)
        return Mul(slope, above ** (over - shared), below ** (powers[below] + shared), *rest)
    return None


_OTHER: Mapping[type[Any], type[Any]] = {sympy.sinh: sympy.cosh, sympy.cosh: sympy.sinh}


def _less_one(value: Expr, defined: Definitions) -> Expr | None:
    """c e^u − c among summands, where the difference would lose the digits of a small u: c expm1(u)."""
    if not isinstance(value, sympy.Add):
        return None
    for term in value.args:
        for power in Mul.make_args(term):
            times = term / power if isinstance(power, sympy.exp) else None
            if times is not None and -times in value.args and not power.args[0].is_number:
                rest = [one for one in value.args if one not in (term, -times)]
                return sympy.Add(*rest, Mul(times, Expm1(power.args[0]), evaluate=False))
    return None


def _library(value: Expr, defined: Definitions) -> Expr | None:
    """tanh as an activation is tanh itself, which every backend has."""
    return sympy.tanh(value.args[0]) if isinstance(value, head("tanh")) else None


_RULES: tuple[Callable[[Expr, Definitions], Any], ...] = (
    _softmax, _log, _times_log, _powers, _quotient, _less_one, _library,
)  # fmt: skip
