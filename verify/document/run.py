"""A document checked: one result for each equation, with its place in the file and what the checker says about it.

`examined(source, asker)` asks about every claim; whatever an equation does, the others are answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from verify.batch.asking import ask
from verify.batch.pool import cores
from verify.checking.answer import Answer
from verify.checking.question import BadQuestion, Question
from verify.document.collecting import Collected, collected
from verify.document.definitions import Definition
from verify.document.events import Note, Source
from verify.document.items import Item, defines, with_loss
from verify.document.limits import MOST_EQUATIONS
from verify.document.losses import line_for
from verify.document.mapped import Lines, Place
from verify.document.records import record
from verify.document.results import Examined, Point, Remark, Result
from verify.latex import unread
from verify.latex.tree import Letter

Asker = Callable[[Sequence[Question]], Iterable[Answer]]
"""Gives one answer for each question, in order."""
_DOUBTED = ("incorrect", "undecided", "correct")
"""A formula that may mean something else is not incorrect; one about a loss that nothing defines has no verdict."""
AHEAD = 64
"""So many questions a thread pool holds at once, so that an interruption is soon obeyed."""


def asked(one_by_one: Callable[[Question], Answer] = ask, jobs: int | None = None) -> Asker:
    """Asks several questions at a time, each as `one_by_one` does: in a worker that is ended when its time is up."""

    def answers(questions: Sequence[Question]) -> Iterator[Answer]:
        with ThreadPoolExecutor(jobs or _hands(len(questions))) as pool:
            for first in range(0, len(questions), AHEAD):
                yield from pool.map(one_by_one, questions[first : first + AHEAD])

    return answers


def _hands(questions: int) -> int:
    """How many are asked at a time: starting a worker costs more than answering a handful of questions."""
    return max(1, min(cores(), questions // 4))


def examined(source: Source, asker: Asker | None = None, base: Mapping[str, Any] | None = None) -> Examined:
    """The results of all equations of a document; `base` holds fields of a question that stand before it."""
    asker = asker or asked()
    found = collected(source, base)
    items = {item.number: item for item in found.items}
    answers = _answers(found.items, asker)
    later = {number: other for number, item in items.items() if (other := _later(item, found, answers))}
    for number, answer in _answers(later.values(), asker).items():
        if answer.verdict == "correct" or (items[number].missing and not later[number].missing):
            answers[number], items[number] = answer, later[number]
    lines = Lines(source.text)
    results = tuple(_result(item, source, lines, answers.get(number)) for number, item in items.items())
    remarks = [_remark(one, lines) for one in source.events if isinstance(one, Note)]
    remarks = [*_taken(items.values(), lines), *remarks]
    if found.cut:
        last = results[-1].start
        remarks.append(Remark("limit", f"more than {MOST_EQUATIONS:,} equations: the rest is not read", last.line, 1))
    return Examined(results, tuple(remarks), found.network)


# --- asking -------------------------------------------------------------------------------------------------------


def _answers(items: Iterable[Item], asker: Asker) -> dict[int, Answer]:
    """The answer to each item that can be asked about, by its number."""
    found: dict[int, Answer] = {}
    questions: list[tuple[int, Question]] = []
    for item in items:
        if item.record is None or item.error:
            continue
        broken = [one for one in item.rests if not one.readable]
        if broken:
            found[item.number] = Answer("undecided", message=_broken(broken[0]))
            continue
        try:
            questions.append((item.number, Question.of(item.record)))
        except BadQuestion as error:
            found[item.number] = Answer("unreadable", message=str(error))
    answers = asker([question for _, question in questions])
    return found | {number: answer for (number, _), answer in zip(questions, answers, strict=True)}


def _broken(definition: Definition) -> str:
    letter = definition.symbol.letter[0]
    return f"this uses {letter}, whose definition in line {definition.line} cannot be read"


def _later(item: Item, found: Collected, answers: Mapping[int, Answer]) -> Item | None:
    """A claim that is not correct, about what is defined behind it as well; None where that changes nothing."""
    answer = answers.get(item.number)
    if answer is None or answer.verdict == "correct" or item.record is None or "given" not in item.record:
        return None
    rests = found.definitions.following(item.names, item.number, item.epoch, item.rests)
    known = found.definitions.behind(item.number, item.epoch, item.known or item.rests)
    later = replace(item, rests=tuple(rests), missing=_still(item, rests), taken=None,
                    record=record(item.text.text, item.names, rests, item.standing))  # fmt: skip
    later = with_loss(later, known, found.definitions.history)
    behind = [one for one in later.rests if one.number > item.number and one.line]
    if not behind or not all(one.readable for one in later.rests):
        return None
    note = "; ".join(filter(None, (item.note, f"with what is defined behind it, in line {behind[-1].line}")))
    return replace(later, note=note)


def _still(item: Item, rests: Sequence[Definition]) -> Letter | None:
    """The loss of a claim if even what stands behind it does not define it."""
    loss = item.missing or (item.taken.letter if item.taken else None)
    return loss if loss is not None and not defines(rests, loss) else None


# --- results ------------------------------------------------------------------------------------------------------


def _result(item: Item, source: Source, lines: Lines, answer: Answer | None) -> Result:
    mistake, message, fix, mark = _said(answer)
    place = item.text.place(*mark) if mark is not None else item.place
    verdict = answer.verdict if answer is not None else None
    doubt = (_missing(item) if item.missing else "") or item.doubt
    if answer is not None and doubt and verdict in (_DOUBTED if item.missing else _DOUBTED[:1]):
        answer = Answer("undecided", message=doubt, reading=answer.reading)
        verdict, mistake, message, fix, mark, place = "undecided", "", doubt, None, None, item.place
    if item.error:
        verdict, message, place = "unreadable", item.error, item.at
    start, end = item.place
    rests = tuple(dict.fromkeys(one.line for one in item.rests if one.line))
    point, begin = _point(place, lines), _point(item.place, lines)
    return Result(item.number, item.kind, source.text[start:end], item.text.text, point, item.label, verdict, mistake,
                  message, fix, item.note, rests, mark, begin, answer, item.prose)  # fmt: skip


def _missing(item: Item) -> str:
    assert item.missing is not None
    name, line = unread(item.missing), line_for(item.missing, item.known)
    return f"${name}$ is differentiated here, but no display defines it; a comment may: {line}"


def _said(answer: Answer | None) -> tuple[str, str, str | None, tuple[int, int] | None]:
    """The kind of mistake, the sentence, the mended formula, and the place in the formula that they are about."""
    if answer is None or answer.verdict == "correct":
        return "", "", None, None
    if answer.diagnosis:
        first = answer.diagnosis[0]
        fix = first.fix or next((one.fix for one in answer.diagnosis if one.fix), None)
        return first.kind, first.message, fix, first.where
    if answer.first_error is not None and answer.first_error <= len(answer.steps):
        step = answer.steps[answer.first_error - 1]
        return "", step.message or answer.message, None, step.where
    found = answer.counterexample
    message = answer.message or (f"left {found.left}, right {found.right}" if found is not None else "")
    return "", message, None, answer.where


def _point(place: Place, lines: Lines) -> Point:
    return Point(*lines.of(place[0]), *lines.of(place[1]))


def _taken(items: Iterable[Item], lines: Lines) -> list[Remark]:
    """What was put in for a loss that nothing defines, each once, at the first claim about it."""
    first: dict[tuple[str, str], int] = {}
    for one in items:
        if one.taken is not None:
            first.setdefault((one.taken.loss, one.taken.of), lines.of(one.place[0])[0])
    return [Remark("taken", f"${loss}$ is taken as a function of ${of}$: nothing defines it", line, 1)
            for (loss, of), line in first.items()]  # fmt: skip


def _remark(note: Note, lines: Lines) -> Remark:
    return Remark(note.kind, note.message, *lines.of(note.place[0]))
