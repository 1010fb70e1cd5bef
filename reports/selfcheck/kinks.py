"""The values at a kink: ReLU(0) is 0 whichever case is taken; its slope is 1 in one case and 0 in the other: none."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from verify.graph.enclosure import Enclosure, Undefined
from verify.graph.nodes import Node


class AtKinks(Enclosure):
    """An enclosure that knows a value by cases also where the condition is exactly 0, if both cases agree there.

    A function that has a kink is continuous there, so that this is its value; slopes that agree on both sides are the
    derivative.  Where they differ there is none: `Undefined`, as of everything that depends on it.
    """

    def _needed(self, node: Node) -> tuple[Node, ...]:
        return node.args if self._kinked(node) else super()._needed(node)

    def _made(self, node: Node) -> Any:
        if not self._kinked(node):
            return super()._made(node)
        one, other = (self._known(part) for part in node.args[1:])
        if isinstance(one, fmpq) and isinstance(other, fmpq) and one == other:
            return one
        raise Undefined("the cases differ at a kink")

    def _kinked(self, node: Node) -> bool:
        if node.kind != "choose" or node in self._facts:
            return False
        condition = self._found.get(node.args[0])
        return isinstance(condition, fmpq) and condition == 0
