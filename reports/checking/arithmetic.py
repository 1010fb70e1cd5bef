r"""Sums, products, quotients and functions in Unicode: \frac{a}{b}c → a/b · c, (w^3)^{T} \delta → (w³)ᵀ δ.

What stands side by side binds first, then the slash, then the middle dot: x y/z · w reads in one way only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from reports.checking.letters import PRIMES, lower_script, scripts
from reports.checking.pieces import FACTOR, ITEM, TERM, Pen, Piece, Pieces, Rule, raise_, written
from verify.latex.tree import (
    Addition,
    Applied,
    Big,
    Bracket,
    Call,
    Case,
    Cases,
    Derivative,
    Evaluated,
    Fraction,
    InnerProduct,
    Letter,
    Marked,
    Matrix,
    Multiplication,
    Negation,
    Node,
    Norm,
    Number,
    Power,
    Primed,
    Root,
    Scripted,
    Transposed,
)

SIGNS = {r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\circ": "∘", "*": "*", r"\otimes": "⊗", r"\oslash": "⊘"}
_VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛"}
_LOOSE = (Addition, Negation, Multiplication, Fraction, Derivative, Big, Evaluated)


def atom(pen: Pen, node: Node) -> Pieces:
    """A node that a script or a root is set on: in brackets unless it is of one piece."""
    bare = isinstance(node, Call) and not isinstance(node.argument, Bracket)
    scripts = isinstance(node, Power | Transposed | Primed) or (isinstance(node, Scripted) and bool(node.upper))
    if bare or scripts or isinstance(node, (*_LOOSE, Applied)):
        return pen.fenced("(", node, ")", node.span)
    return pen(node)


def slashed(node: Node) -> bool:
    """Whether a node is drawn with a slash outside brackets."""
    if isinstance(node, Fraction):
        return not _vulgar(node)
    return isinstance(node, Derivative) and node.style in ("fraction", "slash", "operator")


# --- sums and products ----------------------------------------------------------------------------------------------


def addition(pen: Pen, node: Addition) -> Pieces:
    """a + b − c."""
    found = pen(node.terms[0])
    for before, term in zip(node.terms, node.terms[1:], strict=False):
        inner = term.body if isinstance(term, Negation) else term
        start = term.span[0] if isinstance(term, Negation) else before.span[1]
        found += pen.sign(start, inner.span[0], "−" if isinstance(term, Negation) else "+", TERM)
        found += pen.fenced("(", inner, ")", inner.span) if isinstance(inner, Addition | Negation) else pen(inner)
    return found


def negation(pen: Pen, node: Negation) -> Pieces:
    """−a."""
    sign = pen.between(node.span[0], node.body.span[0], "−")
    loose = isinstance(node.body, Addition | Negation)
    return [sign, *(pen.fenced("(", node.body, ")", node.body.span) if loose else pen(node.body))]


def multiplication(pen: Pen, node: Multiplication) -> Pieces:
    """A product: signs as they were written; a middle dot where a slash would otherwise bind what stands beside it."""
    found = _factor(pen, node.factors[0], last=False)
    pairs = zip(node.factors, node.signs, node.factors[1:], strict=False)
    for place, (before, sign, factor) in enumerate(pairs, 2):
        start, end = before.span[1], factor.span[0]
        if sign or slashed(before) or slashed(factor):
            found += pen.sign(start, end, SIGNS.get(sign, "·"), FACTOR)
        elif not _touching(pen, before, factor):
            found.append(pen.space(end, FACTOR + 1))
        found += _factor(pen, factor, last=place == len(node.factors))
    return found


def _factor(pen: Pen, node: Node, *, last: bool) -> Pieces:
    """A factor; what reaches further to the right than one factor stands in brackets, unless it is the last."""
    loose = isinstance(node, Addition | Negation) or (not last and isinstance(node, Big | Evaluated))
    return pen.fenced("(", node, ")", node.span) if loose else pen(node)


def _touching(pen: Pen, before: Node, after: Node) -> bool:
    """Whether two factors stand side by side without a space: 2x, (a)(b), and dW where it was typed so."""
    if isinstance(before, Letter) and before.name == "d":
        return pen.text[before.span[1] : after.span[0]] == "" and isinstance(after, Letter | Scripted)
    if isinstance(before, Number):
        return not isinstance(after, Number | Norm) and not (isinstance(after, Scripted) and bool(after.left_upper))
    return isinstance(before, Bracket) and isinstance(after, Bracket)


def fraction(pen: Pen, node: Fraction) -> Pieces:
    """a/b, with brackets where the slash does not bind all of what stands above or below."""
    if _vulgar(node):
        return [Piece(_VULGAR[_plain(node)], node.span)]
    above = isinstance(node.above, Addition | Negation | Fraction | Big | Derivative) or _unbound(node.above)
    below = isinstance(node.below, (*_LOOSE, Call, Applied)) and not _called(node.below)
    slash = pen.between(node.above.span[1], node.below.span[0], "/")
    return [*_bound(pen, node.above, above), slash, *_bound(pen, node.below, below)]


def _bound(pen: Pen, node: Node, loose: bool) -> Pieces:
    return pen.fenced("(", node, ")", node.span) if loose else pen(node)


def _unbound(node: Node) -> bool:
    """Whether a product above a slash holds signs or slashes of its own."""
    return isinstance(node, Multiplication) and (any(node.signs) or any(map(slashed, node.factors)))


def _called(node: Node) -> bool:
    return isinstance(node, Call) and isinstance(node.argument, Bracket)


def _plain(node: Fraction) -> str:
    if isinstance(node.above, Number) and isinstance(node.below, Number):
        return f"{node.above.digits}/{node.below.digits}"
    return ""


def _vulgar(node: Fraction) -> bool:
    return _plain(node) in _VULGAR


# --- powers, roots, norms -------------------------------------------------------------------------------------------


def power(pen: Pen, node: Power) -> Pieces:
    """e⁻ˣ, (w²)²."""
    return [*atom(pen, node.base), *raise_(pen(node.exponent))]


def transposed(pen: Pen, node: Transposed) -> Pieces:
    """(A B)ᵀ."""
    return [*atom(pen, node.base), pen.between(node.base.span[1], node.span[1], "ᵀ")]


def primed(pen: Pen, node: Primed) -> Pieces:
    """(f)′."""
    sign = PRIMES.get(node.count, "′" * node.count)
    return [*atom(pen, node.base), pen.between(node.base.span[1], node.span[1], sign)]


def root(pen: Pen, node: Root) -> Pieces:
    """√x, √(a + b), ∛x."""
    degree = written(pen(node.degree)) if node.degree else ""
    signs = {"": "√", "2": "√", "3": "∛", "4": "∜"}
    front = [Piece(signs[degree], (node.span[0], node.body.span[0]))] if degree in signs else []
    if not front and node.degree:
        front = [*raise_(pen(node.degree)), Piece("√", node.span)]
    simple = isinstance(node.body, Letter | Number | Bracket)
    return [*front, *(pen(node.body) if simple else pen.fenced("(", node.body, ")", node.body.span))]


def norm(pen: Pen, node: Norm) -> Pieces:
    """‖x‖₂, |x|."""
    bar = "‖" if node.double else "|"
    return [*pen.fenced(bar, node.body, bar, node.span), *lower_script(pen, node.lower)]


def inner_product(pen: Pen, node: InnerProduct) -> Pieces:
    """⟨a, b⟩."""
    body = (node.left.span[0], node.right.span[1])
    return pen.enclosed("⟨", lambda: pen.joined((node.left, node.right)), "⟩", node.span, body)


# --- functions ------------------------------------------------------------------------------------------------------


def call(pen: Pen, node: Call) -> Pieces:
    """f(x), log x."""
    function = atom(pen, node.function) if isinstance(node.function, Derivative) else pen(node.function)
    if isinstance(node.argument, Bracket):
        return [*function, *pen(node.argument)]
    if isinstance(node.argument, Negation | Addition) or slashed(node.argument):
        return [*function, *pen.fenced("(", node.argument, ")", node.argument.span)]
    return [*function, pen.space(node.argument.span[0]), *pen(node.argument)]


def applied(pen: Pen, node: Applied) -> Pieces:
    """a(1 − a): a call or a product."""
    head = atom(pen, node.head) if isinstance(node.head, Derivative) else pen(node.head)
    end, start = node.head.span[1], node.bracket.span[0]
    apart = [pen.space(start)] if node.gap or pen.text[end:start].isspace() else []
    return [*head, *apart, *pen(node.bracket), *scripts(pen, node.lower, node.upper)]


def matrix(pen: Pen, node: Matrix) -> Pieces:
    """[a, b; c, d]."""
    fence = {"(": "()", "{": "{}", "|": "||", "‖": "‖‖"}.get(node.fence, "[]")
    body = (node.rows[0][0].span[0], node.rows[-1][-1].span[1])
    drawn = [partial(pen.joined, row) for row in node.rows]
    return pen.enclosed(fence[0], lambda: _lines(pen, drawn), fence[1], node.span, body)


def cases(pen: Pen, node: Cases) -> Pieces:
    """{1 if z > 0; 0 otherwise}."""
    body = (node.rows[0].value.span[0], node.rows[-1].span[1])
    drawn = [partial(_case, pen, row) for row in node.rows]
    return pen.enclosed("{", lambda: _lines(pen, drawn), "}", node.span, body)


def _case(pen: Pen, row: Case) -> Pieces:
    value, end = pen(row.value), row.value.span[1]
    if not row.conditions:
        return [*value, Piece(" otherwise", (end, max(row.span[1], end)))]
    word = pen.between(end, row.conditions[0].span[0], "if")
    return [*value, pen.space(end), word, pen.space(word.span[1]), *pen.joined(row.conditions)]


def _lines(pen: Pen, rows: Sequence[Callable[[], Pieces]]) -> Pieces:
    """Lines with semicolons between them."""
    found: Pieces = []
    for row in rows:
        drawn = row()
        if found and drawn:
            at = drawn[0].span[0]
            found += [Piece(";", (at, at)), pen.space(at, ITEM)]
        found += drawn
    return found


def marked(pen: Pen, node: Marked) -> Pieces:
    """What stands over or under a brace, without the note."""
    return pen.fenced("(", node.body, ")", node.body.span) if isinstance(node.body, Addition) else pen(node.body)


RULES: dict[type, Rule] = {
    Addition: addition,
    Negation: negation,
    Multiplication: multiplication,
    Fraction: fraction,
    Power: power,
    Transposed: transposed,
    Primed: primed,
    Root: root,
    Norm: norm,
    InnerProduct: inner_product,
    Call: call,
    Applied: applied,
    Matrix: matrix,
    Cases: cases,
    Marked: marked,
}
