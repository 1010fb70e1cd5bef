"""What the numbers say about a row: the first relation whose sides differ at a random point."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.corpus.oracle.network import network
from tests.corpus.oracle.rows import Row

POINTS = 10
SAME, CLEAR = 1e-6, 1e-4


class Unclear(ArithmeticError):
    """Two sides that neither agree nor differ clearly: the row or its domain is badly made."""


def _distance(left: Any, right: Any) -> float:
    """The largest difference, relative to the sides; infinite where shapes differ or a side is undefined."""
    if isinstance(left, list) or isinstance(right, list):
        if not (isinstance(left, list) and isinstance(right, list) and len(left) == len(right)):
            return float("inf")
        return max(map(_distance, left, right))
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if left.shape != right.shape and not (left.size == right.size == 1):
        return float("inf")
    scale = 1 + min(np.max(np.abs(left)), np.max(np.abs(right)))
    gap = np.max(np.abs(left.ravel() - right.ravel())) / scale
    return float(gap) if np.isfinite(gap) else float("inf")


def _value(side: Callable[[Any], Any], point: Any) -> Any:
    """The value of a side; a product or an index that does not fit has none, which is infinitely far from any."""
    try:
        return side(point)
    except (ValueError, IndexError, KeyError):
        return np.nan


def world_of(row: Row, record: dict[str, Any]) -> Callable[[Any], Any]:
    """What draws the points of a row."""
    if row.world is not None:
        return row.world
    return network(record, row.notation or record["notation"])


def first_difference(row: Row, world: Callable[[Any], Any]) -> int | None:
    """The number, from 1, of the first relation that is false somewhere; None where all agree at every point.

    Raises `Unclear` where two sides are neither equal to 1e-6 at all points nor apart by 1e-4 at one.
    """
    rng = np.random.default_rng(zlib.crc32(row.id.encode()))
    points = [world(rng) for _ in range(POINTS)]
    for number, (left, right) in enumerate(row.relations, 1):
        with np.errstate(all="ignore"):
            found = max(_distance(_value(left, one), _value(right, one)) for one in points)
        if found > CLEAR:
            return number
        if found > SAME:
            raise Unclear(f"{row.id}: the sides of relation {number} are {found:.1e} apart")
    return None
