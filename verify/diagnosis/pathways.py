r"""What somebody left out of the chain rule: a path from one quantity to another, or the derivative along it.

The truth is derived once more with one edge of the computation cut, or with its derivative taken to be 1; where that
gives the wrong formula, this is the mistake.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.judge import Judge
from verify.check.settings import Setting
from verify.graph.adjoints import Calculus, leaves_of
from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.meaning.errors import Meaningless

Edge = tuple[str, str]


class Faulty(Calculus):
    """Derivatives with one kind of edge cut (0) or taken without its derivative (1)."""

    def __init__(self, setting: Setting, edge: Edge, value: int) -> None:
        true = setting.scene.calculus
        super().__init__(true.graph, true.consumers, f"∂{value}{edge}")
        self.family = setting.scene.family
        self.fault = edge
        self.value = value

    def edge(self, consumer: Node, by: Node) -> Node:
        """∂consumer/∂by, but for the faulty edge."""
        true = super().edge(consumer, by)
        if (self.family(consumer), self.family(by)) != self.fault or true is self.graph.zero:
            return true
        return self.graph.number(self.value)


def edges(setting: Setting) -> Iterator[tuple[Edge, bool]]:
    """Each kind of edge, and whether the derivative along it varies with what it starts from."""
    calculus = setting.scene.calculus
    seen: dict[Edge, bool] = {}
    for consumer in _quantities(setting):
        for leaf, slope in calculus.slopes(calculus.graph.body(consumer)).items():
            edge = setting.scene.family(consumer), setting.scene.family(leaf)
            if all(edge) and edge not in seen:
                seen[edge] = leaf in leaves_of(slope) or slope.kind not in ("number", "atom", "named")
    yield from seen.items()


def _quantities(setting: Setting) -> list[Node]:
    """Quantities of every kind, one entry each: those that lead to what is differentiated."""
    found: dict[str, Node] = {}
    for node in setting.quantities():
        found.setdefault(setting.scene.family(node), node)
    return list(found.values())


def omissions(judge: Judge, left: t.Node, right: t.Node) -> tuple[str, str] | None:
    """The kind of mistake and a sentence, where the right side is the truth with something left out."""
    setting = judge.settings[0]
    for edge, curved in edges(setting):
        for value in (0, 1):
            setting.scene.other = Faulty(setting, edge, value)
            try:
                same = judge.in_setting(setting, left, right).verdict == "correct"
            except (Meaningless, ValueError, ZeroDivisionError):
                same = False
            finally:
                setting.scene.other = None
            if same:
                return _told(edge, value, curved)
    return None


def _told(edge: Edge, value: int, curved: bool) -> tuple[str, str]:
    consumer, by = edge
    if not value:
        return "missing-term", f"the path from ${by}$ through ${consumer}$ is left out"
    kind = "missing-derivative" if curved else "missing-term"
    return kind, f"the derivative of ${consumer}$ by ${by}$ is left out"
