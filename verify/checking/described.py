"""How a formula was read, for people: what each of its letters stands for, and the shapes of its arrays."""

from __future__ import annotations

from typing import Any

from verify.checking.judge import Judge
from verify.checking.networked import NetworkCandidate, NetworkSetting
from verify.latex import tree as t
from verify.latex import unread
from verify.latex.walk import children
from verify.meaning.arrays import ShapeError, size_text
from verify.meaning.errors import Meaningless
from verify.meaning.roles import Spoken

ROLES = {
    "x": "the input",
    "z": "pre-activations of layer {}",
    "a": "activations of layer {}",
    "w": "weights of layer {}",
    "b": "biases of layer {}",
    "y": "the target",
    "o": "the output",
    "d": "error signal of layer {}, ∂{}/∂(its pre-activations)",
    "g": "∂{1}/∂(activations of layer {0})",
    "E": "the loss",
    "dw": "∂{1}/∂(weights of layer {0})",
    "db": "∂{1}/∂(biases of layer {0})",
    "dx": "∂{1}/∂(the input)",
    "wide": "weights of layer {} with the bias as last column",
    "tall": "activations of layer {} with a 1 appended",
    "constant": "a constant of the activation function",
}
MOST_ROLES = 30


def described(judge: Judge, sides: list[t.Node]) -> dict[str, Any]:
    """The roles and the shapes of the quantities of a network's formula."""
    candidate = judge.candidate
    setting = judge.settings[0]
    if not isinstance(candidate, NetworkCandidate) or not isinstance(setting, NetworkSetting):
        return {}
    roles: dict[str, str] = {}
    shapes: dict[str, str] = {}
    for node in list(dict.fromkeys(part for side in sides for part in _quantities(side)))[:MOST_ROLES]:
        spoken = candidate.letters.spoken(node)
        if spoken is None:
            continue
        name = unread(_whole(node))
        roles[name] = _told(spoken, candidate)
        shape = _shape(setting, _whole(node)) if not candidate.every_width else ""
        if shape:
            shapes[name] = shape
    return {"roles": roles} | ({"shapes": shapes} if shapes else {})


def _quantities(node: t.Node) -> list[t.Node]:
    """The letters with their scripts, not those inside of scripts."""
    if isinstance(node, t.Letter) or (isinstance(node, t.Scripted) and isinstance(node.base, t.Letter)):
        return [node]
    return [one for part in children(node) for one in _quantities(part)]


def _whole(node: t.Node) -> t.Node:
    """A quantity without its indices and its transpose."""
    if not isinstance(node, t.Scripted):
        return node
    upper = tuple(mark for mark in node.upper if isinstance(mark, t.Raised))
    if node.left_upper:
        upper = ()
    bare = not upper and not node.left_upper
    return node.base if bare else t.Scripted(node.base, None, upper, node.left_upper, None)


def _told(spoken: Spoken, candidate: NetworkCandidate) -> str:
    layer = unread(spoken.layer) if spoken.layer is not None else "L"
    return ROLES[spoken.role].format(layer, candidate.row.loss)


def _shape(setting: NetworkSetting, node: t.Node) -> str:
    try:
        value = setting.scene.quantity(node, {})
    except (Meaningless, ShapeError):
        return ""
    return "" if value is None or not value.shape else size_text(value.shape)
