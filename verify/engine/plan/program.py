"""From the derivation of a program to a plan: its definitions, then the derivatives that were derived."""

from __future__ import annotations

from typing import Literal

from sympy import Expr

from derive.derivation import Derivation
from derive.equation import Equation
from derive.named import Inverse, Opaque, Slope
from derive.symbols import Array
from verify.engine.plan.building import Builder
from verify.engine.plan.types import Part, Plan

Wanted = Literal["gradients", "forward"]


def plan_program(derivation: Derivation, wanted: Wanted = "gradients") -> Plan:
    """The lines of a program; results are the target, unless it is opaque, then the derivatives in the order of `wrt`.

    With "forward" only the target.
    """
    build = _ProgramBuilder(derivation)
    results = build.forward()
    if wanted == "gradients":
        results += build.backward()
    return build.done([*derivation.program.inputs, *build.slopes], results)


class _ProgramBuilder(Builder):
    def __init__(self, derivation: Derivation) -> None:
        super().__init__(derivation)
        self.program = derivation.program
        self.opaque = self.program.definitions[-1].rhs.has(Opaque)
        self.slopes: dict[Slope, None] = {}

    def forward(self) -> list[str]:
        """Every definition; the name of the target, if it has a value."""
        for equation in self.program.definitions[:-1] if self.opaque else self.program.definitions:
            self.claim(self.program.symbol(equation.lhs), equation, "forward")
        return [] if self.opaque else [self.name(self.program.target)]

    def backward(self) -> list[str]:
        """Every derivative that has a name or is wanted; the names of the latter."""
        target = self.program.target
        found: dict[Expr, str] = {}
        for variable, name, claim in self.derivation.adjoints:
            if name is not None:
                found[variable] = self.claim(name, claim, "backward")
            elif variable in self.program.wrt:
                found[variable] = self.claim(claim.lhs, claim, "gradients", self.name.gradient(target, variable))
        return [found[one] for one in self.program.wrt if one in found]

    def claim(self, target: Expr, claim: Equation, part: Part, name: str = "") -> str:
        """A claim as a line, after the inverses that it speaks of."""
        for one in sorted(claim.rhs.atoms(Array), key=str):
            if isinstance(one, Slope):
                self.slopes[one] = None
            if isinstance(one, Inverse) and one not in self._defined:
                self.inverse(one, part)
        return self.line(target, claim.indices, claim.rhs, part, claim, name)

    def inverse(self, array: Inverse, part: Part) -> None:
        """A line for A⁻¹: its value is the inverse itself, which a backend computes."""
        indices = self.program.entry(array).indices
        self.line(array, indices, array[indices], part)
