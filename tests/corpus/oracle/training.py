"""Masks, decay, residuals, factorisations and plain calculus."""

from typing import Any

import numpy as np

from tests.corpus.oracle.numbers import curvature, given, inner, positive, real, sigmoid, slope
from tests.corpus.oracle.rows import chain, claims


def _hinge_world(rng: Any) -> Any:
    while True:
        v = given(s=real(4))(rng)
        if np.min(abs(v.s - v.s[0] + 1)) > 0.1:
            return v


_W1 = given(w=real(3), lam=real(), g=real(3))
_W2 = given(m=inner(4), x=real(4), t=real(4), p=inner())
_W3 = given(A=real(4, 3), B=real(3, 4), x=real(3), g=real(3))
_W4 = given(W=real(2, 3), x=real(3))
_W5 = given(P=real(3, 2), Q=real(4, 2), Y=real(3, 4), lam=real())
_W6 = _hinge_world
_W7 = given(x=real(3), c=real(3), w=real(), t=real(), gamma=positive())
_W8 = given(w=real(2, 3), y=real(3), d=real(2), a=positive(), b=positive())
_W9 = given(A=real(4, 3), B=real(2, 4), x=real(3), y=real(2))
_W10 = given(x=real())
_W11 = given(x=real(), y=real())

ROWS = (
    # weight decay
    *claims(
        lambda v: slope(lambda w: v.g @ w + v.lam / 2 * w @ w, v.w),
        {
            "t733": lambda v: v.g + v.lam * v.w,
            "t734": lambda v: v.g + v.lam / 2 * v.w,
            "t735": lambda v: v.g - v.lam * v.w,
        },
        world=_W1,
    ),
    # dropout
    *claims(
        lambda v: slope(lambda x: np.sum((v.m * x / (1 - v.p) - v.t) ** 2) / 2, v.x),
        {
            "t736": lambda v: v.m / (1 - v.p) * ((v.m * v.x / (1 - v.p)) - v.t),
            "t737": lambda v: ((v.m * v.x / (1 - v.p)) - v.t) / (1 - v.p),
            "t738": lambda v: v.m * ((v.m * v.x / (1 - v.p)) - v.t),
            "t739": lambda v: v.m / (1 - v.p) * ((v.m * v.x / (1 - v.p)) - v.t),
            "t740": lambda v: v.m @ ((v.m * v.x / (1 - v.p)) - v.t) / (1 - v.p),
        },
        world=_W2,
    ),
    # residual block
    *claims(
        lambda v: slope(lambda x: v.g @ (x + v.B @ np.tanh(v.A @ x)), v.x),
        {
            "t741": lambda v: v.g + v.A.T @ ((1 - np.tanh(v.A @ v.x) ** 2) * (v.B.T @ v.g)),
            "t742": lambda v: v.A.T @ ((1 - np.tanh(v.A @ v.x) ** 2) * (v.B.T @ v.g)),
            "t743": lambda v: v.g + v.A.T @ v.B.T @ v.g,
            "t744": lambda v: v.g + v.B.T @ ((1 - np.tanh(v.A @ v.x) ** 2) * (v.A.T @ v.g)),
        },
        world=_W3,
    ),
    # autoencoder
    *claims(
        lambda v: slope(lambda W: np.sum((W.T @ W @ v.x - v.x) ** 2) / 2, v.W),
        {
            "t745": lambda v: (
                np.outer(v.W @ v.x, (v.W.T @ v.W @ v.x - v.x)) + np.outer(v.W @ (v.W.T @ v.W @ v.x - v.x), v.x)
            ),
            "t746": lambda v: np.outer(v.W @ v.x, (v.W.T @ v.W @ v.x - v.x)),
            "t747": lambda v: (
                np.outer(v.W.T @ v.W @ v.x - v.x, v.W @ v.x) + np.outer(v.W @ (v.W.T @ v.W @ v.x - v.x), v.x)
            ),
        },
        world=_W4,
    ),
    # factorisation
    *claims(
        lambda v: slope(
            lambda P: np.sum((v.Y - P @ v.Q.T) ** 2) / 2 + v.lam / 2 * (np.sum(P**2) + np.sum(v.Q**2)), v.P
        ),
        {
            "t748": lambda v: -(v.Y - v.P @ v.Q.T) @ v.Q + v.lam * v.P,
            "t749": lambda v: -(v.Y - v.P @ v.Q.T).T @ v.Q + v.lam * v.P,
            "t750": lambda v: (v.Y - v.P @ v.Q.T) @ v.Q + v.lam * v.P,
        },
        world=_W5,
    ),
    *claims(
        lambda v: slope(
            lambda Q: np.sum((v.Y - v.P @ Q.T) ** 2) / 2 + v.lam / 2 * (np.sum(v.P**2) + np.sum(Q**2)), v.Q
        ),
        {
            "t751": lambda v: -(v.Y - v.P @ v.Q.T).T @ v.P + v.lam * v.Q,
            "t752": lambda v: -(v.Y - v.P @ v.Q.T) @ v.P + v.lam * v.Q,
            "t753": lambda v: -(v.Y - v.P @ v.Q.T).T @ v.P,
        },
        world=_W5,
    ),
    # hinge
    *claims(
        lambda v: slope(lambda s: np.sum(np.maximum(0, s - s[0] + 1)), v.s)[1],
        {
            "t754": lambda v: float(v.s[1] - v.s[0] + 1 > 0),
            "t755": lambda v: -float(v.s[1] - v.s[0] + 1 > 0),
            "t756": lambda v: max(0.0, v.s[1] - v.s[0] + 1),
        },
        world=_W6,
    ),
    # rbf
    *claims(
        lambda v: slope(lambda c: (v.w * np.exp(-v.gamma * np.sum((v.x - c) ** 2)) - v.t) ** 2 / 2, v.c),
        {
            "t757": lambda v: (
                2
                * v.gamma
                * v.w
                * np.exp(-v.gamma * np.sum((v.x - v.c) ** 2))
                * (v.w * np.exp(-v.gamma * np.sum((v.x - v.c) ** 2)) - v.t)
                * (v.x - v.c)
            ),
            "t758": lambda v: (
                -2
                * v.gamma
                * v.w
                * np.exp(-v.gamma * np.sum((v.x - v.c) ** 2))
                * (v.w * np.exp(-v.gamma * np.sum((v.x - v.c) ** 2)) - v.t)
                * (v.x - v.c)
            ),
            "t759": lambda v: (
                v.gamma
                * v.w
                * np.exp(-v.gamma * np.sum((v.x - v.c) ** 2))
                * (v.w * np.exp(-v.gamma * np.sum((v.x - v.c) ** 2)) - v.t)
                * (v.x - v.c)
            ),
            "t760": lambda v: (
                2 * v.gamma * v.w * (v.w * np.exp(-v.gamma * np.sum((v.x - v.c) ** 2)) - v.t) * (v.x - v.c)
            ),
        },
        world=_W7,
    ),
    # haykin
    *claims(
        lambda v: slope(lambda w: np.sum((v.d - v.a * np.tanh(v.b * (w @ v.y))) ** 2) / 2, v.w),
        {
            "t761": lambda v: np.outer(
                -v.b
                / v.a
                * (v.d - v.a * np.tanh(v.b * (v.w @ v.y)))
                * (v.a - v.a * np.tanh(v.b * (v.w @ v.y)))
                * (v.a + v.a * np.tanh(v.b * (v.w @ v.y))),
                v.y,
            ),
            "t762": lambda v: np.outer(
                v.b
                / v.a
                * (v.d - v.a * np.tanh(v.b * (v.w @ v.y)))
                * (v.a - v.a * np.tanh(v.b * (v.w @ v.y)))
                * (v.a + v.a * np.tanh(v.b * (v.w @ v.y))),
                v.y,
            ),
            "t763": lambda v: np.outer(
                -v.a * v.b * (v.d - v.a * np.tanh(v.b * (v.w @ v.y))) * np.tanh(v.b * (v.w @ v.y)), v.y
            ),
            "t764": lambda v: np.outer(
                -v.a * (v.d - v.a * np.tanh(v.b * (v.w @ v.y))) * (1 - np.tanh(v.b * (v.w @ v.y)) ** 2), v.y
            ),
        },
        world=_W8,
    ),
    *claims(
        lambda v: slope(lambda u: np.sum((v.d - v.a * np.tanh(v.b * u)) ** 2) / 2, v.w @ v.y),
        {
            "t765": lambda v: -(v.d - v.a * np.tanh(v.b * (v.w @ v.y))) * v.a * v.b / np.cosh(v.b * (v.w @ v.y)) ** 2,
            "t766": lambda v: -(v.d - v.a * np.tanh(v.b * (v.w @ v.y))) * v.a * v.b / np.cosh(v.b * (v.w @ v.y)),
        },
        world=_W8,
    ),
    # d2l/mlp
    *claims(
        lambda v: slope(lambda A: np.sum((v.B @ np.tanh(A @ v.x) - v.y) ** 2) / 2, v.A),
        {
            "t767": lambda v: np.outer((v.B.T @ (v.B @ np.tanh(v.A @ v.x) - v.y)) * (1 - np.tanh(v.A @ v.x) ** 2), v.x),
            "t768": lambda v: np.outer((v.B.T @ (v.B @ np.tanh(v.A @ v.x) - v.y)) * np.tanh(v.A @ v.x), v.x),
            "t769": lambda v: np.outer((v.B @ (v.B @ np.tanh(v.A @ v.x) - v.y)) * (1 - np.tanh(v.A @ v.x) ** 2), v.x),
            "t770": lambda v: np.outer(
                (v.B.T @ (v.B @ np.tanh(v.A @ v.x) - v.y)) * (1 - np.tanh(np.tanh(v.A @ v.x)) ** 2), v.x
            ),
        },
        world=_W9,
    ),
    *claims(
        lambda v: slope(lambda B: np.sum((B @ np.tanh(v.A @ v.x) - v.y) ** 2) / 2, v.B),
        {
            "t771": lambda v: np.outer((v.B @ np.tanh(v.A @ v.x) - v.y), np.tanh(v.A @ v.x)),
            "t772": lambda v: np.outer(np.tanh(v.A @ v.x), (v.B @ np.tanh(v.A @ v.x) - v.y)),
            "t773": lambda v: np.outer(-(v.B @ np.tanh(v.A @ v.x) - v.y), np.tanh(v.A @ v.x)),
        },
        world=_W9,
    ),
    # calculus
    *claims(
        lambda v: slope(lambda x: x**2 * np.exp(-x), v.x),
        {
            "t774": lambda v: v.x * (2 - v.x) * np.exp(-v.x),
            "t775": lambda v: 2 * v.x * np.exp(-v.x),
            "t776": lambda v: -2 * v.x * np.exp(-v.x),
        },
        world=_W10,
    ),
    *claims(
        lambda v: curvature(lambda x: x**2 * np.exp(-x), v.x),
        {
            "t777": lambda v: (v.x**2 - 4 * v.x + 2) * np.exp(-v.x),
            "t778": lambda v: (v.x**2 - 2 * v.x + 2) * np.exp(-v.x),
        },
        world=_W10,
    ),
    # calculus/quotient
    *claims(
        lambda v: slope(lambda x: x / np.sqrt(1 + x**2), v.x),
        {
            "t779": lambda v: (1 + v.x**2) ** -1.5,
            "t780": lambda v: (1 + v.x**2) ** -0.5,
            "t781": lambda v: (np.sqrt(1 + v.x**2) + v.x) / (1 + v.x**2),
        },
        world=_W10,
    ),
    # sigmoid again
    *claims(
        lambda v: slope(sigmoid, v.x),
        {
            "t782": lambda v: sigmoid(v.x) * sigmoid(-v.x),
            "t783": lambda v: sigmoid(v.x) ** 2,
        },
        world=_W10,
    ),
    *claims(
        lambda v: curvature(sigmoid, v.x),
        {
            "t784": lambda v: sigmoid(v.x) * (1 - sigmoid(v.x)) * (1 - 2 * sigmoid(v.x)),
            "t785": lambda v: sigmoid(v.x) * (1 - sigmoid(v.x)) ** 2,
            "t786": lambda v: sigmoid(v.x) * (1 - sigmoid(v.x)) * (2 * sigmoid(v.x) - 1),
        },
        world=_W10,
    ),
    *claims(
        lambda v: slope(lambda x: np.log(sigmoid(x)), v.x),
        {
            "t787": lambda v: 1 - sigmoid(v.x),
            "t788": lambda v: sigmoid(v.x),
        },
        world=_W10,
    ),
    *claims(
        lambda v: np.tanh(v.x),
        {
            "t789": lambda v: 2 * sigmoid(2 * v.x) - 1,
            "t790": lambda v: 2 * sigmoid(v.x) - 1,
        },
        world=_W10,
    ),
    # two paths
    *claims(
        lambda v: slope(lambda x: x * v.y * (x + v.y), v.x),
        {
            "t791": lambda v: (v.x + v.y) * v.y + v.x * v.y,
            "t792": lambda v: (v.x + v.y) * v.y,
        },
        world=_W11,
    ),
    chain(
        "t793",
        lambda v: slope(lambda x: x * v.y * (x + v.y), v.x),
        lambda v: (v.x + v.y) * v.y + v.x * v.y,
        lambda v: 2 * v.x * v.y + v.y**2,
        world=_W11,
    ),
    chain(
        "t794",
        lambda v: slope(lambda x: x * v.y * (x + v.y), v.x),
        lambda v: (v.x + v.y) * v.y + v.x * v.y,
        lambda v: v.x * v.y + v.y**2,
        world=_W11,
    ),
    chain(
        "t795",
        lambda v: slope(lambda x: x * v.y * (x + v.y), v.x),
        lambda v: (v.x + v.y) * v.x + v.x * v.y,
        lambda v: 2 * v.x * v.y + v.y**2,
        world=_W11,
    ),
)
