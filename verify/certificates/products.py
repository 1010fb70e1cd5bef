"""Sums of products as matrix products of balls: Σ_k A_bmk B_bkn for every b, which Arb computes without Python.

The adjoints are matrix products too: Ā = C̄ Bᵀ and B̄ = Aᵀ C̄ (Giles 2008, section 2.2.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb_mat

from verify.certificates.machine import Floats, Machine
from verify.certificates.operations import Operation

LARGE = 50_000
"""A gradient of more entries is kept as two factors, and multiplied out a few rows at a time."""


@dataclass(frozen=True)
class Shape:
    """How many matrices there are, and how they are: (rows × inner) (inner × columns)."""

    count: int
    rows: int
    inner: int
    columns: int


class Contract(Operation):
    """C = A B for each of `shape.count` matrices; `leaves` says which of the operands are given numbers, as they are.

    `alone` says which of these nothing else uses.
    """

    def __init__(self, out: int, left: int, right: int, shape: Shape) -> None:
        super().__init__(out, left, right)
        self.shape = shape
        self.leaves: frozenset[int] = frozenset()
        self.alone: frozenset[int] = frozenset()

    def forward(self, m: Machine) -> None:
        s = self.shape
        left = self._matrices(m, self.operands[0], s.rows, s.inner)
        right = self._matrices(m, self.operands[1], s.inner, s.columns)
        m.saved[self] = left, right
        m.v[self.out] = [one for a, b in zip(left, right, strict=True) for one in (a * b).entries()]

    def reverse(self, m: Machine) -> None:
        s, (u, v) = self.shape, self.operands
        left, right = m.saved[self]
        d = _cut(m.d[self.out], s.count, s.rows, s.columns)
        if u in self.active:
            turned = [one.transpose() for one in right]
            if u in self.alone and s.count == 1 and s.rows * s.inner > LARGE:
                m.factors[u] = d[0], turned[0]
            else:
                m.pull(u, [one for c, b in zip(d, turned, strict=True) for one in (c * b).entries()])
        if v in self.active:
            m.pull(v, [one for a, c in zip(left, d, strict=True) for one in (a.transpose() * c).entries()])

    def _matrices(self, m: Machine, slot: int, rows: int, columns: int) -> list[Any]:
        """The operand as matrices; numbers that were given are exact, and made into balls once for all precisions."""
        if slot not in self.leaves:
            return _cut(m.v[slot], self.shape.count, rows, columns)
        key = self, slot, m.sample if slot in m.varying else 0
        if key not in m.matrices:
            m.matrices[key] = _cut(m.floats[slot].ravel().tolist(), self.shape.count, rows, columns)
        return list(m.matrices[key])

    def sizes(self, m: Machine, of: Callable[[int], Floats]) -> Floats:
        s = self.shape
        left = of(self.operands[0]).reshape(s.count, s.rows, s.inner)
        return np.asarray((left @ of(self.operands[1]).reshape(s.count, s.inner, s.columns)).ravel())


def _cut(balls: Any, count: int, rows: int, columns: int) -> list[Any]:
    size = rows * columns
    if count == 1:
        return [arb_mat(rows, columns, list(balls))]
    return [arb_mat(rows, columns, list(balls[at * size : (at + 1) * size])) for at in range(count)]
