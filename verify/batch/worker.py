"""The parent's side of a worker: a process with three pipes that answers in order, is watched, and can be killed.

Whoever owns a worker gives it tasks and gets `Event`s from the queue that it named; `Worker.settle` says what follows
from an event.  Only one thread may use a worker at a time.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from verify.batch import lifeline
from verify.batch.faults import died, ending, out_of_time, report
from verify.batch.records import to_answer
from verify.batch.settings import MOST_REPLY, START_SECONDS, Settings
from verify.batch.starting import started
from verify.checking.answer import Answer

AHEAD = 3
"""How many tasks a worker may hold, the one that it is about included."""
AHEAD_BYTES = 4_000
"""So many bytes fit into a pipe on every platform: sending ahead never waits for the worker to read."""
TAIL = 16_384
"""So much of what a worker prints is kept, to be told if it dies."""
PATIENCE = 5.0
"""How long a killed process and its pipes are waited for."""
LULL = 0.01
"""How long a pipe is listened to at least, however late it is."""


@dataclass(slots=True)
class Task:
    """A question on its way: `record` as a worker reads it is `line`; `tries` counts the workers that died of it."""

    number: int
    record: dict[str, Any]
    line: bytes
    seconds: float
    tries: int = 0

    @staticmethod
    def of(number: int, record: dict[str, Any], seconds: float) -> Task:
        """The task of a record; its id stays here."""
        asked = {name: value for name, value in record.items() if name != "id"}
        return Task(number, asked, json.dumps({"record": asked, "seconds": seconds}).encode() + b"\n", seconds)


@dataclass(frozen=True, slots=True)
class Event:
    """A line that a worker wrote, and when it came; an empty one is the end of its output."""

    worker: Any
    line: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows from an event: answers, tasks to ask again, whether the worker is gone, and why it never started."""

    answers: tuple[tuple[Task, Answer], ...] = ()
    again: tuple[Task, ...] = ()
    gone: bool = False
    stillborn: str = ""


@dataclass(slots=True)
class _Tail:
    """The end of what a worker printed."""

    text: bytes = b""

    def add(self, more: bytes) -> None:
        self.text = (self.text + more)[-TAIL:]


@dataclass(eq=False)
class Worker:
    """A process that answers; made, it is starting, and `due` says until when something must be heard from it."""

    settings: Settings
    events: SimpleQueue[Any]
    ready: bool = False
    pending: deque[Task] = field(default_factory=deque)
    due: float = math.inf
    killed: bool = False

    def __post_init__(self) -> None:
        """Start the process; raises OSError where none can be started."""
        self.process, self.life = started()
        try:
            self.tail = _Tail()
            self.threads = [threading.Thread(target=one, daemon=True) for one in (self._listen, self._overhear)]
            for thread in self.threads:
                thread.start()
            self.due = time.monotonic() + START_SECONDS
            self._write(json.dumps(self.settings.record()).encode() + b"\n")
        except BaseException:  # Ctrl-C, or no more threads: nobody else would know of the process
            self.kill()
            raise

    def has_room(self, task: Task) -> bool:
        """Whether a task can be given now without waiting."""
        if not self.ready or len(self.pending) >= AHEAD:
            return False
        return not self.pending or sum(len(one.line) for one in self.pending) + len(task.line) <= AHEAD_BYTES

    def give(self, task: Task) -> None:
        """Send a task; the clock runs from now, or from the answer before it."""
        if not self.pending:
            self.due = time.monotonic() + task.seconds
        self.pending.append(task)
        self._write(task.line)

    def settle(self, event: Event | None) -> Settled:
        """What follows from an event, or (None) from its absence when the time was up."""
        if event is None:
            return self._late() if self.ready else self._dead("it is not ready in time")
        if not event.line.endswith(b"\n"):
            return self._dead("it said what is no answer" if event.line else "")
        if not self.ready:
            return self._started(event.line)
        reply = _reply(event.line)
        if reply is None or not self.pending:
            return self._dead("it said what is no answer")
        return self._answered(reply, event.at)

    def _started(self, line: bytes) -> Settled:
        try:
            said = json.loads(line)
            self.ready, problem = said["ready"] is True, str(said["report"])
        except (ValueError, KeyError, TypeError):
            return self._dead("it said what it should not")
        self.due = math.inf
        if problem:
            report("an error of the checker itself, before the first question", problem)
        return Settled()

    def _answered(self, reply: _Reply, at: float) -> Settled:
        task = self.pending.popleft()
        self.due = at + self.pending[0].seconds if self.pending else math.inf
        if reply.report:
            report(reply.answer.message, reply.report)
        if not reply.last:
            return Settled(((task, reply.answer),))
        self.kill()
        return Settled(((task, reply.answer),), tuple(self.pending), gone=True)

    def _late(self) -> Settled:
        """The first task had its time; those behind it had none."""
        self.kill()
        task, *others = self.pending
        return Settled(((task, out_of_time(task.seconds)),), tuple(others), gone=True)

    def _dead(self, how: str) -> Settled:
        """A worker died: the first task is asked once more, since whatever killed the worker may be no fault of it."""
        expected = self.killed
        self.kill()
        how = how or ending(self.process.returncode)
        said = self.tail.text.decode("utf-8", "replace")
        if not self.ready:
            return Settled(gone=True, stillborn=" ".join([f"{how}:", *said.split()]) if said.strip() else how)
        if not self.pending:
            return Settled(gone=True)
        task, *others = self.pending
        if how == "SIGALRM":  # the kernel was faster than the parent, which had been stopped
            return Settled(((task, out_of_time(task.seconds)),), tuple(others), gone=True)
        if not expected:
            report(f"a worker ended ({how})", said)
        task.tries += 1
        if task.tries < 2:
            return Settled((), (task, *others), gone=True)
        return Settled(((task, died(how, said)),), tuple(others), gone=True)

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End the process and all that it may have started, wait for it, and close its pipes."""
        self.killed = True
        if self.process.poll() is None:
            if sys.platform == "win32":
                self.process.kill()
            else:
                with suppress(ProcessLookupError):  # it ended between the two lines
                    os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):  # the system holds it, and will let it end
            self.process.wait(PATIENCE)
        lifeline.close(self.life)
        for thread in self.threads:
            if thread.ident is not None:
                thread.join(PATIENCE)
        with suppress(OSError):  # what it had not read is lost with it
            if self.process.stdin:
                self.process.stdin.close()
        for pipe, thread in zip((self.process.stdout, self.process.stderr), self.threads, strict=True):
            if pipe and not thread.is_alive():
                pipe.close()

    def _write(self, line: bytes) -> None:
        """Send a line; that a worker is dead is heard from its output, with what it said before."""
        with suppress(OSError, ValueError):  # ValueError: the pipe was closed by `kill` in another thread
            if self.process.stdin:
                self.process.stdin.write(line)
                self.process.stdin.flush()

    def _listen(self) -> None:
        output = self.process.stdout
        line = b""
        while output and (line := output.readline(MOST_REPLY + 1)).endswith(b"\n"):
            self.events.put(Event(self, line, time.monotonic()))
        self.events.put(Event(self, line[:1], time.monotonic()))

    def _overhear(self) -> None:
        output = self.process.stderr
        while output and (more := os.read(output.fileno(), 1 << 16)):
            self.tail.add(more)


def heard(events: SimpleQueue[Any], due: float) -> Any | None:
    """The next event, or None when there is none until `due`; what came while nobody listened still counts."""
    left = due - time.monotonic()
    try:
        return events.get(timeout=None if due == math.inf else max(left, LULL))
    except Empty:
        return None


@dataclass(frozen=True, slots=True)
class _Reply:
    answer: Answer
    report: str
    last: bool


def _reply(line: bytes) -> _Reply | None:
    """A worker's line, or None where it is no reply."""
    try:
        said = json.loads(line)
        return _Reply(to_answer(said["answer"]), str(said["report"]), bool(said["last"]))
    except (ValueError, KeyError, TypeError):
        return None
