"""Inverses and determinants of matrices of balls.

Petersen, Pedersen 2012, The Matrix Cookbook, eqs. 43, 46, 59: ∂A⁻¹ = −A⁻¹ ∂A A⁻¹, ∂det A = tr(adj A ∂A),
∂log |det A| = tr(A⁻¹ ∂A).
"""

from __future__ import annotations

from typing import Any

from flint import arb_mat

from verify.certificates.machine import Imprecise, Machine
from verify.certificates.operations import Operation

_SMALL = 8  # where the minors of a singular matrix are still few


class _OfMatrix(Operation):
    def __init__(self, out: int, operand: int, size: int) -> None:
        super().__init__(out, operand)
        self.size = size

    def matrix(self, m: Machine) -> Any:
        """The operand."""
        return arb_mat(self.size, self.size, list(m.v[self.operands[0]]))


class Inverse(_OfMatrix):
    """A⁻¹."""

    def forward(self, m: Machine) -> None:
        found = _inverse(self.matrix(m))
        m.saved[self] = found
        m.v[self.out] = found.entries()

    def reverse(self, m: Machine) -> None:
        turned = m.saved[self].transpose()
        d = arb_mat(self.size, self.size, list(m.d[self.out]))
        m.pull(self.operands[0], (-(turned * d * turned)).entries())


class LogDeterminant(_OfMatrix):
    """log |det A|."""

    def forward(self, m: Machine) -> None:
        found = self.matrix(m).det()
        if not found.is_finite() or found.contains(0):
            raise Imprecise("the determinant may be 0")
        m.v[self.out] = [abs(found).log()]

    def reverse(self, m: Machine) -> None:
        (d,) = m.d[self.out]
        m.pull(self.operands[0], [d * one for one in _inverse(self.matrix(m)).transpose().entries()])


class Determinant(_OfMatrix):
    """det A."""

    def forward(self, m: Machine) -> None:
        m.v[self.out] = [self.matrix(m).det()]

    def reverse(self, m: Machine) -> None:
        (d,) = m.d[self.out]
        m.pull(self.operands[0], [d * one for one in self._cofactors(m)])

    def _cofactors(self, m: Machine) -> list[Any]:
        matrix = self.matrix(m)
        if self.size <= _SMALL:
            return _minors(matrix.tolist())
        determinant = m.v[self.out][0]
        return [determinant * one for one in _inverse(matrix).transpose().entries()]


def _inverse(matrix: Any) -> Any:
    try:
        return matrix.inv()
    except ZeroDivisionError:
        raise Imprecise("the matrix may be singular") from None


def _minors(rows: list[list[Any]]) -> list[Any]:
    """The cofactors, which are defined where the inverse is not."""
    found = []
    for i in range(len(rows)):
        for j in range(len(rows)):
            kept = [[one for b, one in enumerate(row) if b != j] for a, row in enumerate(rows) if a != i]
            minor = arb_mat(kept).det() if kept else 1
            found.append(minor if (i + j) % 2 == 0 else -minor)
    return found
