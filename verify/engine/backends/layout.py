"""Between what people hold, `params`, `x` and `y`, and the order of a network's plan; for arrays of any library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from derive.derivation import Derivation
from derive.symbols import Array, Index, Scalar
from verify.engine.plan.network import WEIGHT, plan_network
from verify.engine.plan.samples import BATCH, SAMPLE, Batch
from verify.engine.plan.types import Input, Line, Plan
from verify.engine.reading import fits, is_appended, shape
from verify.engine.source import arguments_of

Gradients = dict[str, Any]
WEIGHTS = Batch(()).add(Scalar("weights", WEIGHT.role))  # a weight for each sample


def network_of(engine_or_derivation: Any) -> Derivation:
    """The derivation of a network, given as such or as an engine; `TypeError` for anything else."""
    derivation = getattr(engine_or_derivation, "derivation", engine_or_derivation)
    if not isinstance(derivation, Derivation) or not derivation.layered:
        raise TypeError(
            f"a derivation of a network, or an engine of one, is needed here, not {engine_or_derivation!r:.60}"
        )
    return derivation


@dataclass(frozen=True)
class Layout:
    """The gradients of a network as a plan, with the ways in and out of it.

    `params` is what `Engine` takes: `{"W": [W1, …], "b": [b1, …], "constants": {…}}`, an entry a weight layer, None
    where a layer has none.  With `weighted`, the plan takes a weight for each sample instead of one for all.
    """

    derivation: Derivation
    weighted: bool = False

    @cached_property
    def plan(self) -> Plan:
        """The plan whose results are the loss, the gradients by the parameters, and those by x."""
        plan = plan_network(self.derivation)
        return weight_for_each_sample(plan) if self.weighted else plan

    @cached_property
    def keys(self) -> tuple[tuple[str, int], ...]:
        """Role and layer of the arrays of parameters, in the order of the plan."""
        return tuple((one.role, one.layer) for one in self.derivation.network.parameters)

    def arguments(self, params: Mapping[str, Any], x: Any, y: Any, weight: Any) -> list[Any]:
        """What the plan's source takes, in order; `x` and `y` are arrays, and `params` holds arrays of their library.

        Raises `ValueError` naming what is missing or has another shape.
        """
        network, known = self.derivation.network, dict[str, int]()
        samples = int(x.shape[0]) if len(x.shape) == 2 else "samples"
        fits("x", x, (samples, network.widths[0]), known)
        fits("y", y, (samples, network.widths[-1]), known)
        parameters = self.parameters(params, known)
        return [self._argument(one, parameters, params, (x, y, weight)) for one in arguments_of(self.plan)]

    def parameters(self, params: Mapping[str, Any], known: dict[str, int]) -> dict[tuple[str, int], Any]:
        """The arrays by role and layer, an appended bias as the last column of its weights; `known` holds widths."""
        found: dict[tuple[str, int], Any] = {}
        for role, layer in self.keys:
            if is_appended(self.derivation.network, layer):
                if role == "W":
                    value = self._given(params, role, layer, known)
                    found["W", layer], found["b", layer] = value[:, :-1], value[:, -1]
            else:
                found[role, layer] = self._given(params, role, layer, known)
        return found

    def results(self, values: Sequence[Any], joined: Callable[[Any, Any], Any]) -> tuple[Any, Gradients]:
        """The loss and the gradients by role and layer, from the results of the plan.

        `joined` appends a column to a matrix, in the library of the arrays.
        """
        network = self.derivation.network
        loss, *gradients, dx = values
        found: Gradients = {"W": [None] * network.depth, "b": [None] * network.depth, "x": dx}
        for (role, layer), gradient in zip(self.keys, gradients, strict=True):
            found[role][layer - 1] = gradient
        for n in range(network.depth):
            if is_appended(network, n + 1) and found["b"][n] is not None:
                found["W"][n], found["b"][n] = joined(found["W"][n], found["b"][n]), None
        return loss, found

    def _given(self, params: Mapping[str, Any], role: str, layer: int, known: dict[str, int]) -> Any:
        """The array of a layer, checked."""
        network, listed = self.derivation.network, params.get(role) or ()
        value = listed[layer - 1] if len(listed) >= layer else None
        if value is None:
            raise ValueError(f"params[{role!r}] has no entry for weight layer {layer}")
        wanted = shape(network, role, layer)
        wider = role == "W" and is_appended(network, layer) and isinstance(wanted[1], str) and value.ndim == 2
        fits(f"{role} of weight layer {layer}", value[:, 1:] if wider else value, wanted, known)
        return value

    @staticmethod
    def _argument(one: Input, parameters: Mapping[Any, Any], params: Mapping[str, Any], given: tuple[Any, ...]) -> Any:
        if one.thing in (WEIGHT, WEIGHTS):
            return given[2]
        if isinstance(one.thing, Scalar):
            constants = params.get("constants") or {}
            if one.thing.name not in constants:
                raise ValueError(f"params['constants'] must give a number for {one.thing.name}")
            return constants[one.thing.name]
        if one.thing.name in ("x", "y"):
            return given[one.thing.name == "y"]
        return parameters[one.thing.role, one.thing.layer]


def weight_for_each_sample(plan: Plan) -> Plan:
    """The plan of a network in which every sample has a weight of its own; a sample with weight 0 does not count."""
    lines = tuple(replace(one, value=one.value.xreplace({WEIGHT: WEIGHTS[SAMPLE]})) for one in plan.lines)
    given = Input(plan.name(WEIGHTS), WEIGHTS, (Index("i0", BATCH),))
    return replace(plan, lines=lines, inputs=tuple(given if one.thing == WEIGHT else one for one in plan.inputs))


def only(plan: Plan, results: Sequence[str]) -> Plan:
    """The plan with these results and no line that none of them needs; its inputs stay as they are."""
    needed, lines = set(results), list[Line]()
    for line in reversed(plan.lines):
        if line.name in needed:
            lines.insert(0, line)
            needed |= {plan.name(one) for one in line.value.atoms(Array, Scalar)}
    return replace(plan, lines=tuple(lines), results=tuple(results))
