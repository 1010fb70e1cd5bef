"""A network at concrete widths: every z, a and the loss as named nodes that know the definitions behind them.

Layers are counted by their weights, 1 to `depth`; a^0 is the input.  Neurons are counted from 1.  Nothing here knows a
notation: `label` names what the nodes stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from verify.graph.adjoints import Calculus
from verify.graph.nodes import Graph, Node
from verify.meaning.functions import Scalars, Slopes, constants

Label = Callable[[str, int, tuple[int, ...]], str]
Activation = tuple[str, tuple[tuple[str, float], ...]]


class Network:
    """The quantities of a network, made when they are asked for.

    `widths` has the input's first; `bias` says of all layers or of each whether it has biases, `bias_only` of which
    layers that they add a bias to their input and have no weights; `label(role, layer, indices)` names a quantity,
    where the role is one of w, b, z, a, y, E.  `target` is the class whose target is 1, for losses that need one.
    """

    def __init__(
        self,
        graph: Graph,
        widths: tuple[int, ...],
        activations: tuple[Activation, ...],
        loss: str,
        bias: bool | tuple[bool, ...],
        label: Label,
        target: int | None = None,
        bias_only: tuple[bool, ...] = (),
    ) -> None:
        self.graph = graph
        self.widths = widths
        self.depth = len(widths) - 1
        self.activations = activations
        self.row = LOSSES[loss]
        self.biased = (bias,) * self.depth if isinstance(bias, bool) else bias
        self.bias = any(self.biased)
        self.bias_only = bias_only or (False,) * self.depth
        self.label = label
        self.target = target
        self.slopes = Slopes(graph)
        self.calculus = Calculus(graph, self.consumers)
        self._roles: dict[Node, tuple[str, int, tuple[int, ...]]] = {}

    # --- quantities ---

    def _known(self, node: Node, role: str, layer: int, indices: tuple[int, ...]) -> Node:
        self._roles[node] = role, layer, indices
        return node

    def role(self, node: Node) -> tuple[str, int, tuple[int, ...]] | None:
        """What a node stands for: role, layer, indices."""
        return self._roles.get(node)

    def w(self, layer: int, to: int, source: int) -> Node:
        """The weight to a neuron of the layer from one of the layer before."""
        indices = (to, source)
        return self._known(self.graph.atom(self.label("w", layer, indices)), "w", layer, indices)

    def b(self, layer: int, to: int) -> Node:
        """A bias; zero where the layer has none."""
        if not self.biased[layer - 1]:
            return self.graph.zero
        return self._known(self.graph.atom(self.label("b", layer, (to,))), "b", layer, (to,))

    def a(self, layer: int, j: int) -> Node:
        """An activation; at layer 0 the input."""
        name = self.label("a", layer, (j,))
        node = self.graph.atom(name) if layer == 0 else self.graph.named(name, lambda: self._activation(layer, j))
        return self._known(node, "a", layer, (j,))

    def z(self, layer: int, j: int) -> Node:
        """A pre-activation."""
        node = self.graph.named(self.label("z", layer, (j,)), lambda: self._pre_activation(layer, j))
        return self._known(node, "z", layer, (j,))

    def y(self, j: int) -> Node:
        """A target."""
        if self.row.one_hot:
            return self.graph.number(int(j == self.target))
        return self._known(self.graph.atom(self.label("y", 0, (j,))), "y", 0, (j,))

    @property
    def loss(self) -> Node:
        """The loss of one sample."""
        return self._known(self.graph.named(self.label("E", 0, ()), self._loss), "E", 0, ())

    def _pre_activation(self, layer: int, j: int) -> Node:
        return self._weighted(layer, j) + self.b(layer, j)

    def _weighted(self, layer: int, j: int, first: int = 1) -> Node:
        """Σ_k w_jk a_k over the neurons of the layer before, from `first` on; a_j where there are only biases."""
        if self.bias_only[layer - 1]:
            return self.a(layer - 1, j)
        sources = range(first, self.widths[layer - 1] + 1)
        return self.graph.sum(self.w(layer, j, k) * self.a(layer - 1, k) for k in sources)

    def _activation(self, layer: int, j: int) -> Node:
        whole = tuple(self.z(layer, k) for k in range(1, self.widths[layer] + 1))
        return self.activate(layer, self.z(layer, j), whole)

    def _loss(self) -> Node:
        count = self.widths[-1]
        pairs = [(self.a(self.depth, j), self.y(j)) for j in range(1, count + 1)]
        return self.graph.node(
            self.row.forward(
                Scalars(self.graph), lambda f: self.graph.sum(self.graph.node(f(a, y)) for a, y in pairs), count
            )
        )

    # --- functions ---

    def constants(self, layer: int) -> list[Node]:
        """The constants of a layer's activation, in the order of its row: numbers, or letters where none is given."""
        name, given = self.activations[layer - 1]
        return constants(self.graph, ACTIVATIONS[name].constants | dict(given))

    def activate(self, layer: int, z: Node, whole: tuple[Node, ...] = ()) -> Node:
        """The activation function of a layer at any pre-activation; softmax needs the whole layer."""
        row = ACTIVATIONS[self.activations[layer - 1][0]]
        return self.graph.node(row.forward(Scalars(self.graph, whole or (z,)), z, *self.constants(layer)))

    def slope(self, layer: int, z: Node, order: int = 1, whole: tuple[Node, ...] = ()) -> Node:
        """The activation function's derivative at any pre-activation; of softmax that of an entry by its own z."""
        if self.elementwise(layer):
            return self.slopes.at(self.activations[layer - 1], lambda u: self.activate(layer, u), order, z)
        body = self.activate(layer, z, whole)
        for _ in range(order):
            body = self.calculus.slopes(body).get(z, self.graph.zero)
        return body

    def elementwise(self, layer: int) -> bool:
        """Whether an activation depends on its own pre-activation alone."""
        return ACTIVATIONS[self.activations[layer - 1][0]].elementwise

    # --- structure ---

    def consumers(self, node: Node) -> Iterable[Node]:
        """The quantities whose definition mentions this one."""
        found = self._roles.get(node)
        if found is None:
            return ()
        role, layer, indices = found
        if role in ("w", "b"):
            return (self.z(layer, indices[0]),)
        if role == "z":
            alone = self.elementwise(layer)
            return [self.a(layer, j) for j in (indices if alone else range(1, self.widths[layer] + 1))]
        if role == "a" and layer < self.depth:
            alone = self.bias_only[layer]
            return [self.z(layer + 1, j) for j in (indices if alone else range(1, self.widths[layer + 1] + 1))]
        return (self.loss,) if role in ("a", "y") else ()

    def behind(self, node: Node) -> Node | None:
        """For exact comparison: what a node is replaced by, so that all that is left is independent.

        The pre-activations take the place of the biases, b = z − Σ w a, which is a change of variables without loss;
        where there are none, that of the weights from the first neuron.
        """
        role, layer, indices = self._roles.get(node, ("", 0, ()))
        if not role:
            return self.graph.body(node) if node.kind == "named" else None
        biased = layer > 0 and self.biased[layer - 1]
        dead = not biased and layer > 1 and self.activations[layer - 2][0] in ("relu", "step")
        if role == "z":  # without biases, and where what feeds it may vanish altogether, it is no free unknown
            return self.graph.body(node) if dead else None
        if role == "b":
            return self.z(layer, indices[0]) - self._weighted(layer, indices[0])
        if role == "w" and not biased and indices[1] == 1 and not dead:
            rest = self._weighted(layer, indices[0], first=2)
            return (self.z(layer, indices[0]) - rest) / self.a(layer - 1, 1)
        return self.graph.body(node) if role in ("a", "E") and node.kind == "named" else None

    @property
    def facts(self) -> dict[Node, Node]:
        """What holds by definition: Σ y = 1 for losses over distributions."""
        if not self.row.normalised or self.row.one_hot:
            return {}
        *others, last = [self.y(j) for j in range(1, self.widths[-1] + 1)]
        return {last: 1 - self.graph.sum(others)}
