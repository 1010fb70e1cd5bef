r"""The functions that a formula may name: what each is, as a scalar or over an array.

`Scalars` is the namespace in which the rows of `derive.tables` state activations and losses, here over nodes of a
graph.  `KNOWN` maps the words of a formula to functions of one number; activations are known under their own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
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


def activation(name: str) -> Callable[[Node], Node]:
    """An activation of one number; constants to which its row gives no value are the letters of that name."""
    row = ACTIVATIONS[name]

    def forward(u: Node) -> Node:
        return u.graph.node(row.forward(Scalars(u.graph), u, *constants(u.graph, row.constants)))

    return forward


def constants(graph: Graph, values: Mapping[str, Any]) -> list[Node]:
    """The constants of an activation: numbers, or letters where there is no value."""
    return [
        graph.atom(CONSTANTS.get(key, key)) if value is None else graph.number(Fraction(str(value)))
        for key, value in values.items()
    ]


CONSTANTS = {"alpha": r"\alpha"}
"""How the constants of activations are written, where that is not their name."""

ALIASES = {"heaviside": "step", "swish": "silu", "leakyrelu": "leaky-relu"}
"""Words for activations that no row has, in lower case."""


def _word(symbol: str) -> str:
    """The word of a row's symbol, in lower case; nothing for a letter."""
    found = symbol.removeprefix(r"\operatorname{").rstrip("}").lstrip("\\").lower()
    return found if symbol.startswith(r"\operatorname") else ""


ACTIVATION_WORDS = {
    word: row.name
    for row in ACTIVATIONS.values()
    for word in (_word(row.symbol), row.name.replace("-", ""))
    if word and row.elementwise and row.named
} | ALIASES
"""The words under which activations are printed or known, with their rows."""

KNOWN: dict[str, Callable[[Node], Node]] = {word: activation(name) for word, name in ACTIVATION_WORDS.items()} | {
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
    "sec": lambda u: 1 / u.graph.function("cos", u),
    "csc": lambda u: 1 / u.graph.function("sin", u),
    "cot": lambda u: u.graph.function("cos", u) / u.graph.function("sin", u),
    "arsinh": lambda u: u.graph.log(u + u.graph.root(1 + u * u)),
    "log1p": lambda u: u.graph.log(1 + u),
    "expm1": lambda u: u.graph.exp(u) - 1,
    "erfc": lambda u: 1 - u.graph.function("erf", u),
    "mish": lambda u: u * tanh(u.graph.log(1 + u.graph.exp(u))),
    "artanh": lambda u: u.graph.log((1 + u) / (1 - u)) / 2,
    "sigmoid": sigmoid,
    "logistic": sigmoid,
    "logit": lambda u: u.graph.log(u / (1 - u)),
    "sign": lambda u: u.graph.sign(u),
    "sgn": lambda u: u.graph.sign(u),
    "abs": lambda u: u.graph.abs(u),
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
