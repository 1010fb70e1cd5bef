"""Programs that are no networks, built by hand, each with its forward pass written a second time in plain NumPy.

`forward(v, up)` takes values by letter and the upstream gradient; an opaque L(Y) stands for Σ up · Y.  It is analytic,
so that a complex step differentiates it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sympy import Integer, exp, log, sqrt, tanh

from derive.equation import Equation
from derive.functions import head, unknown
from derive.named import Inverse, LogDet, Named, Opaque, number
from derive.program import Program, program
from derive.symbols import Index, Space, Width, total


@dataclass(frozen=True)
class System:
    """A program, its forward pass, and the sizes at which it is run."""

    program: Program
    forward: Callable[..., object]
    sizes: dict[str, int]
    upstream: str = ""


def space(name, size, letter):
    return Space(name, Width(size), letter)


N, M, D, E = space("row", "n", "i"), space("column", "m", "j"), space("depth", "d", "k"), space("value", "e", "l")
ROW, J, K, L, P = Index("i", N), Index("j", M), Index("k", D), Index("l", E), Index("p", M)
I2, Q2 = Index("k", N), Index("q", M)
LOSS, EPS, F = number("L"), number(r"\epsilon"), number("f")
x, xh, y, gamma, beta = (Named(one, (N,)) for one in ("x", r"\hat{x}", "y", r"\gamma", r"\beta"))
mu, var = number(r"\mu"), number(r"\sigma^2")


def normal(v):
    centred = v["x"] - v["x"].mean()
    return centred / np.sqrt((centred**2).mean() + v[r"\epsilon"])


MEAN = Equation(mu, total(x[I2], I2) / N.size)
VARIANCE = Equation(var, total((x[I2] - mu) ** 2, I2) / N.size)
SCALED = Equation(y[ROW], gamma[ROW] * xh[ROW] + beta[ROW])
OF_Y = Equation(LOSS, Opaque("L", y))

layer_norm = System(
    program(
        [MEAN, VARIANCE, Equation(xh[ROW], (x[ROW] - mu) / sqrt(var + EPS)), SCALED, OF_Y], ["x", r"\gamma", r"\beta"]
    ),
    lambda v, up: (up * (v[r"\gamma"] * normal(v) + v[r"\beta"])).sum(),
    {"n": 4},
    "y",
)

r = number("r")
layer_norm_r = System(
    program(
        [MEAN, VARIANCE, Equation(r, 1 / sqrt(var + EPS)), Equation(xh[ROW], r * (x[ROW] - mu)), SCALED, OF_Y], ["x"]
    ),
    layer_norm.forward,
    {"n": 4},
    "y",
)

X, Xh, Y, G, B = (Named(one, (N, M)) for one in ("X", r"\hat{X}", "Y", "G", "B"))
g_j, b_j, mu_j, var_j = (Named(one, (M,)) for one in (r"\gamma", r"\beta", r"\mu", r"\sigma^2"))
batch_norm = System(
    program(
        [
            Equation(mu_j[J], total(X[ROW, J], ROW) / N.size),
            Equation(var_j[J], total((X[ROW, J] - mu_j[J]) ** 2, ROW) / N.size),
            Equation(Xh[ROW, J], (X[ROW, J] - mu_j[J]) / sqrt(var_j[J] + EPS)),
            Equation(Y[ROW, J], g_j[J] * Xh[ROW, J] + b_j[J]),
            Equation(LOSS, Opaque("L", Y)),
        ],
        ["X", r"\gamma", r"\beta"],
    ),
    lambda v, up: (
        up * (v[r"\gamma"] * (v["X"] - v["X"].mean(0))
              / np.sqrt(((v["X"] - v["X"].mean(0)) ** 2).mean(0) + v[r"\epsilon"]) + v[r"\beta"])
    ).sum(),
    {"n": 4, "m": 3},
    "Y",
)  # fmt: skip

rms_norm = System(
    program(
        [
            Equation(r, 1 / sqrt(total(x[I2] ** 2, I2) / N.size + EPS)),
            Equation(xh[ROW], x[ROW] * r),
            Equation(y[ROW], gamma[ROW] * xh[ROW]),
            OF_Y,
        ],
        ["x", r"\gamma"],
    ),
    lambda v, up: (up * v[r"\gamma"] * v["x"] / np.sqrt((v["x"] ** 2).mean() + v[r"\epsilon"])).sum(),
    {"n": 4},
    "y",
)

Qm, Km, Vm = Named("Q", (N, D)), Named("K", (M, D)), Named("V", (M, E))
S, Pm, OUTPUT = Named("S", (N, M)), Named("P", (N, M)), Named("O", (N, E))


def softmax_rows(s):
    powers = np.exp(s)
    return powers / powers.sum(-1, keepdims=True)


attention = System(
    program(
        [
            Equation(S[ROW, J], total(Qm[ROW, K] * Km[J, K], K) / sqrt(D.size)),
            Equation(Pm[ROW, J], exp(S[ROW, J]) / total(exp(S[ROW, P]), P)),
            Equation(OUTPUT[ROW, L], total(Pm[ROW, J] * Vm[J, L], J)),
            Equation(LOSS, Opaque("L", OUTPUT)),
        ],
        ["Q", "K", "V"],
    ),
    lambda v, up: (up * (softmax_rows(v["Q"] @ v["K"].T / np.sqrt(v["Q"].shape[1])) @ v["V"])).sum(),
    {"n": 2, "m": 3, "d": 2, "e": 2},
    "O",
)

z, p, t = Named("z", (N,)), Named("p", (N,)), Named("t", (N,))
SOFTMAX = Equation(p[ROW], exp(z[ROW]) / total(exp(z[I2]), I2))
softmax = System(
    program([SOFTMAX, Equation(LOSS, Opaque("L", p))], ["z"]),
    lambda v, up: (up * softmax_rows(v["z"])).sum(),
    {"n": 4},
    "p",
)

Z, T, Xf, W, b = (Named(one, axes) for one, axes in
                  (("Z", (N, M)), ("T", (N, M)), ("X", (N, D)), ("W", (D, M)), ("b", (M,))))  # fmt: skip
cross_entropy = System(
    program(
        [
            Equation(Z[ROW, J], total(Xf[ROW, K] * W[K, J], K) + b[J]),
            Equation(Pm[ROW, J], exp(Z[ROW, J]) / total(exp(Z[ROW, P]), P)),
            Equation(LOSS, -total(T[ROW, J] * log(Pm[ROW, J]), ROW, J) / N.size),
        ],
        ["W", "b"],
        facts=[Equation(total(T[ROW, J], J), Integer(1))],
    ),
    lambda v, up: -(v["T"] * np.log(softmax_rows(v["X"] @ v["W"] + v["b"]))).sum() / len(v["X"]),
    {"n": 3, "m": 3, "d": 2},
)

log_sum_exp = System(
    program([Equation(F, log(total(exp(x[I2]), I2)))], ["x"]), lambda v, up: np.log(np.exp(v["x"]).sum()), {"n": 4}
)

A, Bv, H = Named("A", (N, M)), Named("B", (N, M)), Named("H", (N, M))
V2 = Named("V", (D, M))


def silu(u):
    return u / (1 + np.exp(-u))


swiglu = System(
    program(
        [
            Equation(A[ROW, J], total(Xf[ROW, K] * W[K, J], K)),
            Equation(Bv[ROW, J], total(Xf[ROW, K] * V2[K, J], K)),
            Equation(H[ROW, J], head("silu")(A[ROW, J]) * Bv[ROW, J]),
            Equation(LOSS, Opaque("L", H)),
        ],
        ["X", "W", "V"],
    ),
    lambda v, up: (up * silu(v["X"] @ v["W"]) * (v["X"] @ v["V"])).sum(),
    {"n": 2, "m": 3, "d": 2},
    "H",
)

w, lam = Named("w", (D,)), number(r"\lambda")
ridge = System(
    program(
        [Equation(F, total((total(Xf[ROW, K] * w[K], K) - y[ROW]) ** 2, ROW) + lam * total(w[K] ** 2, K))],
        ["w", r"\lambda"],
    ),
    lambda v, up: ((v["X"] @ v["w"] - v["y"]) ** 2).sum() + v[r"\lambda"] * (v["w"] ** 2).sum(),
    {"n": 3, "d": 2},
)

trace = System(
    program([Equation(F, total(A[ROW, J] * X[ROW, J], ROW, J))], ["X"]), lambda v, up: np.trace(v["A"].T @ v["X"]),
    {"n": 2, "m": 3},
)  # fmt: skip

Sq = Named("A", (N, N))
quadratic = System(
    program([Equation(F, total(x[ROW] * Sq[ROW, I2] * x[I2], ROW, I2))], ["x", "A"]),
    lambda v, up: v["x"] @ v["A"] @ v["x"],
    {"n": 3},
)

Ad, Xd = Named("A", (N, D)), Named("X", (D, M))
least_squares = System(
    program([Equation(F, total((total(Ad[ROW, K] * Xd[K, J], K) - B[ROW, J]) ** 2, ROW, J))], ["X", "A"]),
    lambda v, up: ((v["A"] @ v["X"] - v["B"]) ** 2).sum(),
    {"n": 3, "m": 2, "d": 2},
)

norm = System(
    program([Equation(F, sqrt(total(x[I2] ** 2, I2)))], ["x"]), lambda v, up: np.sqrt((v["x"] ** 2).sum()), {"n": 3}
)

log_det = System(
    program([Equation(F, LogDet(Sq))], ["A"]), lambda v, up: np.log(np.linalg.det(v["A"]) ** 2) / 2, {"n": 3}
)

u_, v_ = Named("u", (N,)), Named("v", (N,))
inverse = System(
    program([Equation(F, total(u_[ROW] * Inverse(Sq)[ROW, I2] * v_[I2], ROW, I2))], ["A"]),
    lambda v, up: v["u"] @ np.linalg.inv(v["A"]) @ v["v"],
    {"n": 3},
)

IN, OUT, TAP = space("in", "n", "p"), space("out", "m", "i"), space("tap", "k", "k")
xi, yo, wt, bias = Named("x", (IN,)), Named("y", (OUT,)), Named("w", (TAP,)), number("b")
PLACE, AT = Index("k", TAP), Index("i", OUT)
convolution = System(
    program(
        [
            Equation(yo[AT], total(wt[PLACE] * xi[AT + PLACE - 1], PLACE) + bias),
            Equation(LOSS, Opaque("L", yo)),
        ],
        ["x", "w", "b"],
    ),
    lambda v, up: sum(up[i] * (sum(v["w"][k] * v["x"][i + k] for k in range(2)) + v["b"]) for i in range(4)),
    {"n": 5, "m": 4, "k": 2},
    "y",
)

W2, zz, yy = Named("W", (M, D)), Named("z", (M,)), Named("y", (M,))
xd = Named("x", (D,))
opaque_function = System(
    program(
        [
            Equation(zz[J], total(W2[J, K] * xd[K], K) + b[J]),
            Equation(yy[J], unknown("f")(zz[J])),
            Equation(LOSS, Opaque("L", yy)),
        ],
        ["W", "x", "b"],
    ),
    lambda v, up: (up * np.sin(v["W"] @ v["x"] + v["b"])).sum(),
    {"m": 3, "d": 2},
    "y",
)

b0, b1 = number(r"\beta_0"), number(r"\beta_1")
logistic = System(
    program(
        [
            Equation(p[ROW], head("sigmoid")(b0 + b1 * x[ROW])),
            Equation(LOSS, -total(t[ROW] * log(p[ROW]) + (1 - t[ROW]) * log(1 - p[ROW]), ROW)),
        ],
        [r"\beta_0", r"\beta_1"],
    ),
    lambda v, up: (
        -(
            v["t"] * np.log(1 / (1 + np.exp(-v[r"\beta_0"] - v[r"\beta_1"] * v["x"])))
            + (1 - v["t"]) * np.log(1 - 1 / (1 + np.exp(-v[r"\beta_0"] - v[r"\beta_1"] * v["x"])))
        ).sum()
    ),
    {"n": 4},
)

hidden = Named("h", (N,))
chain = System(
    program([Equation(hidden[ROW], tanh(x[ROW])), Equation(F, total(hidden[ROW] ** 2, ROW) / 2)], ["x"]),
    lambda v, up: (np.tanh(v["x"]) ** 2).sum() / 2,
    {"n": 3},
)

SYSTEMS = {name: one for name, one in globals().items() if isinstance(one, System)}
