"""A gradient as a program of its own, to be differentiated by the very same machinery: second derivatives.

S = Σ_jk ∂E/∂w_jk v_jk          the slope of E along a direction v
∂S/∂w = (Hessian of E) · v       by `accumulate`, which knows nothing of second derivatives
"""

from __future__ import annotations

from sympy import Add

from derive.derivation import Derivation
from derive.equation import Equation
from derive.program import Program
from derive.symbols import Array, Scalar, total

DIRECTION = "v"


def slope_along(derivation: Derivation) -> Program:
    """The forward pass, every named adjoint, and the slope S of the loss along a direction in the parameters.

    The direction of an array W is the array `direction(W)`, of the same shape.
    """
    program = derivation.program
    named = [
        _defined(derivation, role, layer) for layer in range(derivation.network.depth, 0, -1) for role in ("g", "delta")
    ]
    terms = [_along(derivation, array) for array in derivation.network.parameters]
    slope = Equation(Scalar("S", "loss"), Add(*terms))
    closed = [step.claim for step in derivation.steps if step.rule == "closed-form"]
    return Program(
        (*program.definitions[:-1], *(one for one in named if one is not None), slope),
        program.wrt,
        (*program.functions, *closed),
        program.facts,
    )


def direction(array: Array) -> Array:
    """The array that holds a direction's entries for a parameter array."""
    return Array(f"{DIRECTION}_{array.role}", array.layer, array.spaces)


def _defined(derivation: Derivation, role: str, layer: int) -> Equation | None:
    """The equation of a named adjoint: δ_j = …, or None where it has no name."""
    return derivation.index(role, layer) if derivation.name({"delta": "z", "g": "a"}[role], layer) else None


def _along(derivation: Derivation, array: Array) -> object:
    claim = derivation.index(array.role, array.layer)
    indices = claim.lhs.denominator.indices
    return total(claim.rhs * direction(array)[indices], *indices)
