r"""The grammar of formulas, by hand: comparisons of sums of products of factors.

    comparison   A = B = C
    expression   A + B - C
    term         A \odot B \odot C       \odot, \circ, *, \otimes, \oslash, from left to right
    product      A B \cdot C / D         juxtaposition, \cdot, \times and / bind tighter, from left to right
    factor       a letter, a number, a group, a fraction, a function … with its scripts

No rule ever goes back over more than one factor, so time is linear in the text; brackets and scripts may be nested
`MOST_NESTED` deep, so the recursion is bounded.
"""

from __future__ import annotations

from collections.abc import Callable

from verify.latex.attach import base_of
from verify.latex.derivatives import Differential, is_d, is_numerator, quotient
from verify.latex.groups import LOOSE_GROUPS
from verify.latex.letters import is_connective
from verify.latex.lexer import NONE, Token
from verify.latex.operators import Operators
from verify.latex.tables import OVER_BINDERS
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
    Multiplication,
    Negation,
    Node,
    Number,
    Relation,
    Scripted,
    Sign,
)

MOST_LETTERS = 12
"""How many factors behind a ∂ are looked at in front of a slash."""
_SIGNS: dict[str, Sign] = {
    r"\cdot": r"\cdot", r"\times": r"\times", r"\odot": r"\odot", r"\circ": r"\circ", "*": "*",
    r"\otimes": r"\otimes", r"\oslash": r"\oslash",
}  # fmt: skip


class Grammar(Operators):
    """All layers together."""

    # --- comparisons and sums -------------------------------------------------------------------------------------

    def comparison(self) -> Node:
        """Sides with relations between them; one side alone is an expression."""
        start = self.peek().start
        sides = [self.expression()]
        signs = []
        while sign := self.relation():
            signs.append(sign)
            sides.append(self.expression())
        return Comparison(tuple(sides), tuple(signs), span=self.span(start)) if signs else sides[0]

    def relation(self) -> Relation | None:
        r"""A relation, if one follows: =, \not=, \stackrel{!}{=}."""
        token = self.peek()
        if token.kind == "relation":
            self.at += 1
            return Relation(token.name, span=(token.start, token.end))
        if token.kind == "not":
            self.at += 1
            following = self.take()
            kind = {"equal": "unequal", "in": "not-in"}.get(following.name)
            if kind is None:
                self.refuse(following, r"\not is read in front of = and \in only")
            return Relation(kind, span=self.span(token.start))
        if token.kind == "over-relation":
            return self._noted(self.take())
        return None

    def _noted(self, token: Token) -> Relation:
        note = self.source(*self.argument())
        start, stop = self.argument()
        sign = self.tokens[start]
        if stop != start + 1 or sign.kind != "relation":
            self.refuse(token, f"{token.name} is read over a relation only")
        return Relation(sign.name, note, span=self.span(token.start))

    def expression(self) -> Node:
        """A sum."""
        start = self.peek().start
        terms = [self._signed(self.accept("plus"))]
        while sign := self.accept("plus"):
            terms.append(self._signed(sign))
        return terms[0] if len(terms) == 1 else Addition(tuple(_flat(terms)), span=self.span(start))

    def _signed(self, sign: Token | None) -> Node:
        """A term behind its sign; more signs may follow, as in a + -b."""
        signs = [sign] if sign else []
        while signs and (following := self.accept("plus")):
            signs.append(following)
        self.limited(len(signs), "signs in a row")
        node = self.term()
        for one in reversed(signs):
            if one.name == "-":
                if isinstance(node, Addition):
                    self.refuse(one, "a minus in front of braces that nobody sees: brackets are needed")
                node = Negation(node, span=self.span(one.start))
        return node

    # --- products -------------------------------------------------------------------------------------------------

    def term(self) -> Node:
        """Products joined by signs that bind loosely."""
        start = self.peek().start
        factors = [self.product()]
        signs: list[Sign] = []
        while self.at < self.stop and self.tokens[self.at].kind == "loose":
            token = self.take()
            signs.append(_SIGNS[token.name])
            factors.append(self._after_sign(token, self.product))
        return self._multiplied(factors, signs, start, tight=False) if signs else factors[0]

    def product(self, differential: bool = False) -> Node:
        start = self.peek().start
        factors = [self._first()]
        signs: list[Sign] = []
        slashes = 0
        while self.at < self.stop:
            token = self.tokens[self.at]
            if token.kind == "tight":
                self.at += 1
                signs.append(_SIGNS[token.name])
                factors.append(self._after_sign(token, self.factor))
            elif token.kind == "slash":
                self.at += 1
                slashes += 1
                self.limited(slashes, "slashes in one product")
                self._divide(factors, signs, start)
            elif self.begins():
                signs.append("")
                factors.append(self.factor())
                self._juxtaposed(factors[-2], factors[-1], token)
            else:
                break
        node = self._multiplied(factors, signs, start, tight=True) if signs else factors[0]
        if not differential:
            self.no_differential(node)
        return node

    def _first(self) -> Node:
        if not self.begins():
            self.refuse(self.peek())
        return self.factor()

    def _after_sign(self, token: Token, parse: Callable[[], Node]) -> Node:
        """What stands behind a sign of multiplication: it may bear a minus of its own."""
        minus = self.accept("plus", "-")
        if not self.begins():
            self.refuse(self.peek() if self.peek().kind != "end" else token, f"nothing follows “{token.name}”")
        body = parse()
        return Negation(body, span=self.span(minus.start)) if minus else body

    def _juxtaposed(self, before: Node, after: Node, token: Token) -> None:
        """Refuses a number behind a factor: is 2 3 a product, is x2 an index?"""
        first = after.factors[0] if isinstance(after, Multiplication) else after
        if self.in_script or not isinstance(base_of(first), Number):
            return
        shut = isinstance(before, Bracket | Applied | Call | Fraction)
        if isinstance(before, Number) or not (shut or token.gap != NONE):
            self.refuse(token, r"a number behind a factor: write \cdot in front of it, or _ if it is an index")

    def _divide(self, factors: list[Node], signs: list[Sign], start: int) -> None:
        """a/b: from the left, so a b/c d is ((a b)/c) d; ∂E/∂w and dE/dw are derivatives."""
        if not self.begins():
            self.refuse(self.peek(), "nothing follows the slash")
        bare = self.peek().kind == "big"
        below = [self.factor()]
        while isinstance(below[-1], Differential) and self.peek().kind == "partial":
            below.append(self.factor())
        for one in (factors[-1], *below):
            spliced = isinstance(one, Multiplication) and one.tight and one is factors[-1]
            summed = bare and isinstance(one, Big)  # 1/\sum_k b_k: the sum is the denominator
            if isinstance(one, LOOSE_GROUPS) and not spliced and not summed:
                self.refuse(Token("", "", *one.span), "braces that nobody sees beside a slash: use brackets")
        count = self._numerator(factors, signs)
        if count and is_d(below[0]) and self.begins():
            below.append(self.factor())
        above = self.joined(factors[-count:]) if count else factors[-1]
        found = quotient(above, self.joined(below), (above.span[0], self.span(0)[1]), "slash") if count else None
        if found is not None:
            del factors[-count:], signs[len(factors) :]
            factors.append(self._reached(found))
            return
        for one in (*factors, *below):
            self.no_differential(one)
        above = self._multiplied(factors, signs, start, tight=True) if signs else factors[0]
        factors[:] = [Fraction(above, below[0], slash=True, span=(start, below[0].span[1])), *below[1:]]
        signs[:] = [""] * (len(factors) - 1)

    def _numerator(self, factors: list[Node], signs: list[Sign]) -> int:
        """How many of the last factors are the ∂E or dE of a derivative; 0 for none."""
        for count in range(1, min(len(factors), MOST_LETTERS) + 1):
            if count > 1 and signs[-count + 1] != "":
                break
            first = factors[-count]
            if is_numerator(first) and (count < 3 or isinstance(first, Differential)):
                return count if is_numerator(self.joined(factors[-count:])) else 0
        return 0

    def _reached(self, node: Derivative) -> Node:
        if isinstance(node.operand, Differential):
            return self.operated(node)
        return self.applied(node, node.span[0])

    def _multiplied(self, factors: list[Node], signs: list[Sign], start: int, *, tight: bool) -> Node:
        """One product of factors, with products out of braces spliced in where the page reads the same."""
        flat: list[Node] = []
        between: list[Sign] = []
        for factor, sign in zip(factors, ["", *signs], strict=True):
            if flat:
                between.append(sign)
            inner = factor.factors if isinstance(factor, Multiplication) and factor.tight == tight else (factor,)
            if flat and sign == "" and _applies(flat[-1], inner[0]):
                token = Token("", "", *factor.span)
                self.refuse(token, "a bracket in braces that nobody sees, behind a letter: leave the braces out")
            if isinstance(factor, Multiplication) and factor.tight == tight:
                flat += factor.factors
                between += factor.signs
                continue
            if isinstance(factor, LOOSE_GROUPS):
                self._visible(factor, sign, tight=tight, last=factor is factors[-1])
            flat.append(factor)
        for one in flat[:-1]:
            if _reaches_on(one):
                self.refuse(Token("", "", *one.span), "braces that nobody sees end what a sum or d/dx reaches")
        return Multiplication(tuple(flat), tuple(between), span=self.span(start))

    def _visible(self, factor: Node, sign: Sign, *, tight: bool, last: bool) -> None:
        """Refuses a factor that holds together only by braces that nobody sees on the page."""
        if isinstance(factor, Negation):
            several = isinstance(factor.body, LOOSE_GROUPS)
            allowed = sign != "" and (not tight or (last and not several))
        elif isinstance(factor, Big):
            allowed = last
        else:
            allowed = not tight and isinstance(factor, Multiplication)
        if not allowed:
            token = Token("", "", *factor.span)
            self.refuse(token, "a sum, or a product of another kind, in braces that nobody sees: use brackets")

    # --- factors --------------------------------------------------------------------------------------------------

    def begins(self) -> bool:
        if self.at >= self.stop:
            return False
        token = self.tokens[self.at]
        if token.kind == "text":
            return self.in_script or not is_connective(token.name)
        if token.kind != "bar":
            return token.kind in _FACTORS
        return not self._closes_bar(token) and self.peek(1).kind != "_"

    def _closes_bar(self, token: Token) -> bool:
        return bool(self.bars) and self.bars[-1][0] == token.name

    def factor(self) -> Node:
        token = self.peek()
        if self.again is not None and self.again[0] == self.at:
            _, node, self.at = self.again
            self.again = None
            return node
        rule = _FACTORS.get(token.kind)
        if rule is None:
            self.refuse(token)
        self.deeper()
        node = rule(self)
        if isinstance(node, Derivative) and isinstance(node.operand, Differential):
            node = self.operated(node)
        bars = 0
        while self.at < self.stop and self.tokens[self.at].kind == "bar" and self.peek(1).kind == "_":
            bars += 1
            self.limited(bars, "bars in a row")
            if self._closes_bar(self.tokens[self.at]):
                break
            self.no_differential(node)
            if isinstance(node, LOOSE_GROUPS):
                self.refuse(self.peek(), "a bar behind braces that nobody sees: use brackets")
            self.take()
            node = self.evaluated(node, token.start)
        self.depth -= 1
        return node

    def bare_left(self) -> Node:
        """^{l}w: scripts in front of a letter, without the braces that they should stand on."""
        return self.left_scripted(self.peek())

    def grouped_prefix(self) -> Node:
        r"""\boxed{…} and its like: the group behind it."""
        self.take()
        if self.peek().kind != "{":
            self.refuse(self.peek(), "expected a group in braces")
        return self.group()

    def worded(self) -> Node:
        """A word; \\max_k binds an index unless a list of arguments follows."""
        token = self.peek()
        if token.name in OVER_BINDERS and self.peek(1).kind == "_":
            self.take()
            return self._over_binders(token.name, token.start)
        return self.word()


def _reaches_on(node: Node) -> bool:
    """Whether a factor would reach what stands behind it."""
    if isinstance(node, Multiplication):
        return _reaches_on(node.factors[-1])
    if isinstance(node, Derivative):
        return node.style == "operator" and not isinstance(base_of(node.operand), Bracket)
    return isinstance(node, Big)


def _applies(before: Node, after: Node) -> bool:
    """Whether a letter stands in front of a bracket with scripts, which braces have kept apart from it."""
    head = before.base if isinstance(before, Scripted) else before
    return isinstance(base_of(after), Bracket) and (isinstance(head, Letter) or isinstance(before, Derivative))


def _flat(terms: list[Node]) -> list[Node]:
    """Terms, with sums out of braces spliced in: + {a + b} reads as + a + b."""
    found: list[Node] = []
    for term in terms:
        found += term.terms if isinstance(term, Addition) else [term]
    return found


_FACTORS: dict[str, Callable[[Grammar], Node]] = {
    "letter": Grammar.letter,
    "number": Grammar.number,
    "{": Grammar.group,
    "open": Grammar.fence,
    "fraction": Grammar.fraction,
    "font": Grammar.fonted,
    "accent": Grammar.accented,
    "word": Grammar.worded,
    "text": Grammar.word,
    "partial": Grammar.partial,
    "nabla": Grammar.nabla,
    "big": Grammar.big,
    "under-sign": Grammar.under_sign,
    "root": Grammar.root,
    "bar": Grammar.bar,
    "begin": Grammar.environment,
    "brace": Grammar.brace,
    "prescript": Grammar.prescript,
    "group": Grammar.grouped_prefix,
    "^": Grammar.bare_left,
}
"""What begins a factor, by the kind of its first token."""
