"""The user's function as a number of one flat vector: called with fresh copies, counted, watched for side effects."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.calling import Way
from verify.gradients.errors import GradientError
from verify.gradients.libraries import library_of, roundoff
from verify.gradients.tree import Tree, raising, walk

Array = NDArray[Any]
_DRIFT = 2.0**-20  # by how much two calls may differ, relatively: threads may add in another order


@dataclass(eq=False)
class Objective:
    """f, the structure of its parameters, and the upstream gradient that makes a number of an array.

    `raised` says that float32 parameters are handed over as float64, which f allows: so it is followed more exactly.
    `outside` counts the points at which f raised or gave no finite number, `error` is the first such exception.
    """

    way: Way
    tree: Tree
    upstream: Any = None
    weights: Array = field(default_factory=lambda: np.ones(1))
    raised: bool = False
    calls: int = 0
    outside: int = 0
    error: str = ""
    unit: float = 2.0**-53
    sizes: tuple[int, ...] = ()

    def call(self, theta: Array, dtype: str | None = None) -> Any:
        """f's own answer at a point, from fresh arrays."""
        self.calls += 1
        wide = dtype or ("float64" if self.raised else None)
        with ExitStack() as stack:
            if wide:
                raising(self.tree, stack)
            return self.way(self.tree.build(theta, wide))

    def outputs(self, theta: Array) -> Array:
        """All numbers that f gives at a point, as one vector; nan where f raises, which is counted."""
        try:
            with np.errstate(all="ignore"):
                found = numbers(self.call(theta))
        except Exception as error:  # whatever a foreign function raises away from `at` says that it ends there
            self.outside += 1
            self.error = self.error or f"{type(error).__name__}: {error}"
            return np.full(self.weights.size, np.nan)
        if found.size != self.weights.size or found.dtype.kind == "c":
            raise GradientError(
                f"f gives {found.size} real numbers in one place and {self.weights.size} in another: "
                "the shape of its output must not depend on the values of its arguments"
            )
        self.outside += not np.isfinite(found).all()
        return found


def numbers(given: Any) -> Array:
    """Every number of an output (arrays, or lists and dicts of them), one after the other.  Raises `GradientError`."""
    parts = []
    for _, one in walk(given):
        library = library_of(one)
        if library is None:
            raise GradientError(f"f must return a number or arrays, not {type(one).__name__}")
        parts.append(np.ravel(library.read(one)))
    return np.concatenate(parts) if parts else np.zeros(0)


def open_objective(way: Way, tree: Tree, upstream: Any) -> tuple[Objective, Array]:
    """The objective and f's numbers at `at`, after the checks of a first call.  Raises `GradientError`."""
    objective = Objective(way, tree, upstream)
    given = _first(objective, way, tree)
    objective.sizes = tuple(n for _, one in walk(given) for n in np.shape(one))
    found = numbers(given)
    objective.unit = max((roundoff(_dtype(one)) or 2.0**-53 for _, one in walk(given)), default=2.0**-53)
    objective.weights = _weights(given, found, upstream)
    wrong = np.flatnonzero(~np.isfinite(found))
    if wrong.size:
        where = f" at output {wrong[0]}" if found.size > 1 else ""
        raise GradientError(f"f gives {found[wrong[0]]}{where} at this point, and must be finite there: choose another")
    return _widened(objective, found)


def _dtype(one: Any) -> str:
    library = library_of(one)
    return library.dtype(one) if library else "float64"


def _first(objective: Objective, way: Way, tree: Tree) -> Any:
    """What f gives; called three times, to see whether it changes its arguments or its mind."""
    built = tree.build(tree.theta)
    try:
        with np.errstate(all="ignore"):  # what is not finite is said below
            given = way(built)
            first = numbers(given)
            unchanged(tree, built, "f")
            again = [numbers(objective.call(tree.theta)) for _ in range(2)]
    except GradientError:
        raise
    except Exception as error:
        raise GradientError(
            f"f raised {type(error).__name__} when it was called as {_form(way)}: {_short(error)}"
        ) from error
    objective.calls += 1
    for one in again if np.isfinite(first).all() else ():
        _same(first, one)
    return given


def _form(way: Way) -> str:
    return {"one": "f(at)", "positional": "f(*at)", "keyword": "f(**at)"}[way.way] + " (see call=)"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _same(first: Array, again: Array) -> None:
    if first.shape != again.shape:
        raise GradientError("f is not deterministic: called twice at the same point, it gave arrays of other shapes")
    apart = np.abs(again - first)
    if np.any(apart > _DRIFT * np.abs(first).max(initial=0)):
        worst = int(np.argmax(apart))
        raise GradientError(
            f"f is not deterministic: called twice at the same point, it gave {first[worst]:.6g} and then "
            f"{again[worst]:.6g}; fix its seed or switch dropout off"
        )


def unchanged(tree: Tree, built: Any, name: str) -> None:
    """Raises `GradientError` if a call has changed the arrays that were handed over."""
    left = list(walk(built))
    for leaf, (_, one) in zip(tree.leaves, left, strict=len(left) == len(tree.leaves)):
        before, after = tree.theta[leaf.place], np.ravel(leaf.library.read(one))
        if after.shape != before.shape:
            raise GradientError(f"{name} changes the shape of its argument {leaf.name}: let it work on a copy")
        moved = np.flatnonzero((after != before) & ~(np.isnan(after) & np.isnan(before)))
        if moved.size:
            at = int(moved[0])
            raise GradientError(
                f"{name} changes its argument: {leaf.entry(leaf.start + at)} was {before[at]:.6g} before the call and "
                f"{after[at]:.6g} after it; let it work on a copy"
            )


def _weights(given: Any, found: Array, upstream: Any) -> Array:
    if found.dtype.kind == "c":
        raise GradientError(
            "f returns complex numbers, and a gradient needs real ones: return a real part or a modulus"
        )
    if upstream is None:
        if found.size != 1:
            shapes = ", ".join(str(tuple(np.shape(one))) for _, one in walk(given))
            raise GradientError(
                f"f must return one number, but returns an array of the shape {shapes or '()'}: "
                "give upstream=, the gradient that comes from above, as an array of that shape"
            )
        return np.ones(1)
    wanted = [tuple(np.shape(one)) for _, one in walk(given)]
    got = [tuple(np.shape(one)) for _, one in walk(upstream)]
    if wanted != got:
        raise GradientError(f"upstream must have the shape of what f returns, {_shapes(wanted)}, not {_shapes(got)}")
    weights = numbers(upstream)
    if not np.isfinite(weights).all():
        raise GradientError("upstream must hold finite numbers")
    return weights


def _shapes(found: list[tuple[int, ...]]) -> str:
    return ", ".join(map(str, found)) or "nothing"


def _widened(objective: Objective, found: Array) -> tuple[Objective, Array]:
    """With float64 arguments where f takes them, gives float64 and means the same function."""
    tree = objective.tree
    if all(leaf.dtype == "float64" for leaf in tree.leaves):
        return objective, found
    try:
        with np.errstate(all="ignore"):
            given = objective.call(tree.theta, "float64")
    except Exception:  # f takes its own types only: it is followed in them
        return objective, found
    wide = numbers(given)
    types = {_dtype(one) for _, one in walk(given)}
    near = 2.0**10 * max(tree.roundoff, objective.unit) * np.abs(found).max(initial=0)
    if types != {"float64"} or wide.shape != found.shape or not np.all(np.abs(wide - found) <= near):
        return objective, found
    objective.raised, objective.unit = True, 2.0**-53
    return objective, wide
