"""Central differences whose step is chosen from the rounding error of the loss, each with a bound on its own error.

    D(h) = (E(t + h) − E(t − h)) / 2h ,   error ≤ ε/h + h²|E‴|/6

ε, the noise of E, is measured by `noise`; the second term is measured as well, by comparing D at different steps: on a
ladder of steps h, h/4, h/16, … the one with the smallest sum is taken, for each entry on its own (at the optimum
h* = (3ε/|E‴|)^⅓).  A step across a kink is not taken.
Higham 2002, Accuracy and Stability, section 1.14; Gill, Murray, Saunders, Wright 1983; Moré and Wild 2011.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Network
from verify.oracles.arithmetic import Floats
from verify.oracles.directions import Lines
from verify.oracles.forward import Pass, loss, tail
from verify.oracles.point import Point
from verify.oracles.rounding import ROUNDOFF

Array = NDArray[Any]
LADDER = 2.0 ** -np.arange(3, 31, 2)  # steps, as changes of a pre-activation
_SAFETY = 8.0
_BATCH = 2**20  # floats in the widest array of a batch
_M = Floats()


@dataclass(frozen=True, eq=False)
class Estimates:
    """A derivative along each line, a bound on its error (inf: none was found), and the step that was taken."""

    value: Array
    bound: Array
    step: Array
    crossing: Array  # lines whose every step crosses a kink


@np.errstate(all="ignore")
def noise(network: Network, point: Point, done: Pass, expected: float = 0.0) -> float:
    """How far a computed E is from a smooth function of the parameters: an estimate of its rounding error.

    The largest of ECNoise (differences of order 4 to 6 of E at nine points 2⁻⁴⁰ apart on random lines; Moré and Wild
    2011, SIAM J. Sci. Comput. 33, eq. 2.4), of what E changes by if each a^L or each z^1 is off by two units in the
    last place, of |E|u, and of an `expected` error, in units of u.
    """
    rng = np.random.default_rng(20260102)
    z, a = done.z[0], done.a[-1]
    d = rng.uniform(0.5, 1, (3, 1, z.size)) * rng.choice([-1.0, 1.0], (3, 1, z.size))
    values = tail(network, point, _M, 1, z + 2.0**-40 * np.arange(9)[None, :, None] * d).loss
    levels = [np.sqrt(_gamma(k) * (np.diff(values, k) ** 2).mean(axis=1)) for k in (4, 5, 6)]
    signs = rng.choice([-4.0, 4.0], (8, a.size)) * ROUNDOFF
    shaken = _outputs(network, point, a * (1 + signs))
    signs = rng.choice([-4.0, 4.0], (8, z.size)) * ROUNDOFF
    moved = tail(network, point, _M, 1, z + np.maximum(np.abs(z), np.abs(point.x).max()) * signs).loss
    parts = np.concatenate((np.ravel(levels), np.abs(shaken - done.loss), np.abs(moved - done.loss)))
    return float(np.nanmax(np.append(parts, [abs(done.loss) * ROUNDOFF, expected * ROUNDOFF])))


def _gamma(k: int) -> float:
    return math.factorial(k) ** 2 / math.factorial(2 * k)


def _outputs(network: Network, point: Point, a: Array) -> Array:
    return np.asarray(loss(_M, network.loss_row, a, point.y)[..., 0])


@np.errstate(all="ignore")
def differences(network: Network, point: Point, done: Pass, along: Lines, epsilon: float) -> Estimates:
    """The central difference along each line, at its own best step of the ladder."""
    scale = np.abs(along.d).max(axis=1)
    size = np.exp2(-np.round(np.log2(np.where(scale > 0, scale, 1))))  # a power of two: t ± h is exact
    steps = LADDER * size[:, None]
    slopes, crossed = _slopes(network, point, done, along, steps)
    bound = _bounds(slopes, _SAFETY * epsilon / steps)
    bound[crossed | ~np.isfinite(slopes)] = np.inf
    best = np.argmin(bound, axis=1)[:, None]
    taken = [np.take_along_axis(table, best, axis=1)[:, 0] for table in (slopes, bound, steps)]
    still = scale == 0  # nothing changes along such a line
    return Estimates(np.where(still, 0, taken[0]), np.where(still, 0, taken[1]), taken[2], crossed.all(axis=1) & ~still)


def _slopes(network: Network, point: Point, done: Pass, along: Lines, steps: Array) -> tuple[Array, Array]:
    """D(h) for each line and step, and whether a kink lies between."""
    count = max(1, _BATCH // (2 * steps.shape[1] * max(int(width) for width in network.widths[1:])))
    parts = [
        _slopes_of(network, point, done, along.number, along.d[i : i + count], steps[i : i + count])
        for i in range(0, len(steps), count)
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _slopes_of(network: Network, point: Point, done: Pass, number: int, d: Array, h: Array) -> tuple[Array, Array]:
    t = np.stack((h, -h), axis=-1)
    reached = tail(network, point, _M, number, done.z[number - 1] + t[..., None] * d[:, None, None, :])
    value = reached.loss
    crossed = np.broadcast_to(_crossed(network, point, done, number, reached), value.shape).any(axis=-1)
    return (value[..., 0] - value[..., 1]) / (2 * h), np.asarray(crossed)


def _crossed(network: Network, point: Point, done: Pass, number: int, reached: Pass) -> Any:
    """Whether some neuron is on another side of a kink than at the point."""
    found: Any = np.zeros(1, dtype=bool)
    for at, z in enumerate(reached.z, number):
        layer = network.stack[at - 1]
        constants = point.constants_of(layer)
        for where in layer.row.kinks:
            side = np.sign(where(z, *constants)) != np.sign(where(done.z[at - 1], *constants))
            found = found | side.any(axis=-1)
    for distance in network.loss_row.kinks:
        side = np.sign(distance(_M, reached.a[-1], point.y)) != np.sign(distance(_M, done.a[-1], point.y))
        found = found | side.any(axis=-1)
    return found


def _bounds(slopes: Array, rounding: Array) -> Array:
    """ε/h plus the truncation, as seen from the neighbouring steps and every shorter one, beyond their rounding."""
    change = np.abs(np.diff(slopes, axis=1))
    change[~np.isfinite(change)] = np.nan
    longer = np.concatenate((np.full((len(slopes), 1), np.nan), change), axis=1)
    shorter = np.concatenate((change, np.full((len(slopes), 1), np.nan)), axis=1)
    seen = np.fmax(longer, shorter)
    for at in range(slopes.shape[1] - 1):
        beyond = np.abs(slopes[:, at : at + 1] - slopes[:, at + 1 :]) - rounding[:, at + 1 :]
        seen[:, at] = np.fmax(seen[:, at], np.nan_to_num(beyond, nan=0).max(axis=1))
    return np.nan_to_num(rounding + 2 * seen, nan=np.inf)
