"""The backends, one row each: from a plan to something that runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from verify.engine.plan.types import Plan


class Runner(Protocol):
    """A plan, compiled for one type of numbers."""

    @property
    def source(self) -> str:
        """The source that runs, to be read."""
        ...

    def __call__(self, arguments: Sequence[Any]) -> list[Any]:
        """The results as new NumPy arrays (numbers as arrays without axes), in the order of the plan.

        `arguments` are in the order of the plan's inputs: arrays of the runner's type, numbers, widths, functions;
        their shapes fit.  Nothing that is given is changed.
        """
        ...


class Missing(ImportError):
    """A backend cannot run on this machine; the message says what is missing and how to get it."""


@dataclass(frozen=True)
class Backend:
    """A row: `home` is the module whose `build(plan, dtype, threads)` gives a `Runner`, or raises `Missing`.

    `extra` is what `pip install 'backproof[…]'` takes, if anything.
    """

    name: str
    home: str
    extra: str = ""

    def build(self, plan: Plan, dtype: str, threads: int | None) -> Runner:
        """The plan, compiled; imported only now, since a backend may be large."""
        maker: Callable[[Plan, str, int | None], Runner] = import_module(self.home).build
        return maker(plan, dtype, threads)


_ROWS = (
    Backend("numpy", "verify.engine.backends.workspace"),
    Backend("compiled", "verify.engine.compiled.runner"),
    Backend("jax", "verify.engine.backends.jax_arrays", "jax"),
    Backend("torch", "verify.engine.backends.torch_arrays", "torch"),
)
BACKENDS = {row.name: row for row in _ROWS}
