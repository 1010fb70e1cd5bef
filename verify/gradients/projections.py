"""Random projections, for more entries than can be followed one by one; a wrong one is halved down to its worst entry.

A Gaussian direction d turns an error e of the gradient into ⟨e, d⟩, which is normal with the standard deviation |e|.  A
projection overlooks it if |⟨e, d⟩| stays below what is allowed; for an error of `REACH` times that, the probability is
erf(1/(REACH √2)), and for k independent projections the k-th power of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.claimed import Claimed
from verify.gradients.place import Place
from verify.gradients.slopes import Slope, quick_powers, slope
from verify.gradients.tree import Leaf

Array = NDArray[Any]
REACH = 10.0


@dataclass(frozen=True, eq=False)
class Projection:
    """⟨g, d⟩ as claimed, the slope of F along d, and what rounding of the claim may add."""

    claimed: float
    slope: Slope
    rounding: float

    @property
    def allowed(self) -> float:
        """What the two may differ by."""
        return self.slope.error + self.rounding

    @property
    def wrong(self) -> bool:
        """Whether they differ by more."""
        return math.isfinite(self.allowed) and self.slope.distance(self.claimed) > self.allowed

    @property
    def missing(self) -> float:
        """The slope less what is claimed."""
        return self.slope.value - self.claimed


def missed(count: int) -> float:
    """The probability that `count` projections overlook an error `REACH` times as large as what they allow."""
    return math.erf(1 / (REACH * math.sqrt(2))) ** count


def project(place: Place, claim: Claimed, where: slice, direction: Array, careful: bool = True) -> Projection:
    """The projection on `direction`, a vector over the entries of `where`: a few steps, then all if in doubt."""
    whole = np.zeros(place.theta.size)
    whole[where] = direction
    claimed = float(claim.known[where] @ direction)
    rounding = 8 * float(np.sqrt(np.sum((claim.rounding[where] * direction) ** 2)))
    rounding += 2.0**-50 * float(np.abs(claim.known[where]) @ np.abs(direction)) / math.sqrt(max(direction.size, 1))

    def follow(t: float) -> tuple[float, float]:
        return t, place.along(whole, t)

    size = float(np.sqrt(np.sum((claim.known[where] * direction) ** 2)))
    found = slope(follow, 1.0, quick_powers(place.noise, size, place.finest), place.noise)
    settled = math.isfinite(found.error) and not found.kink and found.error <= 1e-5 * abs(found.value) + rounding
    if careful and (not settled or found.distance(claimed) > found.error + rounding):
        found = slope(follow, 1.0, np.arange(-2, place.finest - 1, -2), place.noise)
    return Projection(claimed, found, rounding)


def gaussian(place: Place, where: slice, rng: np.random.Generator, even: bool) -> Array:
    """A random direction over an array, as large as its entries: `even` for all alike, else each by its own scale."""
    scale = place.scale[where]
    usual = float(np.exp2(np.round(np.log2(np.sqrt(np.mean(scale**2)))))) if even else scale
    count = min(scale.size, 10_000)
    made: Array = rng.standard_normal(scale.size) * usual / math.sqrt(count)
    return made


def bisect(place: Place, claim: Claimed, leaf: Leaf, rng: np.random.Generator) -> int:
    """The place of an entry that seems wrong: the half whose projection is further off is halved again.

    What the second half misses is what the whole misses less what the first half does.
    """
    low, high = leaf.start, leaf.start + leaf.size
    direction = gaussian(place, leaf.place, rng, even=True)
    missing = project(place, claim, leaf.place, direction, careful=False).missing
    while high - low > 1:
        middle = (low + high) // 2
        part = direction[low - leaf.start : middle - leaf.start]
        first = project(place, claim, slice(low, middle), part, careful=False).missing
        if abs(first) >= abs(missing - first):
            high, missing = middle, first
        else:
            low, missing = middle, missing - first
    return low
