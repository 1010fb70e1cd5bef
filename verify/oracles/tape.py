"""Reverse mode over any arithmetic: a formula runs once on nodes that remember how they were made.

The slopes of the functions in a row's namespace (exp, log, …) stand here and nowhere else; no activation is named.
Griewank and Walther 2008, Evaluating Derivatives, section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Pull = Callable[[Any], Any]


class Node:
    """A value and, for each node that it was made of, how an adjoint is passed on to that node."""

    __slots__ = ("parents", "tape", "value")
    __array_ufunc__ = None  # an array on the left leaves the operation to the node

    def __init__(self, tape: Tape, value: Any, parents: tuple[tuple[Node, Pull], ...] = ()) -> None:
        self.tape, self.value, self.parents = tape, value, parents
        tape.nodes.append(self)

    def __add__(self, other: Any) -> Node:
        return self._with(other, self.value + _value(other), lambda d: d, lambda d: d)

    def __sub__(self, other: Any) -> Node:
        return self._with(other, self.value - _value(other), lambda d: d, lambda d: -d)

    def __mul__(self, other: Any) -> Node:
        u, v, times = self.value, _value(other), self.tape.base.times
        return self._with(other, u * v, lambda d: times(d, v), lambda d: times(d, u))

    def __truediv__(self, other: Any) -> Node:
        v, times = _value(other), self.tape.base.times
        v = self.tape.base.number(v) if isinstance(v, int) else v  # 1/3 is not a float in every arithmetic
        quotient = self.value / v
        return self._with(other, quotient, lambda d: times(d, 1 / v), lambda d: times(d, -quotient / v))

    def __pow__(self, power: int) -> Node:
        u, base = self.value, self.tape.base
        slope = power * base.power(u, power - 1)
        return Node(self.tape, base.power(u, power), ((self, lambda d: base.times(d, slope)),))

    def __neg__(self) -> Node:
        return Node(self.tape, -self.value, ((self, lambda d: -d),))

    def __rsub__(self, other: Any) -> Node:
        return -self + other

    def __rtruediv__(self, other: Any) -> Node:
        return self.tape.constant(other, self.value) / self

    __radd__, __rmul__ = __add__, __mul__

    def _with(self, other: Any, value: Any, pull: Pull, pull_other: Pull) -> Node:
        parents = ((self, pull), (other, pull_other)) if isinstance(other, Node) else ((self, pull),)
        return Node(self.tape, value, parents)


class Tape:
    """The namespace of mathematics over nodes; what is not a node goes to the arithmetic `base` as it is."""

    def __init__(self, base: Any) -> None:
        self.base, self.nodes = base, list[Node]()
        self.pi, self.number = base.pi, base.number

    def constant(self, value: Any, beside: Any) -> Node:
        """A node without parents."""
        return Node(self, self.base.like(value, beside.shape))

    def exp(self, u: Any) -> Any:
        """(eᵘ)′ = eᵘ."""
        return self._map(u, self.base.exp, lambda _, result: result)

    def log(self, u: Any) -> Any:
        """(ln u)′ = 1/u."""
        return self._map(u, self.base.log, lambda value, _: 1 / value)

    def sqrt(self, u: Any) -> Any:
        """(√u)′ = 1/(2√u)."""
        return self._map(u, self.base.sqrt, lambda _, result: 1 / (2 * result))

    def tanh(self, u: Any) -> Any:
        """(tanh u)′ = 1/cosh² u, which, unlike 1 − tanh² u, loses no digits."""
        return self._map(u, self.base.tanh, lambda value, _: 1 / self.base.cosh(value) ** 2)

    def cosh(self, u: Any) -> Any:
        """(cosh u)′ = sinh u = cosh u · tanh u."""
        return self._map(u, self.base.cosh, lambda value, result: result * self.base.tanh(value))

    def erf(self, u: Any) -> Any:
        """(erf u)′ = 2/√π · e^(−u²)  (DLMF 7.2.1)."""
        base = self.base
        return self._map(u, base.erf, lambda value, _: 2 / base.sqrt(base.pi) * base.exp(-(value**2)))

    def abs(self, u: Any) -> Any:
        """|u|′ = ±1."""
        return self._map(u, self.base.abs, lambda value, _: self.base.sign(value))

    def choose(self, c: Any, yes: Any, no: Any) -> Any:
        """The branch that is taken gets the adjoint, the other gets 0."""
        base, test = self.base, _value(c)
        value = base.choose(test, _value(yes), _value(no))
        parents: list[tuple[Node, Pull]] = []
        if isinstance(yes, Node):
            parents.append((yes, lambda d: base.times(d, base.select(test, 1, 0))))
        if isinstance(no, Node):
            parents.append((no, lambda d: base.times(d, base.select(test, 0, 1))))
        return Node(self, value, tuple(parents))

    def sum(self, u: Any) -> Any:
        """Σ over the neurons: each gets the adjoint of the sum."""
        if not isinstance(u, Node):
            return self.base.sum(u)
        return Node(self, self.base.sum(u.value), ((u, lambda d: self.base.like(d, u.value.shape)),))

    def adjoint(self, output: Any, seed: Any, leaf: Node, absolute: bool = False) -> Any:
        """seed · ∂output/∂leaf, an array of the leaf's shape.

        `absolute` adds the moduli of what each path contributes, so that nothing cancels: the size of the terms.
        """
        for node, d in self.adjoints(output, seed, absolute):
            if node is leaf:
                return d
        return self.base.like(self.base.number(0), leaf.value.shape)

    def adjoints(self, output: Any, seed: Any, absolute: bool = False) -> Iterator[tuple[Node, Any]]:
        """Each node that feeds the output, last first, with its adjoint."""
        found = {output: self._fit(seed, output.value)} if isinstance(output, Node) else {}
        for node in reversed(self.nodes):
            if node not in found:
                continue
            d = found.pop(node)
            yield node, d
            for parent, pull in node.parents:
                part = self._fit(abs(pull(d)) if absolute else pull(d), parent.value)
                found[parent] = found[parent] + part if parent in found else part

    def _fit(self, d: Any, value: Any) -> Any:
        """A value that was spread over the neurons gets the sum of their adjoints."""
        return self.base.sum(d) if value.shape[-1] == 1 < d.shape[-1] else d

    def _map(self, u: Any, function: Pull, slope: Callable[[Any, Any], Any]) -> Any:
        if not isinstance(u, Node):
            return function(u)
        result, times = function(u.value), self.base.times
        return Node(self, result, ((u, lambda d: times(d, slope(u.value, result))),))


def _value(u: Any) -> Any:
    return u.value if isinstance(u, Node) else u


def reverse(base: Any, function: Callable[[Any, Any], Any], at: Any) -> tuple[Any, Callable[..., Any]]:
    """The value of `function(m, u)` at `u = at`, and the map from an adjoint of the value to the adjoint of u."""
    tape = Tape(base)
    leaf = Node(tape, at)
    output = function(tape, leaf)
    return _value(output), lambda seed, absolute=False: tape.adjoint(output, seed, leaf, absolute)


def rounded(base: Any, function: Callable[[Any, Any], Any], at: Any) -> Any:
    """Σ |value · ∂output/∂value| over what a formula computes on the way: its rounding error, in units of u.

    For functions that work on each neuron by itself.  `1 + erf u` for u = −9 is small, but its error is that of 1.
    """
    tape = Tape(base)
    leaf = Node(tape, at)
    output = function(tape, leaf)
    if not isinstance(output, Node):
        return abs(base.like(output, at.shape))
    one = base.like(base.number(1), at.shape)
    return sum(
        abs(base.times(d, node.value)) for node, d in tape.adjoints(output, one, absolute=True) if node is not leaf
    )
