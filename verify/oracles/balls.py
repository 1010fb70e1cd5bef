"""The arithmetic of Arb balls: every number comes with a radius that provably holds its error.

Johansson 2017, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, IEEE Trans. Computers 66.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

Vector = NDArray[Any]  # of balls


def _map(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of one ball, for arrays of balls and for numbers."""
    mapped = np.frompyfunc(lambda u: function(arb(u)), 1, 1)
    return lambda u: mapped(u)


_times = np.frompyfunc(lambda d, slope: d if d.is_zero() else d * slope, 2, 1)
union = np.frompyfunc(lambda u, v: arb(u).union(arb(v)), 2, 1)
ball = np.frompyfunc(arb, 1, 1)


def _near(u: Any, v: Any) -> bool:
    """Whether two branches meet, up to the rounding of the float that was forced to a kink."""
    return bool(abs(arb(u) - v) < 1e-9 * (1 + abs(arb(u)) + abs(arb(v))))


_meet = np.frompyfunc(_near, 2, 1)


class Balls:
    """The namespace of mathematics over arrays of balls.

    Where the sign of a `choose` or an `abs` cannot be told, the value encloses both branches and the slope is that of
    the branch named by `side`; `undecided` then says so, and who wants an enclosure takes the union over both sides.
    `jumps` marks where the two branches differ in value, so that there is no slope at all.
    `forced` marks neurons for which that is done in any case, because a float sits at a kink within its rounding.
    """

    exp, log, sqrt = (staticmethod(_map(function)) for function in (arb.exp, arb.log, arb.sqrt))
    tanh, cosh, erf = (staticmethod(_map(function)) for function in (arb.tanh, arb.cosh, arb.erf))
    abs = staticmethod(_map(arb.__abs__))
    times = staticmethod(_times)

    def __init__(self, side: int = 1, forced: NDArray[np.bool_] | None = None) -> None:
        self.side, self.forced, self.undecided = side, forced, False
        self.jumps: Any = False

    @property
    def pi(self) -> Any:
        """π at the present precision."""
        return arb.pi()

    def number(self, value: int) -> Any:
        """The integer as a ball."""
        return arb(value)

    def sign(self, u: Vector) -> Vector:
        """The derivative of |u|."""
        return self.select(u, arb(1), arb(-1))

    def choose(self, c: Vector, yes: Any, no: Any) -> Vector:
        """`yes` where c > 0, `no` where c < 0, a ball around both where the sign of c cannot be told."""
        unknown, taken = self._unknown(c), np.where(self._positive(c), yes, no)
        if not unknown.any():
            return np.asarray(ball(taken))
        self.jumps = self.jumps | (unknown & ~np.asarray(_meet(yes, no), dtype=bool))
        return np.asarray(np.where(unknown, union(yes, no), taken))

    def select(self, c: Vector, yes: Any, no: Any) -> Vector:
        """The same for slopes: where the sign cannot be told, the branch of the chosen side."""
        unknown = self._unknown(c)
        return np.asarray(ball(np.where(np.where(unknown, self.side > 0, self._positive(c)), yes, no)))

    def _unknown(self, c: Vector) -> NDArray[np.bool_]:
        unknown = np.array([not (one > 0 or one < 0) for one in c], dtype=bool)
        unknown |= False if self.forced is None else self.forced
        self.undecided |= bool(unknown.any())
        return unknown

    def _positive(self, c: Vector) -> NDArray[np.bool_]:
        return np.array([one > 0 for one in c], dtype=bool)

    def power(self, u: Vector, power: int) -> Vector:
        """uⁿ by multiplication, since Arb's power of a ball around 0 is nan."""
        return np.asarray(np.prod([u] * power, axis=0) if power else ball(u * 0 + 1))

    def sum(self, u: Vector) -> Vector:
        """The sum over the neurons; the axis stays, with length 1."""
        return self.vector([sum(u, start=arb(0))])

    def vector(self, values: Any) -> Vector:
        """Numbers as balls, exactly."""
        found = np.empty(len(values), dtype=object)
        found[:] = [arb(one) for one in (values.tolist() if isinstance(values, np.ndarray) else values)]
        return found

    def like(self, values: Any, shape: tuple[int, ...]) -> Vector:
        """The values (a number, perhaps) as an array of balls with the given shape."""
        return np.broadcast_to(ball(values), shape)

    def dot(self, matrix: Any, a: Vector) -> Vector:
        """W a; a matrix may come as floats or already as an `arb_mat`."""
        exact = matrix if isinstance(matrix, arb_mat) else arb_mat(matrix.tolist())
        return self.vector((exact * arb_mat([[one] for one in a])).entries())
