"""What a network in a notation says of layers and of functions: their numbers, and σ and σ′ at any argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from verify.graph.adjoints import Calculus
from verify.graph.nodes import Graph
from verify.latex import tree as t
from verify.latex.walk import children
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.errors import NoRole, OutOfRange, Unsupported
from verify.meaning.network import Network
from verify.meaning.parts import doubtful
from verify.meaning.roles import LAYERED, Letters, Spoken, spelling
from verify.meaning.scene import Env

Whole = Callable[[t.Node, Env], int | None]


class Layered:
    """A network at concrete widths, the letters of a notation, the number of the first weights.

    `counts` are letters for widths, as they were given with the question.
    """

    def __init__(
        self, network: Network, letters: Letters, first: int, counts: dict[str, int], numerator: bool = False
    ) -> None:
        self.graph: Graph = network.graph
        self.network = network
        self.letters = letters
        self.first = first
        self.counts = counts
        self.numerator = numerator
        self.number: Whole = lambda node, env: None
        self.other: Calculus | None = None

    # --- layers ---

    def layer_of(self, spoken: Spoken, node: t.Node, env: Env) -> int:
        """The layer of a quantity, counted by weights; 0 is the input."""
        output = spoken.role in ("a", "z", "d", "g", "o", "tall")
        if spoken.layer is None:
            if self.network.depth == 1 or output:
                return self.network.depth
            raise NoRole(node, "this says no layer")
        written = self.layer_number(spoken.layer, env)
        if written is None:
            raise NoRole(spoken.layer, "this is no number of a layer")
        activation = spoken.role in ("a", "tall", "x", "g")
        found = written - self.first + 1 - (self.letters.row.shift if activation else 0)
        low = 0 if activation else 1
        if not low <= found <= self.network.depth:
            raise OutOfRange(node, f"layer {written} does not exist: {self._layers(activation)}", "layer")
        return found

    def _layers(self, activation: bool) -> str:
        shift = self.letters.row.shift if activation else 0
        low = self.first - 1 + shift if activation else self.first
        what = "activations" if activation else "weights"
        return f"{what} have the layers {low} to {self.network.depth + self.first - 1 + shift}"

    def layer_number(self, node: t.Node, env: Env) -> int | None:
        """The number of a layer as it is written: L is the last."""
        last = self.network.depth + self.first - 1 + self.letters.row.shift
        return self.number(node, {"L": last, **env})

    # --- functions ---

    def applies(self, head: t.Node) -> bool:
        """Whether a letter in front of a bracket is the activation function, or the loss."""
        if isinstance(head, t.Derivative):
            return self.applies(head.operand)
        base = head.base if isinstance(head, t.Scripted) else head
        if not isinstance(base, t.Letter):
            return False
        name = spelling(base)
        if name in self.letters.functions:
            return True
        return self.letters.roles.get(name) == "E" or (base.word and base.font in ("mathrm", ""))

    def shapeless(self, node: t.Node) -> list[str]:
        """A network says of every letter what it is."""
        return []

    def ignores(self, head: t.Node) -> bool:
        """Whether this is the loss, J(θ), of which the arguments do not matter."""
        base = head.base if isinstance(head, t.Scripted) and not head.upper else head
        name = spelling(base) if isinstance(base, t.Letter) else ""
        return self.letters.roles.get(name) == "E" and name not in self.letters.functions

    def call(self, node: t.Call, arguments: list[Tensor], env: Env) -> Tensor | None:
        """The activation function, its derivatives, and the loss, at any argument."""
        head = node.function
        if isinstance(head, t.Derivative):
            if len(arguments) != 1 or any(one.times is not None for one in head.by) or head.order is not None:
                raise Unsupported(head, "only first derivatives of a function are taken at an argument")
            return self.slope_at(head.operand, len(head.by), node.argument, arguments[0], env)
        base = head.base if isinstance(head, t.Scripted) else head
        name = spelling(replace(base, accents=())) if isinstance(base, t.Letter) else ""
        if self.ignores(head):
            return arrays.number(self.network.loss)
        if name not in self.letters.functions or len(arguments) != 1:
            return None
        upper = head.upper if isinstance(head, t.Scripted) else ()
        order = sum(mark.count for mark in upper if isinstance(mark, t.Prime))
        order += sum(accent == "dot" for accent in base.accents) if isinstance(base, t.Letter) else 0
        if isinstance(head, t.Scripted) and (head.lower is not None or any(map(doubtful, upper))):
            raise Unsupported(head, "this script on a function may be a layer, a power, an inverse or an index")
        layer = self._function_layer(head, node.argument, env)
        return self.activated(layer, arguments[0], order, node)

    def activated(self, layer: int, at: Tensor, order: int, argument: t.Node) -> Tensor:
        """σ, σ′, … of a layer, entry by entry; softmax over the whole vector, or the layer of its argument."""
        net = self.network
        if net.elementwise(layer):
            if order == 0:
                return arrays.each(lambda u: net.activate(layer, u), at)
            return arrays.each(lambda u: net.slope(layer, u, order), at)
        whole = tuple(net.z(layer, j) for j in range(1, net.widths[layer] + 1))
        if not at.scalar:
            whole = tuple(arrays.entries(at))
        elif at.only not in whole:
            raise Unsupported(argument, "a softmax of one number needs the others beside it")
        if order == 0:
            return arrays.each(lambda u: net.activate(layer, u, whole), at)
        return arrays.each(lambda u: net.slope(layer, u, order, whole), at)

    def _function_layer(self, head: t.Node, argument: t.Node, env: Env) -> int:
        """The layer whose activation function is meant."""
        upper = head.upper if isinstance(head, t.Scripted) else ()
        for mark in upper:
            if isinstance(mark, t.Raised):
                number = self.layer_number(mark.body, env)
                found = None if number is None else number - self.first + 1
                if found is None or not 1 <= found <= self.network.depth:
                    raise OutOfRange(mark, f"there is no such layer: {self._layers(False)}", "layer")
                return found
        layers = self._mentioned(argument, env)
        if layers:
            return max(layers)
        if len(set(self.network.activations)) > 1:
            raise Unsupported(head, "nothing says which layer's activation function this is")
        return self.network.depth

    def _mentioned(self, node: t.Node, env: Env) -> list[int]:
        """The layers of the quantities in an argument, those of pre-activations if there are any."""
        found: dict[str, list[int]] = {}
        waiting = [node]
        while waiting:
            one = waiting.pop()
            spoken = self.letters.spoken(one) if isinstance(one, t.Letter | t.Scripted) else None
            if spoken is not None and spoken.role in LAYERED:
                found.setdefault(spoken.role, []).append(self.layer_of(spoken, one, env))
            elif spoken is not None and spoken.role == "o":
                found.setdefault("a", []).append(self.network.depth)
            else:
                waiting.extend(children(one))
        return found.get("z") or found.get("w") or [one for one in found.get("a", []) if one]

    def slope_at(self, function: t.Node, order: int, variable: t.Node, at: Tensor, env: Env) -> Tensor | None:
        """dσ/dz, at what it is differentiated by."""
        base = function.base if isinstance(function, t.Scripted) else function
        if not isinstance(base, t.Letter) or spelling(base) not in self.letters.functions:
            return None
        return self.activated(self._function_layer(function, variable, env), at, order, variable)
