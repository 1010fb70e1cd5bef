"""One equation of a document and what there is to ask about it; small questions about formulas on the way there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from verify.document.definitions import Definition, parsed, resting
from verify.document.losses import Taken, taken
from verify.document.mapped import Mapped, Place
from verify.document.records import NOTHING, Standing, record
from verify.document.symbols import Name, Symbol, names
from verify.latex import Statement, Unreadable
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.definitions import names as meanings

Kind = Literal["definition", "claim", "skipped", "comment"]


@dataclass(frozen=True)
class Item:
    """One equation of a document.

    `text` is what is asked, `place` where it stands, `number` counts from 1.  `record` is the question about it, as
    the record of a batch; it is None for what is no claim.  `rests` are the definitions that it is about.  `error` says
    why it cannot be read, `at` where.  `note` is a sentence for the reader of the results; `prose` is true where it
    stands in a sentence.  `doubt` says why the equation may mean something else, so that it cannot be called incorrect;
    for the same reason, `missing` is what it differentiates although nothing defines it.  `known` is what was defined
    there, `standing` what else held, `taken` what was put in for a loss that nothing defines.
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
    known: tuple[Definition, ...] = ()
    taken: Taken | None = None
    prose: bool = False
    standing: Standing = NOTHING


def letters(sides: Iterable[t.Node], conditions: Iterable[Statement]) -> frozenset[Name]:
    return frozenset(name for one in (*sides, *(each.body for each in conditions)) for name in names(one))


def refusal(latex: str) -> str:
    """Why the checker would not take a definition; "" where it would."""
    try:
        meanings((latex,), {}, ())
    except Unreadable as error:
        return error.message
    return ""


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
    """What is differentiated, in a formula or where it is defined, although nothing defines it."""
    bodies = (parsed(each.latex).body for each in rests if each.readable)
    for part in (part for side in (*sides, *bodies) for part in walk(side)):
        operand = part.operand if isinstance(part, t.Derivative) else None
        base = operand.base if isinstance(operand, t.Scripted) else operand
        if isinstance(base, t.Letter) and not defines(rests, base):
            return base
    return None


def defines(rests: Sequence[Definition], letter: t.Letter) -> bool:
    """Whether one of the definitions is that of a letter."""
    return any((letter.name, letter.accents) in one.own for one in rests)


def with_loss(item: Item, known: Iterable[Definition], history: Iterable[Definition]) -> Item:
    """A claim about a loss that nothing defines, as a function of what the definitions end in.

    `known` are the definitions that count, `history` is every one of the text.
    """
    loss = item.missing
    if loss is None or item.record is None or defines([one for one in history if one.epoch == item.epoch], loss):
        return item
    known = sorted(known, key=lambda one: one.number)
    found = taken(loss, known)
    if found is None:
        return replace(item, known=tuple(known))
    rests = resting(item.names, (*known, found.definition))
    sides = parsed(item.text.text).sides
    asked = record(item.text.text, item.names, rests, item.standing)
    return replace(item, record=asked, rests=tuple(rests), missing=undefined(sides, rests), taken=found)
