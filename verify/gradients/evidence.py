"""What is known of a wrong array, against which suspicions are tested: the claim, and the true numbers of entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_FIT = 1e-6  # of the largest entry: what a confirmed suspicion may leave, at most
_MENDED = 0.01  # of the error that is to be explained


@dataclass(frozen=True, eq=False)
class Evidence:
    """`given` has the shape of the array; at the flat `places` it should be `true`, within `error`.

    `arrays` are numbers by name from which a factor may come (the parameters, and what the user has given as context),
    `gradients` the claims for the other arrays, `sizes` says where a number such as 32 is the length of an axis.
    """

    name: str
    given: Array
    own: Array
    places: Array
    true: Array
    error: Array
    arrays: Mapping[str, Array]
    gradients: Mapping[str, Array]
    sizes: Mapping[int, str]

    @property
    def claimed(self) -> Array:
        """The given values of the known entries."""
        return np.asarray(self.given.ravel()[self.places])

    @property
    def size(self) -> float:
        """The largest of all numbers involved."""
        return float(max(np.abs(self.true).max(initial=0.0), np.abs(self.claimed).max(initial=0.0)))

    @property
    def wrong(self) -> Array:
        """Which of the known entries are wrong."""
        return np.asarray(np.abs(self.claimed - self.true) > self.error)

    @property
    def complete(self) -> bool:
        """Whether every entry is known."""
        return self.places.size == self.given.size

    @property
    def missing(self) -> Array:
        """true − given, in the shape of the array; only where it is `complete`."""
        found = np.empty(self.given.size)
        found[self.places] = self.true - self.claimed
        return found.reshape(self.given.shape)

    @property
    def allowed(self) -> Array:
        """The errors, in the shape of the array; only where it is `complete`."""
        found = np.empty(self.given.size)
        found[self.places] = self.error
        return found.reshape(self.given.shape)

    def fits(self, candidate: Array) -> bool:
        """Whether an array of the same shape has the true numbers wherever they are known."""
        return bool(candidate.shape == self.given.shape) and self.fit(candidate.ravel()[self.places], self.true)

    def fit(self, one: Array, other: Array, gain: float = 1.0) -> bool:
        """Whether two lists of numbers, one for each known entry, agree; `gain` says how much errors have grown."""
        size = max(float(np.abs(other).max(initial=0.0)), 1e-300)
        with np.errstate(all="ignore"):
            left = min(_FIT * size, _MENDED * float(np.abs(self.claimed - self.true).max()))
            near = np.abs(one - other) <= 4 * max(gain, 1.0) * self.error + left
        return bool(near.all()) and not self._blurred(other)

    def _blurred(self, other: Array) -> bool:
        """Whether the errors are so large that everything would fit."""
        return bool(np.median(self.error) * 20 > max(float(np.abs(other).max(initial=0.0)), 1e-300))

    def where(self, mask: Array) -> str:
        """The first entry of a mask over the known ones, as `W[2, 0]`."""
        return self.label(int(self.places[np.flatnonzero(mask)[0]]))

    def label(self, flat: int) -> str:
        """`W[2, 0]` for a flat place of the array."""
        if not self.given.shape:
            return self.name
        return f"{self.name}[{', '.join(str(int(one)) for one in np.unravel_index(flat, self.given.shape))}]"
