"""Calls of a program's engine: values by letter in, derivatives by letter out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from sympy import Expr

from derive.derivation import Derivation
from derive.named import Opaque
from derive.program import Program
from derive.second import HessianVector
from derive.symbols import Width
from verify.engine.given import Given
from verify.engine.networks import SECOND
from verify.engine.plan.program import plan_program
from verify.engine.plan.second import plan_second
from verify.engine.plan.types import Plan
from verify.engine.running import Runners

_SMALL = 4

Functions = Mapping[str, Callable[..., Any]]


class ProgramCalls:
    """What an engine does for a program."""

    def __init__(self, derivation: Derivation, runners: Runners, quick: Mapping[Any, Any]) -> None:
        self.derivation, self.runners, self.dtype = derivation, runners, np.dtype(runners.dtype)
        self.opaque = derivation.program.definitions[-1].rhs.has(Opaque)
        self.wanted = [one.name for one in derivation.program.wrt if derivation.has(one.name)]

    @staticmethod
    def planner(derivation: Derivation) -> Callable[[str], Plan]:
        """The plan of what is wanted: `gradients`, `forward`, with every definition as a result, or `second`."""

        def plan(wanted: str) -> Plan:
            if wanted == "gradients":
                return plan_program(derivation)
            if wanted == SECOND:
                return plan_second(HessianVector(derivation))
            found = plan_program(derivation, "forward")
            return replace(found, results=tuple(line.name for line in found.lines if line.claim is not None))

        return plan

    @property
    def small(self) -> dict[Expr, int]:
        """Sizes to choose a backend by before anything was given."""
        return {**{space.size: _SMALL for space in self.derivation.program.spaces}, **self.derivation.sizes}

    def loss_and_gradients(self, values: Mapping[str, Any], upstream: Mapping[str, Any] | None = None,
                           functions: Functions | None = None,
                           sizes: Mapping[str, int] | None = None) -> tuple[float | None, dict[str, Any]]:  # fmt: skip
        """The target, None where it is opaque, and its derivatives by letter."""
        found = self._run("gradients", values, upstream, functions, sizes)
        target = None if self.opaque else float(found.pop(0))
        return target, dict(zip(self.wanted, found, strict=True))

    def forward(self, values: Mapping[str, Any], functions: Functions | None = None,
                sizes: Mapping[str, int] | None = None) -> dict[str, Any]:  # fmt: skip
        """Everything that is defined, by letter."""
        found = self._run("forward", values, None, functions, sizes)
        claims = [line.claim for line in self.runners.plan("forward").lines if line.claim is not None]
        letters = [Program.symbol(one.lhs).name for one in claims]
        return {name: one if one.ndim else float(one) for name, one in zip(letters, found, strict=True)}

    def loss(self, values: Mapping[str, Any], functions: Functions | None = None,
             sizes: Mapping[str, int] | None = None) -> float:  # fmt: skip
        """The target."""
        target = self.derivation.program.target.name
        if self.opaque:
            raise ValueError(f"{target} is opaque, so that it has no value; forward gives what it is a function of")
        return float(self.forward(values, functions, sizes)[target])

    def hessian_vector(self, values: Mapping[str, Any], direction: Mapping[str, Any],
                       functions: Functions | None = None,
                       sizes: Mapping[str, int] | None = None) -> dict[str, Any]:  # fmt: skip
        """(∇²L) V by letter."""
        second = HessianVector(self.derivation)
        found = self._run(SECOND, values, None, functions, sizes, direction) if second.results else []
        results = dict(zip((one.name for one in second.directions if one in second.results), found, strict=True))
        return {one.name: results.get(one.name, np.zeros(np.shape(values[one.name]), self.dtype))
                for one in second.directions}  # fmt: skip

    @staticmethod
    def certified(values: Mapping[str, Any], upstream: Mapping[str, Any] | None = None,
                  functions: Functions | None = None,
                  sizes: Mapping[str, int] | None = None) -> tuple[Mapping[str, Any], dict[str, Any]]:  # fmt: skip
        """What is certified: the point, and what it does not hold."""
        return values, {"upstream": upstream, "sizes": sizes}

    def _run(self, wanted: str, values: Any, upstream: Any, functions: Any, sizes: Any,
             direction: Any = None) -> list[Any]:  # fmt: skip
        known = {Width(name): size for name, size in (sizes or {}).items()}
        widths = {**self.derivation.sizes, **known}
        given = Given(values, upstream or {}, functions or {}, widths, self.dtype, direction or {})
        arguments = [given.find(one.thing, one.name) for one in self.runners.plan(wanted).inputs]
        return self.runners.at(wanted, given.widths)(arguments)
