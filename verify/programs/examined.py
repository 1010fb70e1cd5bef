"""Everything that is checked about the derivation of a program: every step, the three forms, and numbers.

The numbers come from the engine; they are compared with central differences and with the complex step of a forward
pass that follows the definitions entry by entry and knows neither the engine nor any derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr, Indexed, Integer, Sum

from derive.derivation import Derivation
from derive.named import Opaque
from derive.program import Program
from derive.symbols import Array, Width
from verify.engine.core import Engine, NoSource
from verify.kernel import Report, recheck
from verify.programs.numbers import Forward, NoNumbers, opaque_function, sizes_of
from verify.views import Agreement, agree

STEP = 1e-6
WRONG = 1e-6
RANGES = ((0.2, 0.8), (0.2, 0.8), (1.2, 2.0), (-0.8, 0.8), (-0.8, -0.2), (2.0, 9.0))
_UNIT = 1e-30


@dataclass(frozen=True)
class Row:
    """What was found of one derivative: the largest errors, relative to its largest entry."""

    name: str
    shape: tuple[int, ...]
    differences: float
    complex_step: float

    @property
    def entries(self) -> int:
        """How many entries were compared: all."""
        return int(np.prod(self.shape, dtype=int))

    @property
    def right(self) -> bool:
        """Whether the engine, the differences and the complex step agree."""
        return self.complex_step < 1e-9 and self.differences < WRONG


@dataclass(frozen=True)
class ProgramExamination:
    """What was found of a derivation.

    `given` are the values by letter of the example, `upstream` the weights of an opaque loss, `gradients` the engine's.
    `note` says why there are no numbers, where there are none.
    """

    derivation: Derivation
    proof: Report
    views: Agreement
    sizes: Mapping[str, int]
    given: Mapping[str, Any]
    upstream: Mapping[str, Any]
    loss: float | None
    gradients: Mapping[str, Any]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong."""
        return all(row.right for row in self.rows)

    @cached_property
    def engine(self) -> Engine:
        """The engine that was checked."""
        return Engine(self.derivation, "numpy")


Progress = Callable[[str], None]


def examined(derivation: Derivation, seed: int = 0, progress: Progress = lambda stage: None) -> ProgramExamination:
    """Run every check; raises where the proof fails (`KernelError`) or two forms differ (`ViewsDiffer`)."""
    progress("rechecking every step")
    proof = recheck(derivation)
    progress("comparing the forms")
    views = agree(derivation)
    progress("computing the gradients")
    program = derivation.program
    sizes = sizes_of(program)
    named = {str(width): size for width, size in sizes.items()}
    given: dict[str, Any] = {}
    upstream: dict[str, Any] = {}
    try:
        given, upstream = example(program, sizes, seed)
        loss, gradients = _run(derivation, given, upstream, named)
        progress("comparing with finite differences and the complex step")
        rows = tuple(_rows(program, sizes, given, upstream, gradients))
        note = ""
    except (NoSource, NoNumbers) as error:
        loss, gradients, rows, note = None, {}, (), f"no numbers: {error}"
    return ProgramExamination(derivation, proof, views, named, given, upstream, loss, gradients, rows, note)


def _run(derivation: Derivation, given: Any, upstream: Any, sizes: Mapping[str, int]) -> tuple[float | None, Any]:
    """The engine at the example."""
    engine = Engine(derivation, "numpy")
    return engine(given, upstream=upstream or None, functions=_functions(engine), sizes=sizes)


def _functions(engine: Engine) -> dict[str, Callable[..., Any]]:
    """What unknown functions stand for in the example, by the names that the engine calls them."""
    return {one.name: opaque_function(one.thing.orders) for one in engine.inputs if one.sort == "function"}


def example(program: Program, sizes: Mapping[Expr, int], seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values at which everything is a real number: between 0 and 1, else elsewhere."""
    rng = np.random.default_rng(seed)
    for low, high in RANGES:
        given, upstream = _point(program, sizes, rng, low, high)
        try:
            found = Forward(program, sizes, upstream)(given)
        except (ZeroDivisionError, OverflowError, ValueError):
            continue
        if np.isfinite(found) and found.imag == 0:
            return given, upstream
    raise NoNumbers("no example was found at which everything is defined")


def _point(
    program: Program, sizes: Mapping[Expr, int], rng: Any, low: float, high: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values for what is given, such that the facts hold, and weights for an opaque loss."""

    def shape(array: Array) -> tuple[int, ...]:
        return tuple(sizes[space.size] if isinstance(space.size, Width) else int(space.size) for space in array.spaces)

    given: dict[str, Any] = {}
    for one in program.inputs:
        found = np.round(rng.uniform(low, high, shape(one) if isinstance(one, Array) else ()), 3)
        given[one.name] = found if isinstance(one, Array) else float(found)
    for fact in program.facts:
        _normalise(fact.lhs, fact.rhs, given)
    opaque = program.definitions[-1].rhs
    arrays = opaque.arrays if isinstance(opaque, Opaque) else ()
    return given, {one.name: np.round(rng.normal(size=shape(one)), 3) for one in arrays}


def _normalise(left: Expr, right: Expr, given: dict[str, Any]) -> None:
    """Makes Σ_j T_ij = 1 true of the example; other facts are not met by it."""
    one = isinstance(left, Sum) and isinstance(left.function, Indexed) and len(left.limits) == 1
    if not one or not isinstance(right, Integer) or left.function.base.name not in given:
        raise NoNumbers("the example cannot be made to meet what was assumed")
    axis = left.function.indices.index(left.limits[0][0])
    array = given[left.function.base.name]
    given[left.function.base.name] = int(right) * array / array.sum(axis=axis, keepdims=True)


def _rows(program: Program, sizes: Any, given: Any, upstream: Any, gradients: Mapping[str, Any]) -> list[Row]:
    forward = Forward(program, sizes, upstream)
    found = []
    for name, gradient in gradients.items():
        known = np.asarray(gradient, float)
        values = {**given} if name in given else None
        if values is None:
            continue
        differences, step = np.zeros(known.shape), np.zeros(known.shape)
        for place in np.ndindex(*known.shape):
            differences[place] = (
                _at(forward, values, name, place, STEP) - _at(forward, values, name, place, -STEP)
            ).real
            step[place] = _at(forward, values, name, place, _UNIT * 1j).imag / _UNIT
        scale = float(np.abs(step).max(initial=0)) or 1.0
        worst = [float(np.abs(one - known).max(initial=0)) / scale for one in (differences / (2 * STEP), step)]
        found.append(Row(name, known.shape, *worst))
    return found


def _at(forward: Forward, given: Mapping[str, Any], name: str, place: tuple[int, ...], by: complex) -> complex:
    """The target with one entry moved."""
    moved = np.array(given[name], complex)
    moved[place] += by
    return forward({**given, name: moved if moved.shape else complex(moved)})
