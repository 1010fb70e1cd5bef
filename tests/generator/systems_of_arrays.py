"""Systems of definitions with matrices: least squares, attention, layers over a batch, traces and norms."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.generator.expressions import (
    ONE,
    TWO,
    Add,
    Div,
    Fn,
    Norm,
    Size,
    Tr,
    minus,
    mul,
    number,
)
from tests.generator.rules import square
from tests.generator.short import d, over, r, s, sets, slope
from tests.generator.systems import System

L, E, f = s("L"), s("E"), s("f")


def _least_squares(v: Any) -> None:
    v["f"] = ((v["X"] @ v["w"] - v["y"]) ** 2).sum()


def _ridge(v: Any) -> None:
    v["f"] = ((v["X"] @ v["w"] - v["y"]) ** 2).sum() / 2 + v[r"\lambda"] / 2 * (v["w"] ** 2).sum()


def _attention(v: Any) -> None:
    v["S"] = v["Q"] @ v["K"].T / np.sqrt(v["Q"].shape[1])
    powers = np.exp(v["S"])
    v["P"] = powers / powers.sum(axis=1, keepdims=True)
    v["O"] = v["P"] @ v["V"]
    v["L"] = (v["G"] * v["O"]).sum()


def _linear_layer(v: Any) -> None:
    v["Y"] = v["X"] @ v["W"] + v["b"]
    v["L"] = (v["G"] * v["Y"]).sum()


def _opaque_layer(v: Any) -> None:
    v["Y"] = v["X"] @ v["W"]
    v["L"] = np.sin(1.3 * v["Y"]).sum() + (v["Y"].sum()) ** 2 / 7


def _factors(v: Any) -> None:
    v["M"] = v["U"] @ v["V"].T
    v["E"] = ((v["R"] - v["M"]) ** 2).sum() / 2


def _vector_chain(v: Any) -> None:
    v["z"] = v["W"] @ v["x"] + v["b"]
    v["h"] = np.tanh(v["z"])
    v["L"] = ((v["h"] - v["y"]) ** 2).sum() / 2


X, W, G, A = r("X"), r("W"), r("G"), r("A")
SQRT_D = Fn("sqrt", Size("d"))
RESIDUAL = minus(mul(X, r("w")), r("y"))

ARRAYS = (
    System(
        "least-squares",
        (r"f = \| Xw - y \|_2^2",),
        {"X": ("n", "d"), "w": ("d",), "y": ("n",)},
        _least_squares,
        ((d(f, r("w")), mul(TWO, Tr(X), RESIDUAL)), (d(f, r("y")), mul(TWO, minus(r("y"), mul(X, r("w"))))),
         (d(f, X), mul(TWO, RESIDUAL, Tr(r("w"))))),
        {"X": ("n", "d"), "w": ("d",), "y": ("n",)},
    ),
    System(
        "ridge",
        (r"f = \frac{1}{2} \| Xw - y \|^2 + \frac{\lambda}{2} w^T w",),
        {"X": ("n", "d"), "w": ("d",), "y": ("n",), r"\lambda": ()},
        _ridge,
        ((d(f, r("w")), Add((mul(Tr(X), RESIDUAL), mul(s(r"\lambda"), r("w"))))),
         (d(f, s(r"\lambda")), mul(number("1/2"), Tr(r("w")), r("w")))),
        {"X": ("n", "d"), "w": ("d",), "y": ("n",)},
    ),
    System(
        "attention",
        (r"S = \frac{Q K^T}{\sqrt{d}}", r"P_{ij} = \frac{e^{S_{ij}}}{\sum_k e^{S_{ik}}}", "O = P V",
         r"L = \sum_{i,j} G_{ij} O_{ij}"),
        {"Q": ("n", "d"), "K": ("m", "d"), "V": ("m", "v"), "G": ("n", "v")},
        _attention,
        (
            (d(L, r("V")), mul(Tr(r("P")), G)),
            (d(L, r("P")), mul(G, Tr(r("V")))),
            (d(L, r("Q")), mul(Div(ONE, SQRT_D), d(L, r("S")), r("K"))),
            (d(L, r("K")), Div(mul(Tr(d(L, r("S"))), r("Q")), SQRT_D)),
            (d(L, r("S", "i", "j")), mul(r("P", "i", "j"), minus(d(L, r("P", "i", "j")), over("k", "m",
             mul(r("P", "i", "k"), d(L, r("P", "i", "k"))), False)))),
            (d(L, r("O")), G),
        ),
        {"Q": ("n", "d"), "K": ("m", "d"), "V": ("m", "v"), "S": ("n", "m"), "P": ("n", "m"), "O": ("n", "v"),
         "G": ("n", "v")},
    ),
    System(
        "linear-layer",
        (r"Y_{ij} = \sum_k X_{ik} W_{kj} + b_j", r"L = \sum_{i,j} G_{ij} Y_{ij}"),
        {"X": ("N", "D"), "W": ("D", "M"), "b": ("M",), "G": ("N", "M")},
        _linear_layer,
        (
            (d(L, W), mul(Tr(X), G)),
            (d(L, X), mul(G, Tr(W))),
            (d(L, r("b", "j")), over("i", "N", r("G", "i", "j"))),
            (d(L, r("W", "k", "j")), over("i", "N", mul(r("X", "i", "k"), r("G", "i", "j")), False)),
            (d(L, r("X", "i", "k")), over("j", "M", mul(r("G", "i", "j"), r("W", "k", "j")), False)),
        ),
        {"X": ("N", "D"), "W": ("D", "M"), "b": ("M",), "Y": ("N", "M"), "G": ("N", "M")},
    ),
    System(
        "opaque-loss",
        ("Y = X W", "L = L(Y)"),
        {"X": ("N", "D"), "W": ("D", "M")},
        _opaque_layer,
        ((d(L, W), mul(Tr(X), d(L, r("Y")))), (d(L, X), mul(d(L, r("Y")), Tr(W))),
         (d(L, r("W", "k", "j")), over("i", "N", mul(r("X", "i", "k"), d(L, r("Y", "i", "j"))), False))),
        {"X": ("N", "D"), "W": ("D", "M"), "Y": ("N", "M")},
    ),
    System(
        "quadratic-form",
        ("f = x^T A x",),
        {"A": ("n", "n"), "x": ("n",)},
        sets("f", lambda v: v["x"] @ v["A"] @ v["x"]),
        ((d(f, r("x")), mul(Add((A, Tr(A))), r("x"))), (d(f, A), mul(r("x"), Tr(r("x")))),
         (d(f, r("x")), Add((mul(A, r("x")), mul(Tr(A), r("x")))))),
        {"A": ("n", "n"), "x": ("n",)},
    ),
    System(
        "trace",
        (r"f = \operatorname{tr}(A^T X)",),
        {"A": ("n", "m"), "X": ("n", "m")},
        sets("f", lambda v: np.trace(v["A"].T @ v["X"])),
        ((d(f, X), A), (d(f, A), X)),
        {"A": ("n", "m"), "X": ("n", "m")},
    ),
    System(
        "trace-of-three",
        (r"f = \operatorname{tr}(A X B)",),
        {"A": ("n", "m"), "X": ("m", "p"), "B": ("p", "n")},
        sets("f", lambda v: np.trace(v["A"] @ v["X"] @ v["B"])),
        ((d(f, X), mul(Tr(A), Tr(r("B")))), (d(f, A), mul(Tr(r("B")), Tr(X))), (d(f, r("B")), mul(Tr(X), Tr(A)))),
        {"A": ("n", "m"), "X": ("m", "p"), "B": ("p", "n")},
    ),
    System(
        "norm-squared",
        (r"f = \frac12 \|x - c\|^2",),
        {"x": ("n",), "c": ("n",)},
        sets("f", lambda v: ((v["x"] - v["c"]) ** 2).sum() / 2),
        ((d(f, r("x")), minus(r("x"), r("c"))), (d(f, r("c")), minus(r("c"), r("x"))),
         (d(f, r("x", "i")), minus(r("x", "i"), r("c", "i")))),
        {"x": ("n",), "c": ("n",)},
    ),
    System(
        "norm",
        (r"f = \| x \|",),
        {"x": ("n",)},
        sets("f", lambda v: np.sqrt((v["x"] ** 2).sum())),
        ((d(f, r("x")), Div(r("x"), Norm(r("x")))), (d(f, r("x", "i")), Div(r("x", "i"), f))),
        {"x": ("n",)},
    ),
    System(
        "frobenius",
        (r"f = \| A X - B \|_F^2",),
        {"A": ("n", "m"), "X": ("m", "p"), "B": ("n", "p")},
        sets("f", lambda v: ((v["A"] @ v["X"] - v["B"]) ** 2).sum()),
        ((d(f, X), mul(TWO, Tr(A), minus(mul(A, X), r("B")))), (d(f, A), mul(TWO, minus(mul(A, X), r("B")), Tr(X))),
         (d(f, r("B")), mul(TWO, minus(r("B"), mul(A, X))))),
        {"A": ("n", "m"), "X": ("m", "p"), "B": ("n", "p")},
    ),
    System(
        "factorisation",
        ("M = U V^T", r"E = \frac{1}{2} \sum_{i,j} (R_{ij} - M_{ij})^2"),
        {"U": ("n", "k"), "V": ("m", "k"), "R": ("n", "m")},
        _factors,
        ((d(E, r("U")), mul(minus(r("M"), r("R")), r("V"))), (d(E, r("V")), mul(Tr(minus(r("M"), r("R"))), r("U"))),
         (d(E, r("M")), minus(r("M"), r("R")))),
        {"U": ("n", "k"), "V": ("m", "k"), "R": ("n", "m"), "M": ("n", "m")},
    ),
    System(
        "vector-chain",
        ("z = W x + b", r"h = \tanh(z)", r"L = \frac{1}{2} \| h - y \|^2"),
        {"W": ("m", "n"), "x": ("n",), "b": ("m",), "y": ("m",)},
        _vector_chain,
        (
            (d(L, r("h")), minus(r("h"), r("y"))),
            (d(L, W), mul(d(L, r("z")), Tr(r("x")))),
            (d(L, r("x")), mul(Tr(W), d(L, r("z")))),
            (d(L, r("z", "i")), mul(minus(r("h", "i"), r("y", "i")), slope(minus(ONE, square(r("h", "i")))))),
            (d(L, r("W", "i", "j")), mul(minus(r("h", "i"), r("y", "i")), slope(minus(ONE, square(r("h", "i")))),
             r("x", "j"))),
        ),
        {"W": ("m", "n"), "x": ("n",), "b": ("m",), "y": ("m",), "z": ("m",), "h": ("m",)},
    ),
)  # fmt: skip
