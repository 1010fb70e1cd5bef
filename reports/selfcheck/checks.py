"""One thing that a report says, checked: a claim or a definition by the checker, a rounded number by a ball."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from flint import arb, fmpq

from verify.checking.answer import Answer
from verify.checking.check import answer
from verify.checking.question import Question

Kind = Literal["claim", "false claim", "definition", "number", "aside"]


@dataclass(frozen=True)
class Check:
    """One thing that was checked: what it is, what was found, and whether that is what the report says."""

    kind: Kind
    text: str
    found: str
    holds: bool


@dataclass(frozen=True)
class Subject:
    """What formulas are about: definitions in LaTeX with what is assumed, or a network; fields of a question.

    `point` are the numbers of every free array by its LaTeX, where the report has numbers; `parameters` and `loss` are
    those, in LaTeX, of which one step against the gradient is told.  `moved` maps directions to what moves along them,
    where the report has derivatives along a direction (`reports.selfcheck.moved`).  `sizes` are the numbers that the
    letters in shapes stand for at the point.  `own_letters` says that the layers of a network have different activation
    functions, each with a letter of its own, so that σ is the sigmoid.
    """

    fields: Mapping[str, Any]
    point: Mapping[str, Any] | None = None
    parameters: tuple[str, ...] = ()
    loss: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    own_letters: bool = False

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
