"""How the checker reads the formulas of a subject: the candidate that a question about it makes."""

from __future__ import annotations

from reports.selfcheck.checks import Subject
from verify.checking.givens import GivenCandidate
from verify.checking.networked import NetworkCandidate
from verify.checking.question import Question
from verify.checking.settings import Candidate
from verify.checking.statements import formula

NOTHING = "0 = 0"


def candidate_of(subject: Subject, text: str = NOTHING) -> Candidate:
    """One candidate for all formulas of a report; definitions, or a network in its notation."""
    question = Question.of({**subject.fields, "formula": text})
    read = formula(text)
    if question.given is not None:
        return GivenCandidate(question, read)
    sides = [side for one in read.relations for side in (one.left, one.right)]
    return NetworkCandidate(question, question.notation, strict=False, sides=sides)
