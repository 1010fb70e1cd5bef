"""Claims in Bishop's letters: a before, z after the activation, w_{j0} the bias."""

import numpy as np

from tests.corpus.oracle.numbers import column
from tests.corpus.oracle.rows import claims, lines

ROWS = (
    # bishop/5.2
    *claims(
        lambda n: n.z(1),
        {
            "t140": lambda n: n.W(1) @ n.x + n.b(1),
            "t141": lambda n: n.W(1).T @ n.x + n.b(1),
            "t142": lambda n: n.W(1) @ n.x,
        },
        notation="bishop",
    ),
    *claims(
        lambda n: n.z(2),
        {
            "t143": lambda n: n.W(2) @ n.a(1) + n.b(2),
            "t144": lambda n: n.W(2) @ n.a(1),
        },
        notation="bishop",
    ),
    *claims(
        lambda n: n.db(1),
        {
            "t145": lambda n: n.dz(1),
            "t146": lambda n: n.dz(1) * n.x,
            "t147": lambda n: n.dz(2),
        },
        notation="bishop",
    ),
    *claims(
        lambda n: n.dW(2),
        {
            "t148": lambda n: np.outer(n.dz(2), n.a(1)),
            "t149": lambda n: np.outer(n.dz(2), n.z(1)),
            "t150": lambda n: np.outer(n.dz(2), n.a(1)).T,
        },
        notation="bishop",
    ),
    # bishop/5.3.2
    *claims(
        lambda n: n.dz(1),
        {
            "t151": lambda n: (1 - n.a(1) ** 2) * (n.W(2).T @ n.dz(2)),
            "t152": lambda n: (1 - n.z(1) ** 2) * (n.W(2).T @ n.dz(2)),
            "t153": lambda n: (1 - n.a(1) ** 2) * (n.W(2) @ n.dz(2)),
            "t154": lambda n: (1 - n.a(1) ** 2) * (n.W(2).T @ (n.y - n.out)),
        },
        notation="bishop",
    ),
    *claims(
        lambda n: n.dz(2),
        {
            "t155": lambda n: n.out - n.y,
            "t156": lambda n: (1 - n.out**2) * (n.out - n.y),
        },
        notation="bishop",
    ),
    *claims(
        lambda n: n.dW(1),
        {
            "t157": lambda n: np.outer((1 - n.a(1) ** 2) * (n.W(2).T @ (n.out - n.y)), n.x),
            "t158": lambda n: np.outer((1 - n.a(1)) * (n.W(2).T @ (n.out - n.y)), n.x),
        },
        notation="bishop",
    ),
    lines(
        "t159",
        (lambda n: n.dW(1), lambda n: np.outer(n.dz(1), n.x)),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(1))),
        notation="bishop",
    ),
    # bishop/hessian
    *claims(
        lambda n: n.twice(("W", 2), ("W", 2)),
        {
            "t160": lambda n: np.einsum("km,j,p->kjmp", np.eye(len(n.y)), n.a(1), n.a(1)),
            "t161": lambda n: np.einsum("km,j,p->kjmp", np.ones((len(n.y), len(n.y))), n.a(1), n.a(1)),
        },
        notation="bishop",
    ),
    # bishop/5.3.4
    *claims(
        lambda n: n.jac(("a", 2), ("a", 0)),
        {
            "t162": lambda n: np.diag(n.s(2)) @ n.W(2) @ np.diag(n.s(1)) @ n.W(1),
            "t163": lambda n: n.W(2) @ np.diag(n.s(1)) @ n.W(1),
            "t164": lambda n: np.diag(n.s(2)) @ n.W(2) @ np.diag(n.s(1)) @ n.W(1).T,
        },
        notation="bishop",
    ),
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2)),
        {
            "t165": lambda n: np.diag(n.s(2)),
            "t166": lambda n: np.tile(n.s(2), (len(n.y), 1)),
        },
        notation="bishop",
    ),
    # bishop/5.75
    *claims(
        lambda n: n.jac(("a", 1), ("z", 1)),
        {
            "t167": lambda n: np.diag(n.out) - np.outer(n.out, n.out),
            "t168": lambda n: np.diag(n.out) - n.out[:, None],
            "t169": lambda n: np.diag(n.out) + np.outer(n.out, n.out),
            "t170": lambda n: np.tile((n.out * (1 - n.out))[:, None], (1, 3)),
        },
        notation="bishop",
    ),
    # bishop/bm
    *claims(
        lambda n: n.dz(1),
        {
            "t171": lambda n: n.s(1) * (n.W(2).T @ n.dz(2)),
            "t172": lambda n: column(n.s(1)) @ column(n.W(2).T @ n.dz(2)),
            "t173": lambda n: n.s(1, n.a(1)) * (n.W(2).T @ n.dz(2)),
        },
        notation="bishop",
    ),
    # mitchell
    *claims(
        lambda n: n.dz(1),
        {
            "t174": lambda n: (n.out - n.y) * n.out * (1 - n.out),
            "t175": lambda n: (n.y - n.out) * n.out * (1 - n.out),
            "t176": lambda n: (n.out - n.y) * n.out * (1 - n.out),
            "t177": lambda n: (n.out - n.y) * n.z(1) * (1 - n.z(1)),
        },
        notation="bishop",
    ),
)
