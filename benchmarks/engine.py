"""The engine against everything else that computes the same loss and gradients: ratios to the best peer of one run.

python -m benchmarks.engine                     every size, float64 and float32, one thread and two
python -m benchmarks.engine --quick             one thread, float64, a second a case
python -m benchmarks.engine --only 784-30-10 --samples 1,32 --threads 1 --clock cpu

Every call goes from NumPy arrays to new NumPy arrays; ours goes through `engine(params, x, y)`.  Numbers of threads are
fixed when a process starts, so each has a process of its own.  All sides take turns, so that a busy moment hits
everyone; a figure is the median, or with `--least` the least, which a busy machine moves less.  `--clock cpu` counts
processor time instead of time on the wall: it says nothing about two threads, but a neighbour hardly changes it.  With
two threads on two busy processors BLAS waits for whoever was put to sleep, up to a hundred times as long: such figures
say nothing, and the pools of several peers in one process disturb one another too; `--peers` and `--backends` choose.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from benchmarks.large_peers import PEERS, Case, Run, ordered
from benchmarks.peers_small import casadi_sides
from derive import Derivation, Network
from verify.engine.core import Engine

BACKENDS = ("auto", "numpy", "compiled", "jax", "torch")
_FAR = 20  # who is so many times slower than the fastest has his say once, at the beginning
_SLICE = 0.005  # seconds of calls for each turn, at least one
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")


@dataclass(frozen=True)
class Size:
    """A network, and for each batch how much of the best peer's time we may take."""

    widths: tuple[int, ...]
    targets: tuple[tuple[int, float], ...]

    @property
    def name(self) -> str:
        """As on paper."""
        return "-".join(map(str, self.widths))


SIZES = (
    Size((2, 3, 1), ((1, 0.7), (32, 0.7))),
    Size((784, 30, 10), ((1, 0.8), (10, 0.8), (32, 0.95))),
    Size((784, 100, 40, 10), tuple((one, 1.05) for one in (1, 10, 32, 512, 4096))),
    Size((1024, 1024, 512, 200, 6), ((32, 1.05), (512, 1.05))),
)


@dataclass(frozen=True)
class Asked:
    """What is measured, and how."""

    seconds: float
    backends: tuple[str, ...]
    peers: tuple[str, ...]
    clock: Callable[[], float]
    pick: Callable[[list[float]], float]


def casadi(case: Case) -> Run:
    """CasADi, generated as C and compiled; its buffers are given the arrays each time."""
    weights, biases, x, y = case.arrays
    if case.dtype != "float64" or case.widths[0] > 100:
        raise ValueError("it has float64 only, and one instruction for each multiplication")
    _, anew, _ = casadi_sides({"W": weights, "b": biases}, x, y)

    def run() -> list[Any]:
        loss, found = anew()
        return [loss, *ordered(found["W"], found["b"]), found["x"]]

    return run


ALL_PEERS: dict[str, Callable[[Case], Run]] = {**PEERS, "CasADi compiled": casadi}


def ours(case: Case, backend: str, threads: int) -> tuple[Engine, Run]:
    """An engine, and a call of it through its public interface."""
    engine = Engine(Derivation(Network(list(case.widths))), backend=backend, dtype=case.dtype, threads=threads)
    weights, biases, x, y = case.arrays
    params = {"W": weights, "b": biases}

    def run() -> list[Any]:
        loss, found = engine(params, x, y)
        return [loss, *ordered(found["W"], found["b"]), found["x"]]

    return engine, run


def sides(case: Case, threads: int, asked: Asked) -> tuple[dict[str, Run], dict[str, str], str]:
    """What runs here, why the rest does not, and what `auto` says of itself."""
    runs: dict[str, Run] = {}
    missing: dict[str, str] = {}
    why = ""
    makers = {f"ours: {one}": one for one in asked.backends} | dict.fromkeys(asked.peers, "")
    for name, backend in makers.items():
        try:
            if backend:
                engine, run = ours(case, backend, threads)
            else:
                run = ALL_PEERS[name](case)
            found = run()
        except (ImportError, ValueError, RuntimeError, OSError, subprocess.SubprocessError) as error:
            missing[name] = (str(error).splitlines() or [type(error).__name__])[0][:90]
            continue
        runs[name] = run
        agree(name, found, next(iter(runs.values()))())
        why = engine.why if backend == "auto" else why
    return runs, missing, why


def agree(name: str, found: list[Any], expected: list[Any]) -> None:
    """Raises `AssertionError` where a side computes something else."""
    tolerance = 1e-3 if np.asarray(expected[-1]).dtype == np.float32 else 1e-9
    for one, other in zip(found, expected, strict=True):
        scale = float(np.abs(other).max())
        np.testing.assert_allclose(np.reshape(one, np.shape(other)), other, rtol=tolerance, atol=tolerance * scale,
                                   err_msg=name)  # fmt: skip


def in_turn(runs: dict[str, Run], asked: Asked) -> dict[str, float]:
    """Seconds a call of each side."""
    times = {name: [timed(run, 1, asked.clock), timed(run, 1, asked.clock)][1:] for name, run in runs.items()}
    fastest = min(one[0] for one in times.values())
    racing = {name: run for name, run in runs.items() if times[name][0] < _FAR * fastest or name.startswith("ours")}
    counts = {name: max(1, round(_SLICE / max(times[name][0], 1e-6))) for name in racing}
    end, rounds = time.perf_counter() + asked.seconds * len(racing), 0
    while rounds < 5 or time.perf_counter() < end:
        rounds += 1
        for name, run in racing.items():
            times[name].append(timed(run, counts[name], asked.clock))
    return {name: asked.pick(one[1:] or one) for name, one in times.items()}


def timed(run: Run, count: int, clock: Callable[[], float]) -> float:
    """Seconds a call."""
    start = clock()
    for _ in range(count):
        run()
    return (clock() - start) / count


def table(case: Case, target: float, threads: int, asked: Asked) -> Iterator[str]:
    """The lines of a case: a line for `auto` with its ratio and target, then everyone by time."""
    runs, missing, why = sides(case, threads, asked)
    times = in_turn(runs, asked)
    peers = {name: one for name, one in times.items() if not name.startswith("ours")}
    yield f"{case}, {threads} thread{'s' * (threads > 1)}"
    if peers and "ours: auto" in times:
        best = min(peers, key=lambda one: peers[one])
        value = times["ours: auto"] / peers[best]
        verdict = f"   MISSED by {value / target - 1:.0%}" if value > target else ""
        yield f"    {value:.2f} (≤ {target:g}) of {best}{verdict}; {why}"
    least = min(peers.values(), default=min(times.values()))
    for name, seconds in sorted(times.items(), key=lambda one: one[1]):
        yield f"    {name:<20} {seconds * 1e6:>12,.1f} µs {seconds / least:8.2f}"
    for name, reason in missing.items():
        yield f"    {name:<20} not run: {reason}"


def cases(only: str, samples: str, dtypes: str) -> Iterator[tuple[Case, float]]:
    """The cases that are asked for, each with its target."""
    wanted = {int(one) for one in samples.split(",") if one}
    for size in SIZES:
        if only and size.name not in only.split(","):
            continue
        for batch, target in size.targets:
            for dtype in dtypes.split(",") if not wanted or batch in wanted else ():
                yield Case(size.widths, batch, dtype), target


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one thread, float64, fewer rounds, no torch.compile")
    parser.add_argument("--threads", default="1,2", help="numbers of threads, each in a process of its own")
    parser.add_argument("--dtypes", default="float64,float32")
    parser.add_argument("--only", default="", help="networks to measure: 784-30-10,2-3-1")
    parser.add_argument("--samples", default="", help="batches to measure: 1,32")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each side of a case is measured")
    parser.add_argument("--backends", default=",".join(BACKENDS))
    parser.add_argument("--peers", default=",".join(ALL_PEERS))
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--least", action="store_true", help="the least of all turns instead of the median")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    found = parser.parse_args()
    if found.quick:
        found.threads, found.dtypes, found.seconds = "1", "float64", min(found.seconds, 0.2)
        found.peers = ",".join(one for one in found.peers.split(",") if one != "torch.compile")
    return found


def main() -> int:
    """Print the tables; exit code 0 whatever they say, since a busy machine is not a defect."""
    given = _arguments()
    if not given.here:
        for threads in given.threads.split(","):
            environment = {**os.environ, **dict.fromkeys(_THREADS, threads)}
            if threads == "1":
                environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
            again = [*sys.argv[1:], "--threads", threads, "--here"]
            subprocess.run([sys.executable, "-m", "benchmarks.engine", *again], env=environment, check=True)
        return 0
    asked = Asked(
        given.seconds,
        tuple(given.backends.split(",")),
        tuple(one for one in given.peers.split(",") if one),
        time.process_time if given.clock == "cpu" else time.perf_counter,
        min if given.least else median,
    )
    for case, target in cases(given.only, given.samples, given.dtypes):
        print("\n".join(table(case, target, int(given.threads), asked)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
