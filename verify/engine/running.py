"""The runners of one derivation: a plan for each thing that is wanted, compiled for a backend once it is needed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sympy import Expr

from verify.engine.backends import BACKENDS, Missing, Runner
from verify.engine.choosing import FALLBACK, because, ranges, work
from verify.engine.plan.types import Plan
from verify.engine.source import NoSource

AUTO = "auto"
_MOST_REMEMBERED = 512  # sizes of calls whose choice is remembered


def backend_named(name: Any) -> str:
    """A backend's name; `ValueError` lists those that there are."""
    if name != AUTO and (not isinstance(name, str) or name not in BACKENDS):
        raise ValueError(f"backend must be one of {', '.join((AUTO, *BACKENDS))}, not {name!r}")
    return str(name)


def type_named(dtype: Any) -> str:
    """The name of a type of numbers: float64 or float32; `ValueError` for any other."""
    try:
        name = np.dtype(dtype).name
    except TypeError:
        name = repr(dtype)
    if name not in ("float64", "float32"):
        raise ValueError(f"dtype must be float64 or float32, not {name}")
    return name


@dataclass(frozen=True)
class Chosen:
    """A runner, the backend that it belongs to, and why it is this one."""

    runner: Runner
    backend: str
    why: str


@dataclass
class Runners:
    """Builds runners and remembers them; `plans` gives the plan of each thing that can be wanted."""

    plans: Callable[[str], Plan]
    asked: str
    dtype: str
    threads: int | None
    last: Chosen | None = None
    _plans: dict[str, Plan] = field(default_factory=dict)
    _built: dict[tuple[str, str], Runner] = field(default_factory=dict)
    _chosen: dict[Hashable, Chosen] = field(default_factory=dict)
    _missing: dict[str, str] = field(default_factory=dict)

    def plan(self, wanted: str) -> Plan:
        """The plan."""
        if wanted not in self._plans:
            self._plans[wanted] = self.plans(wanted)
        return self._plans[wanted]

    def at(self, wanted: str, sizes: Mapping[Expr, int]) -> Runner:
        """The runner for a call of these sizes."""
        key = (wanted, *sizes.values())
        found = self._chosen.get(key)
        if found is None:
            found = self._choose(wanted, sizes)
            if len(self._chosen) >= _MOST_REMEMBERED:
                self._chosen.clear()
            self._chosen[key] = found
        self.last = found  # another thread may set it at once: what runs is what was found here
        return found.runner

    def _choose(self, wanted: str, sizes: Mapping[Expr, int]) -> Chosen:
        if self.asked != AUTO:
            return Chosen(self._runner(self.asked, wanted), self.asked, f"{self.asked} was asked for")
        plan = self.plan(wanted)
        if any(one.sort == "function" for one in plan.inputs):
            return Chosen(self._runner(FALLBACK, wanted), FALLBACK, f"{FALLBACK} calls the functions that are given")
        amount = work(plan, sizes)
        row = next(one for one in ranges() if amount <= one.most)
        try:
            return Chosen(self._runner(row.backend, wanted), row.backend, because(row, amount))
        except (Missing, NoSource) as error:
            return Chosen(self._runner(FALLBACK, wanted), FALLBACK, because(row, amount, str(error)))

    def _runner(self, backend: str, wanted: str) -> Runner:
        if backend in self._missing:
            raise Missing(self._missing[backend])
        if (backend, wanted) not in self._built:
            try:
                self._built[backend, wanted] = BACKENDS[backend].build(self.plan(wanted), self.dtype, self.threads)
            except Missing as error:
                self._missing[backend] = str(error)  # it will be missing for the next call, too
                raise
        return self._built[backend, wanted]
