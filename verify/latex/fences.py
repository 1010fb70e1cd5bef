r"""Brackets, norms, inner products, `cases`, matrices: everything that opens and closes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from verify.latex.attach import attached, condition_of
from verify.latex.lexer import Token
from verify.latex.scripts import FENCES, Scripts
from verify.latex.tables import CASES, FUNCTIONS, MATRICES, OTHERWISE, TEXT_ROLES
from verify.latex.tree import (
    Bracket,
    Case,
    Cases,
    Comparison,
    Evaluated,
    Indicator,
    InnerProduct,
    Matrix,
    Node,
    Norm,
)

T = TypeVar("T")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">", "|": "|", "‖": "‖", ".": "."}
_CONDITION_WORDS = frozenset(word for word, role in TEXT_ROLES.items() if role in ("condition", "same", "beside"))

_OPEN = "this bar is never closed; KL(p ‖ q) and the like are not read: write out what they mean"


class Fences(Scripts):
    """The layer that reads what is enclosed; `bars` are the bars that are open, the innermost last."""

    bars: tuple[str, ...] = ()

    # --- brackets -------------------------------------------------------------------------------------------------

    def fence(self) -> Node:
        """What begins with an opening bracket, with its scripts."""
        token = self.peek()
        if token.name in ("|", "‖"):
            return self._norm(self.take())
        if token.name == "<":
            return self._inner_product()
        if token.name == ".":
            return self._evaluated()
        if token.name == "{" and self.peek(1).kind == "begin" and self.peek(1).name not in MATRICES.keys() - {"array"}:
            return self._open_cases()
        bracket = self.bracket()
        condition = condition_of(bracket)
        lower, upper = self.scripts()
        span = self.span(token.start)
        if isinstance(bracket, Bracket) and condition is not None:
            if bracket.fence == "{" and self.in_script:
                return bracket
            if bracket.fence != "[":
                self.refuse(token, "a relation in brackets: an indicator is written [·] or \\mathbb{1}[·]")
            return attached(Indicator(condition, None, span=bracket.span), lower, upper, span)
        return attached(bracket, lower, upper, span)

    def bracket(self) -> Bracket | Matrix:
        """(…), […] or {…}, without what stands behind it; […; …] is a matrix."""
        token = self.take()
        if token.name not in FENCES or token.name == "<":
            self.refuse(token)
        items, breaks = self._enclosed(self._listed)
        closing = self.peek()
        if closing.kind != "close" or closing.name != _CLOSING[token.name]:
            self._unclosed(token, closing)
        self.take()
        span = self.span(token.start)
        if breaks and token.name == "[":
            edges = (0, *breaks, len(items))
            return Matrix(tuple(items[a:b] for a, b in pairwise(edges)), "[", span=span)
        return Bracket(FENCES[token.name], items, breaks, span=span)

    def _unclosed(self, opening: Token, found: Token) -> None:
        if found.kind == "end":
            self.refuse(opening, "this bracket is never closed")
        if found.kind == "close":
            self.refuse(found, f"this bracket does not close “{opening.name}”")
        self.refuse(found)

    def _listed(self) -> tuple[tuple[Node, ...], tuple[int, ...]]:
        """Items between commas and semicolons, and the numbers of those that follow a semicolon."""
        items, breaks = [self.item()], []
        while comma := self.accept("comma"):
            if comma.name == ";":
                breaks.append(len(items))
            items.append(self.item())
        return tuple(items), tuple(breaks)

    def _enclosed(self, parse: Callable[[], T]) -> T:
        """What `parse` reads where no bar is open and letters may be followed by brackets again."""
        outer = self.bars, self.in_script
        self.bars, self.in_script = (), False
        found = parse()
        self.bars, self.in_script = outer
        return found

    # --- bars -----------------------------------------------------------------------------------------------------

    def bar(self) -> Node:
        """|a| or ‖a‖, where a factor begins with a bar."""
        token = self.take()
        double = token.name == "‖"
        name = token.name
        if not double and self.peek().kind == "bar" and self.peek().name == "|" and self.peek().start == token.end:
            self.take()
            double, name = True, "||"
        outer = self.bars
        self.bars = (*outer, name)
        body = self.expression()
        self.bars = outer
        for _ in name:
            if not self.accept("bar", name[0]):
                self.refuse(token, _OPEN)
        return self._normed(token, body, double)

    def _norm(self, token: Token) -> Node:
        """\\lvert a \\rvert, \\left\\| a \\right\\|."""
        body = self._enclosed(self.expression)
        self.expect("close", token.name, f"the closing {token.name}")
        return self._normed(token, body, token.name == "‖")

    def _normed(self, token: Token, body: Node, double: bool) -> Node:
        norm = Norm(body, double, span=self.span(token.start))
        lower, upper = self.scripts()
        return attached(norm, lower, upper, self.span(token.start))

    def _inner_product(self) -> Node:
        token = self.take()
        left = self._enclosed(self.expression)
        if not (self.accept("comma", ",") or self.accept("bar", "|")):
            self.refuse(self.peek(), r"expected the comma of \langle a, b \rangle")
        right = self._enclosed(self.expression)
        self.expect("close", ">", r"\rangle")
        product = InnerProduct(left, right, span=self.span(token.start))
        lower, upper = self.scripts()
        return attached(product, lower, upper, self.span(token.start))

    def _evaluated(self) -> Node:
        r"""\left. a \right|_{z}."""
        token = self.take()
        body = self._enclosed(self.expression)
        self.expect("close", "|", r"\right|")
        if self.peek().kind != "_":
            self.refuse(self.peek(), r"expected the place behind \left. … \right|")
        return self.evaluated(body, token.start)

    def evaluated(self, body: Node, start: int) -> Node:
        """`body`, taken at what stands in the lower script that follows."""
        sign = self.take()
        at = self.script(*self.argument(brackets=True), sign.start)
        return Evaluated(body, at, span=self.span(start))

    # --- environments ---------------------------------------------------------------------------------------------

    def environment(self) -> Node:
        r"""\begin{cases} or a matrix, with scripts."""
        token = self.peek()
        if token.name in CASES:
            node: Node = self._cases()
        elif token.name in MATRICES:
            node = self._matrix()
        else:
            self.refuse(token, f"the environment {token.name} is not read within a formula")
        lower, upper = self.scripts()
        return attached(node, lower, upper, self.span(token.start))

    def _open_cases(self) -> Node:
        r"""\left\{ \begin{array} … \end{array} \right. (or \begin{aligned}): cases."""
        token = self.take()
        cases = self._cases()
        if not self.accept("close", "."):
            self.expect("close", "}", "\\right.")
        return Cases(cases.rows, span=self.span(token.start))

    def _cases(self) -> Cases:
        token = self.take()
        rows = self._enclosed(lambda: self._rows(token.name, self._case))
        return Cases(tuple(rows), span=self.span(token.start))

    def _rows(self, name: str, row: Callable[[], T]) -> list[T]:
        """The rows of an environment, and its \\end."""
        rows = []
        while not self.accept("finish", name):
            if self.at >= self.stop:
                self.refuse(self.peek(), f"\\begin{{{name}}} is never ended")
            rows.append(row())
            if not self.accept("newline") and self.peek().kind != "finish":
                self.refuse(self.peek())
        return rows

    def _case(self) -> Case:
        start = self.peek().start
        value = self.expression()
        self.accept("comma")
        conditions: list[Node] = []
        if self.accept("&") or self.peek().kind in ("text", "relation"):
            while self.peek().kind not in ("newline", "finish", "end"):
                conditions += self._condition()
        return Case(value, tuple(conditions), span=self.span(start))

    def _condition(self) -> list[Node]:
        """One condition of a case, after its `if` or `and`; none for `otherwise`."""
        token = self.peek()
        if self.accept("comma") or self.accept("stop") or self.accept("&"):
            return []
        if token.kind in ("text", "word"):
            words = " ".join(token.name.split()).strip(" ,.;:").lower()
            if words in OTHERWISE or words in _CONDITION_WORDS:
                self.take()
                return []
            if words not in FUNCTIONS:  # abs(u) < 1 begins with a word too
                self.refuse(token, "these words are not understood as a condition")
        found = self.comparison()
        if not isinstance(found, Comparison):
            self.refuse(token, "a condition needs a relation, such as z > 0")
        return [found]

    def _matrix(self) -> Matrix:
        token = self.take()
        rows = self._enclosed(lambda: self._rows(token.name, self._matrix_row))
        return Matrix(tuple(rows), MATRICES[token.name], span=self.span(token.start))

    def _matrix_row(self) -> tuple[Node, ...]:
        cells = [self.item()]
        while self.accept("&"):
            cells.append(self.item())
        return tuple(cells)
