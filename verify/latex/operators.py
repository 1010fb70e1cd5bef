r"""Operators that reach to the right: ∂ and ∇, d/dz, big sums, and functions whose argument has no brackets.

How far each reaches, as textbooks do it:

    \sum_k a_k b_k + c         to the next + or − or relation
    \frac{d}{dz} f(z) g(z)     as far; over the bracket alone where one directly follows
    \nabla_w f,  \partial_w f  over one factor; numbers in front of it belong to it
    \log x y                   over juxtaposed letters and numbers, up to a bracket, a space or a function
"""

from __future__ import annotations

from dataclasses import replace

from verify.latex.attach import base_of
from verify.latex.derivatives import Differential
from verify.latex.groups import LOOSE_GROUPS, Groups, scattered
from verify.latex.lexer import NONE, Token
from verify.latex.tables import FUNCTIONS, OVER_BINDERS
from verify.latex.tree import (
    Big,
    Bracket,
    By,
    Derivative,
    Fraction,
    Letter,
    Multiplication,
    Negation,
    Node,
    Number,
    Raised,
    Scripted,
    juxtaposed,
)

_SIMPLE = (Number, Letter, Scripted)


class Operators(Groups):
    """The layer that reads operators.

    `again` is a factor that was read ahead, with the places where it begins and ends: it is not read twice.
    """

    again: tuple[int, Node, int] | None = None

    # --- derivatives ----------------------------------------------------------------------------------------------

    def partial(self) -> Node:
        r"""∂E (half of a derivative), ∂²E, or \partial_w E."""
        token = self.take()
        order: Node | None = None
        by: tuple[Node, ...] = ()
        while self.peek().kind in ("^", "_"):
            if self.accept("^"):
                order = self._order(token)
            else:
                by = self._by()
        if not by:
            if self.peek().kind == "partial":
                self.refuse(self.peek(), "a ∂ directly behind a ∂")
            operand = self.factor() if self.begins() else None
            if operand is not None:
                self.no_differential(operand)
            return Differential(operand, order, span=self.span(token.start))
        variables = tuple(By(one, span=one.span) for one in by)
        operand = self._operand(token)
        return Derivative(operand, variables, r"\partial", "subscript", order, span=self.span(token.start))

    def nabla(self) -> Node:
        r"""\nabla_w E."""
        token = self.take()
        order: Node | None = None
        by: tuple[Node, ...] = ()
        while self.peek().kind in ("^", "_"):
            if self.accept("^"):
                order = self._order(token)
            else:
                by = self._by()
        variables = tuple(By(one, span=one.span) for one in by)
        operand = self._operand(token)
        return Derivative(operand, variables, r"\nabla", "nabla", order, span=self.span(token.start))

    def _by(self) -> tuple[Node, ...]:
        sign = self.take()
        return self.script(*self.argument(brackets=True), sign.start).items

    def _order(self, token: Token) -> Node:
        marks = self.marks(*self.argument(brackets=True))
        if len(marks) == 1 and isinstance(marks[0], Raised) and not marks[0].fence:
            return marks[0].body
        return self.refuse(token, "the order of this derivative is not understood")

    def _operand(self, token: Token) -> Node:
        """One factor, with the numbers in front of it."""
        factors: list[Node] = []
        while self.begins():
            factors.append(self.factor())
            self.no_differential(factors[-1])
            self._whole(factors[-1])
            if not _numeric(factors[-1]):
                break
        if not factors:
            self.refuse(token, "nothing follows that could be differentiated")
        return self.joined(factors)

    def _whole(self, node: Node) -> None:
        """Refuses more than one factor in braces, of which an operator would seem to reach the first only."""
        if isinstance(node, LOOSE_GROUPS) and not isinstance(node, Big):
            self.refuse(Token("", "", *node.span), "several factors in braces that nobody sees: use brackets")

    def joined(self, factors: list[Node]) -> Node:
        """Juxtaposed factors as one node."""
        return juxtaposed(tuple(factors), (factors[0].span[0], factors[-1].span[1]))

    def operated(self, node: Derivative) -> Node:
        """d/dz with what follows it."""
        if self.peek().kind == "open":
            operand = self.factor()
        elif self.begins():
            operand = self.term()
            self.visible(operand)
        else:
            start, end = node.span
            self.refuse(Token("", "", start, end), "nothing follows that could be differentiated")
        return replace(node, operand=operand, span=self.span(node.span[0]))

    # --- big signs ------------------------------------------------------------------------------------------------

    def big(self) -> Node:
        r"""\sum_{k=1}^{n} a_k."""
        token = self.take()
        return self._over_binders(token.name, token.start)

    def under_sign(self) -> Node:
        r"""\underset{k}{\max} a_k."""
        token = self.take()
        script_at = self.argument()
        start, stop = self.argument()
        sign = self.tokens[start]
        known = sign.kind == "big" or (sign.kind == "word" and sign.name in OVER_BINDERS)
        if stop != start + 1 or not known:
            self.refuse(token, r"\underset is read only under a sum, a product, a maximum or a minimum")
        under = self.script(*script_at, token.start).items
        return Big(sign.name, under, None, self._body(token), span=self.span(token.start))

    def _over_binders(self, name: str, start: int) -> Node:
        """A big sign, from its scripts on."""
        under: tuple[Node, ...] = ()
        over: Node | None = None
        token = self.tokens[self.at - 1]
        while self.peek().kind in ("^", "_"):
            sign = self.take()
            begin, stop = self.argument(brackets=True)
            if sign.kind == "_" and not under:
                under = self.script(begin, stop, sign.start).items
            elif sign.kind == "^" and over is None:
                over = self.within(begin, stop, self.expression)
            else:
                self.refuse(sign, "a second script on the same side of a sign")
        if not under:
            self.refuse(token, "nothing under this sign says what it runs over")
        return Big(name, under, over, self._body(token), span=self.span(start))

    def _body(self, token: Token) -> Node:
        minus = self.accept("plus", "-")
        if not self.begins():
            self.refuse(token, "nothing follows this sign")
        body = self.term()
        self.visible(body)
        return Negation(body, span=self.span(minus.start)) if minus else body

    # --- functions without brackets -------------------------------------------------------------------------------

    def bare_argument(self) -> Node | None:
        if not self.begins() or self.peek().kind == "partial":
            return None
        factors = [self.factor()]
        self.no_differential(factors[0])
        self._argument_in_braces(factors[0])
        while isinstance(factors[-1], _SIMPLE) and self.begins() and self.peek().gap == NONE:
            if self.peek().kind not in ("letter", "fraction", "font", "accent"):
                break
            before = self.at
            following = self.factor()
            known = isinstance(following, Letter) and following.name in FUNCTIONS
            if known or not isinstance(following, (Letter, Scripted, Fraction)):
                self.again = (before, following, self.at)  # it begins something of its own, such as σ(z)
                self.at = before
                break
            factors.append(following)
        return self.joined(factors)

    def _argument_in_braces(self, node: Node) -> None:
        """Refuses an argument of which only braces that nobody sees say where it ends, except the -x of \\exp{-x}."""
        several = isinstance(node, Multiplication) and not all(isinstance(one, _SIMPLE) for one in node.factors)
        if (scattered(node) and not isinstance(node, Negation)) or several or isinstance(base_of(node), Bracket):
            self.refuse(Token("", "", *node.span), "an argument in braces that nobody sees: brackets are needed")

    # --- what may begin -------------------------------------------------------------------------------------------

    def begins(self) -> bool:
        """Whether a factor begins here."""
        raise NotImplementedError


def _numeric(node: Node) -> bool:
    """Whether a factor is a number or a fraction of numbers."""
    if isinstance(node, Fraction):
        return _numeric(node.above) and _numeric(node.below)
    return isinstance(node, Number)
