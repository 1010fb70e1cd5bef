"""The error of central differences over the step size: down with h², then up with ε/h, and the step between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Network
from verify.oracles.arithmetic import Floats
from verify.oracles.certificate import Gradients
from verify.oracles.differences import noise
from verify.oracles.forward import forward
from verify.oracles.point import Point

Array = NDArray[Any]
_M = Floats()


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """`errors[i]` is the relative error at `steps[i]`; `noise` and `third` are the ε and |E‴| that chose the step."""

    steps: Array
    errors: Array
    chosen: float
    chosen_error: float
    noise: float
    third: float


@np.errstate(all="ignore")
def error_curve(network: Network, point: Point, gradients: Gradients, seed: int = 0) -> ErrorCurve:
    """Central differences along a random direction of all W and b, against the projection of the given gradients.

    The chosen step is h* = (3ε/|E‴|)^⅓, the minimum of ε/h + h²|E‴|/6, with E‴ estimated on the curve itself.  Where
    float64 cannot hold the loss, everything is nan.
    """
    rng = np.random.default_rng(seed)
    V = [None if one is None else rng.choice([-1.0, 1.0], one.shape) for one in point.W]
    v = [None if one is None else rng.choice([-1.0, 1.0], one.shape) for one in point.b]
    steps = np.logspace(-1, -13, 97)
    slopes = np.array([_slope(network, point, V, v, h) for h in steps.tolist()])
    expected = _projected(gradients["W"], V) + _projected(gradients["b"], v)
    done = forward(network, point, _M)
    epsilon = noise(network, point, done) if np.isfinite(done.loss) else np.nan
    third = _third(steps, slopes, epsilon)
    chosen = float(np.clip((3 * epsilon / third) ** (1 / 3), steps[-1], steps[0])) if third > 0 else float(steps[0])
    size = abs(expected) or 1.0
    last = abs(_slope(network, point, V, v, chosen) - expected) / size
    return ErrorCurve(steps, np.abs(slopes - expected) / size, chosen, float(last), epsilon, third)


def _slope(network: Network, point: Point, V: list[Any], v: list[Any], h: float) -> float:
    high, low = (forward(network, _moved(point, V, v, t), _M).loss for t in (h, -h))
    return float((high - low) / (2 * h))


def _moved(point: Point, V: list[Any], v: list[Any], t: float) -> Point:
    W, b = (
        tuple(None if one is None else one + t * by for one, by in zip(old, change, strict=True))
        for old, change in ((point.W, V), (point.b, v))
    )
    return replace(point, W=W, b=b)


def _projected(gradients: Any, signs: list[Any]) -> float:
    pairs = zip(gradients, signs, strict=True)
    return float(sum(np.sum(np.asarray(one) * by) for one, by in pairs if by is not None))


def _third(steps: Array, slopes: Array, epsilon: float) -> float:
    """|E‴| from D(2h) − D(h) = h²E‴/2, at the step where that stands highest above its own rounding, ε/h."""
    apart = round(float(np.log10(2) / np.log10(steps[0] / steps[1])))
    h, ratio = steps[apart:], steps[:-apart] / steps[apart:]
    values = 6 * np.abs(slopes[:-apart] - slopes[apart:]) / (h**2 * (ratio**2 - 1))
    error = epsilon / h / (np.abs(slopes[:-apart] - slopes[apart:]) + 1e-300) + h
    error[~np.isfinite(values)] = np.inf
    return float(values[np.argmin(error)])
