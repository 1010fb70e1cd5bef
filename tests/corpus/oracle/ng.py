"""Claims in Ng's letters: the input is layer 0, layers stand in square brackets."""

import numpy as np

from tests.corpus.oracle.numbers import column
from tests.corpus.oracle.rows import claims, lines

ROWS = (
    # ng/six equations
    lines(
        "t088",
        (lambda n: n.dz(2), lambda n: n.out - n.y),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(1))),
        (lambda n: n.db(2), lambda n: n.dz(2)),
        (lambda n: n.dz(1), lambda n: (n.W(2).T @ n.dz(2)) * n.s(1)),
        (lambda n: n.dW(1), lambda n: np.outer(n.dz(1), n.x)),
        (lambda n: n.db(1), lambda n: n.dz(1)),
        notation="ng",
    ),
    lines(
        "t089",
        (lambda n: n.dz(2), lambda n: (n.out - n.y) * n.s(2)),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(1))),
        (lambda n: n.db(2), lambda n: n.dz(2)),
        (lambda n: n.dz(1), lambda n: (n.W(2).T @ n.dz(2)) * n.s(1)),
        (lambda n: n.dW(1), lambda n: np.outer(n.dz(1), n.x)),
        (lambda n: n.db(1), lambda n: n.dz(1)),
        notation="ng",
    ),
    lines(
        "t090",
        (lambda n: n.dz(2), lambda n: n.out - n.y),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(2))),
        (lambda n: n.db(2), lambda n: n.dz(2)),
        (lambda n: n.dz(1), lambda n: (n.W(2).T @ n.dz(2)) * n.s(1)),
        (lambda n: n.dW(1), lambda n: np.outer(n.dz(1), n.x)),
        (lambda n: n.db(1), lambda n: n.dz(1)),
        notation="ng",
    ),
    lines(
        "t091",
        (lambda n: n.dz(2), lambda n: n.out - n.y),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(1))),
        (lambda n: n.db(2), lambda n: n.dz(1)),
        (lambda n: n.dz(1), lambda n: (n.W(2).T @ n.dz(2)) * n.s(1)),
        (lambda n: n.dW(1), lambda n: np.outer(n.dz(1), n.x)),
        (lambda n: n.db(1), lambda n: n.dz(1)),
        notation="ng",
    ),
    lines(
        "t092",
        (lambda n: n.dz(2), lambda n: n.out - n.y),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(1))),
        (lambda n: n.db(2), lambda n: n.dz(2)),
        (lambda n: n.dz(1), lambda n: n.W(2) @ n.dz(2)),
        (lambda n: n.dW(1), lambda n: np.outer(n.dz(1), n.x)),
        (lambda n: n.db(1), lambda n: n.dz(1)),
        notation="ng",
    ),
    lines(
        "t093",
        (lambda n: n.dz(2), lambda n: n.out - n.y),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(1))),
        (lambda n: n.db(2), lambda n: n.dz(2)),
        (lambda n: n.dz(1), lambda n: (n.W(2).T @ n.dz(2)) * n.s(1)),
        (lambda n: n.dW(1), lambda n: np.outer(n.x, n.dz(1))),
        (lambda n: n.db(1), lambda n: n.dz(1)),
        notation="ng",
    ),
    lines(
        "t094",
        (lambda n: n.dz(2), lambda n: n.out - n.y),
        (lambda n: n.dW(2), lambda n: np.outer(n.dz(2), n.a(1))),
        (lambda n: n.db(2), lambda n: n.dz(2)),
        (lambda n: n.dz(1), lambda n: (n.W(2).T @ n.dz(2)) * n.s(1, n.a(1))),
        (lambda n: n.dW(1), lambda n: np.outer(n.dz(1), n.x)),
        (lambda n: n.db(1), lambda n: n.dz(1)),
        notation="ng",
    ),
    # ng/general
    *claims(
        lambda n: n.each(lambda i: n.da(i - 1)),
        {
            "t095": lambda n: n.each(lambda i: n.W(i).T @ n.dz(i)),
            "t096": lambda n: n.each(lambda i: n.W(i) @ n.dz(i)),
            "t097": lambda n: n.each(lambda i: n.W(i).T @ n.da(i)),
        },
        notation="ng",
    ),
    *claims(
        lambda n: n.each(lambda i: n.dz(i)),
        {
            "t098": lambda n: n.each(lambda i: n.da(i) * n.s(i)),
            "t099": lambda n: n.each(lambda i: n.da(i) * n.a(i)),
            "t100": lambda n: n.each(lambda i: n.da(i) * (1 - n.a(i))),
            "t101": lambda n: n.each(lambda i: n.da(i - 1) * n.s(i)),
            "t102": lambda n: n.each(lambda i: (n.W(i + 1).T @ n.dz(i + 1)) * (1 - n.a(i) ** 2)),
            "t103": lambda n: n.each(lambda i: (n.W(i + 1).T @ n.dz(i + 1)) * n.a(i) * (1 - n.a(i))),
        },
        notation="ng",
    ),
    # ng/da
    *claims(
        lambda n: n.da(1),
        {
            "t104": lambda n: -n.y / n.out + (1 - n.y) / (1 - n.out),
            "t105": lambda n: -n.y / n.out - (1 - n.y) / (1 - n.out),
        },
        notation="ng",
    ),
    # ng/scalar
    *claims(
        lambda n: n.da(1),
        {
            "t106": lambda n: -n.y / n.out + (1 - n.y) / (1 - n.out),
            "t107": lambda n: n.y / n.out - (1 - n.y) / (1 - n.out),
            "t108": lambda n: n.out - n.y,
            "t109": lambda n: (n.out - n.y) / (n.out * (1 - n.out)),
        },
        notation="ng",
    ),
    *claims(
        lambda n: n.dW(1)[0],
        {
            "t110": lambda n: (n.out - n.y) * n.x,
            "t111": lambda n: (n.out - n.y) * n.out * (1 - n.out) * n.x,
        },
        notation="ng",
    ),
    # ng/theta
    *claims(
        lambda n: n.dW(2),
        {
            "t112": lambda n: np.outer(n.dz(2), n.a(1)),
            "t113": lambda n: np.outer(n.dz(2), n.a(2)),
            "t114": lambda n: -np.outer(n.dz(2), n.a(1)),
            "t115": lambda n: np.outer((n.out - n.y) * n.out * (1 - n.out), n.a(1)),
            "t116": lambda n: column(n.a(1)).T @ column((n.out - n.y) * n.out * (1 - n.out)),
        },
        notation="ng",
    ),
    # ng/transposed layer
    *claims(
        lambda n: n.each(lambda i: n.dz(i)),
        {
            "t117": lambda n: n.each(lambda i: (n.W(i + 1).T @ n.dz(i + 1)) * n.s(i)),
            "t118": lambda n: n.each(lambda i: (n.W(i).T @ n.dz(i + 1)) * n.s(i)),
            "t119": lambda n: n.each(lambda i: n.W(i + 1).T @ column(n.dz(i + 1)) @ column(n.s(i))),
        },
        notation="ng",
    ),
)
