"""Claims with the layer at the upper left and the bias in the last column."""

import numpy as np

from tests.corpus.oracle.numbers import absent
from tests.corpus.oracle.rows import claims, row

ROWS = (
    # augmented/entries
    *claims(
        lambda n: n.dz(0),
        {
            "t178": lambda n: n.s(0) * n.W(1)[0] * n.dz(1)[0],
            "t179": lambda n: np.array([n.s(0)[j] * n.W(1)[j, 0] * n.dz(1)[0] for j in range(3)]),
            "t180": lambda n: n.a(0) * n.W(1)[0] * n.dz(1)[0],
            "t181": lambda n: n.s(1)[0] * n.W(1)[0] * n.dz(1)[0],
        },
        notation="augmented",
    ),
    *claims(
        lambda n: n.db(1)[0],
        {
            "t182": lambda n: n.dz(1)[0],
            "t183": lambda n: n.dz(1)[0] * n.a(0)[2],
        },
        notation="augmented",
    ),
    row("t184", lambda n: absent, lambda n: n.dz(1)[0], notation="augmented"),
    *claims(
        lambda n: n.dW(0),
        {
            "t185": lambda n: np.outer(n.dz(0), n.x),
            "t186": lambda n: np.outer(n.dz(0), n.x).T,
            "t187": lambda n: np.outer(n.dz(0), n.a(0)),
        },
        notation="augmented",
    ),
    # augmented/sum
    *claims(
        lambda n: n.dz(0),
        {
            "t188": lambda n: n.s(0) * (n.W(1).T @ n.dz(1)),
            "t189": lambda n: np.array(
                [n.s(0)[j] * sum(n.W(1)[j, k] * n.dz(1)[k] for k in range(2)) for j in range(3)]
            ),
            "t190": lambda n: np.einsum("j,kj,k->jk", n.s(0), n.W(1), n.dz(1)),
        },
        notation="augmented",
    ),
    # augmented/matrix
    *claims(
        lambda n: np.hstack([n.dW(1), n.db(1)[:, None]]),
        {
            "t191": lambda n: np.outer(n.dz(1), np.append(n.a(0), 1)),
            "t192": lambda n: np.outer(np.append(n.a(0), 1), n.dz(1)),
            "t193": lambda n: np.outer(n.dz(1), np.append(n.x, 1)),
        },
        notation="augmented",
    ),
    *claims(
        lambda n: n.dz(1)[0],
        {
            "t194": lambda n: (n.out[0] - n.y[0]) * n.s(1)[0],
            "t195": lambda n: (n.a(0)[0] - n.y[0]) * n.s(1)[0],
        },
        notation="augmented",
    ),
)
