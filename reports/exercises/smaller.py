"""A network of the same kind that a person can compute by hand: at most two weight layers of at most two neurons."""

from __future__ import annotations

from math import prod
from typing import Any

from derive.derivation import Derivation
from derive.network import Layer, Network
from verify.examination import Examination, examine
from verify.oracles import Point

MOST_DEPTH, MOST_WIDTH = 2, 2
MOST_PARAMETERS = 13  # a network with no more is computed as it is


def worked(network: Network, seed: int) -> Examination:
    """The network itself where it is small, else one made of its last layers, examined at a point with short decimals.

    Raises `PointError` where no point is found at which the loss is defined.
    """
    chosen = network if _is_small(network) else smaller(network)
    return examine(Derivation(chosen), Point.random(chosen, seed))


def _is_small(network: Network) -> bool:
    sizes = network.sizes
    counts = (prod(sizes[space.size] for space in one.spaces) for one in network.parameters)
    return network.depth <= MOST_DEPTH and sum(counts) <= MOST_PARAMETERS


def smaller(network: Network) -> Network:
    """The last layers with their activations, biases and loss, none of them wider than two neurons."""
    before = max(network.depth - MOST_DEPTH, 0)
    stack = network.stack[before:]
    return Network(
        [_width(network.widths[before]), *map(_spec, stack)],
        [_activation(layer) for layer in stack],
        network.loss,
        [layer.bias for layer in stack],
    )


def _width(width: int | str) -> int:
    return min(width, MOST_WIDTH) if isinstance(width, int) else MOST_WIDTH


def _activation(layer: Layer) -> dict[str, Any]:
    return {"name": layer.activation, **dict(layer.constants)}


def _spec(layer: Layer) -> Any:
    return {"bias_only": True, "activation": _activation(layer)} if layer.bias_only else _width(layer.width)
