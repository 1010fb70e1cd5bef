"""When two layers say the same: claims compared after the number of the layer is taken off."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Piecewise, Sum

from derive.equation import Equation
from derive.functions import Head
from derive.symbols import Array, Index, Partial, Scalar, Width, bound

Form = Hashable


def form(claim: Equation, base: int) -> Form:
    """A claim with every layer counted from `base`: equal forms are the same claim about different layers."""
    return _form(claim.lhs, base), _form(claim.rhs, base)


def _form(expression: Any, base: int) -> Form:
    if isinstance(expression, Array):
        return ("a" if expression.role == "x" else expression.role, _place(expression, base))
    if isinstance(expression, Indexed):
        return (_form(expression.base, base), tuple(str(index) for index in expression.indices))
    if isinstance(expression, Sum):
        return ("sum", tuple(str(index) for index in bound(expression)), _form(expression.function, base))
    if isinstance(expression, Index | Scalar | Width) or not expression.args:
        return str(expression)
    parts = [_form(part, base) for part in expression.args]
    if isinstance(expression, Add | Mul | KroneckerDelta):
        parts.sort(key=repr)
    name = (expression.row.name, expression.order) if isinstance(expression, Head) else type(expression).__name__
    return (name, tuple(parts))


def _place(array: Array, base: int) -> int | str:
    return "target" if array.role == "y" else array.layer - base


def alike(layers: Iterable[int], key: Callable[[int], Form]) -> list[list[int]]:
    """The layers grouped by their form, each group in order, the groups in the order of their first layers."""
    found: dict[Form, list[int]] = {}
    for layer in layers:
        found.setdefault(key(layer), []).append(layer)
    return list(found.values())


# The four equations by name: what each looks like, decided on the claim itself.  BP1 is the error signal of the output,
# (∂C/∂a_j) σ′(z_j) or what a loss that fits the last activation makes of it.


def is_bp2(claim: Equation) -> bool:
    """δ_j = (Σ_k w_kj δ_k) σ′(z_j), the w and δ those of the next layer."""
    rest = _slope_times(claim)
    if not isinstance(rest, Sum) or len(bound(rest)) != 1:
        return False
    (k,) = bound(rest)
    (j,) = claim.indices
    layer = claim.lhs.base.layer
    factors = rest.function.args if isinstance(rest.function, Mul) else ()
    wanted = [("W", layer + 1, (k, j)), ("delta", layer + 1, (k,))]
    return sorted(_key(one) for one in factors) == sorted(map(repr, wanted))


def is_bp3(claim: Equation) -> bool:
    """∂C/∂b_j = δ_j."""
    layer, indices = _by(claim)
    return _key(claim.rhs) == repr(("delta", layer, indices))


def is_bp4(claim: Equation) -> bool:
    """∂C/∂w_jk = δ_j a_k, the a that of the layer before."""
    layer, indices = _by(claim)
    factors = claim.rhs.args if isinstance(claim.rhs, Mul) else ()
    before = ("a" if layer > 1 else "x", layer - 1, indices[1:])
    return sorted(_key(one) for one in factors) == sorted(map(repr, [("delta", layer, indices[:1]), before]))


def _by(claim: Equation) -> tuple[int, tuple[Any, ...]]:
    assert isinstance(claim.lhs, Partial)
    return claim.lhs.denominator.base.layer, claim.lhs.denominator.indices


def _key(factor: Expr) -> str:
    if not isinstance(factor, Indexed):
        return ""
    return repr((factor.base.role, factor.base.layer, tuple(factor.indices)))


def _slope_times(claim: Equation) -> Expr | None:
    """What σ′(z_j) of the claim's own layer and neuron is multiplied with; None where it is no factor."""
    layer, indices = claim.lhs.base.layer, claim.lhs.indices
    for factor in Mul.make_args(claim.rhs):
        if isinstance(factor, Head) and factor.order == 1 and _key(factor.args[0]) == repr(("z", layer, indices)):
            return claim.rhs / factor
    return None


def has_cases(expression: Expr) -> bool:
    """Whether a formula distinguishes cases."""
    return expression.has(Piecewise)
