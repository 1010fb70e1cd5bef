"""Data-parallel training: a batch over several devices, by JAX's own sharding.

The samples are spread over the devices, every device has all parameters, and XLA puts in the all-reduce that adds the
gradients up: the derived formula is the same, Σ_n being a sum over devices as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from derive.derivation import Derivation
from verify.engine.backends.jax_arrays import JaxRunner, jax_module, precision
from verify.engine.backends.layout import Gradients, Layout, network_of
from verify.engine.plan.samples import BATCH
from verify.engine.source import arguments_of

_AXIS = "samples"


def data_parallel(
    engine_or_derivation: Any, devices: Sequence[Any] | None = None, dtype: Literal["float64", "float32"] = "float64"
) -> DataParallel:
    """The loss and the gradients of a network, computed over several devices; all that JAX has, where none are named.

    Raises `Missing` without JAX, `TypeError` for what is no network, `ValueError` for no devices or another type.
    """
    jax = jax_module()
    found = tuple(jax.devices() if devices is None else devices)
    if not found or len(set(found)) < len(found):
        raise ValueError(f"devices must be one or more different devices of JAX, not {list(found)}")
    if dtype not in ("float64", "float32"):
        raise ValueError(f"dtype must be float64 or float32, not {dtype!r}")
    return DataParallel(network_of(engine_or_derivation), found, dtype)


@dataclass(frozen=True)
class DataParallel:
    """`run(params, x, y)` gives the loss and `{"W": …, "b": …, "x": …}`, equal to one device's up to rounding.

    `params` is what `Engine` takes; `x` is (samples, n0), `y` (samples, nL).  Any number of samples is right: where the
    devices do not divide it, the last sample is repeated with weight 0.  From NumPy arrays come NumPy arrays; where any
    array is JAX's, the results stay on the devices, the gradients by the parameters on each of them and the gradient by
    x spread as x is, so that an update runs on every device without a transfer.
    """

    derivation: Derivation
    devices: tuple[Any, ...]
    dtype: str
    layout: Layout = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layout", Layout(self.derivation, weighted=True))

    @property
    def source(self) -> str:
        """The source that every device runs on its share of the samples."""
        return self._runner.source

    def __call__(
        self, params: Mapping[str, Any], x: Any, y: Any, reduction: Literal["mean", "sum"] = "mean"
    ) -> tuple[Any, Gradients]:
        """The loss and all its gradients; the mean over the samples, or the sum."""
        if reduction not in ("mean", "sum"):
            raise ValueError(f"reduction must be mean or sum, not {reduction!r}")
        jax = jax_module()
        stays = any(isinstance(one, jax.Array) for one in jax.tree.leaves((params, x, y)))
        with precision(self.dtype):
            values = self._jitted(*self._given(params, x, y, reduction))
            loss, found = self.layout.results(values, lambda *one: jax.numpy.column_stack(one))
            found["x"] = found["x"][: len(x)]
        if stays:
            return loss, found
        return float(loss), jax.tree.map(np.array, found)

    def compiled(self, params: Mapping[str, Any], x: Any, y: Any) -> str:
        """What XLA makes of a call with these arrays, as text: there stands the all-reduce that it puts in."""
        with precision(self.dtype):
            text: str = self._jitted.lower(*self._given(params, x, y, "mean")).compile().as_text()
        return text

    def _given(self, params: Mapping[str, Any], x: Any, y: Any, reduction: str) -> list[Any]:
        """The arguments of the plan's source, on the devices."""
        x, y = self._typed(x), self._typed(y)
        if not x.size:
            raise ValueError(f"x must hold at least one sample, but has the shape {x.shape}")
        samples = x.shape[0] if x.ndim else 0
        weights = self._weights(samples, reduction)
        return self._spread(self.layout.arguments(self._parameters(params), x, y, weights))

    def shares(self, samples: int) -> int:
        """How many samples each device computes, those of weight 0 among them."""
        return -(-samples // len(self.devices))

    @cached_property
    def _runner(self) -> JaxRunner:
        return JaxRunner(self.layout.plan, self.dtype)

    @cached_property
    def _kinds(self) -> tuple[Any, Any]:
        sharding = jax_module().sharding
        mesh = sharding.Mesh(np.array(self.devices), (_AXIS,))
        spec = sharding.PartitionSpec
        return sharding.NamedSharding(mesh, spec(_AXIS)), sharding.NamedSharding(mesh, spec())

    @cached_property
    def _jitted(self) -> Any:
        spread, whole = self._kinds
        *_, last = self.layout.plan.results
        results = tuple(spread if one == last else whole for one in self.layout.plan.results)
        return jax_module().jit(self._runner.function, out_shardings=results)

    def _typed(self, value: Any) -> Any:
        is_jax = isinstance(value, jax_module().Array)
        return value.astype(self.dtype) if is_jax else np.asarray(value, self.dtype)

    def _parameters(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as arrays of the right type."""
        roles = {role: [None if one is None else self._typed(one) for one in params.get(role) or ()] for role in "Wb"}
        constants = {name: self._typed(one) for name, one in (params.get("constants") or {}).items()}
        return {**roles, "constants": constants}

    def _weights(self, samples: int, reduction: str) -> Any:
        """What each sample counts; 0 for those that only fill the last device."""
        weights = np.zeros(self.shares(samples) * len(self.devices), self.dtype)
        weights[:samples] = 1 / samples if reduction == "mean" else 1
        return weights

    def _spread(self, given: Sequence[Any]) -> list[Any]:
        """The arguments on the devices: what has a row for each sample is filled up and spread, the rest is whole."""
        spread, whole = self._kinds
        placed = []
        for one, value in zip(arguments_of(self.layout.plan), given, strict=True):
            by_sample = bool(one.axes) and one.axes[0].space == BATCH
            full = self._filled(value) if by_sample else value
            placed.append(jax_module().device_put(full, spread if by_sample else whole))
        return placed

    def _filled(self, value: Any) -> Any:
        """An array with its last row repeated until the devices divide it."""
        missing = self.shares(value.shape[0]) * len(self.devices) - value.shape[0]
        if not missing:
            return value
        numpy = jax_module().numpy if isinstance(value, jax_module().Array) else np
        return numpy.concatenate([value, numpy.repeat(value[-1:], missing, axis=0)])
