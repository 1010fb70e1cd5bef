"""A place in a list of tokens: looking, taking, staying within a group, and refusing with the place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from verify.latex.errors import Unreadable
from verify.latex.lexer import Token
from verify.latex.tree import Node, Span

MOST_NESTED = 40
T = TypeVar("T")

NAMES = {
    "end": "the end", "close": "a closing bracket", "}": "a closing brace", "relation": "a relation",
    "comma": "a comma", "right": r"\right", "newline": r"a line break \\", "&": "a column mark &",
    "stop": "a full stop",
    "ellipsis": "an ellipsis, which leaves open what stands in its place",
}  # fmt: skip


class Stream:
    """Tokens from `at` to `stop`.  The layers of the grammar are built on top of this, each in a file of its own."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.at = 0
        self.stop = len(tokens)
        self.last = Token("end", "", len(text), len(text))
        self.depth = 0
        self.partners = _partners(tokens)

    # --- looking and taking ---------------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one behind it; of kind `end` where there is none."""
        place = self.at + ahead
        return self.tokens[place] if place < self.stop else self._end()

    def _end(self) -> Token:
        """What stands behind the last token: the closing brace of the group, or the end of the text."""
        if self.stop < len(self.tokens):
            after = self.tokens[self.stop]
            return Token("end", after.name, after.start, after.end)
        return self.last

    def take(self) -> Token:
        """The next token; moves behind it."""
        token = self.peek()
        if token.kind == "end":
            self.refuse(token)
        self.at += 1
        return token

    def accept(self, kind: str, name: str | None = None) -> Token | None:
        """The next token if it is of this kind (and name), else None."""
        if self.at >= self.stop:
            return None
        token = self.tokens[self.at]
        if token.kind != kind or (name is not None and token.name != name):
            return None
        self.at += 1
        return token

    def expect(self, kind: str, name: str, what: str) -> Token:
        """The next token, which must be this one."""
        token = self.accept(kind, name)
        return token if token else self.refuse(self.peek(), f"expected {what}, found {described(self.peek())}")

    def refuse(self, token: Token, message: str = "") -> NoReturn:
        """Raises `Unreadable` at a token."""
        raise Unreadable(message or f"{described(token)} where a formula goes on or begins", token.start, token.end)

    def span(self, start: int) -> Span:
        """From an offset to the end of what was taken last."""
        before = self.tokens[self.at - 1].end if self.at else start
        return (start, max(start, before))

    # --- groups ---------------------------------------------------------------------------------------------------

    def within(self, start: int, stop: int, parse: Callable[[], T]) -> T:
        """What `parse` makes of the tokens from `start` to `stop`, all of them; `at` stays where it was."""
        outer = self.at, self.stop
        self.at, self.stop = start, stop
        found = parse()
        if self.at < self.stop:
            self.refuse(self.peek())
        self.at, self.stop = outer
        return found

    def partner(self, place: int) -> int:
        """The place of the brace that closes the one at a place."""
        return self.partners[place]

    def matching(self, place: int) -> int | None:
        """The place of what closes the bracket or brace at a place, within the same group; None if there is none."""
        found = self.partners.get(place)
        return found if found is not None and found < self.stop else None

    def deeper(self) -> None:
        """Counts a level of nesting.  Raises `Unreadable` where there are too many."""
        self.depth += 1
        if self.depth > MOST_NESTED:
            self.refuse(self.peek(), f"brackets and scripts nested more than {MOST_NESTED} deep")

    def limited(self, count: int, what: str) -> None:
        """Refuses too many of what makes the tree deeper one by one."""
        if count > MOST_NESTED:
            self.refuse(self.peek(), f"more than {MOST_NESTED} {what}")

    # --- what the layers above provide ----------------------------------------------------------------------------

    def comparison(self) -> Node:
        """A formula with or without relations."""
        raise NotImplementedError

    def expression(self) -> Node:
        """A sum of products."""
        raise NotImplementedError

    def term(self) -> Node:
        """A product of any kind."""
        raise NotImplementedError

    def factor(self) -> Node:
        """One factor with its scripts."""
        raise NotImplementedError


def described(token: Token) -> str:
    """A token in words."""
    if token.kind == "end" and token.name:
        return f"the end of the group ({token.name})"
    if token.kind in NAMES:
        return NAMES[token.kind]
    return f"the words “{token.name.strip()}”" if token.kind == "text" else f"“{token.name}”"


def _partners(tokens: list[Token]) -> dict[int, int]:
    """For each opening brace or bracket its closing one; a bracket without a partner in its group has none here.

    Raises `Unreadable` for a brace without a partner.
    """
    found: dict[int, int] = {}
    waiting: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind in ("{", "open"):
            waiting.append(place)
        elif token.kind == "close":
            if waiting and tokens[waiting[-1]].kind == "open":
                found[waiting.pop()] = place
        elif token.kind == "}":
            while waiting and tokens[waiting[-1]].kind == "open":
                waiting.pop()
            if not waiting:
                raise Unreadable("a closing brace } without an opening one", token.start, token.end)
            found[waiting.pop()] = place
    for place in waiting:
        if tokens[place].kind == "{":
            raise Unreadable("a brace { that is never closed", tokens[place].start, tokens[place].end)
    return found
