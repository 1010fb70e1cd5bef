"""Formulas whose letters allow two readings that disagree."""

from tests.corpus.oracle.rows import claims, row

ROWS = (
    # nielsen/goodfellow
    row(
        "t349",
        lambda n: n.dW(2)[1, 0],
        lambda n: n.dz(2)[1] * n.a(1)[0],
        notation="nielsen",
        other=row("t349.other", lambda n: n.dW(2)[1, 0], lambda n: n.dz(2)[1] * n.z(1)[0], notation="bishop"),
    ),
    # nielsen/bishop
    row(
        "t350",
        lambda n: n.dz(2),
        lambda n: n.s(2) * (n.W(3).T @ n.dz(3)),
        notation="nielsen",
        other=row("t350.other", lambda n: n.dz(2), lambda n: n.s(2, n.a(2)) * (n.W(3).T @ n.dz(3)), notation="bishop"),
    ),
    # auto/by range
    *claims(
        lambda n: n.dW(2)[2, 0],
        {
            "t351": lambda n: n.dz(2)[2] * n.x[0],
            "t352": lambda n: n.dz(2)[2] * n.x[1],
        },
        notation="nielsen",
    ),
    # auto/by layer
    *claims(
        lambda n: n.dW(1)[2, 0],
        {
            "t353": lambda n: (n.out - n.y)[0] * n.s(2)[0] * n.W(2)[0, 2] * n.s(1)[2] * n.x[0],
            "t354": lambda n: (n.out - n.y)[0] * n.s(2, n.out)[0] * n.W(2)[0, 2] * n.s(1, n.a(1))[2] * n.x[0],
        },
        notation="bishop",
    ),
)
