"""Descent on any function, with the way recorded: for pictures, for restarts, and to see a rate that is too large.

    from verify.training import descend
    path = descend(lambda p: p @ p, lambda p: 2 * p, [3.0, 1.0], rate=0.1, steps=50)

With `fractions.Fraction`s for the start and the rate, plain descent and momentum are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Rational
from typing import Any, Literal

import numpy as np

from verify.training.errors import Diverged, TrainingError
from verify.training.schedules import Rates, parts
from verify.training.update import Update, checked_rate

Array = np.ndarray[Any, Any]
Function = Callable[[Any], Any]
MOST_GROWTH = 1e6
"""A value that lies this many times 1 + |f(start)| above the start's counts as growth without bound."""


@dataclass(frozen=True, eq=False)
class Path:
    """Where a descent came by: `points` (steps + 1, entries) with the start first, and `values` (steps + 1,) of f.

    `diverged` is the step at which f or a point stopped being finite or grew without bound, or None.
    """

    points: Array
    values: Array
    diverged: int | None = None

    @property
    def end(self) -> Array:
        """The last point."""
        return self.points[-1]

    @property
    def value(self) -> Any:
        """f at the last point."""
        return self.values[-1]

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.points) - 1


@dataclass(frozen=True)
class Restarts:
    """One path from each start; `best` is the one that ends lowest, `place` where it stands among the others."""

    paths: tuple[Path, ...]
    place: int

    @property
    def best(self) -> Path:
        """The path that ends lowest."""
        return self.paths[self.place]


def descend(
    f: Function,
    grad: Function,
    start: Any,
    rate: Any = 0.1,
    steps: int = 100,
    optimiser: str = "sgd",
    schedule: Any = "constant",
    diverging: Literal["raise", "report"] = "raise",
    **settings: Any,
) -> Path:
    """Go down from `start` by an optimiser's rule, and record every point.

    `f` and `grad` take what `start` is, a number or a vector; `settings` are those of the optimiser, such as `beta`;
    the schedule counts a step as an epoch.  A descent that diverges raises `Diverged`, which holds the path, or ends
    there and says so in `Path.diverged`.  Raises `TrainingError` for a wrong setting or gradient.
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise TrainingError(f"steps must be a whole number of at least 0, not {steps!r}")
    walk = _Walk(f, grad, start)
    update = Update(optimiser, walk.point, **settings)
    rates = Rates(checked_rate(rate), parts(schedule), float(steps))
    with np.errstate(all="ignore"):  # what overflows is not finite, and that is looked for
        for number in range(steps):
            if walk.diverged is not None:
                break
            update(walk.point, walk.gradient(), rates(float(number)))
            walk.arrive(number + 1)
    path = walk.path()
    if path.diverged is not None and diverging == "raise":
        raise Diverged(_said(path, rate), path.diverged, path)
    return path


def sgd(
    f: Function,
    grad: Function,
    theta_vector: Any,
    learning_rate: Any = 0.1,
    n_iter: int = 100,
    gradient_momentum: Any = 0.0,
    diverging: Literal["raise", "report"] = "raise",
) -> Path:
    """Gradient descent with momentum: each step adds `gradient_momentum` (0 … 1) times the step before."""
    return descend(
        f, grad, theta_vector, learning_rate, n_iter, "momentum", diverging=diverging, beta=gradient_momentum
    )


def restarts(f: Function, grad: Function, starts: Sequence[Any] | Array, **how: Any) -> Restarts:
    """Descend from every start, and keep the path that ends lowest; `how` is what `descend` takes.

    Paths that diverge are kept and never the best; raises `Diverged` where all do.
    """
    if not len(starts):
        raise TrainingError("restarts need at least one start")
    paths = tuple(descend(f, grad, start, **{**how, "diverging": "report"}) for start in starts)
    whole = [place for place, path in enumerate(paths) if path.diverged is None]
    if not whole:
        raise Diverged(f"all {len(paths)} descents diverged: take a smaller rate", paths[0].diverged or 0, paths[0])
    return Restarts(paths, min(whole, key=lambda place: paths[place].value))


def random_starts(count: int, low: Any, high: Any, seed: int = 0) -> Array:
    """Starts drawn evenly between two corners: (count, entries), or (count,) where the corners are numbers."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    if count < 1 or low.shape != high.shape or not (low <= high).all():
        raise TrainingError("random starts need a count of at least 1 and two corners, the lower first, of one shape")
    return np.random.default_rng(seed).uniform(low, high, (count, *low.shape))


class _Walk:
    """The point of a descent, and where it came by."""

    def __init__(self, f: Function, grad: Function, start: Any) -> None:
        self.f, self.grad = f, grad
        self.single = np.ndim(start) == 0
        self.point = _vector(start)
        self.points, self.values = [self.point.copy()], [self._value()]
        self.diverged: int | None = None
        if not _finite([self.values[0]]) or not _finite(self.point):
            raise TrainingError(f"f must be finite at the start; f({start}) is {self.values[0]}")

    def _given(self) -> Any:
        """The point as f and grad take it."""
        return self.point[0] if self.single else self.point.copy()

    def _value(self) -> Any:
        value = self.f(self._given())
        return value.item() if isinstance(value, np.ndarray | np.generic) and np.size(value) == 1 else value

    def gradient(self) -> Array:
        """The gradient as a vector of its own; `TrainingError` where it has another length."""
        found = np.array(self.grad(self._given()), dtype=self.point.dtype, ndmin=1)
        if found.shape != self.point.shape:
            raise TrainingError(f"grad must give {self.point.size} numbers, as the point has; it gives {found.shape}")
        return found

    def arrive(self, number: int) -> None:
        """Record a point."""
        self.points.append(self.point.copy())
        self.values.append(self._value())
        first, last = self.values[0], self.values[-1]
        if not _finite(self.point) or not _finite([last]) or last - first > MOST_GROWTH * (1 + abs(first)):
            self.diverged = number

    def path(self) -> Path:
        return Path(np.array(self.points), np.array(self.values), self.diverged)


def _vector(start: Any) -> Array:
    """The start as a vector of its own, of floats, or of fractions where it holds one."""
    entries = np.atleast_1d(np.asarray(start))
    if entries.ndim != 1 or not entries.size:
        raise TrainingError(f"the start must be a number or a vector of numbers, not of the shape {np.shape(start)}")
    exact = entries.dtype == object and all(isinstance(one, Rational) for one in entries)
    return entries.copy() if exact else entries.astype(float)


def _finite(values: Any) -> bool:
    return all(isinstance(one, Rational) or isfinite(one) for one in _each(values))


def _each(values: Any) -> Iterator[Any]:
    yield from values


def _said(path: Path, rate: Any) -> str:
    return (
        f"the descent diverged at step {path.diverged}: f went from {float(path.values[0]):.4g} to "
        f"{float(path.value):.4g} with the rate {float(rate):g}; take a smaller rate, such as {float(rate) / 10:g}"
    )
