"""One equation of a document and what there is to ask about it; small questions about formulas on the way there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from verify.document.definitions import Definition
from verify.document.mapped import Mapped, Place
from verify.document.symbols import Name, Symbol, names
from verify.latex import Statement, Unreadable, read
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.definitions import names as meanings

Kind = Literal["definition", "claim", "skipped", "comment"]


@dataclass(frozen=True)
class Item:
    """One equation of a document.

    `text` is what is asked, `place` where it stands, `number` counts from 1.  `record` is the question about it, as
    the record of a batch; it is None for what is no claim.  `rests` are the definitions that it is about.  `error` says
    why it cannot be read, `at` where.  `note` is a sentence for the reader of the results.  `doubt` says why the
    equation may mean something else, so that it cannot be called incorrect; for the same reason, `missing` is what it
    derives although nothing defines it.
    """

    number: int
    kind: Kind
    text: Mapped
    place: Place
    label: str = ""
    record: dict[str, Any] | None = None
    rests: tuple[Definition, ...] = ()
    names: frozenset[Name] = frozenset()
    epoch: int = 0
    error: str = ""
    at: Place = (0, 0)
    note: str = ""
    doubt: str = ""
    missing: t.Letter | None = None


def letters(sides: Iterable[t.Node], conditions: Iterable[Statement]) -> frozenset[Name]:
    return frozenset(name for one in (*sides, *(each.body for each in conditions)) for name in names(one))


def refusal(latex: str) -> str:
    """Why the checker would not take a definition; "" where it would."""
    try:
        meanings((latex,), {}, ())
    except Unreadable as error:
        return error.message
    return ""


def speaks(latex: str, letters: frozenset[Name]) -> bool:
    """Whether a fact, or the name of a shape, is about one of the letters; what cannot be read is passed on."""
    found = _names_of(latex)
    return bool(found & letters) or not found


@lru_cache(maxsize=4096)
def _names_of(latex: str) -> frozenset[Name]:
    """The letters of a formula; none where it cannot be read."""
    try:
        return frozenset(name for one in read(latex).statements for name in names(one.body))
    except Unreadable:
        return frozenset()


def ambiguous(symbol: Symbol | None, known: Definition | None) -> str:
    """Why z_v after z_q, or h_1 after h, may be a symbol of its own; "" where it is not."""
    if symbol is None or known is None:
        return ""
    both = symbol.key == known.symbol.key and bool(symbol.indices) and bool(known.symbol.indices)
    other = both and set(symbol.indices) != set(known.symbol.indices)
    named = known.symbol.key not in (symbol.key, symbol.powerless) and not known.symbol.indices
    if not (other or named):
        return ""
    return f"is this an entry of what line {known.line} defines, or a symbol of its own (% derive: define)?"


def undefined(sides: Iterable[t.Node], rests: Sequence[Definition]) -> t.Letter | None:
    """What is derived although nothing defines it: its derivative says nothing yet."""
    for part in (part for side in sides for part in walk(side)):
        operand = part.operand if isinstance(part, t.Derivative) else None
        base = operand.base if isinstance(operand, t.Scripted) else operand
        if isinstance(base, t.Letter) and not defines(rests, base):
            return base
    return None


def defines(rests: Sequence[Definition], letter: t.Letter) -> bool:
    """Whether one of the definitions is that of a letter."""
    return any((letter.name, letter.accents) in one.own for one in rests)
