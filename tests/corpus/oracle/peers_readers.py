"""Spellings that readers of LaTeX raise on or misread: the right reading, and the misreading as a claim."""

import numpy as np

from tests.corpus.oracle.numbers import column, given, nonzero, norm, positive, real, sigmoid, slope, softmax
from tests.corpus.oracle.rows import claims

_W1 = given(z=real())
_W2 = given(x=real())
_W3 = given(W=real(3, 3), x=real(3))
_W4 = given(A=real(2, 3), B=real(3, 2))
_W5 = given(A=real(3, 3), B=real(3, 3))
_W6 = given(x=nonzero())
_W7 = given(x=real(4))
_W8 = given(x=real(3))
_W9 = given(z=nonzero(3))
_W10 = given(rho=real(), g=real(3))
_W11 = given(a=positive(), b=positive(), x=real(), c=real(), d=real())

ROWS = (
    # reader/primes
    *claims(
        lambda v: slope(sigmoid, v.z),
        {
            "p064": lambda v: sigmoid(v.z) - sigmoid(v.z) ** 2,
            "p065": lambda v: sigmoid(v.z),
        },
        world=_W1,
    ),
    # reader/f prime
    *claims(
        lambda v: 3 * v.x**2,
        {
            "p066": lambda v: 3 * v.x**2,
            "p067": lambda v: v.x**3,
            "p068": lambda v: 0.7,
        },
        world=_W2,
    ),
    # reader/tanh prime
    *claims(
        lambda v: slope(np.tanh, v.z),
        {
            "p069": lambda v: 1 - np.tanh(v.z) ** 2,
            "p070": lambda v: np.tanh(v.z),
        },
        world=_W1,
    ),
    # reader/transpose
    *claims(
        lambda v: v.W.T @ v.x,
        {
            "p071": lambda v: v.W.T @ v.x,
            "p072": lambda v: v.W @ v.x,
            "p073": lambda v: v.W.T @ v.x,
            "p074": lambda v: v.W @ v.x,
        },
        world=_W3,
    ),
    # reader/nabla
    *claims(
        lambda n: n.da(2),
        {
            "p075": lambda n: n.out - n.y,
            "p076": lambda n: n.out - n.y,
            "p077": lambda n: n.out * n.C,
        },
        notation="nielsen",
    ),
    # reader/trace
    *claims(
        lambda v: np.trace(v.A @ v.B),
        {
            "p078": lambda v: np.trace(v.B @ v.A),
            "p079": lambda v: np.trace(v.A.T @ v.B),
        },
        world=_W4,
    ),
    # reader/trace of a product
    *claims(
        lambda v: np.trace(v.A @ v.B),
        {
            "p080": lambda v: np.trace(v.B @ v.A),
            "p081": lambda v: np.trace(v.A) * np.trace(v.B),
            "p082": lambda v: np.trace(v.A @ v.B.T),
        },
        world=_W5,
    ),
    # reader/halves
    *claims(
        lambda v: v.x / 2,
        {
            "p083": lambda v: v.x / 2,
            "p084": lambda v: v.x / 2,
            "p085": lambda v: 1 / (2 * v.x),
        },
        world=_W6,
    ),
    # reader/sums
    *claims(
        lambda v: slope(lambda x: np.sum(np.exp(x)), v.x),
        {
            "p086": lambda v: np.exp(v.x),
            "p087": lambda v: np.full(4, np.sum(np.exp(v.x))),
            "p088": lambda v: np.sum(np.exp(v.x)) - np.exp(v.x),
        },
        world=_W7,
    ),
    # reader/norms
    *claims(
        lambda v: v.x @ v.x,
        {
            "p089": lambda v: v.x @ v.x,
            "p090": lambda v: norm(v.x),
            "p091": lambda v: v.x @ v.x,
            "p092": lambda v: np.sum(v.x),
        },
        world=_W8,
    ),
    # reader/named functions
    *claims(
        lambda v: softmax(v.z),
        {
            "p093": lambda v: softmax(v.z),
            "p094": lambda v: softmax(v.z),
            "p095": lambda v: softmax(v.z)[None] * np.ones((3, 1)),
            "p096": lambda v: np.full(3, 1 / 3),
        },
        world=_W9,
    ),
    *claims(
        lambda v: slope(lambda z: softmax(z), v.z),
        {
            "p097": lambda v: np.diag(softmax(v.z)) - np.outer(softmax(v.z), softmax(v.z)),
            "p098": lambda v: np.diag(softmax(v.z)) + np.outer(softmax(v.z), softmax(v.z)),
            "p099": lambda v: np.diag(softmax(v.z)) - np.outer(softmax(v.z), softmax(v.z)),
        },
        world=_W9,
    ),
    *claims(
        lambda v: np.diag(slope(lambda z: np.maximum(z, 0), v.z)),
        {
            "p100": lambda v: (v.z > 0) * 1.0,
            "p101": lambda v: np.maximum(v.z, 0),
            "p102": lambda v: (v.z > 0) * 1.0,
            "p103": lambda v: (v.z < 0) * 1.0,
        },
        world=_W9,
    ),
    # reader/indexed
    *claims(
        lambda n: n.dW(2),
        {
            "p104": lambda n: np.outer(n.dz(2), n.x),
            "p105": lambda n: column(n.dz(2)) @ column(n.x),
        },
        notation="nielsen",
    ),
    # reader/a function or a product
    *claims(
        lambda v: v.x * (v.x - 1),
        {
            "p106": lambda v: v.x**2 - v.x,
            "p107": lambda v: v.x * (v.x - 1),
            "p108": lambda v: v.x**2 - 1,
        },
        world=_W2,
    ),
    # reader/rest dropped
    *claims(
        lambda v: v.rho / 2 * v.g + 1,
        {
            "p109": lambda v: v.rho / 2 * v.g + 1,
            "p110": lambda v: v.rho / 2 * v.g,
        },
        world=_W10,
    ),
    # reader/brackets in a power
    *claims(
        lambda v: (v.a * v.b) ** (v.x * (v.c + v.d)),
        {
            "p111": lambda v: (v.a * v.b) ** (v.x * (v.c + v.d)),
            "p112": lambda v: (v.a * v.b) ** (v.x * v.c + v.d),
        },
        world=_W11,
    ),
)
