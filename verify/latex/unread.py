r"""A tree as LaTeX in one canonical spelling, so that `read(unread(t))` is `t` again.

Scripts are braced, the lower one first; factors are separated by spaces; brackets are plain.  Trees that the reader
makes come back as they were; in a tree made by hand, a letter as factor in front of a bracket comes back as `Applied`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from verify.latex.attach import base_of
from verify.latex.reading import Reading, Statement
from verify.latex.tables import COMMAND_FUNCTIONS, OVER_BINDERS, RELATION_KINDS
from verify.latex.tree import (
    Addition,
    Applied,
    Big,
    Bracket,
    Call,
    Case,
    Cases,
    Comparison,
    Derivative,
    Ellipsis,
    Evaluated,
    ForAll,
    Fraction,
    Indicator,
    InnerProduct,
    Letter,
    Mark,
    Marked,
    Matrix,
    Multiplication,
    Negation,
    Node,
    Norm,
    Number,
    Power,
    Prime,
    Primed,
    Raised,
    Range,
    Relation,
    Root,
    Script,
    Scripted,
    Transpose,
    Transposed,
)

_OPENS = {"(": "(", "[": "[", "{": r"\{", "<": r"\langle "}
_CLOSES = {"(": ")", "[": "]", "{": r"\}", "<": r" \rangle"}
_MATRICES = {"(": "pmatrix", "[": "bmatrix", "{": "Bmatrix", "|": "vmatrix", "‖": "Vmatrix", "": "matrix"}
_ROWS = r" \\ "


class Unprintable(TypeError):
    """Something that is no node of the tree."""


def unread(thing: Node | Statement | Reading) -> str:
    """The LaTeX of a node, a statement, or a whole reading (one line a statement).

    Raises `Unprintable` for anything else.
    """
    if isinstance(thing, Reading):
        return _ROWS.join(unread(one) for one in thing.statements)
    if isinstance(thing, Statement):
        return unread(thing.body)
    rule = _RULES.get(type(thing))
    if rule is None:
        raise Unprintable(f"no rule prints a {type(thing).__name__}: {thing!r}")
    return rule(thing)


# --- letters and scripts --------------------------------------------------------------------------------------------


def _letter(node: Letter) -> str:
    text = _plain_letter(node)
    for accent in node.accents:
        text = rf"\{accent}{{{text}}}"
    return text


def _plain_letter(node: Letter) -> str:
    if node.word and not node.font:
        return node.name
    if node.word:
        known = node.font == "mathrm" and node.name in COMMAND_FUNCTIONS
        upright = r"\operatorname" if node.font == "mathrm" else rf"\{node.font}"
        return rf"\{node.name}" if known else f"{upright}{{{node.name}}}"
    return rf"\{node.font}{{{node.name}}}" if node.font else node.name


def _scripted(node: Scripted) -> str:
    left = _corner("_", _items(node.left_lower)) + _corner("^", _marks(node.left_upper))
    base = _based(node.base)
    scripts = [_corner("_", _items(node.lower)), _corner("^", _marks(node.upper))]
    if isinstance(node.base, Letter) and node.base.name in OVER_BINDERS:  # a script below would bind an index
        scripts.reverse()
    return (f"{{}}{left}" if left else "") + base + "".join(scripts)


def _corner(sign: str, text: str) -> str:
    return f"{sign}{{{text}}}" if text else ""


def _items(script: Script | None) -> str:
    return ", ".join(unread(one) for one in script.items) if script else ""


def _marks(marks: tuple[Mark, ...]) -> str:
    text = ""
    before: Mark | None = None
    for mark in marks:
        apart = isinstance(mark, Raised) and not mark.fence
        apart |= isinstance(mark, Raised) and isinstance(before, Raised) and not before.fence
        text += (", " if text and apart else " " if text else "") + _mark(mark)
        before = mark
    return text


def _mark(mark: Mark) -> str:
    if isinstance(mark, Prime):
        return " ".join([r"\prime"] * mark.count)
    if isinstance(mark, Transpose):
        return mark.spelling
    if mark.fence in _OPENS:
        return f"{_OPENS[mark.fence]}{unread(mark.body)}{_CLOSES[mark.fence]}"
    return f"{mark.fence} {unread(mark.body)}".strip()


def _based(node: Node) -> str:
    """A base for a power or a prime, in braces where it has scripts of its own."""
    text = unread(node)
    if isinstance(node, Scripted):
        braced = not isinstance(node.base, Bracket) or bool(node.upper)
    elif isinstance(node, Call):
        braced = not isinstance(node.argument, Bracket)
    else:
        braced = isinstance(node, Power | Transposed | Primed | Derivative | Applied | Evaluated | Indicator | Marked)
    return f"{{{text}}}" if braced else text


# --- arithmetic -----------------------------------------------------------------------------------------------------


def _bracket(node: Bracket) -> str:
    text = ""
    for number, item in enumerate(node.items):
        text += ("; " if number in node.breaks else ", " if number else "") + unread(item)
    return f"{_OPENS[node.fence]}{text}{_CLOSES[node.fence]}"


def _addition(node: Addition) -> str:
    text = unread(node.terms[0])
    for term in node.terms[1:]:
        text += f" - {unread(term.body)}" if isinstance(term, Negation) else f" + {unread(term)}"
    return text


def _multiplication(node: Multiplication) -> str:
    text = _factor(node.factors[0], first=True)
    for before, sign, factor in zip(node.factors, node.signs, node.factors[1:], strict=False):
        gap = r"\, " if _needs_gap(before, factor, sign) else ""
        text += f" {sign} " if sign else f" {gap}"
        text += _factor(factor, first=False)
    return text


def _needs_gap(before: Node, after: Node, sign: str) -> bool:
    """Whether a space command keeps two factors apart that would be read as one."""
    bare = isinstance(before, Call) and not isinstance(before.argument, Bracket)
    digits = isinstance(base_of(after), Number)
    return not sign and (bare or digits)


def _factor(node: Node, *, first: bool) -> str:
    text = unread(node)
    return f"{{{text}}}" if isinstance(node, Fraction) and node.slash and not first else text


def _fraction(node: Fraction) -> str:
    if not node.slash:
        return rf"\frac{{{unread(node.above)}}}{{{unread(node.below)}}}"
    below = unread(node.below)
    return f"{unread(node.above)} / {{{below}}}" if _is_slash(node.below) else f"{unread(node.above)} / {below}"


def _is_slash(node: Node) -> bool:
    return isinstance(node, Fraction) and node.slash


def _root(node: Root) -> str:
    degree = f"[{unread(node.degree)}]" if node.degree else ""
    return rf"\sqrt{degree}{{{unread(node.body)}}}"


def _norm(node: Norm) -> str:
    left, right = (r"\lVert", r"\rVert") if node.double else (r"\lvert", r"\rvert")
    return f"{left} {unread(node.body)} {right}{_corner('_', _items(node.lower))}"


# --- functions, sums, derivatives -----------------------------------------------------------------------------------


def _call(node: Call) -> str:
    argument = unread(node.argument)
    if isinstance(node.argument, Negation):
        argument = f"{{{argument}}}"
    space = "" if isinstance(node.argument, Bracket | Negation) else " "
    return f"{unread(node.function)}{space}{argument}"


def _applied(node: Applied) -> str:
    gap = r"\, " if node.gap else ""
    scripts = _corner("_", _items(node.lower)) + _corner("^", _marks(node.upper))
    return f"{unread(node.head)}{gap and ' ' + gap}{unread(node.bracket)}{scripts}"


def _big(node: Big) -> str:
    sign = rf"\operatorname{{{node.sign}}}" if node.sign in OVER_BINDERS else rf"\{node.sign}"
    under = _corner("_", ", ".join(unread(one) for one in node.under))
    over = _corner("^", unread(node.over)) if node.over else ""
    return f"{sign}{under}{over} {unread(node.body)}"


def _derivative(node: Derivative) -> str:
    order = _corner("^", unread(node.order)) if node.order else ""
    if node.style in ("subscript", "nabla"):
        by = _corner("_", ", ".join(unread(one.variable) for one in node.by))
        return f"{node.sign}{by}{order} {unread(node.operand)}"
    below = " ".join(_by(one.variable, one.times, node.sign) for one in node.by)
    if node.style == "operator":
        return rf"\frac{{{node.sign}{order}}}{{{below}}} {unread(node.operand)}"
    above = f"{node.sign}{order} {unread(node.operand)}"
    return rf"\frac{{{above}}}{{{below}}}" if node.style == "fraction" else f"{above} / {below}"


def _by(variable: Node, times: Node | None, sign: str) -> str:
    if times is None:
        return f"{sign} {unread(variable)}"
    text = unread(variable)
    raised = isinstance(variable, Scripted) and bool(variable.upper)
    return f"{sign} {f'{{{text}}}' if raised else text}^{{{unread(times)}}}"


def _evaluated(node: Evaluated) -> str:
    return rf"\left. {unread(node.body)} \right|_{{{_items(node.at)}}}"


def _indicator(node: Indicator) -> str:
    head = unread(node.head) if node.head else ""
    condition = unread(node.condition)
    inner = f"{_OPENS[node.fence]}{condition}{_CLOSES[node.fence]}" if node.fence in _OPENS else condition
    return f"{head}_{{{inner}}}" if node.below else f"{head}{inner}"


def _cases(node: Cases) -> str:
    return rf"\begin{{cases}} {_ROWS.join(unread(one) for one in node.rows)} \end{{cases}}"


def _case(node: Case) -> str:
    if not node.conditions:
        return rf"{unread(node.value)} & \text{{otherwise}}"
    return rf"{unread(node.value)} & \text{{if }} {', '.join(unread(one) for one in node.conditions)}"


def _matrix(node: Matrix) -> str:
    lines = [" & ".join(unread(cell) for cell in row) for row in node.rows]
    name = _MATRICES[node.fence]
    return rf"\begin{{{name}}} {_ROWS.join(lines)} \end{{{name}}}"


def _marked(node: Marked) -> str:
    command, sign = (r"\overbrace", "^") if node.over else (r"\underbrace", "_")
    return f"{command}{{{unread(node.body)}}}" + _corner(sign, node.note)


# --- comparisons ----------------------------------------------------------------------------------------------------


def _relation(node: Relation) -> str:
    sign = RELATION_KINDS[node.kind]
    return rf"\overset{{{node.note}}}{{{sign}}}" if node.note else sign


def _comparison(node: Comparison) -> str:
    text = unread(node.sides[0])
    for sign, side in zip(node.signs, node.sides[1:], strict=True):
        text += f" {unread(sign)} {unread(side)}"
    return text


def _range(node: Range) -> str:
    letters, items = (", ".join(unread(one) for one in part) for part in (node.letters, node.items))
    return f"{letters} = {items}"


_RULES: dict[type, Callable[[Any], str]] = {
    Number: lambda node: node.digits,
    Letter: _letter,
    Scripted: _scripted,
    Bracket: _bracket,
    Negation: lambda node: f"-{unread(node.body)}",
    Addition: _addition,
    Multiplication: _multiplication,
    Fraction: _fraction,
    Power: lambda node: f"{_based(node.base)}^{{{unread(node.exponent)}}}",
    Transposed: lambda node: f"{_based(node.base)}^{{{node.spelling}}}",
    Primed: lambda node: f"{_based(node.base)}^{{{' '.join([chr(92) + 'prime'] * node.count)}}}",
    Root: _root,
    Norm: _norm,
    InnerProduct: lambda node: rf"\langle {unread(node.left)}, {unread(node.right)} \rangle",
    Call: _call,
    Applied: _applied,
    Big: _big,
    Derivative: _derivative,
    Evaluated: _evaluated,
    Indicator: _indicator,
    Cases: _cases,
    Case: _case,
    Matrix: _matrix,
    Marked: _marked,
    Ellipsis: lambda node: r"\ldots",
    Relation: _relation,
    Comparison: _comparison,
    Range: _range,
    ForAll: lambda node: rf"\forall {', '.join(unread(one) for one in node.items)}",
    Script: _items,
    Raised: _mark,
    Prime: _mark,
    Transpose: _mark,
}
