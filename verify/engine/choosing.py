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


# `python -m benchmarks.engine` on a small server processor, float32 and float64, NumPy arrays in and out.  Generated C
# leads to 8 million and is level with BLAS around 10 to 30 million; NumPy leads or is level from there on one thread.
# Beyond 2 billion NumPy is level with JAX on one thread; on two, JAX beside BLAS in one process took up to 1.9 times as
# long.  On a GPU ask for JAX or PyTorch by name.
RANGES = (Range(1e7, "compiled"), Range(inf, "numpy"))
FALLBACK = "numpy"  # needs nothing that is not there
_NEEDS = {"jax": ("jax",), "torch": ("torch",)}  # what is not tried, and not imported, where it is not installed
_SCALES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


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
    said = f"about {amount_of(amount)} multiply-adds a call"
    if missing:
        return f"{FALLBACK} runs {said}, since {row.backend}, which leads there, does not: {missing}"
    if row not in RANGES:
        wanted = next(one.backend for one in RANGES if row.most == one.most)
        return f"{FALLBACK} runs {said}, since {wanted}, which leads there, is not installed"
    return f"{row.backend} runs {said}: where this was measured it leads {_reach(row)}"


def _reach(row: Range) -> str:
    """From where to where a row holds."""
    before = RANGES[: RANGES.index(row)]
    start = f"from {amount_of(before[-1].most)}" if before else ""
    end = f"up to {amount_of(row.most)}" if row.most < inf else "on" if start else "everywhere"
    return f"{start} {end}".strip()


def amount_of(count: float) -> str:
    """A count in words: `1.5 million`."""
    for scale, word in _SCALES:
        if count >= scale:
            short = f"{count / scale:.2g}" if count < 100 * scale else f"{count / scale:,.0f}"
            return f"{short} {word}"
    return f"{count:,.0f}"
