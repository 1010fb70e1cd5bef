r"""What somebody left out of the chain rule: a path from one quantity to another, or the derivative along it.

The truth is derived once more with one fault: an edge of the computation cut, its derivative taken to be 1, one term of
a product rule dropped, or only the diagonal of a Jacobian kept.  Where that gives the wrong formula, this is the
mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.checking.judge import Judge
from verify.checking.settings import Setting
from verify.graph.adjoints import Calculus, leaves_of
from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.meaning.errors import NO_VALUE

MOST_FAULTS = 120


@dataclass(frozen=True)
class Fault:
    """What is done wrong on the edges from `by` to `consumer`; `kind` and `told` are what it is called."""

    consumer: str
    by: str
    what: str
    kind: str
    told: str
    number: int = 0


class Faulty(Calculus):
    """Derivatives with a fault."""

    def __init__(self, setting: Setting, fault: Fault) -> None:
        true = setting.scene.calculus
        super().__init__(true.graph, true.consumers, f"∂{fault.what}{fault.number}{fault.consumer}{fault.by}")
        self.scene = setting.scene
        self.fault = fault

    def edge(self, consumer: Node, by: Node) -> Node:
        """∂consumer/∂by, but for the fault."""
        true = super().edge(consumer, by)
        fault, scene, graph = self.fault, self.scene, self.graph
        if (scene.family(consumer), scene.family(by)) != (fault.consumer, fault.by) or true is graph.zero:
            return true
        if fault.what == "diagonal":
            return true if scene.place(consumer) == scene.place(by) else graph.zero
        if fault.what == "occurrence":
            terms = self.occurrences(graph.body(consumer), by)
            return graph.sum(one for number, one in enumerate(terms) if number != fault.number)
        return graph.one if fault.what == "unit" else graph.zero


def faults(setting: Setting) -> Iterator[Fault]:
    """Every fault that can be made, edge by edge."""
    calculus, scene = setting.scene.calculus, setting.scene
    seen: set[tuple[str, str]] = set()
    for consumer in _quantities(setting):
        body = calculus.graph.body(consumer)
        for leaf, slope in calculus.slopes(body).items():
            edge = scene.family(consumer), scene.family(leaf)
            if all(edge) and edge not in seen:
                seen.add(edge)
                curved = leaf in leaves_of(slope) or slope.kind not in ("number", "atom", "named")
                yield from _of_edge(
                    *edge, curved, len(calculus.occurrences(body, leaf)), _square(setting, consumer, leaf)
                )


def _square(setting: Setting, consumer: Node, leaf: Node) -> bool:
    """Whether both are entries of arrays with the same axes."""
    return len(setting.scene.place(consumer)) == len(setting.scene.place(leaf)) > 0


def _of_edge(consumer: str, by: str, curved: bool, terms: int, square: bool) -> Iterator[Fault]:
    path = f"the path from ${by}$ through ${consumer}$ is left out"
    yield Fault(consumer, by, "cut", "missing-term", path)
    kind = "missing-derivative" if curved else "missing-term"
    yield Fault(consumer, by, "unit", kind, f"the derivative of ${consumer}$ by ${by}$ is left out")
    for number in range(terms) if 1 < terms <= 6 else ():
        told = f"${by}$ stands in ${consumer}$ more than once, and one of these places is left out"
        yield Fault(consumer, by, "occurrence", "missing-term", told, number)
    if square:
        told = f"every entry of ${consumer}$ depends on every entry of ${by}$; only its own is counted"
        yield Fault(consumer, by, "diagonal", "missing-term", told)


def _quantities(setting: Setting) -> list[Node]:
    """Quantities of every kind, one entry each."""
    found: dict[str, Node] = {}
    for node in setting.quantities():
        found.setdefault(setting.scene.family(node), node)
    return list(found.values())


def omissions(judge: Judge, left: t.Node, right: t.Node) -> tuple[str, str] | None:
    """The kind of mistake and a sentence, where the right side is the truth with something left out."""
    setting = judge.settings[0]
    for number, fault in enumerate(faults(setting)):
        if number > MOST_FAULTS:
            break
        setting.scene.other = Faulty(setting, fault)
        try:
            same = judge.in_setting(setting, left, right).verdict == "correct"
        except NO_VALUE:
            same = False
        finally:
            setting.scene.other = None
        if same:
            return fault.kind, fault.told
    return _undifferentiated(judge, left, right) or _term_short(judge, left, right)


def _undifferentiated(judge: Judge, left: t.Node, right: t.Node) -> tuple[str, str] | None:
    """Whether the right side is the function itself and not its derivative."""
    inner: t.Node | None = None
    if isinstance(left, t.Derivative):
        inner = left.operand
    elif isinstance(left, t.Call) and isinstance(left.function, t.Scripted):
        kept = tuple(mark for mark in left.function.upper if not isinstance(mark, t.Prime))
        base = t.Scripted(left.function.base, left.function.lower, kept) if kept else left.function.base
        inner = t.Call(base, left.argument) if len(kept) < len(left.function.upper) else None
    try:
        same = inner is not None and judge.relation(inner, right).verdict == "correct"
    except NO_VALUE:
        return None
    return ("missing-derivative", "this is the function itself, not its derivative") if same else None


def _term_short(judge: Judge, left: t.Node, right: t.Node) -> tuple[str, str] | None:
    """Whether the right side lacks one term of a sum that the left side is."""
    setting = judge.settings[0]
    graph = setting.graph
    try:
        pairs = judge.values(setting, left, right)
    except NO_VALUE:
        return None
    for truth, ours in pairs[:1]:
        body = graph.body(truth) if truth.kind == "named" else truth
        for term in body.args if body.kind == "sum" and len(body.args) <= 8 else ():
            if setting.normal.zero(body - term - ours):
                return "missing-term", f"a term is missing: ${term!r}$" if term.kind == "atom" else "a term is missing"
    return None
