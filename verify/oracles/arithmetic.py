"""Two arithmetics in which a row's formula can be evaluated: float64, and complex numbers for the complex step.

Both work on the last axis (the neurons) of an array whose other axes are a batch.  A function outside its domain gives
nan without a warning, so that a branch which `choose` does not take can do no harm; who evaluates looks at the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[Any]
_erf: Any = np.frompyfunc(math.erf, 1, 1)


class Floats:
    """float64.  `side` says which branch is taken where `choose` or `abs` stands exactly at its kink."""

    dtype: Any = np.float64
    pi = math.pi
    exp, tanh, cosh = np.exp, np.tanh, np.cosh
    log: Callable[[Any], Any] = np.log
    sqrt: Callable[[Any], Any] = np.sqrt

    def __init__(self, side: int = -1) -> None:
        self.side = side

    def number(self, value: int) -> Any:
        """The integer as a number of this arithmetic."""
        return self.dtype(value)

    def erf(self, u: Any) -> Any:
        """The error function, as the C library has it."""
        return _erf(u).astype(np.float64) if isinstance(u, np.ndarray) else math.erf(u)

    def abs(self, u: Any) -> Any:
        """|u|."""
        return np.abs(u)

    def sign(self, u: Any) -> Any:
        """The derivative of |u|: ±1, and `side` at 0."""
        return self.choose(u, 1.0, -1.0)

    def choose(self, c: Any, yes: Any, no: Any) -> Any:
        """`yes` where c > 0, `no` where c < 0, nan where c is nan."""
        return np.where(np.isnan(c), np.nan, np.where(self.positive(c), yes, no))

    def select(self, c: Any, yes: Any, no: Any) -> Any:
        """What `choose` does to slopes."""
        return self.choose(c, yes, no)

    def positive(self, c: Any) -> Any:
        """Whether c > 0, or c = 0 and the side is the positive one."""
        return c >= 0 if self.side > 0 else c > 0

    def power(self, u: Any, power: int) -> Any:
        """uⁿ."""
        return u**power

    def sum(self, u: Any) -> Any:
        """The sum over the neurons; the axis stays, with length 1."""
        return u.sum(axis=-1, keepdims=True)

    def vector(self, values: NDArray[np.float64]) -> Vector:
        """Floats as numbers of this arithmetic."""
        return values.astype(self.dtype, copy=False)

    def dot(self, matrix: NDArray[np.float64], a: Vector) -> Vector:
        """W a for every a of the batch."""
        return a @ matrix.T

    def times(self, adjoint: Any, slope: Any) -> Any:
        """adjoint · slope, and 0 where the adjoint is 0: a branch that is not taken need not have a derivative."""
        return np.where(adjoint == 0, 0, adjoint * slope)

    def like(self, values: Any, shape: tuple[int, ...]) -> Vector:
        """The values (a number, perhaps) as an array of this arithmetic with the given shape."""
        return np.broadcast_to(np.asarray(values, dtype=self.dtype), shape)


class Complexes(Floats):
    """x + ih for the complex step: order and modulus are those of the real part, the rest is analytic.

    Squire and Trapp 1998, SIAM Review 40, 110–112: f′(x) = Im f(x + ih)/h up to O(h²), with no difference to round.
    """

    dtype: Any = np.complex128

    def log(self, u: Any) -> Any:
        """ln u on the right half plane; nan elsewhere, where the real logarithm has no value."""
        return np.log(np.where(np.real(u) > 0, u, np.nan))

    def sqrt(self, u: Any) -> Any:
        """√u on the right half plane; nan elsewhere."""
        return np.sqrt(np.where(np.real(u) >= 0, u, np.nan))

    def erf(self, u: Any) -> Any:
        """erf(x + ih) = erf x + ih · 2/√π · e^(−x²), exact up to O(h²)  (DLMF 7.2.1)."""
        x = np.asarray(np.real(u), dtype=np.float64)
        return _erf(x).astype(np.float64) + 2j / math.sqrt(math.pi) * np.exp(-(x**2)) * np.imag(u)

    def abs(self, u: Any) -> Any:
        """±u, by the sign of the real part."""
        return self.choose(u, u, -u)

    def positive(self, c: Any) -> Any:
        """Whether the real part of c is positive."""
        return super().positive(np.real(c))
