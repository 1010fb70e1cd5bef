"""Pairs that a grader of answers took for equal, or for different, each as a claim."""

import numpy as np

from tests.corpus.oracle.numbers import column, given, nonzero, positive, real, sigmoid, slope, softmax
from tests.corpus.oracle.rows import claims, row

_W1 = given(w=real(), x=real(), y=real())
_W2 = given(w=real())
_W3 = given(w=real(), x=real())
_W4 = given(w=real(), x=real(), b=real(), y=real())
_W5 = given(z=real())
_W6 = given(w=real(), x=real(4), y=real(4))
_W7 = given(A=real(3, 3), B=real(3, 3))
_W8 = given(W=real(2, 3), d=real(3), x=real(2))
_W9 = given(W=real(), x=real(), w=real(), X=real())
_W10 = given(x=real(), X=real(), N=positive(), n=positive())
_W11 = given(w=real(), l=real())
_W12 = given(z=nonzero())
_W13 = given()
_W14 = given(x=real(4))
_W15 = given(a=real(3), y=real(3), z=real())
_W16 = given(n=positive())
_W17 = given(p=positive(), q=positive())
_W18 = given(p=lambda rng: -rng.uniform(0.3, 2), q=lambda rng: -rng.uniform(0.3, 2))
_W19 = given(x=lambda rng: rng.uniform(-1, 1) * 1e-8)

ROWS = (
    # math-verify/1
    *claims(
        lambda v: slope(lambda w: (sigmoid(w * v.x) - v.y) ** 2 / 2, v.w),
        {
            "p117": lambda v: (sigmoid(v.w * v.x) - v.y) * sigmoid(v.w * v.x) * (1 - sigmoid(v.w * v.x)) * v.x,
            "p118": lambda v: (v.y - sigmoid(v.w * v.x)) * sigmoid(v.w * v.x) * (1 - sigmoid(v.w * v.x)) * v.x,
            "p119": lambda v: (sigmoid(v.w * v.x) + v.y) * sigmoid(v.w * v.x) * (1 - sigmoid(v.w * v.x)) * v.x,
        },
        world=_W1,
    ),
    # math-verify/2
    *claims(
        lambda v: slope(lambda w: w**2, v.w),
        {
            "p120": lambda v: 2 * v.w,
            "p121": lambda v: -7 * v.w,
            "p122": lambda v: v.w,
        },
        world=_W2,
    ),
    # math-verify/2b
    *claims(
        lambda v: slope(lambda w: w * v.x, v.w),
        {
            "p123": lambda v: v.x,
            "p124": lambda v: 2 * v.x,
        },
        world=_W3,
    ),
    # math-verify/3
    row(
        "p125",
        lambda v: slope(lambda b: (v.w * v.x + b - v.y) ** 2 / 2, v.b),
        lambda v: v.w * v.x + v.b - v.y,
        world=_W4,
    ),
    *claims(
        lambda v: slope(lambda w: (w * v.x + v.b - v.y) ** 2 / 2, v.w),
        {
            "p126": lambda v: (v.w * v.x + v.b - v.y) * v.x,
            "p127": lambda v: v.w * v.x + v.b - v.y,
        },
        world=_W4,
    ),
    # math-verify/4
    *claims(
        lambda v: slope(sigmoid, v.z),
        {
            "p128": lambda v: sigmoid(v.z) * (1 - sigmoid(v.z)),
            "p129": lambda v: sigmoid(v.z) * (1 + sigmoid(v.z)),
        },
        world=_W5,
    ),
    # math-verify/5
    *claims(
        lambda n: n.dW(2)[0],
        {
            "p130": lambda n: (n.out - n.y) * n.s(2) * n.x,
            "p131": lambda n: (n.out - n.y) * n.out * n.x,
        },
        notation="nielsen",
    ),
    # math-verify/6
    *claims(
        lambda v: slope(lambda w: np.mean((v.y - w * v.x) ** 2), v.w),
        {
            "p132": lambda v: 2 * np.mean((v.w * v.x - v.y) * v.x),
            "p133": lambda v: 2 * np.mean((v.y - v.w * v.x) * v.x),
        },
        world=_W6,
    ),
    *claims(
        lambda v: np.diag(slope(lambda a: np.mean((v.y - a) ** 2), v.w * v.x)[None] * np.ones((4, 1))),
        {
            "p134": lambda v: -2 / 4 * (v.y - v.w * v.x),
            "p135": lambda v: 2 / 4 * (v.y - v.w * v.x),
            "p136": lambda v: np.full(4, 2 * np.mean(v.w * v.x - v.y)),
        },
        world=_W6,
    ),
    # math-verify/7
    row("p137", lambda v: v.A @ v.B, lambda v: v.A @ v.B, world=_W7),
    row("p138", lambda v: (v.A @ v.B).T, lambda v: v.B.T @ v.A.T, world=_W7),
    row("p139", lambda v: v.A @ v.B, lambda v: v.B @ v.A, world=_W7),
    *claims(
        lambda v: (v.A @ v.B).T,
        {
            "p140": lambda v: v.A.T @ v.B.T,
            "p140.fix": lambda v: v.B.T @ v.A.T,
        },
        world=_W7,
    ),
    # math-verify/7b
    *claims(
        lambda v: v.W @ v.d,
        {
            "p141": lambda v: v.W @ v.d,
            "p142": lambda v: column(v.d) @ v.W,
        },
        world=_W8,
    ),
    *claims(
        lambda v: np.outer(v.d, v.x),
        {
            "p143": lambda v: np.outer(v.d, v.x),
            "p144": lambda v: np.outer(v.x, v.d),
        },
        world=_W8,
    ),
    # math-verify/8
    *claims(
        lambda v: v.W * v.x,
        {
            "p145": lambda v: v.W * v.x,
            "p146": lambda v: v.w * v.X,
        },
        world=_W9,
    ),
    # math-verify/8b
    *claims(
        lambda v: 3 * v.x**2 / v.N,
        {
            "p147": lambda v: 3 * v.x**2 / v.N,
            "p148": lambda v: 3 * v.X**2 / v.N,
            "p149": lambda v: 3 * v.x**2 / v.n,
        },
        world=_W10,
    ),
    # math-verify/8c
    *claims(
        lambda v: v.w**2,
        {
            "p150": lambda v: v.w**2,
            "p151": lambda v: v.l,
        },
        world=_W11,
    ),
    # math-verify/9
    *claims(
        lambda v: slope(lambda z: np.maximum(0, z), v.z),
        {
            "p152": lambda v: float(v.z > 0),
            "p153": lambda v: float(v.z < 0),
        },
        world=_W12,
    ),
    *claims(
        lambda v: np.maximum(0, v.z),
        {
            "p154": lambda v: (v.z + abs(v.z)) / 2,
            "p155": lambda v: (v.z - abs(v.z)) / 2,
        },
        world=_W12,
    ),
    # math-verify/10
    *claims(
        lambda v: 1 - np.exp(-1),
        {
            "p156": lambda v: (np.e - 1) / np.e,
            "p157": lambda v: 1 + np.exp(-1),
        },
        world=_W13,
    ),
    # math-verify/10b
    *claims(
        lambda v: 1e-20 * 1e20,
        {
            "p158": lambda v: 1.0,
            "p159": lambda v: 2.0,
        },
        world=_W13,
    ),
    # math-verify/10c
    *claims(
        lambda v: 1.0,
        {
            "p160": lambda v: 1.0,
            "p161": lambda v: 2.0,
        },
        world=_W13,
    ),
    # math-verify/10d
    *claims(
        lambda v: 1.0,
        {
            "p162": lambda v: 1.0,
            "p163": lambda v: 1 / (2005 * 2006),
        },
        world=_W13,
    ),
    # math-verify/11
    *claims(
        lambda v: (1 + np.tanh(v.z)) / 2,
        {
            "p164": lambda v: sigmoid(2 * v.z),
            "p165": lambda v: sigmoid(v.z),
        },
        world=_W5,
    ),
    # math-verify/12
    *claims(
        lambda v: softmax(v.x),
        {
            "p166": lambda v: softmax(v.x),
            "p167": lambda v: softmax(v.x),
            "p168": lambda v: np.exp(v.x) / np.sum(np.exp(-v.x)),
        },
        world=_W14,
    ),
    # math-verify/13
    *claims(
        lambda v: v.a - v.y,
        {
            "p169": lambda v: v.a - v.y,
            "p170": lambda v: v.a,
        },
        world=_W15,
    ),
    *claims(
        lambda v: 1 - np.tanh(v.z) ** 2,
        {
            "p171": lambda v: 1 / np.cosh(v.z) ** 2,
            "p172": lambda v: 1 / np.cosh(v.z),
        },
        world=_W15,
    ),
    # math-verify/14
    *claims(
        lambda v: np.sqrt(1 / v.n),
        {
            "p173": lambda v: 1 / np.sqrt(v.n),
            "p174": lambda v: np.sqrt(v.n),
        },
        world=_W16,
    ),
    # math-verify/14b
    *claims(
        lambda v: -np.log(v.q / v.p),
        {
            "p175": lambda v: np.log(v.p / v.q),
            "p176": lambda v: np.log(v.p) - np.log(v.q),
            "p177": lambda v: np.log(v.q / v.p),
        },
        world=_W17,
    ),
    # math-verify/14c
    *claims(
        lambda v: np.log(v.p / v.q),
        {
            "p178": lambda v: -np.log(v.q / v.p),
            "p179": lambda v: np.log(v.p) - np.log(v.q),
        },
        world=_W18,
        narrow=_W17,
    ),
    # math-verify/powers
    *claims(
        lambda v: 1e8 * np.exp((1e8 - 1) * np.log1p(v.x)),
        {
            "p180": lambda v: 1e8 * np.exp((1e8 - 1) * np.log1p(v.x)),
            "p181": lambda v: np.exp((1e8 - 1) * np.log1p(v.x)),
        },
        world=_W19,
    ),
)
