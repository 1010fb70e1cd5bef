"""Large networks: one forward pass and all gradients, ours against others', as ratios to the best of them.

python -m benchmarks.large                      every size, float32 and float64, one thread and two
python -m benchmarks.large --only 784 --threads 1 --samples 32,512
python -m benchmarks.large --device cuda        arrays that stay on the device, and the share of its peak

Numbers of threads are fixed when a process starts, so each has a process of its own.  All runs of a case take turns, so
that a busy moment hits everyone; a figure is the median.  On a busy machine `--clock cpu` says more: the time that
processors worked, in all threads, instead of the time that passed.  Peers that are missing are named.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from benchmarks.large_peers import PEERS, Case, Run, ordered
from benchmarks.large_resident import resident
from derive import Derivation, Network
from verify.engine.core import Engine

SIZES: dict[tuple[int, ...], tuple[int, ...]] = {
    (784, 100, 40, 10): (1, 10, 32, 512, 4096),
    (1024, 1024, 512, 200, 6): (32, 512),
}
Clock = Callable[[], float]
OURS = ("auto", "numpy", "compiled", "jax", "torch")
TARGET = 1.05
_SLOW = 20  # a peer this many times slower than the fastest is measured once only
_OURS = "ours "
_CLOCKS: dict[str, Clock] = {"wall": time.perf_counter, "cpu": time.process_time}
_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")


@dataclass(frozen=True)
class Measured:
    """The median time of each run of a case, in seconds; ours first."""

    case: Case
    ours: dict[str, float]
    peers: dict[str, float]
    missing: dict[str, str]

    def lines(self) -> Iterator[str]:
        """What is printed."""
        best = min(self.peers, key=lambda one: self.peers[one])
        mine = min(self.ours, key=lambda one: self.ours[one])
        yield f"{self.case}: best peer {best}, {_micro(self.peers[best])}; our best {mine}, {_micro(self.ours[mine])}"
        for name, seconds in self.ours.items():
            ratio = seconds / self.peers[best]
            missed = f"   above {TARGET:g}" if name == "auto" and ratio > TARGET else ""
            yield f"    ours, {name:<16} {_micro(seconds):>12}  {ratio:7.2f}{missed}"
        for name, seconds in sorted(self.peers.items(), key=lambda one: one[1]):
            yield f"    {name:<22} {_micro(seconds):>12}  {seconds / self.peers[best]:7.2f}"
        for name, why in self.missing.items():
            yield f"    {name:<22} not run: {why}"


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"


def engine_run(case: Case, backend: str, threads: int) -> Run:
    """Our engine, through its public interface."""
    engine = Engine(Derivation(Network(list(case.widths))), backend=backend, dtype=case.dtype, threads=threads)
    weights, biases, x, y = case.arrays
    params = {"W": weights, "b": biases}

    def run() -> list[Any]:
        loss, found = engine(params, x, y)
        return [loss, *ordered(found["W"], found["b"]), found["x"]]

    return run


def measured(case: Case, asked: argparse.Namespace, threads: int) -> Measured:
    """Everything that runs here, in turn, each for about as long as is asked for."""
    missing: dict[str, str] = {}
    makers: dict[str, Callable[[], Run]] = {}
    for name in asked.backends.split(","):
        makers[_OURS + name] = partial(engine_run, case, name, threads)
    for name in asked.peers.split(","):
        makers[name] = partial(PEERS[name], case)
    runs: dict[str, Run] = {}
    for name, make in makers.items():
        try:
            run = make()
            _agrees(name, run(), runs)
            runs[name] = run
        except (ImportError, ValueError, RuntimeError) as error:  # not installed, or no compiler: said in the table
            missing[name] = str(error).splitlines()[0][:100]
    times = {name: median(one) for name, one in _in_turn(runs, asked.seconds, _CLOCKS[asked.clock]).items()}
    ours = {name.removeprefix(_OURS): one for name, one in times.items() if name.startswith(_OURS)}
    return Measured(case, ours, {name: one for name, one in times.items() if name in PEERS}, missing)


def _agrees(name: str, found: list[Any], runs: dict[str, Run]) -> None:
    """Raises `AssertionError` where a run computes something else than the first."""
    if not runs:
        return
    first = next(iter(runs.values()))()
    tolerance = 1e-3 if np.asarray(first[-1]).dtype == np.float32 else 1e-9
    for one, other in zip(found, first, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * 1e-2, err_msg=name)


def _in_turn(runs: dict[str, Run], seconds: float, clock: Clock) -> dict[str, list[float]]:
    """The times of each, one after the other, again and again; who is far behind runs only once."""
    times = {name: [_timed(run, clock), _timed(run, clock)][1:] for name, run in runs.items()}
    fastest = min(one[0] for one in times.values())
    racing = {name: run for name, run in runs.items() if times[name][0] < _SLOW * fastest}
    end, rounds = time.perf_counter() + seconds * len(racing), 0
    while rounds < 5 or time.perf_counter() < end:
        rounds += 1
        for name, run in racing.items():
            times[name].append(_timed(run, clock))
    return times


def _timed(run: Run, clock: Clock) -> float:
    start = clock()
    run()
    return clock() - start


def cases(only: str, samples: str, dtypes: str) -> Iterator[Case]:
    """The cases that are asked for."""
    wanted = [int(one) for one in samples.split(",") if one]
    for widths, batches in SIZES.items():
        if only and widths[0] != int(only):
            continue
        for dtype in dtypes.split(","):
            yield from (Case(widths, one, dtype) for one in batches if not wanted or one in wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--threads", default="1,2", help="numbers of threads, each in a process of its own")
    parser.add_argument("--dtypes", default="float32,float64")
    parser.add_argument("--only", default="", help="the first width of the one network to measure")
    parser.add_argument("--samples", default="", help="the batches to measure, 1,32 for example")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each run of a case is measured")
    parser.add_argument("--backends", default=",".join(OURS))
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--clock", choices=_CLOCKS, default="wall", help="cpu: processor time, on a busy machine")
    parser.add_argument("--device", default="", help="cuda or cpu: arrays stay on the device")
    parser.add_argument("--peak", type=float, default=0.0, help="the device's peak in TFLOP/s; measured if not given")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Print the tables; exit code 0 whatever they say, since a busy machine is not a defect."""
    asked = _arguments()
    chosen = list(cases(asked.only, asked.samples, asked.dtypes))
    if asked.device:
        return resident(chosen, asked.device, asked.seconds, asked.peak)
    for threads in asked.threads.split(","):
        if asked.here:
            for case in chosen:
                print("\n".join(measured(case, asked, int(threads)).lines()), flush=True)
            continue
        print(f"--- {threads} thread{'s' * (threads != '1')} ---", flush=True)
        environment = {**os.environ, **dict.fromkeys(_VARIABLES, threads)}
        again = [*sys.argv[1:], "--threads", threads, "--here"]
        subprocess.run([sys.executable, "-m", "benchmarks.large", *again], env=environment, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
