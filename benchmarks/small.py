"""Small networks: the compiled engine against NumPy, CasADi and JAX, NumPy arrays in and NumPy arrays out for everyone.

`python -m benchmarks.small` prints a table of ratios (ours : theirs, paired in one run, one thread); `--quick` measures
float64 only, and sizes such as `784-30-10` only those.  CasADi and JAX are measured where they are installed.  Every
side is given the arrays anew in each call and gives loss, ∂/∂W, ∂/∂b and ∂/∂x as NumPy arrays; what is called `bound`
is given them once, for ours and CasADi's buffer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

from benchmarks.peers_small import casadi_sides, jax_side, numpy_side
from derive import Derivation, Network
from verify.engine.compiled.runner import build
from verify.engine.core import Engine
from verify.engine.plan.network import plan_network

ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
ROUNDS = 25
SECONDS = 0.004  # of each round of each side


@dataclass(frozen=True)
class Size:
    """A network, its batches, and the target for each: at most this share of the best peer's time."""

    widths: tuple[int, ...]
    targets: tuple[tuple[int, float], ...]


SIZES = (
    Size((2, 3, 1), ((1, 0.7), (10, 0.7), (32, 0.7))),
    Size((3, 4, 3, 2), ((1, 0.7), (10, 0.7), (32, 0.7))),
    Size((16, 32, 32, 8), ((1, 0.95), (10, 0.95), (32, 0.95))),
    Size((784, 30, 10), ((1, 0.8), (10, 0.8), (32, 0.95))),
)


def times(sides: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Seconds a call of each side, the median over rounds in which all take their turn."""
    counts = {}
    for name, side in sides.items():
        side()
        start = time.perf_counter()
        for _ in range(3):
            side()
        counts[name] = max(1, round(SECONDS / max(1e-7, (time.perf_counter() - start) / 3)))
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            start = time.perf_counter()
            for _ in range(counts[name]):
                side()
            found[name].append((time.perf_counter() - start) / counts[name])
    return {name: median(one) for name, one in found.items()}


def example(widths: tuple[int, ...], samples: int, dtype: str) -> tuple[dict[str, list[Any]], Any, Any]:
    """Parameters and a batch."""
    rng = np.random.default_rng(0)
    pairs = list(pairwise(widths))
    weights = [(rng.normal(size=(to, before)) / before**0.5).astype(dtype) for before, to in pairs]
    biases = [rng.normal(size=to).astype(dtype) for _, to in pairs]
    x, y = rng.normal(size=(samples, widths[0])), rng.random((samples, widths[-1]))
    return {"W": weights, "b": biases}, x.astype(dtype), y.astype(dtype)


def agree(sides: dict[str, Callable[[], Any]], dtype: str) -> None:
    """That all sides compute the same."""
    tolerance = 1e-10 if dtype == "float64" else 2e-4
    wanted = flat(sides["compiled"]())
    for name, side in sides.items():
        found = flat(side())
        for one, other in zip(found, wanted, strict=True):
            if np.abs(one - other.reshape(one.shape)).max() > tolerance * max(1e-3, np.abs(other).max()):
                raise AssertionError(f"{name} computes something else")


def flat(answer: Any) -> list[Any]:
    """Loss, every ∂/∂W, every ∂/∂b, ∂/∂x."""
    loss, found = answer
    return [np.asarray(loss), *found["W"], *found["b"], found["x"]]


def rows(size: Size, samples: int, target: float, dtype: str) -> Iterator[str]:
    """The lines of the table for one network, batch and type."""
    params, x, y = example(size.widths, samples, dtype)
    engine = Engine(Derivation(Network(list(size.widths))), backend="compiled", dtype=dtype)
    sides = {"compiled": lambda: engine(params, x, y), "numpy": numpy_side(params, x, y)}
    bound: dict[str, Callable[[], Any]] = {}
    if find_spec("casadi") is not None and dtype == "float64" and size.widths[0] < 100:
        normal, buffer, fixed = casadi_sides(params, x, y)
        sides |= {"casadi": normal, "casadi buffer": buffer}
        bound = {"compiled": bound_to(params, x, y, size.widths), "casadi buffer": fixed}
    if find_spec("jax") is not None:
        sides["jax"] = jax_side(params, x, y)
    agree(sides, dtype)
    name = f"{'-'.join(map(str, size.widths))}, {samples}, {dtype}"
    yield line(name, times(sides), target)
    if bound:
        yield line(f"{name}, bound", times(bound), target)


def bound_to(params: Any, x: Any, y: Any, widths: tuple[int, ...]) -> Callable[[], Any]:
    """The same network with its arrays given once."""
    runner = build(plan_network(Derivation(Network(list(widths)))), "float64")
    assert runner.bind is not None, "Python's headers are not installed"
    found: Callable[[], Any] = runner.bind(params, x, y, True)
    return found


def line(name: str, found: dict[str, float], target: float) -> str:
    """Our time, the ratio to each peer, and whether the best peer's ratio keeps the target."""
    ours = found.pop("compiled")
    best = ours / min(found.values())
    ratios = "  ".join(f"{peer} {ours / theirs:.2f}" for peer, theirs in found.items())
    return f"{name:30} {ours * 1e6:8.2f} µs   {best:5.2f} {'≤' if best <= target else '>'} {target:.2f}   {ratios}"


def main() -> None:
    """Prints the table."""
    quick = "--quick" in sys.argv[1:]
    wanted = [one for one in sys.argv[1:] if one != "--quick"]
    print("ours, a call; ratio to the best peer and its target; ratios to each peer")
    for size in SIZES:
        if wanted and "-".join(map(str, size.widths)) not in wanted:
            continue
        for samples, target in size.targets:
            for dtype in ("float64",) if quick else ("float64", "float32"):
                for one in rows(size, samples, target, dtype):
                    print(one, flush=True)


if __name__ == "__main__":
    if os.environ.get("OMP_NUM_THREADS") == "1":
        main()
    else:  # libraries read these when they are loaded
        command = [sys.executable, "-m", "benchmarks.small", *sys.argv[1:]]
        sys.exit(subprocess.run(command, env={**os.environ, **ONE_THREAD}).returncode)
