"""The values that a program's engine is called with: found by letter, their shapes compared with one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sympy import Expr

from derive.functions import Head
from derive.named import Slope
from derive.second.tangent import Direction, DirectionNumber
from derive.symbols import Array, Scalar, Width
from verify.engine.reading import real


@dataclass
class Given:
    """Values by letter, upstream gradients by the letter of their array, functions by name, widths by name.

    Every method raises `ValueError` naming what is missing or does not fit.
    """

    values: Mapping[str, Any]
    upstream: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]
    widths: dict[Expr, int] = field(default_factory=dict)
    dtype: np.dtype[Any] = np.dtype(float)  # noqa: RUF009  a type of numbers cannot be changed
    directions: Mapping[str, Any] = field(default_factory=dict)

    def find(self, thing: Any, name: str) -> Any:
        """The value of an array, a number, an upstream gradient, an unknown function or a width."""
        if isinstance(thing, Direction):
            return self._array(thing, self._of("direction", self.directions, thing.array.name))
        if isinstance(thing, DirectionNumber):
            return self._number(thing, "direction", self.directions, str(thing.of))
        if isinstance(thing, Slope):
            return self._array(thing, self._of("upstream", self.upstream, thing.array.name))
        if isinstance(thing, Array):
            return self._array(thing, self._of("values", self.values, thing.name))
        if isinstance(thing, Scalar):
            return self._number(thing, "values", self.values, thing.name)
        if isinstance(thing, type) and issubclass(thing, Head):
            return self._of("functions", self.functions, name)
        if thing not in self.widths:
            raise ValueError(f"sizes must give a number for {thing}: no array has an axis of that length")
        return self.widths[thing]

    @staticmethod
    def _of(where: str, given: Mapping[str, Any], letter: str) -> Any:
        if letter not in given:
            raise ValueError(f"{where} has no entry for {letter!r}; it has {', '.join(map(repr, given)) or 'none'}")
        return given[letter]

    def _number(self, scalar: Scalar, where: str, given: Mapping[str, Any], letter: str) -> float:
        value = real(letter, self._of(where, given, letter), self.dtype)
        if value.ndim:
            raise ValueError(f"{letter} must be a number, not an array of the shape {value.shape}")
        return float(value)

    def _array(self, array: Array, given: Any) -> Any:
        name = array.name
        value = real(name, given, self.dtype)
        if value.ndim != len(array.spaces):
            raise ValueError(f"{name} must have {len(array.spaces)} axes, not {value.ndim}")
        for space, size in zip(array.spaces, value.shape, strict=True):
            known = self.widths.setdefault(space.size, size) if isinstance(space.size, Width) else int(space.size)
            if known != size:
                raise ValueError(f"{name} has the shape {value.shape}, but {space.size} is {known} elsewhere")
        return value
