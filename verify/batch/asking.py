"""`check`: one formula, from any thread, in a worker that is shared, watched and ended with the program."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from verify.batch.faults import report
from verify.batch.guard import guarded
from verify.batch.pool import Pool
from verify.batch.settings import CHECKER, SECONDS, Settings, load, time_limit
from verify.checking.answer import Answer
from verify.checking.question import BadQuestion, Question, Width

_POOLS: dict[int, Pool] = {}
_LOCK = threading.Lock()


def check(
    formula: str,
    *,
    layers: Sequence[Width] = (2, 3, 1),
    activations: str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]] = "sigmoid",
    loss: str = "half-squared-error",
    bias: bool = True,
    notation: str = "auto",
    given: Sequence[str] | None = None,
    assume: Sequence[str] = (),
    layout: str = "denominator",
    first_layer: int | None = None,
    shapes: Mapping[str, Sequence[Width]] | None = None,
    id: Any = None,
    seconds: float = SECONDS,
    isolated: bool = True,
) -> Answer:
    """Check a formula that somebody derived; the fields are those of a record of a batch.

    Whatever the formula does, an answer comes within about `seconds`; an option that is none gives `unreadable` with a
    sentence.  With `isolated=False` the caller's own process answers, without a time limit and without a worker to
    start.  Raises ValueError where `seconds` is no time, `WorkerFailed` where no process can be started.
    """
    record = {
        "formula": formula,
        "layers": layers,
        "activations": activations,
        "loss": loss,
        "bias": bias,
        "notation": notation,
        "given": given,
        "assume": assume,
        "layout": layout,
        "first_layer": first_layer,
        "shapes": shapes,
        "id": id,
    }
    try:
        question = Question.of(record)
    except BadQuestion as error:
        return Answer("unreadable", message=str(error), id=id)
    return ask(question, seconds=seconds, isolated=isolated)


def ask(question: Question, *, seconds: float = SECONDS, isolated: bool = True) -> Answer:
    """The answer to a question; see `check`."""
    limit = time_limit(seconds)
    record = question.record() | {"id": None}
    if isolated:
        return _with_id(_pool().ask(record, limit), question.id)
    found = guarded(load(CHECKER), record)
    if found.report:
        report(found.answer.message, found.report)
    return _with_id(found.answer, question.id)


def _with_id(answer: Answer, id: Any) -> Answer:
    return replace(answer, id=id)


def _pool() -> Pool:
    """The pool of this process; a forked copy of it makes its own."""
    with _LOCK:
        pool = _POOLS.get(os.getpid())
        if pool is None:
            pool = _POOLS[os.getpid()] = Pool(Settings())
            atexit.register(pool.close)
        return pool


def _copied() -> None:
    """A forked copy leaves the workers to their parent."""
    for pool in _POOLS.values():
        atexit.unregister(pool.close)
    _LOCK.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_copied)
