"""The NumPy backend: every operation writes into memory that is kept from call to call; only results are new.

Arrays are multiplied by BLAS.  What cannot be written as such operations is computed line by line as the readable
source says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from verify.engine.backends.workspace_lowering import lowered
from verify.engine.backends.workspace_network import network_call
from verify.engine.backends.workspace_rooms import Rooms, silent
from verify.engine.backends.workspace_source import Program
from verify.engine.backends.workspace_threads import limited
from verify.engine.modules import module_of
from verify.engine.plan.network import WEIGHT
from verify.engine.plan.types import Plan
from verify.engine.source import arguments_of


class WorkspaceRunner:
    """Runs a plan; see `verify.engine.backends.Runner`.

    Calls may run at the same time in several threads, and within one another: each has a workspace of its own.
    `network_call(params, x, y, mean)` is the short way for a network, None for what is none.
    """

    def __init__(self, plan: Plan, dtype: str, threads: int | None = None) -> None:
        program = Program(plan, lowered(plan, dtype), dtype)
        self.source = program.source
        module = module_of(self.source, f"{program.name} (NumPy)")
        self._function, self._rooms = getattr(module, program.name), Rooms(getattr(module, program.maker))
        self._type, self._threads = np.dtype(dtype), threads
        self._taken = [plan.inputs.index(one) for one in arguments_of(plan)]
        self._widths = [n for n, one in enumerate(plan.inputs) if one.sort == "width"]
        self._numbers = [n for n, one in enumerate(plan.inputs) if one.sort == "number" and one.thing != WEIGHT]
        self._calls = any(one.sort == "function" for one in plan.inputs)
        self._scalars = [n for n, one in enumerate(plan.results) if not plan.axes(one)]
        self._one = len(plan.results) == 1
        self.network_call = network_call(plan, self._compute, dtype)

    def __call__(self, arguments: Sequence[Any]) -> list[Any]:
        """The results as new arrays."""
        given = list(arguments)
        for n in self._numbers:
            given[n] = self._type.type(given[n])
        widths = tuple(int(given[n]) for n in self._widths)
        found = self._compute(widths, [given[n] for n in self._taken])
        results = [found] if self._one else list(found)
        for n in self._scalars:
            results[n] = np.array(results[n], self._type)
        return results

    def _compute(self, widths: tuple[int, ...], arguments: Sequence[Any]) -> Any:
        """The results in a workspace of these widths; what fails leaves no workspace behind."""
        if self._threads is not None:
            return limited(self._threads, self._within, widths, arguments)
        return self._within(widths, arguments)

    def _within(self, widths: tuple[int, ...], arguments: Sequence[Any]) -> Any:
        rooms = self._rooms
        room = rooms.take(widths)
        if self._calls:  # the caller's functions run in the caller's own context
            with silent():
                found = self._function(*arguments, room.arrays)
        else:
            found = room.run(self._function, *arguments, room.arrays)
        rooms.give(widths, room)
        return found


def build(plan: Plan, dtype: str, threads: int | None) -> WorkspaceRunner:
    """A runner.  Raises `NoSource` where a line has no source.

    `threads` are those of BLAS during a call, which threadpoolctl sets where it is installed; else it is ignored.
    """
    return WorkspaceRunner(plan, dtype, threads)
