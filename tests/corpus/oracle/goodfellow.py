"""Claims in the letters of Goodfellow, Bengio and Courville: a before, h after the activation."""

import numpy as np

from tests.corpus.oracle.rows import claims

ROWS = (
    # goodfellow/6.4
    *claims(
        lambda n: n.each(lambda i: n.dz(i)),
        {
            "t120": lambda n: n.each(lambda i: n.da(i) * n.s(i)),
            "t121": lambda n: n.each(lambda i: n.da(i) * n.s(i, n.a(i))),
            "t122": lambda n: n.each(lambda i: n.da(i) * n.a(i)),
        },
        notation="goodfellow",
    ),
    *claims(
        lambda n: n.each(lambda i: n.da(i - 1)),
        {
            "t123": lambda n: n.each(lambda i: n.W(i).T @ n.dz(i)),
            "t124": lambda n: n.each(lambda i: n.W(i - 1).T @ n.dz(i)),
            "t125": lambda n: n.each(lambda i: n.dz(i) @ n.W(i).T),
        },
        notation="goodfellow",
    ),
    *claims(
        lambda n: n.each(lambda i: n.dW(i)),
        {
            "t126": lambda n: n.each(lambda i: np.outer(n.dz(i), n.a(i - 1))),
            "t127": lambda n: n.each(lambda i: np.outer(n.a(i - 1), n.dz(i))),
            "t128": lambda n: n.each(lambda i: np.outer(n.dz(i), n.a(i))),
        },
        notation="goodfellow",
    ),
    *claims(
        lambda n: n.each(lambda i: n.db(i)),
        {
            "t129": lambda n: n.each(lambda i: n.dz(i)),
            "t130": lambda n: n.each(lambda i: n.da(i)),
        },
        notation="goodfellow",
    ),
    # goodfellow/jacobian
    *claims(
        lambda n: n.jac(("a", 2), ("a", 1)),
        {
            "t131": lambda n: np.diag(1 - n.out**2) @ n.W(2),
            "t132": lambda n: n.W(2) @ np.diag(1 - n.out**2),
            "t133": lambda n: np.diag(1 - n.a(1) ** 2) @ n.W(2),
        },
        notation="goodfellow",
    ),
    # goodfellow/cross-entropy
    *claims(
        lambda n: n.dW(2),
        {
            "t134": lambda n: np.outer(n.out - n.y, n.a(1)),
            "t135": lambda n: np.outer(n.y - n.out, n.a(1)),
            "t136": lambda n: np.outer(n.out - n.y, n.z(1)),
        },
        notation="goodfellow",
    ),
    *claims(
        lambda n: n.dW(1),
        {
            "t137": lambda n: np.outer((n.z(1) > 0) * (n.W(2).T @ (n.out - n.y)), n.x),
            "t138": lambda n: np.outer((n.z(1) > 0) * (n.W(2) @ (n.out - n.y)), n.x),
            "t139": lambda n: np.outer(n.W(2).T @ (n.out - n.y), n.x),
        },
        notation="goodfellow",
    ),
)
