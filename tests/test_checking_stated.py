"""Networks whose layers differ, activations under their printed names, arrays told by definitions alone, bars."""

import pytest

from derive.tables.activations import ACTIVATIONS
from verify.checking.check import answer
from verify.checking.question import BadQuestion, Question
from verify.meaning.functions import KNOWN

ONLY = {"bias_only": True}
UNEVEN = {"layers": [2, 3, 2], "bias": [True, False], "notation": "nielsen"}
SHIFT = {"layers": [784, ONLY, 10], "notation": "nielsen"}
BISHOP = {"layers": [2, 3, ONLY], "notation": "bishop"}
AFFINE = {"given": ["z = W x + b", r"a = \frac{1}{1 + e^{-z}}"]}
SHAPED = AFFINE | {"shapes": {"W": ["m", "n"], "x": ["n"], "b": ["m"]}}
STATED = AFFINE | {"shapes": {"W": [3, 2], "x": [2], "b": [3]}}
SOFT = {"layers": [2, 3], "activations": "softmax", "loss": "cross-entropy", "notation": "nielsen"}
HUBER = {"layers": [2, 3, 2], "activations": ["tanh", "linear"], "loss": "huber", "notation": "nielsen"}
SLOPED = {"layers": [2, 3, 2], "activations": ["leaky-relu", "sigmoid"], "notation": "nielsen"}
CURVED = {
    "given": [r"\operatorname{ELU}(u) = \begin{cases} u & \text{if } u > 0 \\ \alpha (e^{u} - 1) & \text{otherwise} "
              r"\end{cases}", r"a = \operatorname{ELU}(z)"],
    "shapes": {"z": ["n"]},
}  # fmt: skip
HALF_AND_TWO = [{"name": "elu", "alpha": 0.5}, {"name": "elu", "alpha": 2}]
DIFFERING = {"layers": [2, 3, 2], "activations": HALF_AND_TWO, "notation": "nielsen"}
LOGISTIC = {"layers": [2, 2], "activations": "logistic", "notation": "nielsen"}

ROWS = [
    (r"z^3 = w^3 a^2", UNEVEN, "correct"),
    (r"z^2 = w^2 x", UNEVEN, "incorrect"),
    (r"\frac{\partial C}{\partial b^2} = \delta^2", UNEVEN, "correct"),
    (r"\frac{\partial C}{\partial b^3} = \delta^3", UNEVEN, "incorrect"),
    (r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", UNEVEN, "correct"),
    (r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)", UNEVEN, "incorrect"),
    (r"\frac{\partial C}{\partial w^3_{jk}} = \sum_i \frac{\partial C}{\partial z^3_i} \frac{\partial z^3_i}"
     r"{\partial w^3_{jk}}", UNEVEN, "correct"),
    (r"z^2 = a^1 + b^2", SHIFT, "correct"),
    (r"z^2 = w^2 a^1 + b^2", SHIFT, "incorrect"),
    (r"\frac{\partial C}{\partial a^1_j} = \delta^2_j", SHIFT, "correct"),
    (r"\frac{\partial C}{\partial a^1_j} = \delta^2_j a^1_j", SHIFT, "incorrect"),
    (r"a^{(2)}_j = z^{(1)}_j + w^{(2)}_{j0}", BISHOP, "correct"),
    (r"a^{(2)}_j = w^{(2)}_{j1} z^{(1)}_1 + w^{(2)}_{j0}", BISHOP, "incorrect"),
    # every index beyond those that the definitions mention brings letters of its own
    (r"a_j = \frac{1}{1 + e^{-z_j}}", SHAPED, "correct"),
    (r"a_4 = \frac{1}{1 + e^{-z_4}}", SHAPED, "correct"),
    (r"a_1 = \frac{1}{1 + e^{-z_2}}", SHAPED, "incorrect"),
    (r"\sum_j a_j = \mathbf{1}^T a", SHAPED, "correct"),
    (r"\sum_j a_j = 1", SHAPED, "incorrect"),
    (r"\frac{\partial a_j}{\partial W_{jk}} = a_j (1 - a_j) x_k", SHAPED, "correct"),
    (r"\frac{\partial a_j}{\partial W_{jk}} = a_j (1 - a_j) x_j", STATED, "incorrect"),
    (r"z_1 = W_{11} x_1 + W_{12} x_2 + b_1", STATED, "correct"),
    (r"z_1 = W_{11} x_1 + W_{21} x_2 + b_1", STATED, "incorrect"),
    (r"a_j = \frac{1}{1 + e^{-z_j}}", AFFINE, "correct"),
    (r"w^3_{11} = p", {"given": ["p = w^3_{11}"], "shapes": {"w^3": ["m", "n"]}}, "correct"),
    (r"p = w^3_{21}", {"given": ["p = w^3_{12}"], "shapes": {"w^3": ["m", "n"]}}, "incorrect"),
    (r"\operatorname{softmax}(z^2)_j = \frac{e^{z^2_j}}{\sum_k e^{z^2_k}}", SOFT, "correct"),
    (r"\operatorname{softmax}(z^2)_j = e^{z^2_j}", SOFT, "incorrect"),
    (r"C = \mathbf{1}^T \lvert a^3 - y \rvert", HUBER | {"loss": "l1"}, "correct"),
    (r"C = 2 \mathbf{1}^T \lvert a^3 - y \rvert", HUBER | {"loss": "l1"}, "incorrect"),
    (r"\delta^3 = \begin{cases} a^3 - y & \text{if } \lvert a^3 - y \rvert < 1 \\ \operatorname{sign}(a^3 - y) & "
     r"\text{otherwise} \end{cases}", HUBER, "correct"),
    (r"\delta^3 = \begin{cases} a^3 - y & \text{if } \lvert a^3 - y \rvert < 2 \\ \operatorname{sign}(a^3 - y) & "
     r"\text{otherwise} \end{cases}", HUBER, "incorrect"),
    (r"\delta^3 = \begin{cases} -y & \text{if } y \odot a^3 < 1 \\ 0 & \text{otherwise} \end{cases}",
     HUBER | {"loss": "hinge"}, "correct"),
    (r"\delta^3 = \begin{cases} y & \text{if } y \odot a^3 < 1 \\ 0 & \text{otherwise} \end{cases}",
     HUBER | {"loss": "hinge"}, "incorrect"),
    (r"a^2_j = \operatorname{LReLU}(z^2_j)", SLOPED, "correct"),
    (r"a^2_j = \operatorname{ELU}(z^2_j)", SLOPED, "incorrect"),
    (r"\operatorname{LReLU}'(u) = \begin{cases} 1 & \text{if } u > 0 \\ \alpha & \text{otherwise} \end{cases}",
     SLOPED, "correct"),
    (r"\operatorname{LReLU}'(u) = \begin{cases} \alpha & \text{if } u > 0 \\ 1 & \text{otherwise} \end{cases}",
     SLOPED, "incorrect"),
    (r"a^2_j = \frac{L}{1 + e^{-k (z^2_j - z_0)}} = \operatorname{logistic}(z^2_j)", LOGISTIC, "correct"),
    (r"a^2_j = \frac{1}{1 + e^{-z^2_j}}", LOGISTIC, "incorrect"),
    (r"\delta^N_j = (a^N_j - y_j) \sigma'(z^N_j)", LOGISTIC, "correct"),
    (r"a^2_j = \operatorname{ELU}_{\tfrac{1}{2}}(z^2_j)", DIFFERING, "correct"),
    (r"\operatorname{ELU}'_{2}(u) = \begin{cases} 1 & \text{if } u > 0 \\ 2 + \operatorname{ELU}_{2}(u) & "
     r"\text{otherwise} \end{cases}", DIFFERING, "correct"),
    (r"a^2_j = \operatorname{ELU}_{2}(z^2_j)", DIFFERING, "incorrect"),
    (r"a_2 = \operatorname{ELU}(z_2)", CURVED, "correct"),
    (r"\operatorname{ELU}'(u) = \begin{cases} 1 & \text{if } u > 0 \\ \alpha + \operatorname{ELU}(u) & "
     r"\text{otherwise} \end{cases}", CURVED, "correct"),
    (r"\operatorname{ELU}'(u) = \begin{cases} 1 & \text{if } u > 0 \\ \operatorname{ELU}(u) & \text{otherwise} "
     r"\end{cases}", CURVED, "incorrect"),
    (r"\operatorname{GELU}'(u) = \frac{1}{2} + \frac{1}{2} \operatorname{erf}\left(\frac{u}{\sqrt{2}}\right) + "
     r"\frac{u e^{-u^{2}/2}}{\sqrt{2 \pi}}", {"layers": [2, 2], "activations": "gelu", "notation": "ng"}, "correct"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "fields", "verdict"), ROWS)
def test_what_is_stated_is_read(formula, fields, verdict):
    found = answer(Question.of({"formula": formula, **fields}))
    assert found.verdict == verdict, found.message


@pytest.mark.parametrize("fields", [UNEVEN, SHIFT, BISHOP, SLOPED])
def test_a_question_is_the_same_after_a_round_trip(fields):
    asked = Question.of({"formula": "C = C", **fields})
    assert Question.of(asked.record()) == asked


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"bias": [True]}, "one for each of the 2 weight layers"),
        ({"bias": [True, 1]}, "true or false"),
        ({"layers": [ONLY, 2]}, "the first entry"),
        ({"layers": [2, {"bias_only": False}]}, "whole number or a letter"),
    ],
)
def test_a_layer_that_is_none_is_refused(fields, word):
    with pytest.raises(BadQuestion, match=word):
        Question.of({"formula": "C = C", **fields})


def test_every_activation_that_the_tables_print_is_known():
    words = {row.symbol.removeprefix(r"\operatorname{").rstrip("}").lower() for row in ACTIVATIONS.values()
             if row.symbol.startswith(r"\operatorname") and row.named}  # fmt: skip
    assert words - KNOWN.keys() == {"softmax"}


def test_a_bias_that_is_written_as_a_weight_is_not_refuted():
    formula = r"\frac{\partial E}{\partial{}^{0}w^{n+1}_{j}} = {}^{0}\psi_{j}"
    found = answer(Question.of({"layers": [2, ONLY, 1], "notation": "augmented", "formula": formula}))
    assert found.verdict == "undecided"
