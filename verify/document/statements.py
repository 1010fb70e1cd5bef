r"""The rows of a display to statements: each is one equation with the conditions beside it, cut out of the row.

z = Wx, \quad a = \sigma(z)          →  two statements
y_i = x_i, \quad i = 1, \ldots, n    →  one, with a condition
\delta = ∂L/∂z = a - y               →  one chain; `head` is its first equation, `tail` the rest
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from verify.document.displays import Line
from verify.document.mapped import Mapped, Place
from verify.document.symbols import Symbol, symbol
from verify.latex import Statement, Unreadable, read, unread
from verify.latex import tree as t

EQUALITIES = ("equal", "define", "identical")


@dataclass(frozen=True)
class Written:
    """One statement of a document: its text in the file's places, and what the reader of formulas made of it.

    `statement` is None where it cannot be read; `error` says why, and `at` where in the file.  `beside` are the
    definitions that stand beside a claim and are part of its text.
    """

    text: Mapped
    label: str = ""
    statement: Statement | None = None
    conditions: tuple[Statement, ...] = ()
    beside: tuple[Written, ...] = ()
    error: str = ""
    at: Place = (0, 0)
    start: int = 0

    @property
    def is_equation(self) -> bool:
        """Whether it begins with an equation."""
        signs = self.statement.signs if self.statement is not None else ()
        return bool(signs) and signs[0].kind in EQUALITIES

    @property
    def symbol(self) -> Symbol | None:
        """The symbol that its left side is, if it is an equation and that is one."""
        if self.statement is None or not self.is_equation:
            return None
        return symbol(self.statement.sides[0], self.statement.sides[1])

    @property
    def length(self) -> int:
        """How many relations in a row are equalities, from the first."""
        signs = self.statement.signs if self.statement is not None else ()
        return next((n for n, sign in enumerate(signs) if sign.kind not in EQUALITIES), len(signs))

    def sides(self, first: int, last: int) -> Mapped:
        """The text from side number `first` to side number `last`."""
        assert self.statement is not None
        # A side's own span may lack the command around a letter: \mathbf{x}.  What stands between two signs is whole.
        begin, finish = self.statement.span
        signs = self.statement.signs
        start = begin if first == 0 else signs[first - 1].span[1]
        end = finish if last == len(signs) else signs[last].span[0]
        return self.text.cut(start - self.start, end - self.start).stripped()

    @property
    def restrictions(self) -> list[str]:
        """The conditions that say more than what an index runs through, such as x > 0."""
        return [unread(one.body) for one in self.conditions if _restricts(one)]

    @property
    def head(self) -> Mapped:
        """The first equation of a chain, with the conditions that restrict it."""
        if self.length == 1 and self.restrictions:
            return self.text
        return self.sides(0, 1)

    @property
    def tail(self) -> Mapped | None:
        """What follows the first equation of a chain, with the conditions, if there is more to it."""
        if self.statement is None or self.length < 2:
            return None
        return self.text.cut(self.statement.signs[0].span[1] - self.start, len(self.text)).stripped()


def _restricts(condition: Statement) -> bool:
    """Whether a condition says more than what an index runs through or where a letter lives."""
    if isinstance(condition.body, t.Range | t.ForAll) or not condition.compares:
        return False
    return any(sign.kind not in ("in", "equal") for sign in condition.signs)


def written(line: Line) -> list[Written]:
    """The statements of a row; a row that cannot be read is one."""
    try:
        found = list(_units(line))
    except Unreadable as error:
        return [_unread(line, error)]
    return _attached(found, line)


def _unread(line: Line, error: Unreadable) -> Written:
    """A row that cannot be read; its left side may still say what it would define."""
    text = line.formula
    at = text.place(error.start, max(error.end, error.start + 1))
    left, _, _ = text.text.partition("=")
    try:
        statements = read(f"{left} = 0").statements
    except Unreadable:
        statements = ()
    statement = statements[0] if len(statements) == 1 and statements[0].compares else None
    return Written(text, line.label, statement, error=error.message, at=at)


def _units(line: Line) -> Iterator[Written]:
    """Each equation with the conditions that follow it.  Raises `Unreadable`."""
    text = line.formula
    unit: list[Statement] = []
    for one in read(text.text).statements:
        if not _is_condition(one) and any(not _is_condition(each) for each in unit):
            yield _unit(unit, text, line.label)
            unit = []
        unit.append(one)
    if unit:
        yield _unit(unit, text, line.label)


def _is_condition(one: Statement) -> bool:
    return one.role == "condition" or isinstance(one.body, t.Range | t.ForAll)


def _unit(statements: list[Statement], text: Mapped, label: str) -> Written:
    main = next((one for one in statements if not _is_condition(one)), statements[0])
    start = min(one.span[0] for one in statements)
    end = max(one.span[1] for one in statements)
    rest = tuple(one for one in statements if one is not main)
    return Written(text.cut(start, end), label, main, rest, start=start)


def _attached(found: list[Written], line: Line) -> list[Written]:
    """Definitions that stand beside a claim become part of it: A = B, where s = …"""
    if len(found) < 2 or found[0].symbol is not None or not found[0].is_equation:
        return found
    first, *rest = found
    if not all(one.symbol is not None and one.statement and one.statement.role == "beside" for one in rest):
        return found
    return [replace(first, text=line.formula.cut(first.start, len(line.formula)), beside=tuple(rest))]
