"""The statements of a formula sorted: what is claimed, what is defined beside it, and under which conditions.

Nothing here knows a notation.  Raises `Unreadable` where there is nothing that could be checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from verify.latex import Reading, Statement, Unreadable, read
from verify.latex import tree as t

EQUALS = ("equal", "identical", "define")


@dataclass(frozen=True)
class Relation:
    """One `left = right` of a formula."""

    left: t.Node
    right: t.Node

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.left.span[0], self.right.span[1]


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its text, its relations in order, definitions beside them, conditions."""

    text: str
    relations: tuple[Relation, ...]
    beside: tuple[Statement, ...] = ()
    conditions: tuple[t.Node, ...] = ()


def formula(text: str) -> Formula:
    """Reads and sorts; raises `Unreadable`."""
    reading = read(text)
    relations: list[Relation] = []
    for claim in _claims(reading):
        _check(claim)
        pairs = zip(claim.sides, claim.sides[1:], strict=False)
        relations += [Relation(left, right) for left, right in pairs]
    if not relations:
        raise Unreadable("there is nothing to compare: an equation A = B is needed", 0, len(text))
    beside = tuple(one for one in reading.statements if one.role == "beside" and one.compares)
    conditions = tuple(one.body for one in reading.statements if one.role == "condition")
    return Formula(text, tuple(relations), beside, conditions)


def _claims(reading: Reading) -> list[Statement]:
    return [one for one in reading.claims if not isinstance(one.body, t.Range | t.ForAll)]


def _check(claim: Statement) -> None:
    """Refuses what is no equation."""
    start, end = claim.span
    if not claim.compares:
        raise Unreadable("there is nothing to compare: an equation A = B is needed", start, end)
    for sign in claim.signs:
        if sign.kind not in EQUALS:
            what = {"approx": "an approximation", "update": "an update"}.get(sign.kind, "this relation")
            raise Unreadable(
                f"{what} is no equation, so it is neither right nor wrong",
                *(sign.span if any(sign.span) else (start, end)),
            )
