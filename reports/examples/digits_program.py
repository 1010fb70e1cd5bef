"""Handwritten digits by mini-batches, after the program of Nielsen's book, chapter 1."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

Pairs = list[tuple[Any, Any]]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z: Any) -> Any:
    return sigmoid(z) * (1 - sigmoid(z))


class Network:
    def __init__(self, sizes: Sequence[int], seed: int = 0) -> None:
        self.dice = np.random.default_rng(seed)
        self.biases = [self.dice.standard_normal((to, 1)) for to in sizes[1:]]
        self.weights = [self.dice.standard_normal((to, n)) for n, to in pairwise(sizes)]

    def feedforward(self, a: Any) -> Any:
        for w, b in zip(self.weights, self.biases, strict=True):
            a = sigmoid(w @ a + b)
        return a

    def SGD(self, training_data: Pairs, epochs: int, mini_batch_size: int, eta: float, test_data: Pairs) -> None:
        for epoch in range(1, epochs + 1):
            order = self.dice.permutation(len(training_data))
            for start in range(0, len(order), mini_batch_size):
                chosen = order[start : start + mini_batch_size]
                self.update_mini_batch([training_data[place] for place in chosen], eta)
            print(f"Epoch {epoch}: {self.evaluate(test_data)} / {len(test_data)}")

    def update_mini_batch(self, mini_batch: Pairs, eta: float) -> None:
        sum_b = [np.zeros(b.shape) for b in self.biases]
        sum_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in mini_batch:
            nabla_b, nabla_w = self.backprop(x, y)
            sum_b = [total + one for total, one in zip(sum_b, nabla_b, strict=True)]
            sum_w = [total + one for total, one in zip(sum_w, nabla_w, strict=True)]
        rate = eta / len(mini_batch)
        self.biases = [b - rate * total for b, total in zip(self.biases, sum_b, strict=True)]
        self.weights = [w - rate * total for w, total in zip(self.weights, sum_w, strict=True)]

    def backprop(self, x: Any, y: Any) -> tuple[list[Any], list[Any]]:
        activations, zs = [x], []
        for w, b in zip(self.weights, self.biases, strict=True):
            zs.append(w @ activations[-1] + b)
            activations.append(sigmoid(zs[-1]))
        delta = (activations[-1] - y) * sigmoid_prime(zs[-1])  # BP1
        nabla_b, nabla_w = [delta], [delta @ activations[-2].T]  # BP3, BP4
        for layer in range(2, len(zs) + 1):
            delta = self.weights[-layer + 1].T @ delta * sigmoid_prime(zs[-layer])  # BP2
            nabla_b.insert(0, delta)
            nabla_w.insert(0, delta @ activations[-layer - 1].T)
        return nabla_b, nabla_w

    def evaluate(self, test_data: Pairs) -> int:
        return sum(int(np.argmax(self.feedforward(x)) == np.argmax(y)) for x, y in test_data)


def digits() -> tuple[Pairs, Pairs]:
    """Pictures as columns of 64 numbers from 0 to 1, each with a column of ten: a 1 for its digit."""
    from sklearn.datasets import load_digits  # only needed here, and slow to import

    found = load_digits()
    pictures, wanted = found.data[:, :, None] / 16, np.eye(10)[found.target][:, :, None]
    order = np.random.default_rng(0).permutation(len(pictures))
    pairs = [(pictures[place], wanted[place]) for place in order]
    return pairs[360:], pairs[:360]


def main() -> None:
    try:
        training_data, test_data = digits()
    except ImportError:
        print("the digits come with scikit-learn: pip install scikit-learn")
        return
    Network([64, 100, 40, 10]).SGD(training_data, 5, 10, 3.0, test_data)


if __name__ == "__main__":
    main()
