r"""Statements from rows: which part is a claim, which stands beside one, which is a condition, which a remark.

A = B, \quad s = C                          →  claim A = B, beside it s = C
A = B \quad \text{for } j = 1, \ldots, n    →  claim A = B, condition: j in 1, …, n
A = B \quad \text{(chain rule)}             →  claim A = B, and a remark
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from verify.latex.delimiters import sized
from verify.latex.errors import Unreadable
from verify.latex.grammar import Grammar
from verify.latex.lexer import THIN, Note, Token, lexed
from verify.latex.lines import Row, body, rows
from verify.latex.reading import Reading, Role, Statement
from verify.latex.segments import JOINS, RELATIONS, Segment, goes_on, plain, segments
from verify.latex.tables import TEXT_ROLES
from verify.latex.tree import Comparison, Ellipsis, ForAll, Node, Range

_EQUALITIES = frozenset(("equal", "define", "identical"))


@dataclass
class _Draft:
    """A statement whose tokens are being collected; `extra` are the items that follow it after commas."""

    tokens: list[Token]
    row: int
    role: Role
    words: str
    relates: bool
    letters: list[list[Token]] = field(default_factory=list)
    extra: list[list[Token]] = field(default_factory=list)


class Statements:
    """Collects the statements and notes of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.drafts: list[_Draft] = []
        self.notes: list[Note] = []

    def add(self, row: Row) -> None:
        """One row."""
        parts = segments(row.tokens, row.number)
        if len(parts) > 1 and parts[0].bracketed and parts[1].by == "space" and self._numbered(parts[0]):
            parts = parts[1:]
        self._final_number(row.tokens)
        for number, segment in enumerate(parts):
            if not segment.tokens:
                self._remark(segment)
            elif number and segment.bracketed and self._in_brackets(segment):
                continue
            elif number == 0:
                self._new(segment, self._role(segment, "claim"))
            else:
                self._next(segment)

    def _remark(self, segment: Segment) -> None:
        self.notes.append(Note("remark", segment.words, *segment.place))

    def _in_brackets(self, segment: Segment) -> bool:
        """(j = 1, …, n), or the number of the equation, behind a formula."""
        inner = segment.tokens[1:-1]
        if segment.by in ("space", "words") and self._numbered(segment):
            return True
        inside = Segment(inner, segment.row)
        if not inner or not inside.relates:
            return False
        for part in segments(inner, segment.row, "words", segment.words or "for"):
            self._next(part)
        return True

    def _numbered(self, segment: Segment) -> bool:
        """Whether a bracket holds the number of an equation, which is a note."""
        inner = segment.tokens[1:-1]
        if not (0 < len(inner) < 6 and inner[0].kind == "number" and _is_number(inner)):
            return False
        text = self.text[inner[0].start : inner[-1].end]
        self.notes.append(Note("tag", text, segment.tokens[0].start, segment.tokens[-1].end))
        return True

    def _final_number(self, tokens: list[Token]) -> None:
        r"""Refuses a = b\ (2): is that a factor, or the number of the equation?"""
        last = tokens[-3:]
        if [one.kind for one in last] == ["open", "number", "close"] and last[0].name == "(" and last[0].gap == THIN:
            self._refuse(last, r"a factor, or the number of the equation? write \cdot or \tag")

    def _role(self, segment: Segment, usual: Role) -> Role:
        """What the words in front make of a segment."""
        if segment.by != "words":
            return usual
        role = next((TEXT_ROLES[one] for one in _tails(segment.words) if one in TEXT_ROLES), None)
        if role == "or":
            self._refuse(segment.tokens, "two formulas joined by “or”")
        if role is None:
            self._remark(segment)
        if role in ("beside", "condition", "claim"):
            return "beside" if role == "beside" else "condition" if role == "condition" else "claim"
        return self.drafts[-1].role if role == "same" and self.drafts else usual

    def _new(self, segment: Segment, role: Role) -> None:
        self.drafts.append(_Draft(segment.tokens, segment.row, role, segment.words, segment.relates))

    def _next(self, segment: Segment) -> None:
        """A segment that is not the first of its row."""
        before = self.drafts[-1]
        known = segment.by == "words" and self._known(segment)
        punctuated = segment.by in (",", ";", "stop") and segment.tokens[0].kind not in RELATIONS
        if (
            not known
            and not punctuated
            and segment.by != "arrow"
            and (goes_on(segment.tokens) or before.tokens[-1].kind in JOINS)
        ):
            if segment.by == "words":
                self._remark(segment)
            before.tokens.extend(segment.tokens)
            before.relates |= segment.relates
        elif segment.relates:
            self._related(segment, before)
        elif segment.tokens[0].kind == "forall" or (known and self._role(segment, "claim") == "condition"):
            self._new(segment, "condition")
        elif segment.by == "," and (before.extra or _takes_items(before) or _is_item(segment)):
            before.extra.append(segment.tokens)
        elif segment.by == "," and _is_letter(segment) and (before.relates or _is_draft_of_letter(before)):
            self._new(segment, "condition")
        else:
            self._refuse(segment.tokens, "this is neither an equation nor part of the one before it")

    def _known(self, segment: Segment) -> bool:
        return any(one in TEXT_ROLES for one in _tails(segment.words))

    def _related(self, segment: Segment, before: _Draft) -> None:
        """A segment with a relation of its own."""
        if segment.by == "space" and not before.relates and before.role == "claim":
            self._refuse(before.tokens, "this is neither an equation nor part of the one behind it")
        conditional = not any(token.name in _EQUALITIES for token in segment.tokens if token.kind == "relation")
        usual: Role = "beside" if segment.by == "," else "claim"
        if conditional and before.relates:
            usual = "condition"
        if segment.by == "," and before.role != "claim":
            usual = before.role
        letters: list[list[Token]] = []
        while (
            self.drafts and not self.drafts[-1].relates and segment.by == "," and _is_draft_of_letter(self.drafts[-1])
        ):
            letters.insert(0, self.drafts.pop().tokens)
            usual = "condition"
        self._new(segment, self._role(segment, usual))
        self.drafts[-1].letters = letters

    def _refuse(self, tokens: list[Token], message: str) -> NoReturn:
        raise Unreadable(message, tokens[0].start, tokens[-1].end)

    # --- from drafts to statements --------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """Everything that was collected, parsed."""
        found = tuple(Statement(self._body(one), one.role, one.words, one.row) for one in self.drafts)
        return Reading(self.text, found, tuple(sorted(self.notes, key=lambda note: note.start)))

    def _body(self, draft: _Draft) -> Node:
        if draft.tokens[0].kind == "forall" or (draft.role == "condition" and not draft.relates):
            rest = draft.tokens[1:] if draft.tokens[0].kind == "forall" else draft.tokens
            if not rest:
                self._refuse(draft.tokens, "nothing follows \\forall")
            items = tuple(self._parsed(one) for one in (rest, *draft.extra))
            return items[0] if len(items) == 1 and isinstance(items[0], Comparison) else self._for_all(items, draft)
        node = self._parsed(draft.tokens)
        if not (draft.extra or draft.letters):
            return node
        extra = tuple(self._parsed(one) for one in draft.extra)
        if isinstance(node, Comparison) and len(node.signs) == 1 and any(isinstance(one, Ellipsis) for one in extra):
            letters = (*(self._parsed(one) for one in draft.letters), node.sides[0])
            end = extra[-1].span[1]
            return Range(letters, (node.sides[1], *extra), span=(letters[0].span[0], end))
        return self._refuse((draft.extra or draft.letters)[0], "a list that is no range such as 1, …, n")

    def _for_all(self, items: tuple[Node, ...], draft: _Draft) -> ForAll:
        return ForAll(items, span=(draft.tokens[0].start, items[-1].span[1]))

    def _parsed(self, tokens: list[Token]) -> Node:
        """One formula, all of it."""
        grammar = Grammar(tokens, self.text)
        node = grammar.item() if len(tokens) == 1 else grammar.comparison()
        if grammar.at < grammar.stop:
            grammar.refuse(grammar.peek())
        return node


def _tails(words: str) -> list[str]:
    """The words, and what is left of them without the first, the first two …: of `and hence where`, `where` too."""
    parts = plain(words).split()[-6:]
    return [" ".join(parts[number:]) for number in range(len(parts))]


def _is_number(tokens: list[Token]) -> bool:
    return all(token.kind in ("number", "stop", "letter", "plus") for token in tokens)


def _is_item(segment: Segment) -> bool:
    return len(segment.tokens) == 1 and segment.tokens[0].kind == "ellipsis"


def _takes_items(draft: _Draft) -> bool:
    """Whether a list may follow: a condition, or letters behind \\forall."""
    return draft.role == "condition" or draft.tokens[0].kind == "forall"


def _is_letter(segment: Segment) -> bool:
    return len(segment.tokens) == 1 and segment.tokens[0].kind == "letter"


def _is_draft_of_letter(draft: _Draft) -> bool:
    return len(draft.tokens) == 1 and draft.tokens[0].kind == "letter"


def read(text: str) -> Reading:
    r"""Reads a formula, a chain, or the lines of an `aligned` body; $, $$, \[ \] and environments may stand around it.

    Raises `Unreadable`, with the place, for whatever is not understood; nothing is ever left out or guessed.
    """
    try:
        tokens, notes = lexed(text)
        statements = Statements(text)
        statements.notes += notes
        for row in rows(body(sized(tokens))):
            statements.add(row)
        if not statements.drafts:
            raise Unreadable("there is no formula", 0, len(text))
        return statements.reading()
    except RecursionError:  # the caller's own stack was nearly full: the depth here is bounded
        raise Unreadable("the formula is nested too deep to be read here", 0, len(text)) from None
