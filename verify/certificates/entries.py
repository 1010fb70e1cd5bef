"""The balls of a gradient: a list, or two factors of which a few rows at a time are multiplied out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import prod
from typing import Any

from flint import arb_mat

from verify.certificates.machine import Balls

AT_ONCE = 1 << 16


@dataclass(frozen=True, eq=False)
class Entries:
    """The entries of an array of this shape, row by row; `factors` (rows × s and s × columns) in place of `balls`."""

    shape: tuple[int, ...]
    balls: Balls = ()
    factors: tuple[Any, Any] | None = None

    @classmethod
    def multiplied(cls, shape: tuple[int, ...], pairs: Sequence[tuple[Any, Any]]) -> Entries:
        """The sum of several products of two factors, as one product."""
        if len(pairs) == 1:
            return cls(shape, factors=pairs[0])
        rows = [list(chain.from_iterable(row)) for row in zip(*(left.tolist() for left, _ in pairs), strict=True)]
        inner = [row for _, right in pairs for row in right.tolist()]
        return cls(shape, factors=(arb_mat(rows), arb_mat(inner)))

    @property
    def count(self) -> int:
        """How many entries there are."""
        return prod(self.shape)

    def blocks(self) -> Iterator[Balls]:
        """All entries, in pieces that fit into memory."""
        if self.factors is None:
            yield self.balls
            return
        left, right = self.factors
        rows, step = left.tolist(), max(1, AT_ONCE // right.ncols())
        for at in range(0, len(rows), step):
            yield (arb_mat(rows[at : at + step]) * right).entries()

    def at(self, place: int) -> Any:
        """One entry."""
        if self.factors is None:
            return self.balls[place]
        left, right = self.factors
        row, column = divmod(place, right.ncols())
        return sum((left[row, k] * right[k, column] for k in range(right.nrows())), start=left[row, 0] * 0)
