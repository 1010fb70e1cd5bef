"""The values that a network's engine is called with, in the order of a plan, and its results by role and layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr

from derive.derivation import Derivation
from derive.network import Network
from derive.second import HessianVector
from derive.second.tangent import Direction
from derive.symbols import Array, Scalar, Width
from verify.engine.plan.network import WEIGHT, plan_network
from verify.engine.plan.samples import SAMPLES, Sampled
from verify.engine.plan.second import plan_second
from verify.engine.plan.types import Input, Plan
from verify.engine.reading import Numbers, fits, is_appended, real, shape
from verify.engine.running import Runners

SECOND = "second"
_SMALL = 4
_MOST_QUICK = 256  # shapes of x whose way is remembered
Gradients = dict[str, Any]
Parameters = dict[tuple[str, int], Numbers]


class NetworkValues:
    """Reads what a caller gives, once checked in one place; every method raises `ValueError` naming what is wrong."""

    def __init__(self, network: Network, plan: Plan, dtype: str) -> None:
        self.network, self.dtype = network, np.dtype(dtype)
        self.reader = ParameterReader(network, dtype)
        self.results = plan.results
        self.targets = any(_is(one, "y") for one in plan.inputs)
        self._slots = [self._slot(one) for one in plan.inputs]

    def __call__(self, params: Mapping[str, Any], x: Any, y: Any = None, mean: bool = True) -> Batch:
        """The arguments of a runner."""
        return Batch(self, params, x, y, mean)

    def arguments(self, batch: Batch) -> list[Any]:
        """In the order of the plan."""
        return [slot(batch) for slot in self._slots]

    def _slot(self, one: Input) -> Callable[[Batch], Any]:
        """What an input is taken from."""
        thing = one.thing
        if isinstance(thing, Sampled):
            return lambda batch: batch.rows if thing.name == "x" else batch.targets
        if isinstance(thing, Direction):
            return lambda batch: batch.along[thing.array.role, thing.array.layer]
        if isinstance(thing, Array):
            return lambda batch: batch.parameters[thing.role, thing.layer]
        if thing == WEIGHT:
            return lambda batch: batch.weight
        if thing == SAMPLES:
            return lambda batch: len(batch.rows)
        if isinstance(thing, Width):
            return lambda batch: batch.known[str(thing)]
        return lambda batch: batch.constant(thing)


def _is(one: Input, name: str) -> bool:
    return isinstance(one.thing, Sampled) and one.thing.name == name


class Batch:
    """One call: parameters by role and layer, rows of samples and targets, the weight of a sample."""

    def __init__(self, values: NetworkValues, params: Mapping[str, Any], x: Any, y: Any, mean: bool) -> None:
        self.network, self.dtype, self.params = values.network, values.dtype, params
        self.known: dict[str, int] = {}
        self.parameters = values.reader(params, self.known)
        given = real("x", x, self.dtype)
        if given.size == 0:
            raise ValueError("x holds no sample")
        if not given.ndim:
            raise ValueError(f"x must be an array, ({self.network.widths[0]},) for one sample, not a number")
        self.single = given.ndim == 1
        self.rows = self._rows("x", given, self.network.widths[0])
        self.targets = self._rows("y", real("y", y, self.dtype), self.network.widths[-1]) if values.targets else None
        self.weight = 1.0 / len(self.rows) if mean else 1.0
        self.along: Parameters = {}

    @property
    def sizes(self) -> dict[Expr, int]:
        """Every width as a number."""
        letters = {Width(name): size for name, size in self.known.items()}
        return {**self.network.sizes, **letters, SAMPLES: len(self.rows)}

    def _rows(self, name: str, given: Numbers, width: int | str) -> Numbers:
        rows = given[None] if given.ndim == 1 else given
        samples = len(rows) if name == "x" else len(self.rows)
        fits(name, rows, (samples, width), self.known)
        return rows

    def constant(self, scalar: Scalar) -> float:
        """The number for a letter that the derivation leaves open."""
        given = self.params.get("constants") or {}
        if scalar.name not in given:
            raise ValueError(f"params['constants'] must give a number for {scalar.name}")
        value = real(f"the constant {scalar.name}", given[scalar.name], self.dtype)
        if value.ndim:
            raise ValueError(f"the constant {scalar.name} must be a number, not an array of the shape {value.shape}")
        return float(value)

    def of_samples(self, value: Numbers) -> Numbers:
        """A result with a row a sample, in the form in which x was given."""
        return value[0] if self.single else value


class ParameterReader:
    """The arrays W and b of each weight layer; an appended bias is taken off its weights.  Nothing is copied."""

    def __init__(self, network: Network, dtype: str, called: str = "params") -> None:
        self.network, self.dtype, self.called = network, np.dtype(dtype), called
        stack = list(enumerate(network.stack, 1))
        keys = [("W", layer) for layer, spec in stack if not spec.bias_only]
        keys += [("b", layer) for layer, spec in stack if spec.bias == "separate"]
        self._rows = [(role, layer, shape(network, role, layer)) for role, layer in keys]

    def __call__(self, given: Mapping[str, Any], known: dict[str, int]) -> Parameters:
        """The arrays by role and layer; `known` remembers the widths that are letters."""
        found: Parameters = {}
        lists = self._lists(given)
        for role, layer, wanted in self._rows:
            value = self._array(lists[role], role, layer, wanted, known)
            if role == "W" and is_appended(self.network, layer):
                found["W", layer], found["b", layer] = value[:, :-1], value[:, -1]
            else:
                found[role, layer] = value
        return found

    def _lists(self, given: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
        """The entries for W and b; a role that is left out has none."""
        if not isinstance(given, Mapping):
            raise ValueError(f"{self.called} must be a dictionary with an entry for W and one for b, not {given!r:.60}")
        lists: dict[str, Sequence[Any]] = {}
        for role in ("W", "b"):
            listed = given.get(role)
            if listed is not None and (not isinstance(listed, Sequence) or len(listed) > self.network.depth):
                found = f"{len(listed)} entries" if isinstance(listed, Sequence) else f"a {type(listed).__name__}"
                raise ValueError(f"{self.called}[{role!r}] must be a list with an entry for each weight layer, of "
                                 f"which the network has {self.network.depth}, not {found}")  # fmt: skip
            lists[role] = listed or ()
        return lists

    def _array(self, listed: Sequence[Any], role: str, layer: int, wanted: tuple[int | str, ...],
               known: dict[str, int]) -> Numbers:  # fmt: skip
        value = listed[layer - 1] if len(listed) >= layer else None
        if type(value) is np.ndarray and value.dtype == self.dtype and value.shape == wanted:
            return value
        name = f"{role} of weight layer {layer}" if self.called == "params" else f"{self.called}[{role!r}][{layer - 1}]"
        if value is None:
            raise ValueError(f"{self.called}[{role!r}] has no entry for weight layer {layer}")
        array = real(name, value, self.dtype)
        if role == "W" and is_appended(self.network, layer) and isinstance(wanted[1], str) and array.ndim == 2:
            fits(f"{name}, without its column of biases,", array[:, :-1], wanted, known)
        else:
            fits(name, array, wanted, known)
        return array


def by_layer(network: Network, found: Parameters) -> Gradients:
    """Arrays by role and layer as `{"W": [...], "b": [...]}`, an appended bias as the last column of its weights."""
    depth = network.depth
    lists: Gradients = {"W": [None] * depth, "b": [None] * depth}
    for (role, layer), value in found.items():
        lists[role][layer - 1] = value
    for layer in range(1, depth + 1):
        if is_appended(network, layer) and ("W", layer) in found:
            lists["W"][layer - 1] = np.column_stack([found["W", layer], found["b", layer]])
            lists["b"][layer - 1] = None
    return lists


class NetworkCalls:
    """What an engine does for a network."""

    def __init__(self, derivation: Derivation, runners: Runners, quick: dict[Any, Callable[..., Any]]) -> None:
        self.derivation, self.network, self.runners, self.quick = derivation, derivation.network, runners, quick
        self._directions = ParameterReader(self.network, runners.dtype, "direction")
        self._values: dict[str, NetworkValues] = {}
        self._keys = [(one.role, one.layer) for one in self.network.parameters]

    @staticmethod
    def planner(derivation: Derivation) -> Callable[[str], Plan]:
        """The plan of what is wanted: `gradients`, `forward`, `loss`, or `second`, the Hessian–vector product."""

        def plan(wanted: str) -> Plan:
            if wanted == SECOND:
                return plan_second(HessianVector(derivation))
            return plan_network(derivation, "gradients" if wanted == "gradients" else "forward" if wanted == "forward"
                                else "loss")  # fmt: skip

        return plan

    @property
    def small(self) -> dict[Expr, int]:
        """Sizes to choose a backend by before anything was given."""
        letters = {space.size: _SMALL for space in self.network.spaces}
        return {**letters, **self.network.sizes, SAMPLES: 1}

    def loss_and_gradients(self, params: Mapping[str, Any], x: Any, y: Any,
                           reduction: str = "mean") -> tuple[float, Gradients]:  # fmt: skip
        """The loss and all its gradients."""
        batch, (loss, *gradients, dx) = self._run("gradients", params, x, y, reduction)
        lists = by_layer(self.network, dict(zip(self._keys, gradients, strict=True)))
        return float(loss), {**lists, "x": batch.of_samples(dx)}

    def forward(self, params: Mapping[str, Any], x: Any) -> Numbers:
        """The outputs."""
        batch, (outputs,) = self._run("forward", params, x, None, "mean")
        return batch.of_samples(outputs)

    def loss(self, params: Mapping[str, Any], x: Any, y: Any, reduction: str = "mean") -> float:
        """The loss."""
        batch, (losses,) = self._run("loss", params, x, y, reduction)
        return float(losses.sum()) * batch.weight

    def hessian_vector(self, params: Mapping[str, Any], x: Any, y: Any, direction: Mapping[str, Any],
                       reduction: str = "mean") -> Gradients:  # fmt: skip
        """(∇²E) V by role and layer."""
        batch, found = self._run(SECOND, params, x, y, reduction, direction)
        results = dict(zip(self._second, found, strict=True))
        return by_layer(
            self.network, {key: results.get(key, np.zeros_like(batch.parameters[key])) for key in self._keys}
        )

    @staticmethod
    def certified(params: Mapping[str, Any], x: Any, y: Any,
                  reduction: str = "mean") -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
        """What is certified: the point, and how it is reduced."""
        return {**params, "x": x, "y": y}, {"reduction": reduction}

    @cached_property
    def _second(self) -> list[tuple[str, int]]:
        """The parameters by which the gradient moves."""
        second = HessianVector(self.derivation)
        return [(one.role, one.layer) for one in second.directions if one in second.results]

    def _run(self, wanted: str, params: Mapping[str, Any], x: Any, y: Any, reduction: str,
             direction: Any = None) -> tuple[Batch, list[Any]]:  # fmt: skip
        if reduction not in ("mean", "sum"):
            raise ValueError(f"reduction must be mean or sum, not {reduction!r}")
        if wanted not in self._values:
            self._values[wanted] = NetworkValues(self.network, self.runners.plan(wanted), self.runners.dtype)
        values = self._values[wanted]
        batch = values(params, x, y, reduction == "mean")
        if wanted == SECOND:
            batch.along = self._directions(direction, batch.known)
        if not values.results:
            return batch, []
        runner = self.runners.at(wanted, batch.sizes)
        quick = getattr(runner, "network_call", None)
        if wanted == "gradients" and quick is not None and isinstance(x, np.ndarray):
            if len(self.quick) >= _MOST_QUICK:
                self.quick.clear()
            self.quick[x.shape] = quick
        return batch, runner(values.arguments(batch))
