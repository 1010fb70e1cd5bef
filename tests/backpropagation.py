"""A second backpropagation, with slopes in closed form: what an ordinary program computes, for the oracles to judge."""

import math

import numpy as np

_erf = np.vectorize(math.erf, otypes=[float])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _logistic(z, top, k, z_0):
    a = top * sigmoid(k * (z - z_0))
    return a, k * a * (1 - a / top)


def _gelu(z):
    phi = (1 + _erf(z / math.sqrt(2))) / 2
    return z * phi, phi + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


SLOPES = {
    "step": lambda z: ((z > 0) * 1.0, 0 * z),
    "linear": lambda z, c: (c * z, c + 0 * z),
    "sigmoid": lambda z: (sigmoid(z), sigmoid(z) * (1 - sigmoid(z))),
    "logistic": _logistic,
    "tanh": lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2),
    "relu": lambda z: (np.maximum(z, 0), (z > 0) * 1.0),
    "leaky-relu": lambda z, alpha: (np.where(z > 0, z, alpha * z), np.where(z > 0, 1, alpha)),
    "elu": lambda z, alpha: (
        np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1)),
        np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0))),
    ),
    "softplus": lambda z: (np.log(1 + np.exp(z)), sigmoid(z)),
    "gelu": _gelu,
    "silu": lambda z: (z * sigmoid(z), sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))),
    "softsign": lambda z: (z / (1 + abs(z)), 1 / (1 + abs(z)) ** 2),
    "softmax": lambda z: (np.exp(z - z.max()) / np.exp(z - z.max()).sum(), None),
}


def _cosine(a, y):
    size = np.linalg.norm(y) * np.linalg.norm(a)
    return -(y - a * (a @ y) / (a @ a)) / size


LOSS_SLOPES = {
    "half-squared-error": lambda a, y: a - y,
    "squared-error": lambda a, y: 2 * (a - y),
    "mse": lambda a, y: 2 * (a - y) / len(a),
    "mae": lambda a, y: np.sign(a - y) / len(a),
    "l1": lambda a, y: np.sign(a - y),
    "mape": lambda a, y: np.sign(a - y) / y / len(a),
    "msle": lambda a, y: 2 * (np.log(1 + a) - np.log(1 + y)) / (1 + a) / len(a),
    "log-cosh": lambda a, y: np.tanh(a - y),
    "binary-cross-entropy": lambda a, y: (1 - y) / (1 - a) - y / a,
    "cross-entropy": lambda a, y: -y / a,
    "nll": lambda a, y: -y / a,
    "kl": lambda a, y: -y / a,
    "cosine": _cosine,
    "hinge": lambda a, y: np.where(1 - y * a > 0, -y, 0),
    "huber": lambda a, y: np.clip(a - y, -1, 1),
}


def backpropagation(network, point, slopes=SLOPES):
    a, saved = [point.x], []
    for number, layer in enumerate(network.stack):
        matrix, b = point.W[number], point.b[number]
        if layer.bias == "appended":
            matrix, b = matrix[:, :-1], matrix[:, -1]
        z = (a[-1] if matrix is None else matrix @ a[-1]) + (0 if b is None else b)
        value, slope = slopes[layer.activation](z, *point.constants_of(layer))
        a.append(value)
        saved.append(slope)
    v, W, b = LOSS_SLOPES[network.loss](a[-1], point.y), [], []
    for number in reversed(range(network.depth)):
        layer, slope, value = network.stack[number], saved[number], a[number + 1]
        delta = value * (v - value @ v) if slope is None else v * slope
        before = np.append(a[number], 1.0) if layer.bias == "appended" else a[number]
        W.append(None if layer.bias_only else np.outer(delta, before))
        b.append(delta if layer.bias == "separate" else None)
        matrix = None if layer.bias_only else point.W[number][:, : a[number].size]
        v = delta if matrix is None else matrix.T @ delta
    return {"W": W[::-1], "b": b[::-1], "x": v}


def changed(gradients, role, number, change):
    """The gradients with one array put through `change`."""
    parts = list(gradients[role])
    parts[number - 1] = change(np.array(parts[number - 1]))
    return {**gradients, role: parts}


def entry(j, k, factor):
    def change(array):
        array[j, k] *= factor
        return array

    return change
