"""Asks the checker once and gives an answer whatever happens inside: its own errors become `undecided`, with a report.

Used in the worker and, without isolation, in the caller's own process.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from verify.checking.answer import Answer
from verify.checking.question import BadQuestion, Question

Asked = Callable[[Question], Answer]
TOO_DEEP = "this formula is nested too deeply for a verdict"
TOO_LARGE = "there is no verdict on this formula within the memory limit"
MOST_REPORT = 20_000


@dataclass(frozen=True, slots=True)
class Guarded:
    """An answer; `report` is the traceback of an error of the checker; `spent` says that memory ran out on the way."""

    answer: Answer
    report: str = ""
    spent: bool = False


def guarded(asked: Asked, record: Any) -> Guarded:
    """Ask about a record (JSON); `ms` of the answer is the time that this took."""
    start = time.perf_counter()
    found = _guarded(asked, record)
    return replace(found, answer=replace(found.answer, ms=1000 * (time.perf_counter() - start)))


def _guarded(asked: Asked, record: Any) -> Guarded:
    try:
        answer = asked(Question.of(record))
        if isinstance(answer, Answer):
            return Guarded(answer)
        return _failed(f"the checker gave {type(answer).__name__}, no answer")
    except BadQuestion as error:
        return Guarded(Answer("unreadable", message=str(error)))
    except RecursionError:
        return Guarded(Answer("undecided", message=TOO_DEEP))
    except MemoryError:
        spent = True  # the answer is made below, when the frames that hold the memory are gone
    except (Exception, SystemExit) as error:  # `exit` in the checker is an error like any other
        return _failed(_named(error), "".join(traceback.format_exception(error)))
    return Guarded(Answer("undecided", message=TOO_LARGE), spent=spent)


def _named(error: BaseException) -> str:
    """The type of an error and the beginning of its text."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said[:200]}" if said else type(error).__name__


def _failed(what: str, report: str = "") -> Guarded:
    message = f"an error of the checker itself, not of the formula: {what}"
    return Guarded(Answer("undecided", message=message), (report or what)[-MOST_REPORT:])
