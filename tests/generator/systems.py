"""Systems of definitions that stand in for a network, each with a forward pass in NumPy and its true gradients.

The gradients were derived by hand; the oracle holds every one against the complex step (`tests/test_generator.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.generator.expressions import Layer, Node, Ref
from tests.generator.worlds import Key, Misfit, World

Pair = tuple[Node, Node]


@dataclass(frozen=True)
class System:
    """A row: the definitions, the sizes of the given arrays and of what follows, the forward pass, the true claims.

    `arrays` maps the letters that are given to their axes, `shapes` is what a record says; `run(v)` reads v[letter] and
    sets v[letter] for what is defined.  `positive` are letters whose numbers are positive.
    """

    name: str
    given: tuple[str, ...]
    arrays: dict[str, tuple[str, ...]]
    run: Callable[[Any], None]
    claims: tuple[Pair, ...]
    shapes: dict[str, tuple[str, ...]] | None = None
    assume: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    normalised: tuple[str, ...] = ()


class Values:
    """What `run` reads and writes; every array goes through `put`, which may move it by a tiny step."""

    def __init__(self, put: Callable[..., Any], given: dict[Key, Any]) -> None:
        self.put, self.given, self.found = put, given, dict[str, Any]()

    def __getitem__(self, letter: str) -> Any:
        if letter not in self.found:
            self[letter] = self.given[letter, 0]
        return self.found[letter]

    def __setitem__(self, letter: str, value: Any) -> None:
        self.found[letter] = self.put((letter, 0), value)


class SystemWorld(World):
    """A system with random numbers."""

    def __init__(self, system: System, seed: int, sizes: dict[str, int]) -> None:
        rng = np.random.default_rng(seed)
        given: dict[Key, Any] = {}
        for letter, axes in system.arrays.items():
            shape = tuple(sizes[one] for one in axes)
            low = 0.2 if letter in system.positive else -1.5
            array = rng.uniform(low, 1.5, shape)
            given[letter, 0] = rng.dirichlet(np.ones(shape)) if letter in system.normalised else array
        self.sizes = sizes

        def forward(put: Callable[..., Any], start: dict[Key, Any]) -> None:
            values = Values(put, start)
            for letter in system.arrays:
                values[letter]
            system.run(values)

        super().__init__(given, forward, {})

    def size(self, space: int | str) -> int:
        if space not in self.sizes:
            raise Misfit(f"there is no size {space}")
        return self.sizes[str(space)]


def worlds(system: System, seed: int, count: int) -> list[SystemWorld]:
    """Random worlds, at three choices of the sizes in turn."""
    letters = sorted({one for axes in system.arrays.values() for one in axes})
    found = []
    for n in range(count):
        sizes = random.Random(f"{seed} {n % 3}").sample(range(2, 2 + max(3, len(letters) + 1)), len(letters))
        found.append(SystemWorld(system, seed * 1000 + n, dict(zip(letters, sizes, strict=True))))
    return found


class GivenNames:
    """Writes the quantities of a system as its definitions do."""

    def quantity(self, ref: Ref) -> str:
        """A letter, with its indices."""
        return f"{ref.role}_{{{''.join(map(str, ref.at))}}}" if ref.at else ref.role

    def has_layer(self, ref: Ref) -> bool:
        """Nothing has a layer here."""
        return False

    def size(self, space: Layer | str) -> str:
        """A size is called by its letter."""
        return str(space)
