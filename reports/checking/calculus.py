r"""Derivatives, sums over indices and comparisons in Unicode: \partial_w C → ∂_w C, Σₖ₌₁ⁿ, j = 1, …, n."""

from __future__ import annotations

from reports.checking.arithmetic import atom
from reports.checking.letters import lower_script
from reports.checking.pieces import RELATION, Pen, Piece, Pieces, Rule, lower, raise_
from verify.latex.tree import (
    Addition,
    Big,
    Bracket,
    By,
    Comparison,
    Derivative,
    Ellipsis,
    Evaluated,
    ForAll,
    Indicator,
    Letter,
    Node,
    Range,
    Relation,
    Scripted,
)

RELATIONS = {
    "equal": "=", "identical": "≡", "define": "≔", "less": "<", "greater": ">", "at-most": "≤", "at-least": "≥",
    "unequal": "≠", "approx": "≈", "like": "∼", "proportional": "∝", "update": "←", "arrow": "→", "in": "∈",
    "not-in": "∉", "less-much": "≪", "greater-much": "≫",
}  # fmt: skip
_BIG = {"sum": "Σ", "prod": "∏", "argmax": "arg max", "argmin": "arg min"}
_DIFFERENTIALS = {r"\partial": "∂", r"\nabla": "∇"}


def derivative(pen: Pen, node: Derivative) -> Pieces:
    """∂C/∂w, ∂²C/(∂a ∂b), ∂/∂w C, ∇ₐ C."""
    sign = _DIFFERENTIALS.get(node.sign, "d")
    order = raise_(pen(node.order)) if node.order else []
    if node.style in ("nabla", "subscript"):
        return _gradient(pen, node, sign, order)
    start, end = node.span
    first = node.by[0].span[0]
    reaches = node.style == "operator"
    front = pen.between(start, start if reaches else node.operand.span[0], sign)
    above = [front, *order, *([] if reaches else _operand(pen, node.operand))]
    slash = pen.between(start if reaches else node.operand.span[1], first, "/")
    below = [piece for place, one in enumerate(node.by) for piece in _by(pen, one, sign, place)]
    if len(node.by) > 1:
        below = [Piece("(", (first, first)), *below, Piece(")", (end, end))]
    behind = [pen.space(node.operand.span[0]), *_operand(pen, node.operand)] if reaches else []
    return [*above, slash, *below, *behind]


def _gradient(pen: Pen, node: Derivative, sign: str, order: Pieces) -> Pieces:
    front = pen.between(node.span[0], node.by[0].span[0] if node.by else node.operand.span[0], sign)
    by = lower(pen.joined([one.variable for one in node.by])) if node.by else []
    space = [pen.space(node.operand.span[0])] if by else []
    return [front, *order, *by, *space, *_operand(pen, node.operand)]


def _operand(pen: Pen, node: Node) -> Pieces:
    """What is differentiated."""
    return pen(node) if isinstance(node, Letter | Scripted | Bracket) else atom(pen, node)


def _by(pen: Pen, node: By, sign: str, place: int) -> Pieces:
    """∂w: one variable, and how many times."""
    body = pen(node.variable)
    if node.times is not None:
        if isinstance(node.variable, Scripted) and node.variable.upper:
            body = pen.fenced("(", node.variable, ")", node.variable.span)
        body = [*body, *raise_(pen(node.times))]
    at = node.span[0]
    return [*([pen.space(at)] if place else []), Piece(sign, (at, at)), *body]


def big(pen: Pen, node: Big) -> Pieces:
    """Σₖ₌₁ⁿ, ∏ᵢ, maxₖ."""
    first = node.under[0].span[0] if node.under else node.body.span[0]
    sign = pen.between(node.span[0], first, _BIG.get(node.sign, node.sign))
    over = raise_(pen(node.over)) if node.over else []
    under = lower(pen.joined(node.under)) if node.under else []
    body = pen.fenced("(", node.body, ")", node.body.span) if isinstance(node.body, Addition) else pen(node.body)
    return [sign, *under, *over, pen.space(node.body.span[0]), *body]


def evaluated(pen: Pen, node: Evaluated) -> Pieces:
    """(…)|_(z = 2)."""
    bar = pen.between(node.body.span[1], node.at.items[0].span[0], "|")
    return [*atom(pen, node.body), bar, *lower_script(pen, node.at)]


def indicator(pen: Pen, node: Indicator) -> Pieces:
    """𝟙[z > 0], [z > 0]."""
    head = pen(node.head) if node.head else []
    if node.below:
        return [*head, *lower(pen(node.condition))]
    start = node.head.span[1] if node.head else node.span[0]
    fence = {"(": "()", "{": "{}"}.get(node.fence, "[]")
    return [*head, *pen.fenced(fence[0], node.condition, fence[1], (start, node.span[1]))]


# --- comparisons ----------------------------------------------------------------------------------------------------


def relation(pen: Pen, node: Relation) -> Pieces:
    """= and its like."""
    return [Piece(RELATIONS[node.kind], node.span)]


def comparison(pen: Pen, node: Comparison) -> Pieces:
    """A = B = C in one line."""
    found = pen(node.sides[0])
    for sign, side in zip(node.signs, node.sides[1:], strict=True):
        found += [pen.space(sign.span[0], RELATION), *pen(sign), pen.space(side.span[0]), *pen(side)]
    return found


def ranges(pen: Pen, node: Range) -> Pieces:
    """j, k = 1, …, n."""
    sign = pen.between(node.letters[-1].span[1], node.items[0].span[0], "=")
    at = node.items[0].span[0]
    return [*pen.joined(node.letters), pen.space(at), sign, pen.space(at), *pen.joined(node.items)]


def for_all(pen: Pen, node: ForAll) -> Pieces:
    """∀ j, k."""
    sign = pen.between(node.span[0], node.items[0].span[0], "∀")
    return [sign, pen.space(node.items[0].span[0]), *pen.joined(node.items)]


RULES: dict[type, Rule] = {
    Derivative: derivative,
    Big: big,
    Evaluated: evaluated,
    Indicator: indicator,
    Relation: relation,
    Comparison: comparison,
    Range: ranges,
    ForAll: for_all,
    Ellipsis: lambda pen, node: [Piece("…", node.span)],
}
