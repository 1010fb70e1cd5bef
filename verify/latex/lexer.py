r"""Text to tokens: every character belongs to a token, to a space, or to a note, or the text is refused.

Pasted characters become the commands that they stand for (∂ → \partial, ² → ^{2}); a token always bears the place of
what was typed.  Macros are not expanded and nothing is ever executed or opened.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from verify.latex.characters import BLANKS, accent, described, lowered, raised, spelled
from verify.latex.errors import Unreadable
from verify.latex.tables import COMMANDS, MACROS, REFUSED

MOST_CHARACTERS = 100_000
MOST_DIGITS = 50
MOST_ARGUMENT = 2_000
MOST_ACCENTS = 8

NONE, THIN, WIDE = 0, 1, 2
"""How much space was typed in front of a token: none or blanks, a space command, \\quad."""


class Token(NamedTuple):
    """What the grammar sees: `kind` and `name` of a row of `tables`, and the place in the text."""

    kind: str
    name: str
    start: int
    end: int
    gap: int = NONE


class Note(NamedTuple):
    """Something beside the formula: a label, a tag, a comment, a remark."""

    kind: str
    text: str
    start: int
    end: int


_CHUNK = re.compile(r"[ \t\r\n]+|\\[A-Za-z]+|\\[\s\S]|[0-9]+(?:\.[0-9]+)?|\.[0-9]+|[A-Za-z]|[\s\S]")
_BRACE = re.compile(r"\\[\s\S]|[{}]")
_POWER_OF_TEN = re.compile(r"[eE][+-]?[0-9]")
_PLACEMENT = re.compile(r"\[[tcbrl]\]")
_ROW_SKIP = re.compile(r"\*?(?:\[\s*-?[0-9.]+\s*(?:pt|em|ex|mm|cm|in|bp|pc|mu|sp)\s*\])?")
_STARRED = frozenset(("\\operatorname", "\\tag", "\\hspace", "\\vspace"))


class Lexer:
    """Reads a text once, from left to right; `tokens` and `notes` are what it found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.gap = NONE
        self.tokens: list[Token] = []
        self.notes: list[Note] = []

    def run(self) -> Lexer:
        """Reads everything.  Raises `Unreadable`."""
        if len(self.text) > MOST_CHARACTERS:
            message = f"the formula has {len(self.text):,} characters; at most {MOST_CHARACTERS:,} are read"
            raise Unreadable(message, MOST_CHARACTERS, len(self.text))
        while self.at < len(self.text):
            match = _CHUNK.match(self.text, self.at)
            assert match is not None  # the last alternative matches every character
            self._chunk(match[0])
        return self

    def _chunk(self, chunk: str) -> None:
        """One chunk: moves `at` behind it."""
        start, first = self.at, chunk[0]
        self.at += len(chunk)
        row = COMMANDS.get(chunk)
        if row is not None:
            self._row(row.kind, row.name, chunk, start)
        elif first in BLANKS:
            return
        elif first.isascii() and first.isalpha():
            self._letter(chunk, start)
        elif "0" <= first <= "9" or (first == "." and len(chunk) > 1):
            self._number(chunk, start)
        elif first == "\\":
            self._unknown(chunk, start)
        elif first == "%":
            self._comment(start)
        else:
            self._character(first, start)

    def _push(self, kind: str, name: str, start: int, end: int) -> None:
        self.tokens.append(Token(kind, name, start, end, self.gap))
        self.gap = NONE

    # --- commands -------------------------------------------------------------------------------------------------

    def _row(self, kind: str, name: str, chunk: str, start: int) -> None:
        if kind == "thin":
            self.gap = max(self.gap, THIN)
        elif kind == "quad":
            self.gap = WIDE
        elif kind == "raw":
            self._raw(name, chunk, start)
        elif kind == "newline":
            match = _ROW_SKIP.match(self.text, self.at)
            self.at = match.end() if match else self.at
            self._push(kind, name, start, self.at)
        elif chunk == "." and self.text[self.at : self.at + 1] in ("*", "/"):
            self.at += 1  # as Octave writes products entry by entry
            self._push("loose", "*" if self.text[self.at - 1] == "*" else r"\oslash", start, self.at)
        elif chunk == ":" and self.text.startswith("=", self.at):
            self.at += 1
            self._push("relation", "define", start, self.at)
        elif kind == "relation":
            self._relation(name, chunk, start)
        elif kind != "skip":
            self._push(kind, name, start, self.at)

    def _relation(self, name: str, chunk: str, start: int) -> None:
        """A relation; ==, <=, >= and =: are one sign."""
        follows = self.text[self.at : self.at + 1]
        joined = {"==": "equal", "<=": "at-most", ">=": "at-least", "=:": "define"}.get(chunk + follows)
        if joined and chunk in "=<>":
            self.at += 1
        self._push("relation", joined or name, start, self.at)

    def _unknown(self, chunk: str, start: int) -> None:
        if chunk in REFUSED:
            raise Unreadable(REFUSED[chunk], start, self.at)
        if chunk in MACROS:
            raise Unreadable(f"{chunk} is a command for TeX, not part of a formula; it is not obeyed", start, self.at)
        if chunk == "\\" or chunk[1] in "\n\r\t":
            raise Unreadable("a backslash that begins no command", start, start + 1)
        if len(chunk) == 2 and not chunk[1].isascii():
            raise Unreadable(f"the command \\{described(chunk[1])} is not known", start, self.at)
        raise Unreadable(f"the command {chunk} is not known", start, self.at)

    def _raw(self, name: str, chunk: str, start: int) -> None:
        """A command whose argument is text: the argument is one token, a note, or nothing."""
        if chunk in MACROS:
            self._unknown(chunk, start)
        if chunk in _STARRED and self.text.startswith("*", self.at):
            self.at += 1
        inner_start, inner_end = self._group(chunk, start)
        inner = self.text[inner_start:inner_end]
        if name == "text":
            self._text(inner, inner_start, start)
        elif name in ("begin", "end"):
            self._environment(name, inner, start)
        elif name == "operator":
            self._operator(inner, start)
        elif name in ("label", "tag", "note"):
            self.notes.append(Note(name, inner, start, self.at))
        elif chunk in (r"\hspace", r"\mspace", r"\phantom", r"\hphantom"):
            self.gap = max(self.gap, THIN)

    def _group(self, chunk: str, start: int) -> tuple[int, int]:
        """The offsets of what stands between the braces (or brackets) that follow; `at` moves behind them."""
        text, at = self.text, self.at
        if chunk in (r"\color", r"\textcolor") and text.startswith("[", at):
            at = max(at, text.find("]", at, at + 20) + 1)
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at >= len(text) or text[at] != "{":
            raise Unreadable(f"{chunk} needs its argument in braces", start, self.at)
        depth = 0
        for match in _BRACE.finditer(text, at, at + MOST_ARGUMENT):
            depth += {"{": 1, "}": -1}.get(match[0], 0)
            if depth == 0:
                self.at = match.end()
                return at + 1, match.start()
        if len(text) - at > MOST_ARGUMENT:
            raise Unreadable(f"the argument of {chunk} is too long", start, self.at)
        raise Unreadable(f"the brace behind {chunk} is never closed", at, at + 1)

    def _text(self, inner: str, inner_start: int, start: int) -> None:
        """Words, with the formulas that stand between dollar signs in them."""
        end = self.at
        if "$" not in inner:
            self._check_words(inner, inner_start)
            if not inner.strip():
                self.gap = max(self.gap, THIN)
            else:
                self._push("text", inner, start, end)
            return
        pieces = inner.split("$")
        if len(pieces) % 2 == 0:
            raise Unreadable("a $ within \\text that has no partner", start, end)
        place = inner_start
        for number, piece in enumerate(pieces):
            if number % 2:
                self._formula(piece, place)
            elif piece.strip():
                self._check_words(piece, place)
                self._push("text", piece, place, place + len(piece))
            place += len(piece) + 1

    def _formula(self, piece: str, place: int) -> None:
        """The tokens of a formula within words, at the places where they stand."""
        try:
            inner = Lexer(piece).run()
        except Unreadable as error:
            raise Unreadable(error.message, error.start + place, error.end + place) from None
        self.tokens += [one._replace(start=one.start + place, end=one.end + place) for one in inner.tokens]

    def _check_words(self, words: str, place: int) -> None:
        for offset, one in enumerate(words):
            if not one.isprintable() and one not in BLANKS:
                raise Unreadable(f"{described(one)} is not read", place + offset, place + offset + 1)

    def _environment(self, name: str, inner: str, start: int) -> None:
        """\\begin or \\end; the column letters of an array and the number behind alignat belong to it."""
        environment = inner.strip()
        if not re.fullmatch(r"[A-Za-z]{1,20}\*?", environment):
            raise Unreadable("the name of this environment is not understood", start, self.at)
        if name == "begin" and environment.rstrip("*") in ("array", "alignat", "alignedat"):
            self._group(rf"\begin{{{environment}}}", start)
        elif name == "begin":
            match = _PLACEMENT.match(self.text, self.at)
            self.at = match.end() if match else self.at
        self._push("begin" if name == "begin" else "finish", environment, start, self.at)

    def _operator(self, inner: str, start: int) -> None:
        name = re.sub(r"\\[,;:! ]|\s+", "", inner)
        name = re.sub(r"\\(?:mathrm|text|rm|mathsf)\s*\{?([A-Za-z]+)\}?", r"\1", name)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,40}", name):
            raise Unreadable(r"the name within \operatorname is not understood", start, self.at)
        self._push("word", name, start, self.at)

    # --- letters, numbers, characters -----------------------------------------------------------------------------

    def _letter(self, letter: str, start: int) -> None:
        if self.at < len(self.text) and self.text[self.at] > "\u02ff" and unicodedata.combining(self.text[self.at]):
            self._combining(letter, start)
        else:
            self._push("letter", letter, start, self.at)

    def _combining(self, latex: str, start: int) -> None:
        """Accents that stand as characters behind their letter."""
        while self.at < len(self.text) and unicodedata.combining(self.text[self.at]):
            command = accent(self.text[self.at])
            if command is None:
                raise Unreadable(f"{described(self.text[self.at])} is not read", self.at, self.at + 1)
            latex = f"{command}{{{latex}}}"
            self.at += 1
            if self.at - start > MOST_ACCENTS:
                raise Unreadable(f"more than {MOST_ACCENTS} accents on one letter", start, self.at)
        self._spelled(latex, start)

    def _number(self, digits: str, start: int) -> None:
        if len(digits) > MOST_DIGITS:
            raise Unreadable(f"a number of {len(digits):,} digits; at most {MOST_DIGITS} are read", start, self.at)
        if self.tokens and self.tokens[-1].kind == "fraction" and len(digits) > 1:
            for offset, digit in enumerate(digits):  # \frac12 is one half
                if digit == ".":
                    raise Unreadable(r"\frac without braces takes single digits", start, self.at)
                self._push("number", digit, start + offset, start + offset + 1)
            return
        if _POWER_OF_TEN.match(self.text, self.at):
            raise Unreadable("this may be a power of ten or a multiple of e: write 10^{…} or e^{…}", start, self.at + 2)
        self._push("number", digits, start, self.at)

    def _comment(self, start: int) -> None:
        end = self.text.find("\n", start)
        self.at = len(self.text) if end < 0 else end
        self.notes.append(Note("comment", self.text[start + 1 : self.at].strip(), start, self.at))

    def _character(self, one: str, start: int) -> None:
        """A character that is no plain ASCII: a sign, a raised or lowered one, or one that is refused."""
        if raised(one) is not None or lowered(one) is not None:
            self._raised_run(start)
            return
        if one == "!":
            self._exclamation(start)
            return
        latex = spelled(one)
        if latex is None:
            message = "is not read" if ord(one) > 127 or not one.isprintable() else "has no meaning here"
            raise Unreadable(f"{described(one)} {message}", start, self.at)
        if self.at < len(self.text) and unicodedata.combining(self.text[self.at]) and latex:
            self._combining(latex, start)
        else:
            self._spelled(latex, start)

    def _exclamation(self, start: int) -> None:
        """!= is a relation; a factorial is refused."""
        if not self.text.startswith("=", self.at):
            self._unknown("!", start)
        self.at += 1
        self._push("relation", "unequal", start, self.at)

    def _raised_run(self, start: int) -> None:
        """A run of raised (or of lowered) characters: one script."""
        rule, corner = (raised, "^") if raised(self.text[start]) is not None else (lowered, "_")
        parts = []
        self.at = start
        while self.at < len(self.text) and (latex := rule(self.text[self.at])) is not None:
            parts.append((latex, self.at))
            self.at += 1
        self._push(corner, corner, start, start)
        self._push("{", "{", start, start)
        digits = ""
        for latex, place in parts:
            if latex.isdigit():
                digits += latex
                continue
            digits = self._flush(digits, place)
            self._spelled(latex, place, place + 1)
        self._flush(digits, self.at)
        self._push("}", "}", self.at, self.at)

    def _flush(self, digits: str, end: int) -> str:
        if digits:
            if len(digits) > MOST_DIGITS:
                raise Unreadable(f"a number of {len(digits):,} digits; at most {MOST_DIGITS} are read", end - 1, end)
            self._push("number", digits, end - len(digits), end)
        return ""

    def _spelled(self, latex: str, start: int, end: int | None = None) -> None:
        """Pushes the tokens of a spelling, all at the place of the character."""
        end = self.at if end is None else end
        gap = self.gap
        try:
            tokens = Lexer(latex).run().tokens
        except Unreadable as error:
            raise Unreadable(error.message, start, end) from None
        for number, one in enumerate(tokens):
            self.tokens.append(Token(one.kind, one.name, start, end, gap if number == 0 else NONE))
            self.gap = NONE


def lexed(text: str) -> tuple[list[Token], list[Note]]:
    """The tokens of a text, and what stands beside the formula.  Raises `Unreadable`."""
    lexer = Lexer(text).run()
    return lexer.tokens, lexer.notes
