"""How far rounding alone may move each entry of a gradient: the radius of the same calculation at low precision.

The radius that ball arithmetic gives at p + 20 bits, times 2²⁰, is a running error analysis of a program with p bits
(Higham 2002, section 3.3), to first order: so nothing overflows, and no ball grows over a singularity.
"""

from __future__ import annotations

import numpy as np
from flint import ctx

from verify.certificates.enclosing import Setting, run
from verify.certificates.entries import Entries
from verify.certificates.machine import Floats, Imprecise

SAFETY = 64.0  # formulas differ: another right program may lose somewhat more than this one
SLACK = {53: 1e-9, 24: 2.0**-17}
"""Relative errors that are never called wrong: far below 10⁻⁶, and 64 roundings of a float32."""
FLOOR = {53: 2.0**-1000, 24: 2.0**-120}
"""Where floats underflow on the way, what is left says nothing."""
_SPARE = 20


def budgets(setting: Setting) -> dict[str, Floats]:
    """The error that rounding explains, for each entry of each gradient, row by row; 0 where no bound was found."""
    bits = setting.unit + _SPARE
    with ctx.workprec(bits):
        try:
            found = run(setting, bits, {}, True, natural=bits).gradients
        except Imprecise:
            return {}
    return {name: _radii(one) for name, one in found.items()}


def _radii(entries: Entries) -> Floats:
    radii = np.array([float(ball.rad()) for block in entries.blocks() for ball in block])
    return np.where(np.isfinite(radii), radii * (SAFETY * 2.0**_SPARE), 0.0)
