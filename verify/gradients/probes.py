"""Other points, at which the same code is tried: near `at`, larger, smaller, spread over many sizes, with other signs.

A backward pass can be wrong in a branch that `at` does not reach (the tail of a Huber loss), or where a small constant
matters (ε, for small arguments).  A point at which f is not defined is left out, and counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.tree import Tree

Array = NDArray[Any]
_WIDTH = 24  # so many sizes between the smallest and the largest are tried at least
_MOST = 24


@dataclass(frozen=True)
class Spread:
    """How the entries of one array are made: from their values, their usual size and a position in [0, 1) for each."""

    title: str
    make: Callable[[Array, float, Array, np.random.Generator], Array]


def _sizes(usual: float, position: Array, highest: float) -> Array:
    """Sizes from 2⁻⁶ to 2^highest times what is usual."""
    return max(usual, 1.0) * np.exp2(-6 + (highest + 6) * position)


def _signs(rng: np.random.Generator, count: int) -> Array:
    return rng.choice([-1.0, 1.0], count)


SPREADS = (
    Spread("near", lambda x, s, p, rng: x * (1 + 0.3 * rng.standard_normal(x.size)) + 0.05 * s * _signs(rng, x.size)),
    Spread("other signs", lambda x, s, p, rng: -x),
    Spread("larger", lambda x, s, p, rng: 3 * max(s, 1.0) * rng.standard_normal(x.size)),
    Spread("smaller", lambda x, s, p, rng: 1e-3 * s * rng.standard_normal(x.size)),
    Spread("smaller, same signs", lambda x, s, p, rng: 1e-2 * x * rng.uniform(0.5, 1, x.size)),
)
SCATTERED = (
    Spread("many sizes", lambda x, s, p, rng: _signs(rng, x.size) * _sizes(s, p, 4)),
    Spread("many sizes, same signs", lambda x, s, p, rng: np.where(x < 0, -1.0, 1.0) * _sizes(s, p, 4)),
)


def points(
    tree: Tree, theta: Array, exact: bool, count: int | None, rng: np.random.Generator
) -> Iterator[tuple[str, Array]]:
    """(title, point): each of `SPREADS`, then as many of `SCATTERED` as cover the sizes; at most `count`.

    The sizes of few entries are scattered over more points, so that their range is covered as well.
    """
    rounds = min(_MOST, max(4, math.ceil(2 * _WIDTH / theta.size)))
    rows = [(row, 0.0) for row in SPREADS]
    rows += [(SCATTERED[number % 2], number / rounds) for number in range(rounds)]
    if count is not None:
        order = [4 + 1, 0, 3, 2, 1, 4] if len(rows) > 5 else list(range(len(rows)))
        chosen = [rows[one] for one in order] + rows[6:]
        rows = chosen[:count]
    for row, shift in rows:
        yield row.title, tree.rounded(_made(tree, theta, row, shift, exact, rng))


def _made(tree: Tree, theta: Array, row: Spread, shift: float, exact: bool, rng: np.random.Generator) -> Array:
    found = np.empty_like(theta)
    for leaf in tree.leaves:
        own = theta[leaf.place]
        usual = math.sqrt(float(np.mean(own**2))) or 1.0
        position = (rng.permutation(own.size) / own.size + shift + rng.uniform(0, 1 / _WIDTH)) % 1.0
        found[leaf.place] = row.make(own, usual, position if exact else 0.9 * position, rng)
    return found
