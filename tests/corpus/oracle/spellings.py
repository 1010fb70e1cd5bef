"""More spellings: what a formula editor writes, forward equations, the loss itself, deeper networks."""

import numpy as np

from tests.corpus.oracle.numbers import sigmoid
from tests.corpus.oracle.rows import claims

ROWS = (
    # formula editor
    *claims(
        lambda n: n.each(lambda i: n.dz(i)),
        {
            "t796": lambda n: n.each(lambda i: (n.W(i + 1).T @ n.dz(i + 1)) * n.s(i)),
            "t797": lambda n: n.each(lambda i: (n.W(i + 1) @ n.dz(i + 1)) * n.s(i)),
            "t798": lambda n: n.each(lambda i: (n.W(i + 1).T @ n.dz(i)) * n.s(i)),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.each(lambda i: n.dW(i)),
        {
            "t799": lambda n: n.each(lambda i: np.outer(n.dz(i), n.a(i - 1))),
            "t800": lambda n: n.each(lambda i: n.dz(i) * n.a(i - 1)),
            "t801": lambda n: n.each(lambda i: 2 * np.outer(n.dz(i), n.a(i - 1))),
        },
        notation="nielsen",
    ),
    # bishop/E(W)
    *claims(
        lambda n: n.dW(2),
        {
            "t802": lambda n: np.outer(n.out - n.y, n.a(1)),
            "t803": lambda n: np.outer(n.out + n.y, n.a(1)),
            "t804": lambda n: np.outer(n.out - n.y, n.a(1)).T,
        },
        notation="bishop",
    ),
    # nielsen/neuron
    *claims(
        lambda n: n.a(2),
        {
            "t805": lambda n: sigmoid(n.W(2) @ n.x + n.b(2)),
            "t806": lambda n: sigmoid(-(n.W(2) @ n.x + n.b(2))),
            "t807": lambda n: sigmoid(n.W(2) @ n.x),
        },
        notation="nielsen",
    ),
    # nielsen/loss
    *claims(
        lambda n: n.C,
        {
            "t808": lambda n: np.sum((n.y - n.out) ** 2) / 2,
            "t809": lambda n: np.sum((n.y - n.out) ** 2) / 2,
            "t810": lambda n: np.sum((n.y - n.out) ** 2),
            "t811": lambda n: np.sqrt(np.sum((n.y - n.out) ** 2)) / 2,
            "t812": lambda n: (n.y - n.out) ** 2 / 2,
        },
        notation="nielsen",
    ),
    # deep/four layers
    *claims(
        lambda n: n.dz(3),
        {
            "t813": lambda n: (n.W(4).T @ (n.out - n.y)) * (1 - n.a(3) ** 2),
            "t814": lambda n: (n.W(4).T @ (n.out - n.y)) * (n.z(3) > 0),
            "t815": lambda n: (n.W(4).T @ (n.y - n.out)) * (1 - n.a(3) ** 2),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(2),
        {
            "t816": lambda n: (n.W(3).T @ n.dz(3)) * (n.z(2) > 0),
            "t817": lambda n: (n.W(3).T @ n.dz(3)) * (n.z(2) < 0),
            "t818": lambda n: (n.W(3).T @ n.dz(3)) * n.a(2),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dW(4),
        {
            "t819": lambda n: np.outer(n.out - n.y, n.a(3)),
            "t820": lambda n: np.outer((n.out - n.y) * n.out * (1 - n.out), n.a(3)),
        },
        notation="nielsen",
    ),
)
