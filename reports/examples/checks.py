"""What a report says of itself: every formula that it claims, every number that it prints, checked when it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from flint import arb, fmpq

from verify.checking.answer import Answer
from verify.checking.check import answer
from verify.checking.question import Question

Kind = Literal["claim", "false claim", "number"]


@dataclass(frozen=True)
class Check:
    """One thing that was checked: what it is, what was found, and whether that is what the report says."""

    kind: Kind
    text: str
    found: str
    holds: bool


@dataclass(frozen=True)
class Subject:
    """What formulas are about: definitions in LaTeX with what is assumed, or a network; fields of a question."""

    fields: Mapping[str, Any]

    def asked(self, formula: str) -> Answer:
        """The checker's answer."""
        return answer(Question.of({**self.fields, "formula": formula}))


def given(*definitions: str, shapes: Mapping[str, Any] | None = None, assume: tuple[str, ...] = ()) -> Subject:
    """Formulas about definitions."""
    found: dict[str, Any] = {"given": list(definitions), "assume": list(assume)}
    return Subject(found | ({"shapes": dict(shapes)} if shapes else {}))


def network(*layers: int | str, **fields: Any) -> Subject:
    """Formulas about a network: `activations`, `loss`, `bias`, `notation` as in a question."""
    return Subject({"layers": list(layers), **fields})


def claimed(subject: Subject, formula: str, holds: bool) -> tuple[Check, Answer]:
    """A formula and the verdict; a true one must be proved, a false one refuted."""
    found = subject.asked(formula)
    wanted = "correct" if holds else "incorrect"
    return Check("claim" if holds else "false claim", formula, found.verdict, found.verdict == wanted), found


def rounded(true: Fraction | int | Any, shown: str) -> Check:
    """Whether a decimal is its number to within half a unit of the last digit; `true` is exact, or a ball."""
    text = shown.replace("−", "-").replace(",", "").replace("\u202f", "")
    places = len(text.partition(".")[2])
    value = Fraction(text)
    half = Fraction(1, 2 * 10**places)
    if isinstance(true, int | Fraction):
        return Check("number", shown, str(true), abs(Fraction(true) - value) <= half)
    ball = abs(arb(true) - fmpq(value.numerator, value.denominator))
    return Check("number", shown, str(true), bool(ball <= fmpq(half.numerator, half.denominator)))
