"""The short way for a network: from `params`, x and y to loss and gradients, where everything fits as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from derive.symbols import Array
from verify.engine.plan.network import WEIGHT
from verify.engine.plan.samples import SAMPLES, Sampled
from verify.engine.plan.types import Input, Plan

Compute = Callable[[tuple[int, ...], Sequence[Any]], Any]
Call = Callable[[Mapping[str, Any], Any, Any, bool], Any]


def network_call(plan: Plan, compute: Compute, dtype: str) -> Call | None:
    """`call(params, x, y, mean)`, which gives the loss and `{"W": …, "b": …, "x": …}` at once.

    It gives `NotImplemented` where an array is not of the type and shape that the plan takes; then the caller takes the
    long way, which says what is wrong.  None where a plan takes or gives anything else, or leaves a width open.
    """
    parameters = [one for one in plan.inputs if isinstance(one.thing, Array) and not isinstance(one.thing, Sampled)]
    rest = [one.thing.name if isinstance(one.thing, Sampled) else one.thing for one in plan.inputs[len(parameters) :]]
    known = all(axis.space.size in plan.sizes or axis.space.size.is_Integer for one in parameters for axis in one.axes)
    if rest[:2] != ["x", "y"] or not known or sorted(map(str, rest[2:])) != sorted(map(str, (SAMPLES, WEIGHT))):
        return None
    if len(plan.results) != len(parameters) + 2 or {one.thing.role for one in parameters} > {"W", "b"}:
        return None
    return _Fits(plan, parameters, dtype).bind(compute)


class _Fits:
    """The types and shapes that a plan takes."""

    def __init__(self, plan: Plan, parameters: list[Input], dtype: str) -> None:
        shapes = {one.name: tuple(int(plan.sizes.get(axis.space.size, 0)) for axis in one.axes) for one in plan.inputs}
        self.places = [(one.thing.role, one.thing.layer - 1, shapes[one.name]) for one in parameters]
        self.x, self.y = (shapes[plan.inputs[len(parameters) + n].name][1] for n in (0, 1))
        self.depth = max(one.thing.layer for one in plan.inputs if isinstance(one.thing, Array))
        self.dtype = np.dtype(dtype)

    def bind(self, compute: Compute) -> Call:
        """The call; everything it needs is a local name, since it is to take a microsecond."""
        places, dtype, depth, ndarray = self.places, self.dtype, self.depth, np.ndarray
        width, targets = self.x, self.y

        def call(params: Mapping[str, Any], x: Any, y: Any, mean: bool) -> Any:
            try:
                given = [params[role][layer] for role, layer, _ in places]
            except (KeyError, IndexError, TypeError):
                return NotImplemented
            for value, (_, _, shape) in zip(given, places, strict=True):
                if type(value) is not ndarray or value.shape != shape or value.dtype != dtype:
                    return NotImplemented
            single = type(x) is ndarray and x.ndim == 1
            if single:
                x, y = x[None], y[None] if type(y) is ndarray else y
            if not (type(x) is type(y) is ndarray and x.dtype == y.dtype == dtype):
                return NotImplemented
            samples = len(x)
            if not samples or x.shape != (samples, width) or y.shape != (samples, targets):
                return NotImplemented
            weight = 1.0 / samples if mean else 1.0
            loss, *found, dx = compute((samples,), (*given, x, y, weight))
            lists: dict[str, Any] = {"W": [None] * depth, "b": [None] * depth}
            for (role, layer, _), value in zip(places, found, strict=True):
                lists[role][layer] = value
            lists["x"] = dx[0] if single else dx
            return float(loss), lists

        return call
