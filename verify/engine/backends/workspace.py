"""The NumPy backend: the readable source of a plan, run as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from verify.engine.modules import module_of
from verify.engine.plan.types import Plan
from verify.engine.source import arguments_of, array_source, function_name


class ArrayRunner:
    """Runs the readable source; see `verify.engine.backends.Runner`."""

    def __init__(self, plan: Plan, dtype: str) -> None:
        self.source = array_source(plan, "numpy", dtype=dtype)
        self._type = np.dtype(dtype)
        self._single = len(plan.results) == 1
        names = plan.arguments
        self._places = [(names.index(one.name), one.sort) for one in arguments_of(plan)]
        self._function = getattr(module_of(self.source, f"{function_name(plan)} (NumPy)"), function_name(plan))

    def __call__(self, arguments: Sequence[Any]) -> list[Any]:
        """The results as new arrays."""
        given = [
            self._type.type(arguments[place]) if sort == "number" else arguments[place] for place, sort in self._places
        ]
        # e^(−z) may overflow to ∞, and 1/(1 + ∞) is 0 as it should be; log 0 is −∞.
        with np.errstate(all="ignore"):
            found = self._function(*given)
        return [np.array(one, self._type) for one in ([found] if self._single else found)]


def build(plan: Plan, dtype: str, threads: int | None) -> ArrayRunner:
    """A runner; NumPy itself decides about threads."""
    return ArrayRunner(plan, dtype)
