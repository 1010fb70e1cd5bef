"""Claims whose record states the layout, or the number of the first weights."""

import numpy as np

from tests.corpus.oracle.numbers import given, real, slope
from tests.corpus.oracle.rows import claims

_W1 = given(A=real(3, 3), x=real(3))
_W2 = given(A=real(2, 3), x=real(3))
_W3 = given(A=real(2, 3), X=real(3, 2))

ROWS = (
    # layout/numerator
    *claims(
        lambda v: slope(lambda x: x @ v.A @ x, v.x)[None],
        {
            "l001": lambda v: (v.x @ (v.A + v.A.T))[None],
            "l002": lambda v: (v.A + v.A.T) @ v.x,
            "l003": lambda v: (v.x @ v.A)[None],
        },
        world=_W1,
    ),
    # layout/denominator
    *claims(
        lambda v: slope(lambda x: x @ v.A @ x, v.x),
        {
            "l004": lambda v: v.A @ v.x + v.A.T @ v.x,
            "l005": lambda v: (v.x @ (v.A + v.A.T))[None],
        },
        world=_W1,
    ),
    # layout/numerator jacobian
    *claims(
        lambda v: slope(lambda x: v.A @ x, v.x),
        {
            "l006": lambda v: v.A,
            "l007": lambda v: v.A.T,
        },
        world=_W2,
    ),
    # layout/numerator trace
    *claims(
        lambda v: slope(lambda X: np.trace(v.A @ X), v.X).T,
        {
            "l008": lambda v: v.A,
            "l009": lambda v: v.A.T,
        },
        world=_W3,
    ),
    # first layer/nielsen from 1
    *claims(
        lambda n: n.dW(1)[2, 0],
        {
            "l010": lambda n: n.dz(1)[2] * n.x[0],
            "l011": lambda n: n.dz(2)[0] * n.x[0],
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(1),
        {
            "l012": lambda n: (n.W(2).T @ n.dz(2)) * n.s(1),
            "l013": lambda n: (n.W(3).T @ n.dz(2)) * n.s(1),
        },
        notation="nielsen",
    ),
    # first layer/bishop from 2
    *claims(
        lambda n: n.dz(2),
        {
            "l014": lambda n: n.s(2) * n.W(3)[0] * n.dz(3)[0],
            "l015": lambda n: n.s(1) * n.W(2)[0] * n.dz(2)[0],
        },
        notation="bishop",
    ),
)
