"""Work for many machines: a Dask cluster answers a batch as one worker, or maps a function over records, in order.

A machine that dies takes its work with it; the scheduler gives that to another, and each result is taken once.  Only
records and the names of functions of this package are sent, never code; whoever can reach a scheduler can have it run
what they like, so it belongs in a network of one's own (the documentation of Dask says more).
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

from verify.batch.faults import died
from verify.batch.records import to_answer
from verify.batch.settings import Settings
from verify.batch.worker import Event, Settled, Task
from verify.extras import install

CONNECT_SECONDS = 10.0
AHEAD = 4
"""So many pieces for each thread of the cluster are on their way."""


class NoCluster(OSError):
    """No scheduler answers, or Dask is not installed; the message is one sentence."""


class Cluster:
    """A connection to a scheduler.  Raises `NoCluster`."""

    def __init__(self, address: str) -> None:
        self.address = address
        try:
            from distributed import Client  # here: an extra, and slow to import
        except ImportError as error:
            raise NoCluster(f"a cluster needs Dask: {install('cluster')}") from error
        try:
            self.client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:  # TypeError: an address that is none
            raise NoCluster(f"no Dask scheduler answers at {address}") from error
        self.name = uuid4().hex

    @property
    def threads(self) -> int:
        """How many pieces of work the cluster does at once."""
        workers: dict[str, Any] = self.client.scheduler_info(n_workers=-1)["workers"]
        return sum(one["nthreads"] for one in workers.values())

    def submit(self, number: int, function: Callable[..., Any], *arguments: Any) -> Any:
        """A future: a function is called on some machine, and again on another where that dies, but for its errors.

        After how many deaths the scheduler gives up is its own setting, `distributed.scheduler.allowed-failures`.
        """
        key = f"backproof-{self.name}-{number}"
        return self.client.submit(function, *arguments, key=key, pure=False)

    def close(self) -> None:
        """Lets go of everything that is still on its way."""
        self.client.close()


@dataclass(eq=False)
class Crew:
    """The machines of a cluster as one worker of a batch: see `verify.batch.worker.Worker`, whose place it takes."""

    address: str
    settings: Settings
    events: SimpleQueue[Any]
    ready: bool = True
    due: float = math.inf
    pending: deque[Task] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Connects; raises `NoCluster`."""
        self.cluster = Cluster(self.address)
        self._results: deque[tuple[int, Any]] = deque()
        self._futures: dict[int, Any] = {}
        self._looked, self._most = -math.inf, AHEAD

    def has_room(self, task: Task) -> bool:
        """Whether a task can be given now; the cluster may grow and shrink meanwhile."""
        if time.monotonic() - self._looked > 1.0:
            self._looked, self._most = time.monotonic(), AHEAD * max(1, self.cluster.threads)
        return len(self.pending) < self._most

    def give(self, task: Task) -> None:
        """Send a task; an event says when it is done."""
        from verify.batch.far import answered  # by name for the machines; nothing here calls it

        self.pending.append(task)
        future = self.cluster.submit(task.number, answered, task.record, task.seconds, self.settings.record())
        self._futures[task.number] = future
        future.add_done_callback(lambda done: self._done(task.number, done))

    def _done(self, number: int, future: Any) -> None:
        self._results.append((number, future))
        self.events.put(Event(self, b"", time.monotonic()))

    def settle(self, event: Event | None) -> Settled:
        """The answers that came; where the scheduler is gone, everything is to be asked again."""
        found: list[tuple[Task, Any]] = []
        while self._results:
            number, future = self._results.popleft()
            task = next((one for one in self.pending if one.number == number), None)
            if task is None:
                continue
            if future.status in ("cancelled", "lost"):
                self.kill()
                return Settled(tuple(found), tuple(self.pending), gone=True, stillborn=f"{self.address} is gone")
            self.pending.remove(task)
            found.append((task, _answer(future)))
            self._futures.pop(number).release()
        return Settled(tuple(found))

    def alive(self) -> bool:
        """Whether the scheduler is still connected."""
        return bool(self.cluster.client.status == "running")

    def kill(self) -> None:
        """Lets go of the cluster, and of what it was asked."""
        self.cluster.close()


def _answer(future: Any) -> Any:
    """What came back, or that no machine survived the question."""
    error = future.exception()
    if error is not None:
        return died(type(error).__name__, str(error))
    return to_answer(future.result())


def _result(future: Any, address: str, lost: Callable[[str], Any] | None) -> Any:
    from distributed import KilledWorker  # here: an extra, which a connection has imported

    try:
        return future.result()
    except CancelledError:
        raise NoCluster(f"the Dask scheduler at {address} is gone; start it, and the command, again") from None
    except KilledWorker:
        said = "one machine after another died with it: smaller sizes may do, or machines with more memory"
        if lost is None:
            raise NoCluster(f"a piece of work was given up, since {said}") from None
        return lost(said)


def spread(
    function: str, records: Iterable[Any], address: str, lost: Callable[[str], Any] | None = None
) -> Iterator[Any]:
    """The results of `module:function` of this package for each record (JSON), in order, from a cluster.

    `lost` makes of a sentence what stands for a record on which one machine after another died.  Raises `NoCluster`
    where no cluster answers or it is gone, or machines die and there is no `lost`; and the function's own errors.
    """
    from verify.batch.far import called  # by name for the machines

    cluster = Cluster(address)
    flying: deque[Any] = deque()
    try:
        most = AHEAD * max(1, cluster.threads)
        for number, record in enumerate(records):
            flying.append(cluster.submit(number, called, function, record))
            if len(flying) >= most:
                yield _result(flying.popleft(), address, lost)
        while flying:
            yield _result(flying.popleft(), address, lost)
    finally:
        cluster.close()
