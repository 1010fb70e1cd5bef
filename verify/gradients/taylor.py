"""The Taylor-remainder test: F(θ + hd) − F(θ) − h⟨g, d⟩ falls with h² if g is the gradient, and with h if it is not.

Farrell, Ham, Funke, Rognes 2013, SIAM J. Sci. Comput. 35, C369–C393, section 6.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.claimed import Claimed
from verify.gradients.place import Place
from verify.gradients.result import Taylor

Array = NDArray[Any]
_ABOVE = 30.0  # times the noise: what is lower is not fitted
_POINTS = 4  # fewer do not make a line
_LEVEL = 6  # so many of the shortest steps: the slope is that of h → 0


def taylor(place: Place, claim: Claimed, rng: np.random.Generator, count: int = 14) -> Taylor:
    """The remainders at steps 2⁻³, 2⁻⁴, …, along a random direction in which every entry moves by its own scale.

    Entries whose gradient is not given stay where they are.
    """
    direction = rng.standard_normal(place.theta.size) * place.scale
    direction[np.isnan(claim.values)] = 0.0
    direction /= max(1.0, float(np.sqrt(np.mean((direction / place.scale) ** 2) * min(direction.size, 100))))
    steps = 2.0 ** -np.arange(3.0, 3.0 + count)
    changes, expected = np.empty(count), np.empty(count)
    for number, h in enumerate(steps):
        moved = place.rounded(place.theta + h * direction)
        changes[number] = place.change(moved)
        expected[number] = float(claim.known @ (moved - place.theta))
    remainders = np.abs(changes - expected)
    return Taylor(steps, remainders, np.abs(changes), place.noise, _fitted(steps, remainders, place.noise, expected))


def _fitted(steps: Array, remainders: Array, noise: float, expected: Array) -> float | None:
    """The slope of the logarithms over the shortest steps that are above the noise."""
    floor = _ABOVE * noise + 2.0**-48 * np.abs(expected)
    usable = np.flatnonzero(np.isfinite(remainders) & (remainders > floor))
    if usable.size < _POINTS:
        return None
    taken = usable[-_LEVEL:]
    return float(np.polyfit(np.log2(steps[taken]), np.log2(remainders[taken]), 1)[0])
