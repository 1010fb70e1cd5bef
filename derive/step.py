"""One step of a derivation: a claim, the rule that gave it, and the steps it came from."""

from __future__ import annotations

from dataclasses import dataclass

from derive.equation import Equation
from derive.tables.rules import RULES, Rule


@dataclass(frozen=True)
class Step:
    """A claim with its reason.

    `premises` are the numbers of earlier steps, counted from 0; `rule` names a row of `RULES`.
    Raises `ValueError` for an unknown rule or a premise that is not earlier.
    """

    number: int
    claim: Equation
    rule: str
    premises: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"unknown rule {self.rule!r}; expected one of {', '.join(RULES)}")
        late = [premise for premise in self.premises if not 0 <= premise < self.number]
        if late:
            raise ValueError(f"step {self.number} rests on {late}, which is not earlier")

    def _repr_latex_(self) -> str:
        """What a notebook shows: the claim and its reason."""
        claim = self.claim._repr_latex_().strip("$")
        return rf"${claim} \qquad \text{{{self.row.reason}}}$"

    @property
    def row(self) -> Rule:
        """The row of the table of rules."""
        return RULES[self.rule]
