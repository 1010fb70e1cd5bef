"""How far rounding alone may move each entry of a gradient: the radius of the same calculation at low precision.

The radius that ball arithmetic gives at p + s bits, times 2ˢ, is a running error analysis of a program with p bits
(Higham 2002, section 3.3), to first order: so nothing overflows, and no ball grows over a singularity.  Where s spare
bits leave a ball without an end, as the inverse of a matrix that is nearly singular, more of them are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx

from verify.certificates.enclosing import Enclosure, Setting, run
from verify.certificates.entries import Entries
from verify.certificates.machine import Floats, Imprecise

SAFETY = 64  # formulas differ: another right program may lose somewhat more than this one
SLACK = {53: 1e-9, 24: 2.0**-17}
"""Relative errors that are never called wrong: far below 10⁻⁶, and 64 roundings of a float32."""
FLOOR = {53: 2.0**-1000, 24: 2.0**-120}
"""Where floats underflow on the way, what is left says nothing."""
SPARE = (20, 100, 400, 900)
UNBOUNDED = float(np.finfo(np.float64).max)


@dataclass(frozen=True, eq=False)
class Budgets:
    """The error that rounding explains, for each entry of each gradient, row by row, and for the loss.

    `UNBOUNDED` where no bound was found: rounding may then have left nothing of a finite number.
    """

    gradients: Mapping[str, Floats]
    loss: Floats


def budgets(setting: Setting) -> Budgets:
    """The budgets, each from the fewest spare bits that bound it."""
    found: Budgets | None = None
    for spare in SPARE:
        more = _at(setting, spare)
        if more is not None:
            found = more if found is None else _joined(found, more)
            if all((one < UNBOUNDED).all() for one in (*found.gradients.values(), found.loss)):
                return found
    anything = np.array([UNBOUNDED])
    return found or Budgets(dict.fromkeys(setting.plan.wanted, anything), anything)


def _at(setting: Setting, spare: int) -> Budgets | None:
    """The budgets with so many spare bits; None where these are too few for a comparison or a determinant."""
    bits = setting.unit + spare
    with ctx.workprec(bits):
        try:
            found: Enclosure = run(setting, bits, {}, True, natural=bits)
        except Imprecise:
            return None
        gradients = {name: _radii(one, spare) for name, one in found.gradients.items()}
        return Budgets(gradients, _radii(Entries((), [arb(0) if found.loss is None else found.loss]), spare))


def _joined(first: Budgets, second: Budgets) -> Budgets:
    """The first, and the second where the first has no bound."""

    def bound(one: Floats, other: Floats) -> Floats:
        return np.where(one < UNBOUNDED, one, other)

    gradients = {name: bound(one, second.gradients[name]) for name, one in first.gradients.items()}
    return Budgets(gradients, bound(first.loss, second.loss))


def _radii(entries: Entries, spare: int) -> Floats:
    factor: Any = arb(SAFETY) * arb(2) ** spare
    radii = np.array([float(ball.rad() * factor) for block in entries.blocks() for ball in block])
    return np.asarray(np.nan_to_num(radii, nan=UNBOUNDED, posinf=UNBOUNDED))
