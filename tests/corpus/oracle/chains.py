"""Chains of equalities, aligned bodies and definitions beside a claim."""

import numpy as np

from tests.corpus.oracle.numbers import given, inner, real, sigmoid, slope
from tests.corpus.oracle.rows import chain, lines


def _entropy(w, x, b, y):
    a = sigmoid(w * x + b)
    return -y * np.log(a) - (1 - y) * np.log(1 - a)


_W1 = given(w=real(), x=real(), b=real(), y=inner())

ROWS = (
    # textbook/aligned
    chain(
        "t328",
        lambda n: n.dW(2),
        lambda n: np.outer(n.dz(2), n.x),
        lambda n: np.outer(n.dz(2), n.a(1)),
        lambda n: np.outer(n.W(3)[0] * n.dz(3)[0] * n.s(2), n.a(1)),
        lambda n: np.outer(n.W(3)[0] * (n.out - n.y)[0] * n.s(3)[0] * n.s(2), n.x),
        notation="nielsen",
    ),
    chain(
        "t329",
        lambda n: n.dW(2),
        lambda n: np.outer(n.dz(2), n.x),
        lambda n: np.outer(n.dz(2), n.a(2)),
        lambda n: np.outer(n.W(3)[0] * n.dz(3)[0] * n.s(2), n.a(1)),
        lambda n: np.outer(n.W(3)[0] * (n.out - n.y)[0] * n.s(3)[0] * n.s(2), n.x),
        notation="nielsen",
    ),
    chain(
        "t330",
        lambda n: n.dW(2),
        lambda n: np.outer(n.dz(2), n.x),
        lambda n: np.outer(n.dz(2), n.a(1)),
        lambda n: np.outer(n.W(3)[0] * n.dz(3)[0], n.a(1)),
        lambda n: np.outer(n.W(3)[0] * (n.out - n.y)[0] * n.s(3)[0] * n.s(2), n.x),
        notation="nielsen",
    ),
    chain(
        "t331",
        lambda n: n.dW(2),
        lambda n: np.outer(n.dz(2), n.x),
        lambda n: np.outer(n.dz(2), n.a(1)),
        lambda n: np.outer(n.W(3)[0] * n.dz(3)[0] * n.s(2), n.a(1)),
        lambda n: -np.outer(n.W(3)[0] * (n.out - n.y)[0] * n.s(3)[0] * n.s(2), n.x),
        notation="nielsen",
    ),
    # textbook/eqnarray
    lines(
        "t332",
        (lambda n: n.dz(3), lambda n: (n.out - n.y) * n.s(3)),
        (lambda n: n.dW(3)[0, 1], lambda n: n.a(2)[1] * n.dz(3)[0]),
        notation="nielsen",
    ),
    lines(
        "t333",
        (lambda n: n.dz(3), lambda n: (n.out - n.y) * n.s(3)),
        (lambda n: n.dW(3)[0, 1], lambda n: n.a(2)[0] * n.dz(3)[0]),
        notation="nielsen",
    ),
    lines(
        "t334",
        (lambda n: n.dz(3), lambda n: (n.out - n.y) * n.out),
        (lambda n: n.dW(3)[0, 1], lambda n: n.a(2)[1] * n.dz(3)[0]),
        notation="nielsen",
    ),
    # bishop/derivation
    chain(
        "t335",
        lambda n: n.dz(1),
        lambda n: n.dz(1),
        lambda n: n.dz(2) @ n.jac(("z", 2), ("z", 1)),
        lambda n: (n.dz(2) @ n.W(2)) * n.s(1),
        notation="bishop",
    ),
    chain(
        "t336",
        lambda n: n.dz(1),
        lambda n: n.dz(1),
        lambda n: n.dz(2) @ n.jac(("z", 2), ("a", 1)),
        lambda n: (n.dz(2) @ n.W(2)) * n.s(1),
        notation="bishop",
    ),
    chain(
        "t337",
        lambda n: n.dz(1),
        lambda n: n.dz(1),
        lambda n: n.dz(2) @ n.jac(("z", 2), ("z", 1)),
        lambda n: (n.W(2) @ n.dz(2)) * n.s(1),
        notation="bishop",
    ),
    chain(
        "t338",
        lambda n: n.dz(1),
        lambda n: n.dz(1),
        lambda n: np.array([n.dz(2) * n.jac(("z", 2), ("z", 1))[j, j] for j in range(len(n.z(1)))]).sum(1),
        lambda n: (n.dz(2) @ n.W(2)) * n.s(1),
        notation="bishop",
    ),
    # goodfellow/chain
    chain(
        "t339",
        lambda n: n.da(1),
        lambda n: n.dz(2) @ n.jac(("z", 2), ("a", 1)),
        lambda n: n.W(2).T @ (n.s(2) * (n.out - n.y)),
        notation="goodfellow",
    ),
    chain(
        "t340",
        lambda n: n.da(1),
        lambda n: n.dz(2) @ n.jac(("z", 2), ("a", 1)),
        lambda n: n.W(2).T @ (n.out - n.y),
        notation="goodfellow",
    ),
    chain(
        "t341",
        lambda n: n.da(1),
        lambda n: n.da(2) @ n.jac(("z", 2), ("a", 1)),
        lambda n: n.W(2).T @ (n.s(2) * (n.out - n.y)),
        notation="goodfellow",
    ),
    # ng/two lines
    lines(
        "t342",
        (lambda n: n.db(2), lambda n: n.out - n.y),
        (lambda n: n.db(1), lambda n: (n.W(2).T @ (n.out - n.y)) * (n.z(1) > 0)),
        notation="ng",
    ),
    lines(
        "t343",
        (lambda n: n.db(2), lambda n: n.out - n.y),
        (lambda n: n.db(1), lambda n: n.W(2).T @ (n.out - n.y)),
        notation="ng",
    ),
    lines(
        "t344",
        (lambda n: n.db(2), lambda n: n.y - n.out),
        (lambda n: n.db(1), lambda n: (n.W(2).T @ (n.out - n.y)) * (n.z(1) > 0)),
        notation="ng",
    ),
    # given/logistic chain
    chain(
        "t345",
        lambda v: slope(lambda w: _entropy(w, v.x, v.b, v.y), v.w),
        lambda v: (
            slope(lambda a: -v.y * np.log(a) - (1 - v.y) * np.log(1 - a), sigmoid(v.w * v.x + v.b))
            * slope(sigmoid, v.w * v.x + v.b)
            * v.x
        ),
        lambda v: (
            (sigmoid(v.w * v.x + v.b) - v.y)
            / (sigmoid(v.w * v.x + v.b) * (1 - sigmoid(v.w * v.x + v.b)))
            * sigmoid(v.w * v.x + v.b)
            * (1 - sigmoid(v.w * v.x + v.b))
            * v.x
        ),
        lambda v: (sigmoid(v.w * v.x + v.b) - v.y) * v.x,
        world=_W1,
    ),
    chain(
        "t346",
        lambda v: slope(lambda w: _entropy(w, v.x, v.b, v.y), v.w),
        lambda v: (
            slope(lambda a: -v.y * np.log(a) - (1 - v.y) * np.log(1 - a), sigmoid(v.w * v.x + v.b))
            * slope(sigmoid, v.w * v.x + v.b)
            * v.x
        ),
        lambda v: (
            (sigmoid(v.w * v.x + v.b) + v.y)
            / (sigmoid(v.w * v.x + v.b) * (1 - sigmoid(v.w * v.x + v.b)))
            * sigmoid(v.w * v.x + v.b)
            * (1 - sigmoid(v.w * v.x + v.b))
            * v.x
        ),
        lambda v: (sigmoid(v.w * v.x + v.b) - v.y) * v.x,
        world=_W1,
    ),
    chain(
        "t347",
        lambda v: slope(lambda w: _entropy(w, v.x, v.b, v.y), v.w),
        lambda v: (
            slope(lambda a: -v.y * np.log(a) - (1 - v.y) * np.log(1 - a), sigmoid(v.w * v.x + v.b))
            * slope(sigmoid, v.w * v.x + v.b)
            * v.x
        ),
        lambda v: (
            (sigmoid(v.w * v.x + v.b) - v.y)
            / (sigmoid(v.w * v.x + v.b) * (1 - sigmoid(v.w * v.x + v.b)))
            * sigmoid(v.w * v.x + v.b)
            * (1 - sigmoid(v.w * v.x + v.b))
            * v.x
        ),
        lambda v: sigmoid(v.w * v.x + v.b) - v.y,
        world=_W1,
    ),
    chain(
        "t348",
        lambda v: slope(lambda w: _entropy(w, v.x, v.b, v.y), v.w),
        lambda v: slope(lambda a: -v.y * np.log(a) - (1 - v.y) * np.log(1 - a), sigmoid(v.w * v.x + v.b)) * v.x,
        lambda v: (
            (sigmoid(v.w * v.x + v.b) - v.y)
            / (sigmoid(v.w * v.x + v.b) * (1 - sigmoid(v.w * v.x + v.b)))
            * sigmoid(v.w * v.x + v.b)
            * (1 - sigmoid(v.w * v.x + v.b))
            * v.x
        ),
        lambda v: (sigmoid(v.w * v.x + v.b) - v.y) * v.x,
        world=_W1,
    ),
)
