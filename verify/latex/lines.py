r"""Environments to rows: wrappers are taken off, and a line that goes on is one with the line before.

A &= B \\ &= C            →  one row, A = B = C
A &= B \\ C &= D          →  two rows
A &= B \\ & + C           →  one row, A = B + C
"""

from __future__ import annotations

from dataclasses import dataclass, field

from verify.latex.errors import Unreadable
from verify.latex.lexer import WIDE, Token
from verify.latex.segments import JOINS, goes_on
from verify.latex.tables import LINES

MOST_WRAPPERS = 8
_WRAPPERS = {"$": "$", r"\[": r"\]", r"\(": r"\)"}
_BALANCE = {"open": 1, "begin": 1, "close": -1, "finish": -1}
_PUNCTUATION = frozenset(("comma", "stop"))


@dataclass
class Row:
    """The tokens of one line, or of several that belong together; `balance` counts the brackets left open."""

    number: int
    tokens: list[Token] = field(default_factory=list)
    balance: int = 0

    def add(self, tokens: list[Token]) -> None:
        """Appends tokens."""
        self.tokens += tokens
        self.balance += sum(_BALANCE.get(token.kind, 0) for token in tokens)


# --- environments and rows ------------------------------------------------------------------------------------------


def body(tokens: list[Token]) -> list[Token]:
    r"""The tokens without the dollar signs, \[ \] and line environments around all of them."""
    for _ in range(MOST_WRAPPERS):
        if not tokens:
            break
        first, last = tokens[0], tokens[-1]
        if len(tokens) > 1 and _WRAPPERS.get(first.name) == last.name and last.kind in ("$", "delimiter"):
            tokens = tokens[1:-1]
        elif first.kind == "begin" and first.name in LINES and _ends_at(tokens) == len(tokens) - 1:
            tokens = _columns(tokens[1:-1], first.name)
        elif first.kind == "begin" and first.name in LINES and _rest_is_stop(tokens):
            tokens = tokens[: _ends_at(tokens) + 1]
        elif _is_group(tokens) or _is_system(tokens):
            tokens = tokens[1:-1]
        else:
            break
    return tokens


def _ends_at(tokens: list[Token]) -> int:
    """The place of the \\end that belongs to the \\begin in front."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += {"begin": 1, "finish": -1}.get(token.kind, 0)
        if depth == 0:
            if token.name != tokens[0].name:
                message = rf"\begin{{{tokens[0].name}}} is ended by \end{{{token.name}}}"
                raise Unreadable(message, token.start, token.end)
            return place
    raise Unreadable(rf"\begin{{{tokens[0].name}}} is never ended", tokens[0].start, tokens[0].end)


def _rest_is_stop(tokens: list[Token]) -> bool:
    return all(token.kind in _PUNCTUATION for token in tokens[_ends_at(tokens) + 1 :])


def _is_group(tokens: list[Token]) -> bool:
    r"""Whether this is {\displaystyle …}: one pair of braces around everything."""
    if len(tokens) < 3 or tokens[0].kind != "{" or tokens[-1].kind != "}":
        return False
    depth = 0
    for token in tokens[:-1]:
        depth += {"{": 1, "}": -1}.get(token.kind, 0)
        if depth == 0:
            return False
    return not any(token.kind in ("over", "switch") for token in tokens)


def _is_system(tokens: list[Token]) -> bool:
    r"""Whether this is \left\{ \begin{aligned} … \end{aligned} \right."""
    ends = len(tokens) > 3 and tokens[0].kind == "open" and tokens[0].name == "{" and tokens[-1].name in (".", "}")
    inner = ends and tokens[1].kind == "begin" and tokens[1].name in LINES and tokens[-1].kind == "close"
    return inner and _ends_at(tokens[1:]) == len(tokens) - 3


def _columns(tokens: list[Token], environment: str) -> list[Token]:
    """Every second & of a row begins a new column, as a wide space does; eqnarray has one column only."""
    if environment.startswith("eqnarray"):
        return tokens
    found: list[Token] = []
    depth = count = 0
    for token in tokens:
        depth += {"begin": 1, "finish": -1}.get(token.kind, 0)
        if depth == 0 and token.kind == "newline":
            count = 0
        elif depth == 0 and token.kind == "&":
            count += 1
            token = token._replace(name="&&" if count % 2 == 0 else "&")
        found.append(token)
    return found


def rows(tokens: list[Token]) -> list[Row]:
    """The lines, each without column marks and final commas; a line that goes on is one with the next."""
    found: list[Row] = []
    for row in _split(tokens):
        before = found[-1] if found else None
        if before is not None and _continues(before, row):
            _open_ends(before, row)
            before.add(row.tokens)
        elif row.tokens:
            found.append(row)
    return found


def _split(tokens: list[Token]) -> list[Row]:
    found = [Row(0)]
    depth = wide = 0
    for token in tokens:
        depth += {"begin": 1, "finish": -1, "{": 1, "}": -1}.get(token.kind, 0)
        if depth == 0 and token.kind == "newline":
            found.append(Row(len(found)))
        elif depth == 0 and token.kind == "&":
            wide = max(wide, token.name == "&&")
        else:
            found[-1].add([token._replace(gap=WIDE) if wide else token])
            wide = 0
    return found


def _continues(before: Row, row: Row) -> bool:
    """Whether a line goes on with the one before."""
    if not row.tokens or not before.tokens:
        return False
    last = before.tokens[-1]
    if before.balance > 0 or last.kind in JOINS or (last.kind == "close" and last.name == "."):
        return True
    if row.tokens[0].kind == "implies":
        return False
    continues = goes_on(row.tokens)
    if continues:
        while before.tokens and before.tokens[-1].kind in _PUNCTUATION:
            before.tokens.pop()
    return continues and bool(before.tokens)


def _open_ends(before: Row, row: Row) -> None:
    r"""Drops \right. at the end of a line and \left. at the beginning of the next: the bracket simply goes on."""
    first = row.tokens[0]
    if before.tokens[-1].kind == "close" and before.tokens[-1].name == "." and first.kind == "open":
        if first.name != ".":
            raise Unreadable(r"expected \left. to go on with the line before", first.start, first.end)
        before.tokens.pop()
        before.balance += 1
        row.tokens.pop(0)
