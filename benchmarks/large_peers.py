"""What else computes the loss and all gradients of sigmoid layers with half squared error, from and to NumPy arrays.

Every maker takes a `Case` and gives a function without arguments that returns [loss, dW1, db1, …, dx] as NumPy arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Run = Callable[[], list[Any]]


@dataclass(frozen=True)
class Case:
    """A network, a batch and a type of numbers."""

    widths: tuple[int, ...]
    samples: int
    dtype: str

    @cached_property
    def arrays(self) -> tuple[list[Any], list[Any], Any, Any]:
        """Weights, biases, x and y."""
        rng = np.random.default_rng(0)
        pairs = list(zip(self.widths, self.widths[1:], strict=False))
        weights = [(rng.normal(size=(to, before)) / before**0.5).astype(self.dtype) for before, to in pairs]
        biases = [rng.normal(size=to).astype(self.dtype) for _, to in pairs]
        x, y = (rng.random((self.samples, one)).astype(self.dtype) for one in (self.widths[0], self.widths[-1]))
        return weights, biases, x, y

    @property
    def flops(self) -> int:
        """Multiplications and additions of the matrix products of one pass: forward, by weights, by inputs."""
        return 6 * self.samples * sum(a * b for a, b in zip(self.widths, self.widths[1:], strict=False))

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.widths))} {self.dtype} batch {self.samples}"


def ordered(weights: list[Any], biases: list[Any]) -> list[Any]:
    """W1, b1, W2, b2, …"""
    return [one for pair in zip(weights, biases, strict=True) for one in pair]


def jax_loss(params: Any, x: Any, y: Any) -> Any:
    """The loss as a user of JAX writes it."""
    import jax

    a = x
    for w, b in zip(*params, strict=True):
        a = jax.nn.sigmoid(a @ w.T + b)
    return ((a - y) ** 2).sum() / (2 * len(x))


def jax_jit(case: Case) -> Run:
    """`jax.jit(jax.value_and_grad(loss))`."""
    import jax

    jax.config.update("jax_enable_x64", True)
    weights, biases, x, y = case.arrays
    step = jax.jit(jax.value_and_grad(jax_loss, (0, 1)))

    def run() -> list[Any]:
        loss, ((dw, db), dx) = step((weights, biases), x, y)
        return [np.asarray(one) for one in (loss, *ordered(dw, db), dx)]

    return run


def torch_loss(weights: Any, biases: Any, x: Any, y: Any) -> Any:
    """The loss as a user of PyTorch writes it."""
    import torch

    a = x
    for w, b in zip(weights, biases, strict=True):
        a = torch.sigmoid(torch.nn.functional.linear(a, w, b))
    return ((a - y) ** 2).sum() / (2 * len(x))


def torch_eager(case: Case, loss_of: Callable[..., Any] = torch_loss) -> Run:
    """Leaves made of the arrays, without copies, and `torch.autograd.grad`."""
    import torch

    def leaf(one: Any) -> Any:
        return torch.from_numpy(one).requires_grad_()

    def run() -> list[Any]:
        weights, biases, x, y = case.arrays
        w, b, rows = [leaf(one) for one in weights], [leaf(one) for one in biases], leaf(x)
        loss = loss_of(w, b, rows, torch.from_numpy(y))
        gradients = torch.autograd.grad(loss, [*ordered(w, b), rows])
        return [loss.detach().numpy(), *(one.numpy() for one in gradients)]

    return run


def torch_compiled(case: Case) -> Run:
    """The same with `torch.compile`, which needs a C++ compiler."""
    import torch

    torch.compiler.reset()  # each case is compiled anew, as if it were the only one
    run = torch_eager(case, torch.compile(torch_loss, dynamic=False))
    run()
    return run


def hips_autograd(case: Case) -> Run:
    """HIPS autograd."""
    import autograd
    import autograd.numpy as anp

    def loss(weights: Any, biases: Any, x: Any, y: Any) -> Any:
        a = x
        for w, b in zip(weights, biases, strict=True):
            a = 1 / (1 + anp.exp(-(anp.dot(a, w.T) + b)))
        return anp.sum((a - y) ** 2) / (2 * len(x))

    step = autograd.value_and_grad(loss, (0, 1, 2))

    def run() -> list[Any]:
        value, (dw, db, dx) = step(*case.arrays)
        return [value, *ordered(dw, db), dx]

    return run


def numpy_out(case: Case) -> Run:
    """By hand, with a workspace that is made once; only the results are new."""
    samples, widths = case.samples, case.widths
    made = [np.empty((samples, one), case.dtype) for one in widths[1:]]
    deltas, slopes = ([np.empty_like(one) for one in made] for _ in range(2))

    def run() -> list[Any]:
        weights, biases, x, y = case.arrays
        a = [x]
        for w, b, z in zip(weights, biases, made, strict=True):
            np.matmul(a[-1], w.T, out=z)
            np.add(z, b, out=z)
            np.negative(z, out=z)
            np.exp(z, out=z)
            np.add(z, 1, out=z)
            np.reciprocal(z, out=z)
            a.append(z)
        np.subtract(a[-1], y, out=deltas[-1])
        loss = np.vdot(deltas[-1], deltas[-1]) / (2 * samples)
        np.multiply(deltas[-1], np.asarray(1 / samples, case.dtype), out=deltas[-1])
        found: list[Any] = []
        for n in range(len(weights) - 1, -1, -1):
            np.subtract(1, a[n + 1], out=slopes[n])
            np.multiply(slopes[n], a[n + 1], out=slopes[n])
            np.multiply(deltas[n], slopes[n], out=deltas[n])
            found = [deltas[n].T @ a[n], deltas[n].sum(0), *found]
            if n:
                np.matmul(deltas[n], weights[n], out=deltas[n - 1])
        return [loss, *found, deltas[0] @ weights[0]]

    return run


def nielsen_loop(case: Case) -> Run:
    """Sample by sample, with column vectors, after network.py of Nielsen 2015, ch. 1."""

    def sample(weights: Any, biases: Any, x: Any, y: Any) -> tuple[Any, list[Any], list[Any], Any]:
        a = [x]
        for w, b in zip(weights, biases, strict=True):
            a.append(1 / (1 + np.exp(-(np.dot(w, a[-1]) + b[:, None]))))
        delta = (a[-1] - y) * a[-1] * (1 - a[-1])
        dw, db = [np.dot(delta, a[-2].T)], [delta]
        for n in range(len(weights) - 1, 0, -1):
            delta = np.dot(weights[n].T, delta) * a[n] * (1 - a[n])
            dw, db = [np.dot(delta, a[n - 1].T), *dw], [delta, *db]
        return ((a[-1] - y) ** 2).sum() / 2, dw, db, np.dot(weights[0].T, delta)

    def run() -> list[Any]:
        weights, biases, x, y = case.arrays
        total = 0.0
        nabla_w, nabla_b = [np.zeros_like(one) for one in weights], [np.zeros_like(one) for one in biases]
        dx = np.empty_like(x)
        for row, (one, target) in enumerate(zip(x, y, strict=True)):
            loss, dw, db, by_x = sample(weights, biases, one[:, None], target[:, None])
            total += loss
            nabla_w = [old + new for old, new in zip(nabla_w, dw, strict=True)]
            nabla_b = [old + new[:, 0] for old, new in zip(nabla_b, db, strict=True)]
            dx[row] = by_x[:, 0]
        return [one / case.samples for one in (total, *ordered(nabla_w, nabla_b), dx)]

    return run


PEERS: dict[str, Callable[[Case], Run]] = {
    "JAX jit": jax_jit,
    "PyTorch eager": torch_eager,
    "torch.compile": torch_compiled,
    "HIPS autograd": hips_autograd,
    "NumPy with out=": numpy_out,
    "Nielsen's loop": nielsen_loop,
}
