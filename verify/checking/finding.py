"""What was found out about one relation, and why; the checker makes answers of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from verify.checking.answer import Counterexample, Proof, Verdict, Verification
from verify.checking.statements import Relation
from verify.meaning.errors import Meaningless


@dataclass(frozen=True)
class Finding:
    """What was found out about a relation.

    `error` is what makes it incorrect before any number is compared; `kind` the kind of mistake where that is known.
    """

    verdict: Verdict
    proof: Proof | None = None
    error_bound: float | None = None
    counterexample: Counterexample | None = None
    error: Meaningless | None = None
    kind: str = ""
    message: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    def verification(self, relation: Relation) -> Verification:
        """As one step of an answer."""
        message = self.message or (self.error.message if self.error is not None else "")
        return Verification(self.verdict, self.proof, self.error_bound, self.counterexample, message, relation.span)


RIGHT = Finding("correct", "exact")


def wrong(error: Meaningless | None, kind: str, message: str = "") -> Finding:
    """Incorrect for a reason of shapes, indices or layers, which is exact."""
    return Finding("incorrect", "exact", error=error, kind=kind, message=message)
