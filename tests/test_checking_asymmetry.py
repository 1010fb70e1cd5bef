r"""Equality is symmetric, and indices are free wherever they stand: (A x)_i, e_i, \delta_{ij}, \sum_{i \ne j}."""

import pytest

from verify.checking.check import answer
from verify.checking.question import Question

FORM = {"given": [r"f = x^T A x"], "shapes": {"A": ["n", "n"], "x": ["n"]}}
SQUARES = {"given": [r"f = \sum_i x_i^2"]}
NET = {"layers": [2, 3, 2], "notation": "nielsen"}
RIGHT = (
    (FORM, r"(A x)_i", r"\sum_j A_{ij} x_j"),
    (FORM, r"[A x]_i", r"\sum_j A_{ij} x_j"),
    (FORM, r"(A^T)_{ij}", r"A_{ji}"),
    (FORM, r"(x x^T)_{ij}", r"x_i x_j"),
    (FORM, r"\left(\frac{\partial f}{\partial x}\right)_i", r"\sum_j (A_{ij}+A_{ji}) x_j"),
    (FORM, r"\frac{\partial (Ax)_i}{\partial x_j}", r"A_{ij}"),
    (FORM, r"\sum_k x_k \delta_{ki}", r"x_i"),
    (FORM, r"\delta_{ij} x_j", r"\delta_{ij} x_i"),
    (SQUARES, r"x_j^2", r"f - \sum_{i \ne j} x_i^2"),
    (NET, r"(w^3 a^2)_j", r"\sum_k w^3_{jk} a^2_k"),
    (NET, r"(w^3)_{jk}", r"w^3_{jk}"),
    (NET, r"e_j^T \delta^3", r"\delta^3_j"),
)
DOUBLED = {"given": [r"y_i = x_{2i}", r"f = \sum_i y_i + \sum_i x_i"]}
WRONG = (
    (FORM, r"(A x)_i", r"\sum_j A_{ji} x_j"),
    (FORM, r"(A^T)_{ij}", r"A_{ij}"),
    (SQUARES, r"x_j^2", r"f - \sum_{i \ne j} x_i"),
    (NET, r"e_j^T \delta^3", r"2 \delta^3_j"),
)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("about", "left", "right"), RIGHT)
def test_what_is_right_is_so_both_ways_round(about, left, right, turned):
    formula = f"{right} = {left}" if turned else f"{left} = {right}"
    found = answer(Question.of({**about, "formula": formula}))
    assert found.verdict == "correct", found.message


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("about", "left", "right"), WRONG)
def test_what_is_wrong_is_so_both_ways_round(about, left, right, turned):
    formula = f"{right} = {left}" if turned else f"{left} = {right}"
    assert answer(Question.of({**about, "formula": formula})).verdict == "incorrect"


@pytest.mark.parametrize(
    ("about", "formula", "verdict"),
    [
        (SQUARES, r"\sum_{i \ne j} x_i x_j = (\sum_i x_i)^2 - \sum_i x_i^2", "undecided"),
        ({"given": ["f(x)=x^2"]}, r"\frac{df}{dx}(2) = 4", "correct"),
        ({"given": ["f(x)=x^2"]}, r"\frac{df}{dx}(2) = 0", "incorrect"),
        ({"given": ["f(x)=x^2"]}, r"\frac{df}{dx}(y) = 2y", "correct"),
        (DOUBLED, r"\frac{\partial f}{\partial x_4} = 2", "correct"),
        (DOUBLED, r"\frac{\partial f}{\partial x_3} = 2", "incorrect"),
    ],
)  # fmt: skip
def test_what_a_sum_or_a_slope_is_of(about, formula, verdict):
    assert answer(Question.of({**about, "formula": formula})).verdict == verdict


@pytest.mark.parametrize("formula", [r"\delta^3 = a^3 - e_c", r"C = -\log a^3_c"])
def test_a_class_that_nobody_named_refutes_nothing(formula):
    about = {"layers": [2, 3, 3], "activations": ["tanh", "softmax"], "loss": "nll"}
    assert answer(Question.of({**about, "formula": formula})).verdict in ("undecided", "unreadable")
