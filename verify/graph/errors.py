"""Why a judge has no answer: the formula has no value, or the judge's means do not reach."""

from __future__ import annotations

from collections.abc import Iterable

from verify.graph.nodes import Node


class Undefined(ArithmeticError):
    """Raised where a node has no value at all there: a division by zero, the logarithm of a negative number, a kink."""


class Unclear(ArithmeticError):
    """Raised where a judge cannot tell, for a reason that is not size."""


def circular(nodes: Iterable[Node]) -> str:
    """What to say where one of these nodes is defined by itself."""
    name = next((str(node.value) for node in nodes if node.kind in ("atom", "named")), "a part of the formula")
    return f"{name} is defined by itself"
