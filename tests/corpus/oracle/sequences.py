"""Recurrences, gates, convolutions, masks, decay and other pieces of a training step."""

import numpy as np

from tests.corpus.oracle.numbers import given, real, sigmoid, slope
from tests.corpus.oracle.rows import claims


def _step(w, u, h, x):
    return np.tanh(w * h + u * x)


def _h1(v):
    return _step(v.w, v.u, v.h0, v.x1)


def _h2(v):
    return _step(v.w, v.u, _h1(v), v.x2)


def _unrolled(w, v):
    return (_step(w, v.u, _step(w, v.u, v.h0, v.x1), v.x2) - v.y) ** 2 / 2


def _state(W, U, h, x):
    return np.tanh(W @ h + U @ x)


def _sloped(v):
    return v.g * (1 - _state(v.W, v.U, v.h, v.x) ** 2)


def _cell(a, b, r, k):
    return sigmoid(r) * k + sigmoid(a) * np.tanh(b)


def _lstm(a, b, r, k, q):
    return sigmoid(q) * np.tanh(_cell(a, b, r, k))


_W1 = given(w=real(), u=real(), h0=real(), x1=real(), x2=real(), y=real())
_W2 = given(W=real(3, 3), U=real(3, 2), h=real(3), x=real(2), g=real(3))
_W3 = given(a=real(), b=real(), r=real(), k=real(), q=real(), d=real())
_W4 = given(a=real(), p=real(), q=real())
_W5 = given(w=real(3), x=real(6), g=real(4))
_W6 = given(w=real(2), x=real(3))

ROWS = (
    # rnn/scalar
    *claims(
        lambda v: slope(lambda w: _unrolled(w, v), v.w),
        {
            "t695": lambda v: (_h2(v) - v.y) * (1 - _h2(v) ** 2) * (_h1(v) + v.w * (1 - _h1(v) ** 2) * v.h0),
            "t696": lambda v: (_h2(v) - v.y) * (1 - _h2(v) ** 2) * _h1(v),
            "t697": lambda v: (_h2(v) - v.y) * (1 - _h2(v) ** 2) * (_h1(v) + (1 - _h1(v) ** 2) * v.h0),
            "t698": lambda v: (_h2(v) - v.y) * (_h1(v) + v.w * (1 - _h1(v) ** 2) * v.h0),
            "t699": lambda v: (_h2(v) - v.y) * (1 - _h2(v) ** 2) * (_h1(v) + v.w * (1 - _h1(v)) * v.h0),
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda h: (_step(v.w, v.u, h, v.x2) - v.y) ** 2 / 2, _h1(v)),
        {
            "t700": lambda v: v.w * (_h2(v) - v.y) * (1 - _h2(v) ** 2),
            "t701": lambda v: v.w * (1 - _h1(v) ** 2) * (_h2(v) - v.y),
        },
        world=_W1,
    ),
    # rnn/matrix
    *claims(
        lambda v: slope(lambda h: v.g @ _state(v.W, v.U, h, v.x), v.h),
        {
            "t702": lambda v: v.W.T @ _sloped(v),
            "t703": lambda v: v.W @ _sloped(v),
            "t704": lambda v: (1 - _state(v.W, v.U, v.h, v.x) ** 2) * (v.W.T @ v.g),
            "t705": lambda v: v.W.T @ v.g,
        },
        world=_W2,
    ),
    *claims(
        lambda v: slope(lambda U: v.g @ _state(v.W, U, v.h, v.x), v.U),
        {
            "t706": lambda v: np.outer(_sloped(v), v.x),
            "t707": lambda v: np.outer(_sloped(v), v.h),
            "t708": lambda v: np.outer(v.x, _sloped(v)),
        },
        world=_W2,
    ),
    # lstm
    *claims(
        lambda v: slope(lambda a: v.d * _lstm(a, v.b, v.r, v.k, v.q), v.a),
        {
            "t709": lambda v: (
                v.d
                * sigmoid(v.q)
                * (1 - np.tanh(_cell(v.a, v.b, v.r, v.k)) ** 2)
                * np.tanh(v.b)
                * sigmoid(v.a)
                * (1 - sigmoid(v.a))
            ),
            "t710": lambda v: (
                v.d
                * sigmoid(v.q)
                * (1 - _cell(v.a, v.b, v.r, v.k) ** 2)
                * np.tanh(v.b)
                * sigmoid(v.a)
                * (1 - sigmoid(v.a))
            ),
            "t711": lambda v: (
                v.d
                * sigmoid(v.q)
                * (1 - np.tanh(_cell(v.a, v.b, v.r, v.k)) ** 2)
                * np.tanh(v.b)
                * (1 - sigmoid(v.a) ** 2)
            ),
            "t712": lambda v: v.d * sigmoid(v.q) * np.tanh(v.b) * sigmoid(v.a) * (1 - sigmoid(v.a)),
        },
        world=_W3,
    ),
    *claims(
        lambda v: slope(lambda r: v.d * _lstm(v.a, v.b, r, v.k, v.q), v.r),
        {
            "t713": lambda v: (
                v.d
                * sigmoid(v.q)
                * (1 - np.tanh(_cell(v.a, v.b, v.r, v.k)) ** 2)
                * v.k
                * sigmoid(v.r)
                * (1 - sigmoid(v.r))
            ),
            "t714": lambda v: (
                v.d
                * sigmoid(v.q)
                * (1 - np.tanh(_cell(v.a, v.b, v.r, v.k)) ** 2)
                * _cell(v.a, v.b, v.r, v.k)
                * sigmoid(v.r)
                * (1 - sigmoid(v.r))
            ),
        },
        world=_W3,
    ),
    *claims(
        lambda v: slope(lambda q: v.d * _lstm(v.a, v.b, v.r, v.k, q), v.q),
        {
            "t715": lambda v: v.d * np.tanh(_cell(v.a, v.b, v.r, v.k)) * sigmoid(v.q) * (1 - sigmoid(v.q)),
            "t716": lambda v: v.d * _cell(v.a, v.b, v.r, v.k) * sigmoid(v.q) * (1 - sigmoid(v.q)),
        },
        world=_W3,
    ),
    # gru
    *claims(
        lambda v: slope(lambda a: (1 - sigmoid(a)) * v.p + sigmoid(a) * v.q, v.a),
        {
            "t717": lambda v: (v.q - v.p) * sigmoid(v.a) * (1 - sigmoid(v.a)),
            "t718": lambda v: (v.p - v.q) * sigmoid(v.a) * (1 - sigmoid(v.a)),
            "t719": lambda v: v.q * sigmoid(v.a) * (1 - sigmoid(v.a)),
            "t720": lambda v: v.q - v.p,
        },
        world=_W4,
    ),
    # convolution
    *claims(
        lambda v: slope(lambda w: sum(v.g[i] * w @ v.x[i : i + 3] for i in range(4)), v.w),
        {
            "t721": lambda v: np.array([v.g @ v.x[k : k + 4] for k in range(3)]),
            "t722": lambda v: np.full(3, v.g @ v.x[:4]),
            "t723": lambda v: np.array([v.g * v.x[k : k + 4] for k in range(3)]),
            "t724": lambda v: -np.array([v.g @ v.x[k : k + 4] for k in range(3)]),
            "t725": lambda v: np.array([v.g @ v.x[k + 1 : k + 5] if k < 2 else np.nan for k in range(3)]),
        },
        world=_W5,
    ),
    *claims(
        lambda v: slope(lambda w: np.convolve(v.x, w[::-1], "valid"), v.w),
        {
            "t726": lambda v: np.array([v.x[i : i + 3] for i in range(4)]),
            "t727": lambda v: np.array([[v.x[i - k] if i >= k else np.nan for k in range(3)] for i in range(4)]),
        },
        world=_W5,
    ),
    # convolution/scalar steps
    *claims(
        lambda v: slope(lambda w: np.sum(np.convolve(v.x, w[::-1], "valid") ** 2) / 2, v.w)[0],
        {
            "t728": lambda v: np.convolve(v.x, v.w[::-1], "valid") @ v.x[:2],
            "t729": lambda v: np.convolve(v.x, v.w[::-1], "valid")[0] * v.x[0],
            "t730": lambda v: np.convolve(v.x, v.w[::-1], "valid") @ v.x[1:],
        },
        world=_W6,
    ),
    *claims(
        lambda v: slope(lambda x: np.sum(np.convolve(x, v.w[::-1], "valid") ** 2) / 2, v.x)[1],
        {
            "t731": lambda v: (
                v.w[1] * np.convolve(v.x, v.w[::-1], "valid")[0] + v.w[0] * np.convolve(v.x, v.w[::-1], "valid")[1]
            ),
            "t732": lambda v: (
                v.w[0] * np.convolve(v.x, v.w[::-1], "valid")[0] + v.w[1] * np.convolve(v.x, v.w[::-1], "valid")[1]
            ),
        },
        world=_W6,
    ),
)
