"""Which backend runs a call: by how many multiply-adds it takes, in a table of measured thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from math import inf, prod

from sympy import Expr

from derive.symbols import Index
from verify.engine.backends import BACKENDS
from verify.engine.plan.types import Line, Plan


@dataclass(frozen=True)
class Range:
    """Up to so many multiply-adds a call, this backend is the fastest where it can be built."""

    most: float
    backend: str


# One thread of a small server processor, arrays handed over from NumPy and back.
RANGES = (Range(2e4, "compiled"), Range(2e6, "numpy"), Range(inf, "jax"))
FALLBACK = "numpy"  # needs nothing that is not there
_NEEDS = {"jax": ("jax",), "torch": ("torch",)}  # what is not tried, and not imported, where it is not installed


def ranges() -> Iterator[Range]:
    """The rows that this machine can follow; the fallback takes the place of a backend that is not installed."""
    for row in RANGES:
        needed = (BACKENDS[row.backend].home, *_NEEDS.get(row.backend, ()))
        yield row if all(map(find_spec, needed)) else Range(row.most, FALLBACK)


def work(plan: Plan, sizes: Mapping[Expr, int]) -> int:
    """Multiply-adds of all lines together, each taken as one for every value of the indices in it."""
    return sum(_of_line(line, sizes) for line in plan.lines)


def _of_line(line: Line, sizes: Mapping[Expr, int]) -> int:
    indices = {*line.axes, *line.value.atoms(Index)}
    return prod(sizes[one.space.size] if one.space.size in sizes else int(one.space.size) for one in indices)


def because(row: Range, amount: int, missing: str = "") -> str:
    """One sentence that says why a backend was chosen."""
    said = f"about {amount:,} multiply-adds a call"
    if missing:
        return f"{FALLBACK} runs this, since the faster {row.backend} does not: {missing}"
    if row.backend == FALLBACK and row.most == inf:
        return f"{FALLBACK} runs {said}, since no backend for larger ones is installed"
    bound = "any more" if row.most == inf else f"up to {row.most:,.0f}"
    return f"{row.backend} runs {said}: it was the fastest for {bound} when this was measured"
