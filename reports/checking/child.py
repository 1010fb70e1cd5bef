"""What a worker of a batch is asked where every formula is read twice."""

from __future__ import annotations

from reports.checking.twice import agreed, disagreement
from verify.checking.answer import Answer
from verify.checking.check import answer as checked
from verify.checking.question import Question


def answer(question: Question) -> Answer:
    """The answer to a question whose formula is read twice, in this process."""
    return agreed(checked(question), disagreement(question))
