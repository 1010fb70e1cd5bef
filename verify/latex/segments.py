r"""The parts of a row between commas, words, arrows and wide spaces.

A = B, \quad s = C                          →  A = B | by a comma: s = C
A = B \quad \text{for } j = 1, \ldots, n    →  A = B | by the word "for": j = 1 | by a comma: … | by a comma: n
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from verify.latex.lexer import WIDE, Token
from verify.latex.tables import TEXT_ROLES

RELATIONS = frozenset(("relation", "over-relation", "not"))
JOINS = RELATIONS | {"plus", "tight", "loose", "slash"}
"""What cannot begin or end a formula: the formula goes on."""
_STEPS = {"{": 1, "open": 1, "begin": 1, "}": -1, "close": -1, "finish": -1}
_BEHIND_NAMES = JOINS | {"open", "^", "_", "prime"}
_BY = {"implies": "arrow", "text": "words", "stop": "stop"}


@dataclass
class Segment:
    """The tokens between two separators, and what introduces them: a comma, `;`, words, an arrow, a stop, or space.

    `place` is that of the words.
    """

    tokens: list[Token]
    row: int
    by: str = ""
    words: str = ""
    place: tuple[int, int] = (0, 0)

    @cached_property
    def relates(self) -> bool:
        """Whether a relation stands in it, outside all brackets."""
        return related(self.tokens)

    @property
    def bracketed(self) -> bool:
        """Whether all of it stands in one pair of round brackets."""
        first, last = self.tokens[0], self.tokens[-1]
        if first.kind != "open" or first.name != "(" or last.kind != "close":
            return False
        depth = 0
        for token in self.tokens[:-1]:
            depth += _STEPS.get(token.kind, 0)
            if depth == 0:
                return False
        return True


def related(tokens: list[Token]) -> bool:
    """Whether a relation stands among tokens, outside all brackets."""
    depth = 0
    for token in tokens:
        depth += _STEPS.get(token.kind, 0)
        if depth <= 0 and token.kind in RELATIONS:
            return True
    return False


def goes_on(tokens: list[Token]) -> bool:
    """Whether tokens go on with a formula before them: they begin with a relation, or with a sign and hold none."""
    return tokens[0].kind in RELATIONS or (tokens[0].kind in JOINS and not related(tokens))


def segments(tokens: list[Token], row: int, by: str = "", words: str = "") -> list[Segment]:
    """The parts of a row; a part may be empty if words stand at the end."""
    found = [Segment([], row, by, words)]
    depth = 0
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        step = _STEPS.get(token.kind, 0)
        depth += min(step, 0)
        outside = depth <= 0
        if outside and step >= 0 and token.gap == WIDE and found[-1].tokens:
            found.append(Segment([], row, "space"))
        if outside and _separates(token, found[-1], following):
            by = _BY.get(token.kind, token.name)
            found.append(Segment([], row, by, token.name.strip() if by == "words" else "", (token.start, token.end)))
        else:
            found[-1].tokens.append(token)
        depth += max(step, 0)
    return _merged(found)


def _separates(token: Token, before: Segment, following: Token | None) -> bool:
    """Whether a token stands between two formulas: \\text{where} does, \\text{net}_j does not."""
    if token.kind != "text":
        return token.kind in ("comma", "implies", "stop")
    words = plain(token.name)
    if words in TEXT_ROLES or not words.isalnum() or token.name != token.name.strip():
        return True
    operand = following is not None and following.kind in _BEHIND_NAMES
    awaited = bool(before.tokens) and before.tokens[-1].kind in JOINS
    return (token.gap == WIDE or not before.tokens) and not operand and not awaited


def plain(words: str) -> str:
    """Words without what does not matter."""
    return " ".join(words.split()).strip(" ,.;:()").lower()


def _merged(found: list[Segment]) -> list[Segment]:
    """Several separators in a row are one: words count most, then arrows, then commas, then space."""
    kept: list[Segment] = []
    for one in found:
        before = kept[-1] if kept else None
        if before is not None and not before.tokens:
            words = " ".join(part for part in (before.words, one.words) if part)
            by = max(before.by, one.by, key=("", "space", "stop", ",", ";", "arrow", "words").index)
            places = [part.place for part in (before, one) if part.words] or [one.place]
            kept[-1] = Segment(one.tokens, one.row, by, words, (places[0][0], places[-1][1]))
        else:
            kept.append(one)
    return [one for one in kept if one.tokens or one.words]
