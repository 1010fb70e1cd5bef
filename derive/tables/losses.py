"""The losses, one row each: a formula over the outputs a and the targets y of one sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any


@dataclass(frozen=True)
class Loss:
    """A row.

    `forward(m, total, n)` is the loss; `total(f)` is the sum of `f(a, y)` over the n outputs.  It is defined for
    outputs strictly between `low` and `high`.  `normalised` says that Σy = 1 holds by definition, `one_hot` that one
    target is 1.  `kinks` are functions of (m, a, y) whose zeros have no derivative.  `target` bounds the targets,
    `signs` says that they are ±1.
    """

    name: str
    title: str
    forward: Callable[..., Any]
    low: float = -inf
    high: float = inf
    normalised: bool = False
    one_hot: bool = False
    signs: bool = False
    kinks: tuple[Callable[..., Any], ...] = ()
    target: tuple[float, float] = (-inf, inf)


def _residual(m: Any, a: Any, y: Any) -> Any:
    return a - y


def _huber(m: Any, a: Any, y: Any) -> Any:
    return m.choose(1 - m.abs(a - y), (a - y) ** 2 / 2, m.abs(a - y) - _half(m))


def _half(m: Any) -> Any:
    return m.number(1) / 2


def _cosine(m: Any, total: Any, n: Any) -> Any:
    lengths = m.sqrt(total(lambda a, y: y**2)) * m.sqrt(total(lambda a, y: a**2))
    return 1 - total(lambda a, y: y * a) / lengths


_ROWS = (
    Loss("half-squared-error", "half squared error", lambda m, total, n: total(lambda a, y: (y - a) ** 2) / 2),
    Loss("squared-error", "squared error", lambda m, total, n: total(lambda a, y: (y - a) ** 2)),
    Loss("mse", "mean squared error", lambda m, total, n: total(lambda a, y: (y - a) ** 2) / n),
    Loss("mae", "mean absolute error", lambda m, total, n: total(lambda a, y: m.abs(y - a)) / n, kinks=(_residual,)),
    Loss("l1", "L1", lambda m, total, n: total(lambda a, y: m.abs(y - a)), kinks=(_residual,)),
    Loss(
        "mape",
        "mean absolute percentage error",
        lambda m, total, n: total(lambda a, y: m.abs((y - a) / y)) / n,
        kinks=(_residual,),
        target=(0, inf),
    ),
    Loss(
        "msle",
        "mean squared logarithmic error",
        lambda m, total, n: total(lambda a, y: (m.log(1 + y) - m.log(1 + a)) ** 2) / n,
        low=-1,
        target=(0, inf),
    ),
    Loss("log-cosh", "log-cosh", lambda m, total, n: total(lambda a, y: m.log(m.cosh(a - y)))),
    Loss(
        "binary-cross-entropy",
        "binary cross-entropy",
        lambda m, total, n: -total(lambda a, y: y * m.log(a) + (1 - y) * m.log(1 - a)),
        low=0,
        high=1,
        target=(0, 1),
    ),
    Loss(
        "cross-entropy",
        "cross-entropy",
        lambda m, total, n: -total(lambda a, y: y * m.log(a)),
        low=0,
        normalised=True,
        target=(0, 1),
    ),
    Loss(
        "nll",
        "negative log-likelihood",
        lambda m, total, n: -total(lambda a, y: y * m.log(a)),
        low=0,
        normalised=True,
        one_hot=True,
        target=(0, 1),
    ),
    Loss(
        "kl",
        "Kullback–Leibler divergence",
        lambda m, total, n: total(lambda a, y: y * m.log(y / a)),
        low=0,
        normalised=True,
        target=(0, 1),
    ),
    Loss("cosine", "cosine proximity", _cosine),
    Loss(
        "hinge",
        "hinge",
        lambda m, total, n: total(lambda a, y: m.choose(1 - y * a, 1 - y * a, 0)),
        signs=True,
        kinks=(lambda m, a, y: 1 - y * a,),
    ),
    Loss("huber", "Huber", lambda m, total, n: total(lambda a, y: _huber(m, a, y))),
)

LOSSES = {row.name: row for row in _ROWS}
