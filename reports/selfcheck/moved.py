r"""Reads \mathcal{R}\{q\}, the derivative of a quantity along a direction: Σ_p ∂q/∂p V_p over what is moved.

The definition is Pearlmutter's (1994, Fast exact multiplication by the Hessian, Neural Computation 6, eq. 3.1); the
derivatives ∂q/∂p are the checker's own, so that this shares nothing with the derivation of the R-equations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from reports.selfcheck.checks import Check, Kind, Subject
from reports.selfcheck.readers import candidate_of
from verify.checking.judge import Judge
from verify.checking.networked import NetworkSetting
from verify.checking.settings import Candidate, Setting, Values
from verify.checking.statements import formula
from verify.graph.nodes import Node
from verify.latex import Unreadable
from verify.latex import tree as t
from verify.latex.walk import mapped
from verify.meaning import arrays
from verify.meaning.arrays import ShapeError, Tensor
from verify.meaning.errors import Meaningless
from verify.meaning.evaluate import Evaluator
from verify.meaning.roles import spelling
from verify.meaning.scene import Env, Slot

OPERATOR = r"\mathcal{R}"
_NUMBERS = tuple(Fraction(one) for one in ["1", "-1", "2", "1/2", "-2", "3/2", "-1/2", "3", "1/3"])
Pairs = Callable[[], list[tuple[Node, Node]]]


class MovedReader:
    """Asks about R-equations.

    `subject.moved` maps each letter of a direction, in LaTeX, to the letter of what is moved: of definitions the whole
    names, V_A to A; of a network the bare letters, V to w, since their scripts are the same.
    """

    def __init__(self, subject: Subject) -> None:
        self.candidate = _Moved(candidate_of(subject), subject)
        self.judge = Judge(self.candidate)

    def check(self, text: str, kind: Kind) -> Check:
        """The verdict about every relation of a formula."""
        try:
            pairs = [(self.candidate.tree(one.left), self.candidate.tree(one.right)) for one in formula(text).relations]
            found = [self.judge.relation(*pair) for pair in pairs]
        except (Unreadable, Meaningless, ShapeError) as error:
            return Check(kind, text, str(error) or "this cannot be read", False)
        wrong = next((one for one in found if one.verdict != "correct"), None)
        said = "correct" if wrong is None else f"{wrong.verdict}: {wrong.message}".rstrip(": ")
        return Check(kind, text, said, wrong is None)


class _Moved(Candidate):
    """A candidate that also knows R and the letters of directions."""

    def __init__(self, inner: Candidate, subject: Subject) -> None:
        self.inner, self.subject = inner, subject
        self.name, self.every_width = inner.name, inner.every_width
        self.conditions, self.mentioned, self.alike = inner.conditions, inner.mentioned, inner.alike

    def tree(self, node: t.Node) -> t.Node:
        return self.inner.tree(_called(node))

    def claims(self, left: t.Node) -> bool:
        return self.inner.claims(left)

    def stranger(self, node: t.Node) -> t.Node | None:
        return None

    def reading(self) -> dict[str, Any]:
        return self.inner.reading()

    @property
    def larger(self) -> Candidate | None:
        return None

    def settings(self) -> Iterator[Setting]:
        for setting in self.inner.settings():
            _move(setting, self)
            yield setting


def _called(node: t.Node) -> t.Node:
    r"""The tree with \mathcal{R}\{q\} as a call."""
    node = mapped(node, _called)
    if isinstance(node, t.Applied) and _is_operator(node.head) and node.bracket.fence == "{":
        return t.Call(node.head, node.bracket, span=node.span)
    return node


def _is_operator(node: t.Node) -> bool:
    return isinstance(node, t.Letter) and spelling(node) == OPERATOR


def _move(setting: Any, candidate: _Moved) -> None:
    """Puts a scene that knows R in the place of a setting's own."""
    swaps, pairs = candidate.subject.moved, _pairs_of(setting, candidate)
    scene = _Scene(setting.scene, swaps if isinstance(setting, NetworkSetting) else {}, pairs)
    setting.evaluator = Evaluator(scene)
    scene.inner.number = setting.evaluator.whole
    scene.inner.value = setting.evaluator.value
    setting.scene = scene
    if isinstance(setting, NetworkSetting):
        _with_directions(setting, scene)


def _pairs_of(setting: Any, candidate: _Moved) -> Pairs:
    """What is moved, entry by entry, with its direction."""
    if isinstance(setting, NetworkSetting):
        return lambda: [(node, _direction(node)) for node in _parameters(setting)]

    def entries(text: str) -> list[Node]:
        tree = candidate.tree(formula(f"{text} = {text}").relations[0].left)
        value: Tensor = setting.evaluator.value(tree, {})
        return [value[place] for place in value.places()]

    moved = candidate.subject.moved
    return lambda: [pair for by, of in moved.items() for pair in zip(entries(of), entries(by), strict=True)]


def _parameters(setting: NetworkSetting) -> Iterator[Node]:
    net, widths = setting.network, setting.widths
    for layer in range(1, net.depth + 1):
        for j in range(1, widths[layer] + 1):
            yield from (net.w(layer, j, k) for k in range(1, widths[layer - 1] + 1))
            if net.bias:
                yield net.b(layer, j)


def _direction(node: Node) -> Node:
    return node.graph.atom(f"V of {node.value}")


def _with_directions(setting: Any, scene: _Scene) -> None:
    """The points of a network's setting with numbers for the directions."""
    before: Callable[[], Iterator[Values]] = setting.points

    def points() -> Iterator[Values]:
        for values in before():
            more = {by: _NUMBERS[place % len(_NUMBERS)] for place, (_, by) in enumerate(scene.pairs())}
            yield {**values, **more}

    setting.points = points


class _Scene:
    """A scene that also knows R and directions; everything else is the inner scene's."""

    def __init__(self, inner: Any, swaps: Mapping[str, str], pairs: Pairs) -> None:
        self.inner, self.swaps, self.pairs = inner, swaps, pairs

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def quantity(self, node: t.Node, env: Env) -> Tensor | None:
        """A quantity, or the direction of one."""
        swapped = self._swapped(node)
        found: Tensor | None = self.inner.quantity(swapped or node, env)
        return arrays.each(_of_parameter, found) if swapped is not None and found is not None else found

    def slots(self, node: t.Node, env: Env) -> Iterator[Slot]:
        """The indices of a quantity, or of a direction."""
        yield from self.inner.slots(self._swapped(node) or node, env)

    def applies(self, head: t.Node) -> bool:
        """R is a function."""
        return _is_operator(head) or bool(self.inner.applies(head))

    def call(self, node: t.Call, arguments: list[Tensor], env: Env) -> Tensor | None:
        """R of an array, entry by entry, or what the inner scene knows."""
        if _is_operator(node.function) and len(arguments) == 1:
            return arrays.each(self._along, arguments[0])
        found: Tensor | None = self.inner.call(node, arguments, env)
        return found

    def _along(self, node: Node) -> Node:
        graph = node.graph
        return graph.sum(self.inner.total(node, of) * by for of, by in self.pairs())

    def _swapped(self, node: t.Node) -> t.Node | None:
        """V² as w²; None where the letter is no direction."""
        base = node.base if isinstance(node, t.Scripted) else node
        if not isinstance(base, t.Letter) or spelling(base) not in self.swaps:
            return None
        letter = replace(base, name=self.swaps[spelling(base)])
        return replace(node, base=letter) if isinstance(node, t.Scripted) else letter


def _of_parameter(node: Node) -> Node:
    """The direction of an entry; that of a constant is 0."""
    return _direction(node) if node.kind == "atom" else node.graph.zero
