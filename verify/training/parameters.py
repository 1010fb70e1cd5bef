"""All parameters of a network in one vector, with each W and b as a view into it.

One vector makes an optimiser's step a few operations, however many layers there are, and a checkpoint one array.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from derive.network import Network
from verify.training.errors import TrainingError

Array = np.ndarray[Any, Any]
_LINE = 64  # bytes; a vector that always starts at such an address is added up in the same order in every run


class Parameters:
    """`vector` (all entries,), and `arrays`: `{"W": [W1, …], "b": [b1, …]}`, views of it, as an engine takes them.

    A layer that has no weights has None in `W`, one whose bias is appended or absent None in `b`.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.shapes = tuple(_shapes(network))
        self.vector = aligned(sum(int(np.prod(shape)) for _, _, shape in self.shapes))
        self.arrays: dict[str, list[Any]] = self.views(self.vector)

    def views(self, vector: Array) -> dict[str, list[Any]]:
        """A vector of all entries as the arrays of the network."""
        found: dict[str, list[Any]] = {"W": [None] * self.network.depth, "b": [None] * self.network.depth}
        at = 0
        for role, layer, shape in self.shapes:
            size = int(np.prod(shape))
            found[role][layer] = vector[at : at + size].reshape(shape)
            at += size
        return found

    def gather(self, gradients: Mapping[str, Any], into: dict[str, list[Any]]) -> None:
        """Copy the gradients of an engine into views of one vector."""
        for role, layer, _ in self.shapes:
            np.copyto(into[role][layer], gradients[role][layer])

    def set(self, params: Mapping[str, Any]) -> None:
        """Take over given arrays; raises `TrainingError` naming one that is missing or has another shape."""
        for role, layer, shape in self.shapes:
            given = params.get(role) or ()
            value = given[layer] if layer < len(given) else None
            if value is None or np.shape(value) != shape:
                found = "nothing" if value is None else f"the shape {np.shape(value)}"
                raise TrainingError(f"{role} of weight layer {layer + 1} must have the shape {shape}; got {found}")
            np.copyto(self.arrays[role][layer], np.asarray(value, float))


def aligned(size: int) -> Array:
    """A vector of float64 zeros that starts at a multiple of 64 bytes."""
    raw = np.zeros(size * 8 + _LINE, np.uint8)
    start = -raw.ctypes.data % _LINE
    return raw[start : start + size * 8].view(np.float64)


def _shapes(network: Network) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """Role, layer from 0, and shape of each parameter array, first layer first."""
    if any(isinstance(width, str) for width in network.widths):
        raise TrainingError("a network is trained with numbers of neurons, not with letters for them")
    sizes = [int(width) for width in network.widths]
    for layer, row in enumerate(network.stack):
        before, to = sizes[layer], sizes[layer + 1]
        if not row.bias_only:
            yield "W", layer, (to, before + (row.bias == "appended"))
        if row.bias == "separate":
            yield "b", layer, (to,)
