"""The gradient that somebody claims: read, fitted to the parameters, and given the rounding that it may show.

A gradient in floating point need not be exact.  Where it is a function, it is called at points that differ from `at` by
one unit in the last place: what that changes, many times over, is allowed (stochastic arithmetic: Parker 1997, Monte
Carlo Arithmetic).  Where it is numbers, a few units in the last place of the largest entry are allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.calling import Way
from verify.gradients.errors import GradientError
from verify.gradients.libraries import library_of, roundoff
from verify.gradients.objective import unchanged
from verify.gradients.tree import Tree, pairs, raising, widened

Array = NDArray[Any]
_SLACK = 1e-9  # a relative error that nobody is blamed for, in float64
_PATTERNS = 3
_SAFETY = 32.0


@dataclass(frozen=True, eq=False)
class Claimed:
    """The values in one vector (nan where none is given), the `rounding` that is allowed to each, and their `unit`."""

    values: Array
    rounding: Array
    given: tuple[bool, ...]
    unit: float = 2.0**-53

    @property
    def known(self) -> Array:
        """The values with 0 where none is given."""
        return np.nan_to_num(self.values, nan=0.0)


@dataclass(frozen=True, eq=False)
class Raw:
    """What was given for each leaf, as it came, and the coarsest unit roundoff of it."""

    arrays: tuple[Array | None, ...]
    unit: float


def ask(way: Way, tree: Tree, theta: Array, upstream: Any, watch: bool = False) -> Raw:
    """Calls the gradient function at a point; `watch` looks whether it changes its arguments."""
    built = tree.build(theta)
    try:
        given = way(built, upstream)
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        raise GradientError(f"grad raised {type(error).__name__} when it was called at this point: {text}") from error
    if watch:
        unchanged(tree, built, "grad")
    return read(tree, given)


def ask_wide(way: Way, tree: Tree, theta: Array, upstream: Any) -> Raw | None:
    """The gradient from float64 arguments, if it takes them and answers in float64: then it is judged as a formula."""
    with ExitStack() as stack:
        raising(tree, stack)
        try:
            raw = read(tree, way(tree.build(theta, "float64"), widened(upstream)), 0.0)
        except Exception:  # it takes its own types only, and is judged in them
            return None
    finite_ones = all(one is None or np.isfinite(one).all() for one in raw.arrays)
    return raw if raw.unit <= 2.0**-53 and finite_ones else None


def like(wide: Raw, own: Raw) -> bool:
    """Whether the float64 gradient is that of the same code: near what its own types give."""
    return all(
        (one is None) == (other is None)
        and (one is None or other is None or (one.shape == other.shape and _near(one, other)))
        for one, other in zip(wide.arrays, own.arrays, strict=True)
    )


def _near(one: Array, other: Array) -> bool:
    return bool(np.abs(one - other).max() <= 0.05 * np.abs(one).max())


def read(tree: Tree, given: Any, unit: float | None = None) -> Raw:
    """The arrays of a gradient in the order of the leaves; `unit` is at least their roundoff.  May raise."""
    arrays, units = list[Array | None](), [tree.roundoff if unit is None else unit]
    for leaf, one in zip(tree.leaves, pairs(tree.structure, given, "the gradient"), strict=True):
        if one is None:
            arrays.append(None)
            continue
        library = library_of(one)
        if library is None:
            raise GradientError(f"the gradient of {leaf.name} must be an array, not {type(one).__name__}")
        values = library.read(one)
        if values.dtype.kind == "c":
            raise GradientError(f"the gradient of {leaf.name} is complex, and must be real")
        units.append(roundoff(library.dtype(one)) or 0.0)
        arrays.append(values)
    if all(one is None for one in arrays):
        raise GradientError("no gradient is given: every array of it is None")
    return Raw(tuple(arrays), max(units))


def fitted(tree: Tree, raw: Raw, hint: Callable[[int, Array], str] = lambda number, given: "") -> Array:
    """One vector, nan where nothing is given; `hint` says what may help where a shape does not fit."""
    found = np.full(tree.theta.size, np.nan)
    for number, (leaf, one) in enumerate(zip(tree.leaves, raw.arrays, strict=True)):
        if one is None:
            continue
        if one.shape != leaf.shape:
            more = hint(number, one)
            raise GradientError(
                f"the gradient of {leaf.name} has the shape {one.shape}, but {leaf.name} has {leaf.shape}"
                + (f": {more}" if more else ", and a gradient has the shape of its parameter")
            )
        found[leaf.place] = one.ravel()
    return found


def finite(tree: Tree, values: Array, given: tuple[bool, ...]) -> None:
    """Raises `GradientError` naming the first entry that is not finite."""
    for leaf, there in zip(tree.leaves, given, strict=True):
        wrong = np.flatnonzero(~np.isfinite(values[leaf.place])) if there else np.zeros(0, dtype=int)
        if wrong.size:
            at = leaf.start + int(wrong[0])
            raise GradientError(f"the gradient of {leaf.entry(at)} is {values[at]}, although f is finite here")


def allowance(tree: Tree, raw: Raw, values: Array, again: list[Array]) -> Array:
    """The rounding allowed to each entry, from what tiny changes of the point change (`again`) where it is known."""
    own, unit = np.abs(np.nan_to_num(values)), raw.unit
    share = 64  # units in the last place: what an ordinary sum or product may lose
    found = max(_SLACK if unit <= 2.0**-53 else 0.0, share * unit) * own
    for leaf in tree.leaves:
        found[leaf.place] += share * unit * own[leaf.place].max()
    if again:
        moved = np.max([np.abs(np.nan_to_num(one - values)) for one in again], axis=0)
        for leaf in tree.leaves:  # more than that is a kink beside the point, and no rounding
            cap = unit**0.5 * own[leaf.place].max()
            found[leaf.place] += np.minimum(_SAFETY * moved[leaf.place], cap)
    return found


def claimed(tree: Tree, raw: Raw, values: Array, theta: Array, call: Callable[[Array], Array] | None) -> Claimed:
    """The claim at a point; `call` gives the gradient elsewhere, where it is a function."""
    rng = np.random.default_rng(20260505)
    again = []
    if call is not None:
        for _ in range(_PATTERNS):
            signs = 2 * raw.unit * rng.choice([-1.0, 1.0], theta.size)
            again.append(call(theta * (1 + signs)))
    there = tuple(one is not None for one in raw.arrays)
    return Claimed(values, allowance(tree, raw, values, again), there, raw.unit)
