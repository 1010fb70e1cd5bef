"""Questions to the checker from the command: each in a process that can be killed, and read a second time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from reports.checking.options import Options
from reports.checking.twice import agreed, disagreement
from verify.batch.asking import ask as ask_shared
from verify.batch.pool import Pool
from verify.batch.settings import SECONDS, Settings
from verify.checking.answer import Answer
from verify.checking.question import Question


def ask(question: Question, options: Options) -> Answer:
    """The answer to a question; raises `WorkerFailed` where no process can be started."""
    seconds = SECONDS if options.seconds is None else options.seconds
    if options.second is False:
        return _asked(question, seconds, options.memory)
    with ThreadPoolExecutor(1) as beside:  # both processes start at once
        other = beside.submit(disagreement, question)
        return agreed(_asked(question, seconds, options.memory), other.result())


def _asked(question: Question, seconds: float, memory: int | None) -> Answer:
    if memory is None:
        return ask_shared(question, seconds=seconds)
    pool = Pool(Settings(memory=memory), most=1)
    try:
        return pool.ask(question.record(), seconds)
    finally:
        pool.close()
