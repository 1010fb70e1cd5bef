"""Formulas read a second time: where latex2sympy2 reads something else than the checker, there is no verdict."""

from __future__ import annotations

from dataclasses import replace

from verify.checking.answer import Answer
from verify.checking.question import Question
from verify.second import Opinion, second_opinion


def disagreement(question: Question) -> Opinion | None:
    """What a second reader reads otherwise, in the formula or in a definition; None where nothing."""
    for text in (question.formula, *(question.given or ())):
        opinion = second_opinion(text)
        if opinion.status == "disagree":
            return opinion if text == question.formula else replace(opinion, where=None)
    return None


def agreed(found: Answer, other: Opinion | None) -> Answer:
    """The answer, unless the formula was read otherwise: then neither verdict can be promised."""
    if other is None or found.verdict not in ("correct", "incorrect"):
        return found
    return replace(found, verdict="undecided", proof=None, error_bound=None, counterexample=None, steps=(),
                   first_error=None, diagnosis=(), message=other.message, where=other.where)  # fmt: skip
