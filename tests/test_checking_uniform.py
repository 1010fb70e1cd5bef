"""What tells one neuron or one width from another: what holds at a few of them is not taken to hold at all.

Each row stands for a way in which a formula can be right where it is looked at, and wrong elsewhere, or the reverse.
"""

import pytest

from verify.checking.check import answer
from verify.checking.question import Question
from verify.checking.uniform import Reach, alike, reach, widthless
from verify.latex import read

NLL = {"activations": "softmax", "loss": "nll"}
CLASSES = {"activations": "softmax", "loss": "cross-entropy"}
W = r"\frac{\partial C}{\partial w^2_{jk}}="
B = r"\frac{\partial C}{\partial b^2_j}="

WRONG = (
    ({"layers": [7, 7, 1]}, W + r"\delta^2_j a^1_k \mathbb{1}[j+3 \ne k]"),
    ({"layers": [5, 5, 1]}, W + r"\delta^2_j a^1_k \mathbb{1}[jk \ne 8]"),
    ({"layers": [6, 8, 1]}, W + r"\delta^2_j a^1_k \mathbb{1}[2j \ne 10]"),
    ({"layers": [6, 6, 1]}, W + r"\delta^2_j a^1_k \mathbb{1}[j \ne n_1-2]"),
    ({"layers": [7, 14, 1]}, B + r"\delta^2_j\mathbb{1}[j \ne 4+3]"),
    ({"layers": [2, 30, 1]}, B + r"\delta^2_j + (j-1)(j-2)(j-3)(j-4)x_1"),
    ({"layers": [7, 8, 1]}, B + r"\begin{cases}0 & j = 3+3\\ \delta^2_j & \text{otherwise}\end{cases}"),
    ({"layers": [784, 30, 10], "notation": "bishop"}, r"\sum_{k=1}^{n_0-3} x_k = 0"),
    ({"layers": [784, 30, 10], "notation": "bishop"}, r"\max(n_0,3)=3"),
    ({"layers": [784, 30, 10], "notation": "bishop"}, r"(n_0-2)(n_0-3)x_1=0"),
    ({"layers": [784, 30, 10]}, W + r"\begin{cases}\delta^2_jx_k & k \le n_3\\ 0 & \text{otherwise}\end{cases}"),
    ({"layers": [20, 30, 3]}, r"\sum_{k=1}^{n_1}k = 3n_1-3"),
    ({"layers": [20, 30, 3]}, r"\sum_{k=1}^{n_1} x_k/n_1 = \frac{5-n_1}{6}\sum_k x_k"),
    ({"layers": [64, 30, 20]}, r"\sum_{k\le5+4}x_k=\sum_kx_k"),
    ({"layers": [64, 30, 20]}, r"\sum_kx_k\mathbb{1}[k<4\cdot4]=\sum_kx_k"),
    ({"layers": [64, 30, 20]}, r"\prod_{k=2+2}^{n_1}x_k=1"),
    ({"layers": [20, 30, 20]}, r"C=\frac12\sum_j(a^3_j-y_j)^2+\sum_{j=5+5}^{n_3-7}x_1"),
    ({"layers": [784, 30, 10]}, B + r"\delta^2_j + \mathbb{1}[j=3+3]"),
    ({"layers": [784, 30, 10]}, W + r"\delta^2_k x_j"),
    ({"layers": [784, 30, 10]}, r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)"),
    ({"layers": ["n", "m", 1]}, r"\frac{\partial C}{\partial w^2_{1,12}} = \delta^2_1 x_{11}"),
    ({"layers": ["n", "m", "k"]}, B + r"\delta^2_j\mathbb{1}[j<100]"),
    ({"layers": ["n", "m", "k"]}, B + r"\delta^2_j+\mathbb{1}[j=100]"),
    ({"layers": ["n", "m", "k"]}, B + r"\delta^2_j\mathbb{1}[j<15]"),
    ({"layers": ["n", "m", 3]}, W + r"\delta^2_jx_k\mathbb{1}[k \ne j+2+2]"),
    ({"layers": ["n_0", 3, 1], "notation": "bishop"}, r"(n_0-2)(n_0-3)x_1=0"),
    ({"given": [r"E = \sum_i x_i^2"]}, r"\frac{\partial E}{\partial x_i} = 2x_i+\delta_{i,19}"),
    ({"given": [r"E = \sum_{i=1}^n x_i^2"]}, r"\frac{\partial E}{\partial x_i} = 2x_i+\mathbb{1}[i=3+6]"),
    ({"given": [r"E = \sum_{i=1}^n x_i"]}, r"\sum_{i=1}^{n-5}x_i=0"),
    ({"given": [r"E = \frac1n\sum_{i=1}^n x_i"]}, r"\frac{\partial E}{\partial x_i} = \frac1{\min(n,6)}"),
    ({"given": [r"E = \frac1n\sum_{i=1}^n x_i"]}, r"\frac{\partial E}{\partial x_i} = \frac1n\max(1,n-8)"),
    ({"given": [r"E = \frac1n\sum_{i=1}^n x_i"]}, r"(n-2)(n-3)(n-4)(n-5)x_1=0"),
    ({"layers": [2, 9], **NLL}, r"\frac{\partial C}{\partial z^2_i}=(a^2_i-\mathbb{1}[i=y])(1-\mathbb{1}[y=4+2])"),
    ({"layers": [2, 11], **NLL}, r"\frac{\partial C}{\partial z^2_i}=a^2_i-\mathbb{1}[i=y]+\mathbb{1}[y=n-2]"),
    ({"layers": [3, 2, 1]}, r"\sigma(u)=\sigma(v)"),
    ({"layers": [784, 30, 10], "notation": "bishop"}, r"E=\sum_k(y_k-t_k)^2"),
    ({"layers": [20, 30, 20]}, r"\delta^2_j = \sum_k w^3_{jk}\delta^3_k \sigma^{\prime}(z^2_j)"),
    ({"layers": [64, 30, 10]}, r"z^2_j=\sum_{k=1}^{63}w^2_{jk}x_k+b^2_j"),
    ({"layers": [784, 30, 10]}, r"\delta^2_j=\sum_{k=1}^{30}w^3_{kj}\delta^3_k\sigma^\prime(z^2_j)"),
    ({"layers": [3, 2, 1], "activations": "relu"}, r"\sigma(u)=u"),
    ({"layers": [3, 2, 1], "activations": "relu"}, r"\sigma'(u)=1"),
    ({"layers": [3, 2, 1], "activations": "tanh"}, r"\sigma(u)=\sqrt{\sigma(u)^2}"),
)  # fmt: skip
RIGHT = (
    ({"layers": [64, 30, 10]}, r"z^2_j=\sum_{k=1}^{8\cdot8}w^2_{jk}x_k+b^2_j"),
    ({"layers": [64, 30, 10]}, r"\frac1{8\cdot8}\sum_k x_k=\frac1{n_1}\sum_k x_k"),
    ({"layers": [784, 30, 10], "notation": "bishop"}, r"\sum_{k=1}^5 w^{(1)}_{1k}x_k=\sum_{i=1}^5 w^{(1)}_{1i}x_i"),
    ({"layers": [784, 30, 10], "notation": "bishop"}, r"\sum_k(x_k+1)=\sum_kx_k+784.0"),
    ({"layers": [784, 30, 10], "notation": "bishop"}, r"\sum_k(x_k+1)=\sum_kx_k+2^4\cdot7^2"),
    ({"layers": [784, 30, 10]}, r"\sum_kx_k=\sum_{k=1}^{n_2}x_k+\sum_{k=n_2+1}^{n_1}x_k"),
    ({"layers": [784, 30, 10]}, r"\sum_kx_k=\sum_{k=1}^{n_3}x_k+\sum_{k=n_3+1}^{n_1}x_k"),
    ({"layers": [20, 30, 3]}, r"\delta^2_j=\delta^2_j+x_1\mathbb{1}[n_1>n_2]"),
    ({"layers": [20, 3, 1]}, r"\frac1{n_1}\sum_k x_k=0.05\sum_k x_k"),
    ({"layers": [20, 3, 1]}, r"x_{9+9}=x_{2\cdot9}"),
    ({"layers": [20, 30, 20]}, B + r"\delta^2_j"),
    ({"layers": [784, 30, 10]}, W + r"\delta^2_j x_k"),
    ({"layers": [784, 30, 10]}, r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)"),
    ({"layers": ["n", "m", 1]}, r"2w^2_{34}=w^2_{34}+w^2_{34}"),
    ({"layers": ["n", "m", 1]}, r"\sum_{k=1}^{5} x_k = x_1+\sum_{k=2}^{5} x_k"),
    ({"layers": ["n", "m", 1]}, r"\frac{\partial C}{\partial w^2_{1,20}} = \delta^2_1 x_{20}"),
    ({"layers": ["n", "m", 1]}, r"\frac{\partial C}{\partial w^2_{1,12}} = \delta^2_1 x_{12}"),
    ({"given": [r"E = \sum_i x_i^2"]}, r"\frac{\partial E}{\partial x_3} = 2 x_3"),
    ({"given": [r"E = \sum_i x_i^2"]}, r"x_3 = x_3"),
    ({"given": [r"E = \sum_i x_i^2"]}, r"\frac{\partial E}{\partial x_{12}} = 2 x_{12}"),
    ({"given": [r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}"]}, r"\frac{\partial p_1}{\partial z_3} = -p_1 p_3"),
    ({"given": [r"E=\sum_{ij}W_{ij}^2"]}, r"\frac{\partial E}{\partial W_{23}} = 2W_{23}"),
    ({"given": [r"y_i = x_i^2"]}, r"\frac{\partial y_3}{\partial x_3} = 2x_3"),
    ({"given": [r"E = \frac1n\sum_{i=1}^n x_i"]}, r"\frac{\partial E}{\partial x_i} = \frac1n"),
    ({"given": [r"v = \frac1{n-1}\sum_{i=1}^n x_i^2"]}, r"\frac{\partial v}{\partial x_i} = \frac{2}{n-1}x_i"),
    ({"layers": [2, 11], **NLL}, r"\frac{\partial C}{\partial z^2_i}=a^2_i-\mathbb{1}[i=y]"),
    ({"layers": [20, 20], **CLASSES}, r"\sum_j(1-a^2_j)=5\cdot4-1"),
    ({"layers": [784, 30, 10], "assume": [r"x_{20}=0"]}, B + r"\delta^2_j"),
    ({"layers": [784, 30, 10]}, r"z^2_j=\sum_{k=1}^{784}w^2_{jk}x_k+b^2_j"),
    ({"layers": [784, 30, 10]}, W + r"\delta^2_j x_k, \quad k \in \{1,\dots,784\}"),
    ({"layers": [784, 30, 10]}, r"\delta^2_j=\sum_{k=1}^{10}w^3_{kj}\delta^3_k\sigma^\prime(z^2_j)"),
    ({"layers": [784, 30, 10], "loss": "mse"}, r"C=\frac{1}{10}\sum_{j=1}^{10}(y_j-a^3_j)^2"),
    ({"layers": [784, 30, 10]}, r"\frac{\partial C}{\partial w^2_{5,20}}=\delta^2_5x_{20}"),
)  # fmt: skip


@pytest.mark.parametrize(("about", "formula"), WRONG)
def test_what_is_wrong_somewhere_is_not_called_correct(about, formula):
    found = answer(Question.of({"notation": "nielsen", **about, "formula": formula}))
    roomless = "100" in formula  # a neuron 100 has no room where widths are letters
    assert found.verdict == ("undecided" if roomless else "incorrect"), found.message


@pytest.mark.parametrize(("about", "formula"), RIGHT)
def test_what_is_right_is_called_so(about, formula):
    found = answer(Question.of({"notation": "nielsen", **about, "formula": formula}))
    assert found.verdict == "correct", found.message


def test_a_mend_is_right_at_the_widths_that_were_asked_about():
    about = {"layers": [64, 30, 10], "notation": "nielsen"}
    formula = r"\sum_kx_k=\sum_{k=1}^{n_3}x_k+\sum_{k=n_3+2}^{n_1}x_k"
    found = answer(Question.of({**about, "formula": formula}))
    assert found.verdict == "incorrect"
    for one in found.diagnosis:
        if one.fix is not None:
            assert answer(Question.of({**about, "formula": one.fix})).verdict == "correct"


def test_numbers_of_narrower_layers_are_said_to_be_such():
    wrong = answer(Question.of({"layers": [784, 30, 10], "formula": r"E=\sum_k(y_k-t_k)^2", "notation": "bishop"}))
    assert wrong.counterexample is not None
    assert wrong.counterexample.entry == "narrower layers of the same network"
    clash = answer(Question.of({"layers": [784, 30, 10], "formula": W + r"\delta^2_kx_j"}))
    assert not any(size in clash.message for size in ("2", "3"))


def sides(text):
    return read(text).statements[0].sides


@pytest.mark.parametrize(
    ("formula", "names_only", "no_width"),
    [
        (r"w_{jk} = \sum_k x_k", True, True),
        (r"w_{12} = x_1", True, True),
        (r"a = \mathbb{1}[j = k] x_k", True, False),
        (r"a = \mathbb{1}[j < k] x_k", False, False),
        (r"a = x_{j+1}", False, False),
        (r"a = j x_j", False, False),
        (r"a = \frac{1}{n} x_j", True, False),
        (r"a = \sum_{k=2}^{n} x_k", False, False),
        (r"a = \sum_{k \ne j} x_k", True, True),
        (r"a = 4 \cdot 5 x_j", True, False),
        (r"a^{l+1}_j = (a^l_j)^2", True, True),
    ],
)
def test_which_formulas_speak_of_names_alone(formula, names_only, no_width):
    assert alike(*sides(formula)) == names_only
    assert widthless(*sides(formula)) == no_width


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        (r"w_{23} = x_1", 3, 23),
        (r"w_{2,13} = x_1", 13, 13),
        (r"a = \sum_{k=1}^{5} x_k", 5, 5),
        (r"a = \mathbb{1}[j = 3 \cdot 4]", 12, 12),
        (r"w_{jk} = x_k", 2, 2),
    ],
)
def test_how_large_layers_must_be(formula, low, high):
    assert reach(sides(formula)) == Reach(low, high)
