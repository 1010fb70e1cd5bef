"""Questions to the checker from the command: each in a process that can be killed, and read a second time."""

from __future__ import annotations

import atexit
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from threading import Thread

from reports.checking.options import Options
from reports.checking.twice import agreed, disagreement
from verify.batch.asking import ask as ask_shared
from verify.batch.faults import WorkerFailed
from verify.batch.pool import Pool
from verify.batch.settings import SECONDS, Settings
from verify.checking.answer import Answer
from verify.checking.question import Question
from verify.second.opinion import warmed

_STARTING: list[Thread] = []
"""The threads that start a worker before there is anything to ask."""


def ask(question: Question, options: Options) -> Answer:
    """The answer to a question; raises `WorkerFailed` where no process can be started."""
    seconds = SECONDS if options.seconds is None else options.seconds
    if options.second is False:
        return _asked(question, seconds, options.memory)
    with ThreadPoolExecutor(1) as beside:  # both processes start at once
        other = beside.submit(disagreement, question)
        return agreed(_asked(question, seconds, options.memory), other.result())


def started(options: Options) -> None:
    """Starts the processes without waiting for them, while the caller reads what it will ask about."""
    if options.second is not False:
        warmed()
    if options.memory is None:
        _STARTING.append(Thread(target=_first, name="first question", daemon=True))
        _STARTING[-1].start()


def _first() -> None:
    """A question that any worker answers at once; where none can be started, the questions behind it say so."""
    with suppress(WorkerFailed):
        ask_shared(Question("1 = 1"))


def _asked(question: Question, seconds: float, memory: int | None) -> Answer:
    if memory is None:
        for one in _STARTING:  # else a second worker would be started beside the first
            one.join()
        return ask_shared(question, seconds=seconds)
    return _limited(memory).ask(question.record(), seconds)


@cache
def _limited(memory: int) -> Pool:
    """The workers with so much memory, started once and ended with the program."""
    pool = Pool(Settings(memory=memory))
    atexit.register(pool.close)
    return pool
