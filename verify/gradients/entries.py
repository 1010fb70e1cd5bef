"""Entries compared one by one: a quick slope for each, the whole ladder of steps before anything is called wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.claimed import Claimed
from verify.gradients.place import Place, noise_along_entry
from verify.gradients.result import Entry
from verify.gradients.slopes import Slope, quick_powers, slope
from verify.gradients.tree import Leaf

Array = NDArray[Any]
_RESOLVED = 1e-7  # of the array's largest entry: a quick slope need not be better
_SUSPECTS = 200  # of an array that get the whole ladder
_CLEAR, _CONFIRMED = 1e3, 8  # after so many were found wrong with care, what is so far off needs no more of it
_COARSE = 0.02  # an error that would stay hidden up to this, relative to the array, leaves the array undecided
_BESIDE = 1e-6  # or up to this, relative to all arrays


@dataclass(frozen=True, eq=False)
class Followed:
    """The `places` (in the flat vector) of an array that were followed, and the slope at each."""

    leaf: Leaf
    places: Array
    slopes: tuple[Slope, ...]

    @property
    def true(self) -> Array:
        """The slopes."""
        return np.array([one.value for one in self.slopes])

    @property
    def error(self) -> Array:
        """The bounds on their errors."""
        return np.array([one.error for one in self.slopes])


def follow(place: Place, claim: Claimed, leaf: Leaf, places: Array, probing: bool = False) -> Followed:
    """The slopes of these entries.  Suspects, worst first, are followed over the whole ladder with their own noise.

    `probing`: far from where anybody calls the function, a plateau may be a saturated number and not a derivative of 0.
    """
    given, allowed = claim.known[places], claim.rounding[places]
    size = float(np.abs(claim.known[leaf.place]).max(initial=0.0))
    quick = [_quick(place, int(at), size) for at in places]
    size = max(size, max((abs(one.value) for one in quick if math.isfinite(one.value)), default=0.0))
    doubts = np.array([_doubt(one, g, a, size) for one, g, a in zip(quick, given, allowed, strict=True)])
    confirmed = 0
    for number in np.argsort(-doubts)[:_SUSPECTS]:
        if doubts[number] <= 1 or (_CLEAR < doubts[number] < math.inf and confirmed > _CONFIRMED):
            continue
        quick[number] = _careful(place, int(places[number]), quick[number], probing)
        confirmed += quick[number].distance(given[number]) > quick[number].error + allowed[number]
    return Followed(leaf, places, tuple(quick))


def _doubt(found: Slope, given: float, allowed: float, size: float) -> float:
    """Above 1 where the quick slope does not settle the entry; larger where it speaks against it."""
    if found.kink or found.jump or found.edge or not math.isfinite(found.bound):
        return math.inf
    wrong = found.distance(given) / max(found.error + allowed, 1e-300)
    coarse = found.bound / max(_RESOLVED * size, 1e-5 * abs(found.value), 2 * allowed, 1e-300)
    return max(wrong if wrong > 1 else 0.0, min(coarse, 1e3) if size > 0 else 0.0)


def _quick(place: Place, at: int, size: float) -> Slope:
    powers = quick_powers(place.noise, size * float(place.scale[at]), place.finest)
    return _entry_slope(place, at, powers, place.noise)


def _careful(place: Place, at: int, quick: Slope, probing: bool) -> Slope:
    noise = noise_along_entry(place, at)
    found = _entry_slope(place, at, np.arange(-2, place.finest - 1, -2), noise)
    if probing and quick.flat and not found.flat:
        far = _entry_slope(place, at, np.array([-3, -5]), noise)
        return found if far.flat else Slope(found.value, math.inf, found.step)
    return found


def _entry_slope(place: Place, at: int, powers: Array, noise: float) -> Slope:
    return slope(lambda t: place.along_entry(at, t), float(place.scale[at]), powers, noise)


def judged(place: Place, claim: Claimed, found: Followed, rtol: float = 0.0) -> list[Entry]:
    """The verdict on each entry that was followed."""
    return [
        replace(_entry(found.leaf, int(at), float(claim.values[at]), one, float(claim.rounding[at]), rtol), at=own)
        for at, one, own in zip(found.places, found.slopes, place.theta[found.places].tolist(), strict=True)
    ]


def _entry(leaf: Leaf, at: int, given: float, found: Slope, rounding: float, rtol: float) -> Entry:
    allowed = found.error + rounding + rtol * max(abs(given), abs(found.value))
    distance = found.distance(given)
    excess = distance / allowed if allowed > 0 else (math.inf if distance > 0 else 0.0)
    verdict = "wrong" if excess > 1 else "right" if math.isfinite(allowed + distance) else "undecided"
    index = tuple(int(one) for one in np.unravel_index(at - leaf.start, leaf.shape)) if leaf.shape else ()
    return Entry(
        leaf.entry(at), leaf.name, index, given, found.value, found.bound, rounding, verdict,
        0.0 if math.isnan(excess) else excess, found.kink, found.left, found.right, _note(found, given),
    )  # fmt: skip


def _note(found: Slope, given: float) -> str:
    if found.jump:
        return "f jumps here, and has no derivative"
    if found.edge:
        return "f is defined on one side only" if math.isfinite(found.bound) else "f is not finite beside this point"
    if not found.kink:
        return ""
    low, high = (one + 0.0 for one in sorted((found.left, found.right)))  # no −0
    if found.distance(given) <= found.side:
        where = f"the given {given:.6g} is one of them, or between"
    else:
        where = f"the given {given:.6g} is not between"
    return f"f has a kink here, with the slopes {low:.6g} and {high:.6g}: {where}"


def resolution(found: list[Entry]) -> float:
    """The largest error that may have stayed hidden, relative to the largest gradient of the array."""
    allowed = [one.bound + one.rounding for one in found if one.verdict != "undecided" and not one.kink]
    size = max((max(abs(one.true), abs(one.given)) for one in found if math.isfinite(one.true)), default=0.0)
    worst = max(allowed, default=0.0)
    if math.isinf(worst):
        return math.inf
    return worst / size if size else (0.0 if worst == 0 else math.inf)


def verdict_of(found: list[Entry], overall: float, unit: float) -> str:
    """The verdict on an array from its entries; `overall` is the largest gradient of all, `unit` its roundoff."""
    if any(one.verdict == "wrong" for one in found):
        return "wrong"
    if any(one.verdict == "undecided" for one in found):
        return "undecided"
    hidden = max((one.bound + one.rounding for one in found if not one.kink), default=0.0)
    size = max((max(abs(one.true), abs(one.given)) for one in found), default=0.0)
    nothing = all(one.given == 0.0 and one.true == 0.0 for one in found)
    return "right" if hidden <= max(_COARSE * size, 64 * unit * size, _BESIDE * overall) or nothing else "undecided"
