r"""Groups in braces, fonts, accents, left scripts, fractions and roots: what holds a formula within a factor."""

from __future__ import annotations

from dataclasses import replace

from verify.latex.attach import attached, lettered, regrouped
from verify.latex.derivatives import Differential, quotient
from verify.latex.letters import Letters
from verify.latex.lexer import Token
from verify.latex.tree import (
    Addition,
    Applied,
    Big,
    Bracket,
    Call,
    Comparison,
    Derivative,
    Fraction,
    Letter,
    Mark,
    Marked,
    Multiplication,
    Negation,
    Node,
    Number,
    Root,
    Script,
    Scripted,
)

_WORD_FONTS = frozenset(("mathrm", "mathsf", "mathtt", "plain"))
LOOSE_GROUPS = (Addition, Negation, Multiplication, Big)
"""What braces hide on the page: with something beside it, the page reads otherwise than the braces group."""


def scattered(node: Node) -> bool:
    """Whether a node falls apart on the page if an operator stands in front of it and braces alone hold it."""
    return isinstance(node, Addition | Negation) or (isinstance(node, Multiplication) and not node.tight)


class Groups(Letters):
    """The layer that reads groups."""

    # --- fonts and accents ----------------------------------------------------------------------------------------

    def fonted(self) -> Node:
        r"""\mathbf{W}, \mathrm{softmax}, \boldsymbol\delta, with scripts."""
        token = self.take()
        start, stop = self.argument()
        name = self._word(token, start, stop)
        if name is not None:
            base = Letter(name, "mathrm" if token.name == "plain" else token.name, span=self.span(token.start))
            return self.dressed(base, token.start)
        return self._styled(token, start, stop)

    def _styled(self, token: Token, start: int, stop: int) -> Node:
        """A formula in a font."""
        outer, self.font = self.font, "" if token.name == "plain" else token.name
        digit = self.font and stop == start + 1 and self.tokens[start].kind == "number"
        inner = self.within(start, stop, self._digit if digit else self.expression)
        self.font = outer
        if isinstance(inner, Letter):  # the font belongs to what stands for the letter
            inner = replace(inner, span=self.span(token.start))
        return self._grouped(inner, token)

    def _digit(self) -> Node:
        r"""The 1 of \mathbf{1}: a name, not a number."""
        token = self.take()
        return Letter(token.name, self.font, span=(token.start, token.end))

    def _word(self, token: Token, start: int, stop: int) -> str | None:
        r"""The word within \mathrm{…}, if it is one."""
        parts = self.tokens[start:stop]
        letters = all(one.kind == "letter" and len(one.name) == 1 for one in parts)
        return "".join(one.name for one in parts) if token.name in _WORD_FONTS and letters and len(parts) > 1 else None

    def accented(self) -> Node:
        r"""\hat{y}, \bar X: the accent goes to the letter, whatever scripts stand under it."""
        token = self.take()
        start, stop = self.argument()
        inner = self.within(start, stop, self.expression)
        base = inner.base if isinstance(inner, Scripted) else inner
        if not isinstance(base, Letter):
            self.refuse(token, f"an accent ({token.name}) over more than one letter")
        outer = self.span(token.start)
        letter = Letter(base.name, base.font or self.font, (*base.accents, token.name), span=outer)
        if isinstance(inner, Scripted):
            dressed = Scripted(letter, inner.lower, inner.upper, inner.left_upper, inner.left_lower, span=outer)
            return self._grouped(dressed, token)
        return self.dressed(letter, token.start)

    # --- groups ---------------------------------------------------------------------------------------------------

    def group(self) -> Node:
        """{…}: braces that nobody sees on the page; {} with scripts begins left scripts."""
        token = self.peek()
        end = self.partner(self.at)
        if end == self.at + 1:
            self.at = end + 1
            return self.left_scripted(token)
        start = self.at + 1
        self.at = end + 1
        if self.tokens[start].kind == "switch":
            return self._styled(self.tokens[start], start + 1, end)
        over = self._over(start, end)
        if over is not None:
            above, below = self.part(start, over), self.part(over + 1, end)
            return self._finished(self.fraction_of(above, below, token), token)
        return self._grouped(self.within(start, end, self.half), token)

    def visible(self, node: Node) -> None:
        """Refuses what an operator cannot reach as a whole, since only braces that nobody sees hold it together."""
        if scattered(node):
            self.refuse(Token("", "", *node.span), "a sum in braces that nobody sees: brackets are needed")

    def _over(self, start: int, end: int) -> int | None:
        r"""The place of \over in a group."""
        at = start
        while at < end:
            if self.tokens[at].kind == "over":
                return at
            at = self.partner(at) + 1 if self.tokens[at].kind == "{" else at + 1
        return None

    def _grouped(self, inner: Node, token: Token) -> Node:
        """A group with the scripts behind it."""
        before = self.at
        lower, upper = self.scripts(power=isinstance(inner, Letter) and inner.name == "e")
        if self.at == before:
            return self._ended(inner, token)
        if isinstance(inner, Applied) and inner.lower is None and not inner.upper:
            return Applied(inner.head, inner.bracket, lower, upper, inner.gap, span=self.span(token.start))
        hidden = isinstance(inner, (*LOOSE_GROUPS, Comparison, Differential, Applied)) or (
            isinstance(inner, Fraction) and inner.slash
        )
        if hidden or (isinstance(inner, Call) and not isinstance(inner.argument, Bracket)):
            self.refuse(token, "a script on braces around more than one sign: brackets are needed to say of what")
        span = self.span(token.start)
        if isinstance(inner, Number) and lower and (found := self._indicator(inner, lower, upper, token.start)):
            return found
        if isinstance(inner, Letter):
            found = self._indicator(inner, lower, upper, token.start) or lettered(inner, lower, upper, span)
            return self._headed(found, token.start)
        return self._headed(regrouped(inner, lower, upper, span), token.start)

    def _ended(self, inner: Node, token: Token) -> Node:
        """A group without scripts: the last letter in it may be applied to a bracket behind it."""
        if isinstance(inner, Multiplication) and inner.tight and (self.peek().kind == "open" or self._hidden_bracket()):
            *before, last = inner.factors
            return Multiplication((*before, self._headed(last, last.span[0])), inner.signs, span=self.span(token.start))
        return inner if isinstance(inner, LOOSE_GROUPS) else self._headed(inner, token.start)

    def _headed(self, node: Node, start: int) -> Node:
        """A letter out of a group may be applied to a bracket."""
        base = node.base if isinstance(node, Scripted) else node
        if isinstance(base, Letter):
            return self._named(node, base, start) if base.word else self.applied(node, start)
        return node

    def left_scripted(self, token: Token) -> Node:
        """{}^{l}w^{i}_{j}: scripts in front of a letter."""
        lower, upper = self.scripts()
        if not (lower or upper):
            self.refuse(token, "empty braces")
        following = self.peek()
        if following.kind not in ("letter", "font", "accent"):
            self.refuse(following, f"expected a letter behind the scripts on its left, found {following.name!r}")
        node = self.factor()
        return self._with_left(node, upper, lower, token)

    def _with_left(self, node: Node, upper: tuple[Mark, ...], lower: Script | None, token: Token) -> Node:
        span = self.span(token.start)
        if isinstance(node, Applied):
            head = self._with_left(node.head, upper, lower, token)
            return Applied(head, node.bracket, node.lower, node.upper, node.gap, span=span)
        if isinstance(node, Letter):
            return Scripted(node, None, (), upper, lower, span=span)
        if isinstance(node, Scripted) and isinstance(node.base, Letter) and not (node.left_upper or node.left_lower):
            return Scripted(node.base, node.lower, node.upper, upper, lower, span=span)
        return self.refuse(token, "scripts on the left of something that is no letter")

    def prescript(self) -> Node:
        r"""\prescript{l}{}{w}."""
        token = self.take()
        upper_at, lower_at = self.argument(), self.argument()
        upper = self.marks(*upper_at) if upper_at[0] < upper_at[1] else ()
        lower = self.script(*lower_at, token.start) if lower_at[0] < lower_at[1] else None
        inner = self.within(*self.argument(), self.factor)
        return self._grouped(self._with_left(inner, upper, lower, token), token)

    def brace(self) -> Node:
        r"""\underbrace{…}_{note}."""
        token = self.take()
        body = self.within(*self.argument(), self.expression)
        note = ""
        if self.accept("_") or self.accept("^"):
            start, stop = self.argument()
            note = self.source(start, stop)
        return Marked(body, note, token.name == r"\overbrace", span=self.span(token.start))

    def source(self, start: int, stop: int) -> str:
        """The text of some tokens, as it was typed."""
        return self.text[self.tokens[start].start : self.tokens[stop - 1].end] if start < stop else ""

    # --- fractions and roots --------------------------------------------------------------------------------------

    def fraction(self) -> Node:
        r"""\frac{a}{b}, \frac12, \frac{\partial E}{\partial w}."""
        token = self.take()
        above = self.part(*self.argument())
        below = self.part(*self.argument())
        return self._finished(self.fraction_of(above, below, token), token)

    def part(self, start: int, stop: int) -> Node:
        """A numerator or a denominator: here ∂E may stand alone."""
        if start == stop:
            self.refuse(self.tokens[start - 1] if start else self.peek(), "an empty part of a fraction")
        return self.within(start, stop, self.half)

    def half(self) -> Node:
        """A formula that may be half of a derivative, as ∂E is."""
        return self.product(differential=True) if self.peek().kind == "partial" else self.expression()

    def product(self, differential: bool = False) -> Node:
        """A product by juxtaposition and dots; with `differential` it may hold a ∂ that is part of no derivative."""
        raise NotImplementedError

    def fraction_of(self, above: Node, below: Node, token: Token) -> Node:
        """A fraction, or the derivative that it is."""
        span = self.span(token.start)
        found = quotient(above, below, span, "fraction")
        if found is None:
            for part in (above, below):
                self.no_differential(part)
        return found or Fraction(above, below, span=span)

    def no_differential(self, node: Node) -> None:
        """Refuses a ∂ that is part of no derivative."""
        parts = (*node.factors,) if isinstance(node, Multiplication) else (node,)
        for part in parts:
            one = part.body if isinstance(part, Negation) else part
            if isinstance(one, Differential):
                start, end = one.span
                self.refuse(Token("partial", "", start, end), "a ∂ that is part of no derivative ∂…/∂…")

    def _finished(self, node: Node, token: Token) -> Node:
        """A fraction with scripts, or a derivative applied to a bracket."""
        lower, upper = self.scripts()
        operator = isinstance(node, Derivative) and node.style == "operator"
        if lower or upper:
            if operator:
                self.refuse(token, "a script on an operator d/dx: brackets are needed to say of what")
            return attached(node, lower, upper, self.span(token.start))
        return self.applied(node, token.start) if isinstance(node, Derivative) and not operator else node

    def root(self) -> Node:
        r"""\sqrt{a}, \sqrt[3]{a}."""
        token = self.take()
        degree = None
        if self.peek().kind == "open" and self.peek().name == "[":
            end = self.matching(self.at)
            if end is None:
                self.refuse(self.peek(), "this bracket is never closed")
            degree = self.within(self.at + 1, end, self.expression)
            self.at = end + 1
        start, stop = self.argument()
        if start == stop:
            self.refuse(token, "an empty root")
        node = Root(self.within(start, stop, self.expression), degree, span=self.span(token.start))
        lower, upper = self.scripts()
        return attached(node, lower, upper, self.span(token.start))
