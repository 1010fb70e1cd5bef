"""Matrix calculus as the handbooks print it."""

import numpy as np

from tests.corpus.oracle.numbers import (
    column,
    curvature,
    given,
    nonzero,
    norm,
    positive,
    real,
    regular,
    slope,
    softmax,
    symmetric,
)
from tests.corpus.oracle.rows import chain, claims

_W1 = given(A=real(2, 3), X=real(3, 4), B=real(4, 2))
_W2 = given(X=real(3, 2), B=real(3, 3))
_W3 = given(X=real(3, 3))
_W4 = given(X=regular(3))
_W5 = given(X=regular(3), a=real(3), b=real(3))
_W6 = given(X=regular(3), A=real(2, 3), B=real(3, 2))
_W7 = given(X=real(3, 2), a=real(3), b=real(2))
_W8 = given(X=real(2, 3), b=real(3), c=real(3))
_W9 = given(x=real(3), a=real(3))
_W10 = given(A=real(2, 3), X=real(3, 4), B=real(2, 4))
_W11 = given(A=real(2, 3), x=real(3))
_W12 = given(x=real(3))
_W13 = given(z=real(3), T=positive())
_W14 = given(X=real(4, 3), W=real(3, 2), G=real(4, 2))
_W15 = given(X=nonzero(3, 2), G=real(3, 2))
_W16 = given(x=real())
_W17 = given(u=real(3), w=real(2), G=real(3, 2))
_W18 = given(x=real(3), mu=real(3), P=symmetric(3))

ROWS = (
    # cookbook/101
    *claims(
        lambda v: slope(lambda X: np.trace(v.A @ X @ v.B), v.X),
        {
            "t451": lambda v: v.A.T @ v.B.T,
            "t452": lambda v: v.B @ v.A,
            "t453": lambda v: v.B.T @ v.A.T,
            "t454": lambda v: v.A @ v.B,
        },
        world=_W1,
    ),
    # cookbook/108
    *claims(
        lambda v: slope(lambda X: np.trace(X.T @ v.B @ X), v.X),
        {
            "t455": lambda v: v.B @ v.X + v.B.T @ v.X,
            "t456": lambda v: 2 * v.B @ v.X,
            "t457": lambda v: v.B @ v.X + v.X @ v.B.T,
            "t458": lambda v: v.X.T @ v.B + v.X.T @ v.B.T,
        },
        world=_W2,
    ),
    # cookbook/trace of a square
    *claims(
        lambda v: slope(lambda X: np.trace(X @ X), v.X),
        {
            "t459": lambda v: 2 * v.X.T,
            "t460": lambda v: 2 * v.X,
        },
        world=_W3,
    ),
    # cookbook/57
    *claims(
        lambda v: slope(lambda X: np.linalg.slogdet(X)[1], v.X),
        {
            "t461": lambda v: np.linalg.inv(v.X).T,
            "t462": lambda v: np.linalg.inv(v.X).T,
            "t463": lambda v: np.linalg.inv(v.X),
            "t464": lambda v: 1 / np.linalg.det(v.X),
        },
        world=_W4,
    ),
    # cookbook/49
    *claims(
        lambda v: slope(lambda X: np.linalg.det(X), v.X),
        {
            "t465": lambda v: np.linalg.det(v.X) * np.linalg.inv(v.X).T,
            "t466": lambda v: np.linalg.det(v.X) * np.linalg.inv(v.X),
            "t467": lambda v: np.linalg.inv(v.X).T,
        },
        world=_W4,
    ),
    # cookbook/61
    *claims(
        lambda v: slope(lambda X: v.a @ np.linalg.inv(X) @ v.b, v.X),
        {
            "t468": lambda v: -np.linalg.inv(v.X).T @ np.outer(v.a, v.b) @ np.linalg.inv(v.X).T,
            "t469": lambda v: np.linalg.inv(v.X).T @ np.outer(v.a, v.b) @ np.linalg.inv(v.X).T,
            "t470": lambda v: -np.linalg.inv(v.X) @ np.outer(v.a, v.b) @ np.linalg.inv(v.X),
            "t471": lambda v: -np.linalg.inv(v.X).T @ np.outer(v.b, v.a) @ np.linalg.inv(v.X).T,
        },
        world=_W5,
    ),
    # cookbook/63
    *claims(
        lambda v: slope(lambda X: np.trace(v.A @ np.linalg.inv(X) @ v.B), v.X),
        {
            "t472": lambda v: -(np.linalg.inv(v.X) @ v.B @ v.A @ np.linalg.inv(v.X)).T,
            "t473": lambda v: -np.linalg.inv(v.X) @ v.B @ v.A @ np.linalg.inv(v.X),
            "t474": lambda v: -(np.linalg.inv(v.X) @ v.A @ v.B @ np.linalg.inv(v.X)).T,
        },
        world=_W6,
    ),
    # cookbook/70
    *claims(
        lambda v: slope(lambda X: v.a @ X @ v.b, v.X),
        {
            "t475": lambda v: np.outer(v.a, v.b),
            "t476": lambda v: np.outer(v.b, v.a),
            "t477": lambda v: v.a @ v.b,
        },
        world=_W7,
    ),
    # cookbook/77
    *claims(
        lambda v: slope(lambda X: v.b @ X.T @ X @ v.c, v.X),
        {
            "t478": lambda v: v.X @ (np.outer(v.b, v.c) + np.outer(v.c, v.b)),
            "t479": lambda v: 2 * v.X @ np.outer(v.b, v.c),
            "t480": lambda v: (np.outer(v.b, v.c) + np.outer(v.c, v.b)) @ v.X,
        },
        world=_W8,
    ),
    # norm
    *claims(
        lambda v: slope(lambda x: norm(x - v.a), v.x),
        {
            "t481": lambda v: (v.x - v.a) / norm(v.x - v.a),
            "t482": lambda v: (v.x - v.a) / norm(v.x - v.a),
            "t483": lambda v: (v.x - v.a) / norm(v.x - v.a) ** 2,
            "t484": lambda v: (v.a - v.x) / norm(v.x - v.a),
            "t485": lambda v: 2 * (v.x - v.a),
        },
        world=_W9,
    ),
    # frobenius
    *claims(
        lambda v: slope(lambda X: np.sum((v.A @ X - v.B) ** 2), v.X),
        {
            "t486": lambda v: 2 * v.A.T @ (v.A @ v.X - v.B),
            "t487": lambda v: 2 * (v.A @ v.X - v.B) @ v.A.T,
            "t488": lambda v: 2 * v.A @ (v.A @ v.X - v.B),
            "t489": lambda v: v.A.T @ (v.A @ v.X - v.B),
        },
        world=_W10,
    ),
    *claims(
        lambda v: slope(lambda A: np.sum((A @ v.X - v.B) ** 2), v.A),
        {
            "t490": lambda v: 2 * (v.A @ v.X - v.B) @ v.X.T,
            "t491": lambda v: 2 * v.X.T @ (v.A @ v.X - v.B),
            "t492": lambda v: -2 * (v.A @ v.X - v.B) @ v.X.T,
        },
        world=_W10,
    ),
    # jacobian/linear
    *claims(
        lambda v: slope(lambda x: v.A @ x, v.x),
        {
            "t493": lambda v: v.A,
            "t494": lambda v: v.A.T,
        },
        world=_W11,
    ),
    # jacobian/elementwise
    *claims(
        lambda v: slope(np.tanh, v.x),
        {
            "t495": lambda v: np.diag(1 - np.tanh(v.x) ** 2),
            "t496": lambda v: 1 - np.tanh(v.x) ** 2,
            "t497": lambda v: np.diag(1 - np.tanh(v.x) ** 2),
            "t498": lambda v: np.tile((1 - np.tanh(v.x) ** 2)[:, None], (1, 3)),
        },
        world=_W12,
    ),
    # log-sum-exp
    *claims(
        lambda v: slope(lambda x: np.log(np.sum(np.exp(x))), v.x),
        {
            "t499": lambda v: softmax(v.x),
            "t500": lambda v: softmax(v.x),
            "t501": lambda v: np.ones(3) / np.sum(np.exp(v.x)),
            "t502": lambda v: 1 / softmax(v.x),
            "t503": lambda v: np.exp(v.x[:, None] - v.x),
        },
        world=_W12,
    ),
    chain(
        "t504",
        lambda v: curvature(lambda x: np.log(np.sum(np.exp(x))), v.x),
        lambda v: np.diag(softmax(v.x)) - np.outer(softmax(v.x), softmax(v.x)),
        world=_W12,
    ),
    chain(
        "t505",
        lambda v: curvature(lambda x: np.log(np.sum(np.exp(x))), v.x),
        lambda v: np.diag(softmax(v.x)) + np.outer(softmax(v.x), softmax(v.x)),
        world=_W12,
    ),
    chain(
        "t506",
        lambda v: curvature(lambda x: np.log(np.sum(np.exp(x))), v.x),
        lambda v: softmax(v.x)[:, None] - np.outer(softmax(v.x), softmax(v.x)),
        world=_W12,
    ),
    # temperature
    *claims(
        lambda v: slope(lambda z: softmax(z / v.T), v.z),
        {
            "t507": lambda v: (np.diag(softmax(v.z / v.T)) - np.outer(softmax(v.z / v.T), softmax(v.z / v.T))) / v.T,
            "t508": lambda v: np.diag(softmax(v.z / v.T)) - np.outer(softmax(v.z / v.T), softmax(v.z / v.T)),
            "t509": lambda v: (np.diag(softmax(v.z / v.T)) - softmax(v.z / v.T)[None] ** 2 * np.ones((3, 1))) / v.T,
            "t510": lambda v: -(np.diag(softmax(v.z / v.T)) - np.outer(softmax(v.z / v.T), softmax(v.z / v.T))) / v.T,
        },
        world=_W13,
    ),
    # opaque/linear
    *claims(
        lambda v: slope(lambda W: np.sum(v.G * (v.X @ W)), v.W),
        {
            "t511": lambda v: v.X.T @ v.G,
            "t512": lambda v: v.G @ v.X.T,
            "t513": lambda v: v.X @ v.G,
        },
        world=_W14,
    ),
    *claims(
        lambda v: slope(lambda X: np.sum(v.G * (X @ v.W)), v.X),
        {
            "t514": lambda v: v.G @ v.W.T,
            "t515": lambda v: v.W.T @ v.G,
            "t516": lambda v: v.G @ v.W,
        },
        world=_W14,
    ),
    # opaque/elementwise
    *claims(
        lambda v: slope(lambda X: np.sum(v.G * np.maximum(0, X)), v.X),
        {
            "t517": lambda v: v.G * (v.X > 0),
            "t518": lambda v: v.G * np.maximum(0, v.X),
            "t519": lambda v: v.G.T * (v.X > 0),
        },
        world=_W15,
    ),
    # opaque/chain
    *claims(
        lambda v: slope(lambda x: np.sin(np.exp(x)), v.x),
        {
            "t520": lambda v: np.cos(np.exp(v.x)) * np.exp(v.x),
            "t521": lambda v: np.cos(np.exp(v.x)) * np.exp(v.x),
            "t522": lambda v: np.cos(np.exp(v.x)),
            "t523": lambda v: np.cos(v.x) * np.exp(v.x),
            "t524": lambda v: np.cos(np.exp(v.x)),
        },
        world=_W16,
    ),
    # outer product
    *claims(
        lambda v: slope(lambda u: np.sum(v.G * np.outer(u, v.w)), v.u),
        {
            "t525": lambda v: v.G @ v.w,
            "t526": lambda v: v.G.T @ v.w,
            "t527": lambda v: column(v.w).T @ v.G,
        },
        world=_W17,
    ),
    *claims(
        lambda v: slope(lambda w: np.sum(v.G * np.outer(v.u, w)), v.w),
        {
            "t528": lambda v: v.G.T @ v.u,
            "t529": lambda v: v.G @ v.u,
        },
        world=_W17,
    ),
    # mahalanobis
    *claims(
        lambda v: slope(lambda m: (v.x - m) @ v.P @ (v.x - m) / 2, v.mu),
        {
            "t530": lambda v: -v.P @ (v.x - v.mu),
            "t531": lambda v: v.P @ (v.x - v.mu),
            "t532": lambda v: -2 * v.P @ (v.x - v.mu),
        },
        world=_W18,
    ),
)
