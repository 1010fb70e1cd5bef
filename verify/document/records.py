"""The question about a claim, as a record: only the definitions, sizes and facts that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from verify.document.definitions import Definition
from verify.document.inferring import inferred
from verify.document.symbols import Name, names
from verify.latex import Unreadable, read

Sizes = tuple[int | str, ...]


@dataclass(frozen=True)
class Standing:
    """What holds where a claim stands: stated sizes, facts, what its own line restricts, the layout if one is set."""

    shapes: Mapping[str, Sizes] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    layout: str | None = None


NOTHING = Standing()
"""What holds where nothing was stated."""


def record(formula: str, spoken: Iterable[Name], rests: Sequence[Definition], standing: Standing) -> dict[str, Any]:
    """The question about a claim that rests on definitions: only what it speaks of is given."""
    met = frozenset(spoken).union(*(one.names for one in rests))
    found: dict[str, Any] = {"formula": formula, "given": [one.latex for one in rests]}
    stated = {name: tuple(sizes) for name, sizes in standing.shapes.items() if speaks(name, met)}
    shapes = {name: list(sizes) for name, sizes in (inferred(found["given"], stated) | stated).items()}
    facts = [*(fact for fact in standing.facts if speaks(fact, met)), *standing.restrictions]
    found |= {"shapes": shapes} if shapes else {}
    found |= {"assume": facts} if facts else {}
    return found | ({"layout": standing.layout} if standing.layout is not None else {})


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
