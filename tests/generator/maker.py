"""What the makers of claims share: the network, the dice, and what is certain about a layer."""

from __future__ import annotations

import random

from tests.generator.expressions import (
    ONE,
    ZERO,
    At,
    Kron,
    Layer,
    Node,
)
from tests.generator.worlds import Net


def kronecker(i: At, j: At) -> Node:
    """1 where the indices are the same; a number where both are."""
    return Kron(i, j) if isinstance(i, str) or isinstance(j, str) else ONE if i == j else ZERO


POOLS = ("jkimpqrs", "ijkmpqrs", "kjimpqrs")


class Maker:
    """The network, the dice, and what is known about a layer; `closed` is how often σ′ is written by its formula."""

    def __init__(self, net: Net, rng: random.Random, notation: str = "nielsen") -> None:
        self.net, self.rng, self.notation = net, rng, notation
        self.closed = rng.choice((0.0, 0.1, 0.5, 1.0))
        self.limits = rng.random() < 0.4
        self.named = rng.random() < 0.5

    @property
    def uniform(self) -> bool:
        """Whether σ means the same function in every layer, so that σ(Wa + b) says which."""
        return len(set(self.net.activations)) == 1

    def chance(self, p: float) -> bool:
        """Whether it happens, with this probability."""
        return self.rng.random() < p

    def last(self, layer: Layer) -> bool:
        """Whether this is certainly the last layer."""
        return layer in (Layer("L"), Layer("", self.net.depth))

    def known(self, layer: Layer) -> bool:
        """Whether it is certain which rule holds: the one for the last layer, or the one for hidden layers."""
        return layer.letter != "l" or layer.offset == 0

    def numbers(self, layer: Layer) -> list[int]:
        """The layers that this may be."""
        hidden = range(1, self.net.depth)
        found = {"": [0], "L": [self.net.depth], "l": list(hidden)}[layer.letter]
        return [n + layer.offset for n in found if 1 <= n + layer.offset <= self.net.depth]

    def activation(self, layer: Layer) -> tuple[str, int] | None:
        """The activation of a layer and its number, if it is certain."""
        kinds = {self.net.activations[n - 1] for n in self.numbers(layer)}
        return (kinds.pop()[0], self.numbers(layer)[0]) if len(kinds) == 1 else None

    def soft(self, layer: Layer) -> bool:
        """Whether the layer may be a softmax."""
        return any(self.net.activations[n - 1][0] == "softmax" for n in self.numbers(layer))

    def a_layer(self, hidden: bool = False) -> Layer:
        """A layer of weights: by number, or by letter; `hidden` for one that is not the last."""
        depth = self.net.depth
        if self.notation == "augmented":  # its numbers of layers and of activations differ by one: no letters there
            return Layer("", self.rng.randint(1, depth - 1 if hidden else depth))
        if depth > 1 and self.chance(0.2) and not self.soft(Layer("l")):
            return Layer("l")
        if not hidden and self.chance(0.15):
            return Layer("L")
        return Layer("", self.rng.randint(1, depth - 1 if hidden else depth))
