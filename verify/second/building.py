r"""One piece of scalar algebra: the steps that our tree claims, and the typed text with placeholders for the rest.

Each kind of node that belongs to scalar algebra has a rule, which appends its steps; where a rule declines, and for any
other node, there is a placeholder.  A rule declines where latex2sympy2 is known to read otherwise on purpose:

    a/b c       a/(b c) to latex2sympy2     \log x y       a logarithm of everything that follows
    a ⊘ b·c     (a ⊘ b)·c to it             {a \over b}    unknown to it
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from verify.latex.resolve import factors_of
from verify.latex.tree import (
    Addition,
    Applied,
    Big,
    Bracket,
    Call,
    Fraction,
    Letter,
    Multiplication,
    Negation,
    Node,
    Number,
    Power,
    Primed,
    Root,
    Scripted,
    Span,
    Transposed,
)
from verify.second.glue import FUNCTIONS, Untranslated, braced, placeholder, translated
from verify.second.program import Program, Step

MOST_NESTED = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece may hold: functions, brackets within brackets, and signs in all."""

    functions: int
    depth: int
    tokens: int


LIMITS = (Limits(3, MOST_NESTED, 40), Limits(0, MOST_NESTED, 120), Limits(0, 2, 120), Limits(0, 1, 400))
"""Tried in this order, since latex2sympy2 takes 5 ms for a sign, but 30 for a function, and more before many signs."""

TOO_LARGE = "it is too long or too deep for latex2sympy2"

_FRACTION = re.compile(r"\\(?:[tdc]?frac|nicefrac|sfrac)(?![A-Za-z])")
_SCRIPT = re.compile(r"\s*[\^_'ᵀ]")
_BRACE = re.compile(r"\\[\s\S]|[{}]")
_OPENING = re.compile(r"(?:\\[A-Za-z]{1,20}\s{0,9})?\{\s{0,9}\Z")
_CLOSED = re.compile(r"\s*\}")
_CLOSING = {"(": ")", "{": "}"}
_BRACKETS = frozenset("(){}")
_MINUS_ONE = Step("n", "-1")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of scalar algebra: our reading of it, its text for the other reader, and what was typed.

    `text` is empty where it cannot be put to the other reader, and `why` says why.
    """

    ours: Program
    text: str
    span: Span
    names: dict[str, str]
    why: str = ""


@dataclass(slots=True)
class Builder:
    """Goes through one piece: the steps of the tree, the places of the placeholders, and what is left for later."""

    text: str
    limits: Limits
    steps: list[Step] = field(default_factory=list)
    places: list[tuple[Span, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    below: list[Node] = field(default_factory=list)
    functions: int = 0
    operations: int = 0
    depth: int = 0

    def visit(self, node: Node) -> None:
        """Appends the steps of a node."""
        rule = _RULES.get(type(node))
        nests = isinstance(node, Bracket | Fraction | Root)
        if rule is None or (nests and self.depth >= self.limits.depth):
            self.atom(node)
            return
        self.depth += nests
        if not rule(self, node):
            self.atom(node)
        self.depth -= nests

    def atom(self, node: Node) -> None:
        """A placeholder for a node."""
        self.below.append(node)
        name = self.place(node.span)
        self.steps.append(Step("v", name))
        if isinstance(node, Big | Multiplication) or _slashed(node) or getattr(node, "style", "") == "slash":
            self.names[name] = f"({self.names[name]})"

    def place(self, span: Span, kind: str = "v") -> str:
        """The name of a new placeholder for a stretch of the text: v for a quantity, m for a mark."""
        name = f"{kind}{len(self.places) + 1}"
        span = _whole(self.text, span)
        self.places.append((span, name))
        self.names[name] = _shown(self.text[slice(*span)])
        return name

    def step(self, kind: str, count: int) -> None:
        """Appends an operation."""
        self.steps.append(Step(kind, count))
        self.operations += 1

    def apply(self, name: str) -> None:
        """Appends a function."""
        self.steps.append(Step("f", name))
        self.functions += 1

    # --- the piece ------------------------------------------------------------------------------------------------

    def piece(self, span: Span) -> Piece:
        """What was gathered, with its text for the other reader."""
        make = partial(Piece, tuple(self.steps), span=span, names=self.names)
        try:
            tokens = braced(self._tokens(span))
        except Untranslated as error:
            return make(text="", why=str(error))
        nested = _nested(tokens)
        if nested is None:
            return make(text="", why="its brackets do not match")
        if len(tokens) > self.limits.tokens or nested > MOST_NESTED:
            return make(text="", why=TOO_LARGE)
        return make(text=" ".join(tokens))

    def reach(self, span: Span, region: Span | None) -> Span:
        """The region, where something stands in it that the node does not cover; else the node's own place."""
        if region is None:
            return span
        try:
            beside = [*translated(self.text[region[0] : span[0]]), *translated(self.text[span[1] : region[1]])]
        except Untranslated:
            return span
        return region if beside else span

    def leaves(self, piece: Piece) -> bool:
        """Whether the text holds more than the tree accounts for."""
        signs = [token for token in piece.text.split() if token not in _BRACKETS]
        return len(signs) > len(self.places) + sum(step.kind in ("n", "f") for step in self.steps)

    def _tokens(self, span: Span) -> list[str]:
        """The signs between the placeholders, and the placeholders."""
        tokens: list[str] = []
        at, stop = span
        for (start, end), name in sorted(self.places):
            if start < at or end > stop:
                raise Untranslated("the places of its parts overlap")
            tokens += translated(self.text[at:start])
            tokens += ["^"] * name.startswith("m") + [placeholder(name)]
            at = end
        tokens += translated(self.text[at:stop])
        return tokens


def _nested(tokens: list[str]) -> int | None:
    """How deep the brackets and braces are nested; None where they do not match."""
    open_ones: list[str] = []
    deepest = 0
    for token in tokens:
        if token in _CLOSING:
            open_ones.append(_CLOSING[token])
            deepest = max(deepest, len(open_ones))
        elif token in _BRACKETS and (not open_ones or open_ones.pop() != token):
            return None
    return None if open_ones else deepest


def _whole(text: str, span: Span) -> Span:
    r"""A place with the braces that it cuts through, and the font before them: the d of \mathrm{d}E begins one."""
    start, end = span
    depth = lowest = 0
    for match in _BRACE.finditer(text, start, end):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        lowest = min(lowest, depth)
    for _ in range(-lowest):
        opening = _OPENING.search(text, max(0, start - 40), start)
        start = opening.start() if opening else start
    for _ in range(depth - lowest):
        closing = _CLOSED.match(text, end)
        end = closing.end() if closing else end
    return (start, end)


def _shown(typed: str) -> str:
    """What was typed, on one line; the marks of a script without their sign."""
    line = " ".join(typed.split())
    return line.lstrip("^_{").rstrip("}") if line[:1] in ("^", "_") else line


# --- the rules: each appends its steps, or leaves the node to be a placeholder --------------------------------------


def _number(builder: Builder, node: Number) -> bool:
    builder.steps.append(Step("n", str(node.value)))
    return True


def _bracket(builder: Builder, node: Bracket) -> bool:
    if len(node.items) != 1 or node.fence not in ("(", "[", "{"):
        return False
    builder.visit(node.items[0])
    return True


def _negation(builder: Builder, node: Negation) -> bool:
    builder.steps.append(_MINUS_ONE)
    builder.visit(node.body)
    builder.step("*", 2)
    return True


def _addition(builder: Builder, node: Addition) -> bool:
    for term in node.terms:
        builder.visit(term)
    builder.step("+", len(node.terms))
    return True


def _multiplication(builder: Builder, node: Multiplication) -> bool:
    before = ("", *node.signs)
    after = (*node.signs, "end")
    for sign, factor, following in zip(before, node.factors, after, strict=True):
        apart = _slashed(factor) and following == ""  # a/b c is a/(b c) to latex2sympy2
        if apart or (sign == r"\oslash" and not _unary(factor)):
            builder.atom(factor)
        else:
            builder.visit(factor)
        if sign == r"\oslash":
            builder.steps += (_MINUS_ONE, Step("^", 2))
    builder.step("*", len(node.factors))
    return True


def _slashed(node: Node) -> bool:
    return isinstance(node, Fraction) and node.slash


def _unary(node: Node) -> bool:
    """Whether a factor holds together for a reader to whom / binds no tighter than a dot."""
    if isinstance(node, Multiplication):
        return node.tight and not any(node.signs) and not any(map(_slashed, node.factors))
    return not _slashed(node)


def _fraction(builder: Builder, node: Fraction) -> bool:
    if isinstance(node.below, Applied) if node.slash else not _FRACTION.match(builder.text, node.span[0]):
        return False  # 1/a(1 - a) depends on what a is; \over and ½ are no fractions to latex2sympy2
    builder.visit(node.above)
    builder.visit(node.below)
    builder.steps += (_MINUS_ONE, Step("^", 2))
    builder.step("*", 2)
    return True


def _power(builder: Builder, node: Power) -> bool:
    if node.base == Letter("e") and builder.text[slice(*node.base.span)] == "e":
        if builder.functions >= builder.limits.functions:
            return False
        builder.visit(node.exponent)
        builder.apply("exp")
        return True
    if node.base.span[1] > node.exponent.span[0]:
        return False  # more scripts stand between the two, as in \lVert a \rVert_2^2
    builder.visit(node.base)
    builder.visit(node.exponent)
    builder.step("^", 2)
    return True


def _applied(builder: Builder, node: Applied) -> bool:
    """f(x): latex2sympy2 sees a placeholder in front of a bracket, which is a product to it, and so it is here."""
    if len(node.bracket.items) != 1:
        return False
    head, rest = factors_of(node)
    start, end = head.span
    builder.atom(replace(head, span=(start, min(end, node.bracket.span[0]))))
    builder.visit(rest)
    builder.steps.append(Step("*", 2))
    return True


def _call(builder: Builder, node: Call) -> bool:
    function, argument = node.function, node.argument
    if (
        not isinstance(function, Letter)
        or function.name not in FUNCTIONS
        or builder.functions >= builder.limits.functions
    ):
        return False
    spelled = builder.text[slice(*function.span)] == rf"\{function.name}"
    if not spelled or not isinstance(argument, Bracket) or len(argument.items) != 1:
        return False
    builder.visit(argument)
    builder.apply(function.name)
    return True


def _root(builder: Builder, node: Root) -> bool:
    if node.degree is not None or not builder.text.startswith(r"\sqrt", node.span[0]):
        return False
    builder.visit(node.body)
    builder.steps.append(Step("n", "1/2"))
    builder.step("^", 2)
    return True


def _dressed(builder: Builder, node: Transposed | Primed | Scripted) -> bool:
    """Something in brackets with a T, a prime or an index: a power whose exponent is a placeholder for the mark."""
    span = (node.base.span[1], node.span[1])
    mark = builder.text[slice(*span)]
    left = isinstance(node, Scripted) and (node.left_upper or node.left_lower)
    if isinstance(node.base, Letter | Number) or left or not _SCRIPT.match(mark) or mark.count("{") != mark.count("}"):
        return False
    builder.visit(node.base)
    builder.steps.append(Step("v", builder.place(span, "m")))
    builder.step("^", 2)
    return True


_RULES: dict[type, Callable[[Builder, Any], bool]] = {
    Number: _number,
    Bracket: _bracket,
    Negation: _negation,
    Addition: _addition,
    Multiplication: _multiplication,
    Fraction: _fraction,
    Power: _power,
    Applied: _applied,
    Call: _call,
    Root: _root,
    Transposed: _dressed,
    Primed: _dressed,
    Scripted: _dressed,
}
