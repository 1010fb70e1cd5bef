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

    def _repr_markdown_(self) -> str:
        """What a notebook shows: the verdict, the mistakes with their mends, and numbers at which the sides differ."""
        parts = [f"**{self.verdict}**" + (f" · {_PROOFS[self.proof]}" if self.proof else "")]
        parts += [_shown(self.message)] if self.message else []
        parts += [f"step {place}: **{one.verdict}** {_shown(one.message)}".rstrip()
                  for place, one in enumerate(self.steps, 1) if len(self.steps) > 1]  # fmt: skip
        parts += [part for one in self.diagnosis for part in _mistake(one)]
        return "\n\n".join(parts + _difference(self.counterexample))


_PROOFS = {"exact": "proved", "probabilistic": "equal but for a tiny probability", "counterexample": "shown by numbers"}


def _shown(text: str) -> str:
    """A sentence as a notebook shows it: what stands between dollar signs is a formula, nothing else is markup."""
    parts = text.split("$")
    if len(parts) % 2 == 0:  # a dollar sign of the user's own
        return _plain(text)
    return "".join(_formula(part) if place % 2 else _plain(part) for place, part in enumerate(parts))


def _plain(text: str) -> str:
    return "".join(f"&#{ord(one)};" if one in "\\`*_{}[]<>&$|#~" else one for one in text)


def _formula(latex: str) -> str:
    """LaTeX between dollar signs, none of which it may hold itself."""
    return "$" + " ".join(latex.replace("$", "").replace("<", r"\lt ").split()) + "$"


def _mistake(one: Diagnosis) -> list[str]:
    found = [f"{one.kind}: {_shown(one.message)}"]
    return found + ([f"the mend: {_formula(one.fix)}"] if one.fix else [])


def _difference(found: Counterexample | None) -> list[str]:
    if found is None:
        return []
    values = ", ".join(f"{_formula(letter)} = {_shown(value)}" for letter, value in found.values.items())
    return [f"left: {_shown(found.left)} · right: {_shown(found.right)}", f"at {values}"] if values else []
