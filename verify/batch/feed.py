"""The input of a batch: opens it, and reads it in a thread of its own, as far ahead as there is room."""

from __future__ import annotations

import io
import os
import stat
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from verify.batch.output import BatchError
from verify.batch.records import Line, lines
from verify.batch.room import Room

PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class End:
    """The end of the input, or the error that ended it."""

    error: Exception | None = None


class Feed:
    """Lines of a path or an open stream; `facts` is what the system knows of it, where it is a file."""

    def __init__(self, source: Any) -> None:
        """Open the input; raises `BatchError`."""
        self.stream: BinaryIO
        self.stream, self.ours = _opened(source)
        self.facts = _facts(self.stream)
        self.lines: Iterator[Line] = lines(self.stream)
        self.thread: threading.Thread | None = None

    @property
    def length(self) -> int | None:
        """How many bytes there are to be read, where that is known."""
        return self.facts.st_size if self.facts and stat.S_ISREG(self.facts.st_mode) else None

    def next(self) -> Line | None:
        """The next line, before the thread is started."""
        with _read_errors():
            return next(self.lines, None)

    def start(self, room: Room, events: SimpleQueue[Any]) -> None:
        """From now on put every line into the queue, and then an `End`."""
        self.thread = threading.Thread(target=self._feed, args=(room, events), daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop; a thread that waits for input that does not come is left to the end of the program."""
        if self.thread:
            self.thread.join(PATIENCE)
        if self.ours and not (self.thread and self.thread.is_alive()):
            self.stream.close()

    def _feed(self, room: Room, events: SimpleQueue[Any]) -> None:
        try:
            for line in self.lines:
                if not room.enter(line.size):
                    return
                events.put(line)
            events.put(End())
        except Exception as error:  # whatever it is, it is said where the answers are written
            events.put(End(error))


def unreadable(error: Exception) -> BatchError:
    """The sentence about an input that cannot be read."""
    return BatchError(f"the input cannot be read: {getattr(error, 'strerror', None) or error}")


class _read_errors:
    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError | ValueError):
            raise unreadable(error) from error


def _opened(source: Any) -> tuple[Any, bool]:
    """The bytes of a path or a stream, and whether they are ours to close."""
    if isinstance(source, str | os.PathLike):
        try:
            return Path(source).open("rb"), True
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise BatchError(f"{str(source)!r} cannot be read: {why}") from error
    if source is not None and source in (sys.stdin, getattr(sys.stdin, "buffer", None)):
        # A copy: the interpreter cannot end in peace while a thread waits in its own standard input.
        return os.fdopen(os.dup(source.fileno()), "rb"), True
    if isinstance(source, io.StringIO):
        return io.BytesIO(source.read().encode("utf-8", "surrogatepass")), True
    return getattr(source, "buffer", source), False


def _facts(stream: BinaryIO) -> os.stat_result | None:
    try:
        return os.fstat(stream.fileno())
    except (OSError, AttributeError):  # a stream in memory has no number
        return None
