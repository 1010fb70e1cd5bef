"""Workers that threads share: each question takes an idle one, or a new one, or waits for its turn."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

from verify.batch.faults import WorkerFailed
from verify.batch.settings import Settings
from verify.batch.worker import Task, Worker, heard
from verify.checking.answer import Answer

TRIALS = 2
"""So often a worker is started before it is said that none can be."""


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


class Pool:
    """At most `most` workers of one kind; `ask` may be called from any thread, `close` ends them all."""

    def __init__(self, settings: Settings, most: int | None = None) -> None:
        self.settings = settings
        self._turns = threading.BoundedSemaphore(most or cores())
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._closed = False

    def ask(self, record: dict[str, Any], seconds: float) -> Answer:
        """The answer to a record (JSON); raises `WorkerFailed` where no worker can be started."""
        task = Task.of(0, record, seconds)
        with self._turns:
            while True:
                with self._worker(fresh=task.tries > 0) as worker:
                    worker.give(task)
                    settled = worker.settle(heard(worker.events, worker.due))
                if settled.answers:
                    return settled.answers[0][1]

    def close(self) -> None:
        """End every worker; whoever waits for an answer gets `WorkerFailed`."""
        with self._lock:
            self._closed = True
            workers = list(self._all)
            self._idle.clear()
            self._all.clear()
        for worker in workers:
            worker.kill()

    @contextmanager
    def _worker(self, fresh: bool) -> Iterator[Worker]:
        """A worker that is ready; it is kept for the next question if it lives and owes no answer."""
        worker = self._waiting(fresh) or self._started()
        kept = False
        try:
            yield worker
            kept = not worker.pending and worker.alive()
        finally:
            if not (kept and self._put_back(worker)):
                worker.kill()
                with self._lock:
                    self._all.discard(worker)

    def _waiting(self, fresh: bool) -> Worker | None:
        """An idle worker that is still alive, the one used last, which is warmest."""
        while not fresh:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None or (worker.alive() and worker.events.empty()):
                return worker
            worker.kill()
            with self._lock:
                self._all.discard(worker)
        return None

    def _put_back(self, worker: Worker) -> bool:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
            return not self._closed

    def _started(self) -> Worker:
        why = ""
        for _ in range(TRIALS):
            worker = self._new()
            try:
                settled = worker.settle(heard(worker.events, worker.due))
            except BaseException:
                worker.kill()
                raise
            if not settled.gone:
                return worker
            why = settled.stillborn
            with self._lock:
                self._all.discard(worker)
        raise WorkerFailed(f"no worker can be started ({why})")

    def _new(self) -> Worker:
        with self._lock:
            if self._closed:
                raise WorkerFailed("the checker has been closed")
            try:
                worker = Worker(self.settings, SimpleQueue())
            except OSError as error:
                raise WorkerFailed(f"no worker can be started ({error})") from error
            self._all.add(worker)
            return worker
