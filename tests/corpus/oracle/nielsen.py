"""Claims in Nielsen's letters: the input is layer 1, superscripts are layers."""

import numpy as np

from tests.corpus.oracle.numbers import absent
from tests.corpus.oracle.rows import chain, claims

ROWS = (
    # nielsen/deep
    *claims(
        lambda n: n.dW(2)[2, 0],
        {
            "t001": lambda n: (
                n.s(2)[2] * n.a(1)[0] * sum(n.W(3)[k, 2] * n.s(3)[k] * n.W(4)[0, k] for k in range(2)) * n.dz(4)[0]
            ),
            "t002": lambda n: n.s(2)[2] * n.a(1)[0] * sum(n.W(3)[k, 2] * n.W(4)[0, k] for k in range(2)) * n.dz(4)[0],
            "t003": lambda n: (
                n.s(2)[2] * n.a(2)[0] * sum(n.W(3)[k, 2] * n.s(3)[k] * n.W(4)[0, k] for k in range(2)) * n.dz(4)[0]
            ),
            "t004": lambda n: (
                n.s(2)[2] * n.a(1)[0] * sum(n.W(3)[k, 2] * n.s(3)[k] * n.W(4)[k, 0] for k in range(2)) * n.dz(4)[0]
            ),
            "t005": lambda n: n.s(2)[2] * n.a(1)[0] * n.W(3)[0, 2] * n.s(3)[0] * n.W(4)[0, 0] * n.dz(4)[0],
        },
        notation="nielsen",
    ),
    # nielsen/four layers
    *claims(
        lambda n: n.dW(2),
        {
            "t006": lambda n: np.outer(n.s(2) * (n.W(3).T @ (n.s(3) * (n.W(4).T @ n.dz(4)))), n.x),
            "t007": lambda n: np.outer(n.s(2) * (n.W(3) @ (n.s(3) * (n.W(4).T @ n.dz(4)))), n.x),
            "t008": lambda n: np.outer(n.s(2) * (n.W(3).T @ (n.s(3) * (n.W(4).T @ (n.s(4) * n.dz(4))))), n.x),
            "t009": lambda n: np.outer(n.s(2) * (n.W(3).T @ (n.W(4).T @ n.dz(4))), n.x),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(2),
        {
            "t010": lambda n: np.einsum("k,kj,j,ji,i->i", n.dz(4), n.W(4), n.s(3), n.W(3), n.s(2)),
            "t011": lambda n: np.einsum("k,kj,j,ji,i->ij", n.dz(4), n.W(4), n.s(3), n.W(3), n.s(2)),
            "t012": lambda n: np.einsum("k,kj,k,ji,i->i", n.dz(4), n.W(4), n.s(3), n.W(3), n.s(2)),
        },
        notation="nielsen",
    ),
    # nielsen/BP1
    chain(
        "t013",
        lambda n: n.dz(3),
        lambda n: n.dz(3),
        lambda n: n.da(3) * np.diag(n.jac(("a", 3), ("z", 3))),
        lambda n: (n.out - n.y) * n.s(3),
        notation="nielsen",
    ),
    chain("t014", lambda n: n.dz(3), lambda n: n.dz(3), lambda n: n.da(3), lambda n: n.out - n.y, notation="nielsen"),
    chain(
        "t015",
        lambda n: n.dz(3),
        lambda n: n.dz(3),
        lambda n: n.da(3) * np.diag(n.jac(("a", 3), ("z", 3))),
        lambda n: (n.out - n.y) * n.s(3, n.a(3)),
        notation="nielsen",
    ),
    chain("t016", lambda n: n.dz(3), lambda n: n.da(3), lambda n: n.out - n.y, notation="nielsen"),
    chain(
        "t016.fix", lambda n: n.dz(3), lambda n: n.da(3) * n.s(3), lambda n: (n.out - n.y) * n.s(3), notation="nielsen"
    ),
    # nielsen/where
    *claims(
        lambda n: n.dz(3),
        {
            "t017": lambda n: np.diag(n.s(3)) @ n.da(3),
            "t018": lambda n: np.diag(n.s(3, n.a(3))) @ n.da(3),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(2),
        {
            "t019": lambda n: (n.W(3).T @ n.dz(3)) * n.s(2),
            "t020": lambda n: n.W(3) @ n.dz(3),
            "t021": lambda n: (n.W(3).T @ n.dz(3)) * n.s(3),
        },
        notation="nielsen",
    ),
    # nielsen/unrolled
    *claims(
        lambda n: n.dz(2),
        {
            "t022": lambda n: np.diag(n.s(2)) @ n.W(3).T @ np.diag(n.s(3)) @ n.W(4).T @ n.dz(4),
            "t023": lambda n: np.diag(n.s(2)) @ n.W(3).T @ np.diag(n.s(3)) @ n.W(4) @ n.dz(4),
            "t024": lambda n: n.W(3).T @ np.diag(n.s(2)) @ n.W(4).T @ np.diag(n.s(3)) @ n.dz(4),
            "t025": lambda n: np.diag(n.s(2)) @ n.W(3).T @ n.W(4).T @ n.dz(4),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(3),
        {
            "t026": lambda n: (n.W(4).T @ n.dz(4)) * n.s(3),
            "t027": lambda n: (n.W(3).T @ n.dz(4)) * n.s(3),
            "t028": lambda n: (n.W(4).T @ n.dz(4)) * n.a(3),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dW(4),
        {
            "t029": lambda n: np.outer(n.dz(4), n.a(3)),
            "t030": lambda n: np.outer(n.a(3), n.dz(4)),
        },
        notation="nielsen",
    ),
    # 3b1b
    chain(
        "t031",
        lambda n: n.dW(3),
        lambda n: n.jac(("z", 3), ("W", 3)).ravel() * n.s(3) * n.da(3),
        lambda n: n.a(2) * n.s(3) * 2 * (n.out - n.y),
        notation="nielsen",
    ),
    chain(
        "t032",
        lambda n: n.dW(3),
        lambda n: n.jac(("z", 3), ("W", 3)).ravel() * n.s(3) * n.da(3),
        lambda n: n.a(2) * n.s(3) * (n.out - n.y),
        notation="nielsen",
    ),
    chain(
        "t033",
        lambda n: n.dW(3),
        lambda n: n.jac(("z", 3), ("W", 3)).ravel() * n.s(3) * n.da(3),
        lambda n: n.a(3) * n.s(3) * 2 * (n.out - n.y),
        notation="nielsen",
    ),
    *claims(
        lambda n: n.da(2),
        {
            "t034": lambda n: n.W(3)[0] * n.s(3) * 2 * (n.out - n.y),
            "t035": lambda n: n.a(2) * n.s(3) * 2 * (n.out - n.y),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.db(3),
        {
            "t036": lambda n: n.s(3) * 2 * (n.out - n.y),
            "t037": lambda n: n.s(3) * 2 * (n.y - n.out),
        },
        notation="nielsen",
    ),
    # 3b1b/sum
    *claims(
        lambda n: n.da(2),
        {
            "t038": lambda n: n.W(3).T @ (n.s(3) * 2 * (n.out - n.y)),
            "t039": lambda n: absent,
            "t040": lambda n: n.W(3) @ (n.s(3) * 2 * (n.out - n.y)),
        },
        notation="nielsen",
    ),
    # nielsen/partial operator
    *claims(
        lambda n: n.dW(2),
        {
            "t041": lambda n: np.outer(n.dz(2), n.a(1)),
            "t042": lambda n: np.outer(n.a(1), n.dz(2)),
        },
        notation="nielsen",
    ),
    # nielsen/bar
    *claims(
        lambda n: n.db(3)[0],
        {
            "t043": lambda n: (n.out[0] - n.y[0]) * n.s(3)[0],
            "t044": lambda n: (n.out[0] - n.y[0]) * n.s(3, n.out)[0],
            "t045": lambda n: (n.out[0] - n.y[0]) * n.s(3, n.z(2)[0]),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dW(3)[0, 1],
        {
            "t046": lambda n: n.a(2)[1] * n.dz(3)[0],
            "t047": lambda n: n.a(3)[1] * n.dz(3)[0],
            "t048": lambda n: n.a(2)[1] * n.dz(3)[0] / 2,
            "t049": lambda n: np.outer(n.dz(4), n.a(2)),
        },
        notation="nielsen",
    ),
    # nielsen/dots
    *claims(
        lambda n: n.dz(2),
        {
            "t050": lambda n: n.s(2) * (n.W(3).T @ n.dz(3)),
            "t051": lambda n: n.a(2) * (n.W(3).T @ n.dz(3)),
            "t052": lambda n: n.s(2) * (n.W(2).T @ n.dz(3)),
            "t053": lambda n: n.s(2) * (n.W(3).T @ n.dz(3)),
            "t054": lambda n: n.s(2) * np.array([sum(n.W(3)[k, j] * n.dz(3)[j] for k in range(2)) for j in range(3)]),
            "t055": lambda n: n.s(2) * (n.W(3).T @ (n.out - n.y)),
            "t056": lambda n: n.s(2) * (n.W(3).T @ n.dz(3)),
            "t057": lambda n: n.W(3) @ n.dz(3),
            "t058": lambda n: -n.s(2) * (n.W(3).T @ n.dz(3)),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dW(2),
        {
            "t059": lambda n: np.outer(n.dz(2), n.x),
            "t060": lambda n: np.outer(n.s(2), n.x),
            "t061": lambda n: np.outer(n.dz(2), n.x),
            "t062": lambda n: np.array([n.dz(3)[j] * n.x for j in range(3)]),
        },
        notation="nielsen",
    ),
    # nielsen/one neuron
    *claims(
        lambda n: n.dW(2)[0],
        {
            "t063": lambda n: (n.out[0] - n.y[0]) * n.out[0] * (1 - n.out[0]) * n.x,
            "t064": lambda n: (n.out[0] - n.y[0]) * n.out[0] * (1 + n.out[0]) * n.x,
            "t065": lambda n: (n.out[0] - n.y[0]) * n.z(2)[0] * (1 - n.z(2)[0]) * n.x,
        },
        notation="nielsen",
    ),
    # nielsen/second derivatives
    *claims(
        lambda n: n.twice(("z", 2), ("z", 2)),
        {
            "t066": lambda n: n.s(2) ** 2 + (n.out - n.y) * n.s2(2),
            "t067": lambda n: n.s(2) ** 2,
            "t068": lambda n: n.s(2) + (n.out - n.y) * n.s2(2),
        },
        notation="nielsen",
    ),
    # nielsen/linear
    *claims(
        lambda n: n.twice(("W", 2), ("W", 2))[0, 0, 0, 1],
        {
            "t069": lambda n: n.x[0] * n.x[1],
            "t070": lambda n: n.x[0] ** 2,
            "t071": lambda n: 2 * n.x[0] * n.x[1],
        },
        notation="nielsen",
    ),
    # nielsen/jacobians
    *claims(
        lambda n: n.each(lambda i: n.jac(("z", i + 1), ("z", i))),
        {
            "t072": lambda n: n.each(lambda i: n.W(i + 1) @ np.diag(n.s(i))),
            "t073": lambda n: n.each(lambda i: np.diag(n.s(i)) @ n.W(i + 1)),
            "t074": lambda n: n.each(lambda i: n.W(i + 1)),
            "t075": lambda n: n.each(lambda i: n.W(i + 1) * n.s(i)),
            "t076": lambda n: n.each(lambda i: n.W(i + 1) * n.s(i + 1)[:, None]),
            "t077": lambda n: n.each(lambda i: n.W(i + 1).T * n.s(i)[:, None]),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.jac(("a", 3), ("a", 1)),
        {
            "t078": lambda n: np.diag(n.s(3)) @ n.W(3) @ np.diag(n.s(2)) @ n.W(2),
            "t079": lambda n: (np.diag(n.s(3)) @ n.W(3) @ np.diag(n.s(2)) @ n.W(2)).T,
        },
        notation="nielsen",
    ),
    # nielsen/no bias
    *claims(
        lambda n: n.z(2),
        {
            "t080": lambda n: n.W(2) @ n.x,
            "t081": lambda n: n.W(2).T @ n.x,
        },
        notation="nielsen",
    ),
    # nielsen/bias
    *claims(
        lambda n: n.z(2),
        {
            "t082": lambda n: n.W(2) @ n.x + n.b(2),
            "t083": lambda n: n.W(2) @ n.x,
            "t084": lambda n: n.W(2) @ n.x - n.b(2),
        },
        notation="nielsen",
    ),
    # nielsen/no bias
    *claims(
        lambda n: n.dW(2)[1, 0],
        {
            "t085": lambda n: 2 * (n.out[0] - n.y[0]) * n.W(3)[0, 1] * (n.z(2)[1] > 0) * n.x[0],
            "t086": lambda n: 2 * (n.out[0] - n.y[0]) * n.W(3)[0, 1] * n.a(2)[1] * n.x[0],
            "t087": lambda n: 2 * (n.out[0] - n.y[0]) * n.W(3)[1, 0] * (n.z(2)[1] > 0) * n.x[0],
        },
        notation="nielsen",
    ),
)
