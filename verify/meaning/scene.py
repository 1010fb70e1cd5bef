r"""What a formula is about: a `Scene` gives letters their roles, and the evaluator asks it for everything that has one.

There are two: a network in a notation (`notated`), and definitions that somebody wrote (`given`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from verify.graph.adjoints import Calculus
from verify.graph.nodes import Graph, Node
from verify.latex import tree as t
from verify.meaning.arrays import Tensor

Env = dict[str, int]
"""The numbers that letters stand for: indices, layers, widths."""

Slot = tuple[t.Node, int, int]
"""An index as it is written, and the first and last number that may stand in its place."""


class Scene(Protocol):
    """What the evaluator needs to know."""

    graph: Graph

    def quantity(self, node: t.Node, env: Env) -> Tensor | None:
        """The array or number that a letter with its scripts stands for; None where it has no role."""

    def whole(self, node: t.Node, env: Env) -> int | None:
        """The whole number that a letter stands for: a width, a count."""

    def slots(self, node: t.Node, env: Env) -> Iterator[Slot]:
        """The indices in the scripts of a quantity."""

    def applies(self, head: t.Node) -> bool:
        """Whether a letter in front of a bracket is a function."""

    def shapeless(self, node: t.Node) -> list[str]:
        """The letters of a formula that are numbers only for want of a shape."""

    def ignores(self, head: t.Node) -> bool:
        """Whether the arguments of a function do not matter, as those of a loss J(θ)."""

    def call(self, node: t.Call, arguments: list[Tensor], env: Env) -> Tensor | None:
        """The value of a function that the scene knows; None for one that everybody knows."""

    def slope_at(self, function: t.Node, order: int, variable: t.Node, at: Tensor, env: Env) -> Tensor | None:
        """dσ/dz for a function that is named without argument; None where that is no function."""

    def total(self, of: Node, by: Node) -> Node:
        """A derivative through every path."""

    def is_leaf(self, node: Node) -> bool:
        """Whether derivatives may be taken by this node."""

    def independent(self, node: Node) -> bool:
        """Whether a quantity takes every value, whatever stands before it: a pre-activation with its own bias."""

    def gradient_variable(self, operand: t.Node) -> t.Node | None:
        r"""What \nabla E without a variable is taken by."""

    @property
    def calculus(self) -> Calculus:
        """The derivatives through every path."""

    def family(self, node: Node) -> str:
        """The quantity that a node is an entry of."""

    def place(self, node: Node) -> tuple[int, ...]:
        """The indices of a node."""

    other: Calculus | None
    """Derivatives that are taken in place of the true ones, to find out what somebody left out."""

    numerator: bool
