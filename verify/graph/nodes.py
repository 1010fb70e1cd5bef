r"""Scalars as nodes of a shared graph: what is written twice is one node, and every node is real.

A `Graph` makes nodes and forgets them when it goes; nodes of two graphs never mix.  A named node stands for a quantity
of the text (z^2_1, P_{ij}) and knows the expression that defines it, which is built when somebody asks: a judge may
treat the name as an unknown, or look behind it.  Nothing here decides anything: `normal`, `signature` and `enclosure`
do; `adjoints` differentiates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Literal

Kind = Literal["number", "atom", "named", "sum", "product", "power", "function", "root", "choose", "opaque", "pi"]

FUNCTIONS = ("exp", "log", "erf", "sin", "cos", "arctan", "arcsin")
"""The functions of one argument that have a row of their own; all others are written by these."""

MOST_NODES = 400_000
MOST_BITS = 4_096


class TooLarge(ArithmeticError):
    """Raised where a graph would grow past `MOST_NODES`, or a number past `MOST_BITS`."""


class Node:
    """One real number.

    kind      value                     args
    number    its `Fraction`            –
    pi        –                         –
    atom      its name                  –              a free real variable
    named     its name                  –              `graph.body(node)` defines it
    sum       –                         the terms
    product   –                         the factors
    power     an `int`, not 0 or 1      the base
    function  one of `FUNCTIONS`        the argument
    root      an `int` ≥ 2              the base       the non-negative root for an even degree
    choose    –                         c, yes, no     yes where c > 0, no where c < 0; c = 0 is a kink
    opaque    (name, places)            the arguments  a function nobody knows; `places` are the arguments by which it
                                                       has been differentiated, in order
    """

    __slots__ = ("args", "graph", "kind", "number", "value")

    def __init__(self, graph: Graph, number: int, kind: Kind, value: Any, args: tuple[Node, ...]) -> None:
        self.graph = graph
        self.number = number
        self.kind: Kind = kind
        self.value = value
        self.args = args

    def __repr__(self) -> str:
        return written(self)

    @property
    def constant(self) -> Fraction | None:
        """The number that this node is, or None."""
        return self.value if self.kind == "number" else None

    def __add__(self, other: Node | int | Fraction) -> Node:
        return self.graph.sum((self, self.graph.node(other)))

    __radd__ = __add__

    def __neg__(self) -> Node:
        return self.graph.product((self.graph.number(-1), self))

    def __sub__(self, other: Node | int | Fraction) -> Node:
        return self + -self.graph.node(other)

    def __rsub__(self, other: int | Fraction) -> Node:
        return self.graph.node(other) + -self

    def __mul__(self, other: Node | int | Fraction) -> Node:
        return self.graph.product((self, self.graph.node(other)))

    __rmul__ = __mul__

    def __truediv__(self, other: Node | int | Fraction) -> Node:
        return self * self.graph.power(self.graph.node(other), -1)

    def __rtruediv__(self, other: int | Fraction) -> Node:
        return self.graph.node(other) * self.graph.power(self, -1)

    def __pow__(self, exponent: int | Fraction | Node) -> Node:
        return self.graph.raised(self, self.graph.node(exponent))


class Graph:
    """Makes nodes.  Arithmetic folds numbers, zeros and ones, and nothing else.  Raises `TooLarge`.

    `atoms` are the free variables that were asked for, in order.  Division by the number zero raises
    `ZeroDivisionError`.
    """

    def __init__(self, most: int = MOST_NODES) -> None:
        self.most = most
        self._nodes: dict[tuple[Any, ...], Node] = {}
        self._bodies: dict[Node, Node | Callable[[], Node]] = {}
        self.atoms: list[Node] = []
        self.zero = self.number(0)
        self.one = self.number(1)

    def __len__(self) -> int:
        return len(self._nodes)

    def _make(self, kind: Kind, value: Any, args: tuple[Node, ...]) -> Node:
        key = (kind, value, args)
        found = self._nodes.get(key)
        if found is None:
            if len(self._nodes) >= self.most:
                raise TooLarge(f"the formula grows past {self.most:,} parts")
            found = self._nodes[key] = Node(self, len(self._nodes), kind, value, args)
            if kind == "atom":
                self.atoms.append(found)
        return found

    # --- leaves ---

    def node(self, value: Node | int | Fraction) -> Node:
        """A node as it is, a number as a node."""
        return value if isinstance(value, Node) else self.number(value)

    def number(self, value: int | Fraction) -> Node:
        """A rational number."""
        if _bits(value) > MOST_BITS:
            raise TooLarge(f"a number of more than {MOST_BITS:,} binary digits")
        return self._make("number", Fraction(value), ())

    @property
    def pi(self) -> Node:
        """π."""
        return self._make("pi", None, ())

    def atom(self, name: str) -> Node:
        """The free variable of this name."""
        return self._make("atom", name, ())

    def named(self, name: str, body: Callable[[], Node]) -> Node:
        """The quantity of this name; `body` is asked for its definition once, when it is needed."""
        node = self._make("named", name, ())
        self._bodies.setdefault(node, body)
        return node

    def body(self, node: Node) -> Node:
        """The definition of a named node."""
        found = self._bodies[node]
        if not isinstance(found, Node):
            found = self._bodies[node] = found()
        return found

    # --- arithmetic ---

    def sum(self, terms: Iterable[Node]) -> Node:
        """Terms added, sums among them taken apart."""
        constant = Fraction(0)
        rest: list[Node] = []
        for term in terms:
            for one in term.args if term.kind == "sum" else (term,):
                if one.kind == "number":
                    constant += one.value
                else:
                    rest.append(one)
        rest.sort(key=_number)
        if constant or not rest:
            rest.append(self.number(constant))
        return rest[0] if len(rest) == 1 else self._make("sum", None, tuple(rest))

    def product(self, factors: Iterable[Node]) -> Node:
        """Factors multiplied, products among them taken apart."""
        constant = Fraction(1)
        rest: list[Node] = []
        for factor in factors:
            for one in factor.args if factor.kind == "product" else (factor,):
                if one.kind == "number":
                    constant *= one.value
                else:
                    rest.append(one)
        if not constant:
            return self.zero
        rest.sort(key=_number)
        if constant != 1 or not rest:
            rest.append(self.number(constant))
        return rest[0] if len(rest) == 1 else self._make("product", None, tuple(rest))

    def power(self, base: Node, exponent: int) -> Node:
        """A whole power; 0 to a negative power raises `ZeroDivisionError`."""
        if base.kind == "number" and _bits(base.value) * abs(exponent) <= MOST_BITS:
            return self.number(base.value**exponent)
        if base.kind == "power":
            return self.power(base.args[0], base.value * exponent)
        if exponent == 0:
            return self.one
        if base.kind == "root" and exponent % base.value == 0 and _squares(base.args[0]):  # ‖v‖² is Σ v²
            return self.power(base.args[0], exponent // base.value)
        return base if exponent == 1 else self._make("power", exponent, (base,))

    def raised(self, base: Node, exponent: Node) -> Node:
        """base^exponent: a whole power, a root's power, or exp(exponent · log base)."""
        value = exponent.constant
        if value is None:
            return self.exp(exponent * self.log(base))
        if value.denominator == 1:
            return self.power(base, int(value))
        return self.power(self.root(base, value.denominator), value.numerator)

    # --- functions ---

    def function(self, name: str, argument: Node) -> Node:
        """One of `FUNCTIONS`; exp 0 = 1 and log 1 = 0 are folded, log of exp and exp of log are not."""
        if argument is self.zero and name != "log":
            return self.one if name in ("exp", "cos") else self.zero
        if argument is self.one and name == "log":
            return self.zero
        return self._make("function", name, (argument,))

    def root(self, base: Node, degree: int = 2) -> Node:
        """The real root."""
        return base if base in (self.zero, self.one) else self._make("root", degree, (base,))

    def choose(self, condition: Node, yes: Node, no: Node) -> Node:
        """`yes` where the condition is positive, `no` where it is negative."""
        value = condition.constant
        if yes is no:
            return yes
        if value:
            return yes if value > 0 else no
        return self._make("choose", None, (condition, yes, no))

    def opaque(self, name: str, arguments: tuple[Node, ...], places: tuple[int, ...] = ()) -> Node:
        """A function of which nothing is known but its arguments; its mixed derivatives are symmetric."""
        return self._make("opaque", (name, tuple(sorted(places))), arguments)

    def exp(self, u: Node) -> Node:
        """e^u."""
        return self.function("exp", u)

    def log(self, u: Node) -> Node:
        """The natural logarithm."""
        return self.function("log", u)

    def sign(self, u: Node) -> Node:
        """1, or −1 for negative u."""
        return self.choose(u, self.one, self.number(-1))

    def abs(self, u: Node) -> Node:
        """|u|."""
        return self.choose(u, u, -u)

    def maximum(self, a: Node, b: Node) -> Node:
        """The larger."""
        return self.choose(a - b, a, b)


def _squares(node: Node) -> bool:
    """Whether a node is a sum of squares as it is written: its root has a value everywhere."""
    if node.kind == "sum":
        return all(map(_squares, node.args))
    if node.kind == "product":
        return all(_squares(one) or node.args.count(one) % 2 == 0 for one in node.args)
    return (node.kind == "power" and node.value % 2 == 0) or (node.kind == "number" and node.value >= 0)


def _bits(value: int | Fraction) -> int:
    """The binary digits of the larger of numerator and denominator."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _number(node: Node) -> int:
    return node.number


def written(node: Node) -> str:
    """A node in plain text, for whoever debugs; names of quantities are not looked behind."""
    if node.kind in ("number", "atom", "named"):
        return str(node.value)
    if node.kind == "pi":
        return "π"
    inner = ", ".join(map(written, node.args))
    if node.kind == "sum":
        return "(" + " + ".join(map(written, node.args)) + ")"
    if node.kind == "product":
        return "·".join(map(written, node.args))
    if node.kind == "power":
        return f"{inner}^{node.value}"
    if node.kind == "opaque":
        name, places = node.value
        return f"{name}{list(places) if places else ''}({inner})"
    return f"{node.value if node.kind == 'function' else node.kind}({inner})"
