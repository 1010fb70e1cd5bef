r"""The scene of a network as it was stated: what its own layers have, and its activations under their printed names.

A layer without biases has no b, one with only biases has no w: these are out of range.  \operatorname{LReLU} is the
activation function of the layers that have it, with their constants.  Where L is a constant, N is the last layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.errors import OutOfRange, Unsupported
from verify.meaning.functions import ACTIVATION_WORDS
from verify.meaning.notated import NotatedNetwork
from verify.meaning.parts import scripts_of, word_of
from verify.meaning.roles import Spoken
from verify.meaning.scene import Env, Slot

LAST, OTHER_LAST = "L", "N"
"""The letter of the last layer, and the one where the first is a constant of an activation."""


def last_letter(constants: tuple[str, ...]) -> str:
    """The letter that stands for the last layer."""
    return OTHER_LAST if LAST in constants else LAST


def _power_of_target(spoken: Spoken) -> bool:
    """Whether this is y_k^2: a target has one index, so that what stands above it is a power in every notation."""
    return spoken.role == "y" and spoken.raised is not None and spoken.lower is not None


def _without(node: t.Scripted) -> t.Scripted:
    """A letter without its powers."""
    return replace(node, upper=tuple(one for one in node.upper if not isinstance(one, t.Raised)))


def _number(node: t.Node) -> Fraction | None:
    """The number that is written, a fraction or a decimal; None for anything else."""
    if isinstance(node, t.Fraction):
        above, below = _number(node.above), _number(node.below)
        return above / below if above is not None and below else None
    return Fraction(node.digits) if isinstance(node, t.Number) else None


class StatedNetwork(NotatedNetwork):
    """A `Scene`: a network in a notation, whose layers may differ in what they have."""

    def _sizes(self, spoken: Spoken, node: t.Node, env: Env) -> tuple[int, ...]:
        """How many entries a quantity has along each axis; raises `OutOfRange` where its layer has none such."""
        if spoken.role in ("b", "db", "w", "dw", "wide"):
            layer = self.layer_of(spoken, node, env)
            if spoken.role in ("b", "db", "wide") and self.network.bias and not self.network.biased[layer - 1]:
                raise OutOfRange(node, "this layer has no biases", "layer")
            if spoken.role in ("w", "dw", "wide") and self.network.bias_only[layer - 1]:
                if self.letters.row.bias.fixed == "0" and spoken.lower is not None:
                    return self.network.widths[layer], 0  # w_{j0} alone
                if self.letters.row.stacked is not None:  # where the bias is the last column of the weights
                    raise Unsupported(node, "this layer has only biases, which are written as weights here")
                raise OutOfRange(node, "this layer has no weights, only biases", "layer")
        return super()._sizes(spoken, node, env)

    def _maker(self, spoken: Spoken, layer: int) -> Callable[[tuple[int, ...]], Node]:
        """What makes an entry; the place of a bias that the layer lacks is out of range."""
        make = super()._maker(spoken, layer)
        if spoken.role not in ("w", "dw") or self.network.biased[layer - 1]:
            return make

        def present(at: tuple[int, ...]) -> Node:
            if at[1] in (0, self.network.widths[layer - 1] + 1):
                raise OutOfRange(t.Letter(spoken.letter), "this layer has no biases", "layer")
            return make(at)

        return present

    def quantity(self, node: t.Node, env: Env) -> Tensor | None:
        """The value of a quantity; constants and arguments have powers in the place of layers."""
        spoken = self.letters.spoken(node)
        if spoken is not None and isinstance(node, t.Scripted) and _power_of_target(spoken):
            powers = [one for one in node.upper if isinstance(one, t.Raised)]
            entry = super().quantity(_without(node), env)
            return None if entry is None or len(powers) > 1 else self._power(entry, powers[0], env)
        if spoken is None or spoken.role != "constant" or not isinstance(node, t.Scripted):
            return super().quantity(node, env)
        if node.lower is not None or node.left_upper or not all(isinstance(one, t.Raised) for one in node.upper):
            return None
        found = arrays.number(self.graph.atom(spoken.letter))
        for mark in node.upper:
            if isinstance(mark, t.Raised):
                found = self._power(found, mark, env)
        return found

    def slots(self, node: t.Node, env: Env) -> Iterator[Slot]:
        """The indices of a quantity, with the range of each."""
        spoken = self.letters.spoken(node)
        power = spoken is not None and isinstance(node, t.Scripted) and _power_of_target(spoken)
        yield from super().slots(_without(node) if power and isinstance(node, t.Scripted) else node, env)

    def layer_number(self, node: t.Node, env: Env) -> int | None:
        """The number of a layer as it is written."""
        last = self.network.depth + self.first - 1 + self.letters.row.shift
        return super().layer_number(node, {last_letter(self.letters.constants): last, **env})

    def independent(self, node: Node) -> bool:
        """A pre-activation with its own bias takes every value."""
        role = self.network.role(node)
        return role is not None and role[0] == "z" and self.network.biased[role[1] - 1]

    def call(self, node: t.Call, arguments: list[Tensor], env: Env) -> Tensor | None:
        """The activation function and the loss, and activations of the network under their own words."""
        found = super().call(node, arguments, env)
        head, upper, lower = scripts_of(node.function)
        row = ACTIVATION_WORDS.get(word_of(head))
        layers = [place for place, (name, _) in enumerate(self.network.activations, 1) if name == row]
        primes = [mark.count for mark in upper if isinstance(mark, t.Prime)]
        if found is not None or not layers or len(arguments) != 1 or len(primes) < len(upper):
            return found
        if lower is not None:  # ELU_{1/2}: the layers with these constants
            layers = [one for one in layers if tuple(map(_number, lower.items)) == self._constants(one)]
            if not layers:
                return None
        if len({self.network.activations[layer - 1] for layer in layers}) > 1:
            layers = [one for one in self._mentioned(node.argument, env) if one in layers]
        if not layers:
            raise Unsupported(node.function, "nothing says which layer's constants this function has")
        return self.activated(max(layers), arguments[0], sum(primes), node)

    def _constants(self, layer: int) -> tuple[Fraction | None, ...]:
        """The constants of a layer's activation; None for a letter."""
        return tuple(one.constant for one in self.network.constants(layer))
