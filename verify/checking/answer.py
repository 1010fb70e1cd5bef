"""An answer of the checker: the verdict, how sure it is and why, what is wrong, and the mended formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["correct", "incorrect", "undecided", "unreadable"]
Proof = Literal["exact", "probabilistic", "counterexample"]

KINDS = (
    "sign",
    "factor",
    "missing-derivative",
    "extra-derivative",
    "derivative-argument",
    "transpose",
    "order",
    "shape",
    "index",
    "layer",
    "missing-term",
    "missing-sum",
    "product-kind",
    "target-sign",
    "wrong-function",
    "assumption",
    "other",
)
"""The kinds of mistake that a diagnosis tells apart."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One mistake: its kind, where it stands in the formula, one sentence, and the mended formula, which is correct."""

    kind: str
    where: tuple[int, int]
    message: str
    fix: str | None = None

    def record(self) -> dict[str, Any]:
        """As JSON."""
        found: dict[str, Any] = {"kind": self.kind, "where": list(self.where), "message": self.message}
        return found | ({"fix": self.fix} if self.fix is not None else {})


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Numbers at which the two sides differ.

    `values` maps each free symbol to the text of its number, `follow` each quantity that follows from them to its
    enclosure; `left` and `right` are the enclosed values of the two sides, `entry` says which entry was compared.
    """

    values: dict[str, str]
    follow: dict[str, str]
    left: str
    right: str
    entry: str = ""

    def record(self) -> dict[str, Any]:
        """As JSON."""
        found: dict[str, Any] = {"values": self.values, "follow": self.follow, "left": self.left, "right": self.right}
        return found | ({"entry": self.entry} if self.entry else {})


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict of one relation `A = B`: the proof, and what it rests on.

    `where` is the place of the relation in the formula, `message` says why where the verdict is not `correct`.
    """

    verdict: Verdict
    proof: Proof | None = None
    error_bound: float | None = None
    counterexample: Counterexample | None = None
    message: str = ""
    where: tuple[int, int] = (0, 0)

    def record(self) -> dict[str, Any]:
        """As JSON."""
        found: dict[str, Any] = {"verdict": self.verdict, "proof": self.proof, "where": list(self.where)}
        if self.error_bound is not None:
            found["error_bound"] = self.error_bound
        if self.counterexample is not None:
            found["counterexample"] = self.counterexample.record()
        return found | ({"message": self.message} if self.message else {})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the checker says about one formula.

    `reading` says how the formula was read (JSON: `notation`, `roles`, `widths`, …).  `steps` are the verdicts of the
    relations of a chain, `first_error` the number of the first false one, counted from 1.  `message` is a sentence for
    an `undecided` or `unreadable` formula, and `where` the place that it is about.
    """

    verdict: Verdict
    proof: Proof | None = None
    error_bound: float | None = None
    counterexample: Counterexample | None = None
    reading: dict[str, Any] = field(default_factory=dict)
    steps: tuple[Verification, ...] = ()
    first_error: int | None = None
    diagnosis: tuple[Diagnosis, ...] = ()
    message: str = ""
    where: tuple[int, int] | None = None
    ms: float = 0.0
    id: Any = None

    def record(self) -> dict[str, Any]:
        """As a JSON record of a batch."""
        found: dict[str, Any] = {"id": self.id, "verdict": self.verdict, "proof": self.proof}
        if self.error_bound is not None:
            found["error_bound"] = self.error_bound
        if self.counterexample is not None:
            found["counterexample"] = self.counterexample.record()
        found["reading"] = self.reading
        if self.steps:
            found["steps"] = [one.record() for one in self.steps]
        if self.first_error is not None:
            found["first_error"] = self.first_error
        found["diagnosis"] = [one.record() for one in self.diagnosis]
        if self.message:
            found["message"] = self.message
        if self.where is not None:
            found["where"] = list(self.where)
        return found | {"ms": round(self.ms, 3)}
