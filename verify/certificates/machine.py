"""One run of a plan in ball arithmetic: what every slot holds, the adjoints, and what was met on the way.

A slot holds a flat list of balls, row by row.  Lists are never changed in place, so that slots may share them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

Balls = Sequence[Any]
Floats = NDArray[np.float64]
ZERO, ONE = arb(0), arb(1)
ANYTHING = arb(0, 1e200)
"""What is said of the slope of a jump: there is none."""


class Imprecise(ArithmeticError):
    """The present precision does not settle whether something is 0; a higher one may."""


class Machine:
    """Values and adjoints by slot, while a plan runs forward and back.

    `floats` are the leaves' numbers as they were given.  `unit` is the number of bits of the floats whose rounding is
    asked about: what lies closer to a kink than their rounding counts as lying there.  Where `natural` is not 0, every
    function's slope is as inexact as a program with so many bits may compute it from the function's value.  `last`
    says that no higher precision follows.  `sides` says on which side of their kinks the comparisons that stay open are
    taken; None: as they are written.  `matrices` keeps given numbers as matrices of balls from one run to the next,
    those of the slots in `varying` for each sample.
    """

    __slots__ = (
        "d", "factors", "floats", "kinks", "last", "makers", "matrices", "natural", "sample", "saved", "sides", "sizes",
        "unit", "v", "varying",
    )  # fmt: skip

    def __init__(self, slots: int, unit: int = 53, natural: int = 0, last: bool = True) -> None:
        self.v: list[Any] = [None] * slots
        self.d: list[Any] = [None] * slots
        self.unit, self.natural, self.last = unit, natural, last
        self.floats: dict[int, Floats] = {}
        self.matrices: dict[Any, Any] = {}
        self.saved: dict[Any, Any] = {}
        self.factors: dict[int, tuple[Any, Any]] = {}
        self.kinks: list[tuple[Any, int, bool]] = []
        self.sizes: dict[int, Floats] = {}
        self.sides: tuple[int, ...] | None = None
        self.makers: dict[int, Any] = {}
        self.sample, self.varying = 0, frozenset[int]()

    def pull(self, slot: int, part: Balls) -> None:
        """Adds to the adjoint of a slot."""
        old = self.d[slot]
        self.d[slot] = part if old is None else list(map(operator.add, old, part))


def times(d: Any, slope: Any) -> Any:
    """d · slope, and 0 where d is 0: a branch that is not taken need not have a derivative."""
    return d if d.is_zero() else d * slope


def mapped(function: Callable[..., Any], *lists: Balls) -> list[Any]:
    """A function of balls, entry by entry."""
    return list(map(function, *lists))


def floats(balls: Balls) -> Floats:
    """The moduli of the midpoints; ∞ for what is not finite."""
    return np.array([abs(float(one)) if one.is_finite() else np.inf for one in balls])
