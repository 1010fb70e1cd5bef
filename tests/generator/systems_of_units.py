"""Systems of definitions with indices or scalars: regression, softmax, norms over a layer, chains of units."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.generator.expressions import (
    ONE,
    TWO,
    Add,
    Div,
    Fn,
    Kron,
    Neg,
    Pow,
    Size,
    Tag,
    minus,
    mul,
    number,
)
from tests.generator.rules import square
from tests.generator.short import d, over, r, s, sets, slope
from tests.generator.systems import System

L, E, f, n = s("L"), s("E"), s("f"), Size("n")
Y_HAT, X_HAT = r"\hat{y}", r"\hat{x}"
g, gamma, eps = r("g", "j"), r(r"\gamma", "j"), r"\epsilon"


def _linear_regression(v: Any) -> None:
    v[Y_HAT] = v["m"] * v["x"] + v["c"]
    v["E"] = ((v["y"] - v[Y_HAT]) ** 2).sum() / len(v["y"])


def _logistic_regression(v: Any) -> None:
    v["z"] = v["b"] + v["w"] * v["x"]
    v[Y_HAT] = 1 / (1 + np.exp(-v["z"]))
    v["L"] = -(v["y"] * np.log(v[Y_HAT]) + (1 - v["y"]) * np.log(1 - v[Y_HAT]))


def _softmax(v: Any) -> None:
    v["p"] = np.exp(v["z"]) / np.exp(v["z"]).sum()
    v["L"] = -(v["y"] * np.log(v["p"])).sum()


def _layer_norm(v: Any) -> None:
    v[r"\mu"] = v["x"].mean()
    v["v"] = ((v["x"] - v[r"\mu"]) ** 2).mean()
    v[X_HAT] = (v["x"] - v[r"\mu"]) / np.sqrt(v["v"] + v[eps])
    v["y"] = v[r"\gamma"] * v[X_HAT] + v[r"\beta"]
    v["L"] = (v["g"] * v["y"]).sum()


def _rms_norm(v: Any) -> None:
    v["r"] = np.sqrt((v["x"] ** 2).mean() + v[eps])
    v["y"] = v[r"\gamma"] * v["x"] / v["r"]
    v["L"] = (v["g"] * v["y"]).sum()


def _scalar_chain(v: Any) -> None:
    v["h"] = np.tanh(v["w_1"] * v["x"])
    v["o"] = v["w_2"] * v["h"]
    v["L"] = (v["o"] - v["t"]) ** 2


def _recurrent(v: Any) -> None:
    v["h_1"] = np.tanh(v["u"] * v["x_1"])
    v["h_2"] = np.tanh(v["w"] * v["h_1"] + v["u"] * v["x_2"])
    v["L"] = (v["h_2"] - v["y"]) ** 2 / 2


def _margins(v: Any) -> None:
    v["m"] = v["y"] * (v["X"] @ v["w"])
    v["L"] = np.log(1 + np.exp(-v["m"])).sum()


def _swish_gate(v: Any) -> None:
    v["s"] = 1 / (1 + np.exp(-v["u"]))
    v["h"] = v["u"] * v["s"] * v["v"]
    v["L"] = (v["g"] * v["h"]).sum()


H_SQUARED = square(s("h"))
ROOT = Fn("sqrt", Add((s("v"), s(eps))))
UP = mul(r("g", "k"), r(r"\gamma", "k"))

UNITS = (
    System(
        "linear-regression",
        (r"\hat{y}_i = m x_i + c", r"E = \frac{1}{n}\sum_{i=1}^{n} (y_i - \hat{y}_i)^2"),
        {"m": (), "c": (), "x": ("n",), "y": ("n",)},
        _linear_regression,
        (
            (d(E, s("m")), mul(Neg(Div(TWO, n)), over("i", "n", mul(r("x", "i"), minus(r("y", "i"), r(Y_HAT, "i")))))),
            (d(E, s("c")), mul(Div(TWO, n), over("i", "n", minus(r(Y_HAT, "i"), r("y", "i"))))),
            (d(E, r(Y_HAT, "i")), mul(Div(TWO, n), minus(r(Y_HAT, "i"), r("y", "i")))),
        ),
    ),
    System(
        "logistic-regression",
        ("z = b + w x", r"\hat{y} = \frac{1}{1+e^{-z}}",
         r"L = -\left[ y \log \hat{y} + (1-y) \log(1-\hat{y}) \right]"),
        {"b": (), "w": (), "x": (), "y": ()},
        _logistic_regression,
        (
            (d(L, s("w")), mul(minus(s(Y_HAT), s("y")), s("x"))),
            (d(L, s("b")), minus(s(Y_HAT), s("y"))),
            (d(L, s(Y_HAT)), Div(minus(s(Y_HAT), s("y")), mul(s(Y_HAT), minus(ONE, s(Y_HAT))))),
            (d(s(Y_HAT), s("z")), slope(mul(s(Y_HAT), minus(ONE, s(Y_HAT))))),
        ),
    ),
    System(
        "softmax",
        (r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", r"L = -\sum_i y_i \log p_i"),
        {"z": ("n",), "y": ("n",)},
        _softmax,
        (
            (d(r("p", "i"), r("z", "j")), mul(r("p", "i"), minus(Kron("i", "j"), r("p", "j")))),
            (d(L, r("z", "j")), minus(mul(r("p", "j"), over("i", "n", r("y", "i"), False)), r("y", "j"))),
            (d(L, r("p", "i")), Neg(Div(r("y", "i"), r("p", "i")))),
        ),
        {"z": ("n",), "y": ("n",)},
    ),
    System(
        "softmax-one-hot",
        (r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", r"L = -\sum_i y_i \log p_i"),
        {"z": ("n",), "y": ("n",)},
        _softmax,
        ((d(L, r("z", "j")), minus(r("p", "j"), r("y", "j"))), (d(L, r("z")), minus(r("p"), r("y")))),
        {"z": ("n",), "y": ("n",), "p": ("n",)},
        (r"\sum_i y_i = 1",),
        normalised=("y",),
    ),
    System(
        "log-sum-exp",
        (r"f = \log \sum_k e^{z_k}",),
        {"z": ("n",)},
        sets("f", lambda v: np.log(np.exp(v["z"]).sum())),
        ((d(f, r("z", "j")), Div(Fn("exp", r("z", "j")), over("k", "n", Fn("exp", r("z", "k")), False))),),
        {"z": ("n",)},
    ),
    System(
        "layer-norm",
        (r"\mu = \frac{1}{n} \sum_{i=1}^n x_i", r"v = \frac{1}{n} \sum_{i=1}^n (x_i - \mu)^2",
         r"\hat{x}_i = \frac{x_i - \mu}{\sqrt{v + \epsilon}}", r"y_i = \gamma_i \hat{x}_i + \beta_i",
         r"L = \sum_{i=1}^n g_i y_i"),
        {"x": ("n",), r"\gamma": ("n",), r"\beta": ("n",), "g": ("n",), eps: ()},
        _layer_norm,
        (
            (d(L, gamma), mul(g, r(X_HAT, "j"))),
            (d(L, r(r"\beta", "j")), g),
            (d(L, r(X_HAT, "j")), mul(g, gamma)),
            (d(L, r("x", "j")), mul(Div(ONE, ROOT), Add((mul(g, gamma), Neg(mul(Div(ONE, n), over("k", "n", UP))),
             Neg(mul(Div(r(X_HAT, "j"), n), over("k", "n", mul(UP, r(X_HAT, "k"))))))))),
            (d(r(X_HAT, "i"), r("x", "j")), mul(Div(ONE, ROOT), Add((Kron("i", "j"), Neg(Div(ONE, n)),
             Neg(Div(mul(r(X_HAT, "i"), r(X_HAT, "j")), n)))))),
        ),
        dict.fromkeys(("x", "y", r"\gamma", r"\beta", "g", r"\hat{x}"), ("n",)),
        positive=(eps,),
    ),
    System(
        "rms-norm",
        (r"r = \sqrt{\frac{1}{n} \sum_{i=1}^n x_i^2 + \epsilon}", r"y_i = \gamma_i \frac{x_i}{r}",
         r"L = \sum_{i=1}^n g_i y_i"),
        {"x": ("n",), r"\gamma": ("n",), "g": ("n",), eps: ()},
        _rms_norm,
        (
            (d(L, gamma), Div(mul(g, r("x", "j")), s("r"))),
            (d(L, r("x", "j")), minus(Div(mul(g, gamma), s("r")), mul(Div(r("x", "j"), mul(n, Pow(s("r"), 3))),
             over("k", "n", mul(UP, r("x", "k")))))),
            (d(s("r"), r("x", "j")), Div(r("x", "j"), mul(n, s("r")))),
        ),
        dict.fromkeys(("x", "y", r"\gamma", "g"), ("n",)),
        positive=(eps,),
    ),
    System(
        "scalar-chain",
        (r"h = \tanh(w_1 x)", "o = w_2 h", "L = (o - t)^2"),
        {"w_1": (), "w_2": (), "x": (), "t": ()},
        _scalar_chain,
        (
            (d(L, s("w_1")), mul(TWO, minus(s("o"), s("t")), s("w_2"), slope(minus(ONE, H_SQUARED)), s("x"))),
            (d(L, s("w_2")), mul(TWO, minus(s("o"), s("t")), s("h"))),
            (d(s("h"), s("w_1")), mul(slope(minus(ONE, H_SQUARED)), s("x"))),
        ),
    ),
    System(
        "recurrent",
        (r"h_1 = \tanh(u x_1)", r"h_2 = \tanh(w h_1 + u x_2)", r"L = \frac{1}{2} (h_2 - y)^2"),
        {"u": (), "w": (), "x_1": (), "x_2": (), "y": ()},
        _recurrent,
        (
            (d(L, s("w")), mul(minus(s("h_2"), s("y")), slope(minus(ONE, square(s("h_2")))), s("h_1"))),
            (d(L, s("u")), mul(minus(s("h_2"), s("y")), slope(minus(ONE, square(s("h_2")))),
             Tag("path", Add((s("x_2"), mul(s("w"), slope(minus(ONE, square(s("h_1")))), s("x_1"))))))),
        ),
    ),
    System(
        "margins",
        (r"m_i = y_i \sum_k X_{ik} w_k", r"L = \sum_i \log(1 + e^{-m_i})"),
        {"X": ("n", "d"), "w": ("d",), "y": ("n",)},
        _margins,
        (
            (d(L, r("w", "k")), Neg(over("i", "n", Div(mul(r("y", "i"), r("X", "i", "k")),
             Add((ONE, Fn("exp", r("m", "i"))))), False))),
            (d(L, r("m", "i")), Neg(Div(ONE, Add((ONE, Fn("exp", r("m", "i"))))))),
        ),
        {"X": ("n", "d"), "w": ("d",), "y": ("n",), "m": ("n",)},
    ),
    System(
        "gaussian",
        (r"L = \frac{(x - \mu)^2}{2 s^2} + \log s",),
        {"x": (), r"\mu": (), "s": ()},
        sets("L", lambda v: (v["x"] - v[r"\mu"]) ** 2 / (2 * v["s"] ** 2) + np.log(v["s"])),
        ((d(L, s(r"\mu")), Div(minus(s(r"\mu"), s("x")), square(s("s")))),
         (d(L, s("s")), minus(Div(ONE, s("s")), Div(square(minus(s("x"), s(r"\mu"))), Pow(s("s"), 3))))),
        assume=("s > 0",),
        positive=("s",),
    ),
    System(
        "divergence",
        (r"D = -\frac{1}{2} \left( 1 + \ell - \mu^2 - e^{\ell} \right)",),
        {r"\ell": (), r"\mu": ()},
        sets("D", lambda v: -(1 + v[r"\ell"] - v[r"\mu"] ** 2 - np.exp(v[r"\ell"])) / 2),
        ((d(s("D"), s(r"\mu")), s(r"\mu")),
         (d(s("D"), s(r"\ell")), mul(number("1/2"), minus(Fn("exp", s(r"\ell")), ONE)))),
    ),
    System(
        "gate",
        (r"s_i = \frac{1}{1 + e^{-u_i}}", "h_i = u_i s_i v_i", r"L = \sum_i g_i h_i"),
        {"u": ("n",), "v": ("n",), "g": ("n",)},
        _swish_gate,
        ((d(L, r("v", "i")), mul(r("g", "i"), r("u", "i"), r("s", "i"))),
         (d(L, r("u", "i")), mul(r("g", "i"), r("v", "i"), r("s", "i"), Add((ONE, mul(r("u", "i"),
          minus(ONE, r("s", "i"))))))),
         (d(r("s", "i"), r("u", "i")), slope(mul(r("s", "i"), minus(ONE, r("s", "i")))))),
        dict.fromkeys(("u", "v", "g", "s", "h"), ("n",)),
    ),
    System(
        "cube",
        ("f = (a x + b)^3",),
        {"a": (), "x": (), "b": ()},
        sets("f", lambda v: (v["a"] * v["x"] + v["b"]) ** 3),
        ((d(f, s("x")), mul(number(3), s("a"), square(Add((mul(s("a"), s("x")), s("b")))))),
         (d(f, s("b")), mul(number(3), square(Add((mul(s("a"), s("x")), s("b"))))))),
    ),
)  # fmt: skip
