r"""The scene of a network in a notation: letters with scripts become the network's own quantities.

Layers and indices that do not exist raise `OutOfRange`.  A layer is a number in the notation's own counting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from verify.graph.adjoints import Calculus
from verify.graph.nodes import Graph, Node
from verify.latex import tree as t
from verify.latex.resolve import splits
from verify.latex.walk import children
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.errors import NoRole, OutOfRange, Unsupported
from verify.meaning.network import Network
from verify.meaning.parts import doubtful, plain
from verify.meaning.roles import LAYERED, Letters, Spoken, spelling
from verify.meaning.scene import Env, Slot

Whole = Callable[[t.Node, Env], int | None]


class NotatedNetwork:
    """A `Scene`: a network at concrete widths, the letters of a notation, the number of the first weights.

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

    # --- the scene ---

    def quantity(self, node: t.Node, env: Env) -> Tensor | None:
        """The value of a quantity."""
        spoken = self._spoken(node, env)
        if spoken is None:
            return self._derived_loss(node, env)
        if spoken.role in ("b", "db") and not self.network.bias:
            raise NoRole(node, "this network has no biases")
        if spoken.role == "E":
            return arrays.number(self.network.loss) if not spoken.marks else None
        if spoken.role == "constant":
            return arrays.number(self.graph.atom(spoken.letter))
        found, rest = self._array(spoken, node, env)
        for mark in rest:
            if isinstance(mark, t.Raised):
                found = self._power(found, mark, env)
            elif isinstance(mark, t.Transpose) or not found.scalar:
                found = arrays.transpose(found)
            else:
                raise Unsupported(node, "a prime on what is no function")
        return found

    def _spoken(self, node: t.Node, env: Env) -> Spoken | None:
        spoken = self.letters.spoken(node)
        if spoken is None or spoken.role != "E" or spoken.lower is None:
            return spoken
        inner = spoken.lower.items[0]
        named = self.letters.spoken(inner) if len(spoken.lower.items) == 1 else None
        return None if named is not None and named.role != "x" else spoken

    def _derived_loss(self, node: t.Node, env: Env) -> Tensor | None:
        """E_w: the derivative of the loss by what stands below it."""
        spoken = self.letters.spoken(node)
        if spoken is None or spoken.role != "E" or spoken.lower is None:
            return None
        by = self.quantity(spoken.lower.items[0], env)
        if by is None:
            return None
        return arrays.each(lambda leaf: self.total(self.network.loss, leaf), by)

    def _power(self, value: Tensor, mark: t.Raised, env: Env) -> Tensor:
        count = self.number(mark.body, env)
        if count is None:
            raise Unsupported(mark, "this power is not computed")
        return arrays.each(lambda u: self.graph.power(u, count), value)

    def _array(self, spoken: Spoken, node: t.Node, env: Env) -> tuple[Tensor, tuple[t.Mark, ...]]:
        """The array of a quantity, or its entry where it has indices, and the marks that are left."""
        whole = self._whole_array(spoken, node, env)
        indices = self._indices(spoken, node, env)
        if not indices:
            return whole, spoken.marks
        flips = [mark for mark in spoken.marks if isinstance(mark, t.Transpose)]
        if flips and len(indices) == 2:
            return self._entry(spoken, indices[::-1], node, env), tuple(m for m in spoken.marks if m not in flips)
        return self._entry(spoken, indices, node, env), spoken.marks

    def _sizes(self, spoken: Spoken, node: t.Node, env: Env) -> tuple[int, ...]:
        """How many entries a quantity has along each axis."""
        widths = self.network.widths
        if spoken.role in ("y", "o") and spoken.layer is None:
            return (widths[-1],)
        if spoken.role in ("x", "dx") and spoken.layer is None:
            return (widths[0],)
        layer = self.layer_of(spoken, node, env)
        if spoken.role in ("w", "dw", "wide"):
            return widths[layer], widths[layer - 1] + (spoken.role == "wide")
        return (widths[layer] + (spoken.role == "tall"),)

    def _whole_array(self, spoken: Spoken, node: t.Node, env: Env) -> Tensor:
        sizes = self._sizes(spoken, node, env)
        layer = self.layer_of(spoken, node, env) if spoken.role in LAYERED or spoken.layer is not None else 0
        make = self._maker(spoken, layer)
        if len(sizes) == 2:
            return Tensor(self.graph, sizes, lambda place: make((place[0] + 1, place[1] + 1)), between=True)
        return Tensor(self.graph, (sizes[0], 1), lambda place: make((place[0] + 1,)))

    def _maker(self, spoken: Spoken, layer: int) -> Callable[[tuple[int, ...]], Node]:
        """What makes an entry, by its numbers."""
        net, depth = self.network, self.network.depth
        wide = spoken.role in ("w", "dw", "wide")

        def weight(at: tuple[int, ...]) -> Node:
            stacked = at[1] in (0, net.widths[layer - 1] + 1)
            return net.b(layer, at[0]) if stacked else net.w(layer, *at)

        def activation(at: tuple[int, ...]) -> Node:
            return self.graph.one if at[0] in (0, net.widths[layer] + 1) else net.a(layer, at[0])

        rows: dict[str, Callable[[tuple[int, ...]], Node]] = {
            "x": activation, "a": activation, "tall": activation,
            "z": lambda at: net.z(layer, *at),
            "b": lambda at: net.b(layer, *at),
            "y": lambda at: net.y(*at),
            "o": lambda at: net.a(depth, *at),
            "d": lambda at: self.total(net.loss, net.z(layer, *at)),
            "g": lambda at: self.total(net.loss, net.a(layer, *at)),
            "db": lambda at: self.total(net.loss, net.b(layer, *at)),
            "dx": lambda at: self.total(net.loss, net.a(0, *at)),
        }  # fmt: skip
        if not wide:
            return rows[spoken.role]
        return weight if spoken.role != "dw" else lambda at: self.total(net.loss, weight(at))

    # --- indices ---

    def _indices(self, spoken: Spoken, node: t.Node, env: Env) -> tuple[t.Node, ...]:
        """The indices of a quantity as they are written, in the order to, from."""
        if spoken.lower is None and spoken.raised is None:
            return ()
        slots = len(self._sizes(spoken, node, env))
        if spoken.raised is not None:
            return (*(spoken.lower.items if spoken.lower else ()), spoken.raised)
        assert spoken.lower is not None
        if spoken.role == "b" and self.letters.row.bias.fixed == "0" and spoken.letter != "b":
            slots = 2
        ways = list(splits(spoken.lower, slots))
        if not ways:
            raise NoRole(node, f"this needs {slots} {'index' if slots == 1 else 'indices'}")
        return next((way for way in ways if self._fits(spoken, way, node, env)), ways[0])

    def _fits(self, spoken: Spoken, way: tuple[t.Node, ...], node: t.Node, env: Env) -> bool:
        sizes = self._sizes(spoken, node, env)
        numbers = [self.number(one, env) for one in way]
        return all(
            one is None or low <= one <= high
            for one, (low, high) in zip(numbers, self._limits(spoken, sizes), strict=False)
        )

    def _limits(self, spoken: Spoken, sizes: tuple[int, ...]) -> list[tuple[int, int]]:
        """First and last index along each axis: bishop counts the bias as weight 0, augmented as the last one."""
        from_zero = self.letters.row.name == "bishop" and self.network.bias
        beyond = self.letters.row.stacked is not None and self.network.bias
        found = [(1, size) for size in sizes]
        stretched = len(sizes) - 1 if spoken.role in ("w", "dw", "a", "x") else None
        if stretched is not None and not (spoken.role == "a" and beyond and spoken.layer is None):
            low, high = found[stretched]
            found[stretched] = (0 if from_zero else low, high + 1 if beyond else high)
        return found

    def _entry(self, spoken: Spoken, indices: tuple[t.Node, ...], node: t.Node, env: Env) -> Tensor:
        sizes = self._sizes(spoken, node, env)
        layer = self.layer_of(spoken, node, env) if spoken.role in LAYERED or spoken.layer is not None else 0
        numbers = []
        if len(indices) != len(sizes):
            raise NoRole(node, f"this needs {len(sizes)} {'index' if len(sizes) == 1 else 'indices'}")
        for index, (low, high) in zip(indices, self._limits(spoken, sizes), strict=True):
            number = self.number(index, env)
            if number is None:
                raise NoRole(index, "this is no index")
            if not low <= number <= high:
                raise OutOfRange(index, f"index {number} is not between {low} and {high}", "index")
            numbers.append(number)
        return arrays.number(self._maker(spoken, layer)(tuple(numbers)))

    def slots(self, node: t.Node, env: Env) -> Iterator[Slot]:
        """The indices of a quantity, with the range of each; letters run through the neurons alone."""
        spoken = self.letters.spoken(node)
        if spoken is not None and spoken.role == "E" and spoken.lower is not None:
            for inner in spoken.lower.items:
                yield from self.slots(inner, env)
        if spoken is None or spoken.role in ("E", "constant"):
            return
        sizes = self._sizes(spoken, node, env)
        flip = any(isinstance(mark, t.Transpose) for mark in spoken.marks) and len(sizes) == 2
        for index, size in zip(self._indices(spoken, node, env), sizes[::-1] if flip else sizes, strict=False):
            yield index, 1, size

    def whole(self, node: t.Node, env: Env) -> int | None:
        """A width: a letter that was given, n for the outputs, n_l for those of a layer."""
        if isinstance(node, t.Letter):
            name = spelling(node)
            if name in self.counts:
                return self.counts[name]
            if name == "L":
                return self.network.depth + self.first - 1
            return self.network.widths[-1] if name == "n" else None
        if isinstance(node, t.Scripted) and isinstance(node.base, t.Letter) and node.base.name in ("n", "N", "d", "m"):
            return self._width(node, env)
        return None

    def _width(self, node: t.Scripted, env: Env) -> int | None:
        """n_l, n^{[l]}: the neurons of a layer, counted as activations are."""
        assert isinstance(node.base, t.Letter)
        written = [mark.body for mark in node.upper if isinstance(mark, t.Raised)]
        if node.lower is not None:
            text = f"{node.base.name}_{plain(node.lower.items[0])}"
            if text in self.counts:
                return self.counts[text]
            written += node.lower.items
        layer = self.layer_number(written[0], env) if len(written) == 1 else None
        place = None if layer is None else layer - self.first + 1 - self.letters.row.shift
        return self.network.widths[place] if place is not None and 0 <= place <= self.network.depth else None

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

    # --- derivatives ---

    @property
    def calculus(self) -> Calculus:
        """The network's own derivatives."""
        return self.network.calculus

    def place(self, node: Node) -> tuple[int, ...]:
        """The indices of a node."""
        return (self.network.role(node) or ("", 0, ()))[2]

    def family(self, node: Node) -> str:
        """What kind of quantity a node is, of whichever neuron: z2, w3."""
        if self.network.role(node) is None:
            return ""
        return re.sub(r"_\{[^}]*\}", "", str(node.value))

    def total(self, of: Node, by: Node) -> Node:
        """A derivative through every path."""
        return (self.other or self.network.calculus).total(of, by)

    def is_leaf(self, node: Node) -> bool:
        """Quantities of the network are what derivatives are taken by."""
        return self.network.role(node) is not None

    def independent(self, node: Node) -> bool:
        """A pre-activation with its own bias takes every value."""
        role = self.network.role(node)
        return role is not None and role[0] == "z" and self.network.bias

    def gradient_variable(self, operand: t.Node) -> t.Node | None:
        """A gradient of a network's loss says what it is taken by."""
        return None
