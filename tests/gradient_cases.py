"""Functions with gradients written by hand, right and with the slips that people make; NumPy only, shared by tests."""

import numpy as np

RNG = np.random.default_rng(7)
X, DY, W = RNG.normal(size=(4, 6)), RNG.normal(size=(4, 6)), RNG.normal(size=6)
BATCH, TARGET = RNG.normal(size=(7, 3)), RNG.normal(size=(7, 4))
NET = {"W": [RNG.normal(size=(4, 3)), RNG.normal(size=(4, 4))], "b": [RNG.normal(size=4), RNG.normal(size=4)]}


def rms_norm(x, w, eps=1e-5):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * w


def rms_norm_backward(x, w, dy, eps=1e-5):
    r, g = 1 / np.sqrt((x * x).mean(-1, keepdims=True) + eps), dy * w
    return r * g - x * r**3 * (g * x).mean(-1, keepdims=True), (dy * x * r).sum(0)


def layer_norm(x, eps=1e-5):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)


def layer_norm_backward(x, dy, second=1, third=1, eps=1e-5):
    hat = layer_norm(x, eps)
    mean, along = dy.mean(-1, keepdims=True), hat * (dy * hat).mean(-1, keepdims=True)
    return (dy - second * mean - third * along) / np.sqrt(x.var(-1, keepdims=True) + eps)


def huber(x):
    return np.where(np.abs(x) < 5, x * x / 2, 5 * (np.abs(x) - 2.5)).sum()


def huber_gradient(x, tail=1):
    return np.where(np.abs(x) < 5, x, tail * 5 * np.sign(x))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def net(params):
    """Two sigmoid layers and the mean over the batch of half the squared error."""
    a = BATCH
    for w, b in zip(params["W"], params["b"], strict=True):
        a = sigmoid(a @ w.T + b)
    return ((a - TARGET) ** 2).sum() / 2 / len(BATCH)


def net_gradient(params, slip=""):
    a = [BATCH]
    for w, b in zip(params["W"], params["b"], strict=True):
        a.append(sigmoid(a[-1] @ w.T + b))
    delta = (a[-1] - TARGET) / len(BATCH) * a[-1] * (1 - a[-1])
    dw, db = [None, None], [None, None]
    for layer in (1, 0):
        dw[layer], db[layer] = delta.T @ a[layer], delta.sum(0)
        delta = (delta @ params["W"][layer]) * (1 if slip == "slope" else a[layer] * (1 - a[layer]))
    if slip == "transpose":
        dw[1] = dw[1].T
    if slip == "batch":
        db[0] = db[0] / len(BATCH)
    if slip == "mean":
        dw[0] = dw[0] * len(BATCH)
    if slip == "widths":
        dw[0] = dw[0] * 7 / 3
    if slip == "double":
        db[1] = 2 * db[1]
    return {"W": dw, "b": db}
