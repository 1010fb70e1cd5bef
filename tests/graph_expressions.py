"""Random real expressions as trees of tuples, built into a graph, and their values by mpmath: no judge is asked here.

A tree is ("x", number of the variable), ("n", numerator, denominator), or an operation's name and its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath
from hypothesis import strategies as st

from verify.graph.nodes import Graph, Node

Tree = tuple[Any, ...]
NAMES = ("x", "y", "z")
FUNCTIONS = ("exp", "log", "erf", "sin", "cos", "arctan", "arcsin")


def tanh(u: Node) -> Node:
    """(e^u − e^−u)/(e^u + e^−u)."""
    g = u.graph
    return (g.exp(u) - g.exp(-u)) / (g.exp(u) + g.exp(-u))


def sigmoid(u: Node) -> Node:
    """1/(1 + e^−u)."""
    return 1 / (1 + u.graph.exp(-u))


BUILD: dict[str, Callable[..., Node]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b**2 + 1),
    "square": lambda a: a**2,
    "cube": lambda a: a**3,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "exp": lambda a: a.graph.exp(a),
    "gauss": lambda a: a.graph.exp(-(a**2) / 2),
    "abs": lambda a: a.graph.abs(a),
    "sign": lambda a: a.graph.sign(a),
    "max": lambda a, b: a.graph.maximum(a, b),
    "log": lambda a: a.graph.log(a),
    "softplus": lambda a: a.graph.log(1 + a.graph.exp(a)),
    "root": lambda a: a.graph.root(a),
    "norm": lambda a, b: a.graph.root(a**2 + b**2 + 1),
    "cbrt": lambda a: a.graph.root(a, 3),
    "erf": lambda a: a.graph.function("erf", a),
    "sin": lambda a: a.graph.function("sin", a),
    "cos": lambda a: a.graph.function("cos", a),
    "arctan": lambda a: a.graph.function("arctan", a),
}
RATIONAL = ("+", "-", "*", "/", "square")
SMOOTH = (*RATIONAL, "sigmoid", "tanh", "exp", "gauss")
KINKED = (*RATIONAL, "abs", "sign", "max")
EVERYTHING = tuple(BUILD)
UNARY = {name for name, make in BUILD.items() if make.__code__.co_argcount == 1}


def trees(operations: tuple[str, ...], leaves: int = 7) -> st.SearchStrategy[Tree]:
    """Trees over these operations."""
    variable = st.integers(0, len(NAMES) - 1).map(lambda i: ("x", i))
    number = st.tuples(st.just("n"), st.sampled_from([1, 2, 3, -1, -2]), st.sampled_from([1, 2, 3]))
    unary = sorted(set(operations) & UNARY)
    binary = sorted(set(operations) - UNARY)

    def larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        two = st.tuples(st.sampled_from(binary), inner, inner)
        return two | st.tuples(st.sampled_from(unary), inner) if unary else two

    return st.recursive(variable | variable | number, larger, max_leaves=leaves)


def built(graph: Graph, tree: Tree) -> Node:
    """The node of a tree."""
    match tree:
        case ("x", int(i)):
            return graph.atom(NAMES[i])
        case ("n", int(p), int(q)):
            return graph.number(Fraction(p, q))
    return BUILD[tree[0]](*(built(graph, part) for part in tree[1:]))


class NoValue(Exception):
    """Raised where a node has no value, or too near a point where it has none."""


def value(node: Node, values: Mapping[Node, Fraction], digits: int = 40) -> Any:
    """The value of a node by mpmath, straight from the definition of each kind; raises `NoValue`."""
    with mpmath.workdps(digits):
        found: dict[Node, Any] = {}
        return _value(node, values, found)


def _value(node: Node, values: Mapping[Node, Fraction], found: dict[Node, Any]) -> Any:
    if node not in found:
        found[node] = _made(node, values, found)
        if abs(found[node]) > mpmath.mpf(10) ** 30:
            raise NoValue(node)
    return found[node]


def _made(node: Node, values: Mapping[Node, Fraction], found: dict[Node, Any]) -> Any:
    if node in values:
        return mpmath.mpf(values[node].numerator) / values[node].denominator
    if node.kind == "named":
        return _value(node.graph.body(node), values, found)
    if node.kind == "choose":
        condition = _value(node.args[0], values, found)
        _away_from_zero(condition, node)
        return _value(node.args[1 if condition > 0 else 2], values, found)
    parts = [_value(part, values, found) for part in node.args]
    match node.kind:
        case "number":
            return mpmath.mpf(node.value.numerator) / node.value.denominator
        case "pi":
            return +mpmath.pi
        case "sum":
            return mpmath.fsum(parts)
        case "product":
            return mpmath.fprod(parts)
        case "power":
            if node.value < 0:
                _away_from_zero(parts[0], node)
            return parts[0] ** node.value
        case "root":
            _away_from_zero(parts[0], node)
            if parts[0] < 0 and node.value % 2 == 0:
                raise NoValue(node)
            return mpmath.sign(parts[0]) * mpmath.root(abs(parts[0]), node.value)
    return _function(node, parts[0])


def _function(node: Node, argument: Any) -> Any:
    if node.value == "exp":
        if argument > 70:
            raise NoValue(node)
        return mpmath.exp(argument)
    if node.value == "log":
        _away_from_zero(argument, node)
        if argument < 0:
            raise NoValue(node)
        return mpmath.log(argument)
    if node.value == "arcsin" and abs(argument) > 1:
        raise NoValue(node)
    return {
        "erf": mpmath.erf,
        "sin": mpmath.sin,
        "cos": mpmath.cos,
        "arctan": mpmath.atan,
        "arcsin": mpmath.asin,
    }[node.value](argument)


def _away_from_zero(number: Any, node: Node) -> None:
    if abs(number) < mpmath.mpf(10) ** -12:
        raise NoValue(node)


def close(left: Any, right: Any) -> bool:
    """Whether two values of `value` are the same but for rounding."""
    return bool(abs(left - right) <= mpmath.mpf(10) ** -18 * (1 + abs(left) + abs(right)))
