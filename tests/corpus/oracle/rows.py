"""A row of the oracle: for one record, each relation of its formula as a pair of functions of a drawn world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Side = Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """`relations` in reading order.

    `world` draws the arrays of a record with `given`; a network is drawn from the record itself, in the layer numbers
    of `notation` (the record's own, where it names one).  `narrow` draws from the smaller domain on which a claim of
    kind `assumption` holds.  `readings` are the relations of other fair readings of an undecided formula.
    """

    id: str
    relations: tuple[tuple[Side, Side], ...]
    world: Callable[[Any], Any] | None = None
    narrow: Callable[[Any], Any] | None = None
    notation: str = ""
    other: Row | None = None


def claims(left: Side, rights: dict[str, Side], **more: Any) -> tuple[Row, ...]:
    """Several records whose formulas have the same left side."""
    return tuple(Row(id, ((left, right),), **more) for id, right in rights.items())


def row(id: str, left: Side, right: Side, **more: Any) -> Row:
    """One equation."""
    return Row(id, ((left, right),), **more)


def chain(id: str, *sides: Side, **more: Any) -> Row:
    """A = B = C: each side is compared with the one before."""
    return Row(id, tuple(pairwise(sides)), **more)


def lines(id: str, *pairs: tuple[Side, Side], **more: Any) -> Row:
    """Several equations."""
    return Row(id, pairs, **more)
