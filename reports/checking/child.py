"""What a worker of a batch is asked where every formula is read twice."""

from __future__ import annotations

from reports.checking.twice import agreed, disagreement
from verify.check.answer import Answer
from verify.check.check import answer as checked
from verify.check.question import Question


def answer(question: Question) -> Answer:
    """The answer to a question whose formula is read twice, in this process."""
    return agreed(checked(question), disagreement(question))
