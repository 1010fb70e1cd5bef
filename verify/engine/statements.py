"""The matrix claims of a derivation as straight-line assignments: forward, error signals, gradients."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, MatrixExpr

from derive.derivation import Derivation
from derive.equation import Equation
from derive.linear import Elementwise, Gradient, Letter
from derive.matrix import recognise
from derive.symbols import Array
from verify.engine.printer import SampleSum


@dataclass(frozen=True)
class Statement:
    """`name = value`, with the title of the part of the program in which it stands."""

    name: str
    value: Expr
    part: str


def statements(derivation: Derivation) -> tuple[Statement, ...]:
    """All assignments in the order in which they can run."""
    return (*_forward(derivation), *_backward(derivation))


def _forward(derivation: Derivation) -> list[Statement]:
    layers = range(1, derivation.network.depth + 1)
    found = [
        Statement(f"{role}{number}", derivation.forward(role, number).rhs, "forward")
        for number in layers
        for role in ("z", "a")
    ]
    return [*found, Statement("E", derivation.forward("E").rhs, "forward")]


def _backward(derivation: Derivation) -> list[Statement]:
    """Each error signal, then the gradients that it gives, from the last layer to the first."""
    found = []
    for number in range(derivation.network.depth, 0, -1):
        for role, name in (("g", "a"), ("delta", "z")):
            if derivation.name(name, number) is not None:
                found.append(Statement(f"{role}{number}", derivation.matrix(role, number).rhs, "backward"))
        found += [_gradient(derivation, array) for array in outputs(derivation) if array.layer == number]
    return [*found, Statement("dx", derivation.matrix("x").rhs, "backward")]


def _gradient(derivation: Derivation, array: Array) -> Statement:
    form = derivation.matrix(array.role, array.layer)
    assert isinstance(form.lhs, Gradient)
    value = SampleSum(form.rhs) if array.role == "b" else form.rhs
    return Statement(f"d{array.name}", value, "gradients")


def outputs(derivation: Derivation) -> tuple[Array, ...]:
    """The parameters as the engine takes them: an appended bias is the last column of its weights."""
    network = derivation.network
    return tuple(
        array for array in network.parameters if array.role == "W" or network.stack[array.layer - 1].bias == "separate"
    )


def slopes(derivation: Derivation) -> dict[Expr, MatrixExpr]:
    """σ′(z) of each layer as a formula in the stored activation, where there is one."""
    found: dict[Expr, MatrixExpr] = {}
    for number in range(1, derivation.network.depth + 1):
        step = derivation.slope(number)
        if step is None:
            continue
        activation = derivation.definition("a", number).claim.lhs
        form = recognise(Equation(activation, step.claim.rhs)).rhs
        for at in _mentions(derivation, number):
            if at.function.expr.func is step.claim.lhs.func:
                found[at] = form
    return found


def _mentions(derivation: Derivation, number: int) -> set[Elementwise]:
    """Where a function of z is applied entry by entry in the error signal of a layer."""
    if derivation.name("z", number) is None:
        return set()
    form = derivation.matrix("delta", number).rhs
    z = Letter(derivation.network.array("z", number))
    return {one for one in form.atoms(Elementwise) if one.matrices == (z,)}
