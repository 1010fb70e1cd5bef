r"""Derivatives in the graph: reverse accumulation from one named quantity to the next, entry by entry.

A `Calculus` knows which named quantities use which, so that ∂E/∂v is Σ_c ∂E/∂c · ∂c/∂v over the quantities c whose
definition mentions v (Griewank, Walther 2008, Evaluating Derivatives, eq. 3.7).  Each ∂E/∂v of a quantity is a named
node itself: δ^2_1 is one node, wherever it recurs.  This shares nothing with the derivations of `derive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from verify.graph.nodes import Graph, Node

Consumers = Callable[[Node], Iterable[Node]]


class Calculus:
    """Derivatives over one graph.  `consumers(v)` are the named nodes whose definition mentions v directly.

    `mark` begins the names of the derivatives: two calculi over one graph that differ need marks that differ.
    """

    def __init__(self, graph: Graph, consumers: Consumers, mark: str = "∂") -> None:
        self.graph = graph
        self.consumers = consumers
        self.mark = mark
        self._known: dict[tuple[Node, Node], Node] = {}
        self._slopes: dict[Node, dict[Node, Node]] = {}
        self._parts: dict[Node, dict[Node, list[Node]]] = {}
        self._members: dict[Node, bool] = {}

    def total(self, of: Node, by: Node) -> Node:
        """d of / d by through every path; `by` is an atom or a named node."""
        if of is by:
            return self.graph.one
        if of.kind == "named" and not self._derived(of):
            return self._named(of, by)
        found = [slope * self.total(leaf, by) for leaf, slope in self.slopes(of).items() if leaf is not of]
        return self.graph.sum(found)

    def edge(self, consumer: Node, by: Node) -> Node:
        """∂consumer/∂by within the one definition that mentions `by`."""
        return self.slopes(self.graph.body(consumer)).get(by, self.graph.zero)

    def _derived(self, node: Node) -> bool:
        """Whether a named node is a derivative that `total` made itself: nothing lists its consumers."""
        return isinstance(node.value, str) and node.value.startswith("∂")

    def _named(self, of: Node, by: Node) -> Node:
        if (of, by) not in self._known:
            terms = []
            for consumer in self.consumers(by):
                outer = self.total(of, consumer)
                if outer is not self.graph.zero:
                    terms.append(outer * self.edge(consumer, by))
            body = self.graph.sum(terms)
            simple = body.kind in ("number", "atom", "named") or by.kind == "atom"
            name = f"{self.mark}{of.value}/∂{by.value}"
            self._known[of, by] = body if simple else self.graph.named(name, lambda: body)
        return self._known[of, by]

    def slopes(self, node: Node) -> dict[Node, Node]:
        """The derivative of an expression by each atom and each named node that it mentions, all others held fixed.

        A named derivative is looked behind, since it is no quantity of its own.
        """
        if node not in self._slopes:
            self._slopes[node] = self._reverse(node)
        return self._slopes[node]

    def occurrences(self, node: Node, by: Node) -> list[Node]:
        """The terms of the derivative by an atom or a name, one for each place where it stands in the expression."""
        self.slopes(node)
        return self._parts[node].get(by, [])

    def _reverse(self, root: Node) -> dict[Node, Node]:
        adjoint: dict[Node, list[Node]] = {root: [self.graph.one]}
        leaves: dict[Node, Node] = {}
        parts = self._parts[root] = {}
        for node in reversed(self._ordered(root)):
            if node not in adjoint or node.kind in ("number", "pi"):  # a condition has no adjoint
                continue
            terms = adjoint.pop(node)
            total = self.graph.sum(terms)
            if node.kind == "named" and self._derived(node):
                adjoint.setdefault(self.graph.body(node), []).append(total)
            elif node.kind in ("atom", "named"):
                leaves[node], parts[node] = total, terms
            else:
                for part, slope in _local(self.graph, node):
                    adjoint.setdefault(part, []).append(total * slope)
        return leaves

    def _ordered(self, root: Node) -> list[Node]:
        """The nodes of an expression, each after what it is made of."""
        found: list[Node] = []
        seen: set[Node] = set()
        waiting = [(root, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                found.append(node)
                continue
            if node in seen:
                continue
            seen.add(node)
            waiting.append((node, True))
            looked = node.kind == "named" and self._derived(node)
            below = (self.graph.body(node),) if looked else () if node.kind == "number" else node.args
            waiting.extend((one, False) for one in below if one.kind not in ("number", "pi"))
        return found


def consumers_of(graph: Graph, quantities: Iterable[Node]) -> Consumers:
    """For a list of quantities that is not large: who mentions whom, by looking into every definition once."""
    users: dict[Node, list[Node]] = {}
    for quantity in quantities:
        for leaf in leaves_of(graph.body(quantity)):
            users.setdefault(leaf, []).append(quantity)
    return lambda node: users.get(node, ())


def leaves_of(root: Node) -> list[Node]:
    """The atoms and named nodes of an expression."""
    found: dict[Node, None] = {}
    seen = {root}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind in ("atom", "named"):
            found[node] = None
        for part in node.args:
            if part not in seen:
                seen.add(part)
                waiting.append(part)
    return list(found)


def substituted(root: Node, news: Mapping[Node, Node]) -> Node:
    """The expression with nodes replaced, everything above them made anew."""
    known: dict[Node, Node] = dict(news)
    graph = root.graph
    waiting = [(root, False)]
    while waiting:
        node, done = waiting.pop()
        if node in known:
            continue
        if not node.args:
            known[node] = node
        elif done:
            known[node] = rebuilt(graph, node, tuple(known[part] for part in node.args))
        else:
            waiting.append((node, True))
            waiting.extend((part, False) for part in node.args)
    return known[root]


def rebuilt(graph: Graph, node: Node, args: tuple[Node, ...]) -> Node:
    """A node of the same kind over other arguments."""
    if args == node.args:
        return node
    makers: dict[str, Callable[[], Node]] = {
        "sum": lambda: graph.sum(args),
        "product": lambda: graph.product(args),
        "power": lambda: graph.power(args[0], node.value),
        "function": lambda: graph.function(node.value, args[0]),
        "root": lambda: graph.root(args[0], node.value),
        "choose": lambda: graph.choose(*args),
        "opaque": lambda: graph.opaque(node.value[0], args, node.value[1]),
    }
    return makers[node.kind]()


def _local(graph: Graph, node: Node) -> Iterable[tuple[Node, Node]]:
    """Each argument with the derivative of the node by it; an argument may come twice."""
    kind, args = node.kind, node.args
    if kind == "sum":
        return [(part, graph.one) for part in args]
    if kind == "product":
        return [(part, graph.product(args[:i] + args[i + 1 :])) for i, part in enumerate(args)]
    if kind == "power":
        return [(args[0], node.value * graph.power(args[0], node.value - 1))]
    if kind == "root":
        return [(args[0], Fraction(1, node.value) * graph.power(node, 1 - node.value))]
    if kind == "function":
        return [(args[0], _SLOPES[node.value](graph, args[0]))]
    if kind == "choose":
        return [(args[1], graph.choose(args[0], graph.one, graph.zero)),
                (args[2], graph.choose(args[0], graph.zero, graph.one))]  # fmt: skip
    name, places = node.value
    return [(part, graph.opaque(name, args, (*places, i))) for i, part in enumerate(args)]


_SLOPES: dict[str, Callable[[Graph, Node], Node]] = {
    "exp": lambda graph, u: graph.exp(u),
    "log": lambda graph, u: graph.power(u, -1),
    "erf": lambda graph, u: 2 * graph.exp(-(u * u)) / graph.root(graph.pi),
    "sin": lambda graph, u: graph.function("cos", u),
    "cos": lambda graph, u: -graph.function("sin", u),
    "arctan": lambda graph, u: graph.power(1 + u * u, -1),
    "arcsin": lambda graph, u: graph.power(graph.root(1 - u * u), -1),
}
