"""From the derivation of a network to a plan over a batch: forward pass, error signals, gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sympy import Expr, Indexed

from derive.derivation import Derivation
from derive.equation import Equation
from derive.functions import Head
from derive.symbols import Array, Index, Scalar
from verify.engine.plan.building import Builder
from verify.engine.plan.samples import SAMPLE, Batch, over_samples
from verify.engine.plan.types import Axes, Part, Plan

WEIGHT = Scalar("weight", "upstream")
Wanted = Literal["gradients", "forward", "loss"]


def plan_network(derivation: Derivation, wanted: Wanted = "gradients") -> Plan:
    """The lines of a network; results are `loss`, `dW1`, … in the order of its parameters, `dx`; or the output; or `E`.

    `weight` is 1 for the sum over the samples, 1/samples for the mean.  The losses of single samples are `E`.
    """
    network = derivation.network
    x, y = network.array("x", 0), network.array("y", network.depth)
    build = NetworkBuilder(derivation, Batch((x, y)))
    inputs = [*network.parameters, x, *((y,) if wanted != "forward" else ())]
    build.forward(with_loss=wanted != "forward")
    results = {"forward": [f"a{network.depth}"], "loss": ["E"]}.get(wanted) or build.backward()
    return build.done([*inputs, *constants(derivation)], results)


def constants(derivation: Derivation) -> list[Scalar]:
    """The activations' constants that were given no value."""
    equations = (*derivation.program.definitions, *derivation.program.functions)
    scalars = {one for equation in equations for one in (equation.rhs + equation.lhs).atoms(Scalar)}
    return sorted((one for one in scalars if one.role == "constant"), key=str)


class NetworkBuilder(Builder):
    """Adds a network's claims line by line, each for every sample."""

    def __init__(self, derivation: Derivation, batch: Batch) -> None:
        super().__init__(derivation)
        self.batch = batch

    def forward(self, with_loss: bool) -> None:
        """z and a of every layer, and the loss of every sample."""
        for equation in self.derivation.program.definitions[: None if with_loss else -1]:
            self.claim(equation, "forward")

    def claim(self, equation: Equation, part: Part) -> None:
        """A definition, or a derivative that has a name: an array with a value for each sample."""
        symbol = equation.lhs.base if isinstance(equation.lhs, Indexed) else equation.lhs
        self.entries_of(symbol, equation.indices, equation.rhs, part, equation)

    def entries_of(self, symbol: Expr, indices: Axes, value: Expr, part: Part, claim: Equation) -> None:
        """A line for what has a value for each sample, and the claim that it computes."""
        array = self.batch.add(symbol)
        self.line(array, (SAMPLE, *indices), self.batch(self.with_slopes(value)), part, claim)

    def backward(self) -> list[str]:
        """Every error signal and gradient; the names of the results."""
        derivation, network = self.derivation, self.derivation.network
        total = over_samples(WEIGHT * self.batch(derivation.program.target))
        self.line(Scalar("loss", "loss"), (), total, "forward")
        seeds: set[Expr] = set()
        gradients: dict[Expr, str] = {}
        for variable, name, claim in derivation.adjoints:
            rhs = claim.rhs if seeds & claim.rhs.atoms(Array) else WEIGHT * claim.rhs
            if name is not None:
                seeds.add(name)
                self.claim(Equation(name[claim.lhs.denominator.indices], rhs), "backward")
            elif variable in derivation.program.wrt:
                gradients[variable] = self.gradient(variable, Equation(claim.lhs, rhs))
        return ["loss", *(gradients[one] for one in (*network.parameters, network.array("x", 0)))]

    def gradient(self, variable: Array, claim: Equation) -> str:
        """The gradient by a parameter is a sum over the samples, the one by x has a row for each."""
        axes, value = claim.indices, self.batch(self.with_slopes(claim.rhs))
        if variable in self.batch:
            axes = (SAMPLE, *axes)
        else:
            value = over_samples(value)
        return self.line(claim.lhs, axes, value, "gradients", claim, f"d{variable.name}")

    def with_slopes(self, value: Expr) -> Expr:
        """The value with σ′(z) in the stored activation, where there is such a formula."""
        return value.xreplace(dict(self._slopes(value)))

    def _slopes(self, value: Expr) -> Iterator[tuple[Expr, Expr]]:
        for applied in value.atoms(Head):
            at = applied.args[0]
            step = self.derivation.slope(at.base.layer) if applied.order == 1 and isinstance(at, Indexed) else None
            if step is not None and at.base.role == "z" and type(step.claim.lhs) is type(applied):
                (letter,) = step.claim.lhs.args[0].indices
                yield applied, step.claim.rhs.xreplace({letter: _index(at)})


def _index(entry: Indexed) -> Index:
    (index,) = entry.indices
    return index
