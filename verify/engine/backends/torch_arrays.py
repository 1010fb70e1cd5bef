"""A plan on PyTorch: eager, without autograd, on whatever device PyTorch uses by default.

NumPy arrays come in and go out without being copied where they are in the machine's own memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from verify.engine.backends import Missing
from verify.engine.backends.torch_fusing import fused
from verify.engine.modules import module_of
from verify.engine.plan.types import Plan
from verify.engine.source import arguments_of, array_source, function_name
from verify.extras import install


def build(plan: Plan, dtype: str, threads: int | None) -> TorchRunner:
    """The plan on PyTorch; `threads` are those within an operation, during a call.  Raises `Missing` without it."""
    torch_module()
    return TorchRunner(plan, dtype, threads)


def torch_module() -> Any:
    """PyTorch, imported only now, since it is large and an extra; `Missing` where it is not installed."""
    try:
        import torch
    except ImportError as error:
        raise Missing(f"the torch backend needs PyTorch ({error}): {install('torch')}") from error
    return torch


@contextmanager
def intra_op(threads: int | None) -> Iterator[None]:
    """PyTorch with this many threads within an operation; what the user had set is restored."""
    torch = torch_module()
    before = torch.get_num_threads()
    if threads is None or threads == before:
        yield
        return
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True)
class TorchRunner:
    """A plan, ready to run on PyTorch with numbers of one type."""

    plan: Plan
    dtype: str
    threads: int | None = None

    @cached_property
    def source(self) -> str:
        """The source that runs, to be read."""
        return array_source(fused(self.plan), "torch", dtype=self.dtype)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The source's function, over tensors on one device, in the order of `verify.engine.source.arguments_of`."""
        name = function_name(self.plan)
        found: Callable[..., Any] = getattr(module_of(self.source, f"{name} (PyTorch)"), name)
        return found

    def results(self, *arguments: Any) -> tuple[Any, ...]:
        """Tensors from tensors, functions and whole numbers, as `function` takes them; always a tuple."""
        found = self.function(*arguments)
        return found if isinstance(found, tuple) else (found,)

    @cached_property
    def _taken(self) -> tuple[tuple[int, str], ...]:
        """The place in the plan's inputs of each argument of the function, and its sort."""
        return tuple((self.plan.inputs.index(one), one.sort) for one in arguments_of(self.plan))

    def __call__(self, arguments: Sequence[Any]) -> list[Any]:
        """The results as new NumPy arrays, in the order of the plan; `arguments` in the order of its inputs."""
        torch = torch_module()
        device, kind = torch.get_default_device(), np.dtype(self.dtype)
        with torch.inference_mode(), intra_op(self.threads):
            given = [self._given(arguments[place], sort, kind, device) for place, sort in self._taken]
            taken = {one.data_ptr() for one in given if isinstance(one, torch.Tensor)}
            return [_new(one, taken) for one in self.results(*given)]

    @staticmethod
    def _given(value: Any, sort: str, kind: np.dtype[Any], device: Any) -> Any:
        """An argument of the source's function."""
        if sort == "width":
            return int(value)
        if sort == "function":
            return _entrywise(value, kind)
        array = np.asarray(value, kind)
        if not array.flags.writeable or any(step < 0 for step in array.strides):
            array = array.copy()  # PyTorch shares neither read-only memory nor memory that runs backwards
        tensor = torch_module().from_numpy(array)
        return tensor if device.type == "cpu" else tensor.to(device)


def _new(result: Any, taken: set[int]) -> np.ndarray[Any, Any]:
    """A result as a NumPy array of its own: copied only where its memory is an argument's or an earlier result's."""
    tensor = result.contiguous()
    start = tensor.untyped_storage().data_ptr()
    if tensor.device.type == "cpu" and start in taken:
        tensor = tensor.clone()
        start = tensor.data_ptr()
    taken.add(start)
    array: np.ndarray[Any, Any] = tensor.cpu().numpy()
    return array


def _entrywise(function: Callable[..., Any], kind: np.dtype[Any]) -> Callable[..., Any]:
    """A user's function, written for NumPy or for PyTorch, as one of tensors."""

    def of_tensors(*arguments: Any) -> Any:
        torch = torch_module()
        arrays = [one.cpu().numpy() if isinstance(one, torch.Tensor) else one for one in arguments]
        return torch.from_numpy(np.asarray(function(*arrays), kind)).to(arguments[0].device)

    return of_tensors
