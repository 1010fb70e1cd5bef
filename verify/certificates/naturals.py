"""How inexact a float program's slope of a function may be: σ′ computed from σ is as inexact as its largest values.

Where a sigmoid is saturated, σ′ = 4·10⁻¹⁸, but σ(1 − σ) rounds to 0: that is rounding, not a mistake.  So where only
rounding is asked about, a slope at u has an error of one rounding of the largest slope between ±(|u| + 1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import arb

from verify.certificates.choices import Inner
from verify.certificates.machine import Balls, Floats, Machine, floats
from verify.certificates.operations import Operation

_FRACTIONS = (1.0, 0.5, 0.25, 0.1, 0.03, 0.01, 0.001, 0.0, -0.001, -0.01, -0.03, -0.1, -0.25, -0.5, -1.0)


class Natural(Operation):
    """The value of a function as it was computed (`operands[0]`); of what argument is `arguments[0]`."""

    def __init__(self, out: int, value: int, arguments: Sequence[int], build: Callable[[], Inner]) -> None:
        super().__init__(out, value)
        self.arguments, self.build = tuple(arguments), build

    def forward(self, m: Machine) -> None:
        m.v[self.out] = m.v[self.operands[0]]

    def reverse(self, m: Machine) -> None:
        d = m.d[self.out]
        m.pull(self.operands[0], d)
        if m.natural:
            errors = floats(d) * self._largest(m) * 2.0**-m.natural
            m.pull(self.arguments[0], [arb(0, one) for one in np.nan_to_num(errors, posinf=0.0).tolist()])

    def sizes(self, m: Machine, of: Callable[[int], Floats]) -> Floats:
        return floats(m.v[self.out])

    def _largest(self, m: Machine) -> Floats:
        """The largest slope that was found, entry by entry."""
        inner = self.build()
        first, *rest = (m.v[slot] for slot in self.arguments)
        ends = [(abs(one.mid()) + 1) * (-1 if one < 0 else 1) for one in first]
        found = np.zeros(len(ends))
        for fraction in _FRACTIONS:
            slopes = _slopes(inner, [[fraction * one for one in ends], *rest])
            found = np.maximum(found, np.where(np.isfinite(slopes), slopes, 0.0))
        return found


def _slopes(inner: Inner, arguments: Sequence[Balls]) -> Floats:
    m = Machine(inner.slots)
    for slot, balls in zip(inner.arguments, arguments, strict=True):
        m.v[slot] = balls
    inner.run(m)
    slope: Any = inner.pulled(m, [arb(1)] * len(arguments[0]))[0]
    return np.zeros(len(arguments[0])) if slope is None else floats(slope)
