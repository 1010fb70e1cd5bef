"""Random networks, as a record states them, and the worlds of numbers that go with them."""

from __future__ import annotations

import random
from typing import Any

from tests.generator.expressions import Const, Node, number
from tests.generator.worlds import FREE, TEX, Net, NetworkWorld

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky-relu", "elu", "softplus", "gelu", "silu", "softsign", "logistic",
               "linear", "step")  # fmt: skip
COMMON = ("sigmoid", "sigmoid", "sigmoid", "tanh", "tanh", "relu")
UNIT = ("sigmoid", "softmax")
POSITIVE = ("sigmoid", "softmax", "softmax", "softplus")
ABOVE = ("sigmoid", "softmax", "softplus", "relu", "tanh", "softsign", "silu")
LAST = {"binary-cross-entropy": UNIT, "cross-entropy": POSITIVE, "nll": POSITIVE, "kl": POSITIVE, "msle": ABOVE}
LOSSES = ("half-squared-error", "squared-error", "mse", "mae", "l1", "mape", "msle", "log-cosh", "binary-cross-entropy",
          "cross-entropy", "nll", "kl", "cosine", "hinge", "huber")  # fmt: skip
LETTERS = (
    ("n_0", "n_1", "n_2", "n_3", "n_4"),
    ("n_1", "n_2", "n_3", "n_4", "n_5"),
    ("m", "n", "p", "q", "r"),
    ("D", "M", "K", "N", "P"),
    ("m", "n", "k", "p", "q"),
)


def random_net(rng: random.Random) -> Net:
    """1 to 4 weight layers; every activation and loss, the common ones more often, in pairs that fit."""
    depth = rng.choice((1, 2, 2, 2, 3, 3, 4))
    loss = rng.choice(("half-squared-error",) * 12 + LOSSES)
    hidden = _activation(rng)
    stack = [hidden if rng.random() < 0.7 else _activation(rng) for _ in range(depth)]
    if loss in LAST:
        stack[-1] = (rng.choice(LAST[loss]), ())
        if rng.random() < 0.4:
            stack = [("sigmoid", ())] * depth
    elif rng.random() < 0.05:
        stack[-1] = ("softmax", ())
    widths = _widths(rng, depth)
    if stack[-1][0] == "softmax" and widths[-1] == 1:
        widths = (*widths[:-1], 3)  # a softmax of one output is 1, and 1 − a nothing to divide by
    return Net(widths, tuple(stack), loss, rng.random() < 0.85)


def _widths(rng: random.Random, depth: int) -> tuple[int | str, ...]:
    if rng.random() < 0.75:
        return tuple(rng.choice((1, 2, 2, 3, 3, 4, 5)) for _ in range(depth + 1))
    letters: list[int | str] = list(rng.choice(LETTERS)[: depth + 1])
    if rng.random() < 0.15:
        letters[-1] = 1
    if rng.random() < 0.1:
        letters[rng.randrange(depth + 1)] = letters[0]
    return tuple(letters)


def _activation(rng: random.Random) -> tuple[str, tuple[tuple[str, float], ...]]:
    name = rng.choice(COMMON if rng.random() < 0.6 else ACTIVATIONS)
    if name == "linear":
        return name, (("c", 0.5),) if rng.random() < 0.2 else ()
    if name == "logistic" and rng.random() < 0.7:
        return name, (("L", 2), ("k", 1.5), ("z_0", 0.5))
    if name in ("leaky-relu", "elu") and rng.random() < 0.7:
        return name, (("alpha", rng.choice((0.1, 0.2, 0.01, 0.5))),)
    return name, ()


def constants(net: Net, layer: int) -> dict[str, Node]:
    """The constants of a layer's activation, as they are written."""
    name, given = net.activations[layer - 1]
    letters: dict[str, Node] = {one: Const(TEX.get(one, one)) for one in FREE.get(name, ())}
    return letters | {one: number(value) for one, value in given}


def record(net: Net) -> dict[str, Any]:
    """The fields of a record that state the network; what is the default is left out half of the time by `claims`."""
    names = [{"name": name, **dict(given)} if given else name for name, given in net.activations]
    same = all(one == names[0] for one in names)
    return {
        "layers": list(net.widths),
        "activations": names[0] if same else names,
        "loss": net.loss,
        "bias": net.bias,
    }


def worlds(net: Net, seed: int, count: int) -> list[NetworkWorld]:
    """Random worlds; letters for widths stand for different numbers, three choices in turn."""
    letters = list(dict.fromkeys(one for one in net.widths if isinstance(one, str)))
    found = []
    for n in range(count):
        rng = random.Random(f"{seed} {n % 3 if letters else 0}")
        sizes = dict(zip(letters, rng.sample(range(2, 8), len(letters)), strict=True)) if letters else {}
        found.append(NetworkWorld(net, seed * 1000 + n, sizes))
    return found
