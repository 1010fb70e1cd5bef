r"""A display to its rows: each holds one formula, or a chain over several lines, without labels and column marks.

A &= B \\ &= C            →  one row, A = B \\ = C
A &= B & C &= D           →  one row, A = B \quad C = D
A &= B \\ C &= D          →  two rows
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from verify.document.events import Display
from verify.document.mapped import Mapped
from verify.document.tokens import environment, group, row_end
from verify.latex.delimiters import sized
from verify.latex.errors import Unreadable
from verify.latex.lexer import Token, lexed
from verify.latex.lines import Row
from verify.latex.segments import JOINS, goes_on

_MARKS = re.compile(r"\\(?:label|tag\*?|nonumber|notag|allowdisplaybreaks|IEEE[a-z]+)(?![A-Za-z])")
_ARGUMENT = frozenset(("label", "tag", "tag*"))
_PIECE = re.compile(r"\\[A-Za-z]+|\\[\s\S]|[{}&]")
_COLUMNS = ("align", "alignat", "aligned", "alignedat", "flalign", "split")
_WRAPPERS = frozenset(("split", "aligned", "alignedat", "gathered", "align", "align*", "gather", "gather*"))
_NUMBERED = ("alignat", "alignedat", "IEEEeqnarray")
_WORDS = (r"\intertext", r"\shortintertext")
_MOST_REPAIRS = 20
_PLACEMENT = re.compile(r"\s*\[[tcb]\]")


@dataclass(frozen=True)
class Line:
    """A row: its formula, and the label or the tag that it bears."""

    formula: Mapped
    label: str = ""


def lines(display: Display) -> list[Line]:
    """The rows of a display, without empty ones."""
    name, body = _unwrapped(display.environment, display.body)
    body, display_label = _unmarked(body) if name != display.environment else (body, "")
    found = [_line(row, name) for row in _split(body)]
    found = [one for one in found if one.formula.text.strip(" \t\n,.;")]
    if name.startswith(("multline", "dmath")) and found:
        found = [_together(found, " ")]
    found = _grouped(found)
    if display_label and found and not found[0].label:
        found[0] = Line(found[0].formula, display_label)
    return found


def _unwrapped(name: str, body: Mapped) -> tuple[str, Mapped]:
    r"""The environment that has the rows, and its body: in an equation that holds only a `split`, that."""
    body = _without_argument(name, body)
    for _ in range(3):
        bare, label = _unmarked(body)
        bare = bare.stripped()
        if not bare.text.startswith(r"\begin"):
            break
        inner, start = environment(bare.text, len(r"\begin"))
        end = bare.text.rfind(f"\\end{{{inner}}}")
        rest = bare.text[end + len(inner) + 6 :] if end >= 0 else "x"
        if inner not in _WRAPPERS or rest.strip(" \t\n,.;") or bare.text.count(f"\\begin{{{inner}}}") != 1:
            break
        name = inner
        mark = rf"\label{{{label}}}" if label else ""
        inside = _without_argument(inner, bare.cut(start, end))
        body = Mapped.joined((Mapped.at(mark, bare.place(0, 1)), inside)) if mark else inside
    return name, body


def _without_argument(name: str, body: Mapped) -> Mapped:
    """The body behind the number of columns, or the placement, that belongs to its \\begin."""
    start = len(body.text) - len(body.text.lstrip())
    if name.rstrip("*") in _NUMBERED and (inside := group(body.text, start, 200)):
        return body.cut(inside[1] + 1, len(body))
    match = _PLACEMENT.match(body.text)
    return body.cut(match.end(), len(body)) if match and name in _WRAPPERS else body


def _unmarked(body: Mapped) -> tuple[Mapped, str]:
    r"""The body without labels, tags and words between its rows, and the first label, or the first tag."""
    parts: list[Mapped] = []
    labels: dict[str, str] = {}
    at = 0
    while match := _MARKS.search(body.text, at):
        name, end = match[0][1:], match.end()
        inside = group(body.text, end, 2_000) if name in _ARGUMENT else None
        if inside is not None:
            labels.setdefault(name.rstrip("*"), body.text[slice(*inside)].strip())
            end = inside[1] + 1
        parts.append(body.cut(at, match.start()))
        at = end
    parts.append(body.cut(at, len(body)))
    return Mapped.joined(parts), labels.get("label") or labels.get("tag", "")


def _split(body: Mapped) -> list[Mapped]:
    r"""The rows between the `\\` that stand outside all braces and environments; `\intertext` ends a row as well."""
    found: list[Mapped] = []
    before = depth = 0
    for match in _PIECE.finditer(body.text):
        depth += _depth(match[0])
        if depth <= 0 and match[0] in ("\\\\", r"\cr"):
            found.append(body.cut(before, match.start()))
            before = row_end(body.text, match.end()) if match[0] == "\\\\" else match.end()
        elif depth <= 0 and match[0] in _WORDS and match.start() >= before:
            found.append(body.cut(before, match.start()))
            inside = group(body.text, match.end(), 2_000)
            before = inside[1] + 1 if inside else match.end()
    return [*found, body.cut(before, len(body))]


def _depth(piece: str) -> int:
    return {"{": 1, r"\begin": 1, "}": -1, r"\end": -1}.get(piece, 0)


def _line(row: Mapped, name: str) -> Line:
    """One row without its marks; every second & of an alignment begins a new column."""
    row, label = _unmarked(row)
    parts: list[Mapped] = []
    before = depth = count = 0
    for match in _PIECE.finditer(row.text):
        depth += _depth(match[0])
        if depth <= 0 and match[0] == "&":
            count += 1
            wide = count % 2 == 0 and name.rstrip("*") in _COLUMNS
            place = row.place(match.start(), match.end())
            parts += [row.cut(before, match.start()), Mapped.at(r"\quad " if wide else " ", place)]
            before = match.end()
    return Line(Mapped.joined((*parts, row.cut(before, len(row)))).stripped(), label)


def _together(found: Iterable[Line], between: str) -> Line:
    """Several rows as one formula."""
    found = tuple(found)
    parts = [found[0].formula]
    for one in found[1:]:
        parts += [Mapped.at(between, parts[-1].place(len(parts[-1]), len(parts[-1]))), one.formula]
    return Line(Mapped.joined(parts), next((one.label for one in found if one.label), ""))


def _grouped(found: list[Line]) -> list[Line]:
    """Rows that go on with the row before are one with it."""
    groups: list[list[Line]] = []
    open_row = Row(0)
    for one in found:
        tokens = _tokens(one.formula.text)
        if groups and tokens and open_row.tokens and _continues(open_row, tokens):
            groups[-1].append(one)
        else:
            groups.append([one])
            open_row = Row(0)
        open_row.add(tokens)
    return [_together(group, r" \\ ") for group in groups]


def _tokens(text: str) -> list[Token]:
    """The tokens of a text; what cannot be read counts as letters, since only the edges of a row matter here."""
    for _ in range(_MOST_REPAIRS):
        try:
            return sized(lexed(text)[0])
        except Unreadable as error:
            end = max(error.end, error.start + 1)
            text = text[: error.start] + "x" * (end - error.start) + text[end:]
    return []


def _continues(before: Row, tokens: list[Token]) -> bool:
    """Whether a row goes on with the one before, as the reader of formulas decides it."""
    last = before.tokens[-1]
    if before.balance > 0 or last.kind in JOINS or (last.kind == "close" and last.name == "."):
        return True
    return tokens[0].kind != "implies" and goes_on(tokens)
