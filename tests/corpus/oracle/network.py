"""A network as arrays: forward by NumPy, every derivative by central differences; shares nothing with the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tests.corpus.oracle.numbers import erf, sigmoid, slope, softmax

MARGIN = 0.05
FIRST = {"nielsen": 2, "ng": 1, "goodfellow": 1, "bishop": 1, "augmented": 0}

ACTIVATIONS: dict[str, Callable[..., Any]] = {
    "step": lambda z: np.where(z > 0, 1.0, 0.0),
    "linear": lambda z, c=1.0: c * z,
    "sigmoid": sigmoid,
    "logistic": lambda z, L, k, z_0: L * sigmoid(k * (z - z_0)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky-relu": lambda z, alpha: np.where(z > 0, z, alpha * z),
    "elu": lambda z, alpha: np.where(z > 0, z, alpha * np.expm1(z)),
    "softplus": lambda z: np.log1p(np.exp(z)),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "silu": lambda z: z * sigmoid(z),
    "softsign": lambda z: z / (1 + np.abs(z)),
    "softmax": softmax,
}
CONSTANTS = {"leaky-relu": ("alpha",), "elu": ("alpha",), "logistic": ("L", "k", "z_0")}
KINKED = ("step", "relu", "leaky-relu", "elu", "softsign")


def _huber(r: Any) -> Any:
    return np.where(np.abs(r) < 1, r**2 / 2, np.abs(r) - 0.5)


LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half-squared-error": lambda a, y: np.sum((y - a) ** 2) / 2,
    "squared-error": lambda a, y: np.sum((y - a) ** 2),
    "mse": lambda a, y: np.mean((y - a) ** 2),
    "mae": lambda a, y: np.mean(np.abs(y - a)),
    "l1": lambda a, y: np.sum(np.abs(y - a)),
    "mape": lambda a, y: np.mean(np.abs((y - a) / y)),
    "msle": lambda a, y: np.mean((np.log1p(y) - np.log1p(a)) ** 2),
    "log-cosh": lambda a, y: np.sum(np.log(np.cosh(a - y))),
    "binary-cross-entropy": lambda a, y: -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)),
    "cross-entropy": lambda a, y: -np.sum(y * np.log(a)),
    "nll": lambda a, y: -np.sum(y * np.log(a)),
    "kl": lambda a, y: np.sum(y * np.log(y / a)),
    "cosine": lambda a, y: 1 - y @ a / np.sqrt((y @ y) * (a @ a)),
    "hinge": lambda a, y: np.sum(np.maximum(0, 1 - y * a)),
    "huber": lambda a, y: np.sum(_huber(a - y)),
}
LOSS_KINKS: dict[str, Callable[[Any, Any], Any]] = {
    "mae": lambda a, y: a - y,
    "l1": lambda a, y: a - y,
    "mape": lambda a, y: a - y,
    "hinge": lambda a, y: 1 - a * y,
    "huber": lambda a, y: np.abs(a - y) - 1,
}


@dataclass
class Net:
    """One draw of parameters, input and target; layers are numbered as the notation numbers them, indices from 0.

    `W(m)` is to × from; `a(first - 1)` is the input; `s(m)` is σ′(z^m), `s(m, v)` is σ′ at v; `dW(m)`, `db(m)`,
    `dz(m)` and `da(m)` are the slopes of the loss, `jac` is any other.  `each(f)` lists f over the hidden layers.
    """

    first: int
    weights: list[Any]
    biases: list[Any]
    names: list[tuple[str, dict[str, float]]]
    loss: str
    x: Any
    y: Any

    @property
    def L(self) -> int:
        """The number of the last layer."""
        return self.first + len(self.weights) - 1

    @property
    def hidden(self) -> range:
        """The numbers of the hidden layers."""
        return range(self.first, self.L)

    @property
    def k(self) -> int:
        """The target class of a one-hot target."""
        return int(np.argmax(self.y))

    def each(self, f: Callable[[int], Any]) -> list[Any]:
        """f at every hidden layer."""
        return [f(layer) for layer in self.hidden]

    def constant(self, name: str) -> float:
        """The drawn value of a constant of an activation."""
        return next(found[name] for _, found in self.names if name in found)

    def f(self, layer: int, v: Any) -> Any:
        """The activation function of layer layer at v."""
        name, constants = self.names[layer - self.first]
        return ACTIVATIONS[name](v, **constants)

    def s(self, layer: int, v: Any = None) -> Any:
        """Its derivative at v (at z^l where none is given), for elementwise ones."""
        v = self.z(layer) if v is None else np.asarray(v)
        return np.diag(slope(lambda u: self.f(layer, u), v)) if v.ndim else slope(lambda u: self.f(layer, u), v)

    def s2(self, layer: int) -> Any:
        """Its second derivative at z^l."""
        return np.diag(slope(lambda v: np.diag(slope(lambda u: self.f(layer, u), v, 4e-3)), self.z(layer), 4e-3))

    def run(self, over: dict[tuple[str, int], Any] | None = None) -> dict[tuple[str, int], Any]:
        """Every quantity by (letter, layer), with some of them replaced before what follows is computed."""
        over = over or {}
        found: dict[tuple[str, int], Any] = {}

        def put(letter: str, layer: int, value: Any) -> Any:
            found[letter, layer] = over.get((letter, layer), value)
            return found[letter, layer]

        a = put("a", self.first - 1, self.x)
        for layer in range(self.first, self.L + 1):
            W = put("W", layer, self.weights[layer - self.first])
            z = put("z", layer, W @ a + put("b", layer, self.biases[layer - self.first]))
            a = put("a", layer, self.f(layer, z))
        put("C", 0, LOSSES[self.loss](a, self.y))
        return found

    def W(self, layer: int) -> Any:
        """The weights into layer layer, to × from."""
        return self.run()["W", layer]

    def b(self, layer: int) -> Any:
        """The biases of layer layer."""
        return self.run()["b", layer]

    def z(self, layer: int) -> Any:
        """The pre-activations of layer layer."""
        return self.run()["z", layer]

    def a(self, layer: int) -> Any:
        """The activations of layer layer; the input below the first."""
        return self.run()["a", layer]

    @property
    def out(self) -> Any:
        """The output."""
        return self.a(self.L)

    @property
    def C(self) -> Any:
        """The loss."""
        return self.run()["C", 0]

    def jac(self, of: tuple[str, int], by: tuple[str, int], step: float = 1e-3) -> Any:
        """The derivative of one quantity by another, shape of the first, then of the second."""
        return slope(lambda u: self.run({by: u})[of], self.run()[by], step)

    def twice(self, one: tuple[str, int], other: tuple[str, int]) -> Any:
        """∂²C/∂one∂other, shape of `one`, then of `other`."""

        def first(v: Any) -> Any:
            at = self.run()[one] if one != other else v
            return slope(lambda u: self.run({other: v, one: u})["C", 0], at, 4e-3)

        return slope(first, self.run()[other], 4e-3)

    def dW(self, layer: int) -> Any:
        """∂C/∂W^l."""
        return self.jac(("C", 0), ("W", layer))

    def db(self, layer: int) -> Any:
        """∂C/∂b^l."""
        return self.jac(("C", 0), ("b", layer))

    def dz(self, layer: int) -> Any:
        """∂C/∂z^l, the error signal."""
        return self.jac(("C", 0), ("z", layer))

    def da(self, layer: int) -> Any:
        """∂C/∂a^l, at the input too."""
        return self.jac(("C", 0), ("a", layer))

    @property
    def smooth(self) -> bool:
        """Whether no kink is near."""
        values = self.run()
        near = [
            values["z", layer] for layer in range(self.first, self.L + 1) if self.names[layer - self.first][0] in KINKED
        ]
        if self.loss in LOSS_KINKS:
            near.append(LOSS_KINKS[self.loss](values["a", self.L], self.y))
        return all(np.all(np.abs(one) > MARGIN) for one in near)


def _target(loss: str, n: int, rng: np.random.Generator) -> Any:
    if loss in ("cross-entropy", "kl"):
        return rng.dirichlet(np.full(n, 2.0)) * 0.9 + 0.1 / n
    if loss == "nll":
        return np.eye(n)[rng.integers(n)]
    if loss == "binary-cross-entropy":
        return rng.uniform(0.1, 0.9, n)
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], n)
    if loss == "mape":
        return rng.uniform(0.3, 2.0, n) * rng.choice([-1.0, 1.0], n)
    return rng.uniform(0.3, 2.0, n) if loss == "msle" else rng.uniform(-2.0, 2.0, n)


def _sizes(layers: list[Any], rng: np.random.Generator) -> list[int]:
    """Letters get different widths, drawn anew at each point."""
    letters = sorted({one for one in layers if isinstance(one, str)})
    drawn = dict(zip(letters, (int(one) for one in rng.permutation(len(letters)) + 2), strict=True))
    return [drawn[one] if isinstance(one, str) else one for one in layers]


def _named(one: Any, rng: np.random.Generator) -> tuple[str, dict[str, float]]:
    name, constants = (
        (one, {}) if isinstance(one, str) else (one["name"], {k: v for k, v in one.items() if k != "name"})
    )
    free = {key: float(rng.uniform(0.3, 1.5)) for key in CONSTANTS.get(name, ()) if key not in constants}
    return name, constants | free


def network(record: dict[str, Any], notation: str) -> Callable[[np.random.Generator], Net]:
    """A drawer of the network that a record describes, with the layer numbers of a notation."""

    def draw(rng: np.random.Generator) -> Net:
        while True:
            n = _sizes(record.get("layers", [2, 3, 1]), rng)
            acts = record.get("activations", "sigmoid")
            acts = acts if isinstance(acts, list) else [acts] * (len(n) - 1)
            loss = record.get("loss", "half-squared-error")
            bias = 0.7 if record.get("bias", True) else 0.0
            net = Net(
                record.get("first_layer", FIRST[notation]),
                [rng.uniform(-1.3, 1.3, (to, came)) for came, to in pairwise(n)],
                [rng.uniform(-1, 1, to) * bias for to in n[1:]],
                [_named(one, rng) for one in acts],
                loss,
                rng.uniform(-1.5, 1.5, n[0]),
                _target(loss, n[-1], rng),
            )
            if net.smooth:
                return net

    return draw
