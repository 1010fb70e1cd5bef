"""The check table: given float gradients against central differences, the complex step and balls, array by array.

A row fails where one of the three certainly contradicts it: an entry (or a projection of all entries) differs by more
than the oracle's own error bound plus what float64 rounding may cost here (`certificate` says what counts as wrong).
It is `kink` where entries have no derivative and the others are right: that is neither a failure nor a pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Network
from verify.oracles.arithmetic import Floats
from verify.oracles.certificate import (
    Certified,
    Gradients,
    Truth,
    as_matrix,
    given,
    name_of,
    rows,
    without_derivative,
)
from verify.oracles.complexstep import complex_step
from verify.oracles.differences import differences, noise
from verify.oracles.directions import Lines, lines
from verify.oracles.forward import Pass, forward
from verify.oracles.point import Point
from verify.oracles.rounding import ROUNDOFF, SAFETY, SLACK
from verify.oracles.smoothness import Kink

Array = NDArray[Any]
RESOLVED = 1e-3  # an oracle says something about the relative error of an entry if its own error is below this


@dataclass(frozen=True)
class Comparison:
    """What one oracle says about one array.

    `followed` of the `entries` were compared one by one, and `projections` sums over all entries with random signs.
    `relative` is the largest relative error of those in which the oracle itself has three digits (`resolved` of them);
    `excess` is the largest error of all of them in units of its budget, so that small entries hide nothing: above 1 is
    wrong.  `skipped` could not be compared: at a kink, or outside what float64 can hold.
    """

    followed: int
    entries: int
    projections: int
    resolved: int
    skipped: int
    relative: float
    excess: float

    @property
    def wrong(self) -> bool:
        """Whether the oracle contradicts the gradient."""
        return not self.excess <= 1

    @property
    def available(self) -> bool:
        """Whether anything could be compared."""
        return self.skipped < self.followed + self.projections


@dataclass(frozen=True)
class CheckRow:
    """One array: `verdict` is `ok`, `failed` or `kink`; `note` says in words what there is to say."""

    name: str
    shape: tuple[int, ...]
    differences: Comparison | None
    complex_step: Comparison | None
    certified: Certified
    verdict: str
    note: str

    @property
    def entries(self) -> int:
        """How many entries the array has."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class CheckTable:
    """The rows W1, b1, …, x, the loss (`error`: relative to the true one, `loss_ok`), and the kinks at the point."""

    rows: tuple[CheckRow, ...]
    kinks: tuple[Kink, ...]
    notes: tuple[str, ...]
    loss: float
    loss_error: float | None
    loss_ok: bool
    precision: int

    @property
    def failed(self) -> bool:
        """Whether something is certainly wrong."""
        return not self.loss_ok or any(row.verdict == "failed" for row in self.rows)

    @property
    def ok(self) -> bool:
        """Whether every entry was compared and is right."""
        return self.loss_ok and all(row.verdict == "ok" for row in self.rows)

    @property
    def digits(self) -> int | None:
        """The certified digits that every entry with a derivative has; None if there is no such entry."""
        return min((row.certified.digits for row in self.rows if row.certified.digits is not None), default=None)


def check(network: Network, point: Point, gradients: Gradients, loss: float | None = None) -> CheckTable:
    """Checks `{"W": [(to, from), …], "b": [(to,), …], "x": (n_0,)}` (x may be absent) and, if given, the loss.

    Raises `DomainError` where the loss has no value at the point, `PointError` where a constant has none.
    """
    truth = Truth.at(network, point)
    with np.errstate(all="ignore"):
        done = forward(network, point, Floats())
        floats = _Floats(done, noise(network, point, done, truth.rounding.loss)) if np.isfinite(done.loss) else None
    certified = {row.name: row for row in rows(truth, gradients)}
    found = tuple(
        _row(truth, floats, certified[name_of(role, number)], role, number, given(gradients, role, number))
        for role, number in truth.arrays
        if name_of(role, number) in certified
    )
    exact = float(truth.enclosure.loss.mid())
    error, good = _loss(exact, loss, floats)
    notes = () if floats else ("float64 cannot hold the loss here, so that only the balls can check the gradients",)
    return CheckTable(found, truth.kinks, notes, exact, error, good, truth.enclosure.precision)


@dataclass(frozen=True, eq=False)
class _Floats:
    """What the two oracles in floating point share."""

    done: Pass
    noise: float


def _loss(exact: float, given_loss: float | None, floats: _Floats | None) -> tuple[float | None, bool]:
    if given_loss is None or (floats is None and not math.isfinite(given_loss)):
        return None, True  # where float64 cannot hold the loss, a note says so
    error = abs(given_loss - exact)
    budget = SLACK * abs(exact) + (SAFETY * floats.noise if floats else 0.0)
    return error / abs(exact) if exact else error, bool(error <= budget)


@np.errstate(all="ignore")
def _row(
    truth: Truth, floats: _Floats | None, certified: Certified, role: str, number: int | None, value: Any
) -> CheckRow:
    budget = truth.budget(role, number)
    shape = budget.shape if role == "W" else budget.shape[:1]
    matrix, _ = as_matrix(value, role, budget.shape)
    if matrix is None or floats is None:
        return CheckRow(certified.name, shape, None, None, certified, *_verdict(certified, []))
    along = lines(truth.network, truth.point, floats.done, role, number, len(truth.arrays))
    skip = along.sizes(without_derivative(truth, role, number).astype(float)) > 0
    expected = along.project(matrix)
    found = differences(truth.network, truth.point, floats.done, along, floats.noise)
    allowed = found.bound + along.sizes(budget) + 8 * ROUNDOFF * np.abs(expected)
    by_differences = _compare(along, expected, found.value, np.where(skip, np.inf, allowed))
    allowed = along.sizes(truth.budget(role, number, product=True)) + 8 * ROUNDOFF * np.abs(expected)
    step = complex_step(truth.network, truth.point, floats.done, along)
    by_step = _compare(along, expected, step, np.where(skip | ~np.isfinite(step), np.inf, allowed))
    verdict = _verdict(certified, [("central differences", by_differences), ("the complex step", by_step)])
    return CheckRow(certified.name, shape, by_differences, by_step, certified, *verdict)


def _compare(along: Lines, expected: Array, found: Array, budget: Array) -> Comparison:
    usable = np.isfinite(budget)
    error = np.abs(found - expected)
    size = np.maximum(np.abs(found), np.abs(expected))
    resolved = usable & (budget <= RESOLVED * size)
    relative = float((error / size)[resolved].max(initial=0.0))
    excess = float(np.nan_to_num((error / budget)[usable], nan=np.inf).max(initial=0.0))
    counts = (along.j.size, along.size, len(along.signs), int(resolved.sum()), int((~usable).sum()))
    return Comparison(*counts, relative, excess)


def _verdict(certified: Certified, found: list[tuple[str, Comparison]]) -> tuple[str, str]:
    notes = list(_notes(certified, found))
    if certified.failures or any(one.wrong for _, one in found):
        return "failed", "; ".join(notes)
    return ("kink" if certified.open else "ok"), "; ".join(notes)


def _notes(certified: Certified, found: list[tuple[str, Comparison]]) -> Iterator[str]:
    if certified.failures:
        count = "" if certified.failures == 1 else f" ({certified.failures:,} entries are wrong)"
        yield certified.note + count
    for name, one in found:
        if one.wrong:
            yield f"{name}: {one.excess:.3g} times the error that is allowed"
    if certified.open:
        yield f"{certified.open:,} of {certified.entries:,} entries have no derivative here"
    if not certified.failures and (certified.relative or 0) > SLACK:
        yield f"rounding leaves {certified.digits} digits at this point"
    for name, one in found:
        if not one.available:
            yield f"{name}: not available at this point"
