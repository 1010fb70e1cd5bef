"""Attention, softmax, gated units and embeddings, backwards."""

import numpy as np

from tests.corpus.oracle.numbers import given, positive, real, sigmoid, slope, softmax
from tests.corpus.oracle.rows import claims


def _attend(Q, K, V, G):
    return np.sum(G * (softmax(Q @ K.T / np.sqrt(Q.shape[1])) @ V))


def _P(v):
    return softmax(v.Q @ v.K.T / np.sqrt(3))


def _dP(v):
    return v.G @ v.V.T


def _dS(v):
    return _P(v) * (_dP(v) - np.sum(_dP(v) * _P(v), axis=1, keepdims=True))


def _gelu(x, c):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + c * x**3)))


def _rows(x, eps):
    return np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps)


_W1 = given(Q=real(4, 3), K=real(2, 3), V=real(2, 5), G=real(4, 5))
_W2 = given(z=real(4), g=real(4))
_W3 = given(a=real(3), b=real(3), g=real(3))
_W4 = given(x=real(), c=real())
_W5 = given(e=real(4), w=real(3), t=real())
_W6 = given(W=real(2, 3), x=real(4, 3), b=real(2), y=real(4, 2))
_W7 = given(x=real(4, 3), w=real(3), g=real(4, 3), eps=positive())

ROWS = (
    # attention/dP
    *claims(
        lambda v: slope(lambda P: np.sum(v.G * (P @ v.V)), _P(v)),
        {
            "t577": lambda v: _dP(v),
            "t578": lambda v: v.V.T @ v.G,
            "t579": lambda v: v.G @ v.V,
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda S: np.sum(v.G * (softmax(S) @ v.V)), v.Q @ v.K.T / np.sqrt(3)),
        {
            "t580": lambda v: _dS(v),
            "t581": lambda v: _P(v) * _dP(v),
            "t582": lambda v: _P(v) * (1 - _P(v)) * _dP(v),
            "t583": lambda v: _P(v) * (_dP(v) - np.sum(_dP(v) * _P(v), axis=0, keepdims=True)),
            "t584": lambda v: _P(v) * (_dP(v) + np.sum(_dP(v) * _P(v), axis=1, keepdims=True)),
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda Q: _attend(Q, v.K, v.V, v.G), v.Q),
        {
            "t585": lambda v: _dS(v) @ v.K / np.sqrt(3),
            "t586": lambda v: _dS(v) @ v.K,
            "t587": lambda v: _dS(v) @ v.K.T / np.sqrt(3),
            "t588": lambda v: _dP(v) @ v.K / np.sqrt(3),
            "t589": lambda v: _dS(v) @ v.K / 3,
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda K: _attend(v.Q, K, v.V, v.G), v.K),
        {
            "t590": lambda v: _dS(v).T @ v.Q / np.sqrt(3),
            "t591": lambda v: (_dS(v).T @ v.Q / np.sqrt(3)).T,
            "t592": lambda v: _dS(v) @ v.Q / np.sqrt(3),
        },
        world=_W1,
    ),
    # flash-attention
    *claims(
        lambda v: slope(lambda S: np.sum(v.G * (softmax(S) @ v.V)), v.Q @ v.K.T / np.sqrt(3)),
        {
            "t593": lambda v: _dS(v),
            "t594": lambda v: _P(v) * (_dP(v) - np.sum(v.G * (_P(v) @ v.V), axis=1)[None]),
            "t595": lambda v: _P(v) * (v.G @ v.V - np.sum(v.G * (_P(v) @ v.V), axis=1, keepdims=True)),
        },
        world=_W1,
    ),
    # softmax backward
    *claims(
        lambda v: slope(lambda z: np.sum(v.g * softmax(z)), v.z),
        {
            "t596": lambda v: softmax(v.z) * (v.g - np.sum(softmax(v.z) * v.g)),
            "t597": lambda v: softmax(v.z) * (v.g - np.sum(v.g)),
            "t598": lambda v: softmax(v.z) * (1 - softmax(v.z)) * v.g,
            "t599": lambda v: (np.diag(softmax(v.z)) - np.outer(softmax(v.z), softmax(v.z))) @ v.g,
            "t600": lambda v: (np.diag(softmax(v.z)) + np.outer(softmax(v.z), softmax(v.z))) @ v.g,
            "t601": lambda v: (np.eye(4) - np.outer(softmax(v.z), softmax(v.z))) @ v.g,
        },
        world=_W2,
    ),
    # swiglu
    *claims(
        lambda v: slope(lambda a: np.sum(v.g * a * sigmoid(a) * v.b), v.a),
        {
            "t602": lambda v: v.g * v.b * sigmoid(v.a) * (1 + v.a * (1 - sigmoid(v.a))),
            "t603": lambda v: v.g * v.b * sigmoid(v.a) * (1 + v.a * sigmoid(v.a)),
            "t604": lambda v: v.g * v.b * sigmoid(v.a) * (1 - sigmoid(v.a)),
            "t605": lambda v: v.g * sigmoid(v.a) * (1 + v.a * (1 - sigmoid(v.a))),
        },
        world=_W3,
    ),
    *claims(
        lambda v: slope(lambda b: np.sum(v.g * v.a * sigmoid(v.a) * b), v.b),
        {
            "t606": lambda v: v.g * v.a * sigmoid(v.a),
            "t607": lambda v: v.g * sigmoid(v.a),
        },
        world=_W3,
    ),
    # gelu/tanh
    *claims(
        lambda v: slope(lambda x: _gelu(x, v.c), v.x),
        {
            "t608": lambda v: (
                (1 + np.tanh(np.sqrt(2 / np.pi) * (v.x + v.c * v.x**3))) / 2
                + v.x
                / 2
                * (1 - np.tanh(np.sqrt(2 / np.pi) * (v.x + v.c * v.x**3)) ** 2)
                * np.sqrt(2 / np.pi)
                * (1 + 3 * v.c * v.x**2)
            ),
            "t609": lambda v: (
                (1 + np.tanh(np.sqrt(2 / np.pi) * (v.x + v.c * v.x**3))) / 2
                + v.x
                / 2
                * (1 - np.tanh(np.sqrt(2 / np.pi) * (v.x + v.c * v.x**3)) ** 2)
                * np.sqrt(2 / np.pi)
                * (1 + v.c * v.x**2)
            ),
            "t610": lambda v: (
                (1 + np.tanh(np.sqrt(2 / np.pi) * (v.x + v.c * v.x**3))) / 2
                + v.x / 2 * (1 - np.tanh(np.sqrt(2 / np.pi) * (v.x + v.c * v.x**3)) ** 2)
            ),
            "t611": lambda v: (1 + np.tanh(np.sqrt(2 / np.pi) * (v.x + v.c * v.x**3))) / 2,
        },
        world=_W4,
    ),
    # embedding
    *claims(
        lambda v: slope(lambda e: (np.sum(v.w) * np.mean(e) - v.t) ** 2 / 2, v.e),
        {
            "t612": lambda v: (np.sum(v.w) * np.mean(v.e) - v.t) * np.sum(v.w) / 4 * np.ones(4),
            "t613": lambda v: (np.sum(v.w) * np.mean(v.e) - v.t) * np.sum(v.w) * np.ones(4),
        },
        world=_W5,
    ),
    # linear/loss over samples
    *claims(
        lambda v: slope(lambda W: np.sum((v.x @ W.T + v.b - v.y) ** 2) / 8, v.W),
        {
            "t614": lambda v: (v.x @ v.W.T + v.b - v.y).T @ v.x / 4,
            "t615": lambda v: (v.x @ v.W.T + v.b - v.y).T @ v.x / 4,
            "t616": lambda v: v.x.T @ (v.x @ v.W.T + v.b - v.y) / 4,
            "t617": lambda v: (v.x @ v.W.T + v.b - v.y).T @ v.x,
            "t618": lambda v: (v.x @ v.W.T + v.b - v.y) @ v.x.T / 4,
        },
        world=_W6,
    ),
    *claims(
        lambda v: slope(lambda b: np.sum((v.x @ v.W.T + b - v.y) ** 2) / 8, v.b),
        {
            "t619": lambda v: (v.x @ v.W.T + v.b - v.y).sum(0) / 4,
            "t620": lambda v: (v.x @ v.W.T + v.b - v.y) / 4,
            "t621": lambda v: (v.x @ v.W.T + v.b - v.y).T @ np.ones(4) / 4,
            "t622": lambda v: (v.x @ v.W.T + v.b - v.y) @ np.ones(2) / 4,
        },
        world=_W6,
    ),
    # liger/weight gradient
    *claims(
        lambda v: slope(lambda w: np.sum(v.g * w * v.x / _rows(v.x, v.eps)), v.w),
        {
            "t623": lambda v: np.sum(v.g * v.x / _rows(v.x, v.eps), axis=0),
            "t624": lambda v: v.g * v.x / _rows(v.x, v.eps),
            "t625": lambda v: np.sum(v.g * v.x, axis=0),
        },
        world=_W7,
    ),
)
