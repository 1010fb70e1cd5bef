"""The checker on small formulas whose verdict everybody can see, and on every small lie about them."""

import pytest

from verify.checking.check import answer
from verify.checking.choices import sizes
from verify.checking.givens import SIZES as GIVEN
from verify.checking.networked import SIZES as NETWORKED
from verify.checking.question import BadQuestion, Question
from verify.diagnosis.algebra import signs
from verify.diagnosis.edits import spots
from verify.latex import read, unread
from verify.latex import tree as t

NIELSEN = {"layers": [2, 3, 2], "notation": "nielsen"}
SQUARE = {"layers": [2, 2, 2], "notation": "nielsen"}
LETTERS = {"layers": ["m", "n", "p"], "notation": "nielsen"}

TRUE = (
    ("BP1", r"\delta^L = (a^L - y) \odot \sigma'(z^L)", LETTERS),
    ("BP2", r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)", LETTERS),
    ("BP2 by entries", r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)", LETTERS),
    ("BP3", r"\frac{\partial C}{\partial b^l_j} = \delta^l_j", NIELSEN),
    ("BP4", r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T", NIELSEN),
    ("the forward pass", r"z^2_j = \sum_k w^2_{jk} x_k + b^2_j", NIELSEN),
    ("an entry", r"\frac{\partial C}{\partial w^3_{12}} = (a^3_1 - y_1) a^3_1 (1 - a^3_1) a^2_2", NIELSEN),
    ("a Jacobian", r"\frac{\partial a^3}{\partial a^2} = \operatorname{diag}(\sigma'(z^3)) w^3", NIELSEN),
    ("a Jacobian of one row", r"\frac{\partial z^3}{\partial a^2} = w^3", {"layers": [2, 3, 1], "notation": "nielsen"}),
    ("a layer of g", r"\nabla_{\boldsymbol{W}^{(3)}} J = \boldsymbol{g}^{(3)} (\boldsymbol{h}^{(2)})^{\top}",
     {"layers": [5, 4, 4, 3], "notation": "goodfellow"}),
    ("the appended bias", r"\frac{\partial E}{\partial{}^{0}w^{n_{0}+1}_{j}} = {}^{0}\psi_{j}",
     {"layers": [2, 3, 2, 1], "notation": "augmented"}),
    ("weights and biases in one", r"\frac{\partial C}{\partial\begin{pmatrix} w^3 & b^3 \end{pmatrix}} = "
     r"\delta^3 \begin{pmatrix} a^2 \\ 1 \end{pmatrix}^{T}", {"layers": [2, 3, 2], "notation": "nielsen"}),
    ("without biases", r"\frac{\partial C}{\partial w^2_{11}} = \delta^2_1 x_1", NIELSEN | {"bias": False}),
    ("softmax", r"\delta^2_j = a^2_j - y_j", {"layers": [2, 3], "activations": "softmax", "loss": "cross-entropy"}),
    ("ReLU", r"\frac{\partial a^2_1}{\partial z^2_1} = \frac{1 + \operatorname{sgn} z^2_1}{2}",
     {"layers": [1, 1], "activations": "relu"}),
    ("tanh", r"\tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}", {"given": ["y = z"]}),
    ("ridge", r"\nabla_w f = 2 X^T (X w - y) + 2 \lambda w",
     {"given": [r"f = \|X w - y\|^2 + \lambda \|w\|^2"], "shapes": {"X": ["n", "d"], "w": ["d"], "y": ["n"]}}),
    ("softmax backward", r"\frac{\partial L}{\partial z_i} = p_i (g_i - \sum_k g_k p_k)",
     {"given": [r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", r"L = \sum_i g_i p_i"]}),
    ("log det", r"\frac{\partial f}{\partial X} = X^{-T}",
     {"given": [r"f = \log \det X"], "shapes": {"X": ["n", "n"]}, "assume": [r"\det X > 0"]}),
    ("a name for a derivative", r"\frac{\partial L}{\partial w} = \delta x",
     {"given": ["z = w x", "L = (z - t)^2", r"\delta = \frac{\partial L}{\partial z}"]}),
    ("beside", r"\delta^2 = v \odot \sigma'(z^2) \quad \text{where} \quad v = (w^3)^T \delta^3", NIELSEN),
)  # fmt: skip

FALSE = (
    ("target", r"\delta^L = (y - a^L) \odot \sigma'(z^L)", LETTERS, "target-sign"),
    ("transpose", r"\delta^2 = (w^3 \delta^3) \odot \sigma'(z^2)", NIELSEN, "transpose"),
    ("no slope", r"\delta^2 = (w^3)^T \delta^3", NIELSEN, "missing-derivative"),
    ("a dot is no transpose", r"\delta^2 = w^3 \cdot \delta^3 \odot \sigma'(z^2)", {"layers": [1, 1, 3]}, "transpose"),
    ("slope of a", r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(a^2)", NIELSEN, "derivative-argument"),
    ("layer", r"\frac{\partial C}{\partial w^3} = \delta^3 (a^3)^T", SQUARE, "layer"),
    ("index", r"\frac{\partial C}{\partial w^2_{jk}} = \delta^2_k x_j", NIELSEN, "index"),
    ("sum", r"\delta^2_j = w^3_{kj} \delta^3_k \sigma'(z^2_j)", NIELSEN, "missing-sum"),
    ("factor", r"\frac{\partial C}{\partial a^3_1} = 2 (a^3_1 - y_1)", NIELSEN, "factor"),
    ("path", r"\frac{\partial C}{\partial b^2_1} = \delta^3_1 w^3_{11} \sigma'(z^2_1)", NIELSEN, "missing-term"),
    ("product", r"\frac{\partial C}{\partial w^2} = \delta^2 \odot x", SQUARE, "product-kind"),
    ("order", r"\frac{\partial C}{\partial w^3} = (a^2)^T \delta^3", NIELSEN, "order"),
    ("assumption", r"f = 2 \log x", {"given": [r"f = \log(x^2)"]}, "assumption"),
)  # fmt: skip


def asked(formula, fields):
    return answer(Question.of({"formula": formula, **fields}))


@pytest.mark.parametrize(("formula", "fields"), [row[1:] for row in TRUE], ids=[row[0] for row in TRUE])
def test_what_is_true_is_proved(formula, fields):
    found = asked(formula, fields)
    assert (found.verdict, found.proof) == ("correct", "exact"), found.message


@pytest.mark.parametrize(("formula", "fields"), [row[1:] for row in TRUE], ids=[row[0] for row in TRUE])
def test_no_sign_can_be_flipped(formula, fields):
    comparison = read(formula).statements[0].body
    left, right = comparison.sides[:2]
    rest = formula[right.span[1] :] if "where" in formula else ""
    for edit in signs(right):
        told = asked(f"{unread(left)} = {unread(edit.tree)}{rest}", fields)
        assert told.verdict == "incorrect", unread(edit.tree)


@pytest.mark.parametrize(("formula", "fields"), [row[1:] for row in TRUE], ids=[row[0] for row in TRUE])
def test_a_factor_a_little_off_is_seen(formula, fields):
    comparison = read(formula).statements[0].body
    rest = formula[comparison.sides[1].span[1] :] if "where" in formula else ""
    off = rf"\frac{{1000001}}{{1000000}} ({unread(comparison.sides[1])})"
    assert asked(f"{unread(comparison.sides[0])} = {off}{rest}", fields).verdict == "incorrect"


@pytest.mark.parametrize(("formula", "fields", "kind"), [row[1:] for row in FALSE], ids=[row[0] for row in FALSE])
def test_what_is_wrong_is_named_and_mended(formula, fields, kind):
    found = asked(formula, fields)
    assert found.verdict == "incorrect"
    assert found.diagnosis[0].kind == kind, found.diagnosis
    if kind == "assumption":
        return
    fix = found.diagnosis[0].fix
    assert fix is not None
    assert asked(fix, fields).verdict == "correct"


def test_a_counter_example_is_small_and_says_both_sides():
    found = asked(r"\frac{\partial C}{\partial b^3_1} = 2\delta^3_1", NIELSEN)
    example = found.counterexample
    assert found.proof == "counterexample"
    assert example is not None
    assert abs(float(example.right) - 2 * float(example.left)) < 1e-8
    assert all(len(text) < 6 for text in example.values.values())


@pytest.mark.parametrize(
    ("formula", "layers", "verdicts"),
    [
        (r"\frac{\partial E}{\partial w^{(2)}_{12}} = \delta^{(2)}_1 x_2", [2, 3, 1], {"correct", "incorrect"}),
        (
            r"\frac{\partial E}{\partial w^{(3)}_{11}} = \delta^{(3)}_1 z^{(2)}_1",
            [2, 2, 2, 1],
            {"correct", "incorrect"},
        ),
    ],
)
def test_notations_that_disagree_leave_it_open(formula, layers, verdicts):
    found = asked(formula, {"layers": layers})
    assert found.verdict == "undecided"
    assert {one["verdict"] for one in found.reading["candidates"]} == verdicts


@pytest.mark.parametrize(
    ("formula", "place"),
    [
        (r"\frac{\partial C}{\partial q^3_{11}} = \delta^3_1", "q"),
        (r"\delta^3_1 \approx a^3_1", r"\approx"),
        (r"w \leftarrow w - \eta \delta", r"\leftarrow"),
        (r"\delta^3 \odot", ""),
    ],
)
def test_what_means_nothing_is_unreadable_and_says_where(formula, place):
    found = asked(formula, NIELSEN)
    assert found.verdict == "unreadable"
    start, end = found.where
    assert place in formula[start:end] if place else found.message


def test_the_first_error_of_a_chain_is_found():
    slope = r"(a^3_1 - y_1)\sigma'(z^3_1)"
    chain = rf"\delta^3_1 = \frac{{\partial C}}{{\partial a^3_1}}\sigma'(z^3_1) = {slope} = (a^3_1 - y_1)a^3_1(1+a^3_1)"
    found = asked(chain, NIELSEN)
    assert found.first_error == 3
    assert [step.verdict for step in found.steps] == ["correct", "correct", "incorrect"]
    assert asked(found.diagnosis[0].fix, NIELSEN).verdict == "correct"


@pytest.mark.parametrize("constant", ["1/3", "1/2", "2/5", "2/7", "1/4"])
def test_no_constant_stands_for_a_width(constant):
    wide = {"layers": ["m", "n", "p", "q", "r"], "loss": "mse", "notation": "goodfellow"}
    above, below = constant.split("/")
    formula = rf"\nabla_{{\hat{{y}}}} J = \frac{{{above}}}{{{below}}} (\hat{{y}} - y)"
    assert asked(formula, wide).verdict == "incorrect"
    assert asked(r"\nabla_{\hat{y}} J = \frac{2}{r} (\hat{y} - y)", wide).verdict == "correct"


def test_sizes_differ_within_a_setting_and_between_settings():
    for first in (NETWORKED, GIVEN):
        chosen = [sizes(first, number) for number in range(len(first))]
        assert all(len(set(one)) == len(one) for one in chosen)
        assert all(len(set(places)) == len(places) for places in zip(*chosen, strict=True))


def test_the_blocks_of_a_matrix_stand_where_they_stand():
    turned = r"\frac{\partial C}{\partial\begin{pmatrix} w^3 & b^3 \end{pmatrix}} = "
    turned += r"\delta^3 \begin{pmatrix} 1 \\ a^2 \end{pmatrix}^{T}"
    assert asked(turned, {"layers": [2, 3, 2], "notation": "nielsen"}).verdict == "incorrect"


WIDE = {"layers": [784, 100, 40, 10], "notation": "nielsen"}


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", "correct"),
        (r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)", "incorrect"),
        (r"\delta^4 = (y - a^4) \odot \sigma'(z^4)", "incorrect"),
        (r"\frac{\partial C}{\partial w^2} = \delta^2 (a^1)^T", "correct"),
        (r"\frac{\partial C}{\partial w^2_{1,784}} = \delta^2_1 x_{784}", "correct"),
        (r"\delta^2_j = \sum_{k=1}^{40} w^3_{kj} \delta^3_k \sigma'(z^2_j)", "correct"),
    ],
)
def test_wide_layers_cost_no_more_than_narrow_ones(formula, verdict):
    found = asked(formula, WIDE)
    assert found.verdict == verdict
    assert found.reading["widths"] == WIDE["layers"]
    assert "width" not in " ".join([found.message, *(f"{one.message} {one.fix}" for one in found.diagnosis)])


def test_the_number_of_outputs_stays_a_number_where_the_loss_divides_by_it():
    wide = {"layers": [300, 20], "loss": "mse", "notation": "nielsen"}
    assert asked(r"\frac{\partial C}{\partial a^2_j} = \frac{2}{20} (a^2_j - y_j)", wide).verdict == "correct"
    assert asked(r"\frac{\partial C}{\partial a^2_j} = 0.1 (a^2_j - y_j)", wide).verdict == "correct"
    assert asked(r"\frac{\partial C}{\partial a^2_j} = \frac{1}{2} (a^2_j - y_j)", wide).verdict == "incorrect"


def test_every_class_counts():
    wide = {"layers": [2, 2, 5], "activations": ["sigmoid", "softmax"], "loss": "nll"}
    assert asked(r"\frac{\partial C}{\partial w^3_{51}} = (a^3_5 - y_5) a^2_1", wide).verdict == "correct"
    assert asked(r"\frac{\partial C}{\partial w^3_{51}} = (a^3_5 + y_5) a^2_1", wide).verdict == "incorrect"


def test_spots_put_back_what_they_take():
    tree = read(r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)").statements[0].body
    places = list(spots(tree))
    assert len(places) > 20
    assert all(put(node) == tree for node, put in places)
    assert all(put(t.Letter("q")) != tree for node, put in places)


@pytest.mark.parametrize(
    ("record", "word"),
    [
        ({}, "formula"),
        ({"formula": 3}, "formula"),
        ({"formula": "a = b", "layers": [2]}, "layers"),
        ({"formula": "a = b", "layers": [2, 0]}, "between"),
        ({"formula": "a = b", "loss": "huge"}, "loss"),
        ({"formula": "a = b", "activations": ["sigmoid"]}, "activations"),
        ({"formula": "a = b", "notation": "mine"}, "notation"),
        ({"formula": "a" * 30_000}, "characters"),
        ([], "object"),
    ],
)
def test_a_bad_question_is_answered_with_a_sentence(record, word):
    with pytest.raises(BadQuestion, match=word):
        Question.of(record)
