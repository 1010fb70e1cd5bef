"""Derivatives that a symbolic system answered 0 to, in the wrong shape, or not at all."""

import numpy as np

from tests.corpus.oracle.numbers import column, given, norm, positive, real, regular, sigmoid, slope, softmax, unit
from tests.corpus.oracle.rows import claims, row

_W1 = given(E=real(3, 3))
_W2 = given(U=real(3, 2), V=real(2, 4))
_W3 = given(A=real(3, 4), U=real(3, 2), V=real(2, 4))
_W4 = given(M=real(3, 3))
_W5 = given(X=real(3, 3), q=real())
_W6 = given(S=regular(3))
_W7 = given(S=real(3, 3))
_W8 = given(S=real(3, 3), x=real(3))
_W9 = given(x=real(3))
_W10 = given(A=real(3, 2))
_W11 = given(W=real(2, 3), x=real(3), y=real(2))
_W12 = given(W=real(3, 4), V=real(2, 3), x=real(4), c=real(2))
_W13 = given(A=real(2, 3), x=real(3), y=real(2))
_W14 = given(W=real(2, 3), x=real(3), c=real(2))
_W15 = given(p=positive(3))

ROWS = (
    # sympy #26561
    *claims(
        lambda v: slope(lambda E: np.trace(E) + 1, v.E),
        {
            "p001": lambda v: np.eye(3),
            "p002": lambda v: np.zeros((3, 3)),
        },
        world=_W1,
    ),
    # sympy #27406
    *claims(
        lambda v: slope(lambda U: np.sum(U**2) + np.sum(v.V**2), v.U),
        {
            "p003": lambda v: 2 * v.U,
            "p004": lambda v: np.zeros((3, 2)),
            "p005": lambda v: 2 * v.U.T,
            "p006": lambda v: 2 * v.U + 2 * v.V,
        },
        world=_W2,
    ),
    # sympy #26585
    *claims(
        lambda v: slope(lambda U: np.sum((v.A - U @ v.V) ** 2) / 2 + np.sum(U**2) / 2, v.U),
        {
            "p007": lambda v: -(v.A - v.U @ v.V) @ v.V.T + v.U,
            "p008": lambda v: np.zeros((3, 2)),
            "p009": lambda v: (v.A - v.U @ v.V) @ v.V.T + v.U,
            "p010": lambda v: -v.V.T @ (v.A - v.U @ v.V) + v.U,
        },
        world=_W3,
    ),
    # sympy #17229
    *claims(
        lambda v: slope(lambda M: M[1, 1], v.M),
        {
            "p011": lambda v: np.outer(unit(3, 1), unit(3, 1)),
            "p012": lambda v: np.outer(unit(3, 1), unit(3, 1)),
        },
        world=_W4,
    ),
    *claims(
        lambda v: 1.0,
        {
            "p013": lambda v: 0.0,
            "p013.fix": lambda v: 1.0,
        },
        world=_W4,
    ),
    # sympy #23364
    *claims(
        lambda v: slope(lambda q: (q * v.X) @ (q * v.X), v.q),
        {
            "p014": lambda v: 2 * v.q * v.X @ v.X,
            "p015": lambda v: 2 * v.q * v.X,
            "p016": lambda v: 2 * v.q * v.X @ v.X.T,
        },
        world=_W5,
    ),
    # sympy/log det
    *claims(
        lambda v: slope(lambda S: np.linalg.slogdet(S)[1], v.S),
        {
            "p017": lambda v: np.linalg.inv(v.S).T,
            "p018": lambda v: np.zeros((3, 3)),
        },
        world=_W6,
    ),
    # sympy/exp trace
    *claims(
        lambda v: slope(lambda S: np.exp(np.trace(S)), v.S),
        {
            "p019": lambda v: np.exp(np.trace(v.S)) * np.eye(3),
            "p020": lambda v: np.exp(np.trace(v.S)),
        },
        world=_W7,
    ),
    # sympy/exp form
    *claims(
        lambda v: slope(lambda x: np.exp(x @ v.S @ x), v.x, 1e-4),
        {
            "p021": lambda v: np.exp(v.x @ v.S @ v.x) * (v.S + v.S.T) @ v.x,
            "p022": lambda v: 2 * np.exp(v.x @ v.S @ v.x) * v.S @ v.x,
            "p023": lambda v: (v.S + v.S.T) @ v.x,
        },
        world=_W8,
    ),
    # sympy/log-sum-exp
    *claims(
        lambda v: slope(lambda x: np.log(np.sum(np.exp(x))), v.x),
        {
            "p024": lambda v: softmax(v.x),
            "p025": lambda v: np.exp(v.x),
            "p026": lambda v: np.zeros(3),
        },
        world=_W9,
    ),
    # sympy/root of a trace
    *claims(
        lambda v: slope(norm, v.A),
        {
            "p027": lambda v: v.A / norm(v.A),
            "p028": lambda v: v.A / (2 * norm(v.A)),
            "p029": lambda v: 2 * v.A,
        },
        world=_W10,
    ),
    # sympy/root of a form
    *claims(
        lambda v: slope(norm, v.x),
        {
            "p030": lambda v: v.x / norm(v.x),
            "p031": lambda v: v.x[None] / norm(v.x),
        },
        world=_W9,
    ),
    # sympy #21347
    *claims(
        lambda v: slope(lambda x: np.sum((sigmoid(v.W @ x) - v.y) ** 2), v.x),
        {
            "p032": lambda v: 2 * v.W.T @ ((sigmoid(v.W @ v.x) - v.y) * sigmoid(v.W @ v.x) * (1 - sigmoid(v.W @ v.x))),
            "p033": lambda v: (
                2 * v.W.T @ ((sigmoid(v.W @ v.x) - v.y) * sigmoid(v.W @ v.x) * (1 - sigmoid(v.W @ v.x)))
            )[None],
            "p034": lambda v: 2 * v.W.T @ (sigmoid(v.W @ v.x) - v.y),
        },
        world=_W11,
    ),
    *claims(
        lambda v: slope(lambda W: np.sum((sigmoid(W @ v.x) - v.y) ** 2), v.W),
        {
            "p035": lambda v: (
                2 * np.outer((sigmoid(v.W @ v.x) - v.y) * sigmoid(v.W @ v.x) * (1 - sigmoid(v.W @ v.x)), v.x)
            ),
            "p036": lambda v: (
                2 * np.outer(v.x, (sigmoid(v.W @ v.x) - v.y) * sigmoid(v.W @ v.x) * (1 - sigmoid(v.W @ v.x)))
            ),
            "p037": lambda v: 2 * np.outer((sigmoid(v.W @ v.x) - v.y) * sigmoid(v.W @ v.x), v.x),
        },
        world=_W11,
    ),
    # sympy/two layers
    row(
        "p038",
        lambda n: n.dW(3),
        lambda n: 2 * np.outer((n.out - n.y) * n.out * (1 - n.out), n.a(2)),
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dW(2),
        {
            "p039": lambda n: np.outer((n.W(3).T @ n.dz(3)) * n.a(2) * (1 - n.a(2)), n.x),
            "p040": lambda n: np.outer((n.W(3) @ n.dz(3)) * n.a(2) * (1 - n.a(2)), n.x),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.db(2),
        {
            "p041": lambda n: (n.W(3).T @ n.dz(3)) * n.a(2) * (1 - n.a(2)),
            "p042": lambda n: n.W(3).T @ (n.dz(3) * n.a(2) * (1 - n.a(2))),
        },
        notation="nielsen",
    ),
    # sympy/two tanh layers
    *claims(
        lambda v: slope(lambda x: v.c @ np.tanh(v.V @ np.tanh(v.W @ x)), v.x),
        {
            "p043": lambda v: (
                v.W.T @ ((1 - np.tanh(v.W @ v.x) ** 2) * (v.V.T @ (v.c * (1 - np.tanh(v.V @ np.tanh(v.W @ v.x)) ** 2))))
            ),
            "p044": lambda v: v.W.T @ v.V.T @ (v.c * (1 - np.tanh(v.V @ np.tanh(v.W @ v.x)) ** 2)),
        },
        world=_W12,
    ),
    *claims(
        lambda v: slope(lambda W: v.c @ np.tanh(v.V @ np.tanh(W @ v.x)), v.W),
        {
            "p045": lambda v: np.outer(
                (1 - np.tanh(v.W @ v.x) ** 2) * (v.V.T @ (v.c * (1 - np.tanh(v.V @ np.tanh(v.W @ v.x)) ** 2))), v.x
            ),
            "p046": lambda v: np.outer(
                (1 - np.tanh(v.W @ v.x)) * (v.V.T @ (v.c * (1 - np.tanh(v.V @ np.tanh(v.W @ v.x))))), v.x
            ),
        },
        world=_W12,
    ),
    # sympy/silu
    *claims(
        lambda v: slope(lambda x: np.sum(x * sigmoid(x)), v.x),
        {
            "p047": lambda v: sigmoid(v.x) + v.x * sigmoid(v.x) * (1 - sigmoid(v.x)),
            "p048": lambda v: v.x * sigmoid(v.x) * (1 - sigmoid(v.x)),
        },
        world=_W9,
    ),
    # sympy/squares
    *claims(
        lambda v: slope(lambda x: x @ x, v.x),
        {
            "p049": lambda v: 2 * v.x,
            "p050": lambda v: 2 * np.sum(v.x),
        },
        world=_W9,
    ),
    # sympy/unit vector
    *claims(
        lambda v: slope(lambda x: x / norm(x), v.x),
        {
            "p051": lambda v: (np.eye(3) - np.outer(v.x, v.x) / (v.x @ v.x)) / norm(v.x),
            "p052": lambda v: (np.eye(3) - np.outer(v.x, v.x)) / norm(v.x),
        },
        world=_W9,
    ),
    # sympy/least squares
    *claims(
        lambda v: slope(lambda A: np.sum((A @ v.x - v.y) ** 2), v.A),
        {
            "p053": lambda v: 2 * np.outer(v.A @ v.x - v.y, v.x),
            "p054": lambda v: 2 * np.outer(v.x, v.A @ v.x - v.y),
            "p055": lambda v: 2 * column(v.A @ v.x - v.y) @ column(v.x),
        },
        world=_W13,
    ),
    # sympy/tanh layer
    *claims(
        lambda v: slope(lambda W: v.c @ np.tanh(W @ v.x), v.W),
        {
            "p056": lambda v: np.outer(v.c * (1 - np.tanh(v.W @ v.x) ** 2), v.x),
            "p057": lambda v: np.outer(v.c * (1 - np.tanh(v.W @ v.x)), v.x),
            "p058": lambda v: np.outer(v.c, v.x) * (1 - np.tanh(v.W.T @ v.x) ** 2),
        },
        world=_W14,
    ),
    # sympy/normalised weights
    *claims(
        lambda v: slope(lambda p: p / p.sum(), v.p),
        {
            "p059": lambda v: (np.eye(3) - (v.p / v.p.sum())[:, None]) / v.p.sum(),
            "p060": lambda v: (np.eye(3) - (v.p / v.p.sum())[None]) / v.p.sum(),
        },
        world=_W15,
    ),
    # sympy/softmax
    *claims(
        lambda v: slope(softmax, v.x),
        {
            "p061": lambda v: np.diag(softmax(v.x)) - np.outer(softmax(v.x), softmax(v.x)),
            "p062": lambda v: np.diag(softmax(v.x)) - softmax(v.x) @ softmax(v.x),
            "p063": lambda v: column(softmax(v.x)) - np.outer(softmax(v.x), softmax(v.x)),
        },
        world=_W9,
    ),
)
