r"""A loss that is differentiated and that nothing defines: a function of what the definitions end in.

An appendix says “the loss depends on x only through y” and never writes $\mathcal{L} = \mathcal{L}(y)$.  Where it is
plain what it depends on, that is put in; where it is not, `line_for` is the comment that says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from verify.document.definitions import Definition, parsed
from verify.document.symbols import Name, Symbol, letter_key, names
from verify.latex import tree as t
from verify.latex import unread
from verify.latex.walk import walk
from verify.meaning.roles import LOSSES, spelling

MOST_ARGUMENTS = 4


@dataclass(frozen=True)
class Taken:
    """A loss and what it is taken to be a function of, both as LaTeX; `definition` says so to the checker."""

    letter: t.Letter
    loss: str
    of: str
    definition: Definition


def taken(loss: t.Letter, known: Sequence[Definition]) -> Taken | None:
    """The loss as a function of the last of the known definitions; None where it is not plain which that are."""
    if spelling(loss) not in LOSSES:
        return None
    ends = _ends(loss, known)
    displayed = [one for one in ends if not one.prose]
    named = _differentiated(loss, ends, known)
    if named and all(one in named for one in displayed):
        chosen = named
    else:
        chosen = next((one for one in (ends, displayed) if len(one) == 1), [])
    written = [one for one in map(_name, chosen) if one]
    if not 0 < len(chosen) <= MOST_ARGUMENTS or len(written) < len(chosen):
        return None
    return _as_function(loss, ", ".join(written), chosen)


def line_for(loss: t.Letter, known: Sequence[Definition]) -> str:
    """The comment that would define a loss, with what the definitions end in as its example."""
    name = unread(loss)
    ends = _ends(loss, known) if spelling(loss) in LOSSES else []
    written = [one for one in map(_name, _differentiated(loss, ends, known) or ends) if one]
    return f"% derive: define {name} = " + (f"{name}({', '.join(written[:MOST_ARGUMENTS])})" if written else "…")


def _as_function(loss: t.Letter, of: str, chosen: Sequence[Definition]) -> Taken:
    name, last = unread(loss), chosen[-1]
    spoken = frozenset(each for one in chosen for each in one.own)
    made = Definition(last.number, Symbol(letter_key(loss)), f"{name} = {name}({of})", spoken, epoch=last.epoch)
    return Taken(loss, name, of, made)


def _ends(loss: t.Letter, known: Sequence[Definition]) -> list[Definition]:
    """The definitions that no other uses, but for those that are made with the loss, and numbers."""
    own = {(loss.name, loss.accents)}
    free = list(known)
    while made := [one for one in free if one.names & own]:
        own |= {name for one in made for name in one.own}
        free = [one for one in free if not one.names & own]
    used = {name for one in free for name in one.names - set(one.own)}
    return [one for one in free if one.names and not used & set(one.own)]


def _differentiated(loss: t.Letter, ends: Sequence[Definition], known: Sequence[Definition]) -> list[Definition]:
    """Those of the ends by which a definition differentiates the loss: y for g = ∂L/∂y."""
    slopes = (slope for one in known if one.readable for slope in _slopes(one.latex))
    by = frozenset[Name]().union(*(found for operand, found in slopes if operand == loss))
    return [one for one in ends if (by - {(loss.name, loss.accents)}) & set(one.own)]


@lru_cache(maxsize=4096)
def _slopes(latex: str) -> tuple[tuple[t.Node, frozenset[Name]], ...]:
    """What a definition differentiates, and the letters of each derivative."""
    found = (part for part in walk(parsed(latex).body) if isinstance(part, t.Derivative) and part.operand is not None)
    return tuple((one.operand, names(one)) for one in found if one.operand is not None)


def _name(one: Definition) -> str | None:
    """The LaTeX of what a definition defines, without its index letters; None where that is no name."""
    if not one.readable or one.symbol.function:
        return None
    left = parsed(one.latex).sides[0]
    if isinstance(left, t.Scripted) and one.symbol.indices:
        return None if one.symbol.marks else unread(left.base)
    return unread(left)
