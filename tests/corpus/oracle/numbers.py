"""Plain numerical tools: slopes by central differences, functions on arrays, random arrays of a stated kind."""

from __future__ import annotations

from collections.abc import Callable
from math import erf as _erf
from types import SimpleNamespace
from typing import Any

import numpy as np

STEP = 1e-3
Sampler = Callable[[np.random.Generator], Any]

absent = float("nan")
"""The value of what does not exist, such as neuron 0."""

erf = np.vectorize(_erf, otypes=[float])


def slope(f: Callable[[Any], Any], at: Any, step: float = STEP) -> Any:
    """The derivative of f by the array `at`, shape of f then shape of `at`; error of order step to the fourth."""
    at = np.asarray(at, dtype=float)
    found = []
    for place in np.ndindex(at.shape):
        e = np.zeros(at.shape)
        e[place] = step
        near, far = np.asarray(f(at + e)) - f(at - e), np.asarray(f(at + 2 * e)) - f(at - 2 * e)
        found.append((8 * near - far) / (12 * step))
    return np.stack(found, axis=-1).reshape(found[0].shape + at.shape)


def curvature(f: Callable[[Any], Any], at: Any) -> Any:
    """The second derivative of f by the array `at`; steps are longer, since differences of differences lose digits."""
    return slope(lambda u: slope(f, u, 4e-3), at, 4e-3)


def mixed(f: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    """∂²f/∂one∂other, shape of f, then of `one`, then of `other`."""
    return slope(lambda v: slope(lambda u: f(u, v), one, 4e-3), other, 4e-3)


def sigmoid(u: Any) -> Any:
    """1/(1 + e^{-u})."""
    return 1 / (1 + np.exp(-np.asarray(u)))


def softmax(u: Any) -> Any:
    """Along the last axis."""
    e = np.exp(u)
    return e / e.sum(axis=-1, keepdims=True)


def norm(u: Any) -> Any:
    """The Euclidean (Frobenius) norm."""
    return np.sqrt(np.sum(np.square(u)))


def column(u: Any) -> Any:
    """A vector as a matrix of one column, so that products of two of them do not fit."""
    return np.asarray(u)[:, None]


def unit(n: int, k: int) -> Any:
    """The k-th unit vector of length n, counted from 0."""
    return np.eye(n)[k]


def given(**samplers: Sampler | Any) -> Sampler:
    """A drawer of a namespace: each value is a sampler, or stays as it is."""

    def draw(rng: np.random.Generator) -> Any:
        return SimpleNamespace(**{name: one(rng) if callable(one) else one for name, one in samplers.items()})

    return draw


def real(*shape: int) -> Sampler:
    """Anything, of moderate size."""
    return lambda rng: rng.uniform(-1.5, 1.5, shape)


def positive(*shape: int) -> Sampler:
    """Between 0.3 and 2."""
    return lambda rng: rng.uniform(0.3, 2.0, shape)


def inner(*shape: int) -> Sampler:
    """Between 0.1 and 0.9."""
    return lambda rng: rng.uniform(0.1, 0.9, shape)


def nonzero(*shape: int) -> Sampler:
    """Of either sign, and away from 0, where kinks are."""
    return lambda rng: rng.uniform(0.2, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def simplex(n: int) -> Sampler:
    """Positive numbers whose sum is 1."""
    return lambda rng: rng.dirichlet(np.full(n, 2.0)) * 0.9 + 0.1 / n


def onehot(n: int) -> Sampler:
    """One 1, else 0."""
    return lambda rng: unit(n, int(rng.integers(n)))


def symmetric(n: int) -> Sampler:
    """A symmetric matrix."""
    return lambda rng: (lambda a: a + a.T)(rng.uniform(-1, 1, (n, n)))


def regular(n: int) -> Sampler:
    """A square matrix with a positive determinant, far from singular."""
    return lambda rng: rng.uniform(-0.6, 0.6, (n, n)) + 2 * np.eye(n)


def whole(low: int, high: int) -> Sampler:
    """A whole number."""
    return lambda rng: int(rng.integers(low, high + 1))
