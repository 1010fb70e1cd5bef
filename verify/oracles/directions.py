"""Along which lines the loss is followed: single entries, and random projections that cover all entries of an array.

A change of W^l, b^l or x moves a pre-activation z^l along a line: z^l + t·d with d = V a^(l−1) for W^l + t·V.  So the
loss along a line costs a forward pass from layer l on, and many lines of one array are one batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Network
from verify.oracles.forward import Pass, weights
from verify.oracles.point import Point

Array = NDArray[Any]
ALL_ENTRIES = 2000  # up to so many parameters, every entry is followed by itself
_LEAST = 100
PROJECTIONS = 4


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of one array: from layer `number` on, `d` (lines, n_l); entry (`j`, `k`) each, then the projections' signs.

    `signs` has the shape (projections, to, from), `size` entries stand in the array, `j.size` of them are followed.
    """

    number: int
    d: Array
    j: Array
    k: Array
    signs: Array
    size: int

    def project(self, matrix: Array) -> Array:
        """What a matrix of derivatives says about each line."""
        return np.concatenate((matrix[self.j, self.k], np.einsum("pjk,jk->p", self.signs, matrix)))

    def sizes(self, budget: Array) -> Array:
        """Budgets of entries as budgets of lines; errors of different entries may add up."""
        return np.concatenate((budget[self.j, self.k], np.full(len(self.signs), budget.sum())))


def lines(network: Network, point: Point, done: Pass, role: str, number: int | None, arrays: int) -> Lines:
    """The lines of W, b (of a layer) or x; `done` is the forward pass, `arrays` how many share the lines."""
    at = number or 1
    matrix, _ = weights(network.stack[at - 1], point.W[at - 1], point.b[at - 1])
    width = done.z[at - 1].size
    if number is None:
        shape, columns = (point.x.size, 1), np.eye(width) if matrix is None else matrix
    else:
        before = np.ones(1) if role == "b" else done.a[at - 1]
        before = np.append(before, 1.0) if role == "W" and network.stack[at - 1].bias == "appended" else before
        shape, columns = (width, before.size), before
    j, k, signs = _chosen(network, shape, arrays, seed=2 * at + (role == "b"))
    if number is None:
        d = np.concatenate((columns.T[j], signs[:, :, 0] @ columns.T))
    else:
        d = np.concatenate((np.eye(width)[j] * columns[k][:, None], signs @ columns))
    return Lines(at, d, j, k, signs, shape[0] * shape[1])


def _chosen(network: Network, shape: tuple[int, int], arrays: int, seed: int) -> tuple[Array, Array, Array]:
    """All entries and no projection where the network is small; else a seeded sample and projections."""
    size = shape[0] * shape[1]
    if parameters(network) <= ALL_ENTRIES or size <= _LEAST:
        j, k = np.divmod(np.arange(size), shape[1])
        return j, k, np.zeros((0, *shape))
    rng = np.random.default_rng(seed)
    count = min(size, max(_LEAST, ALL_ENTRIES // arrays))
    j, k = np.divmod(np.sort(rng.choice(size, count, replace=False)), shape[1])
    return j, k, rng.choice([-1.0, 1.0], (PROJECTIONS, *shape))


def parameters(network: Network) -> int:
    """How many entries the gradients have, x included."""
    widths = [int(width) for width in network.widths]
    count = widths[0]
    for before, width, layer in zip(widths, widths[1:], network.stack, strict=False):
        count += 0 if layer.bias_only else width * before
        count += 0 if layer.bias == "none" else width
    return count
