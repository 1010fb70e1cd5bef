"""`check_gradient`: is this the gradient of that function?  For NumPy, JAX and PyTorch code written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients import probes as points_of
from verify.gradients.calling import names_of, way_of
from verify.gradients.claimed import Raw, ask, ask_wide, claimed, finite, fitted, like, read
from verify.gradients.errors import GradientError
from verify.gradients.examine import Examiner
from verify.gradients.libraries import library_of
from verify.gradients.objective import Objective, open_objective
from verify.gradients.place import Place, place_at
from verify.gradients.probing import probe
from verify.gradients.projections import missed
from verify.gradients.result import ArrayVerdict, GradientCheck, Probe
from verify.gradients.shapes import hint
from verify.gradients.taylor import taylor
from verify.gradients.tree import Tree, read_tree

Array = NDArray[Any]
ALL_ENTRIES = 2000
_HUGE = 10**6  # entries, from which on fewer directions are taken


@np.errstate(all="ignore")  # what overflows is seen, and gets no warning
def check_gradient(
    f: Callable[..., Any],
    grad: Any,
    at: Any,
    *,
    upstream: Any = None,
    probes: bool | int | list[Any] = True,
    context: Mapping[str, Any] | None = None,
    rtol: float = 0.0,
    entries: int = ALL_ENTRIES,
    call: str = "auto",
    seed: int = 0,
) -> GradientCheck:
    """Checks a gradient of `f` against f itself; true as a boolean if every entry is right as far as numbers can tell.

    f: takes NumPy, JAX or PyTorch arrays and returns a number, or arrays if `upstream` has one array for each: then
        F = Σ upstream · f is what is differentiated.  It must be deterministic and leave its arguments alone.
    grad: the gradient as a function of the same arguments (and of upstream, if it takes one more, or one called
        upstream, dy, dout, grad_output), or the numbers themselves; in the structure of `at`, None for an array that is
        not to be checked.
    at: an array, a list or tuple of arrays (f's positional arguments), or a dict (its keyword arguments, or one
        argument if f has no such names), nested as you like; `call` (one, positional, keyword) overrides that.
    probes: other points as well, if `grad` is a function: True for a choice that depends on the number of entries, a
        number of them, a list of points like `at`, False for none.
    context: arrays by name (z, a, …) in which the diagnosis looks for a missing factor.
    rtol: a relative error that is allowed on top of rounding.
    entries: up to so many entries in all, each is followed by itself; above, random projections and a sample.
    Raises `GradientError` (a ValueError) where nothing can be checked.
    """
    way = way_of(f, at, call, "f")
    tree = read_tree(at, names_of(f, at, way.way))
    _numbers(rtol, entries)
    objective, outputs = open_objective(way, tree, upstream)
    task = _Task(objective, _asked(grad, at, call, upstream, objective), np.random.default_rng(seed), rtol)
    place = place_at(objective, tree.theta, outputs, task.rng, 1 if tree.theta.size > _HUGE else 3)
    examiner = _examiner(task, grad, place, entries, _context(context))
    count = max(3, min(4 if tree.theta.size > _HUGE else 8, 64 // len(tree.leaves)))
    arrays = tuple(_array(examiner, leaf.name, number, count) for number, leaf in enumerate(tree.leaves))
    line = taylor(place, examiner.claim, task.rng)
    wrong = any(one.verdict == "wrong" for one in arrays)
    tried = () if wrong or not callable(grad) else tuple(_probes(task, probes, place))
    value = float(objective.weights @ outputs)
    overlooked = missed(count) if any(one.projections for one in arrays) else None
    return GradientCheck(
        arrays, tried, line, value, place.noise, objective.calls, overlooked, _notes(task, grad, probes)
    )


def assert_gradient(f: Callable[..., Any], grad: Any, at: Any, **options: Any) -> None:
    """Like `check_gradient`, but raises `WrongGradient`, an AssertionError with the whole text, unless all is right."""
    __tracebackhide__ = True  # pytest shows the line of the test
    check_gradient(f, grad, at, **options).raise_if_wrong()


@dataclass(frozen=True, eq=False)
class _Task:
    """What every point needs: f, the gradient as a function of a point (None if it is numbers), random numbers."""

    objective: Objective
    ask: Callable[[Array, bool], Raw] | None
    rng: np.random.Generator
    rtol: float


def _numbers(rtol: float, entries: int) -> None:
    if not 0 <= rtol < 1:
        raise GradientError(f"rtol must be a number from 0 to 1, not {rtol}")
    if entries < 0:
        raise GradientError(f"entries must not be negative, as {entries} is")


def _asked(grad: Any, at: Any, call: str, upstream: Any, objective: Objective) -> Callable[[Array, bool], Raw] | None:
    if not callable(grad):
        return None
    way, tree = way_of(grad, at, call, "grad", upstream is not None), objective.tree

    def call_it(theta: Array, watch: bool) -> Raw:
        own = ask(way, tree, theta, upstream, watch) if watch or not objective.raised else None
        wide = ask_wide(way, tree, theta, upstream) if objective.raised else None
        if wide is not None and (own is None or like(wide, own)):
            return wide
        return own or ask(way, tree, theta, upstream)

    return call_it


def _examiner(task: _Task, grad: Any, place: Place, entries: int, context: dict[str, Array]) -> Examiner:
    """The claim at `at`, read and fitted."""
    tree, own = place.objective.tree, task.ask
    raw = read(tree, grad) if own is None else own(tree.theta, True)
    values = fitted(tree, raw, lambda number, given: hint(place, tree.leaves[number], given))
    finite(tree, values, tuple(one is not None for one in raw.arrays))
    call = None if own is None or tree.theta.size > _HUGE else lambda theta: fitted(tree, own(theta, False))
    claim = claimed(tree, raw, values, tree.theta, call)
    return Examiner(place, claim, task.rng, entries, task.rtol, context)


def _array(examiner: Examiner, name: str, number: int, count: int) -> ArrayVerdict:
    leaf = examiner.tree.leaves[number]
    if not examiner.claim.given[number]:
        return ArrayVerdict(name, leaf.shape, leaf.size, "not given", 0, 0, 0, np.inf)
    return examiner.array(leaf, count)


def _context(given: Mapping[str, Any] | None) -> dict[str, Array]:
    found = dict[str, Array]()
    for name, one in (given or {}).items():
        library = library_of(one)
        if library is None:
            raise GradientError(f"context must hold arrays, but {name} is {type(one).__name__}")
        found[str(name)] = library.read(one)
    return found


def _probes(task: _Task, wanted: bool | int | list[Any], place: Place) -> list[Probe]:
    """Point after point, up to the first that is wrong."""
    found, own = list[Probe](), task.ask
    if wanted is False or own is None:
        return found
    for title, theta in _points(task, wanted, place):
        found.append(probe(task.objective, title, theta, lambda one: own(one, False), task.rng, task.rtol))
        if found[-1].verdict == "wrong":
            break
    return found


def _points(task: _Task, wanted: bool | int | list[Any], place: Place) -> list[tuple[str, Array]]:
    tree = place.objective.tree
    if isinstance(wanted, list | tuple):
        return [(f"yours, {number}", _own_point(tree, one, number)) for number, one in enumerate(wanted)]
    count = (3 if tree.theta.size > _HUGE else None) if wanted is True else int(wanted)
    if count is not None and count < 0:
        raise GradientError(f"probes must be True, False, a number of points or a list of them, not {wanted}")
    return list(points_of.points(tree, tree.theta, place.exact, count, task.rng))


def _own_point(tree: Tree, one: Any, number: int) -> Array:
    found = read_tree(one, lambda place: f"probes[{number}]", f"probes[{number}]")
    if [leaf.shape for leaf in found.leaves] != [leaf.shape for leaf in tree.leaves]:
        raise GradientError(f"probes[{number}] must have the structure and the shapes of `at`")
    return tree.rounded(found.theta)


def _notes(task: _Task, grad: Any, probes: Any) -> tuple[str, ...]:
    objective, notes = task.objective, list[str]()
    if objective.raised:
        notes.append("f was followed in float64, which it takes as well")
    if not callable(grad) and probes is not False:
        notes.append("the gradient is numbers and no function: no other point could be tried")
    if objective.error:
        notes.append(f"f raised at {objective.outside:,} points away from the given one ({objective.error[:120]})")
    return tuple(notes)
