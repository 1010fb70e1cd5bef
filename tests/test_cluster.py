"""A batch on a cluster: a real scheduler and real machines' processes, one of which is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, ProcessPoolExecutor
from pathlib import Path

import pytest

from reports.certifying.batch import run as certify
from verify.batch.cluster import NoCluster, _result, spread
from verify.batch.output import BatchError
from verify.batch.run import Progress, run

pytest.importorskip("distributed")

FORMULAS = (
    (r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", "correct"),
    (r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)", "incorrect"),
    (r"\delta^3 = (y - a^3) \odot \sigma'(z^3)", "incorrect"),
    (r"\frac{\partial C}{\partial b^3} = \delta^3", "correct"),
    (r"\frac{", "unreadable"),
)
COUNT = 60
ROOT = Path(__file__).resolve().parent.parent


def started(*arguments: str) -> subprocess.Popen[str]:
    """A process of Dask, which says on its error output when it is ready."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", *arguments], stderr=subprocess.PIPE, text=True, env=environment)


def said(process: subprocess.Popen[str], word: str) -> str:
    """The first line of the error output that holds a word."""
    assert process.stderr is not None
    line = next((one for one in process.stderr if word in one), None)
    assert line is not None, f"the process ended without saying {word!r}"
    return line


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    scheduler = started("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    workers: list[subprocess.Popen[str]] = []
    try:
        address = said(scheduler, "Scheduler at:").split()[-1]
        for _ in range(3):
            workers.append(started("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                                   "--no-dashboard", "--host", "127.0.0.1"))  # fmt: skip
        for worker in workers:
            said(worker, "Registered to")
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()


def test_nothing_is_lost_and_nothing_comes_twice_when_a_machine_dies(cluster, tmp_path):
    address, workers = cluster
    chosen = [FORMULAS[number % len(FORMULAS)] for number in range(COUNT)]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    records = [{"id": number, "formula": formula, "layers": [2, 3, 1]} for number, (formula, _) in enumerate(chosen)]
    source.write_text("".join(json.dumps(one) + "\n" for one in records))
    killed: list[int] = []

    def watch(news: Progress) -> None:
        if news.answered and not killed:
            killed.append(workers[0].pid)
            os.kill(workers[0].pid, signal.SIGKILL)

    news = run(source, target, scheduler=address, progress=watch, seconds=20)
    assert killed and workers[0].wait(10) == -signal.SIGKILL
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    assert [one["id"] for one in answers] == list(range(COUNT)) and news.answered == COUNT
    assert [one["verdict"] for one in answers] == [verdict for _, verdict in chosen]


def test_a_function_is_mapped_in_order(cluster):
    address, _ = cluster
    found = list(spread("json:dumps", ({"n": number} for number in range(20)), address))
    assert found == [json.dumps({"n": number}) for number in range(20)]


def test_certificates_of_many_networks_come_from_a_cluster(cluster, tmp_path):
    address, _ = cluster
    records = [{"id": 1, "layers": [2, 3, 1]}, {"id": 2, "layers": [2, "n", 1]},
               {"id": 3, "given": ["f = x^2"], "wrt": ["x"], "dtype": "float32"}]  # fmt: skip
    source, target = tmp_path / "nets.jsonl", tmp_path / "certificates.jsonl"
    source.write_text("".join(json.dumps(one) + "\n" for one in [*records, "no record"]))
    assert certify(source, target, None, address) == 2
    found = [json.loads(line) for line in target.read_text().splitlines()]
    assert [one["id"] for one in found] == [1, 2, 3, None]
    assert [one["holds"] for one in found] == [True, None, True, None]
    assert found[0]["digits"] >= 13 and found[2]["dtype"] == "float32" and "numbers" in found[1]["problem"]


class Ended:
    """A future that ended otherwise than with a result."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def result(self) -> None:
        raise self.error


def test_a_scheduler_that_dies_and_a_record_that_kills_machines_are_sentences():
    from distributed import KilledWorker  # here: an extra

    killed = KilledWorker("task", None, 3)
    with pytest.raises(NoCluster, match="the Dask scheduler at tcp://there is gone; start it, and the command, again"):
        _result(Ended(CancelledError()), "tcp://there", None)
    with pytest.raises(NoCluster, match="given up, since one machine after another died with it"):
        _result(Ended(killed), "tcp://there", None)
    assert _result(Ended(killed), "tcp://there", len) == len(
        "one machine after another died with it: smaller sizes may do, or machines with more memory"
    )
    with pytest.raises(KeyError):
        _result(Ended(KeyError("its own")), "tcp://there", None)


def test_a_process_that_is_killed_ends_a_batch_in_a_sentence(tmp_path, monkeypatch):
    source = tmp_path / "nets.jsonl"
    source.write_text('{"layers": [2, 1]}\n')
    monkeypatch.setattr("reports.certifying.batch.ProcessPoolExecutor", Broken)
    with pytest.raises(BatchError, match="a process was killed, perhaps for want of memory: take fewer --jobs"):
        certify(source, tmp_path / "out.jsonl", 1, None)


class Broken(ProcessPoolExecutor):
    """A pool whose process dies with its first piece of work."""

    def map(self, function, records):
        return super().map(os._exit, [7 for _ in records])


def test_no_scheduler_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("verify.batch.cluster.CONNECT_SECONDS", 0.5)
    source = tmp_path / "in.jsonl"
    source.write_text('{"formula": "a = b"}\n')
    with pytest.raises(BatchError, match="no Dask scheduler answers at tcp://127"):
        run(source, tmp_path / "out.jsonl", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(NoCluster, match="no Dask scheduler answers at nonsense"):
        list(spread("json:dumps", [1], "nonsense://"))
