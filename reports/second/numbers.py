"""(∇²E) V in numbers at an example: the R-equations, the derivative of the slope S, differences of the gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.derivation import Derivation
from derive.second import HessianVector
from derive.symbols import Array
from verify.engine.core import Engine
from verify.oracles.point import Point
from verify.programs.examined import examined

STEP = 1e-5
WRONG, SAME = 1e-5, 1e-9
DOUBTED = 8.0  # differences at two steps lie further from the truth than from each other, but seldom so far


@dataclass(frozen=True)
class Row:
    """One part of (∇²E) V: the largest errors of two other ways to it, relative to the largest entry of all parts.

    `doubt` is how far the differences may err: what they change when their step is doubled, and what rounding makes.
    """

    name: str
    entries: int
    differences: float
    slope: float
    doubt: float = 0.0

    @property
    def right(self) -> bool:
        """Whether all three agree, as far as the differences can tell."""
        return self.differences < max(WRONG, DOUBTED * self.doubt) and self.slope < SAME


def compared(second: HessianVector, seed: int) -> tuple[Row, ...]:
    """Every part at a random point along a random direction; none where there are no numbers."""
    values = example(second.derivation, seed)
    if not values:
        return ()
    random = np.random.default_rng(seed)
    along = {of.name: random.normal(size=np.shape(values[of.name])) for of in second.directions}
    moved = {**values, **{made.name: along[of.name] for of, made in second.directions.items()}}
    _, found = Engine(second.runnable, backend="numpy")(moved)
    _, again = Engine(Derivation(second.program), backend="numpy")(moved)
    (measured, rounding), (coarser, _) = (_differences(second, values, along, step) for step in (STEP, 2 * STEP))
    names = [of.name for of in second.results]
    size = max([1e-300, *(float(np.abs(measured[name]).max(initial=0)) for name in names)])
    size = max(size, *(float(np.abs(found[name]).max(initial=0)) for name in names))

    def row(name: str) -> Row:
        doubt = max(_error(measured[name], coarser[name], size), rounding / size)
        slope = _error(found[name], again.get(name, 0.0), size)
        return Row(name, int(np.size(found[name])), _error(found[name], measured[name], size), slope, doubt)

    return tuple(map(row, names))


def example(derivation: Derivation, seed: int) -> dict[str, Any]:
    """Values by letter of everything that no equation defines; of a network, of its parameters, x, y and constants."""
    if not derivation.layered:
        found = examined(derivation, seed)
        return {} if found.note else dict(found.given)
    network, point = derivation.network, Point.random(derivation.network, seed)
    values: dict[str, Any] = {"x": point.x, "y": point.y, **point.constants}
    for array in network.parameters:
        appended = network.stack[array.layer - 1].bias == "appended"
        matrix, shift = point.W[array.layer - 1], point.b[array.layer - 1]
        if appended and matrix is not None:
            matrix, shift = matrix[:, :-1], matrix[:, -1]
        values[array.name] = matrix if array.role == "W" else shift
    return values


def _differences(
    second: HessianVector, values: Mapping[str, Any], along: Mapping[str, Any], step: float
) -> tuple[dict[str, Any], float]:
    """(g(θ + hV) − g(θ − hV)) / 2h of the gradient of the first derivation, and what one rounding of g makes."""
    letters = tuple(of.name for of in second.directions)
    program = second.derivation.program
    engine = Engine(Derivation(program.by(*letters)), backend="numpy")
    inputs = {one.name for one in program.inputs if isinstance(one, Array) or one.name in values}
    kept = {name: value for name, value in values.items() if name in inputs}
    up, down = (engine({**kept, **{one: kept[one] + h * along[one] for one in letters}})[1] for h in (step, -step))
    largest = max((float(np.abs(one).max(initial=0)) for one in up.values()), default=0.0)
    found = {name: (up[name] - down[name]) / (2 * step) for name in up}
    return found, float(np.finfo(float).eps) * largest / step


def _error(found: Any, other: Any, size: float) -> float:
    return float(np.abs(np.asarray(found) - other).max(initial=0) / size)
