"""Regression, classification and other likelihoods, from their definitions."""

from typing import Any

import numpy as np

from tests.corpus.oracle.numbers import (
    curvature,
    given,
    inner,
    nonzero,
    positive,
    real,
    sigmoid,
    simplex,
    slope,
    softmax,
    symmetric,
)
from tests.corpus.oracle.rows import claims


def _likelihood(X, beta, y):
    p = sigmoid(X @ beta)
    return np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


def _softmax_entropy(W, x, b, y):
    return -np.sum(y * np.log(softmax(W @ x + b)))


def _huber_world(rng: Any) -> Any:
    while True:
        v = given(w=real(), x=real(), y=real(), delta=positive())(rng)
        r = abs(v.y - v.w * v.x)
        if abs(r - v.delta) > 0.1 and r > 0.1:
            return v


def _huber(r, delta):
    return np.where(abs(r) <= delta, r**2 / 2, delta * abs(r) - delta**2 / 2)


_W1 = given(w=real(), b=real(), x=real(4), y=real(4))
_W2 = given(X=real(4, 3), beta=real(3), y=real(4))
_W3 = given(X=real(4, 3), w=nonzero(3), y=real(4), lam=positive())
_W4 = given(X=real(4, 3), beta=real(3), y=inner(4))
_W5 = given(w=real(), x=real(), y=real())
_W6 = given(W=real(3, 2), x=real(2), b=real(3), y=simplex(3))
_W7 = given(z=real(3), y=positive(3))
_W8 = given(z=real(3), y=simplex(3))
_W9 = given(w=real(), x=real(4), y=positive(4))
_W10 = given(x=nonzero())
_W11 = given(x=positive())
_W12 = given(s=nonzero())
_W13 = given(s=positive())
_W14 = given(x=real(), eps=positive())
_W15 = given(A=symmetric(3), x=real(3), b=real(3))
_W16 = given(A=real(3, 3), x=real(3), b=real(3))
_W17 = given(A=real(4, 2), W=symmetric(4), x=real(4), s=real(2))
_W18 = given(F=real(4), h=real(4), y=nonzero(4), alpha=real())
_W19 = _huber_world
_W20 = given(w=real(3), x=real(3), t=real())

ROWS = (
    # linear-regression/half
    *claims(
        lambda v: slope(lambda b: np.mean((v.w * v.x + b - v.y) ** 2) / 2, v.b),
        {
            "t378": lambda v: np.mean(v.w * v.x + v.b - v.y),
            "t379": lambda v: (v.w * v.x + v.b - v.y) / 4,
            "t380": lambda v: np.mean((v.w * v.x + v.b - v.y) * v.x),
            "t381": lambda v: np.sum(v.w * v.x + v.b - v.y),
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda w: np.mean((w * v.x + v.b - v.y) ** 2) / 2, v.w),
        {
            "t382": lambda v: v.w * np.mean(v.x**2) + v.b * np.mean(v.x) - np.mean(v.x * v.y),
            "t383": lambda v: v.w * np.mean(v.x**2) - np.mean(v.x * v.y),
        },
        world=_W1,
    ),
    # esl/3.4
    *claims(
        lambda v: slope(lambda b: np.sum((v.y - v.X @ b) ** 2), v.beta),
        {
            "t384": lambda v: -2 * v.X.T @ (v.y - v.X @ v.beta),
            "t385": lambda v: -2 * v.X @ (v.y - v.X @ v.beta),
            "t386": lambda v: 2 * v.X.T @ (v.y - v.X @ v.beta),
            "t387": lambda v: -2 * (v.y - v.X @ v.beta)[None] @ v.X,
        },
        world=_W2,
    ),
    *claims(
        lambda v: curvature(lambda b: np.sum((v.y - v.X @ b) ** 2), v.beta),
        {
            "t388": lambda v: 2 * v.X.T @ v.X,
            "t389": lambda v: 2 * v.X @ v.X.T,
        },
        world=_W2,
    ),
    # ridge
    *claims(
        lambda v: slope(lambda w: np.sum((v.y - v.X @ w) ** 2) + v.lam * np.sum(w**2), v.w),
        {
            "t390": lambda v: -2 * v.X.T @ (v.y - v.X @ v.w) + 2 * v.lam * v.w,
            "t391": lambda v: 2 * (v.X.T @ v.X + v.lam * np.eye(3)) @ v.w - 2 * v.X.T @ v.y,
            "t392": lambda v: 2 * (v.X.T @ v.X + v.lam) @ v.w - 2 * v.X.T @ v.y,
            "t393": lambda v: -2 * v.X.T @ (v.y - v.X @ v.w) + v.lam * v.w,
            "t394": lambda v: -2 * v.X.T @ (v.y - v.X @ v.w),
            "t395": lambda v: -2 * v.X.T @ (v.y - v.X @ v.w) - 2 * v.lam * v.w,
        },
        world=_W3,
    ),
    # lasso
    *claims(
        lambda v: slope(lambda w: np.sum((v.y - v.X @ w) ** 2) / 2 + v.lam * np.sum(abs(w)), v.w),
        {
            "t396": lambda v: v.X.T @ (v.X @ v.w - v.y) + v.lam * np.sign(v.w),
            "t397": lambda v: v.X.T @ (v.X @ v.w - v.y) + v.lam * v.w,
            "t398": lambda v: v.X.T @ (v.X @ v.w - v.y) + v.lam,
        },
        world=_W3,
    ),
    # esl/4.21
    *claims(
        lambda v: slope(lambda b: _likelihood(v.X, b, v.y), v.beta),
        {
            "t399": lambda v: v.X.T @ (v.y - sigmoid(v.X @ v.beta)),
            "t400": lambda v: v.X.T @ (sigmoid(v.X @ v.beta) - v.y),
            "t401": lambda v: (v.y - sigmoid(v.X @ v.beta))[None] @ v.X,
            "t402": lambda v: v.X.T @ (v.y - sigmoid(v.X @ v.beta)),
            "t403": lambda v: v.X @ (v.y - sigmoid(v.X @ v.beta)),
            "t404": lambda v: (
                v.X.T @ ((v.y - sigmoid(v.X @ v.beta)) * sigmoid(v.X @ v.beta) * (1 - sigmoid(v.X @ v.beta)))
            ),
        },
        world=_W4,
    ),
    *claims(
        lambda v: curvature(lambda b: _likelihood(v.X, b, v.y), v.beta),
        {
            "t405": lambda v: -np.einsum("ij,ik,i->jk", v.X, v.X, sigmoid(v.X @ v.beta) * (1 - sigmoid(v.X @ v.beta))),
            "t406": lambda v: np.einsum("ij,ik,i->jk", v.X, v.X, sigmoid(v.X @ v.beta) * (1 - sigmoid(v.X @ v.beta))),
            "t407": lambda v: -np.einsum("ij,ik,i->jk", v.X, v.X, sigmoid(v.X @ v.beta)),
        },
        world=_W4,
    ),
    # margin
    *claims(
        lambda v: slope(lambda w: np.log1p(np.exp(-v.y * w * v.x)), v.w),
        {
            "t408": lambda v: -v.y * v.x / (1 + np.exp(v.y * v.w * v.x)),
            "t409": lambda v: -v.y * v.x / (1 + np.exp(-v.y * v.w * v.x)),
            "t410": lambda v: -v.x / (1 + np.exp(v.y * v.w * v.x)),
        },
        world=_W5,
    ),
    # murphy/softmax
    *claims(
        lambda v: slope(lambda W: _softmax_entropy(W, v.x, v.b, v.y), v.W),
        {
            "t411": lambda v: np.outer(softmax(v.W @ v.x + v.b) - v.y, v.x),
            "t412": lambda v: np.outer(v.x, softmax(v.W @ v.x + v.b) - v.y),
            "t413": lambda v: np.outer(v.y - softmax(v.W @ v.x + v.b), v.x),
        },
        world=_W6,
    ),
    *claims(
        lambda v: slope(lambda b: _softmax_entropy(v.W, v.x, b, v.y), v.b),
        {
            "t414": lambda v: softmax(v.W @ v.x + v.b) - v.y,
            "t415": lambda v: softmax(v.W @ v.x + v.b) * (1 - softmax(v.W @ v.x + v.b)) - v.y,
        },
        world=_W6,
    ),
    # softmax without a sum
    *claims(
        lambda v: slope(lambda z: -np.sum(v.y * np.log(softmax(z))), v.z),
        {
            "t416": lambda v: softmax(v.z) * np.sum(v.y) - v.y,
            "t417": lambda v: softmax(v.z) - v.y,
        },
        world=_W7,
        narrow=_W8,
    ),
    # poisson
    *claims(
        lambda v: slope(lambda w: np.sum(v.y * w * v.x - np.exp(w * v.x)), v.w),
        {
            "t418": lambda v: np.sum((v.y - np.exp(v.w * v.x)) * v.x),
            "t419": lambda v: np.sum((v.y / np.exp(v.w * v.x) - 1) * v.x),
        },
        world=_W9,
    ),
    # log of a square
    *claims(
        lambda v: np.log(v.x**2),
        {
            "t420": lambda v: 2 * np.log(abs(v.x)),
            "t421": lambda v: 2 * np.log(v.x),
        },
        world=_W10,
        narrow=_W11,
    ),
    # log of a square, positive
    *claims(
        lambda v: np.log(v.x**2),
        {
            "t422": lambda v: 2 * np.log(v.x),
            "t423": lambda v: np.log(2 * v.x),
        },
        world=_W11,
    ),
    # root of a square
    *claims(
        lambda v: np.sqrt(v.s**2),
        {
            "t424": lambda v: abs(v.s),
            "t425": lambda v: v.s,
        },
        world=_W12,
        narrow=_W13,
    ),
    # norm of one number
    *claims(
        lambda v: slope(lambda x: np.sqrt(x**2 + v.eps), v.x),
        {
            "t426": lambda v: v.x / np.sqrt(v.x**2 + v.eps),
            "t427": lambda v: 1 / (2 * np.sqrt(v.x**2 + v.eps)),
            "t428": lambda v: v.x / (2 * np.sqrt(v.x**2 + v.eps)),
        },
        world=_W14,
    ),
    # quadratic, symmetric
    *claims(
        lambda v: slope(lambda x: x @ v.A @ x / 2 - v.b @ x, v.x),
        {
            "t429": lambda v: v.A @ v.x - v.b,
            "t430": lambda v: v.A @ v.x - v.b,
            "t431": lambda v: v.A @ v.x + v.b,
            "t432": lambda v: v.A @ v.x / 2 - v.b,
        },
        world=_W15,
    ),
    # quadratic, not symmetric
    *claims(
        lambda v: slope(lambda x: x @ v.A @ x / 2 - v.b @ x, v.x),
        {
            "t433": lambda v: (v.A + v.A.T) @ v.x / 2 - v.b,
            "t434": lambda v: v.A @ v.x - v.b,
        },
        world=_W16,
        narrow=_W15,
    ),
    # weighted least squares
    *claims(
        lambda v: slope(lambda s: (v.x - v.A @ s) @ v.W @ (v.x - v.A @ s), v.s),
        {
            "t435": lambda v: -2 * v.A.T @ v.W @ (v.x - v.A @ v.s),
            "t436": lambda v: 2 * v.A.T @ v.W @ (v.x - v.A @ v.s),
            "t437": lambda v: -2 * v.A.T @ (v.x - v.A @ v.s),
        },
        world=_W17,
    ),
    *claims(
        lambda v: slope(lambda A: (v.x - A @ v.s) @ v.W @ (v.x - A @ v.s), v.A),
        {
            "t438": lambda v: -2 * np.outer(v.W @ (v.x - v.A @ v.s), v.s),
            "t439": lambda v: -2 * np.outer(v.s, v.W @ (v.x - v.A @ v.s)),
        },
        world=_W17,
    ),
    # adaboost
    *claims(
        lambda v: slope(lambda a: np.sum(np.exp(-v.y * (v.F + a * v.h))), v.alpha),
        {
            "t440": lambda v: -np.sum(v.y * v.h * np.exp(-v.y * (v.F + v.alpha * v.h))),
            "t441": lambda v: -np.sum(v.y * np.exp(-v.y * (v.F + v.alpha * v.h))),
            "t442": lambda v: -v.y * v.h * np.exp(-v.y * (v.F + v.alpha * v.h)),
        },
        world=_W18,
    ),
    # huber
    *claims(
        lambda v: slope(lambda w: _huber(v.y - w * v.x, v.delta), v.w),
        {
            "t443": lambda v: np.where(
                abs(v.y - v.w * v.x) <= v.delta, -v.x * (v.y - v.w * v.x), -v.delta * v.x * np.sign(v.y - v.w * v.x)
            ),
            "t444": lambda v: np.where(
                abs(v.y - v.w * v.x) <= v.delta, -v.x * (v.y - v.w * v.x), v.delta * v.x * np.sign(v.y - v.w * v.x)
            ),
            "t445": lambda v: np.where(
                abs(v.y - v.w * v.x) <= v.delta, -v.x * (v.y - v.w * v.x), -v.x * np.sign(v.y - v.w * v.x)
            ),
            "t446": lambda v: -v.x * (v.y - v.w * v.x),
        },
        world=_W19,
    ),
    # perceptron
    *claims(
        lambda v: slope(lambda w: (v.t - w @ v.x) ** 2 / 2, v.w),
        {
            "t447": lambda v: -(v.t - v.w @ v.x) * v.x,
            "t448": lambda v: (v.t - v.w @ v.x) * v.x,
            "t449": lambda v: -(v.t - v.w @ v.x) * v.w,
            "t450": lambda v: -(v.t - v.w @ v.x) * np.sum(v.x) * np.ones(3),
        },
        world=_W20,
    ),
)
