"""The array libraries whose arrays a function may take, one row each: read as float64, given back as what they were.

No library is imported here: who hands over an array of it has imported it already.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_ATTRIBUTES = ("__get__", "__set__", "__delete__", "backward", "requires_grad_")  # of one tensor, not of a copy
ROUNDOFF = {"float64": 2.0**-53, "float32": 2.0**-24, "float16": 2.0**-11, "bfloat16": 2.0**-8, "longdouble": 2.0**-53}


@dataclass(frozen=True)
class Library:
    """`owns` recognises an array, `read` gives its numbers, `make` an array of the named type that stands for `like`.

    `raising` is the context in which float64 arrays exist; `dtype` is the name of an array's type.
    """

    name: str
    owns: Callable[[Any], bool]
    read: Callable[[Any], Array]
    make: Callable[[Array, Any, str], Any]
    dtype: Callable[[Any], str]
    raising: Callable[[], AbstractContextManager[Any]] = nullcontext


def _torch() -> Any:
    return sys.modules["torch"]


def _is_torch(one: Any) -> bool:
    return "torch" in sys.modules and hasattr(_torch(), "Tensor") and isinstance(one, _torch().Tensor)


def _read_torch(one: Any) -> Array:
    plain = one.detach().cpu()
    wide = _torch().complex128 if plain.is_complex() else _torch().float64
    return np.array(plain.resolve_conj().to(wide).numpy())


def _make_torch(values: Array, like: Any, dtype: str) -> Any:
    made = _torch().tensor(values, dtype=getattr(_torch(), dtype), device=like.device)
    return made.requires_grad_(like.requires_grad)


def _raise_torch() -> AbstractContextManager[Any]:
    """Every float32 tensor that an operation meets, such as data that f closes over, takes part in it as float64."""
    torch = _torch()

    def wide(one: Any) -> Any:
        if isinstance(one, list | tuple) and not hasattr(one, "_fields"):
            return type(one)([wide(part) for part in one])
        narrow = isinstance(one, torch.Tensor) and one.dtype in (torch.float32, torch.float16, torch.bfloat16)
        return one.double() if narrow else one

    mode: Any = torch.overrides.TorchFunctionMode

    class Widening(mode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if getattr(func, "__name__", "") in _ATTRIBUTES:
                return func(*args, **(kwargs or {}))
            return func(*wide(tuple(args)), **{key: wide(one) for key, one in (kwargs or {}).items()})

    made: AbstractContextManager[Any] = Widening()
    return made


def _is_jax(one: Any) -> bool:
    return "jax" in sys.modules and hasattr(sys.modules["jax"], "Array") and isinstance(one, sys.modules["jax"].Array)


def _read_jax(one: Any) -> Array:
    plain = np.asarray(one)
    return np.array(plain, dtype=np.complex128 if plain.dtype.kind == "c" else np.float64)


def _make_jax(values: Array, like: Any, dtype: str) -> Any:
    return sys.modules["jax"].numpy.asarray(values, dtype=dtype)


def _raise_jax() -> AbstractContextManager[Any]:
    """JAX has no float64 unless it is told so."""
    jax = sys.modules["jax"]
    home = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")  # where older versions keep it
    made: AbstractContextManager[Any] = home.enable_x64(True)
    return made


def _is_number(one: Any) -> bool:
    return isinstance(one, int | float | complex | np.generic)


LIBRARIES = (
    Library(
        "torch", _is_torch, _read_torch, _make_torch, lambda one: str(one.dtype).removeprefix("torch."), _raise_torch
    ),
    Library("jax", _is_jax, _read_jax, _make_jax, lambda one: str(one.dtype), _raise_jax),
    Library(
        "numpy",
        lambda one: isinstance(one, np.ndarray),
        lambda one: np.array(one, dtype=np.complex128 if one.dtype.kind == "c" else np.float64),
        lambda values, like, dtype: np.array(values, dtype=dtype),
        lambda one: str(one.dtype),
    ),
    Library(
        "number",
        _is_number,
        lambda one: np.array(one, dtype=np.complex128 if isinstance(one, complex) else np.float64),
        lambda values, like, dtype: np.dtype(dtype).type(values) if isinstance(like, np.generic) else values.item(),
        lambda one: str(np.asarray(one).dtype),
    ),
)


def library_of(one: Any) -> Library | None:
    """The row that reads `one`, or None where it is no array and no number."""
    return next((row for row in LIBRARIES if row.owns(one)), None)


def roundoff(dtype: str) -> float | None:
    """The unit roundoff of a floating type; None for what is no real floating type."""
    return ROUNDOFF.get(dtype)
