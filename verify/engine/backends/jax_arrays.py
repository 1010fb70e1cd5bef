"""A plan on JAX: one jitted function, compiled once for each set of shapes, on whatever device JAX uses.

From NumPy arrays to new NumPy arrays by calling the runner; from JAX arrays to JAX arrays, without leaving the device
and inside the user's own `jit`, `vmap` or sharding, by its `function`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from verify.engine.backends import Missing
from verify.engine.modules import module_of
from verify.engine.plan.types import Plan
from verify.engine.source import arguments_of, array_source, function_name
from verify.extras import install

_STATIC = ("width", "function")
_SMALL = 4096  # entries; so few are copied sooner than their memory is described


def build(plan: Plan, dtype: str, threads: int | None) -> JaxRunner:
    """The plan on JAX.  Raises `Missing` without JAX, or where fewer threads are asked for than XLA starts with.

    XLA makes its threads once, when a process first computes, so their number cannot be changed here.
    """
    jax_module()
    available = pool_size()
    if threads is not None and threads < available:
        raise Missing(
            f"the jax backend computes with the {available} threads that XLA starts with: set NPROC={threads} in the "
            f"environment before Python starts, or choose another backend for threads={threads}"
        )
    return JaxRunner(plan, dtype)


def jax_module() -> Any:
    """JAX, imported only now, since it is large and an extra; `Missing` where it is not installed."""
    try:
        import jax
    except ImportError as error:
        raise Missing(f"the jax backend needs JAX ({error}): {install('jax')}") from error
    return jax


def pool_size() -> int:
    """How many threads XLA computes with on a CPU: NPROC, where it is set, else the processors of this process."""
    given = os.environ.get("NPROC", "")
    if given.isdigit() and int(given):
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def precision(dtype: str) -> AbstractContextManager[Any]:
    """Where float64 exists: JAX's own switch, for this thread and this block only; the user's setting stays."""
    return jax_module().enable_x64(True) if dtype == "float64" else nullcontext()


@dataclass(frozen=True)
class JaxRunner:
    """A plan, ready to run on JAX with numbers of one type."""

    plan: Plan
    dtype: str

    @cached_property
    def source(self) -> str:
        """The source that runs, to be read."""
        return array_source(self.plan, "jax", dtype=self.dtype)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The source's function: pure, over JAX arrays in the order of `verify.engine.source.arguments_of(plan)`.

        It gives a tuple of JAX arrays, or one where there is one result, and may stand inside `jax.jit`, `jax.vmap`
        and `jax.sharding`.  For float64 the caller has switched on 64 bits (`jax.enable_x64(True)`).
        """
        name = function_name(self.plan)
        found: Callable[..., Any] = getattr(module_of(self.source, f"{name} (JAX)"), name)
        return found

    @cached_property
    def jitted(self) -> Callable[..., Any]:
        """The function, compiled by XLA once for each set of shapes, with a tuple of arrays that nothing else holds."""
        static = tuple(n for n, one in enumerate(arguments_of(self.plan)) if one.sort in _STATIC)
        return jax_module().jit(_apart(self.function), static_argnums=static)

    @cached_property
    def _taken(self) -> tuple[tuple[int, bool], ...]:
        """The place in the plan's inputs of each argument of the function, and whether it is an array or a number."""
        return tuple((self.plan.inputs.index(one), one.sort not in _STATIC) for one in arguments_of(self.plan))

    def __call__(self, arguments: Sequence[Any]) -> list[Any]:
        """The results as new NumPy arrays, in the order of the plan; `arguments` in the order of its inputs."""
        kind = np.dtype(self.dtype)
        given = [
            np.asarray(arguments[place], kind) if array else _callable(arguments[place], kind)
            for place, array in self._taken
        ]
        with precision(self.dtype):
            return as_numpy(self.jitted(*given))


def _apart(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with results that are neither arguments nor one another, so that each may be changed in place."""

    def results(*arguments: Any) -> tuple[Any, ...]:
        found = function(*arguments)
        several = found if isinstance(found, tuple) else (found,)
        seen = {id(one) for one in arguments}
        numpy = jax_module().numpy
        new = []
        for one in several:
            new.append(numpy.copy(one) if id(one) in seen else numpy.asarray(one))
            seen.add(id(one))
        return tuple(new)

    return results


class _Writable:
    """Memory that one array shows read-only, described to NumPy as free to be changed; it lives as long as needed."""

    __slots__ = ("__array_interface__", "owner")

    def __init__(self, owner: np.ndarray[Any, Any]) -> None:
        self.owner = owner
        described = owner.__array_interface__
        self.__array_interface__ = {**described, "data": (described["data"][0], False)}


def as_numpy(results: Sequence[Any]) -> list[np.ndarray[Any, Any]]:
    """JAX arrays that nobody else holds as NumPy arrays that may be written to.

    On a CPU they are the very memory of the results, and nothing but a few numbers is copied; from another device all
    are copied once.
    """
    shown = [np.asarray(one) for one in results]
    return [one.copy() if one.size <= _SMALL else np.asarray(_Writable(one)) for one in shown]


def _callable(value: Any, kind: np.dtype[Any]) -> Any:
    """A width as it is; a function that NumPy computes entry by entry as one that stands inside `jit`."""
    return _Entrywise(value, kind) if callable(value) else int(value)


@dataclass(frozen=True)
class _Entrywise:
    """A user's function: traced by JAX where it is written for JAX, else called back with NumPy arrays.

    Equal functions are equal here, so that XLA compiles once for each.
    """

    function: Callable[..., Any]
    kind: np.dtype[Any]

    def __call__(self, *arguments: Any) -> Any:
        jax = jax_module()
        try:
            return self.function(*arguments)
        except jax.errors.TracerArrayConversionError:  # the function is NumPy's
            shape = np.broadcast_shapes(*(np.shape(one) for one in arguments))
            return jax.pure_callback(self._numbers, jax.ShapeDtypeStruct(shape, self.kind), *arguments)

    def _numbers(self, *arguments: Any) -> Any:
        return np.asarray(self.function(*(np.asarray(one) for one in arguments)), self.kind)
