r"""Claims about definitions as they are typed: shapes that are inferred, σ that nothing defines, unit vectors, mends.

Every row was once answered wrongly; its truth was found by hand.
"""

import pytest

from reports.checking import options
from reports.checking.cli import check
from reports.checking.terminal import shown
from verify.checking.check import answer
from verify.checking.question import BadQuestion, Question
from verify.meaning.functions import KNOWN
from verify.meaning.whole import WHOLE
from verify.programs.calls import _NAMES

SQUARES = {"given": [r"L = \frac12 \|W x - y\|^2"], "shapes": {"W": ["n", "m"]}, "infer": True}
NOTHING_STATED = {"given": [r"L = \frac12 \|W x - y\|^2"], "infer": True}
LOGISTIC = [r"p = \sigma(z)", r"L = -y \log p - (1-y) \log(1-p)"]
ENTROPY = {"given": LOGISTIC}
SIGMOID = {"given": [r"\sigma(u) = \frac{1}{1 + e^{-u}}", *LOGISTIC]}
ARRAYS = {"given": ["q = 1"], "shapes": {"A": ["m", "n"], "x": ["n"]}}
ERRORS = {"given": ["e = y - p", "L = e^2"]}
ERROR = {"given": ["e_i = y_i - p_i", r"L = \sum_i e_i^2"]}
LIST = {"given": ["v = (a, b, c)"]}
NORM = {"given": [r"y = \operatorname{LayerNorm}(x)", "L = L(y)"], "shapes": {"x": [3]}}
ROOT = {"given": [r"y = \operatorname{RMSNorm}(X, g)"], "shapes": {"X": [2, 3], "g": [3]}}
SUM = {"given": [r"s = \operatorname{lse}(x)"], "shapes": {"x": ["n"]}}
BLOCKS = {"given": [r"L=\lVert[A\ B]x\rVert^2"], "shapes": {"A": ["n", "m"], "B": ["n", "m"], "x": ["p"]}}
QUADRATIC = {"given": ["L = x^T A x"], "shapes": {"A": ["n", "n"], "x": ["n"]}}
PRODUCT = {"given": ["f = a b"], "infer": True}
CLASSES = {
    "given": ["z = W x + b", r"p = \operatorname{softmax}(z)", r"L = -\sum_i y_i \log p_i"],
    "assume": [r"\sum_i y_i = 1"],
    "infer": True,
}
NETWORK = {"layers": [2, 3, 1], "notation": "nielsen"}
UNEVEN = {"layers": [2, 3, 1], "notation": "ng", "bias": [True, False]}

VERDICTS = (
    (SQUARES, r"\frac{\partial L}{\partial W} = (W x - y) x^T", "correct"),
    (SQUARES, r"\frac{\partial L}{\partial W} = x (W x - y)^T", "incorrect"),
    (NOTHING_STATED, r"\frac{\partial L}{\partial W} = (W x - y) x^T", "correct"),
    (NOTHING_STATED, r"\frac{\partial L}{\partial x} = W^T (W x - y)", "correct"),
    (PRODUCT, r"\frac{\partial f}{\partial a} = b", "correct"),
    (PRODUCT, r"\frac{\partial f}{\partial a} = b^T", "undecided"),
    (ENTROPY, r"\frac{\partial L}{\partial z} = p - y", "undecided"),
    (ENTROPY, r"\frac{\partial L}{\partial z} = y - p", "incorrect"),
    (SIGMOID, r"\frac{\partial L}{\partial z} = p - y", "correct"),
    (ARRAYS, "x^Te_2 = x_2", "correct"),
    (ARRAYS, "x^Te_2 = x_1", "incorrect"),
    (ARRAYS, "A_{ij} = e_i^T A e_j", "correct"),
    (ARRAYS, "A_{ij} = e_j^T A e_i", "incorrect"),
    (ERRORS, r"\frac{\partial L}{\partial y} = 2 e", "correct"),
    (ERROR, r"\frac{\partial L}{\partial y_i} = 2 e_i", "correct"),
    (ERROR, r"\frac{\partial L}{\partial y_i} = -2 e_i", "incorrect"),
    (LIST, "v_2 = b", "correct"),
    (LIST, "v_2 = a", "incorrect"),
    (BLOCKS, r"\frac{\partial L}{\partial x} = 2 x", "undecided"),
    (NORM, r"y_1 + y_2 + y_3 = 0", "correct"),
    (NORM, r"y_1 = \frac{x_1 - m}{s}, \quad m = \frac{x_1 + x_2 + x_3}{3}, \quad "
           r"s = \sqrt{\frac{(x_1 - m)^2 + (x_2 - m)^2 + (x_3 - m)^2}{3} + \epsilon}", "correct"),
    (NORM, r"y_1 + y_2 = 0", "incorrect"),
    (ROOT, r"y_{12} = \frac{g_2 X_{12}}{\sqrt{\frac{X_{11}^2 + X_{12}^2 + X_{13}^2}{3} + \epsilon}}", "correct"),
    (ROOT, r"y_{12} = \frac{g_1 X_{12}}{\sqrt{\frac{X_{11}^2 + X_{12}^2 + X_{13}^2}{3} + \epsilon}}", "incorrect"),
    (SUM, r"\frac{\partial s}{\partial x} = \operatorname{softmax}(x)", "correct"),
    (CLASSES, r"\frac{\partial L}{\partial W} = (p - y) x^T", "correct"),
    (CLASSES, r"\frac{\partial L}{\partial W} = (y - p) x^T", "incorrect"),
    (NETWORK, r"x - x = \mathbf0", "correct"),
    (NETWORK, r"\lVert w^2 \rVert_F^2 = \sum_{jk} (w^2_{jk})^2", "correct"),
    (NETWORK, r"\lVert w^2 \rVert_F^2 = \sum_{jk} w^2_{jk}", "incorrect"),
    (UNEVEN, "db^{[1]} = dz^{[1]}", "correct"),
    (UNEVEN, "db^{[2]} = dz^{[2]}", "incorrect"),
)  # fmt: skip


def asked(about, formula):
    return answer(Question.of({**about, "formula": formula}))


@pytest.mark.parametrize(("about", "formula", "verdict"), VERDICTS)
def test_verdicts(about, formula, verdict):
    found = asked(about, formula)
    assert found.verdict == verdict, (found.message, found.diagnosis)


SAID = (
    (
        PRODUCT,
        r"\frac{\partial f}{\partial a} = (b - f)^T",
        "T above a number may be a transpose or a power; state the shapes of b, as in --shape b=n",
    ),
    (
        PRODUCT,
        r"\frac{\partial f}{\partial a} = b^T",
        "T above b may be a transpose or a power: nobody stated its shape",
    ),
    (ENTROPY, r"\frac{\partial L}{\partial z} = p - y", r"nothing says what $\sigma$ is; it holds if"),
    (BLOCKS, r"\frac{\partial L}{\partial x} = 2 x", "the definition of L does not fit"),
    ({"given": [r"y = \operatorname{Foo}(x)"]}, "y = x", "in the definition of y: the function foo is not known here"),
)


@pytest.mark.parametrize(("about", "formula", "said"), SAID)
def test_what_there_is_no_verdict_for_is_named(about, formula, said):
    found = asked(about, formula)
    assert found.verdict in ("undecided", "unreadable") and found.message.startswith(said)
    assert found.where is None, "the claim is not what is wrong"


def test_inferred_shapes_are_in_the_reading():
    assert asked(NOTHING_STATED, r"L = \frac12 \|W x - y\|^2").reading["shapes"] == {"W": "n×m", "x": "m", "y": "n"}
    assert "shapes" not in asked({**NOTHING_STATED, "infer": False}, "L = L").reading


MENDS = (
    (SQUARES, r"\frac{\partial L}{\partial W} = (Wx - y)^T x", r"\frac{\partial L}{\partial W} = (Wx - y) x^{T}"),
    (QUADRATIC, r"\frac{\partial L}{\partial x} = \left( A - A^T \right) x",
     r"\frac{\partial L}{\partial x} = \left( A + A^T \right) x"),
    (NETWORK, r"\delta^3 = \left( y - a^3 \right) \odot \sigma^{\prime}\left(z^3\right)",
     r"\delta^3 = \left( a^3 - y \right) \odot \sigma^{\prime}\left(z^3\right)"),
)  # fmt: skip


@pytest.mark.parametrize(("about", "formula", "mend"), MENDS)
def test_a_mend_keeps_what_was_typed(about, formula, mend):
    found = asked(about, formula)
    assert found.diagnosis[0].fix == mend
    assert asked(about, mend).verdict == "correct"


def test_an_entry_of_a_vector_has_one_number():
    found = asked(QUADRATIC, r"\frac{\partial L}{\partial x} = 2 A x")
    assert found.counterexample.entry == "entry 1"
    assert found.diagnosis[0].message.startswith("$A$ need not be symmetric, since nothing says so")
    matrix = asked({"given": ["B = A + A"], "shapes": {"A": ["m", "n"]}}, "B = A")
    assert matrix.counterexample.entry == "entry 1,1"


def test_a_product_below_a_slash_is_in_brackets():
    question = Question.of({**ENTROPY, "formula": r"y = \frac{1}{p(p - 1)}"})
    text = shown(question.formula, answer(question), options.Options(width=100))
    assert "1/(p(p − 1))" in text


def test_every_function_of_the_programs_is_known_to_the_checker():
    assert set(_NAMES.split(", ")) <= {*KNOWN, *WHOLE}


@pytest.mark.parametrize(
    ("arguments", "layers", "bias"),
    [
        (["--layers", "784,b,10", "a=b"], [784, {"bias_only": True}, 10], None),
        (["--layers", "2,3,1", "--bias", "separate,none", "a=b"], [2, 3, 1], [True, False]),
        (["--layers", "2,3,1", "--bias", "none", "a=b"], [2, 3, 1], False),
        (["--layers", "2,3,1", "--bias", "a=b"], [2, 3, 1], True),
        (["--layers", "2,3,1", "--no-bias", "a=b"], [2, 3, 1], False),
    ],
)
def test_layers_and_biases_are_typed_as_for_derive(arguments, layers, bias):
    context = check.make_context("check", list(arguments))
    found = options.read(context.params)
    assert context.params["formulas"] == ("a=b",)
    assert found.record["layers"] == layers
    assert found.record.get("bias") == bias
    question = found.question("a = a")
    assert Question.of(question.record()) == question


def test_what_is_inferred_is_asked_for_with_true_or_false():
    with pytest.raises(BadQuestion, match="`infer` must be true or false"):
        Question.of({"formula": "a = a", "infer": 1})
