"""A batch: JSON Lines in, one answer for each line that is not blank, in order, whatever the lines hold.

The input is read as far ahead as there is room; the answers come from `jobs` workers, and wait until those before them
are written.  Memory is bounded by the room, never by the length of the file.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from verify.batch.cluster import Crew, NoCluster
from verify.batch.feed import End, Feed, unreadable
from verify.batch.output import BatchError, Given, Sink, sink
from verify.batch.pool import TRIALS, cores
from verify.batch.records import Line, answer_line
from verify.batch.room import Room
from verify.batch.settings import MEMORY, SECONDS, Settings, time_limit
from verify.batch.worker import Event, Settled, Task, Worker, heard
from verify.checking.answer import Answer

MOST_JOBS = 256
EVERY = 0.1
"""So many seconds lie at least between two calls of `progress`."""
SLACK = 0.05
"""An event so long after a worker's time was up says that nothing from that worker is still on its way."""


Start = Callable[[SimpleQueue[Any]], Worker | Crew]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a batch; the text says where the answers so far are."""


@dataclass(frozen=True)
class Progress:
    """How far a batch is.

    `answered` answers are written, `resumed` of them by an earlier run, `verdicts` counts them; `part` is the part of
    the input that is answered, from 0 to 1, or None where nobody knows its length.
    """

    answered: int
    resumed: int
    verdicts: dict[str, int]
    part: float | None
    done: bool = False


def run(
    source: Any,
    target: Any,
    *,
    jobs: int | None = None,
    resume: bool = False,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    progress: Callable[[Progress], None] | None = None,
    settings: Settings | None = None,
    scheduler: str | None = None,
) -> Progress:
    """Answer every record of `source` into `target`; each is a path or an open stream.

    With `scheduler`, the address of a Dask scheduler, its machines answer, and `jobs` says nothing.

    Returns the last `Progress`.  Raises `BatchError` with a sentence where the input cannot be read, the output cannot
    be written, an earlier part belongs to another input, or no worker can be started; `Interrupted` on Ctrl-C;
    ValueError for limits that are none.  In each case what has been written stays, and `resume` goes on with it.
    """
    if jobs is not None and (isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= MOST_JOBS):
        raise ValueError(f"`jobs` must be a whole number from 1 to {MOST_JOBS}, not {jobs!r}")
    limit, kind = time_limit(seconds), settings or Settings(memory=memory)
    feed = Feed(source)
    try:
        output = sink(target, resume, feed.facts)
        start, most = _starting(kind, jobs, scheduler)
        batch = _Batch(feed, output, start, most, limit, progress or _silent)
        return batch.run()
    finally:
        feed.close()


def _silent(news: Progress) -> None:
    """Nobody wants to know."""


class _Batch:
    """One run: what is read and not yet given, given and not yet answered, answered and not yet written."""

    def __init__(
        self,
        feed: Feed,
        output: Sink,
        start: Start,
        jobs: int,
        seconds: float,
        progress: Callable[[Progress], None],
    ) -> None:
        self.feed, self.output, self.start = feed, output, start
        self.jobs, self.seconds, self.progress = jobs, seconds, progress
        self.events: SimpleQueue[Any] = SimpleQueue()
        self.room = Room()
        self.workers: list[Worker | Crew] = []
        self.waiting: deque[Task] = deque()
        self.lines: dict[int, Line] = {}
        self.answers: dict[int, dict[str, Any]] = {}
        self.read = self.written = self.resumed = self.failures = 0
        self.ended = False
        self.problem: Exception | None = None
        self.verdicts: Counter[str] = Counter()
        self.place = 0
        self.told = 0.0

    def run(self) -> Progress:
        """Everything, from the first line to the last."""
        try:
            self._skip()
        except BaseException:
            self.output.leave()
            raise
        try:
            self.feed.start(self.room, self.events)
            while not (self.ended and self.written == self.read):
                self._hand_out()
                self._hear(heard(self.events, min((worker.due for worker in self.workers), default=float("inf"))))
                self._write()
            if self.problem:
                raise unreadable(self.problem)
            self.output.finish()
        except KeyboardInterrupt as error:
            raise Interrupted(self._stopped("interrupted")) from error
        except BatchError as error:
            raise BatchError(self._stopped(str(error))) from error
        except BaseException:
            self.output.leave()
            raise
        finally:
            self.room.close()
            for worker in self.workers:
                worker.kill()
        return self._tell(done=True)

    def _stopped(self, why: str) -> str:
        return "; ".join(filter(None, (why, self.output.leave())))

    def _skip(self) -> None:
        """Leave out the lines that an earlier run answered, if these answers are theirs."""
        for given in self.output.kept():
            line = self.feed.next()
            if line is None or not _belongs(given, line):
                where = f"answer {self.written + 1} is not about " + (f"line {line.number}" if line else "any line")
                raise BatchError(f"what is there answers another input: {where}; nothing was changed")
            self.verdicts[given.verdict] += 1
            self.place = line.end
            self.read = self.written = self.resumed = self.written + 1

    def _hand_out(self) -> None:
        """Give what waits to whoever has least to do, and start another worker where that is not enough."""
        while self.waiting:
            task = self.waiting[0]
            free = [worker for worker in self.workers if worker.has_room(task)]
            if not free:
                break
            min(free, key=lambda worker: len(worker.pending)).give(self.waiting.popleft())
        idle = sum(not worker.pending for worker in self.workers)
        if len(self.waiting) > idle and len(self.workers) < self.jobs:
            self.workers.append(self._started())

    def _hear(self, event: Any) -> None:
        """Take an event, or its absence."""
        if isinstance(event, Line):
            self._take(event)
        elif isinstance(event, End):
            self.ended, self.problem = True, event.error
        elif event and event.worker in self.workers:
            self._settle(event.worker, event.worker.settle(event))
        now = event.at - SLACK if isinstance(event, Event) else time.monotonic() if event is None else 0.0
        for worker in [one for one in self.workers if one.due <= now]:
            self._settle(worker, worker.settle(None))

    def _take(self, line: Line) -> None:
        number, self.read = self.read, self.read + 1
        self.lines[number] = line
        if line.record is None:
            self.answers[number] = line.answer()
        else:
            self.waiting.append(Task.of(number, line.record, self.seconds))

    def _started(self) -> Worker | Crew:
        try:
            return self.start(self.events)
        except NoCluster as error:
            raise BatchError(str(error)) from error
        except OSError as error:
            raise BatchError(f"no worker can be started ({error})") from error

    def _settle(self, worker: Worker | Crew, settled: Settled) -> None:
        for task, answer in settled.answers:
            self._answered(task.number, answer)
        self.waiting.extendleft(reversed(settled.again))
        self.failures = self.failures + 1 if settled.stillborn else 0 if worker.ready else self.failures
        if settled.gone:
            self.workers.remove(worker)
        if self.failures >= TRIALS:
            raise BatchError(f"no worker can be started ({settled.stillborn})")

    def _answered(self, number: int, answer: Answer) -> None:
        self.answers[number] = self.lines[number].answered(answer)

    def _write(self) -> None:
        """Write what is next in order."""
        while self.written in self.answers:
            answer, line = self.answers.pop(self.written), self.lines.pop(self.written)
            self.output.write(answer_line(answer))
            self.written += 1
            self.place = line.end
            self.verdicts[answer["verdict"]] += 1
            self.room.leave(line.size)
        if time.monotonic() - self.told >= EVERY:
            self._tell()

    def _tell(self, done: bool = False) -> Progress:
        self.told = time.monotonic()
        length = self.feed.length
        part = 1.0 if done else min(1.0, self.place / length) if length else None
        news = Progress(self.written, self.resumed, dict(self.verdicts), part, done)
        self.progress(news)
        return news


def _belongs(given: Given, line: Line) -> bool:
    """Whether an answer can be the one to a line."""
    return given.id == line.id and type(given.id) is type(line.id) and given.line in (None, line.number)


def _starting(settings: Settings, jobs: int | None, scheduler: str | None) -> tuple[Start, int]:
    """How a worker is started, and how many there may be: a cluster is one that answers as many."""
    if scheduler is not None:
        return (lambda events: Crew(scheduler, settings, events)), 1
    return (lambda events: Worker(settings, events)), jobs or min(cores(), MOST_JOBS)
