r"""Letters, numbers and words with their scripts, and the bracket or the argument behind them."""

from __future__ import annotations

from verify.latex.attach import attached, condition_of, lettered
from verify.latex.fences import Fences
from verify.latex.lexer import NONE, Token
from verify.latex.tables import FUNCTIONS, OTHERWISE, TEXT_ROLES
from verify.latex.tree import (
    Applied,
    Bracket,
    Call,
    Indicator,
    Letter,
    Mark,
    Node,
    Number,
    Script,
    Scripted,
)

INDICATORS = frozenset(("1", "I", r"\chi"))


def _spelling(base: Node) -> str:
    """The letter or the digits."""
    return base.name if isinstance(base, Letter) else base.digits if isinstance(base, Number) else ""


def is_connective(words: str) -> bool:
    """Whether words stand between formulas, as `if` and `where` do."""
    plain = " ".join(words.split()).strip(" ,.;:()").lower()
    return plain in TEXT_ROLES or plain in OTHERWISE


class Letters(Fences):
    """The layer that reads letters, words and numbers."""

    # --- letters --------------------------------------------------------------------------------------------------

    def letter(self) -> Node:
        """A letter with its scripts, applied to a bracket that follows."""
        token = self.take()
        base = Letter(token.name, self.font, span=(token.start, token.end))
        return self.dressed(base, token.start)

    def dressed(self, base: Letter, start: int) -> Node:
        """A letter with the scripts that follow, and the bracket or the function's argument behind them."""
        if self.at >= self.stop or self.tokens[self.at].kind not in ("^", "_", "prime", "open", "{"):
            return base if not base.word else self._named(base, base, start)
        lower, upper = self.scripts(power=base.name == "e")
        node = self._indicator(base, lower, upper, start) or lettered(base, lower, upper, self.span(start))
        if not isinstance(node, Letter | Scripted):  # e^x is applied to nothing
            return node
        return self._named(node, base, start) if base.word else self.applied(node, start)

    def _indicator(
        self, base: Letter | Number, lower: Script | None, upper: tuple[Mark, ...], start: int
    ) -> Node | None:
        """1_{z > 0}."""
        condition = condition_of(lower) if lower else None
        if condition is None or upper or _spelling(base) not in INDICATORS:
            return None
        inner = lower.items[0] if lower else None
        fence = inner.fence if isinstance(inner, Bracket) else ""
        return Indicator(condition, base, fence, below=True, span=self.span(start))

    def applied(self, head: Node, start: int) -> Node:
        """A head with the bracket that directly follows it, if one does."""
        token = self.peek()
        hidden = self._hidden_bracket()
        if not hidden and (token.kind != "open" or token.name not in ("(", "[", "{")):
            return head
        if token.name == "{" and self.peek(1).kind == "begin":
            return head
        bracket = self.within(*self.argument(), self.bracket) if hidden else self.bracket()
        if not isinstance(bracket, Bracket):
            self.refuse(token, "a matrix directly behind a letter: a sign is needed between them")
        condition = condition_of(bracket)
        lower, upper = self.scripts()
        if condition is not None:
            if not isinstance(head, Letter | Number) or _spelling(head) not in INDICATORS:
                self.refuse(token, "a relation in brackets: an indicator is written [·] or \\mathbb{1}[·]")
            found = Indicator(condition, head, bracket.fence, span=(start, bracket.span[1]))
            return attached(found, lower, upper, self.span(start))
        if isinstance(head, Number):
            self.refuse(token, "this is neither a product nor an indicator")
        return Applied(head, bracket, lower, upper, token.gap != NONE, span=self.span(start))

    def _hidden_bracket(self) -> bool:
        """Whether a bracket follows that stands in braces: a{(1 - a)} looks as a(1 - a) does."""
        if self.peek().kind != "{" or self.peek(1).kind != "open" or self.peek(1).name not in ("(", "[", "{"):
            return False
        return self.matching(self.at + 1) == self.partner(self.at) - 1

    def word(self) -> Node:
        r"""\operatorname{softmax}, \log, \text{net}, with scripts and arguments."""
        token = self.take()
        name = token.name.strip()
        if not (name.isascii() and name.isalnum() and name[:1].isalpha()):
            self.refuse(token, f"the words “{name}” are not understood here")
        if not self.in_script and token.kind == "text" and is_connective(name):
            self.refuse(token, f"the word “{name}” is not understood here")
        base = Letter(name, "mathrm", span=(token.start, token.end))
        return self.dressed(base, token.start)

    # --- numbers, fractions, roots --------------------------------------------------------------------------------

    def number(self) -> Node:
        """A number with its scripts."""
        token = self.take()
        base = Number(token.name, span=(token.start, token.end))
        lower, upper = self.scripts(power=True)
        if not (lower or upper) and self._before_condition(token):
            return self.applied(base, token.start)
        found = self._indicator(base, lower, upper, token.start) if lower else None
        return found or attached(base, lower, upper, self.span(token.start))

    def _before_condition(self, token: Token) -> bool:
        """Whether this is the 1 of 1[z > 0]."""
        if token.name != "1" or self.peek().kind != "open":
            return False
        end = self.matching(self.at)
        return end is not None and self._relation_between(self.at + 1, end)

    def _relation_between(self, start: int, end: int) -> bool:
        """Whether a relation stands there, outside all brackets."""
        depth = 0
        for token in self.tokens[start:end]:
            depth += {"{": 1, "open": 1, "begin": 1, "}": -1, "close": -1, "finish": -1}.get(token.kind, 0)
            if depth == 0 and token.kind == "relation":
                return True
        return False

    # --- functions ------------------------------------------------------------------------------------------------

    def _named(self, node: Node, base: Letter, start: int) -> Node:
        """A word: a function with its argument where it is known to be one, else like a letter."""
        if base.name not in FUNCTIONS or base.accents:
            return self.applied(node, start)
        token = self.peek()
        hidden = self._hidden_bracket()
        if hidden or (token.kind == "open" and token.name in ("(", "[", "{")):
            bracket = self.within(*self.argument(), self.bracket) if hidden else self.bracket()
            if not isinstance(bracket, Bracket) or condition_of(bracket):
                self.refuse(token, f"this is no argument of {base.name}")
            call = Call(node, bracket, span=self.span(start))
            lower, upper = self.scripts()
            return attached(call, lower, upper, self.span(start))
        argument = self.bare_argument()
        return node if argument is None else Call(node, argument, span=self.span(start))

    def bare_argument(self) -> Node | None:
        r"""The argument of \log x without brackets; None where none follows."""
        raise NotImplementedError
