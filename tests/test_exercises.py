"""Exercise sheets: gaps that the solutions fill, and quizzes whose labels the checker confirms."""

import json
import re
from decimal import Decimal
from functools import cache
from random import Random

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.emit.plain import plain
from derive.network import Network
from reports.chapter import chapter
from reports.chapter.story import Story
from reports.document import NOTHING, Document, Equation, Gap, Table, lines
from reports.exercises.document import Exercises, exercises
from reports.exercises.mistakes import MISTAKES, Mistake
from reports.exercises.numbers import numbers, rounded
from reports.exercises.quiz import _is_refuted, quiz, refuted, spoiled
from reports.exercises.reasons import reasons
from reports.exercises.sheet import Sheet
from reports.exercises.smaller import is_dead, smaller, worked
from reports.exercises.spelling import spelled
from reports.html import html
from reports.inline import Inline, Math
from reports.markdown import markdown
from reports.pdf import by_typst
from reports.tex import tex
from tests.test_command import derive
from verify.checking.check import answer
from verify.checking.question import Question
from verify.examination import Examination, examine
from verify.oracles import Point

BIAS_ONLY = {"bias_only": True, "activation": "tanh"}
NETWORKS = {
    "one neuron": {"layers": [1, 1]},
    "small": {"layers": [2, 3, 1]},
    "classes": {"layers": [5, 4, 4, 3], "activations": ["tanh", "tanh", "softmax"], "loss": "cross-entropy"},
    "softmax inside": {"layers": [3, 3, 2], "activations": ["softmax", "sigmoid"], "loss": "mse"},
    "only biases": {"layers": [2, BIAS_ONLY, BIAS_ONLY]},
    "appended": {"layers": [2, 3, 1], "bias": "appended"},
    "a letter": {"layers": [2, 3, 1], "activations": ["leaky-relu", "sigmoid"], "loss": "binary-cross-entropy"},
    "mixed biases": {"layers": [2, 3, 2], "bias": ["separate", "none"]},
    "twenty layers": {"layers": [12] * 20 + [1], "activations": "tanh"},
}


@cache
def examined(name: str) -> Examination:
    network = Network(**NETWORKS[name])
    return examine(Derivation(network), Point.random(network, 0))


@cache
def made(name: str) -> Exercises:
    return exercises(examined(name))


def gaps(document: Document) -> list[int]:
    found = [piece.number for piece in document.pieces if isinstance(piece, Gap)]
    return sorted(found + [one.gap.number for one in document.blocks if isinstance(one, Equation) and one.gap])


def equations(document: Document) -> dict[str, Equation]:
    return {one.label: one for one in document.blocks if isinstance(one, Equation) and one.label}


def words(document: Document) -> str:
    return "".join(
        plain(piece.box) if isinstance(piece, Math) else getattr(piece, "text", "") for piece in document.pieces
    )


# Sheets and solutions


@pytest.mark.parametrize("name", NETWORKS)
def test_every_gap_of_the_sheet_is_filled_in_the_solutions(name):
    found = made(name)
    assert found.gaps > 12
    assert gaps(found.sheet) == list(range(1, found.gaps + 1))
    assert gaps(found.solutions) == []
    said = words(found.solutions)
    assert [number for number in range(1, found.gaps + 1) if f"({number})\u00a0" not in said] == []


@pytest.mark.parametrize("name", NETWORKS)
def test_the_solutions_say_what_was_derived(name):
    examination = examined(name)
    story = Story(examination, "nielsen", False)
    sheet, solutions = equations(made(name).sheet), equations(made(name).solutions)
    for step in examination.derivation.steps:
        if f"step-{step.number}" in solutions:
            assert solutions[f"step-{step.number}"].lines == lines(story.box(step.claim))
    hidden = [label for label, one in sheet.items() if one.gap]
    assert hidden
    for label in hidden:
        assert sheet[label].lines[-1].rhs == NOTHING
        assert solutions[label].lines[-1].rhs != NOTHING
        assert sheet[label].lines[-1].lhs == solutions[label].lines[-1].lhs


@pytest.mark.parametrize("name", NETWORKS)
def test_a_solution_says_what_filled_its_gap(name):
    """The right side or the reason; and no reason is asked for where several are true."""
    sheet, solutions = equations(made(name).sheet), equations(made(name).solutions)
    rules = {f"step-{step.number}": step.rule for step in examined(name).derivation.steps}
    for label, one in sheet.items():
        told = "".join(getattr(piece, "text", "") for piece in solutions[label].reason)
        reasons = [piece for piece in one.reason if isinstance(piece, Gap)]
        assert told.startswith(f"({one.gap.number})\u00a0right side") if one.gap else "right side" not in told
        assert not reasons or rules[label] not in ("local-derivative", "closed-form", "definition")
        assert not reasons or told.startswith(f"({reasons[0].number})\u00a0")


@pytest.mark.parametrize("name", ["small", "classes", "softmax inside", "a letter"])
def test_the_reasons_are_those_of_the_chapter(name):
    story = Story(examined(name), "nielsen", False)
    chapters = {label: one.reason for label, one in equations(chapter(examined(name))).items() if label[0] == "s"}
    said = {key: spoken(told) for key, told in chapters.items() if told}
    layer = story.depth
    found = {number: spoken(told) for role in ("a", "z", "W") for number, told in reasons(story, role, layer).items()}
    assert len(found) > 5
    assert [told for number, told in found.items() if not said.get(f"s{number}", told).startswith(told)] == []
    assert "substituted" in found.values()
    assert not any("Kronecker" in told for told in found.values())


def spoken(pieces: Inline) -> str:
    return "".join(getattr(piece, "text", "") for piece in pieces)


def test_shapes_are_promised_only_where_they_are_given():
    sheets = {name: words(made(name).sheet) for name in ("small", "mixed biases")}
    assert ["must fit" in sheets[name] for name in sheets] == [False, True]
    assert all(text.count("numbered as in chapter 2 of Nielsen’s book") == 1 for text in sheets.values())


@pytest.mark.parametrize("name", ["small", "only biases", "twenty layers"])
def test_sheets_are_printed_by_every_printer(name):
    for document in (made(name).sheet, made(name).solutions):
        assert by_typst(document).content.startswith(b"%PDF")
        assert html(document)
        assert markdown(document)
        assert tex(document).isascii()


@pytest.mark.parametrize("bias", ["separate", "appended"])
def test_the_numbers_are_those_of_a_forward_and_a_backward_pass_by_hand(bias):
    """With the gradients by the first layer's parameters too."""
    network = Network([2, 3, 1], bias=bias)
    found = exercises(examine(Derivation(network), Point.random(network, 5)), seed=5)
    point = Point.random(network, 5)
    appended = bias == "appended"
    weights = [w[:, :-1] if appended else w for w in point.W]
    biases = [w[:, -1] for w in point.W] if appended else point.b
    z = [weights[0] @ point.x + biases[0]]
    a = [1 / (1 + np.exp(-z[0]))]
    z.append(weights[1] @ a[0] + biases[1])
    a.append(1 / (1 + np.exp(-z[1])))
    last = (a[1] - point.y) * a[1] * (1 - a[1])
    first = (weights[1].T @ last) * a[0] * (1 - a[0])
    wanted = [*z[0], *a[0], *z[1], *a[1], 0.5 * np.sum((point.y - a[1]) ** 2)]
    wanted += [*last, *(last * a[0]), *last, *first, *np.outer(first, point.x).ravel(), *first]
    table = [block for block in found.solutions.blocks if isinstance(block, Table)][-1]
    cells = [cells[place] for place in (1, 3) for cells in table.rows if cells[place]]
    shown = [plain(cell[-1].box).replace("−", "-").replace("·10", "e") for cell in cells]
    values = [float(one.split(" · ")[0]) * 10.0 ** (_power(one)) for one in shown]
    np.testing.assert_allclose(values, wanted, rtol=6e-4)  # four digits


def _power(text: str) -> int:
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return int(text.split(" · 10")[1].translate(raised)) if " · 10" in text else 0


@pytest.mark.parametrize(
    ("layers", "itself", "pairs"), [([3, 4, 2], True, 3), ([2, 2, 2, 1], True, 3), ([3, 5, 2], False, 2)]
)
def test_the_network_itself_is_computed_up_to_48_numbers(layers, itself, pairs):
    network = Network(layers)
    found = worked(network, 0)
    assert (found.derivation.network == network) is itself
    (table,) = (block for block in numbers(Story(found, "nielsen", False), Sheet(True), "same").blocks
                if isinstance(block, Table))  # fmt: skip
    asked = {plain(cell[0].box) for row in table.rows for cell in row[::2] if cell}
    assert len(table.columns) == 2 * pairs
    assert {f"∂C/∂w{layer}₁₂" for layer in "²³"} | {"∂C/∂b²₂"} <= asked


def test_a_small_network_of_the_same_kind():
    found = smaller(Network([784, {"bias_only": True, "activation": "relu"}, 30, 10], ["relu", "tanh", "softmax"],
                            "cross-entropy"))  # fmt: skip
    assert found.widths == (2, 2, 2)
    assert [layer.activation for layer in found.stack] == ["tanh", "softmax"]
    assert smaller(Network([9, {"bias_only": True, "activation": "relu"}])).stack[0].bias_only


@pytest.mark.parametrize(
    ("layers", "wanted"),
    [([2, 2, 1], (2, 2, 2)), ([3, 1, 1], (2, 1, 2)), ([1, {"bias_only": True, "activation": "softmax"}], (2, 2))],
)
def test_softmax_is_computed_with_two_neurons_where_one_would_give_zeros(layers, wanted):
    activations = ["sigmoid"] * (len(layers) - 2) + ["softmax"]
    network = Network(layers, activations if len(layers) > 2 else "sigmoid", "cross-entropy")
    assert is_dead(network)
    found = worked(network, 0)
    assert found.derivation.network.widths == wanted
    assert found.loss > 0
    assert not is_dead(found.derivation.network)


ROUNDED = [
    ("-0.022100000001", "−0.02210"), ("2.06", "2.06"), ("0.88699", "0.8870"), ("0", "0"), ("9.99996", "10.00"),
    ("-0.0000207240001", "−2.072·10⁻⁵"), ("0.00002072", "2.072·10⁻⁵"), ("12345.001", "1.235·10⁴"), ("1", "1"),
    ("0.00002070001", "2.070·10⁻⁵"), ("0.5000000001", "0.5000"), ("0.50", "0.5"), ("1234.4", "1234"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "wanted"), ROUNDED)
def test_last_zeros_stay_where_a_number_is_not_exact(value, wanted):
    assert plain(rounded(Decimal(value))) == wanted


def test_the_same_seed_gives_the_same_sheet_and_another_seed_another():
    again = exercises(examined("small"))
    assert tex(again.sheet) == tex(made("small").sheet)
    assert again.quiz == made("small").quiz
    other = exercises(examined("small"), seed=1)
    assert tex(other.sheet) != tex(made("small").sheet)
    assert other.quiz.questions() != made("small").quiz.questions()


# Quizzes


@pytest.mark.parametrize("name", NETWORKS)
def test_a_quiz_has_right_and_wrong_formulas_and_says_which(name):
    found = made(name).quiz
    questions = [json.loads(line) for line in found.questions().splitlines()]
    key = [json.loads(line) for line in found.key().splitlines()]
    assert [one["id"] for one in questions] == [one["id"] for one in key] == [f"q{n + 1}" for n in range(len(key))]
    assert {"correct", "incorrect"} == {one["verdict"] for one in key}
    assert len({one["formula"] for one in questions}) == len(questions)
    for one in key:
        assert one["about"].split()[-1] in ("index", "matrix")
        assert (one["verdict"] == "incorrect") == ("mistake" in one) == ("right" in one)
    assert all(one.get("mistake", "sign") in MISTAKES for one in key)


@pytest.mark.parametrize(("notation", "wanted"), [("nielsen", "∂C/∂w³ index"), ("bishop", "∂E/∂W⁽²⁾ index")])
def test_the_key_names_quantities_by_the_letters_of_the_notation(notation, wanted):
    found = {one.about: one.right for one in quiz(examined("small").derivation, notation).items}
    assert wanted in found
    assert not any(re.match(r"W\d|delta", about) for about in found)


@pytest.mark.parametrize(
    ("name", "notation"), [("small", "ng"), ("only biases", "nielsen"), ("twenty layers", "bishop")]
)
def test_the_batch_checker_gives_exactly_the_key(capsys, tmp_path, name, notation):
    found = quiz(examined(name).derivation, notation, seed=3)
    file = tmp_path / "quiz.jsonl"
    file.write_bytes(found.questions())
    _, out, _ = derive(capsys, "check", "--batch", str(file), "--seconds", "60")
    answers = {record["id"]: record for record in map(json.loads, out.splitlines()) if "id" in record}
    key = [json.loads(line) for line in found.key().splitlines()]
    assert {one["id"]: one["verdict"] for one in key} == {name: one["verdict"] for name, one in answers.items()}
    for one in key:
        if one["verdict"] == "incorrect":
            assert answers[one["id"]].get("counterexample") or answers[one["id"]]["proof"] == "exact"


def test_every_kind_of_mistake_occurs():
    names = {one.mistake.name for item in ("small", "classes") for one in made(item).quiz.items if one.mistake}
    assert names == set(MISTAKES)


MADE = [
    ("transpose", r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", r"\delta^{2} = w^{3} \delta^{3} \odot"),
    ("missing-derivative", r"\delta^3_j = (a^3_j - y_j) \sigma'(z^3_j)", r"\delta^{3}_{j} = a^{3}_{j} - y_{j}"),
    ("target-sign", r"\delta^3 = a^3 - y", r"\delta^{3} = y - a^{3}"),
    ("index", r"\delta^2_j = \sum_k w^3_{kj} \delta^3_k", r"\sum_{k} w^{3}_{jk} \delta^{3}_{k}"),
    ("missing-sum", r"\delta^2_j = \sum_k w^3_{kj} \delta^3_k", r"\delta^{2}_{j} = w^{3}_{kj} \delta^{3}_{k}"),
    ("layer", r"\frac{\partial C}{\partial b^2} = \delta^2", r"= \delta^{3}"),
    ("product-kind", r"\delta^3 = a^3 \odot b^3", r"\delta^{3} = a^{3} b^{3}"),
    ("factor", r"\frac{\partial C}{\partial b^2} = \delta^2", r"= 2 \delta^{2}"),
    ("sign", r"\frac{\partial C}{\partial b^2} = \delta^2", r"= - \delta^{2}"),
]


@pytest.mark.parametrize(("name", "formula", "wanted"), MADE, ids=[row[0] for row in MADE])
def test_each_mistake_does_what_its_name_says(name, formula, wanted):
    assert any(wanted in one for one in spoiled(formula, MISTAKES[name]))


def test_the_table_of_mistakes_is_covered():
    assert {row[0] for row in MADE} == set(MISTAKES)


def test_a_mistake_that_changes_nothing_is_not_given_as_one():
    """The checker decides, not the name of the edit."""
    about = {"layers": [2, 3, 1], "notation": "nielsen"}
    formula = r"\frac{\partial C}{\partial b^2} = \delta^2"
    nothing = Mistake("sign", lambda side: iter([side]))
    assert refuted(formula, nothing, about, Random(0)) is None
    assert refuted(formula, MISTAKES["sign"], about, Random(0)) is not None


@pytest.mark.parametrize("formula", [r"\delta^3 = (a^3 - y) \odot \sigma'(z^3)", r"\delta^3 = \odot", r"\qqq^3 = 1"])
def test_what_is_right_or_unreadable_is_no_refutation(formula):
    assert not _is_refuted(answer(Question.of({"formula": formula, "notation": "nielsen"})))


# Spelling

FEATURES = [
    r"_\{\w+\}\^", r"\^\{\w+\}_", r"\\prime", r"'", r"\\left", r"\(\\sum", r"\\,", r"\(\(", r"= \(.*\)$", r"\{\w \w\}",
    r"\)\(", r"\) \(", r"\\,?\(", r"[^=] -\\", r"= -\S", r"\{\(", r"\\cdot", r"\\top", r"  ",
]  # fmt: skip


@pytest.mark.parametrize("pattern", FEATURES)
def test_no_feature_of_the_spelling_tells_right_from_wrong(pattern):
    """What stands in some formulas stands in right and in wrong ones."""
    items = [one for name in NETWORKS for one in made(name).quiz.items]
    found = [one.verdict for one in items if re.search(pattern, one.formula)]
    assert len(items) > 120
    assert len(found) < 4 or set(found) == {"correct", "incorrect"}


@pytest.mark.parametrize("name", NETWORKS)
def test_right_and_wrong_formulas_are_spelled_in_one_way(name):
    for one in made(name).quiz.items:
        assert spelled(one.formula) == one.formula
        assert spelled(one.right) == one.right


SPELLED = [
    (r"\delta^{3} = (a^{3} - y)", r"\delta^{3} = a^{3} - y"),
    (r"d = ((a))", "d = a"),
    (r"d = (a b) c", "d = a b c"),
    (r"d = (w^T e) \odot f", r"d = w^{T} e \odot f"),
    (r"d = (a \odot b) c", r"d = (a \odot b) c"),
    (r"d = (a - b) c", "d = (a - b) c"),
    (r"d = -(a - b)", "d = - (a - b)"),
    (r"d = (\sum_k a_k) b", r"d = \left(\sum_{k} a_{k}\right) b"),
    (r"d_{j} = \sigma^{\prime}(z_{j}^{2})", r"d_{j} = \sigma'(z^{2}_{j})"),
    (r"d = a (b)", "d = a(b)"),
]


@pytest.mark.parametrize(("given", "wanted"), SPELLED)
def test_brackets_that_change_nothing_are_dropped(given, wanted):
    assert spelled(given) == wanted


@pytest.mark.parametrize("formula", [r"d = \odot", r"d = \sqrt[3]{a}"])
def test_what_cannot_be_spelled_is_left_out(formula):
    assert spelled(formula) is None


# The command


def test_the_files_of_the_command(capsys, tmp_path):
    wanted = ("--exercises", "--format", "pdf,html,md", "--pdf-engine", "typst", "--seed", "4")
    code, out, err = derive(capsys, "--layers", "2,2", "--output", str(tmp_path), *wanted)
    assert (code, err) == (0, "")
    names = {path.name for path in tmp_path.iterdir()}
    assert {f"{one}.{end}" for one in ("exercises", "solutions") for end in ("pdf", "html", "md")} <= names
    assert {"quiz.jsonl", "quiz-key.jsonl"} <= names
    assert "gaps, its solutions, and a quiz" in out


def test_json_of_the_command(capsys, tmp_path):
    code, out, _ = derive(
        capsys, "--layers", "1,1", "--exercises", "--json", "--format", "tex", "--output", str(tmp_path)
    )
    found = json.loads(out)
    assert code == 0
    assert found["right"] > 0 < found["wrong"]
    assert len(found["files"]) == 4
