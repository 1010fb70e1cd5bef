"""A point: the parameters, the input, the targets and the constants at which a network is evaluated, all float64."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Layer, Network
from verify.oracles import foreign, sampling
from verify.oracles.errors import PointError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Point:
    """`W[l]` (to, from), `b[l]` (to,), `x` (n_0,), `y` (n_L,), and a value for each constant left open.

    `W[l]` is None for a layer that has only a bias, `b[l]` where there is none; where the bias is appended, `W[l]` has
    the shape (to, from + 1) and holds it in its last column.  `filled` names the keys that foreign data left out and
    that were drawn at random.
    """

    W: tuple[Floats | None, ...]
    b: tuple[Floats | None, ...]
    x: Floats
    y: Floats
    constants: Mapping[str, float] = field(default_factory=dict)
    filled: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("W", "b"):
            object.__setattr__(self, name, tuple(None if one is None else _frozen(one) for one in getattr(self, name)))
        object.__setattr__(self, "x", _frozen(self.x))
        object.__setattr__(self, "y", _frozen(self.y))

    @classmethod
    def random(cls, network: Network, seed: int = 0) -> Point:
        """A point with short decimals, the same for the same seed, where the loss is defined and smooth.

        Raises `PointError` where no such point is found, or the widths are letters.
        """
        return cls(**sampling.draw(network, seed))

    @classmethod
    def from_json(cls, network: Network, data: Any, seed: int = 0) -> Point:
        """A point from parsed JSON: `{"W": [[[…]]], "b": [[…]], "x": […], "y": […], "constants": {…}}`.

        A key that is absent is drawn as `random` would and named in `filled`.  Raises `PointError` with one sentence
        that says what was expected and where: shapes, finite numbers, known keys, targets within the loss's domain.
        """
        given = foreign.read(network, data)
        constants = given.pop("constants", {})
        absent = [key for key in ("W", "b", "x", "y") if key not in given]
        absent += ["constants"] if set(foreign.open_constants(network)) - set(constants) else []
        drawn = sampling.draw(network, seed) if absent else {}
        constants = {**drawn.get("constants", {}), **constants}
        return cls(**{**drawn, **given, "constants": constants, "filled": tuple(absent)})

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads: plain lists and numbers."""
        found: dict[str, Any] = {name: [_listed(one) for one in getattr(self, name)] for name in ("W", "b")}
        found |= {"x": self.x.tolist(), "y": self.y.tolist()}
        return {**found, "constants": dict(self.constants)} if self.constants else found

    def constants_of(self, layer: Layer) -> tuple[float, ...]:
        """The constants of a layer's activation, as floats; `PointError` names one that has no value."""
        fixed = dict(layer.constants)
        return tuple(self._constant(layer, name, fixed.get(name, usual)) for name, usual in layer.row.constants.items())

    def _constant(self, layer: Layer, name: str, value: float | None) -> float:
        if value is None and name not in self.constants:
            raise PointError(f"the constant {name} of {layer.activation} needs a value: give it to the network, "
                             f'or to the point as {{"constants": {{"{name}": 0.1}}}}')  # fmt: skip
        return float(self.constants[name] if value is None else value)


def _frozen(values: Any) -> Floats:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def _listed(values: Floats | None) -> Any:
    return None if values is None else values.tolist()
