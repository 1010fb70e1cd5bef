"""Derivatives of the activations, each in several spellings."""

import numpy as np

from tests.corpus.oracle.numbers import erf, sigmoid
from tests.corpus.oracle.rows import claims

ROWS = (
    # activation/sigmoid
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t196": lambda n: np.exp(-n.z(2)[0]) / (1 + np.exp(-n.z(2)[0])) ** 2,
            "t197": lambda n: np.exp(-n.z(2)[0]) / (1 + np.exp(-n.z(2)[0])),
            "t198": lambda n: -np.exp(-n.z(2)[0]) / (1 + np.exp(-n.z(2)[0])) ** 2,
            "t199": lambda n: n.a(2)[0] * n.f(2, -n.z(2)[0]),
            "t200": lambda n: 0.25 / np.cosh(n.z(2)[0] / 2) ** 2,
            "t201": lambda n: 0.5 / np.cosh(n.z(2)[0] / 2) ** 2,
            "t202": lambda n: 0.25 / np.cosh(n.z(2)[0]) ** 2,
        },
        notation="nielsen",
    ),
    # activation/tanh
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t203": lambda n: 1 / np.cosh(n.z(2)[0]) ** 2,
            "t204": lambda n: 1 / np.cosh(n.z(2)[0]) ** 2,
            "t205": lambda n: 1 / np.cosh(n.z(2)[0]),
            "t206": lambda n: 4 / (np.exp(n.z(2)[0]) + np.exp(-n.z(2)[0])) ** 2,
            "t207": lambda n: 2 / (np.exp(n.z(2)[0]) + np.exp(-n.z(2)[0])) ** 2,
            "t208": lambda n: 1 - np.tanh(n.z(2)[0]) ** 2,
            "t209": lambda n: np.tanh(n.z(2)[0]) ** 2 - 1,
            "t210": lambda n: (1 - n.a(2)[0]) * (1 + n.a(2)[0]),
            "t211": lambda n: n.a(2)[0] * (1 - n.a(2)[0]),
        },
        notation="nielsen",
    ),
    # activation/relu
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t212": lambda n: float(n.z(2)[0] > 0),
            "t213": lambda n: float(n.z(2)[0] < 0),
            "t214": lambda n: (1 + np.sign(n.z(2)[0])) / 2,
            "t215": lambda n: np.sign(n.z(2)[0]),
            "t216": lambda n: max(n.z(2)[0], 0),
        },
        notation="nielsen",
    ),
    # activation/leaky-relu 0.1
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t217": lambda n: 1.0 if n.z(2)[0] > 0 else 0.1,
            "t218": lambda n: 1.0 if n.z(2)[0] > 0 else 0.01,
            "t219": lambda n: 1.0 if n.z(2)[0] > 0 else 0.0,
            "t220": lambda n: 1.0 if n.z(2)[0] > 0 else 0.1 * n.z(2)[0],
        },
        notation="nielsen",
    ),
    # activation/leaky-relu alpha
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t221": lambda n: 1.0 if n.z(2)[0] > 0 else n.constant("alpha"),
            "t222": lambda n: 1.0 if n.z(2)[0] > 0 else -n.constant("alpha"),
        },
        notation="nielsen",
    ),
    # activation/elu
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t223": lambda n: 1.0 if n.z(2)[0] > 0 else n.a(2)[0] + n.constant("alpha"),
            "t224": lambda n: 1.0 if n.z(2)[0] > 0 else n.a(2)[0] - n.constant("alpha"),
            "t225": lambda n: 1.0 if n.z(2)[0] > 0 else n.constant("alpha") * np.exp(n.z(2)[0]),
            "t226": lambda n: 1.0 if n.z(2)[0] > 0 else n.a(2)[0],
        },
        notation="nielsen",
    ),
    # activation/logistic k
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t227": lambda n: n.constant("k") * n.a(2)[0] * (1 - n.a(2)[0]),
            "t228": lambda n: n.a(2)[0] * (1 - n.a(2)[0]),
        },
        notation="nielsen",
    ),
    # activation/logistic 2
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t229": lambda n: 2 * n.a(2)[0] * (1 - n.a(2)[0]),
            "t230": lambda n: np.exp(-2 * n.z(2)[0]) / (1 + np.exp(-2 * n.z(2)[0])) ** 2,
        },
        notation="nielsen",
    ),
    # activation/slope 3
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t231": lambda n: 3.0,
            "t232": lambda n: 1.0,
        },
        notation="nielsen",
    ),
    # activation/softplus
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t233": lambda n: 1 - np.exp(-n.a(2)[0]),
            "t234": lambda n: np.exp(n.z(2)[0]) / (1 + np.exp(n.z(2)[0])),
            "t235": lambda n: 1 / (1 + np.exp(n.z(2)[0])),
            "t236": lambda n: n.a(2)[0],
        },
        notation="nielsen",
    ),
    # activation/silu
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t237": lambda n: n.a(2)[0] + sigmoid(n.z(2)[0]) * (1 - n.a(2)[0]),
            "t238": lambda n: n.a(2)[0] + sigmoid(n.z(2)[0]),
            "t239": lambda n: n.a(2)[0] * (1 - n.a(2)[0]),
            "t240": lambda n: (1 + np.exp(-n.z(2)[0]) + n.z(2)[0] * np.exp(-n.z(2)[0])) / (1 + np.exp(-n.z(2)[0])) ** 2,
            "t241": lambda n: (1 + np.exp(-n.z(2)[0]) - n.z(2)[0] * np.exp(-n.z(2)[0])) / (1 + np.exp(-n.z(2)[0])) ** 2,
        },
        notation="nielsen",
    ),
    # activation/gelu
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t242": lambda n: (
                (1 + erf(n.z(2)[0] / np.sqrt(2))) / 2 + n.z(2)[0] / np.sqrt(2 * np.pi) * np.exp(-(n.z(2)[0] ** 2) / 2)
            ),
            "t243": lambda n: (1 + erf(n.z(2)[0] / np.sqrt(2))) / 2,
            "t244": lambda n: (
                (1 + erf(n.z(2)[0] / np.sqrt(2))) / 2 + n.z(2)[0] / np.sqrt(2 * np.pi) * np.exp(-(n.z(2)[0] ** 2))
            ),
            "t245": lambda n: (
                (1 + erf(n.z(2)[0] / np.sqrt(2))) / 2 + n.z(2)[0] / np.sqrt(np.pi) * np.exp(-(n.z(2)[0] ** 2) / 2)
            ),
        },
        notation="nielsen",
    ),
    # activation/softsign
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t246": lambda n: 1 / (1 + abs(n.z(2)[0])) ** 2,
            "t247": lambda n: (1 - abs(n.a(2)[0])) ** 2,
            "t248": lambda n: 1 / (1 + abs(n.z(2)[0])),
            "t249": lambda n: 1 - n.a(2)[0] ** 2,
        },
        notation="nielsen",
    ),
    # activation/step
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "t250": lambda n: 0.0,
            "t251": lambda n: 1.0,
        },
        notation="nielsen",
    ),
    # activation/layers
    *claims(
        lambda n: n.dW(2)[0, 1],
        {
            "t252": lambda n: n.dz(3)[0] * n.W(3)[0, 0] * (1 - n.a(2)[0] ** 2) * n.x[1],
            "t253": lambda n: (
                (n.out[0] - n.y[0]) * (1 - n.out[0] ** 2) * n.W(3)[0, 0] * n.a(2)[0] * (1 - n.a(2)[0]) * n.x[1]
            ),
            "t254": lambda n: n.dz(3)[0] * n.W(3)[0, 0] * n.a(2)[0] * (1 - n.a(2)[0]) * n.x[1],
        },
        notation="nielsen",
    ),
)
