"""A plan as compiled C: `build` compiles it, or finds it in the cache; the runner calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr

from derive.symbols import Array, Scalar, Width
from verify.engine.backends import Missing
from verify.engine.compiled import caller as call
from verify.engine.compiled.building import library_path
from verify.engine.compiled.caller import Argument, Signature
from verify.engine.compiled.source import Source
from verify.engine.plan.samples import SAMPLES, Sampled
from verify.engine.plan.types import Input, Line, Plan

# A compiler's time grows faster than a plan: of more lines than FULL it is optimised less, of more than MOST refused.
FULL, MOST = 60, 300
_ROLES = {"W": call.WEIGHTS, "b": call.BIASES, "x": call.X, "y": call.Y}


def build(plan: Plan, dtype: str, threads: int | None = None) -> CompiledRunner:
    """The plan, compiled for `float64` or `float32`; it runs in one thread, whatever `threads` says.

    Raises `Missing` where there is no C compiler, where the plan calls functions of the caller's or has more than
    `MOST` lines, or where the cache of compiled code is open to others.
    """
    if len(plan.lines) > MOST:
        raise Missing(f"the compiled backend takes plans of up to {MOST} lines, since a C compiler needs minutes for "
                      f"more, and this one has {len(plan.lines)}; use the numpy backend")  # fmt: skip
    source = Source(plan, dtype)
    found = _signature(source)
    extra = ("-O1",) if len(plan.lines) > FULL else ()
    return CompiledRunner(source, found, call.caller(library_path(source.text, extra), found))


@dataclass(frozen=True)
class CompiledRunner:
    """A compiled plan.

    `network_call(params, x, y, mean)` gives (loss, {"W": …, "b": …, "x": …}) at once where every array is C-contiguous
    and of the runner's type, `mean` being True for the mean over the samples and False for the sum; `NotImplemented`
    where anything does not fit.  `bind` takes the same and gives a function without arguments that gives the loss: it
    reads the arrays as they are then, and overwrites those in its `gradients`.  Both are None for what is no network,
    and without Python's headers.
    """

    of: Source
    signature: Signature
    caller: Any
    network_call: Callable[[Any, Any, Any, bool], Any] | None = field(init=False, default=None)
    bind: Callable[[Any, Any, Any, bool], Any] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.signature.depth:
            object.__setattr__(self, "network_call", getattr(self.caller, "network", None))
            object.__setattr__(self, "bind", getattr(self.caller, "bind", None))

    @property
    def source(self) -> str:
        """The C that runs."""
        return self.of.text

    @cached_property
    def _arrays(self) -> tuple[int, ...]:
        return tuple(n for n, one in enumerate(self.signature.inputs) if one.sort == call.ARRAY)

    def __call__(self, arguments: Sequence[Any]) -> list[Any]:
        """The results as new arrays; `ValueError` where shapes do not fit, `LinAlgError` for a singular matrix."""
        found = self.caller.call(*arguments)
        if found is NotImplemented:
            fitting = list(arguments)
            for n in self._arrays:
                fitting[n] = np.require(arguments[n], self.signature.dtype, ["C", "A", "E"])
            found = self.caller.call(*fitting)
        if found is NotImplemented:
            shapes = ", ".join(f"{self.of.plan.inputs[n].name} {np.shape(arguments[n])}" for n in self._arrays)
            raise ValueError(f"the shapes of the arrays do not fit one another: {shapes}")
        return list(found)


def _signature(source: Source) -> Signature:
    """What the extension module has to know of a plan."""
    plan = source.plan
    inputs, results = [_input(source, one) for one in plan.inputs], [_result(source, one) for one in source.results]
    depth = 0
    if any(isinstance(one.thing, Scalar) and one.thing.role == "upstream" for one in plan.inputs):
        inputs, results, depth = _of_network(plan, inputs, results)
    return Signature(source.dtype, tuple(inputs), tuple(results), len(source.open_widths), depth)


def _input(source: Source, one: Input) -> Argument:
    if one.sort == "array":
        return Argument(call.ARRAY, _sizes(source, one))
    return Argument(call.WIDTH, (_size(source, one.thing),)) if one.sort == "width" else Argument(call.NUMBER, ())


def _result(source: Source, one: Line) -> Argument:
    return Argument(call.ARRAY, _sizes(source, one))


def _sizes(source: Source, one: Input | Line) -> tuple[int, ...]:
    return tuple(_size(source, axis.space.size) for axis in one.axes)


def _size(source: Source, size: Expr) -> int:
    known = source.plan.sizes.get(size, size)
    if isinstance(known, Width):
        return -1 - source.open_widths.index(known)
    if not getattr(known, "is_number", True):
        raise Missing(f"the compiled backend has no array whose axis is of the length {known}; use the numpy backend")
    return int(known)


def _of_network(
    plan: Plan, inputs: list[Argument], results: list[Argument]
) -> tuple[list[Argument], list[Argument], int]:
    """The same with the place of each in params and in the answer; depth 0 where a plan gives something else."""
    arrays = [one.thing for one in plan.inputs if isinstance(one.thing, Array)]
    parameters = [one for one in arrays if not isinstance(one, Sampled)]
    depth = max((one.layer for one in arrays), default=0)
    whole = len(results) == len(parameters) + 2 and {one.role for one in parameters} <= {"W", "b"}
    if not whole or not any(one.thing == SAMPLES for one in plan.inputs):
        return inputs, results, 0
    placed = [_placed(one, argument) for one, argument in zip(plan.inputs, inputs, strict=True)]
    loss, *gradients, dx = results
    roles = [Argument(one.sort, one.sizes, _ROLES[array.role], array.layer - 1)
             for one, array in zip(gradients, parameters, strict=True)]  # fmt: skip
    return placed, [Argument(loss.sort, (), call.LOSS), *roles, Argument(dx.sort, dx.sizes, call.X)], depth


def _placed(one: Input, argument: Argument) -> Argument:
    thing = one.thing
    if isinstance(thing, Array):
        return Argument(argument.sort, argument.sizes, _ROLES[thing.role], thing.layer - 1)
    if thing == SAMPLES:
        return Argument(argument.sort, argument.sizes, call.SAMPLES)
    if isinstance(thing, Scalar) and thing.role == "upstream":
        return Argument(argument.sort, argument.sizes, call.WEIGHT)
    if isinstance(thing, Scalar):
        return Argument(argument.sort, argument.sizes, call.CONSTANT, 0, str(thing.name))
    return argument
