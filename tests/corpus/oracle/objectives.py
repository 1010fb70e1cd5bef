"""Objectives of larger models: preferences, contrast, policies, variational bounds."""

from typing import Any

import numpy as np

from tests.corpus.oracle.numbers import (
    given,
    inner,
    norm,
    onehot,
    positive,
    real,
    sigmoid,
    simplex,
    slope,
    softmax,
    unit,
)
from tests.corpus.oracle.rows import claims


def _log_sigmoid(u):
    return -np.log1p(np.exp(-u))


def _triplet(a, p, n, alpha):
    return np.sum((a - p) ** 2) - np.sum((a - n) ** 2) + alpha


def _triplet_world(rng: Any) -> Any:
    while True:
        v = given(a=real(3), p=real(3), n=real(3), alpha=real())(rng)
        if abs(_triplet(v.a, v.p, v.n, v.alpha)) > 0.2:
            return v


def _gauss(y, mu, sigma):
    return np.log(2 * np.pi) / 2 + np.log(sigma) + (y - mu) ** 2 / (2 * sigma**2)


def _negative(u, c, W):
    return -_log_sigmoid(u @ c) - np.sum(_log_sigmoid(-W @ c))


_W1 = given(a=real(), b=real(), a0=real(), b0=real(), beta=positive())
_W2 = given(s=real(4), tau=positive())
_W3 = _triplet_world
_W4 = given(x=real())
_W5 = given(theta=real(4), r=real(4))
_W6 = given(mu=real(3), s=real(3))
_W7 = given(y=real(), mu=real(), sigma=positive())
_W8 = given(x=real(), mu=real(), s=positive())
_W9 = given(u=real(3), w=real(3))
_W10 = given(u=real(3), c=real(3), W=real(2, 3))
_W11 = given(W=real(2, 3), c=real(3), y=inner(2))
_W12 = given(z=real(4), y=onehot(4), eps=inner())
_W13 = given(z=real(4), q=simplex(4), T=positive())
_W14 = given(f=positive(3, 2), u=real(3), w=real(2), b=real(3), x=real(3, 2))
_W15 = given(s=real(), G=inner())

ROWS = (
    # dpo
    *claims(
        lambda v: slope(lambda a: -_log_sigmoid(v.beta * (a - v.a0 - v.b + v.b0)), v.a),
        {
            "t626": lambda v: -v.beta * sigmoid(-(v.beta * (v.a - v.a0 - v.b + v.b0))),
            "t627": lambda v: -v.beta * sigmoid(v.beta * (v.a - v.a0 - v.b + v.b0)),
            "t628": lambda v: v.beta * sigmoid(-(v.beta * (v.a - v.a0 - v.b + v.b0))),
            "t629": lambda v: -sigmoid(-(v.beta * (v.a - v.a0 - v.b + v.b0))),
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda b: -_log_sigmoid(v.beta * (v.a - v.a0 - b + v.b0)), v.b),
        {
            "t630": lambda v: v.beta * (1 - sigmoid(v.beta * (v.a - v.a0 - v.b + v.b0))),
            "t631": lambda v: -v.beta * (1 - sigmoid(v.beta * (v.a - v.a0 - v.b + v.b0))),
        },
        world=_W1,
    ),
    # info-nce
    *claims(
        lambda v: slope(lambda s: -np.log(softmax(s / v.tau)[0]), v.s)[0],
        {
            "t632": lambda v: (softmax(v.s / v.tau)[0] - 1) / v.tau,
            "t633": lambda v: (1 - softmax(v.s / v.tau)[0]) / v.tau,
            "t634": lambda v: softmax(v.s / v.tau)[0] - 1,
        },
        world=_W2,
    ),
    *claims(
        lambda v: slope(lambda s: -np.log(softmax(s / v.tau)[0]), v.s),
        {
            "t635": lambda v: (softmax(v.s / v.tau) - unit(4, 0)) / v.tau,
            "t636": lambda v: softmax(v.s / v.tau) / v.tau,
        },
        world=_W2,
    ),
    # triplet
    *claims(
        lambda v: slope(lambda a: max(0, _triplet(a, v.p, v.n, v.alpha)), v.a),
        {
            "t637": lambda v: 2 * (v.n - v.p) * (_triplet(v.a, v.p, v.n, v.alpha) > 0),
            "t638": lambda v: 2 * (v.p - v.n) * (_triplet(v.a, v.p, v.n, v.alpha) > 0),
            "t639": lambda v: 2 * (v.n - v.p),
            "t640": lambda v: 2 * (v.a - v.p) * (_triplet(v.a, v.p, v.n, v.alpha) > 0),
        },
        world=_W3,
    ),
    # focal
    *claims(
        lambda v: slope(lambda p: -((1 - p) ** 2) * np.log(p), sigmoid(v.x)),
        {
            "t641": lambda v: 2 * (1 - sigmoid(v.x)) * np.log(sigmoid(v.x)) - (1 - sigmoid(v.x)) ** 2 / sigmoid(v.x),
            "t642": lambda v: -2 * (1 - sigmoid(v.x)) * np.log(sigmoid(v.x)) - (1 - sigmoid(v.x)) ** 2 / sigmoid(v.x),
        },
        world=_W4,
    ),
    *claims(
        lambda v: slope(lambda x: -((1 - sigmoid(x)) ** 2) * np.log(sigmoid(x)), v.x),
        {
            "t643": lambda v: (1 - sigmoid(v.x)) ** 2 * (2 * sigmoid(v.x) * np.log(sigmoid(v.x)) + sigmoid(v.x) - 1),
            "t644": lambda v: (1 - sigmoid(v.x)) ** 2 * (2 * sigmoid(v.x) * np.log(sigmoid(v.x)) + 1 - sigmoid(v.x)),
            "t645": lambda v: (1 - sigmoid(v.x)) ** 2 * (sigmoid(v.x) - 1),
        },
        world=_W4,
    ),
    # reinforce
    *claims(
        lambda v: slope(lambda t: np.sum(softmax(t) * v.r), v.theta),
        {
            "t646": lambda v: softmax(v.theta) * (v.r - np.sum(softmax(v.theta) * v.r)),
            "t647": lambda v: softmax(v.theta) * v.r,
            "t648": lambda v: softmax(v.theta) * (1 - softmax(v.theta)) * v.r,
        },
        world=_W5,
    ),
    *claims(
        lambda v: slope(lambda t: np.log(softmax(t)), v.theta),
        {
            "t649": lambda v: np.eye(4) - softmax(v.theta)[None] * np.ones((4, 1)),
            "t650": lambda v: np.eye(4) - softmax(v.theta)[:, None] * np.ones((1, 4)),
            "t651": lambda v: np.diag(softmax(v.theta)) - np.outer(softmax(v.theta), softmax(v.theta)),
        },
        world=_W5,
    ),
    # vae
    *claims(
        lambda v: slope(lambda m: -0.5 * np.sum(1 + v.s - m**2 - np.exp(v.s)), v.mu),
        {
            "t652": lambda v: v.mu,
            "t653": lambda v: -v.mu,
            "t654": lambda v: 2 * v.mu,
        },
        world=_W6,
    ),
    *claims(
        lambda v: slope(lambda s: -0.5 * np.sum(1 + s - v.mu**2 - np.exp(s)), v.s),
        {
            "t655": lambda v: (np.exp(v.s) - 1) / 2,
            "t656": lambda v: (1 - np.exp(v.s)) / 2,
            "t657": lambda v: np.exp(v.s) / 2,
        },
        world=_W6,
    ),
    # gaussian nll
    *claims(
        lambda v: slope(lambda m: _gauss(v.y, m, v.sigma), v.mu),
        {
            "t658": lambda v: (v.mu - v.y) / v.sigma**2,
            "t659": lambda v: (v.y - v.mu) / v.sigma**2,
            "t660": lambda v: (v.mu - v.y) / v.sigma,
        },
        world=_W7,
    ),
    *claims(
        lambda v: slope(lambda s: _gauss(v.y, v.mu, s), v.sigma),
        {
            "t661": lambda v: 1 / v.sigma - (v.y - v.mu) ** 2 / v.sigma**3,
            "t662": lambda v: 1 / v.sigma + (v.y - v.mu) ** 2 / v.sigma**3,
            "t663": lambda v: -((v.y - v.mu) ** 2) / v.sigma**3,
            "t664": lambda v: 1 / v.sigma - (v.y - v.mu) ** 2 / v.sigma**2,
        },
        world=_W7,
    ),
    # score of a gaussian
    *claims(
        lambda v: slope(lambda x: -((x - v.mu) ** 2) / (2 * v.s**2), v.x),
        {
            "t665": lambda v: (v.mu - v.x) / v.s**2,
            "t666": lambda v: (v.x - v.mu) / v.s**2,
            "t667": lambda v: (v.mu - v.x) / (2 * v.s**2),
        },
        world=_W8,
    ),
    # cosine similarity
    *claims(
        lambda v: slope(lambda u: u @ v.w / (norm(u) * norm(v.w)), v.u),
        {
            "t668": lambda v: (
                v.w / (norm(v.u) * norm(v.w)) - v.u @ v.w / (norm(v.u) * norm(v.w)) * v.u / norm(v.u) ** 2
            ),
            "t669": lambda v: (
                v.w / (norm(v.u) * norm(v.w)) + v.u @ v.w / (norm(v.u) * norm(v.w)) * v.u / norm(v.u) ** 2
            ),
            "t670": lambda v: v.w / (norm(v.u) * norm(v.w)) - v.u @ v.w / (norm(v.u) * norm(v.w)) * v.u / norm(v.u),
            "t671": lambda v: v.w / (norm(v.u) * norm(v.w)),
        },
        world=_W9,
    ),
    # word2vec
    *claims(
        lambda v: slope(lambda c: _negative(v.u, c, v.W), v.c),
        {
            "t672": lambda v: (sigmoid(v.u @ v.c) - 1) * v.u - (sigmoid(-v.W @ v.c) - 1) @ v.W,
            "t673": lambda v: (sigmoid(v.u @ v.c) - 1) * v.u + (sigmoid(-v.W @ v.c) - 1) @ v.W,
        },
        world=_W10,
    ),
    # word2vec/index
    *claims(
        lambda v: slope(lambda c: -np.sum(v.y * _log_sigmoid(v.W @ c) + (1 - v.y) * _log_sigmoid(-v.W @ c)), v.c),
        {
            "t674": lambda v: v.W.T @ (sigmoid(v.W @ v.c) - v.y),
            "t675": lambda v: v.W.T @ (sigmoid(v.W @ v.c) - v.y),
            "t676": lambda v: v.W * (sigmoid(v.W @ v.c) - v.y)[:, None],
            "t677": lambda v: v.W @ (sigmoid(v.W @ v.c) - v.y),
            "t678": lambda v: v.W @ (sigmoid(v.W @ v.c) - v.y),
        },
        world=_W11,
    ),
    # label smoothing
    *claims(
        lambda v: slope(lambda z: -np.sum(((1 - v.eps) * v.y + v.eps / 4) * np.log(softmax(z))), v.z),
        {
            "t679": lambda v: softmax(v.z) - (1 - v.eps) * v.y - v.eps / 4,
            "t680": lambda v: softmax(v.z) - v.y,
            "t681": lambda v: softmax(v.z) - (1 - v.eps) * v.y - v.eps,
        },
        world=_W12,
    ),
    # distillation
    *claims(
        lambda v: slope(lambda z: -np.sum(v.q * np.log(softmax(z / v.T))), v.z),
        {
            "t682": lambda v: (softmax(v.z / v.T) - v.q) / v.T,
            "t683": lambda v: softmax(v.z / v.T) - v.q,
            "t684": lambda v: (v.q - softmax(v.z / v.T)) / v.T,
            "t685": lambda v: (softmax(v.z / v.T) - v.q) / v.T**2,
        },
        world=_W13,
    ),
    # glove
    *claims(
        lambda v: slope(lambda u: np.sum(v.f * (np.outer(u, v.w) + v.b[:, None] - v.x) ** 2), v.u),
        {
            "t686": lambda v: 2 * np.sum(v.f * (np.outer(v.u, v.w) + v.b[:, None] - v.x) * v.w, axis=1),
            "t687": lambda v: 2 * np.sum(v.f * (np.outer(v.u, v.w) + v.b[:, None] - v.x), axis=1),
            "t688": lambda v: np.sum(v.f * (np.outer(v.u, v.w) + v.b[:, None] - v.x) * v.w, axis=1),
            "t689": lambda v: 2 * v.f * (np.outer(v.u, v.w) + v.b[:, None] - v.x) * v.w,
        },
        world=_W14,
    ),
    # gan
    *claims(
        lambda v: slope(lambda s: -_log_sigmoid(s) - np.log(1 - v.G), v.s),
        {
            "t690": lambda v: sigmoid(v.s) - 1,
            "t691": lambda v: 1 - sigmoid(v.s),
            "t692": lambda v: -1 / sigmoid(v.s),
        },
        world=_W15,
    ),
    *claims(
        lambda v: slope(lambda g: -np.log(1 - g), v.G),
        {
            "t693": lambda v: 1 / (1 - v.G),
            "t694": lambda v: -1 / (1 - v.G),
        },
        world=_W15,
    ),
)
