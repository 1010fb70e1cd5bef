"""The worker's side: reads questions from its standard input, one JSON line each, and writes one line for each.

Lines that it reads: the settings, then `{"record": …, "seconds": …}`.  Lines that it writes:
`{"ready": true, "report": …}`, then `{"answer": …, "report": …, "last": …}`; after a line with `last` it ends.  The
end of the input ends it as well.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
from typing import Any, BinaryIO

from verify.batch import limits
from verify.batch.guard import Asked, Guarded, guarded
from verify.batch.settings import MOST_REPLY, load
from verify.checking.answer import Answer


def main(life: int) -> None:
    """Answer until the input ends; `life` is the pipe whose end says that the parent is gone, or -1."""
    questions, channel = _own_pipes()
    limits.settle_signals()
    if life >= 0:
        limits.die_with_parent(life)
    limits.volunteer()
    settings = json.loads(questions.readline())
    asked = load(settings["answer"])
    reports = [guarded(asked, record).report for record in settings["warm"]]
    gc.collect()
    gc.freeze()  # what was loaded stays: the collector need not look at it again
    _say(channel, json.dumps({"ready": True, "report": "\n".join(filter(None, reports))}).encode() + b"\n")
    limits.limit_memory(settings["memory"])
    limits.forbid(settings["processes"])
    _serve(asked, settings, questions, channel)


def _own_pipes() -> tuple[BinaryIO, int]:
    """The two pipes to the parent; who else reads finds nothing, and what else is printed goes to the error output."""
    questions, channel = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    faulthandler.enable(2)
    return questions, channel


def _serve(asked: Asked, settings: dict[str, Any], questions: BinaryIO, channel: int) -> None:
    most = limits.held() + settings["kept"]
    for number, line in enumerate(questions, start=1):
        task = json.loads(line)
        limits.alarm(task["seconds"] + limits.ALARM_GRACE)
        found = guarded(asked, task["record"])
        last = found.spent or number >= settings["answers"] or limits.held() > most
        reply = _line(found, last)
        limits.alarm(0)
        _say(channel, reply)
        if last:
            return


def _line(found: Guarded, last: bool) -> bytes:
    """The reply; an answer that is no JSON, or is too long, is an error of the checker."""
    try:
        said = {"answer": found.answer.record(), "report": found.report, "last": last}
        reply = json.dumps(said, allow_nan=False).encode() + b"\n"
        problem = "" if len(reply) <= MOST_REPLY else f"its answer is longer than {MOST_REPLY:,} bytes"
    except (TypeError, ValueError, RecursionError) as error:
        problem = f"its answer is no JSON: {error}"
    if not problem:
        return reply
    answer = Answer("undecided", message=f"an error of the checker itself: {problem[:200]}", ms=found.answer.ms)
    return json.dumps({"answer": answer.record(), "report": problem, "last": last}).encode() + b"\n"


def _say(channel: int, line: bytes) -> None:
    """Write all of a line."""
    while line:
        line = line[os.write(channel, line) :]
