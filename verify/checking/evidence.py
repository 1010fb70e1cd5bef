r"""What speaks for a notation: marks in a formula that one notation uses and others do not, one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.tables.notations import NOTATIONS
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.roles import spelling


@dataclass(frozen=True)
class Evidence:
    """A mark, and the notations that it speaks for."""

    name: str
    notations: tuple[str, ...]
    found: Callable[[t.Node], bool]


def _letter(node: t.Node) -> t.Letter | None:
    base = node.base if isinstance(node, t.Scripted) else node
    return base if isinstance(base, t.Letter) else None


def _named(*names: str) -> Callable[[t.Node], bool]:
    return lambda node: isinstance(node, t.Letter) and spelling(node) in names


def _fence(fence: str) -> Callable[[t.Node], bool]:
    """Whether a letter has an upper script in this bracket; bare ones count only where they can be layers."""

    def found(node: t.Node) -> bool:
        if not isinstance(node, t.Scripted) or not isinstance(node.base, t.Letter) or node.left_upper:
            return False
        if fence == "" and node.base.name not in "zawbδZAWB" and node.base.name != r"\delta":
            return False
        return any(isinstance(mark, t.Raised) and mark.fence == fence for mark in node.upper)

    return found


def _function(name: str) -> Callable[[t.Node], bool]:
    def found(node: t.Node) -> bool:
        head = node.head if isinstance(node, t.Applied) else node.function if isinstance(node, t.Call) else None
        letter = _letter(head) if head is not None else None
        return letter is not None and letter.name == name

    return found


def _quantity(name: str) -> Callable[[t.Node], bool]:
    def found(node: t.Node) -> bool:
        return (
            isinstance(node, t.Scripted)
            and isinstance(node.base, t.Letter)
            and node.base.name == name
            and not any(isinstance(mark, t.Prime) for mark in node.upper)
        )

    return found


ROWS = (
    Evidence("bare superscripts", ("nielsen",), _fence("")),
    Evidence("the loss C", ("nielsen",), _named("C")),
    Evidence("layers in square brackets", ("ng",), _fence("[")),
    Evidence("the target t", ("bishop",), lambda node: _quantity("t")(node) or _named("t")(node)),
    Evidence("h as a quantity", ("goodfellow",), _quantity("h")),
    Evidence("h as a function", ("bishop",), _function("h")),
    Evidence("f as the activation function", ("goodfellow",), _function("f")),
    Evidence("g as the activation function", ("ng",), _function("g")),
    Evidence(
        "layers in the upper left", ("augmented",), lambda node: isinstance(node, t.Scripted) and bool(node.left_upper)
    ),
    Evidence("J or y with a hat", ("ng", "goodfellow"), _named("J", r"\hat{y}")),
    Evidence("a script L", ("ng",), _named(r"\mathcal{L}")),
    Evidence("ψ", ("augmented",), _named(r"\psi")),
)
"""Marks; E, σ, δ and (l) say nothing."""


def scores(nodes: list[t.Node]) -> dict[str, int]:
    """How much speaks for each notation."""
    found = dict.fromkeys(NOTATIONS, 0)
    parts = [part for node in nodes for part in walk(node)]
    for row in ROWS:
        if any(map(row.found, parts)):
            for name in row.notations:
                found[name] += 1
    return found
