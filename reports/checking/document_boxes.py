r"""The syntax tree of a formula as boxes on paper, so that the printers of documents can set what somebody typed.

Nothing that was typed is passed on: every sign comes from the tables of `derive`, every word is made of letters.  What
no box shows (⟨a, b⟩, a cube root, a determinant) raises `Unprintable`; who prints then shows the LaTeX itself, as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from derive.emit.latex import latex
from derive.emit.typst import typst
from derive.emit.unknown import UnknownBox
from derive.layout import Accent, BigSum, Box, Coloured, Fence, Glyph, Grid, Row, Scripts, row
from derive.layout import Cases as CasesBox
from derive.layout import Fraction as FractionBox
from derive.layout import Root as RootBox
from derive.tables.glyphs import GLYPHS, UnknownGlyph
from reports.document import Line
from verify.latex import Statement, Unreadable, read
from verify.latex import tree as t
from verify.latex.attach import base_of

PRIME = Glyph(r"\prime")
COMMA = Glyph(",", "punctuation")
MARKED = 1
"""The colour of a place that is wrong."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,40}")
_TEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,60}")
_BOLD = ("mathbf", "boldsymbol")
_FENCES = {"(": ("(", ")"), "[": ("[", "]"), "{": ("{", "}")}
_SIGNS = {"*": Glyph(r"\ast", "binary")}
_RELATIONS = {
    "equal": "=", "identical": "=", "less": "<", "greater": ">", "at-most": r"\le", "at-least": r"\ge",
    "unequal": r"\ne", "approx": r"\approx", "update": r"\leftarrow",
}  # fmt: skip


class Unprintable(ValueError):
    """A formula that no box shows."""


def lines(formula: str, mark: t.Span | None = None) -> tuple[Line, ...]:
    """A formula as the lines of an equation: a chain has a line for each relation, a condition one of its own.

    What stands at the place `mark` is coloured.  Raises `Unprintable`.
    """
    try:
        statements = read(formula).statements
        printer = _Printer(mark)
        found = tuple(line for one in statements for line in printer.statement(one))
    except Unreadable as error:
        raise Unprintable(error.message) from None
    for line in found:
        for box in (line.lhs, line.relation, line.rhs):
            _check(box)
    return found


def boxed(part: str) -> Box:
    """A formula, a part of one, or several with commas, as one box to stand in a line of text; or `Unprintable`."""
    try:
        bodies = [_Printer()(statement.body) for statement in read(part).statements]
        box = row([bodies[0], *(one for body in bodies[1:] for one in (COMMA, body))])
    except (Unreadable, ValueError) as error:
        raise Unprintable(str(error)) from None
    _check(box)
    return box


def _check(box: Box | None) -> None:
    """Refuses a box that one of the printers has no sign for."""
    if box is None:
        return
    try:
        latex(box)
        typst(box)
    except (UnknownGlyph, UnknownBox, KeyError) as error:
        raise Unprintable(f"no sign shows this: {error}") from None


@dataclass(frozen=True)
class _Printer:
    """Makes boxes; what lies within `mark` and is the largest such part is coloured."""

    mark: t.Span | None = None

    def statement(self, one: Statement) -> Iterable[Line]:
        """The lines of one statement."""
        if one.role != "claim" or not one.compares:
            words = [Glyph("where " if one.role == "beside" else "for ", "text")] if one.role != "claim" else []
            yield Line(None, row([*words, self(one.body)], tight=True), None)
            return
        left: Box | None = self(one.sides[0])
        for sign, side in zip(one.signs, one.sides[1:], strict=True):
            yield Line(left, self(side), self(sign))
            left = None

    def __call__(self, node: t.Node) -> Box:
        """The box of a node.  Raises `Unprintable`."""
        start, end = node.span
        if self.mark is not None and start < end and self.mark[0] <= start and end <= self.mark[1]:
            return Coloured(_Printer()._box(node), MARKED)
        return self._box(node)

    def _box(self, node: t.Node) -> Box:
        rule = _RULES.get(type(node))
        if rule is None:
            raise Unprintable(f"no rule shows a {type(node).__name__}")
        return rule(self, node)

    def all(self, nodes: Iterable[t.Node]) -> list[Box]:
        """The boxes of several nodes, commas between them."""
        found: list[Box] = []
        for node in nodes:
            found += [COMMA, self(node)] if found else [self(node)]
        return found

    def listed(self, nodes: Iterable[t.Node]) -> Box:
        """Several nodes with commas between them as one box."""
        found = self.all(nodes)
        return row(found) if found else Glyph("", "text")


# --- letters and scripts --------------------------------------------------------------------------------------------


def _letter(_: _Printer, node: t.Letter) -> Box:
    box = _bare(node)
    for accent in node.accents:
        box = Accent(box, accent)  # type: ignore[arg-type]  # `_check` refuses the accents that no printer has
    return box


def _bare(node: t.Letter) -> Box:
    name = node.name
    if node.word:
        return _word(name)
    if node.font in _BOLD or (node.font == "mathbb" and name == "1"):
        return Glyph(name, "number" if name.isdigit() else "letter", bold=True)
    if node.font == "mathrm" and name.isascii() and name.isalnum():
        return Glyph(name, "word")
    return Glyph(rf"\{node.font}{{{name}}}" if node.font else name)  # `_check` refuses what no row spells


def _word(name: str) -> Box:
    if rf"\{name}" in GLYPHS and GLYPHS[rf"\{name}"].kind == "word":
        return Glyph(rf"\{name}", "word")
    if name.isascii() and name.isalpha():
        return Glyph(rf"\operatorname{{{name}}}", "word")
    if _WORD.fullmatch(name):
        return Glyph(name, "word")
    if _TEXT.fullmatch(name):
        return Glyph(name, "text")
    raise Unprintable("words that are no words")


def _number(_: _Printer, node: t.Number) -> Box:
    digits = node.digits if node.digits[0] != "." else f"0{node.digits}"
    return Glyph(digits, "number")


def _scripted(pen: _Printer, node: t.Scripted) -> Box:
    return Scripts(pen(node.base), _script(pen, node.lower), _marks(pen, node.upper),
                   _marks(pen, node.left_upper), _script(pen, node.left_lower))  # fmt: skip


def _script(pen: _Printer, script: t.Script | None) -> Box | None:
    if script is None or not script.items:
        return None
    return row([_tight(pen, one) if one is not COMMA else COMMA for one in _between(script.items)], tight=True)


def _between(items: tuple[t.Node, ...]) -> list[Any]:
    found: list[Any] = []
    for one in items:
        found += [COMMA, one] if found else [one]
    return found


def _tight(pen: _Printer, node: t.Node) -> Box:
    """_{ij} without a space between the two."""
    if isinstance(node, t.Multiplication) and not any(node.signs):
        return row([pen(one) for one in node.factors], tight=True)
    return pen(node)


def _marks(pen: _Printer, marks: tuple[t.Mark, ...]) -> Box | None:
    found: list[Box] = []
    for mark in marks:
        if isinstance(mark, t.Prime):
            found += [PRIME] * mark.count
        elif isinstance(mark, t.Transpose):
            found.append(Glyph(mark.spelling))
        elif mark.fence in _FENCES:
            found.append(Fence(_tight(pen, mark.body), *_FENCES[mark.fence]))
        elif mark.fence:
            found.append(row([Glyph(mark.fence, "binary"), pen(mark.body)], tight=True))
        else:
            found.append(_tight(pen, mark.body))
    return row(found, tight=True) if found else None


# --- arithmetic -----------------------------------------------------------------------------------------------------


def _bracket(pen: _Printer, node: t.Bracket) -> Box:
    if node.fence not in _FENCES or node.breaks:
        raise Unprintable(f"no sign shows the bracket {node.fence}")
    return Fence(pen.listed(node.items), *_FENCES[node.fence])


def _negation(pen: _Printer, node: t.Negation) -> Box:
    return Row((Glyph("-", "binary"), pen(node.body)))


def _addition(pen: _Printer, node: t.Addition) -> Box:
    found: list[Box] = [pen(node.terms[0])]
    for term in node.terms[1:]:
        inner = term.body if isinstance(term, t.Negation) else term
        found += [Glyph("-" if isinstance(term, t.Negation) else "+", "binary"), pen(inner)]
    return row(found)


def _multiplication(pen: _Printer, node: t.Multiplication) -> Box:
    found = [pen(node.factors[0])]
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        sign = sign or (r"\cdot" if isinstance(base_of(factor), t.Number) else "")  # a 2, where 2 is no index
        found += [_SIGNS.get(sign, Glyph(sign, "binary"))] if sign else []
        found.append(pen(factor))
    return row(found)


def _fraction(pen: _Printer, node: t.Fraction) -> Box:
    if node.slash:
        return Row((pen(node.above), Glyph("/"), pen(node.below)), tight=True)
    return FractionBox(pen(node.above), pen(node.below))


def _root(pen: _Printer, node: t.Root) -> Box:
    if node.degree is not None:
        raise Unprintable("no sign shows the degree of a root")
    return RootBox(pen(node.body))


def _norm(pen: _Printer, node: t.Norm) -> Box:
    sign = "‖" if node.double else "|"
    fence = Fence(pen(node.body), sign, sign)
    return Scripts(fence, _script(pen, node.lower)) if node.lower else fence


def _upper(pen: _Printer, base: t.Node, sup: Box) -> Box:
    """A base with an upper script; one that is made of several parts is bracketed."""
    return Scripts(pen(base), None, sup)


# --- functions, sums, derivatives -----------------------------------------------------------------------------------


def _applied(pen: _Printer, node: t.Applied) -> Box:
    box: Box = pen(node.bracket)
    if node.lower or node.upper:
        box = Scripts(box, _script(pen, node.lower), _marks(pen, node.upper))
    return Row((pen(node.head), box))


def _big(pen: _Printer, node: t.Big) -> Box:
    below, over = pen.listed(node.under), pen(node.over) if node.over else None
    if node.sign == "sum":
        return BigSum(below, over, pen(node.body))
    sign = Glyph(r"\Pi") if node.sign == "prod" else _word(node.sign)
    return Row((Scripts(sign, below if node.under else None, over), pen(node.body)))


def _derivative(pen: _Printer, node: t.Derivative) -> Box:
    sign = Glyph("d", "word") if node.sign == r"\mathrm{d}" else Glyph(node.sign)
    top: Box = Scripts(sign, None, pen(node.order)) if node.order else sign
    if node.style in ("subscript", "nabla"):
        by = pen.listed(one.variable for one in node.by) if node.by else None
        return Row((Scripts(sign, by, pen(node.order) if node.order else None) if by or node.order else sign,
                    pen(node.operand)))  # fmt: skip
    below: Box = row([part for one in node.by for part in (sign, _by(pen, one))], tight=True)
    if node.style == "operator":
        return Row((FractionBox(top, below), pen(node.operand)))
    above = Row((top, pen(node.operand)), tight=True)
    if node.style == "slash":
        return Row((above, Glyph("/"), below), tight=True)
    return FractionBox(above, below)


def _by(pen: _Printer, one: t.By) -> Box:
    return pen(one.variable) if one.times is None else Scripts(pen(one.variable), None, pen(one.times))


def _evaluated(pen: _Printer, node: t.Evaluated) -> Box:
    return Scripts(Fence(pen(node.body), "[", "]"), _script(pen, node.at))


def _indicator(pen: _Printer, node: t.Indicator) -> Box:
    one = Glyph("1", "number", bold=True)
    if node.below:
        return Scripts(one, pen(node.condition))
    fence = Fence(pen(node.condition), *_FENCES.get(node.fence, ("[", "]")))
    return Row((one, fence)) if node.head else fence


def _cases(pen: _Printer, node: t.Cases) -> Box:
    return CasesBox(tuple((pen(one.value), _condition(pen, one)) for one in node.rows))


def _condition(pen: _Printer, case: t.Case) -> Box:
    if not case.conditions:
        return Glyph("otherwise", "text")
    return Row((Glyph("if ", "text"), pen.listed(case.conditions)), tight=True)


def _matrix(pen: _Printer, node: t.Matrix) -> Box:
    if node.fence in ("|", "‖") or len({len(cells) for cells in node.rows}) != 1:
        raise Unprintable("no sign shows this matrix")
    return Grid(tuple(tuple(pen(cell) for cell in cells) for cells in node.rows))


# --- comparisons ----------------------------------------------------------------------------------------------------


def _relation(_: _Printer, node: t.Relation) -> Box:
    if node.kind == "define":
        return Glyph(":=", "text")
    if node.kind not in _RELATIONS:
        raise Unprintable("no sign shows this relation")
    return Glyph(_RELATIONS[node.kind], "relation")


def _comparison(pen: _Printer, node: t.Comparison) -> Box:
    found = [pen(node.sides[0])]
    for sign, side in zip(node.signs, node.sides[1:], strict=True):
        found += [pen(sign), pen(side)]
    return row(found)


def _range(pen: _Printer, node: t.Range) -> Box:
    return row([*pen.all(node.letters), Glyph("=", "relation"), *pen.all(node.items)])


def _for_all(pen: _Printer, node: t.ForAll) -> Box:
    return row([Glyph("all ", "text"), *pen.all(node.items)], tight=True)


_RULES: dict[type, Callable[[_Printer, Any], Box]] = {
    t.Letter: _letter,
    t.Number: _number,
    t.Scripted: _scripted,
    t.Bracket: _bracket,
    t.Negation: _negation,
    t.Addition: _addition,
    t.Multiplication: _multiplication,
    t.Fraction: _fraction,
    t.Power: lambda pen, node: _upper(pen, node.base, _tight(pen, node.exponent)),
    t.Transposed: lambda pen, node: _upper(pen, node.base, Glyph(node.spelling)),
    t.Primed: lambda pen, node: _upper(pen, node.base, row([PRIME] * node.count, tight=True)),
    t.Root: _root,
    t.Norm: _norm,
    t.Call: lambda pen, node: Row((pen(node.function), pen(node.argument))),
    t.Applied: _applied,
    t.Big: _big,
    t.Derivative: _derivative,
    t.Evaluated: _evaluated,
    t.Indicator: _indicator,
    t.Cases: _cases,
    t.Matrix: _matrix,
    t.Marked: lambda pen, node: pen(node.body),
    t.Ellipsis: lambda pen, node: Glyph("...", "text"),
    t.Relation: _relation,
    t.Comparison: _comparison,
    t.Range: _range,
    t.ForAll: _for_all,
}
