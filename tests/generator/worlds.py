"""Worlds with numbers in them: a forward pass in complex NumPy, and its derivatives by the complex step.

Nothing of `derive` or `verify` is used: the formulas of the activations and losses are written here once more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

STEP = 1e-30
Key = tuple[str, int]


class Misfit(Exception):
    """A formula that cannot be right: a wrong shape, or an index or a layer that does not exist."""


class Unclear(Exception):
    """A formula whose meaning or value is not certain enough to be asked about."""


def _choose(c: Any, yes: Any, no: Any) -> Any:
    return np.where(np.real(c) > 0, yes, no)


def _abs(u: Any) -> Any:
    return np.where(np.real(u) < 0, -u, u)


def erf(u: Any) -> Any:
    """erf of a real number, with the first-order term of a tiny imaginary part."""
    real, small = np.real(u), np.imag(u)
    values = np.vectorize(math.erf, otypes=[float])(real)
    return values + 1j * small * 2 / math.sqrt(math.pi) * np.exp(-(real**2))


FORWARD: dict[str, Callable[..., Any]] = {
    "step": lambda z: _choose(z, 1.0, 0.0) + 0 * z,
    "linear": lambda z, c=1.0: c * z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "logistic": lambda z, L, k, z_0: L / (1 + np.exp(-k * (z - z_0))),
    "tanh": np.tanh,
    "relu": lambda z: _choose(z, z, 0 * z),
    "leaky-relu": lambda z, alpha: _choose(z, z, alpha * z),
    "elu": lambda z, alpha: _choose(z, z, alpha * (np.exp(z) - 1)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "gelu": lambda z: z * (1 + erf(z / math.sqrt(2))) / 2,
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softsign": lambda z: z / (1 + _abs(z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}


def _huber(r: Any) -> Any:
    return _choose(1 - _abs(r), r**2 / 2, _abs(r) - 0.5)


LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half-squared-error": lambda a, y: ((y - a) ** 2).sum() / 2,
    "squared-error": lambda a, y: ((y - a) ** 2).sum(),
    "mse": lambda a, y: ((y - a) ** 2).sum() / len(y),
    "mae": lambda a, y: _abs(y - a).sum() / len(y),
    "l1": lambda a, y: _abs(y - a).sum(),
    "mape": lambda a, y: _abs((y - a) / y).sum() / len(y),
    "msle": lambda a, y: ((np.log(1 + y) - np.log(1 + a)) ** 2).sum() / len(y),
    "log-cosh": lambda a, y: np.log(np.cosh(a - y)).sum(),
    "binary-cross-entropy": lambda a, y: -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(),
    "cross-entropy": lambda a, y: -(y * np.log(a)).sum(),
    "nll": lambda a, y: -(y * np.log(a)).sum(),
    "kl": lambda a, y: (y * np.log(y / a)).sum(),
    "cosine": lambda a, y: 1 - (y * a).sum() / (np.sqrt((y**2).sum()) * np.sqrt((a**2).sum())),
    "hinge": lambda a, y: _choose(1 - y * a, 1 - y * a, 0 * a).sum(),
    "huber": lambda a, y: _huber(a - y).sum(),
}

PROBABILITIES = ("cross-entropy", "nll", "kl")


def target(loss: str, n: int, rng: np.random.Generator) -> Any:
    """A target that the loss is defined for."""
    if loss == "nll":
        return np.eye(n)[rng.integers(n)]
    if loss in PROBABILITIES:
        return rng.dirichlet(np.full(n, 2.0))
    if loss == "binary-cross-entropy":
        return rng.uniform(0.05, 0.95, n)
    if loss == "msle":
        return rng.uniform(-0.5, 2, n)
    return rng.uniform(0.2, 1.8, n) * rng.choice((-1, 1), n)


class World:
    """Arrays by role and layer, and what runs forward from the given ones.

    `forward(put, given)` calls `put(key, array)` for every quantity in order, given ones first, and goes on with what
    it gets back.  Raises `Misfit` for a key that does not exist.
    """

    constants: dict[str, float]
    depth = 0
    augmented = False

    def __init__(self, given: dict[Key, Any], forward: Callable[..., None], constants: dict[str, float]) -> None:
        self.given, self.forward, self.constants = given, forward, constants
        self._tangents: dict[Key, list[dict[Key, Any]]] = {}

    def _run(self, by: Key | None = None, entry: tuple[int, ...] = ()) -> dict[Key, Any]:
        found: dict[Key, Any] = {}

        def put(key: Key, array: Any) -> Any:
            value = np.array(array, dtype=complex)
            if key == by:
                value[entry] += 1j * STEP
            found[key] = value
            return value

        with np.errstate(all="ignore"):
            self.forward(put, self.given)
        return found

    @cached_property
    def values(self) -> dict[Key, Any]:
        """Every quantity."""
        return {key: np.real(value) for key, value in self._run().items()}

    def value(self, key: Key) -> Any:
        """The array of a key."""
        if key[0] == "delta":
            return self.jacobian(("E", 0), ("z", key[1]))
        if key not in self.values:
            raise Misfit(f"there is no {key[0]} of layer {key[1]}")
        return self.values[key]

    def jacobian(self, of: Key, by: Key) -> Any:
        """∂of/∂by, its axes those of `of` and then those of `by`."""
        if by not in self._tangents:
            shape = self.value(by).shape
            self._tangents[by] = [self._run(by, entry) for entry in np.ndindex(shape)]
        columns = [np.imag(run[of]) / STEP for run in self._tangents[by]]
        return np.stack(columns, axis=-1).reshape((*self.value(of).shape, *self.value(by).shape))

    def size(self, space: int | str) -> int:
        """The number of neurons of a layer, or a size by its name."""
        raise NotImplementedError

    def function(self, layer: int, u: Any) -> Any:
        """σ(u) of a layer, entry by entry."""
        raise NotImplementedError

    def slope(self, layer: int, u: Any) -> Any:
        """σ′(u) of a layer, entry by entry."""
        raise NotImplementedError


@dataclass(frozen=True)
class Net:
    """A network as a record states it; `activations` are names with their constants, those that are given.

    `augmented` says that an entry behind the last one of an activation is the 1 that is appended.
    """

    widths: tuple[int | str, ...]
    activations: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    loss: str
    bias: bool = True
    augmented: bool = False

    @property
    def depth(self) -> int:
        """The number of weight layers."""
        return len(self.activations)


FREE = {"leaky-relu": ("alpha",), "elu": ("alpha",), "logistic": ("L", "k", "z_0"), "linear": ()}
TEX = {"alpha": r"\alpha"}


class NetworkWorld(World):
    """A network with random parameters, input and target; letters for widths are given numbers by `sizes`."""

    def __init__(self, net: Net, seed: int, sizes: dict[str, int]) -> None:
        rng = np.random.default_rng(seed)
        self.net, self.depth, self.sizes = net, net.depth, sizes
        self.augmented = net.augmented and net.bias
        self.widths = [sizes[one] if isinstance(one, str) else one for one in net.widths]
        given: dict[Key, Any] = {("a", 0): rng.uniform(-1.5, 1.5, self.widths[0])}
        for n in range(1, net.depth + 1):
            given["W", n] = rng.uniform(-1.5, 1.5, (self.widths[n], self.widths[n - 1]))
            given["b", n] = rng.uniform(-0.8, 0.8, self.widths[n])
        given["y", net.depth] = target(net.loss, self.widths[-1], rng)
        names = sorted({one for name, _ in net.activations for one in FREE.get(name, ())})
        constants = {TEX.get(one, one): float(rng.uniform(0.2, 0.9)) for one in names} | {r"\pi": math.pi}
        super().__init__(given, self._forward, constants)

    def _forward(self, put: Callable[..., Any], given: dict[Key, Any]) -> None:
        a = put(("a", 0), given["a", 0])
        for n in range(1, self.depth + 1):
            weights = put(("W", n), given["W", n])
            z = weights @ a
            if self.net.bias:
                z = z + put(("b", n), given["b", n])
            a = put(("a", n), self.function(n, put(("z", n), z)))
        y = put(("y", self.depth), given["y", self.depth])
        put(("E", 0), LOSSES[self.net.loss](a, y))

    def _arguments(self, layer: int) -> dict[str, float]:
        name, given = self.net.activations[layer - 1]
        return {one: self.constants[TEX.get(one, one)] for one in FREE.get(name, ())} | dict(given)

    def function(self, layer: int, u: Any) -> Any:
        if not 1 <= layer <= self.depth:
            raise Unclear(f"layer {layer} has no activation function")
        return FORWARD[self.net.activations[layer - 1][0]](u, **self._arguments(layer))

    def slope(self, layer: int, u: Any) -> Any:
        if 1 <= layer <= self.depth and self.net.activations[layer - 1][0] == "softmax":
            raise Unclear("the derivative of softmax is a matrix")
        return np.imag(self.function(layer, np.asarray(u, dtype=complex) + 1j * STEP)) / STEP

    def size(self, space: int | str) -> int:
        if isinstance(space, str) and (space.isdigit() or space in self.sizes):
            return int(space) if space.isdigit() else self.sizes[space]
        if isinstance(space, str) or not 0 <= space <= self.depth:
            raise Misfit(f"there is no layer {space}")
        return self.widths[space]

    def value(self, key: Key) -> Any:
        role, layer = key
        if role == "Wbar":
            return np.concatenate([self.value(("W", layer)), self.value(("b", layer))[:, None]], axis=1)
        if role == "abar":
            return np.append(self.value(("a", layer)), 1.0)
        return super().value(key)

    def jacobian(self, of: Key, by: Key) -> Any:
        if by[0] == "Wbar":
            weights, bias = self.jacobian(of, ("W", by[1])), self.jacobian(of, ("b", by[1]))
            return np.concatenate([weights, bias[..., None]], axis=-1)
        return super().jacobian(of, by)
