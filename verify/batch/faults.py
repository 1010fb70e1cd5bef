"""What is answered where there is no verdict: out of time, out of memory, a dead worker; and reports of our errors."""

from __future__ import annotations

import re
import signal
import sys
from collections import Counter

from verify.batch.guard import TOO_LARGE
from verify.checking.answer import Answer


class WorkerFailed(RuntimeError):
    """No worker can be started: nothing can be asked."""


OUT_OF_MEMORY = ("MemoryError", "allocate memory", "bad_alloc", "out of memory")
"""What libraries print before they give up for want of memory."""
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_REPORTED: Counter[str] = Counter()


def out_of_time(seconds: float) -> Answer:
    """The answer for a formula that took longer than it may."""
    return Answer("undecided", message=f"there is no verdict within the time limit of {seconds:g} s", ms=1000 * seconds)


def died(how: str, said: str) -> Answer:
    """The answer for a formula on which workers die; `said` is the end of what the last one printed."""
    if any(mark in said for mark in OUT_OF_MEMORY):
        return Answer("undecided", message=TOO_LARGE)
    return Answer("undecided", message=f"the checker ended without a verdict on this formula ({how})")


def ending(code: int | None) -> str:
    """How a process ended, from its exit code."""
    if code is None:
        return "it does not end"
    if code >= 0:
        return f"exit code {code}"
    known = {int(one): one.name for one in signal.Signals}
    return known.get(-code, f"signal {-code}")


def report(what: str, details: str) -> None:
    """Say on the error output what went wrong inside: in full the first time, then at 10, 100, 1000 times how often."""
    if sys.stderr is None:  # a program without a console; the answer says it all the same
        return
    kind = _ADDRESS.sub("0x...", details.strip())
    place = kind.rpartition("\n")[0] or kind or what  # the last line of a traceback tells of the formula
    _REPORTED[place] += 1
    times = _REPORTED[place]
    if times == 1:
        text = f"checker: {what}\n" + (f"{kind}\n" if kind else "")
    elif times in (10, 100, 1_000, 10_000, 100_000):
        text = f"checker: {what} ({times:,} times so far)\n"
    else:
        return
    sys.stderr.write(text.encode("ascii", "backslashreplace").decode())
    sys.stderr.flush()
