"""Compares floats with the balls around the truth: rigorous bounds on the error of every entry."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

from verify.certificates.entries import Entries
from verify.certificates.machine import Floats

_UP = 1 + 2.0**-50  # one rounding to a float, and some
_TINY = 1e-290  # below, quotients of floats are not to be relied on
LEAST = {53: 2.0**-1074, 24: 2.0**-149}
"""The smallest positive float of each kind."""
NOTHING = {unit: arb(2) ** -(6 + int(-math.log2(least))) for unit, least in LEAST.items()}
"""What is far smaller than these."""


@dataclass(frozen=True, eq=False)
class Compared:
    """For each entry: the true value as a float, bounds on the error, the relative error; which are open."""

    value: Floats
    most: Floats
    least: Floats
    relative: Floats
    open: NDArray[np.bool_]


def compare(entries: Entries, computed: Floats, settled: Callable[[Any], bool] | None, unit: int) -> Compared:
    """The comparison of an array's entries, row by row, with what was computed; `settled` is None where all are."""
    given, parts, at = computed.ravel().tolist(), [], 0
    for block in entries.blocks():
        parts.append(_block(block, given[at : at + len(block)], settled, unit))
        at += len(block)
    if len(parts) == 1:
        return parts[0]
    names = ("value", "most", "least", "relative", "open")
    return Compared(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))


def _block(balls: Sequence[Any], given: list[float], settled: Callable[[Any], bool] | None, unit: int) -> Compared:
    errors = list(map(operator.sub, balls, given))
    value = np.array(list(map(float, balls)))
    most = np.array(list(map(float, map(arb.abs_upper, errors)))) * _UP
    least = np.array(list(map(float, map(arb.abs_lower, errors)))) / _UP
    finite = np.fromiter(map(arb.is_finite, balls), bool, len(balls))
    open_ = np.zeros(len(balls), bool)
    if settled is not None:
        open_ = ~np.fromiter(map(settled, balls), bool, len(balls))
    with np.errstate(all="ignore"):
        relative = most / np.abs(value) * _UP
    tiny = ~(np.abs(value) > _TINY)
    relative[tiny] = 0.0  # where a float could not be nearer
    for lane in np.flatnonzero(tiny & ~(most <= LEAST[unit])).tolist():
        relative[lane] = np.inf if balls[lane].is_zero() else float((errors[lane] / balls[lane]).abs_upper())
    least[~finite] = 0.0
    most, least, relative = (np.where(np.isnan(one), np.inf, one) for one in (most, least, relative))
    return Compared(value, most, least, relative, open_)
