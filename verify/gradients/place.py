"""A point at which a function is followed: what it changes by when the point moves, and how far it can be trusted.

The noise ε is estimated by ECNoise: differences of order 4 to 6 of f at nine equally spaced points.
Moré and Wild 2011, Estimating computational noise, SIAM J. Sci. Comput. 33, eq. 2.4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.objective import Objective

Array = NDArray[Any]
_POINTS = 9
_MEDIAN = 0.6745  # of the modulus of a normal variable, in standard deviations
_SPACINGS = {True: (-40, -28, -16), False: (-16, -12, -8)}  # powers of two: of float64 arguments, and of coarser ones


@dataclass(frozen=True, eq=False)
class Place:
    """`theta`, f's numbers there, the scale of each entry (powers of two), and the noise of f."""

    objective: Objective
    theta: Array
    outputs: Array
    scale: Array
    noise: float

    @property
    def exact(self) -> bool:
        """Whether f is followed in float64."""
        return self.objective.raised or self.objective.tree.roundoff == 2.0**-53

    @property
    def finest(self) -> int:
        """The smallest step that is taken, as a power of two of the scale."""
        return -26 if self.exact and self.objective.unit == 2.0**-53 else -12

    def rounded(self, theta: Array) -> Array:
        """What the function really sees."""
        return theta if self.objective.raised else self.objective.tree.rounded(theta)

    def change(self, theta: Array) -> float:
        """F(theta) − F here, where F = Σ upstream · f: of differences, so that less is lost; nan outside."""
        with np.errstate(all="ignore"):
            return float(self.objective.weights @ (self.objective.outputs(theta) - self.outputs))

    def along(self, direction: Array, step: float) -> float:
        """The change after a step along a direction."""
        return self.change(self.theta + step * direction)

    def along_entry(self, place: int, step: float) -> tuple[float, float]:
        """(the step that was really taken, the change) for one entry."""
        moved = self.theta.copy()
        moved[place] += step
        leaf = self.objective.tree.leaf_at(place)
        if not self.objective.raised and leaf.dtype != "float64":
            single = leaf.library.read(leaf.library.make(moved[place : place + 1], leaf.like, leaf.dtype))
            moved[place] = single[0]
        return float(moved[place] - self.theta[place]), self.change(moved)


def scales(objective: Objective, theta: Array) -> Array:
    """The scale of each entry: its size, and at least a sixteenth of what is usual in its array."""
    found = np.empty_like(theta)
    for leaf in objective.tree.leaves:
        own = np.abs(theta[leaf.place])
        usual = math.sqrt(float(np.mean(own**2))) or 1.0
        found[leaf.place] = np.exp2(np.round(np.log2(np.maximum(own, usual / 16))))
    return found


def place_at(objective: Objective, theta: Array, outputs: Array, rng: np.random.Generator, lines: int = 3) -> Place:
    """The place with its noise, measured along `lines` random directions, on one side only, as a kink may be here."""
    bare = Place(objective, theta, outputs, scales(objective, theta), 0.0)
    # by the largest, so that squares stay within range
    parts = np.abs(objective.weights * outputs)
    largest = float(parts.max())
    # a result in coarse numbers has lost several units on the way, and differences of neighbours may all be 0
    floor = (
        (1 if bare.exact and objective.unit == 2.0**-53 else 4)
        * objective.unit
        * (largest * float(np.sqrt(np.sum((parts / largest) ** 2))) if largest else 0.0)
    )
    found = [floor]
    for power in _SPACINGS[bare.exact]:
        seen = [ec_noise(_ray(bare, rng.standard_normal(theta.size) * bare.scale, 2.0**power)) for _ in range(lines)]
        finite = [one for one in seen if math.isfinite(one)]
        found.append(float(np.median(finite)) if finite else 0.0)
    return Place(objective, theta, outputs, bare.scale, max(found))


def _ray(place: Place, direction: Array, spacing: float) -> Array:
    return np.array([0.0, *(place.along(direction, spacing * k) for k in range(1, _POINTS))])


def ec_noise(values: Array) -> float:
    """The standard deviation of what is not smooth in equally spaced values; the median over the orders 4 to 6.

    Of the differences of an order the median is taken and not the mean of squares: a kink is in few of them.
    """
    if not np.isfinite(values).all():
        return math.nan
    found = [math.sqrt(_gamma(k)) * float(np.median(np.abs(np.diff(values, k)))) / _MEDIAN for k in (4, 5, 6)]
    return float(np.median(found))


def _gamma(k: int) -> float:
    return math.factorial(k) ** 2 / math.factorial(2 * k)


def noise_along_entry(place: Place, entry: int) -> float:
    """The noise along one entry: of the quieter side, since a kink is no noise."""
    found = [place.noise]
    for power in _SPACINGS[place.exact][1:]:
        sides = []
        for sign in (1.0, -1.0):
            step = sign * float(place.scale[entry]) * 2.0**power
            values = [0.0, *(place.along_entry(entry, step * k)[1] for k in range(1, _POINTS))]
            sides.append(ec_noise(np.array(values)))
        finite = [one for one in sides if math.isfinite(one)]
        found.append(min(finite, default=0.0))
    return max(found)
