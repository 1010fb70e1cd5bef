"""The numbers at which a printed source checks itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sympy import Expr

from derive.derivation import Derivation
from derive.named import Slope
from derive.network import Network
from derive.symbols import Array
from verify.engine.core import Engine
from verify.engine.plan.network import WEIGHT
from verify.engine.plan.types import Plan
from verify.engine.source import arguments_of
from verify.oracles import Point, PointError
from verify.programs.examined import example
from verify.programs.numbers import sizes_of

MOST_LITERAL = 400  # entries of an array that are printed one by one


@dataclass(frozen=True)
class Example:
    """Arguments by name: `values` as nested lists or numbers, `drawn` as (shape, largest size) of random entries."""

    values: Mapping[str, Any]
    drawn: Mapping[str, tuple[tuple[int, ...], float]] = field(default_factory=dict)


def network_example(network: Network, plan: Plan, seed: int, data: Any = None) -> Example:
    """A point at which the loss is defined and smooth, two samples where a second one is found; `data` as of `--at`."""
    point = Point.random(network, seed) if data is None else Point.from_json(network, data, seed)
    values: dict[str, Any] = {"x": [point.x.tolist()], "y": [point.y.tolist()], **point.constants}
    more = None if data is not None else _second(network, point, seed)
    if more is not None:
        values = {**values, "x": [*values["x"], more.x.tolist()], "y": [*values["y"], more.y.tolist()]}
    drawn: dict[str, tuple[tuple[int, ...], float]] = {}
    for layer, spec in enumerate(network.stack, 1):
        weights, bias = point.W[layer - 1], point.b[layer - 1]
        if weights is not None and spec.bias == "appended":
            weights, bias = weights[:, :-1], weights[:, -1]
        for name, array in ((f"W{layer}", weights), (f"b{layer}", bias)):
            if array is not None and array.size > MOST_LITERAL:
                drawn[name] = (array.shape, float(array.shape[-1]) ** -0.5)
            elif array is not None:
                values[name] = array.tolist()
    order = [one.name for one in arguments_of(plan) if one.thing != WEIGHT]
    return Example({name: values[name] for name in order if name in values}, drawn)


def _second(network: Network, point: Point, seed: int) -> Point | None:
    """A point whose x and y can be a second sample with the parameters of the first."""
    try:
        other = Point.random(network, seed + 1)
    except PointError:
        return None
    params = {"W": point.W, "b": point.b, "constants": point.constants}
    loss, gradients = Engine(Derivation(network), "numpy")(params, other.x, other.y)
    return other if np.isfinite(loss) and np.isfinite(gradients["x"]).all() else None


def program_example(derivation: Derivation, plan: Plan, seed: int) -> Example:
    """Values at which everything is defined; raises `NoNumbers` where none are found."""
    program = derivation.program
    sizes = sizes_of(program)
    given, upstream = example(program, sizes, seed)
    values = {one.name: _of(one.thing, given, upstream, sizes) for one in arguments_of(plan) if one.sort != "function"}
    return Example(values)


def _of(thing: Any, given: Mapping[str, Any], upstream: Mapping[str, Any], sizes: Mapping[Expr, int]) -> Any:
    if isinstance(thing, Slope):
        return upstream[thing.array.name].tolist()
    if isinstance(thing, Array):
        return given[thing.name].tolist()
    return sizes[thing] if thing in sizes else float(given[thing.name])
