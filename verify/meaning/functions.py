r"""The functions that a formula may name: what each is, as a scalar or over an array.

`Scalars` is the namespace in which the rows of `derive.tables` state activations and losses, here over nodes of a
graph.  `KNOWN` maps the words of a formula to functions of one number; activations are known under their own words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.tables.activations import ACTIVATIONS
from verify.graph.adjoints import Calculus, substituted
from verify.graph.nodes import Graph, Node


class Scalars:
    """The mathematics of `derive.tables.activations` over nodes; `layer` are the pre-activations that `total` sums."""

    def __init__(self, graph: Graph, layer: tuple[Node, ...] = ()) -> None:
        self.graph = graph
        self.layer = layer

    def exp(self, u: Any) -> Any:
        return self.graph.exp(self.graph.node(u))

    def log(self, u: Any) -> Any:
        return self.graph.log(self.graph.node(u))

    def sqrt(self, u: Any) -> Any:
        return self.graph.root(self.graph.node(u))

    def tanh(self, u: Any) -> Any:
        return tanh(self.graph.node(u))

    def cosh(self, u: Any) -> Any:
        return cosh(self.graph.node(u))

    def erf(self, u: Any) -> Any:
        return self.graph.function("erf", self.graph.node(u))

    def abs(self, u: Any) -> Any:
        return self.graph.abs(self.graph.node(u))

    def choose(self, c: Any, yes: Any, no: Any) -> Any:
        node = self.graph.node
        return self.graph.choose(node(c), node(yes), node(no))

    def number(self, value: int) -> Any:
        return self.graph.number(value)

    def total(self, f: Callable[[Any], Any]) -> Any:
        return self.graph.sum(f(one) for one in self.layer)

    @property
    def pi(self) -> Any:
        return self.graph.pi


def tanh(u: Node) -> Node:
    """(e^{2u} − 1)/(e^{2u} + 1)."""
    twice = u.graph.exp(2 * u)
    return (twice - 1) / (twice + 1)


def cosh(u: Node) -> Node:
    """(e^u + e^{−u})/2."""
    return (u.graph.exp(u) + u.graph.exp(-u)) / 2


def sinh(u: Node) -> Node:
    """(e^u − e^{−u})/2."""
    return (u.graph.exp(u) - u.graph.exp(-u)) / 2


def sigmoid(u: Node) -> Node:
    """1/(1 + e^{−u})."""
    return 1 / (1 + u.graph.exp(-u))


def _named(name: str) -> Callable[[Node], Node]:
    return lambda u: u.graph.function(name, u)


def _row(name: str) -> Callable[[Node], Node]:
    """An activation without constants."""
    return lambda u: u.graph.node(ACTIVATIONS[name].forward(Scalars(u.graph), u))


KNOWN: dict[str, Callable[[Node], Node]] = {
    "exp": _named("exp"),
    "log": _named("log"),
    "ln": _named("log"),
    "erf": _named("erf"),
    "sin": _named("sin"),
    "cos": _named("cos"),
    "tan": lambda u: u.graph.function("sin", u) / u.graph.function("cos", u),
    "arctan": _named("arctan"),
    "atan": _named("arctan"),
    "arcsin": _named("arcsin"),
    "arccos": lambda u: u.graph.pi / 2 - u.graph.function("arcsin", u),
    "tanh": tanh,
    "cosh": cosh,
    "sinh": sinh,
    "coth": lambda u: 1 / tanh(u),
    "sech": lambda u: 1 / cosh(u),
    "csch": lambda u: 1 / sinh(u),
    "artanh": lambda u: u.graph.log((1 + u) / (1 - u)) / 2,
    "sigmoid": sigmoid,
    "logistic": sigmoid,
    "logit": lambda u: u.graph.log(u / (1 - u)),
    "sign": lambda u: u.graph.sign(u),
    "sgn": lambda u: u.graph.sign(u),
    "abs": lambda u: u.graph.abs(u),
    "step": _row("step"),
    "heaviside": _row("step"),
    "relu": _row("relu"),
    "gelu": _row("gelu"),
    "silu": _row("silu"),
    "swish": _row("silu"),
    "softplus": _row("softplus"),
    "softsign": _row("softsign"),
    "sqrt": lambda u: u.graph.root(u),
}
"""Functions of one number, by their word in lower case."""


INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "tanh": "artanh", "exp": "log", "sigmoid": "logit"}
"""The inverse functions, by their words; sin^{-1} is arcsin."""


class Slopes:
    """Derivatives of functions of one number, found once and put at any argument."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.variable = graph.atom("·")
        self.calculus = Calculus(graph, lambda node: ())
        self._known: dict[tuple[Any, int], Node] = {}

    def at(self, key: Any, function: Callable[[Node], Node], order: int, argument: Node) -> Node:
        """The derivative of this order of `function`, which `key` identifies, at the argument."""
        if (key, order) not in self._known:
            body = self.graph.node(function(self.variable))
            for _ in range(order):
                body = self.calculus.slopes(body).get(self.variable, self.graph.zero)
            self._known[key, order] = body
        return substituted(self._known[key, order], {self.variable: argument})
