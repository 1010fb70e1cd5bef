r"""The scene of a network in a notation: letters with scripts become the network's own quantities.

Layers and indices that do not exist raise `OutOfRange`.  A layer is a number in the notation's own counting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from verify.graph.adjoints import Calculus
from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.latex.resolve import splits
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.errors import NoRole, OutOfRange, Unsupported
from verify.meaning.layered import Layered
from verify.meaning.parts import plain
from verify.meaning.roles import LAYERED, Spoken, spelling
from verify.meaning.scene import Env, Slot


class NotatedNetwork(Layered):
    """A `Scene`: the quantities of a network, with their layers and functions (`Layered`)."""

    # --- the scene ---

    def quantity(self, node: t.Node, env: Env) -> Tensor | None:
        """The value of a quantity."""
        spoken = self._spoken(node, env)
        if spoken is None:
            return self._derived_loss(node, env)
        if spoken.kronecker:
            return None
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
        if spoken.column:
            return self._column(spoken, node, env), spoken.marks
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

    def _column(self, spoken: Spoken, node: t.Node, env: Env) -> Tensor:
        """The weights from one neuron; the column behind the last is that of the biases."""
        assert spoken.raised is not None
        sizes = self._sizes(spoken, node, env)
        number = self._number(spoken.raised, self._limits(spoken, sizes)[1], env)
        make = self._maker(spoken, self.layer_of(spoken, node, env))
        return Tensor(self.graph, (sizes[0], 1), lambda place: make((place[0] + 1, number)))

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
        if len(indices) != len(sizes):
            raise NoRole(node, f"this needs {len(sizes)} {'index' if len(sizes) == 1 else 'indices'}")
        limits = self._limits(spoken, sizes)
        numbers = tuple(self._number(index, one, env) for index, one in zip(indices, limits, strict=True))
        return arrays.number(self._maker(spoken, layer)(numbers))

    def _number(self, index: t.Node, limits: tuple[int, int], env: Env) -> int:
        """The number of an index, which must exist."""
        number, (low, high) = self.number(index, env), limits
        if number is None:
            raise NoRole(index, "this is no index")
        if not low <= number <= high:
            raise OutOfRange(index, f"index {number} is not between {low} and {high}", "index")
        return number

    def slots(self, node: t.Node, env: Env) -> Iterator[Slot]:
        """The indices of a quantity, with the range of each; letters run through the neurons alone."""
        spoken = self.letters.spoken(node)
        if spoken is not None and spoken.role == "E" and spoken.lower is not None:
            for inner in spoken.lower.items:
                yield from self.slots(inner, env)
        if spoken is None or spoken.role in ("E", "constant") or spoken.kronecker:
            return
        sizes = self._sizes(spoken, node, env)
        if spoken.column and spoken.raised is not None:
            yield spoken.raised, 1, sizes[1]
            return
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
