r"""The author's macros: `\newcommand`, `\def`, `\DeclareMathOperator`, `\let`; read as text and put in, never executed.

Expansion is bounded in depth, number and size.  A macro that calls itself, or that takes its arguments in a way that is
not read here, is refused with a sentence where it is used, and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from verify.document.limits import MOST_BODY, MOST_CALLS, MOST_CHARACTERS, MOST_DEPTH, MOST_MACROS
from verify.document.mapped import Mapped, Place
from verify.document.tokens import after_blanks, bracket, group

_NAME = re.compile(r"\\(?:[A-Za-z]+|.)")
_COUNT = re.compile(r"\[\s*([0-9])\s*\]")
_PLAIN_ARGUMENTS = re.compile(r"(?:#[1-9])*")
_PIECE = re.compile(r"#[1-9]|##|\\[A-Za-z]+|\\[\s\S]|[{}]|[^\\{}#]+|[\s\S]")
_EDGE = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}")

NEW = ("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "newcommandx")
DEF = ("def", "gdef", "edef", "xdef")
OPERATOR = ("DeclareMathOperator",)
DEFINERS = frozenset("\\" + name for name in (*NEW, *DEF, *OPERATOR, "let"))
ASIDE = {r"\newenvironment": 3, r"\renewenvironment": 3, r"\newtheorem": 2, r"\NewDocumentCommand": 3,
         r"\DeclareDocumentCommand": 3, r"\RenewDocumentCommand": 3, r"\DeclarePairedDelimiter": 3}  # fmt: skip
"""Definitions that are passed over, with the number of their arguments at most."""
_KEPT = frozenset((r"\begin", r"\end", r"\\", r"\left", r"\right", r"\label", r"\tag", r"\[", r"\]", r"\(", r"\)"))


class MacroError(ValueError):
    """A macro cannot be put in; the message is one sentence, `place` is where it is called."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


@dataclass(frozen=True)
class Macro:
    """What stands for a command: text with #1 … #9; `refused` says why it is not put in."""

    name: str
    body: str
    count: int = 0
    default: str | None = None
    refused: str = ""

    @property
    def edge(self) -> tuple[str, str] | None:
        r"""(begin, equation) where the macro only stands for `\begin{equation}`."""
        match = _EDGE.fullmatch(self.body.strip()) if self.count == 0 else None
        return (match[1], match[2]) if match else None


@dataclass
class Macros:
    """The macros that are known so far; `unended` counts the definitions that never end."""

    rows: dict[str, Macro] = field(default_factory=dict)
    unended: int = 0

    def add(self, macro: Macro, keep: bool = False) -> None:
        """Takes a macro; the last definition counts, unless `keep` says that the first one does."""
        if macro.name in _KEPT or (keep and macro.name in self.rows):
            return
        if macro.name in self.rows or len(self.rows) < MOST_MACROS:
            self.rows[macro.name] = macro

    def define(self, text: str, start: int, command: str) -> int:
        """Reads the definition whose `command` ends at `start`; returns the place behind it, or `start` if unread."""
        if command == r"\let":
            return self._let(text, start)
        if command[1:] in DEF:
            return self._def(text, start)
        return self._new(text, start, command[1:])

    def _let(self, text: str, start: int) -> int:
        name = _NAME.match(text, after_blanks(text, start))
        if name is None:
            return start
        at = after_blanks(text, name.end())
        other = _NAME.match(text, at + (text[at : at + 1] == "="))
        if other is None:
            return name.end()
        known = self.rows.get(other[0], Macro(name[0], other[0]))
        if name[0] != other[0]:
            self.add(replace(known, name=name[0]))
        return other.end()

    def _def(self, text: str, start: int) -> int:
        name = _NAME.match(text, after_blanks(text, start))
        if name is None:
            return start
        opening = text.find("{", name.end(), name.end() + 200)
        inside = group(text, opening, MOST_BODY) if opening >= 0 else None
        if inside is None:
            self.unended += 1
            return name.end()
        arguments = text[name.end() : opening].strip()
        plain = _PLAIN_ARGUMENTS.fullmatch(arguments)
        refused = "" if plain else f"the macro {name[0]} takes its arguments in a way that is not read here"
        self.add(Macro(name[0], text[slice(*inside)], len(arguments) // 2 if plain else 0, refused=refused))
        return inside[1] + 1

    def _new(self, text: str, start: int, command: str) -> int:
        at = after_blanks(text, start + (text[start : start + 1] == "*"))
        wrapped = group(text, at, 100)
        name = _NAME.match(text, after_blanks(text, wrapped[0] if wrapped else at))
        if name is None:
            return start
        at = after_blanks(text, wrapped[1] + 1 if wrapped else name.end())
        count, default = 0, None
        if match := _COUNT.match(text, at):
            count, at = int(match[1]), after_blanks(text, match.end())
            if optional := bracket(text, at, MOST_BODY):
                default, at = text[slice(*optional)], after_blanks(text, optional[1] + 1)
        inside = group(text, at, MOST_BODY)
        if inside is None:
            self.unended += 1
            return at
        body = text[slice(*inside)]
        if command in OPERATOR:
            body = rf"\operatorname{{{body}}}"
        self.add(Macro(name[0], body, count, default), keep=command == "providecommand")
        return inside[1] + 1

    def expanded(self, formula: Mapped) -> Mapped:
        """The formula with all macros put in.  Raises `MacroError`."""
        if not any(name in formula.text for name in self.rows):
            return formula
        return _Expansion(self.rows).run(formula)


class _Expansion:
    """One expansion: it counts what it does."""

    def __init__(self, rows: dict[str, Macro]) -> None:
        self.rows = rows
        self.calls = 0
        self.size = 0

    def run(self, formula: Mapped, within: tuple[str, ...] = ()) -> Mapped:
        """The formula with its macros put in; `within` are the macros whose text this is."""
        found: list[Mapped] = []
        at = 0
        while at < len(formula):
            match = _PIECE.match(formula.text, at)
            assert match is not None  # the last alternative matches every character
            macro = self.rows.get(match[0])
            if macro is None:
                found.append(formula.cut(at, match.end()))
                at = match.end()
            else:
                body, at = self._called(macro, formula, match, within)
                found.append(body)
        return Mapped.joined(found)

    def _called(
        self, macro: Macro, formula: Mapped, call: re.Match[str], within: tuple[str, ...]
    ) -> tuple[Mapped, int]:
        """A macro's text with its arguments, its own macros put in, and the place behind the call."""
        place = formula.place(call.start(), call.end())
        self._allowed(macro, within, place)
        arguments, at = self._arguments(macro, formula, call.end(), within, place)
        place = formula.place(call.start(), at)
        body = self._filled(macro, arguments, place)
        self.size += len(body)
        if self.size > 4 * MOST_CHARACTERS:
            raise MacroError(f"with its macros the formula is longer than {MOST_CHARACTERS:,} characters", place)
        return self.run(body, (*within, macro.name)), at

    def _allowed(self, macro: Macro, within: tuple[str, ...], place: Place) -> None:
        self.calls += 1
        if macro.refused:
            raise MacroError(macro.refused, place)
        if macro.name in within:
            raise MacroError(f"the macro {macro.name} is defined by itself", place)
        if len(within) >= MOST_DEPTH:
            raise MacroError(f"macros are nested more than {MOST_DEPTH} deep", place)
        if self.calls > MOST_CALLS:
            raise MacroError(f"more than {MOST_CALLS:,} macros in one formula", place)

    def _arguments(
        self, macro: Macro, formula: Mapped, at: int, within: tuple[str, ...], place: Place
    ) -> tuple[list[Mapped], int]:
        found: list[Mapped] = []
        if macro.default is not None:
            at = _skipped(formula.text, at)
            given = bracket(formula.text, at, MOST_CHARACTERS)
            found.append(formula.cut(*given) if given else Mapped.at(macro.default, place))
            at = given[1] + 1 if given else at
        while len(found) < macro.count:
            at = _skipped(formula.text, at)
            inside = group(formula.text, at, MOST_CHARACTERS)
            match = _NAME.match(formula.text, at)
            if inside is None and at >= len(formula):
                raise MacroError(f"the macro {macro.name} needs {macro.count} arguments", place)
            start, end = inside or (at, match.end() if match else at + 1)
            found.append(formula.cut(start, end))
            at = end + 1 if inside else end
        return [self.run(one, within) for one in found], at

    def _filled(self, macro: Macro, arguments: list[Mapped], place: Place) -> Mapped:
        """The macro's text with its arguments; a command before a letter is kept apart from it."""
        parts: list[Mapped] = []
        for match in _PIECE.finditer(macro.body):
            number = int(match[0][1]) if len(match[0]) == 2 and match[0][0] == "#" and match[0][1] != "#" else 0
            part = arguments[number - 1] if 0 < number <= len(arguments) else Mapped.at(match[0], place)
            if parts and _runs_into(parts[-1].text, part.text):
                parts.append(Mapped.at(" ", place))
            parts.append(part)
        if parts and re.search(r"\\[A-Za-z]+$", parts[-1].text):
            parts.append(Mapped.at(" ", place))
        return Mapped.joined(parts)


def _skipped(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip())


def _runs_into(before: str, after: str) -> bool:
    return after[:1].isalpha() and re.search(r"\\[A-Za-z]+$", before) is not None
