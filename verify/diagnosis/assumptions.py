r"""Formulas that hold under a condition that was not assumed: Σ y = 1, x > 0, A = Aᵀ.

The formula is judged once more with the condition; where it then is correct, this is the mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verify.checking.givens import GivenCandidate
from verify.checking.judge import Judge
from verify.checking.statements import formula
from verify.latex import Unreadable
from verify.meaning.errors import NO_VALUE

MOST_LETTERS = 8


def missing_assumption(judge: Judge, symmetric: bool) -> str | None:
    """The condition, in LaTeX, under which the formula is correct; of symmetric matrices, or of numbers and sums."""
    candidate = judge.candidate
    if not isinstance(candidate, GivenCandidate):
        return None
    for conditions in _symmetries(candidate) if symmetric else _conditions(candidate):
        if _holds(candidate, conditions):
            for one in conditions if len(conditions) > 1 else ():
                if _holds(candidate, (one,)):
                    return one
            return ", ".join(conditions)
    return None


def _holds(candidate: GivenCandidate, conditions: tuple[str, ...]) -> bool:
    question = replace(candidate.question, assume=(*candidate.question.assume, *conditions))
    try:
        read = formula(question.formula)
        other = GivenCandidate(question, read)
        judge = Judge(other, read.conditions)
        judge.brief = True
        pairs = [(other.tree(one.left), other.tree(one.right)) for one in read.relations]
        return all(judge.relation(left, right).verdict == "correct" for left, right in pairs)
    except (*NO_VALUE, Unreadable):
        return False


def _free(candidate: GivenCandidate) -> Iterator[tuple[str, int]]:
    """Letters that are not defined, with the number of their axes."""
    defined = {one.name.text for one in candidate.names.definitions}
    for name in candidate.letters():
        functions = {*candidate.names.functions, *candidate.names.opaque}
        if name not in defined and name not in functions and name not in candidate.names.sizes:
            yield name, candidate.names.arrays.get(name, 0)


def _conditions(candidate: GivenCandidate) -> Iterator[tuple[str, ...]]:
    letters = list(_free(candidate))[:MOST_LETTERS]
    for name, axes in letters:
        if axes == 1:
            yield (rf"\sum_i {name}_i = 1",)
    numbers = tuple(f"{name} > 0" for name, axes in letters if not axes)
    if numbers:
        yield numbers


def _symmetries(candidate: GivenCandidate) -> Iterator[tuple[str, ...]]:
    for name, axes in _free(candidate):
        sizes = candidate.names.shapes.get(name, ())
        if axes == 2 and len(set(sizes)) == 1:
            yield (f"{name} = {name}^T",)
