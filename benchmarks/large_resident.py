"""Time per step with arrays that stay on the device: ours against JAX and PyTorch, and the peak."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.large_peers import Case, jax_loss, torch_loss
from derive import Derivation, Network
from verify.engine.backends.jax_arrays import JaxRunner
from verify.engine.backends.torch_arrays import TorchRunner
from verify.engine.plan.network import plan_network
from verify.engine.plan.types import Plan
from verify.engine.source import arguments_of

Step = Callable[[], Any]
_BURST = 10  # steps between two waits, as in training, where nobody waits after each
_PRODUCT = {"cpu": 1500, "cuda": 8192}  # width of the matrices whose product measures the peak


def resident(cases: list[Case], device: str, seconds: float, peak: float) -> int:
    """Print a line for each library and case; `peak` in TFLOP/s, measured by a matrix product where it is 0."""
    for library, steps_of in (("JAX", jax_steps), ("PyTorch", torch_steps)):
        for case in cases:
            steps, wait = steps_of(case, device)
            times = _in_turn(steps, wait, seconds)
            width = _PRODUCT[device]
            top = peak * 1e12 or 2 * width**3 / times["product"]
            ours, theirs = times["ours"], times["autodiff"]
            share = f"{case.flops / ours / 1e12:.2f} TFLOP/s, {100 * case.flops / ours / top:.1f} % of {top / 1e12:.2f}"
            print(f"{library:<8} {case!s:<46} ours {ours * 1e6:10,.1f} µs  its autodiff {theirs * 1e6:10,.1f} µs"
                  f"  {ours / theirs:5.2f}  {share}", flush=True)  # fmt: skip
    return 0


def _in_turn(steps: dict[str, Step], wait: Callable[[Any], None], seconds: float) -> dict[str, float]:
    """The median time of each, in turn."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        wait(step())
    end = time.perf_counter() + seconds * len(steps)
    while len(times["ours"]) < 3 or time.perf_counter() < end:
        for name, step in steps.items():
            start = time.perf_counter()
            for _ in range(_BURST):
                last = step()
            wait(last)
            times[name].append((time.perf_counter() - start) / _BURST)
    return {name: median(one) for name, one in times.items()}


def _given(case: Case, plan: Plan) -> list[Any]:
    """The arguments of the plan's source, as NumPy arrays and the weight of a mean."""
    weights, biases, x, y = case.arrays
    known: dict[str, Any] = {"x": x, "y": y, "weight": 1 / case.samples}
    known |= {f"W{n}": one for n, one in enumerate(weights, 1)} | {f"b{n}": one for n, one in enumerate(biases, 1)}
    return [known[one.name] for one in arguments_of(plan)]


def _plan(case: Case) -> Plan:
    return plan_network(Derivation(Network(list(case.widths))))


def jax_steps(case: Case, device: str) -> tuple[dict[str, Step], Callable[[Any], None]]:
    """Ours, `jax.value_and_grad`, and a matrix product, on the first device of that kind."""
    import jax

    jax.config.update("jax_enable_x64", True)
    at = jax.devices("gpu" if device == "cuda" else device)[0]
    plan = _plan(case)
    given = jax.device_put([jax.numpy.asarray(one, case.dtype) for one in _given(case, plan)], at)
    weights, biases, x, y = jax.device_put(case.arrays, at)
    ours, theirs = JaxRunner(plan, case.dtype).jitted, jax.jit(jax.value_and_grad(jax_loss, (0, 1)))
    square = jax.device_put(jax.numpy.ones((_PRODUCT[device],) * 2, case.dtype), at)
    product = jax.jit(jax.numpy.matmul)
    steps = {
        "ours": lambda: ours(*given),
        "autodiff": lambda: theirs((weights, biases), x, y),
        "product": lambda: product(square, square),
    }
    return steps, lambda last: jax.block_until_ready(last)


def torch_steps(case: Case, device: str) -> tuple[dict[str, Step], Callable[[Any], None]]:
    """Ours, `torch.autograd.grad`, and a matrix product, on that device."""
    import torch

    plan = _plan(case)
    given = [torch.as_tensor(one, dtype=getattr(torch, case.dtype), device=device) for one in _given(case, plan)]
    weights, biases, x, y = case.arrays
    w, b = ([torch.as_tensor(one, device=device).requires_grad_() for one in many] for many in (weights, biases))
    rows, targets = torch.as_tensor(x, device=device).requires_grad_(), torch.as_tensor(y, device=device)
    runner, square = TorchRunner(plan, case.dtype), torch.ones((_PRODUCT[device],) * 2, device=device)
    square = square.to(getattr(torch, case.dtype))

    def ours() -> Any:
        with torch.inference_mode():
            return runner.results(*given)

    def autodiff() -> Any:
        return torch.autograd.grad(torch_loss(w, b, rows, targets), [*w, *b, rows])

    def wait(last: Any) -> None:
        if device == "cuda":
            torch.cuda.synchronize()

    return {"ours": ours, "autodiff": autodiff, "product": lambda: square @ square}, wait
