"""A network of the same kind that a person can compute by hand: at most two weight layers of at most two neurons.

It has two neurons also where a single one would make every gradient 0: softmax of one number is 1.
"""

from __future__ import annotations

from math import prod
from typing import Any

from derive.derivation import Derivation
from derive.network import Layer, Network
from derive.tables.activations import ACTIVATIONS
from verify.examination import Examination, examine
from verify.oracles import Point

MOST_DEPTH, MOST_WIDTH = 2, 2
MOST_NUMBERS = 48  # a network with no more to be found is computed as it is: 3-4-2 has 45


def worked(network: Network, seed: int) -> Examination:
    """The network itself where it is small, else one made of its last layers, examined at a point with short decimals.

    Raises `PointError` where no point is found at which the loss is defined.
    """
    chosen = network if _is_small(network) else smaller(network)
    return examine(Derivation(chosen), Point.random(chosen, seed))


def is_dead(network: Network) -> bool:
    """Whether a layer sets its neurons against each other and has only one, so that it always says the same."""
    return any(_joint(layer) and str(layer.width) == "1" for layer in network.stack)


def _joint(layer: Layer) -> bool:
    return not ACTIVATIONS[layer.activation].elementwise


def _is_small(network: Network) -> bool:
    return not is_dead(network) and _to_be_found(network) <= MOST_NUMBERS


def _to_be_found(network: Network) -> int:
    """How many numbers a sheet asks for: z, a and δ of every neuron, the loss, and the gradient by every parameter."""
    sizes = network.sizes
    neurons = sum(sizes[space.size] for space in network.spaces[1:])
    return 3 * neurons + 1 + sum(prod(sizes[space.size] for space in one.spaces) for one in network.parameters)


def smaller(network: Network) -> Network:
    """The last layers with their activations, biases and loss, none of them wider than two neurons."""
    before = max(network.depth - MOST_DEPTH, 0)
    stack, widths = network.stack[before:], _widths(network)[before:]
    return Network(
        [widths[0], *(_spec(layer, width) for layer, width in zip(stack, widths[1:], strict=True))],
        [_activation(layer) for layer in stack],
        network.loss,
        [layer.bias for layer in stack],
    )


def _widths(network: Network) -> list[int]:
    """Two where there are more, or where one would not do; a layer with only a bias is as wide as the one before."""
    found = [min(width, MOST_WIDTH) if isinstance(width, int) else MOST_WIDTH for width in network.widths]
    for place in range(network.depth, 0, -1):
        layer = network.stack[place - 1]
        if _joint(layer):
            found[place] = MOST_WIDTH
        if layer.bias_only:
            found[place - 1] = found[place]
    return found


def _activation(layer: Layer) -> dict[str, Any]:
    return {"name": layer.activation, **dict(layer.constants)}


def _spec(layer: Layer, width: int) -> Any:
    return {"bias_only": True, "activation": _activation(layer)} if layer.bias_only else width
