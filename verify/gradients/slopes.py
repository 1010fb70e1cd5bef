"""The slope of a function along a line, with a bound on its own error, and whether a kink or a jump lies there.

    D(h) = (F(h) − F(−h)) / 2h ,   error ≤ ε/h + h²|F‴|/6          balanced at h* = (3ε/|F‴|)^⅓
    T(h) = (16 D(h) − D(4h)) / 15                                    Richardson's extrapolation, error h⁴

Both are formed on a ladder of steps h, h/4, h/16, …; the one with the smallest bound is taken.  The truncation is seen
in what neighbouring steps change: so a kink between the points of a long step makes its bound large, and a shorter one
wins.  A kink at the point itself shows in S(h) = (F(h) − 2F(0) + F(−h)) / h: it vanishes with h for a smooth F, and is
the difference of the one-sided slopes at a kink.
Gill, Murray, Saunders, Wright 1983; Ridders 1982, Adv. Eng. Software 4, 75–76; Higham 2002, section 1.14.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Follow = Callable[[float], tuple[float, float]]  # a step → (the step really taken, the change)
_SAFETY = 8.0


@dataclass(frozen=True)
class Slope:
    """A slope and a bound on its error (inf: none was found); `left` and `right` where a `kink` is, `side` their bound.

    `jump`: F is not continuous here; `edge`: F ends here, and the slope is that of the side where it is defined;
    `flat`: F did not change by one bit; `richardson`: the slope was extrapolated.
    """

    value: float
    bound: float
    step: float
    left: float = math.nan
    right: float = math.nan
    side: float = 0.0
    kink: bool = False
    jump: bool = False
    edge: bool = False
    flat: bool = False
    richardson: bool = False

    def distance(self, given: float) -> float:
        """How far a given slope is from what is right here: from the interval of slopes, at a kink."""
        if self.kink:
            low, high = sorted((self.left, self.right))
            return max(0.0, low - given, given - high)
        return abs(given - self.value)

    @property
    def error(self) -> float:
        """The bound on the error of `distance`."""
        return math.inf if self.jump else self.side if self.kink else self.bound


@dataclass(frozen=True, eq=False)
class _Ladder:
    """Changes at ±steps, longest first."""

    up: Array
    down: Array
    high: Array
    low: Array
    noise: float

    @property
    def central(self) -> Array:
        return (self.high - self.low) / (self.up - self.down)

    @property
    def right(self) -> Array:
        return self.high / self.up

    @property
    def left(self) -> Array:
        return self.low / self.down

    @property
    def rounding(self) -> Array:
        return _SAFETY * self.noise / np.abs(self.up - self.down) * 2


@np.errstate(all="ignore")
def slope(follow: Follow, scale: float, powers: Array, noise: float) -> Slope:
    """The slope along `follow`, from the steps scale · 2^powers (longest first) and their negatives."""
    steps = scale * np.exp2(np.asarray(powers, dtype=np.float64))
    up, high = np.array([follow(float(h)) for h in steps]).T
    down, low = np.array([follow(-float(h)) for h in steps]).T
    ladder = _Ladder(up, down, high, low, noise)
    usable = np.isfinite(high) & np.isfinite(low)
    if not usable.any():
        return _one_sided(ladder)
    if not np.any(high) and not np.any(low):
        return Slope(0.0, float(ladder.rounding.min()), float(steps[-1]), flat=True)
    if _jumps(ladder):
        return Slope(float(ladder.central[usable][-1]), math.inf, float(steps[-1]), jump=True)
    value, bound, step, extrapolated = _best(ladder)
    kink = _kink(ladder)
    if kink is None:
        return Slope(value, bound, step, richardson=extrapolated)
    left, right, side = kink
    return Slope(value, bound, step, left, right, side, kink=True)


def quick_powers(noise: float, change: float, finest: int) -> Array:
    """Three steps around the balanced one, (ε/|F|)^⅓, for a function that changes by `change` over one scale."""
    balanced = math.log2(noise / change) / 3 if 0 < noise < math.inf and 0 < change < math.inf else float(finest)
    last = int(min(max(round(balanced), finest + 8 if finest < -12 else finest + 4), -7))
    return np.array([last + 4, last + 2, last])


def _best(ladder: _Ladder) -> tuple[float, float, float, bool]:
    """(slope, bound, step, whether extrapolated) of the smallest bound."""
    central = ladder.central
    extrapolated = np.full_like(central, np.nan)
    extrapolated[2:] = np.where(_fourth_order(ladder), (16 * central[2:] - central[1:-1]) / 15, np.nan)
    columns = np.stack((central, extrapolated))
    bounds = np.stack([_bounds(column, ladder, 1.0 + 0.2 * k) for k, column in enumerate(columns)])
    column, row = np.unravel_index(int(np.argmin(bounds)), bounds.shape)
    if not np.isfinite(bounds[column, row]):
        last = np.flatnonzero(np.isfinite(central))[-1]
        return float(central[last]), math.inf, float(ladder.up[last]), False
    return float(columns[column, row]), float(bounds[column, row]), float(ladder.up[row]), bool(column)


def _fourth_order(ladder: _Ladder) -> Array:
    """Where the differences fall by about 16 from step to step, as the extrapolation supposes; or are rounding."""
    change = np.abs(np.diff(ladder.central))
    ratio = change[:-1] / change[1:]
    return np.asarray(((ratio > 6) & (ratio < 40)) | (change[1:] <= ladder.rounding[2:]))


def _bounds(values: Array, ladder: _Ladder, share: float) -> Array:
    """ε/h plus what the neighbouring steps change, and what shorter steps say beyond their own rounding."""
    rounding = share * ladder.rounding
    change = np.abs(np.diff(values))
    seen = np.fmax(np.append(np.nan, change), np.append(change, np.nan))
    central = ladder.central
    for at in range(len(values) - 1):
        beyond = np.abs(values[at] - central[at + 1 :])
        beyond[2:] -= ladder.rounding[at + 3 :]  # not of the next two: their rounding may be less than it seems
        seen[at] = np.fmax(seen[at], np.fmax.reduce(beyond, initial=0.0))
    return np.where(np.isfinite(values), np.nan_to_num(rounding + 2 * seen, nan=np.inf), np.inf)


def _kink(ladder: _Ladder) -> tuple[float, float, float] | None:
    """(left, right, bound) if the slopes of both sides stay apart down to the shortest step that can tell."""
    left, right, doubt = ladder.left, ladder.right, 2 * ladder.rounding
    apart = np.abs(right - left)
    size = np.fmax(np.abs(right), np.abs(left))
    able = np.flatnonzero(np.isfinite(apart) & (doubt <= 0.1 * np.fmax(size, np.fmax.reduce(apart) / 2)))
    if able.size < 2:
        return None
    last, before = able[-1], able[-2]
    floor = max(4 * doubt[last], 1e-6 * size[last])
    if apart[last] <= floor or apart[last] <= 0.5 * apart[before]:
        return None
    sides = [_limit(side, doubt) for side in (left, right)]
    return sides[0][0], sides[1][0], max(sides[0][1], sides[1][1])


def _limit(side: Array, doubt: Array) -> tuple[float, float]:
    """A one-sided slope for h → 0 and its bound: the step with the least sum of rounding and change."""
    bound = doubt[1:] + np.abs(np.diff(side))
    bound = np.nan_to_num(bound, nan=np.inf)
    best = int(np.argmin(bound))
    return float(side[best + 1]), float(2 * bound[best])


def _jumps(ladder: _Ladder) -> bool:
    """Whether the change of a side does not vanish with the step."""
    for side in (ladder.high, ladder.low):
        found = np.abs(side[np.isfinite(side)])
        if found.size > 2 and found[-1] > 100 * ladder.noise and found[-1] > 0.7 * found[-3] > 0:
            return True
    return False


def _one_sided(ladder: _Ladder) -> Slope:
    """The slope of the side where F is defined, extrapolated; none if that is neither."""
    for side, change in ((ladder.right, ladder.high), (ladder.left, ladder.low)):
        if np.isfinite(change).sum() > 2:
            better = side[1:] + np.diff(side) / 3
            bound = np.nan_to_num(2 * ladder.rounding[2:] + np.abs(np.diff(better)), nan=np.inf)
            best = int(np.argmin(bound))
            return Slope(float(better[best + 1]), float(2 * bound[best]), float(ladder.up[best + 2]), edge=True)
    return Slope(math.nan, math.inf, 0.0, edge=True)
