"""Pipes whose writing ends this process alone holds and never uses: who holds a reading end learns of its death.

Each worker has a pipe of its own, because the order to send a signal at its end belongs to the pipe, not to the reader.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

NONE = -1
_HELD: set[int] = set()
_LOCK = threading.Lock()


def new() -> tuple[int, int]:
    """A reading end, to be handed to a worker and then closed, and a writing end; NONE where neither can be handed."""
    if sys.platform == "win32":
        return NONE, NONE
    with _LOCK:
        reading, writing = map(_above, os.pipe())
        _HELD.add(writing)
        return reading, writing


def _above(end: int) -> int:
    """An end beyond the numbers of input and outputs: where this process closed its own, the worker has them still."""
    if sys.platform == "win32" or end > 2:
        return end
    import fcntl  # here, since Windows has none

    try:
        return fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 3)
    finally:
        os.close(end)


def close(writing: int) -> None:
    """The worker of this writing end is gone."""
    with _LOCK:
        if writing in _HELD:
            _HELD.remove(writing)
            os.close(writing)


def _copied() -> None:
    """A forked copy of this process is not the parent of its workers, and must not keep them alive."""
    for writing in _HELD:
        with suppress(OSError):  # another hook of the copy may have closed everything already
            os.close(writing)
    _HELD.clear()
    _LOCK.release()


if sys.platform != "win32":
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_copied)
