"""The checker: a question to an answer.  In process and without a time limit; `verify.batch` adds both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from derive.tables.notations import NOTATIONS
from verify.checking.answer import Answer, Diagnosis, Verdict
from verify.checking.described import described
from verify.checking.evidence import scores
from verify.checking.finding import Finding
from verify.checking.givens import GivenCandidate
from verify.checking.judge import Judge
from verify.checking.narrowing import narrowed, widened
from verify.checking.networked import NetworkCandidate
from verify.checking.question import Question
from verify.checking.settings import Candidate
from verify.checking.statements import Formula, Relation, formula
from verify.checking.usual import usual
from verify.diagnosis.search import Search
from verify.document.inferring import inferred
from verify.graph.nodes import TooLarge
from verify.latex import Unreadable, unread
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.arrays import ShapeError
from verify.meaning.errors import NO_VALUE, Meaningless, NoRole, OutOfRange


@dataclass(frozen=True)
class Judged:
    """A candidate with its findings, one for each relation; `refused` is what has no role in it."""

    candidate: Candidate
    judge: Judge
    trees: tuple[tuple[t.Node, t.Node], ...]
    relations: tuple[Relation, ...]
    findings: tuple[Finding, ...] = ()
    refused: Meaningless | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict of the whole formula."""
        verdicts = [one.verdict for one in self.findings]
        return "incorrect" if "incorrect" in verdicts else "undecided" if "undecided" in verdicts else "correct"

    @property
    def exists(self) -> bool:
        """Whether every layer and index of the formula exists."""
        return not any(isinstance(one.error, OutOfRange) and not one.error.clash for one in self.findings)


def answer(question: Question, mend: bool = True) -> Answer:
    """The verdict, its proof, and what is wrong.

    Without `mend` nobody looks for the mistake and its repair, which takes most of the time of what is incorrect.
    """
    start = perf_counter()
    try:
        found = _answer(_inferring(question), mend)
    except Unreadable as error:
        place = (error.start, error.end)
        elsewhere = question.given is not None and place == (0, 0)  # in a definition, not in the formula
        found = Answer("unreadable", message=error.message, where=None if elsewhere else place)
    except (Meaningless, ShapeError) as error:
        found = Answer("undecided", message=f"what is assumed cannot be used: {error}")
    except (TooLarge, ArithmeticError, RecursionError) as error:
        found = Answer("undecided", message=str(error) or "the formula is too large")
    return replace(found, id=question.id, ms=1000 * (perf_counter() - start))


def _inferring(question: Question) -> Question:
    """The question with the shapes that its definitions tell, where it asks for these."""
    if question.given is None or not question.infer:
        return question
    stated = dict(question.shapes)
    return replace(question, shapes=tuple((inferred(list(question.given), stated) | stated).items()))


def _answer(question: Question, mend: bool) -> Answer:
    read = formula(question.formula)
    smaller = narrowed(question, read)
    if smaller is not None:
        found = _judging(smaller, read, question, mend)
        if found.verdict in ("correct", "incorrect"):
            return widened(found, question)
    return _judging(question, read, question, mend)


def _judging(question: Question, read: Formula, asked: Question, mend: bool) -> Answer:
    judged = _ranked(question, read)
    best = judged[0]
    if best.refused is not None:
        raise Unreadable(best.refused.message, *best.refused.part.span)
    if len({one.verdict for one in judged}) > 1:
        candidates = [one.candidate.reading() | {"verdict": one.verdict} for one in judged]
        return Answer(
            "undecided",
            reading={"candidates": candidates},
            message="the notation is not clear: " + "; ".join(f"{one.candidate.name}: {one.verdict}" for one in judged),
        )
    found = _from(asked, read, best, mend)
    return _unless_usual(question, best.candidate, found) if found.verdict == "incorrect" else found


def _unless_usual(question: Question, candidate: Candidate, found: Answer) -> Answer:
    """No verdict on what is false of an unknown function σ and true of the one that the letter mostly means."""
    for letter, meaning in usual(candidate.names.opaque) if isinstance(candidate, GivenCandidate) else ():
        try:
            holds = _confirmed(replace(question, given=(*(question.given or ()), meaning)))
        except NO_VALUE:
            continue
        if holds:
            message = f"nothing says what ${letter}$ is; it holds if ${meaning}$: give that as a definition"
            return Answer("undecided", reading=found.reading, message=message)
    return found


def _ranked(question: Question, read: Formula) -> list[Judged]:
    """The candidates that fit best, all of one rank; or the one that came nearest."""
    sides = [side for one in read.relations for side in (one.left, one.right)]
    if question.given is not None or question.notation != "auto":
        fixed = GivenCandidate(question, read) if question.given is not None else None
        return [_judged(fixed or NetworkCandidate(question, question.notation, False, sides), read)]
    evidence = scores(sides)

    def scored(one: Judged) -> float:
        return evidence[one.candidate.name]

    for strict in (True, False):
        fitting: list[Judged] = []
        levels = sorted(set(evidence.values()), reverse=True)
        for level in levels if strict else levels[:1]:  # letters of other notations only where all else speaks for one
            names = [name for name in NOTATIONS if evidence[name] == level]
            judged = [_judged(NetworkCandidate(question, name, strict, sides), read) for name in names]
            found = [one for one in judged if one.refused is None]
            existing = [one for one in found if one.exists]
            if existing:
                return existing
            fitting = fitting or found
        if fitting and scored(fitting[0]) == max(evidence.values()):
            return fitting
    best = max(NOTATIONS, key=lambda name: evidence[name])
    return [_judged(NetworkCandidate(question, best, False, sides), read)]


def _beside(candidate: Candidate, read: Formula) -> tuple[tuple[t.Node, t.Node], ...]:
    """What a network's formula defines beside itself; with definitions, these are among them already."""
    if not isinstance(candidate, NetworkCandidate):
        return ()
    pairs = [(candidate.tree(one.sides[0]), candidate.tree(one.sides[1])) for one in read.beside]
    return tuple(pair for pair in pairs if candidate.stranger(pair[0]) is not None)


def _claims(candidate: Candidate, read: Formula) -> tuple[Relation, ...]:
    """The relations of the formula, and what stands beside it about quantities that have a meaning already."""
    extra = [Relation(one.sides[0], one.sides[1]) for one in read.beside if candidate.claims(one.sides[0])]
    return (*read.relations, *extra)


def _judged(candidate: Candidate, read: Formula) -> Judged:
    """The findings at sizes that have room for all that is named."""
    found = _findings(candidate, read)
    if candidate.larger is not None and not found.exists:
        found = _findings(candidate.larger, read)
    if not found.candidate.beyond:
        return found
    return replace(found, findings=tuple(map(_in_part, found.findings)))


_BEYOND = "a number in the formula is larger than the sizes at which letters for sizes are compared"


def _in_part(found: Finding) -> Finding:
    """What was found at sizes that are too small to hold all that is named: neither a proof, nor that it is missing."""
    missing = isinstance(found.error, OutOfRange) and not found.error.clash
    return Finding("undecided", message=_BEYOND) if missing or found.verdict == "correct" else found


def _findings(candidate: Candidate, read: Formula) -> Judged:
    judge = Judge(candidate, read.conditions, _beside(candidate, read))
    relations = _claims(candidate, read)
    trees = tuple((candidate.tree(one.left), candidate.tree(one.right)) for one in relations)
    local = {part for left, _ in judge.beside for part in walk(left)}
    for tree in (side for pair in (*trees, *judge.beside) for side in pair):
        stranger = candidate.stranger(tree)
        if stranger is not None and stranger not in local:
            refused = NoRole(stranger, "this letter has no role here")
            return Judged(candidate, judge, trees, relations, refused=refused)
    try:
        findings = tuple(judge.relation(left, right) for left, right in trees)
    except NoRole as error:
        return Judged(candidate, judge, trees, relations, refused=error)
    return Judged(candidate, judge, trees, relations, findings)


def _from(question: Question, read: Formula, judged: Judged, mend: bool) -> Answer:
    """The answer of one reading."""
    steps = tuple(one.verification(relation) for one, relation in zip(judged.findings, judged.relations, strict=True))
    verdicts = [one.verdict for one in steps]
    verdict = judged.verdict
    deciding = steps[verdicts.index(verdict)] if verdict != "correct" else steps[0]
    first = verdicts.index("incorrect") + 1 if "incorrect" in verdicts else None
    bounds = [one.error_bound for one in steps if one.error_bound is not None]
    probabilistic = verdict == "correct" and any(one.proof == "probabilistic" for one in steps)
    return Answer(
        verdict,
        proof="probabilistic" if probabilistic else deciding.proof,
        error_bound=sum(bounds) if probabilistic else None,
        counterexample=deciding.counterexample,
        reading=_reading(judged),
        steps=steps if len(steps) > 1 else (),
        first_error=first if len(steps) > 1 else None,
        diagnosis=_diagnosis(question, read, judged, first) if mend else (),
        message=deciding.message if verdict != "correct" else "",
    )


def _reading(judged: Judged) -> dict[str, Any]:
    """How the formula was read: the notation, the roles of its letters, a grouping that is not as written."""
    found = judged.candidate.reading() | described(judged.judge, [side for pair in judged.trees for side in pair])
    others = [one.notes["regrouped"] for one in judged.findings if "regrouped" in one.notes]
    return found | ({"grouping": unread(others[0])} if others else {})


def _diagnosis(question: Question, read: Formula, judged: Judged, first: int | None) -> tuple[Diagnosis, ...]:
    """What is wrong with the first false relation."""
    if first is None:
        return ()
    left, right = judged.trees[first - 1]
    finding = judged.findings[first - 1]

    def confirm(fix: str) -> bool:
        return _confirmed(question.about(fix))

    return Search(read.text, judged.judge, left, right, finding, confirm).diagnosis()


def _confirmed(question: Question) -> bool:
    """Whether a mended formula is correct as a whole."""
    try:
        read = formula(question.formula)
        judged = _ranked(narrowed(question, read) or question, read)
    except (Unreadable, RecursionError):
        return False
    return all(one.refused is None and one.verdict == "correct" for one in judged)
