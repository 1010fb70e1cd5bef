"""Exercise sheets: gaps that the solutions fill, and quizzes whose labels the checker confirms."""

import json
from functools import cache
from random import Random

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.emit.plain import plain
from derive.layout import Glyph
from derive.network import Network
from reports.chapter.story import Story
from reports.document import NOTHING, Boxed, Document, Equation, Gap, Line, Paragraph, Section, Table, inline, lines
from reports.exercises.document import Exercises, exercises
from reports.exercises.mistakes import MISTAKES, Mistake
from reports.exercises.quiz import _is_refuted, quiz, refuted, spoiled
from reports.exercises.sheet import Sheet
from reports.exercises.smaller import smaller
from reports.html import html
from reports.inline import Math
from reports.markdown import markdown
from reports.pdf import by_typst
from reports.tex import tex
from reports.typst import typst
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


@pytest.mark.parametrize("name", ["small", "only biases", "twenty layers"])
def test_sheets_are_printed_by_every_printer(name):
    for document in (made(name).sheet, made(name).solutions):
        assert by_typst(document).content.startswith(b"%PDF")
        assert html(document)
        assert markdown(document)
        assert tex(document).isascii()


def test_the_numbers_are_those_of_a_forward_and_a_backward_pass_by_hand():
    network = Network([2, 3, 1])
    found = exercises(examine(Derivation(network), Point.random(network, 5)), seed=5)
    point = Point.random(network, 5)
    z = [point.W[0] @ point.x + point.b[0]]
    a = [1 / (1 + np.exp(-z[0]))]
    z.append(point.W[1] @ a[0] + point.b[1])
    a.append(1 / (1 + np.exp(-z[1])))
    last = (a[1] - point.y) * a[1] * (1 - a[1])
    first = (point.W[1].T @ last) * a[0] * (1 - a[0])
    wanted = [*z[0], *a[0], *z[1], *a[1], 0.5 * np.sum((point.y - a[1]) ** 2), *last, *first, *(last * a[0]), *last]
    table = [block for block in found.solutions.blocks if isinstance(block, Table)][-1]
    cells = [cells[place] for place in (1, 3) for cells in table.rows if cells[place]]
    shown = [plain(cell[-1].box).replace("−", "-").replace("·10", "e") for cell in cells]
    values = [float(one.split(" · ")[0]) * 10.0 ** (_power(one)) for one in shown]
    np.testing.assert_allclose(values, wanted, rtol=6e-4)  # four digits


def _power(text: str) -> int:
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return int(text.split(" · 10")[1].translate(raised)) if " · 10" in text else 0


def test_a_small_network_of_the_same_kind():
    found = smaller(Network([784, {"bias_only": True, "activation": "relu"}, 30, 10], ["relu", "tanh", "softmax"],
                            "cross-entropy"))  # fmt: skip
    assert found.widths == (2, 2, 2)
    assert [layer.activation for layer in found.stack] == ["tanh", "softmax"]
    assert smaller(Network([9, {"bias_only": True, "activation": "relu"}])).stack[0].bias_only


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
        assert (one["verdict"] == "incorrect") == ("mistake" in one) == ("right" in one)
    assert all(one.get("mistake", "sign") in MISTAKES for one in key)


@pytest.mark.parametrize(
    ("name", "notation"), [("small", "ng"), ("only biases", "nielsen"), ("twenty layers", "bishop")]
)
def test_the_batch_checker_gives_exactly_the_key(capsys, tmp_path, name, notation):
    found = quiz(examined(name).derivation, notation, seed=3)
    file = tmp_path / "quiz.jsonl"
    file.write_bytes(found.questions())
    _, out, _ = derive(capsys, "check", "--batch", str(file))
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
    ("missing-derivative", r"\delta^3_j = (a^3_j - y_j) \sigma'(z^3_j)", r"\delta_{j}^{3} = (a_{j}^{3} - y_{j})"),
    ("target-sign", r"\delta^3 = a^3 - y", r"\delta^{3} = y - a^{3}"),
    ("index", r"\delta^2_j = \sum_k w^3_{kj} \delta^3_k", r"\sum_{k} w_{j k}^{3} \delta_{k}^{3}"),
    ("missing-sum", r"\delta^2_j = \sum_k w^3_{kj} \delta^3_k", r"\delta_{j}^{2} = w_{k j}^{3} \delta_{k}^{3}"),
    ("layer", r"\frac{\partial C}{\partial b^2} = \delta^2", r"= \delta^{3}"),
    ("product-kind", r"\delta^3 = a^3 \odot b^3", r"\delta^{3} = a^{3} b^{3}"),
    ("factor", r"\frac{\partial C}{\partial b^2} = \delta^2", r"= 2 \delta^{2}"),
    ("sign", r"\frac{\partial C}{\partial b^2} = \delta^2", r"= -\delta^{2}"),
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


# Gaps


def gapped() -> Document:
    equation = Equation((Line(Glyph("a"), NOTHING),), "e", inline("why ", Gap(2, 9.0)), gap=Gap(3, 8.0))
    blocks = (Paragraph(inline("x is ", Gap(1, 4.0), ".")), equation, Boxed(inline("t"), (Paragraph(inline("u")),)))
    return Document("Gaps", (Section(inline("s"), blocks),))


def test_a_gap_is_a_rule_on_paper():
    assert tex(gapped()).count(r"\rule[-0.4ex]") == 3
    assert typst(gapped()).count("stroke: (bottom: 0.4pt)") == 3
    assert by_typst(gapped()).content.startswith(b"%PDF")


def test_a_gap_is_told_to_those_who_hear_a_page():
    page = html(gapped())
    for number in (1, 2, 3):
        assert f'role="img" aria-label="gap {number}"' in page
    assert 'aria-label="空格 3"' in html(gapped(), "zh")


def test_a_gap_is_a_row_of_strokes_in_markdown():
    text = markdown(gapped())
    assert r"<sup>1</sup>\_\_\_\_" in text
    assert r"a = \text{}{}^{(3)} \underline{\hspace{8em}}" in text


@pytest.mark.parametrize("width", [0, -1, 41])
def test_a_gap_has_a_width_that_fits_a_line(width):
    with pytest.raises(ValueError, match=r"^gap 1 must be wider than 0 and at most 40 em"):
        Gap(1, width)


def test_a_sheet_counts_its_gaps():
    sheet, solved = Sheet(False), Sheet(True)
    assert sheet.gap(4.0, "x") == (Gap(1, 4.0),)
    assert "".join(piece.text for piece in solved.gap(4.0, "x")) == "(1)\u00a0x"
    assert sheet.gaps == solved.gaps == 1


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
