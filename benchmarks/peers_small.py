"""The peers of `benchmarks.small`: the same loss and gradients written for NumPy, CasADi and JAX, each at its best.

Sigmoid layers, half squared error, the mean over the batch.  Each side is a function without arguments that gives
(loss, {"W": …, "b": …, "x": …}).
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

Side = Callable[[], Any]


def numpy_side(params: dict[str, list[Any]], x: Any, y: Any) -> Side:
    """NumPy with `out=` and arrays that are kept for everything within; the answer is new each time."""
    weights, biases = params["W"], params["b"]
    samples, depth = len(x), len(weights)
    kept = [np.empty((samples, len(one)), x.dtype) for one in biases]
    slopes = [np.empty_like(one) for one in kept]

    def run() -> Any:
        a = x
        for w, b, z in zip(weights, biases, kept, strict=True):
            np.matmul(a, w.T, out=z)
            z += b
            np.negative(z, out=z)
            np.exp(z, out=z)
            z += 1
            np.reciprocal(z, out=z)
            a = z
        delta = slopes[-1]
        np.subtract(a, y, out=delta)
        flat = delta.reshape(-1)
        loss = float(np.dot(flat, flat)) / 2 / samples
        delta *= 1 / samples
        found: dict[str, list[Any]] = {"W": [None] * depth, "b": [None] * depth}
        for layer in reversed(range(depth)):
            z = kept[layer]
            delta *= z
            np.subtract(1, z, out=z)
            delta *= z
            found["W"][layer] = delta.T @ (kept[layer - 1] if layer else x)
            found["b"][layer] = delta.sum(0)
            if layer:
                np.matmul(delta, weights[layer], out=slopes[layer - 1])
                delta = slopes[layer - 1]
        return loss, {**found, "x": delta @ weights[0]}

    return run


def jax_side(params: dict[str, list[Any]], x: Any, y: Any) -> Side:
    """JAX, jitted for these shapes."""
    import jax  # late: an extra

    jax.config.update("jax_enable_x64", x.dtype == np.float64)

    def loss(weights: Any, biases: Any, x: Any) -> Any:
        a = x
        for w, b in zip(weights, biases, strict=True):
            a = jax.nn.sigmoid(a @ w.T + b)
        return ((a - y) ** 2).sum() / 2 / len(x)

    whole = jax.jit(jax.value_and_grad(loss, argnums=(0, 1, 2)))

    def run() -> Any:
        value, (weights, biases, by_x) = whole(params["W"], params["b"], x)
        found = {"W": [np.asarray(one) for one in weights], "b": [np.asarray(one) for one in biases]}
        return float(value), {**found, "x": np.asarray(by_x)}

    return run


def casadi_sides(params: dict[str, list[Any]], x: Any, y: Any) -> tuple[Side, Side, Side]:
    """CasADi, compiled by the C compiler: its normal call, its buffer given the arrays each time, and given them once.

    Of the expanded (SX) and the matrix form (MX) the faster is taken.  Arrays lie in CasADi's own order.
    """
    found = [_casadi(kind, params, x, y) for kind in ("SX", "MX") if kind == "MX" or len(x) * x.shape[1] <= 512]
    return min(found, key=lambda one: _time(one[2]))


def _time(side: Side) -> float:
    def once() -> float:
        start = perf_counter()
        for _ in range(50):
            side()
        return perf_counter() - start

    return min(once() for _ in range(20))


def _casadi(kind: str, params: dict[str, list[Any]], x: Any, y: Any) -> tuple[Side, Side, Side]:
    import casadi  # late: for the benchmark only

    function = _compiled(casadi, getattr(casadi, kind), params, x, y)
    depth, samples = len(params["W"]), len(x)
    # CasADi has columns first: a NumPy array of shape (samples, n) is its (n, samples), as it lies in memory.
    weights = [np.asfortranarray(one) for one in params["W"]]
    given = [*weights, *params["b"], x.T, y.T]
    buffer, evaluate = function.buffer()
    shapes = [function.size_out(n) for n in range(function.n_out())]

    def packed(out: list[Any]) -> Any:
        found = {"W": out[1 : depth + 1], "b": [one.reshape(-1) for one in out[depth + 1 : 2 * depth + 1]]}
        return out[0], {**found, "x": out[-1].T}

    def normal() -> Any:
        return packed([np.asarray(one) for one in function(*given)])

    def hand_over() -> list[Any]:
        for n, one in enumerate(given):
            buffer.set_arg(n, memoryview(one.T if one.ndim == 2 else one))
        out = [np.empty(shape, order="F") for shape in shapes]
        for n, one in enumerate(out):
            buffer.set_res(n, memoryview(one.T))
        return out

    def anew() -> Any:
        out = hand_over()
        evaluate()
        return packed(out)

    assert samples == shapes[-1][1]
    once = function.buffer()
    for n, one in enumerate(given):
        once[0].set_arg(n, memoryview(one.T if one.ndim == 2 else one))
    fixed_out = [np.empty(shape, order="F") for shape in shapes]
    for n, one in enumerate(fixed_out):
        once[0].set_res(n, memoryview(one.T))
    return normal, anew, _keeping(once[1], [given, fixed_out, once])


def _keeping(side: Side, things: Any) -> Side:
    """The side; the arrays that it writes to stay alive with it."""
    _KEPT.append(things)
    return side


_KEPT: list[Any] = []


def _compiled(casadi: Any, kind: Any, params: dict[str, list[Any]], x: Any, y: Any) -> Any:
    """The function, generated as C and compiled as the documentation says."""
    samples = len(x)
    weights = [kind.sym(f"W{n}", *one.shape) for n, one in enumerate(params["W"])]
    biases = [kind.sym(f"b{n}", len(one)) for n, one in enumerate(params["b"])]
    inputs, targets = kind.sym("x", x.shape[1], samples), kind.sym("y", y.shape[1], samples)
    a = inputs
    for w, b in zip(weights, biases, strict=True):
        a = 1 / (1 + casadi.exp(-(w @ a + casadi.repmat(b, 1, samples))))
    loss = casadi.sumsqr(a - targets) / 2 / samples
    gradients = [casadi.gradient(loss, one) for one in (*weights, *biases, inputs)]
    function = casadi.Function("f", [*weights, *biases, inputs, targets], [loss, *gradients])
    folder = Path(tempfile.mkdtemp(prefix="casadi-"))
    generator = casadi.CodeGenerator("f.c")
    generator.add(function)
    generator.generate(f"{folder}/")
    library = folder / "f.so"
    subprocess.run(["cc", "-O3", "-march=native", "-shared", "-fPIC", "-o", library, folder / "f.c", "-lm"], check=True)
    return casadi.external("f", str(library))
