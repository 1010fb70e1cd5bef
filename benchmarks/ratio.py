"""How a ratio is measured: both sides in turn, several times, so that a busy moment hits both; medians are divided."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Timer = Callable[[], float]


@dataclass(frozen=True)
class Ratio:
    """A measured ratio and the target for it; `at_least` where more is better."""

    what: str
    value: float
    target: float
    detail: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the target is kept."""
        return self.value >= self.target if self.at_least else self.value <= self.target


def ratio(what: str, ours: Timer, other: Timer, target: float, rounds: int = 7, at_least: bool = False) -> Ratio:
    """The median of `ours` over the median of `other`, or the other way round where more is better."""
    pairs = [(ours(), other()) for _ in range(rounds)]
    mine, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    value = theirs / mine if at_least else mine / theirs
    return Ratio(what, value, target, f"{mine * 1e3:.1f} ms against {theirs * 1e3:.1f} ms", at_least)


def process(*arguments: str) -> Timer:
    """A timer of a whole Python process."""

    def run() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        return time.perf_counter() - start

    return run


def call(function: Callable[[], object], share: float = 1.0) -> Timer:
    """A timer of one call, in seconds times `share`."""

    def run() -> float:
        gc.collect()
        start = time.perf_counter()
        function()
        return (time.perf_counter() - start) * share

    return run
