"""What the rows of the systems are made of: short names for references, sums and derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.generator.expressions import D, Node, Ref, Scalar, Sum, Tag


def r(letter: str, *at: str) -> Ref:
    """An array, or its entry."""
    return Ref(letter, None, at)


def s(letter: str) -> Scalar:
    """A scalar."""
    return Scalar(letter)


def over(letter: str, space: str, body: Node, limits: bool = True) -> Sum:
    """A sum with its limits."""
    return Sum(letter, space, body, limits)


def slope(node: Node) -> Tag:
    """A derivative of a function in closed form."""
    return Tag("slope", node)


def d(of: Ref, by: Ref) -> D:
    """∂of/∂by."""
    return D(of, by)


def sets(letter: str, rule: Callable[[Any], Any]) -> Callable[[Any], None]:
    """A forward pass of one equation."""

    def run(v: Any) -> None:
        v[letter] = rule(v)

    return run
