"""Formulas with which the checker was attacked; each row says what it must not answer."""

import pytest

from verify.checking.check import answer
from verify.checking.question import Question

RELU = {"layers": [2, 3, 3], "activations": "relu", "notation": "nielsen"}
SMOOTH = {"layers": [2, 2, 2], "notation": "nielsen"}
VECTOR = {"x": ["n"]}

NOT_CORRECT = (
    ({"given": ["f(x)=x+1"]}, r"f^2(x)=f(x)"),
    ({"given": ["f(x)=x+1"]}, r"f^{-1}(x)=f(x)"),
    ({"given": ["f(x)=w x+b"]}, r"\frac{\partial f}{\partial w}=w"),
    ({"given": ["f(x)=x^3"]}, r"\frac{d^2f}{dx^2}(x)=3x^2"),
    ({"given": [r"f=\sum_{i=1}^n x_i"]}, r"f=\sum_{i=1}^m x_i"),
    ({"given": [r"f=\sum_i a_i b_i"], "shapes": {"a": ["n"], "b": ["m"]}}, "f=a^T b"),
    ({"given": ["y=x"]}, r"\log_2 x=\log_{10}x"),
    ({"given": ["y=x"]}, r"\mathbb{1}[x=x]=0"),
    ({"given": ["y=x"]}, r"x=\begin{cases}x&x>0\end{cases}"),
    ({"given": ["y=x"]}, r"x=e^{\log(x+100)}-100"),
    ({"given": ["f=x_3^2"], "shapes": {"x": [40]}}, r"\frac{\partial f}{\partial x}=0"),
    ({"given": ["y=x"]}, r"\sum_{i=1}^n i=2n"),
    ({"given": ["y=x"]}, r"\sum_{i=1}^n 1=3"),
    ({"given": ["y=x"], "shapes": VECTOR}, r"x_i\mathbb{1}[i=7]=0"),
    ({"given": ["y=x"], "shapes": VECTOR}, r"(n-2)(n-3)\sum_i x_i=0"),
    ({"given": ["s=x"]}, r"s=x,\quad s=7"),
    ({"given": ["f = x y"], "assume": [r"\frac{"]}, "f=xy"),
    ({"given": ["h=f(x)"]}, "h=f x"),
    (RELU, r"\sigma'(z^2_1)=\mathbb{1}[a^2_1\ge 0]"),
    (SMOOTH, r"\sigma^2(z^2_1)=\sigma(z^2_1)"),
    (SMOOTH, r"\frac{d^2\sigma}{dz^2}(z^2_1)=\sigma'(z^2_1)"),
    (SMOOTH, r"\frac{\partial C}{\partial w^3_{11}}=\delta^3_1a^2_1,\quad \delta^3_1=a^3_1-y_1"),
    (SMOOTH, r"w^2_{j1}=0\quad\text{for } j>5"),
    (SMOOTH | {"bias": False}, r"z^3=w^3a^2+b^3"),
    (SMOOTH | {"activations": ["sigmoid", "softmax"]}, r"\sigma(z^3_1+1)=1"),
    ({"layers": ["n", "m", 1], "notation": "nielsen"}, r"a^2_j\mathbb{1}[j=9]=0"),
    ({"layers": ["n_0", "n_1", "n_2", "n_3", "n_4"], "notation": "ng"}, r"x+a^{[4]}=a^{[4]}+x"),
    ({"layers": ["n_1", "n_2", 1], "notation": "nielsen"}, r"\sum_k w^2_{1k}x_k=z^2_1-b^2_1+(n_1-2)(n_1-4)"),
)  # fmt: skip

NOT_INCORRECT = (
    ({"given": ["f(x)=w x+b"]}, r"\frac{\partial f}{\partial w}=x"),
    ({"given": ["f(x)=x^2", "x=3t"]}, "f(2)=4"),
    ({"given": [r"f=x^2+y^2"], "assume": ["x^2+y^2=1"]}, "f=1"),
    ({"given": ["f=x y"], "assume": ["x y=6"]}, "f=6"),
    ({"given": [r"f=x^Tx"], "shapes": VECTOR, "assume": [r"x^Tx=1"]}, "f=1"),
    ({"given": ["h=x"]}, r"\sin^{-1}x=\arcsin x"),
    ({"given": ["h=x"]}, r"\tanh^{-1}(x)=\frac12\log\frac{1+x}{1-x}"),
    ({"given": [r"f=\log_{10}x"]}, r"\frac{df}{dx}=\frac{1}{x\ln 10}"),
    ({"given": ["f=a^T"]}, r"\frac{df}{dT}=a^T\log a"),
    ({"given": [r"m=\max_j x_j"], "shapes": VECTOR}, r"\frac{\partial m}{\partial x_i}=\mathbb{1}[x_i=m]"),
    ({"given": ["y=A"], "shapes": {"A": [6, 6]}}, r"\det A=\det A^T"),
    (RELU | {"assume": ["z^2_j>0"]}, r"\sigma'(z^2_j)=1"),
    (RELU, r"\sigma'(z^2_j)=1 \quad\text{if } z^2_j>0"),
    (SMOOTH | {"assume": [r"\sum_j y_j=1"]}, "y_1+y_2=1"),
    (SMOOTH, r"\delta^l_j=(a^l_j-y_j)\sigma'(z^l_j)\quad\text{for } l=L"),
    (SMOOTH | {"activations": "tanh"}, r"\sigma'(z^3_1)=1-\sigma^2(z^3_1)"),
    ({"layers": [2, 2], "activations": "leaky-relu", "assume": [r"0<\alpha<1"], "notation": "nielsen"},
     r"a^2_1=\max(z^2_1,\alpha z^2_1)"),
    ({"layers": [2, 3, 3], "loss": "l1", "assume": ["a^3_j>y_j"], "notation": "nielsen"},
     r"\frac{\partial C}{\partial a^3_j}=1"),
)  # fmt: skip


def verdict(fields, formula):
    return answer(Question.of({"formula": formula, **fields})).verdict


@pytest.mark.parametrize(("fields", "formula"), NOT_CORRECT, ids=[row[1] for row in NOT_CORRECT])
def test_what_is_false_is_never_called_correct(fields, formula):
    assert verdict(fields, formula) != "correct"


@pytest.mark.parametrize(("fields", "formula"), NOT_INCORRECT, ids=[row[1] for row in NOT_INCORRECT])
def test_what_is_true_is_never_called_incorrect(fields, formula):
    assert verdict(fields, formula) != "incorrect"


@pytest.mark.parametrize(
    "fields",
    [
        {"assume": ["x=W"], "shapes": {"x": [4], "W": [2, 3]}},
        {"assume": ["x_i=y_i"], "shapes": {"x": [4], "y": [5]}},
        {"assume": [r"\lVert x\rVert_7=1"], "shapes": {"x": [4]}},
        {"assume": [r"\frac10=x"]},
        {"assume": ["1=2", "x<x"]},
        {"shapes": {"x, y": [3]}},
    ],
)
def test_what_is_assumed_never_breaks_the_checker(fields):
    found = answer(Question.of({"formula": "z = x", "given": ["z = x"], **fields}))
    assert found.verdict in ("correct", "undecided", "unreadable")
