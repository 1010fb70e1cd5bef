r"""A setting: one way to read a formula, at concrete sizes, ready to be evaluated and judged.

A candidate is a notation (or the definitions of `given`); it makes one setting for each choice of widths, and for
losses over classes one for each class.  A setting knows its scene, how to prove that a node is zero, and at which
readable numbers the two sides may be told apart.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

from verify.graph.adjoints import leaves_of
from verify.graph.enclosure import Enclosure
from verify.graph.nodes import Graph, Node
from verify.graph.normal import NormalForm
from verify.latex import tree as t
from verify.meaning.evaluate import Evaluator
from verify.meaning.scene import Scene

Values = dict[Node, Fraction]


class Setting(ABC):
    """One reading at concrete sizes."""

    scene: Scene
    evaluator: Evaluator
    _atoms = -1
    _enclosed: list[tuple[Values, Enclosure]]
    _points: Iterator[Values]

    @property
    def graph(self) -> Graph:
        """The graph of all its nodes."""
        return self.scene.graph

    @cached_property
    def _met(self) -> set[Node]:
        """The names whose definitions were built."""
        return set()

    @cached_property
    @abstractmethod
    def normal(self) -> NormalForm:
        """The exact judge, which looks behind names where that loses nothing."""

    @abstractmethod
    def points(self) -> Iterator[Values]:
        """Small readable numbers for all free variables, the most readable first."""

    @abstractmethod
    def layers(self) -> range:
        """The numbers that a letter for a layer may stand for."""

    @abstractmethod
    def hidden(self, number: int) -> bool:
        """Whether a number is that of a hidden layer."""

    @abstractmethod
    def layer_letters(self, node: t.Node) -> frozenset[str]:
        """The letters that stand for layers in a tree."""

    @abstractmethod
    def follow(self, nodes: list[Node]) -> list[Node]:
        """The quantities, in order, that are worth showing beside a counter-example about these nodes."""

    @abstractmethod
    def quantities(self) -> list[Node]:
        """The named quantities of the subject; of many alike at least one."""

    @abstractmethod
    def prepare(self) -> None:
        """Meets every free letter that the definitions mention, before any gets a number."""

    @abstractmethod
    def cutting(self, cut: frozenset[Node]) -> NormalForm:
        """The exact judge that does not look behind these names: what it proves holds whatever they are."""

    @abstractmethod
    def knowing(self, nodes: list[Node]) -> NormalForm:
        """The exact judge where these nodes are taken to have a value."""

    def enclosures(self, *nodes: Node) -> Iterator[tuple[Values, Enclosure]]:
        """The points with what is already known of the values there; made anew where new free letters were met.

        Every free letter behind the nodes is met before any gets a number: what is defined is built as it is needed,
        and an index beyond those that the definitions mention brings letters of its own.
        """
        self.prepare()
        self._meet(nodes)
        if self._atoms != len(self.graph.atoms):
            self._atoms = len(self.graph.atoms)
            self._enclosed, self._points = [], self.points()
        yield from self._enclosed
        while (values := next(self._points, None)) is not None:
            self._enclosed.append((values, Enclosure(self.graph, values)))
            yield self._enclosed[-1]

    def _meet(self, nodes: tuple[Node, ...]) -> None:
        """Builds everything behind these nodes."""
        waiting = [leaf for node in nodes for leaf in leaves_of(node)]
        while waiting:
            node = waiting.pop()
            if node.kind == "named" and node not in self._met:
                self._met.add(node)
                waiting += leaves_of(self.graph.body(node))


class Candidate(ABC):
    """One way to read the letters of a formula."""

    name: str

    @abstractmethod
    def tree(self, node: t.Node) -> t.Node:
        """The tree with calls told from products, and names of several letters joined."""

    @abstractmethod
    def claims(self, left: t.Node) -> bool:
        """Whether something beside a formula with this left side is a claim, since that has a meaning already."""

    @abstractmethod
    def stranger(self, node: t.Node) -> t.Node | None:
        """The first letter that has no role, if there is one."""

    @abstractmethod
    def settings(self) -> Iterator[Setting]:
        """The sizes at which the formula is compared."""

    @abstractmethod
    def reading(self) -> dict[str, Any]:
        """How the formula was read, for people."""

    @property
    @abstractmethod
    def larger(self) -> Candidate | None:
        """The same with room for numbers whose digits were taken for several indices; None where there are none."""

    beyond: bool = False
    """Whether a number is larger than the sizes at which letters for sizes are compared."""
    every_width: bool = False
    conditions: list[t.Comparison]
    mentioned: frozenset[int]
    """Whole numbers that the subject itself mentions: the entries with these numbers are like no others."""
    classes: frozenset[str] = frozenset()
    """Letters that may stand for the class of the targets."""
    alike: bool = True
    """Whether the subject tells entries apart by nothing but these numbers."""
