"""From a Hessian–vector product to a plan: forward pass, error signals, every R-equation; of a network for a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Add, Expr, Indexed

from derive.functions import Head
from derive.program import Program
from derive.second import HessianVector
from derive.second.tangent import Tangent
from derive.step import Step
from derive.symbols import Array, Index
from verify.engine.plan.network import WEIGHT, NetworkBuilder, constants
from verify.engine.plan.program import plan_program
from verify.engine.plan.samples import Batch, over_samples
from verify.engine.plan.types import Part, Plan

_FORWARD = ("z", "a")


def plan_second(second: HessianVector) -> Plan:
    """The lines of (∇²E) V; results are its parts, in the order of what moves.

    The inputs are those of the gradients, and for each W the array `second.directions[W]`.
    """
    if second.derivation.layered:
        return _plan_network(second)
    plan = plan_program(second.runnable)
    return Plan(plan.inputs, plan.lines, plan.results[1:], plan.helpers, plan.name, plan.function, plan.sizes)


def _plan_network(second: HessianVector) -> Plan:
    derivation, network = second.derivation, second.derivation.network
    x, y = network.array("x", 0), network.array("y", network.depth)
    build = _SecondBuilder(second, Batch((x, y)))
    build.forward(with_loss=False)
    build.signals()
    results = build.directions()
    inputs = [*network.parameters, *second.directions.values(), x, y, *constants(derivation)]
    return build.done(inputs, results)


class _SecondBuilder(NetworkBuilder):
    """Adds the R-equations.  A sample's weight stands in the results alone: they are linear in its loss."""

    def __init__(self, second: HessianVector, batch: Batch) -> None:
        super().__init__(second.derivation, batch)
        self.second = second

    @property
    def steps(self) -> Sequence[Step]:
        """Those of the second derivation, with the closed forms of σ″."""
        return self.second.steps

    def signals(self) -> None:
        """Every error signal that an R-equation speaks of, or that one of these needs."""
        named = [(name, claim) for _, name, claim in self.derivation.adjoints if name is not None]
        wanted = {one for _, claim in self.second.claims for one in claim.rhs.atoms(Array)}
        kept = []
        for name, claim in reversed(named):
            if name in wanted:
                wanted |= claim.rhs.atoms(Array)
                kept.append((name, claim))
        for name, claim in reversed(kept):
            self.entries_of(name, claim.lhs.denominator.indices, claim.rhs, "backward", claim)

    def directions(self) -> list[str]:
        """Every R-equation; the names of the results."""
        results = {made: of for of, made in self.second.results.items()}
        found: dict[Expr, str] = {}
        for quantity, claim in self.second.claims:
            if quantity in results:
                terms = Add.make_args(self.batch(self.with_slopes(claim.rhs)))
                value = Add(*(over_samples(WEIGHT * one) for one in terms))
                name = f"H_{results[quantity].name}"
                found[results[quantity]] = self.line(quantity, claim.indices, value, "backward directions", claim, name)
            else:
                part: Part = "forward directions" if _of(quantity).role in _FORWARD else "backward directions"
                self.entries_of(Program.symbol(claim.lhs), claim.indices, claim.rhs, part, claim)
        return [found[one] for one in self.second.directions if one in found]

    def _slopes(self, value: Expr) -> Iterator[tuple[Expr, Expr]]:
        """σ′ and σ″ of z in the stored activation, where there are such formulas."""
        yield from super()._slopes(value)
        for applied in value.atoms(Head):
            at = applied.args[0]
            if applied.order != 2 or not isinstance(at, Indexed) or at.base.role != "z":
                continue
            claim = self.second.slope(at.base.layer)
            if claim is not None and type(claim.lhs) is type(applied):
                (letter,), (index,) = claim.lhs.args[0].indices, at.indices
                assert isinstance(letter, Index)
                yield applied, claim.rhs.xreplace({letter: index})


def _of(quantity: Expr) -> Array:
    """What an R{X} of a network is about: all are arrays."""
    assert isinstance(quantity, Tangent)
    return quantity.array
