r"""A LaTeX source to what stands in it for a checker: displays, what running text states, comments.

The source is read once from left to right, as text: nothing is executed, no file is opened, `\input` is reported.
Comments, verbatim texts and `\iffalse … \fi` are passed over.  Every display has its macros put in and knows its place.
"""

from __future__ import annotations

import re

from verify.document.directives import BadDirective, directive, opened
from verify.document.events import Comment, Display, Event, Inline, Note, NoteKind, Source, Told
from verify.document.limits import (
    MOST_BYTES,
    MOST_CHARACTERS,
    MOST_EQUATIONS,
    MOST_INLINE,
    MOST_NOTES,
    MOST_TOLD,
    MOST_UNENDED,
)
from verify.document.macros import ASIDE, DEFINERS, MacroError, Macros
from verify.document.mapped import Mapped, Place
from verify.document.prose import introduced
from verify.document.tokens import TEXT_TOKEN, after_blanks, bracket, environment, group, is_paragraph, tokens

_STARRED = ("equation", "align", "alignat", "flalign", "gather", "multline", "eqnarray", "dmath", "IEEEeqnarray")
DISPLAYS = frozenset((*_STARRED, *(f"{name}*" for name in _STARRED), "displaymath", "math"))
VERBATIM = frozenset(("verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "comment", "alltt", "filecontents",
                      "filecontents*", "tikzpicture", "pycode", "python", "code"))  # fmt: skip
FILES = frozenset((r"\input", r"\include", r"\subfile", r"\import", r"\subimport", r"\InputIfFileExists"))
CLOSING = {r"\[": r"\]", "$$": "$$", r"\(": r"\)", "$": "$"}
_MEMBER = re.compile(r"\\in(?![A-Za-z])|∈")
_CONDITIONAL = re.compile(r"\\if[A-Za-z]*|\\fi(?![A-Za-z])|\\else(?![A-Za-z])")


class SourceError(ValueError):
    """A document that cannot be read at all; the message is one sentence."""


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and a sentence where it is not UTF-8.  Raises `SourceError` where it is too large."""
    if len(content) > MOST_BYTES:
        raise SourceError(f"the file has {len(content):,} bytes; at most {MOST_BYTES:,} are read")
    note = ""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        note = f"byte {error.start:,} is not UTF-8; the file is read as Latin-1"
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def scanned(text: str, note: str = "", macros: str = "") -> Source:
    """What stands in a text; `note` is about its encoding, `macros` a text of which only the macros are read."""
    known = Macros()
    if macros:
        _Scanner(macros, known).run()
    scanner = _Scanner(text, known)
    if note:
        scanner.note("encoding", note, (0, 0))
    return scanner.run()


class _Scanner:
    def __init__(self, text: str, macros: Macros) -> None:
        self.text = text
        self.macros = macros
        self.events: list[Event] = []
        self.notes = self.displays = self.unended = self.told = 0
        self.at = 0
        self.stop = len(text)

    def run(self) -> Source:
        """Reads everything."""
        while self.at < self.stop:
            match = TEXT_TOKEN.search(self.text, self.at, self.stop)
            if match is None:
                break
            self.at = match.end()
            self._token(match[0], match.start())
            if self.displays > MOST_EQUATIONS or self.unended + self.macros.unended > MOST_UNENDED:
                what = "displays" if self.displays > MOST_EQUATIONS else "formulas and macros that never end"
                self.note("limit", f"too many {what}: the rest is not read", (match.start(), self.at))
                break
        return Source(self.text, tuple(self.events))

    def note(self, kind: NoteKind, message: str, place: Place) -> None:
        """Notes something; after many notes no more."""
        self.notes += 1
        if self.notes <= MOST_NOTES or kind == "limit":
            self.events.append(Note(kind, message, place))

    def _token(self, token: str, start: int) -> None:
        """One token; `at` stands behind it."""
        macro = self.macros.rows.get(token)
        if token[0] == "%":
            comment = _comment(token, start)
            self.events += [comment] if comment else []
        elif token in DEFINERS:
            self.at = self.macros.define(self.text, self.at, token)
        elif token in ASIDE:
            self._aside(ASIDE[token])
        elif token in CLOSING:
            self._formula(token, start)
        elif token == r"\begin":
            name, self.at = environment(self.text, self.at)
            self._environment(name, start)
        elif token == r"\endinput" or (token == r"\end" and environment(self.text, self.at)[0] == "document"):
            self.stop = self.at
        elif token in (r"\verb", r"\lstinline"):
            self._verb()
        elif token == r"\iffalse":
            self._iffalse(start)
        elif token in FILES:
            self._file(token, start)
        elif macro is not None and macro.edge is not None and macro.edge[0] == "begin":
            self._environment(macro.edge[1], start)

    # --- what is passed over ----------------------------------------------------------------------------------------

    def _aside(self, most: int) -> None:
        r"""The arguments of \newenvironment and its like."""
        for _ in range(2 * most):
            at = after_blanks(self.text, self.at)
            inside = group(self.text, at, MOST_CHARACTERS) or bracket(self.text, at, MOST_CHARACTERS)
            if inside is None:
                self.unended += self.text[at : at + 1] == "{"
                return
            self.at = inside[1] + 1

    def _verb(self) -> None:
        at = self.at + (self.text[self.at : self.at + 1] == "*")
        sign = self.text[at : at + 1]
        end = self.text.find("}" if sign == "{" else sign, at + 1) if sign.strip() else -1
        line = self.text.find("\n", at)
        if end >= 0 and (line < 0 or end < line):
            self.at = end + 1

    def _iffalse(self, start: int) -> None:
        depth = 0
        for match in _CONDITIONAL.finditer(self.text, start, self.stop):
            depth += {r"\fi": -1, r"\else": 0}.get(match[0], 1)
            if depth == 0 or (depth == 1 and match[0] == r"\else"):
                self.at = match.end()
                return
        self.note("environment", r"\iffalse has no \fi; the rest is not read", (start, self.at))
        self.at = self.stop

    def _file(self, command: str, start: int) -> None:
        inside = group(self.text, after_blanks(self.text, self.at), 300)
        name = " ".join(self.text[slice(*inside)].split()) if inside else ""
        if inside is not None:
            self.at = inside[1] + 1
        self.note("file", f"{command}{{{name}}} is not followed: give that file too", (start, self.at))

    # --- formulas ---------------------------------------------------------------------------------------------------

    def _formula(self, opening: str, start: int) -> None:
        """What stands between dollar signs, or in brackets with backslashes."""
        display = opening in ("$$", r"\[")
        found = self._body(CLOSING[opening], "", MOST_CHARACTERS if display else MOST_INLINE)
        if found is None:
            self._unended(opening, start, display)
            return
        body, comments, end = found
        if display:
            self._display(opening, body, comments, (start, end))
        elif _MEMBER.search(body.text):
            self._inline(Inline, body, (start, end))
        elif "=" in body.text and self.told < MOST_TOLD and introduced(self.text, start, end):
            self.told += 1
            self._inline(Told, body, (start, end))
        self.at = end

    def _environment(self, name: str, start: int) -> None:
        if name in VERBATIM:
            end = self.text.find(f"\\end{{{name}}}", self.at, self.stop)
            if end < 0:
                self.note("environment", f"\\begin{{{name}}} is never ended; the rest is not read", (start, self.at))
            self.at = self.stop if end < 0 else end + len(name) + 6
        elif name in DISPLAYS:
            found = self._body("", name, MOST_CHARACTERS)
            if found is None:
                self._unended(f"\\begin{{{name}}}", start, True)
                return
            body, comments, end = found
            self._display(name, body, comments, (start, end))
            self.at = end

    def _unended(self, opening: str, start: int, display: bool) -> None:
        """A formula without an end; a lonely dollar sign in running text says nothing."""
        self.unended += 1
        if not display:
            return
        message = f"{opening} is not ended before the paragraph ends, or has more than {MOST_CHARACTERS:,} characters"
        place = (start, self.at)
        self.events.append(Display(opening, Mapped.at(self.text[slice(*place)], place), place, (message, place)))

    def _body(self, closing: str, name: str, most: int) -> tuple[Mapped, tuple[Comment, ...], int] | None:
        """A body without its comments, those that speak to the checker, and the place behind its end.

        It ends at `closing`, or at the end of the environment `name`.  None where a paragraph ends before that.
        """
        if not self._may_end(closing, most):
            return None
        parts: list[Mapped] = []
        comments: list[Comment] = []
        before, depth, nested = self.at, 0, 0
        for match in tokens(self.text, self.at, min(self.stop, self.at + most)):
            token, start = match[0], match.start()
            edge, behind = self._edge(token, match.end())
            if is_paragraph(token):
                return None
            if (edge == ("end", name) and nested == 0) if name else (depth <= 0 and token.startswith(closing)):
                parts.append(Mapped.at(self.text[before:start], (before, start)))
                return Mapped.joined(parts), tuple(comments), behind if name else start + len(closing)
            depth += {"{": 1, "}": -1}.get(token, 0)
            nested += {"begin": 1, "end": -1}.get(edge[0], 0) if name and edge[1] == name else 0
            if token[0] == "%":
                parts.append(Mapped.at(self.text[before:start], (before, start)))
                before = match.end()
                comment = _comment(token, start)
                comments += [comment] if comment else []
        return None

    def _may_end(self, closing: str, most: int) -> bool:
        """Whether an end is in sight at all: a cheap look before the careful one."""
        edges = [name for name, macro in self.macros.rows.items() if macro.edge is not None and macro.edge[0] == "end"]
        signs = [closing] if closing else [r"\end", *edges]
        return any(self.text.find(sign, self.at, min(self.stop, self.at + most)) >= 0 for sign in signs)

    def _edge(self, token: str, end: int) -> tuple[tuple[str, str], int]:
        r"""("begin" or "end", name) of a token that opens or ends an environment, and the place behind it."""
        macro = self.macros.rows.get(token)
        if token in (r"\begin", r"\end"):
            name, behind = environment(self.text, end)
            return (token[1:], name), behind
        if macro is not None and macro.edge is not None:
            return macro.edge, end
        return ("", ""), end

    def _display(self, opening: str, body: Mapped, comments: tuple[Comment, ...], place: Place) -> None:
        self.displays += 1
        error = None
        try:
            expanded = self.macros.expanded(body)
        except MacroError as caught:
            expanded, error = body, (caught.message, caught.place)
        if len(expanded) > MOST_CHARACTERS:
            error = (f"with its macros this has {len(expanded):,} characters; {MOST_CHARACTERS:,} are read", place)
        self.events.append(Display(opening, expanded, place, error, comments))

    def _inline(self, kind: type[Inline] | type[Told], body: Mapped, place: Place) -> None:
        """A formula in running text; one whose macros cannot be put in states nothing."""
        try:
            self.events.append(kind(self.macros.expanded(body), place))
        except MacroError as error:
            self.note("limit", f"{error.message}; what this formula states is not known", place)


def _comment(token: str, start: int) -> Comment | None:
    """A comment that speaks to the checker, understood or not; None for any other."""
    said = opened(token)
    if said is None:
        return None
    place = (start, start + len(token.rstrip()))
    try:
        return Comment(directive(said), place)
    except BadDirective as error:
        return Comment(str(error), place)
