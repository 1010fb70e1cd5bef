r"""Concrete polynomials for functions that nobody knows, so that a counter-example can show numbers for them.

A claim about an opaque f holds for every smooth f: one f for which it fails refutes it.  The polynomial is

    f(u_1, …, u_n) = Σ_i c_i u_i + ½ Σ_i d_i u_i² + Σ_i e_i u_i u_{i+1},

with small whole c_i, d_i, e_i ≠ 0 that depend on the name, the place and the variant only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

COEFFICIENTS = (1, 2, 3, -1, -2, 4, -3, 5)


def _coefficient(*parts: object) -> int:
    return COEFFICIENTS[crc32(repr(parts).encode()) % len(COEFFICIENTS)]


@dataclass(frozen=True)
class Opaque:
    """One function of `arity` arguments; a different `variant` is a different function."""

    name: str
    arity: int
    variant: int = 0

    def linear(self, place: int) -> int:
        """c_i."""
        return _coefficient("c", self.name, place, self.variant)

    def quadratic(self, place: int) -> int:
        """d_i."""
        return _coefficient("d", self.name, place, self.variant)

    def mixed(self, place: int) -> int:
        """e_i, of u_i u_{i+1}; 0 for the last place."""
        return _coefficient("e", self.name, place, self.variant) if place + 1 < self.arity else 0

    def value(self, arguments: Sequence[Any], places: Sequence[int] = ()) -> Any:
        """The value, or the derivative by the arguments at these places (counted from 0), of any kind of number."""
        by = Counter(places)
        match sorted(by.elements()):
            case []:
                return sum((self._own(u, i, arguments) for i, u in enumerate(arguments)), start=0 * arguments[0])
            case [i]:
                before = self.mixed(i - 1) * arguments[i - 1] if i else 0
                after = self.mixed(i) * arguments[i + 1] if i + 1 < self.arity else 0
                return self.linear(i) + self.quadratic(i) * arguments[i] + before + after
            case [i, j]:
                second = self.quadratic(i) if i == j else self.mixed(i) if j == i + 1 else 0
                return second + 0 * arguments[0]
        return 0 * arguments[0]

    def _own(self, u: Any, place: int, arguments: Sequence[Any]) -> Any:
        after = self.mixed(place) * u * arguments[place + 1] if place + 1 < self.arity else 0
        return self.linear(place) * u + self.quadratic(place) * u * u / 2 + after

    def latex(self, arguments: Sequence[str] | None = None) -> str:
        """The definition in LaTeX, such as `f(u) = 2 u + \\frac{3}{2} u^{2}`."""
        letters = list(arguments or (["u"] if self.arity == 1 else [f"u_{{{i + 1}}}" for i in range(self.arity)]))
        terms = [_term(self.linear(i), "", u) for i, u in enumerate(letters)]
        terms += [_term(self.quadratic(i), "2", f"{u}^{{2}}") for i, u in enumerate(letters)]
        terms += [_term(self.mixed(i), "", f"{u} {letters[i + 1]}") for i, u in enumerate(letters[:-1])]
        return f"{self.name}({', '.join(letters)}) = {' '.join(terms).removeprefix('+ ')}"


def _term(coefficient: int, below: str, letters: str) -> str:
    size = abs(coefficient)
    if below and size % 2 == 0:
        size, below = size // 2, ""
    number = f"\\frac{{{size}}}{{{below}}} " if below else "" if size == 1 else f"{size} "
    return f"{'-' if coefficient < 0 else '+'} {number}{letters}"
