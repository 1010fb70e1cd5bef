"""Every kind of report checks itself, and a report with a small lie in it does not hold."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from sympy import Symbol

from derive import Derivation, Network
from derive.emit.latex import latex
from derive.layout import Glyph, Row
from derive.second import HessianVector
from reports import command
from reports.chapter import chapter
from reports.chapter.numbers import about_all, figure, values_at
from reports.chapter.printed import Decimals, rounded_up
from reports.cli import command as derive
from reports.document import Document, Equation, Line, Paragraph, Section, Table
from reports.exercises.document import exercises
from reports.exercises.smaller import worked
from reports.given.asked import asked
from reports.given.forms import Forms
from reports.given.pages import pages as given_pages
from reports.inline import Math, Text
from reports.meant import Aside, Defined, Measured, Mistaken, Shapes, ValueOf
from reports.second.numbers import compared
from reports.second.pages import found_of
from reports.second.pages import pages as second_pages
from reports.selfcheck.checks import Check
from reports.selfcheck.decimals import of_text
from reports.selfcheck.report import SelfCheck, checked
from reports.selfcheck.subjects import of_definitions, of_network, of_second
from reports.training.pages import pages as training_pages
from reports.wording.language import speaking
from verify.examination import examine
from verify.oracles import Point
from verify.programs.examined import examined
from verify.programs.reading import program_read
from verify.training.data import of_arrays
from verify.training.loop import Plan, Training

NETWORKS = {
    "sigmoid": ([2, 2, 1], "sigmoid", "half-squared-error", "separate"),
    "relu": ([2, 3, 1], ["relu", "tanh"], "mse", "none"),
    "softmax": ([2, 2, 2], ["tanh", "softmax"], "cross-entropy", "separate"),
    "uneven": ([2, {"bias_only": True, "activation": "leaky-relu"}, 2], "elu", "huber", [True, False]),
    "appended": ([2, 2, 1], "sigmoid", "half-squared-error", "appended"),
}


@cache
def network(name):
    derivation = Derivation(Network(*NETWORKS[name]))
    return examine(derivation, Point.random(derivation.network, 1))


def reported(name, notation="nielsen", detail="standard"):
    found = network(name)
    return chapter(found, notation, detail=detail), of_network(found.derivation, notation, found.point)


CHAPTERS = [("sigmoid", "nielsen", "full"), ("sigmoid", "ng", "standard"), ("sigmoid", "goodfellow", "brief"),
            ("sigmoid", "bishop", "standard"), ("appended", "augmented", "standard"), ("softmax", "nielsen", "brief"),
            ("appended", "augmented", "brief"), ("relu", "goodfellow", "standard"),
            ("uneven", "ng", "standard")]  # fmt: skip


@pytest.mark.parametrize(("name", "notation", "detail"), CHAPTERS)
def test_a_chapter_checks_itself(name, notation, detail):
    found = checked(*reported(name, notation, detail))
    assert not found.failed, found.summary
    assert detail == "brief" or (len(found.claims) > 30 and len(found.definitions) > 5 and len(found.numbers) > 30)
    assert len(found.claims) > 5
    assert found.holds
    assert found.summary.endswith("nothing is wrong")
    assert {one.found for one in found.asides} <= {
        "an update of the parameters", "which term of a sum is meant", "the place of a kink", "a slope beside a kink",
    }  # fmt: skip


@cache
def definitions():
    question = asked((r"f = \lVert A x - b \rVert^2",), "A,x", ("A=m,n", "x=n", "b=m"), ())
    read = program_read(question.given, question.shapes, question.wrt, question.assumed)
    return question, read, of_definitions(question.given, read.shapes, question.assumed)


def test_the_reports_of_definitions_check_themselves():
    question, read, subject = definitions()
    derivation = Derivation(read.program)
    found = checked(given_pages(examined(derivation), read, Forms(derivation)), subject)
    assert not found.failed, found.summary
    assert (len(found.claims) > 5, len(found.definitions)) == (True, len(question.given))
    second = HessianVector(Derivation(read.program))
    found = found_of(second, "nielsen")
    told = checked(second_pages(found.with_rows(compared(second, 0))), of_second(second, "nielsen", subject))
    assert not told.failed, told.summary
    assert len(told.claims) == 2 * len(second.results)
    assert len(told.numbers) == 4


@pytest.mark.parametrize("notation", ["bishop", "augmented"])
def test_r_equations_are_read_back(notation):
    derivation = network("appended" if notation == "augmented" else "softmax").derivation
    second = HessianVector(derivation)
    found = checked(second_pages(found_of(second, notation)), of_second(second, notation))
    assert not found.failed, found.summary
    assert len(found.claims) > 8


def test_a_training_checks_itself():
    rng = np.random.default_rng(0)
    learned, held = of_arrays(rng.normal(size=(24, 2)), np.arange(24) % 2, ["a", "b"]).split(0.25, 0)
    plan = Plan(Network([2, 2, 2], ["tanh", "softmax"], "cross-entropy"), "adam", schedule="cosine", epochs=2)
    training = Training(plan, learned, held)
    training.run()
    found = checked(training_pages(training, learned, held), of_network(training.engine.derivation))
    assert not found.failed, found.summary
    assert len(found.definitions) >= 7  # Adam's four lines, the first step, the scaling, the schedule
    assert len(found.numbers) >= 10


@pytest.mark.parametrize("solved", [True, False])
def test_a_sheet_and_its_solutions_check_themselves(solved):
    found = network("softmax")
    small = worked(found.derivation.network, 0)
    documents = exercises(found, "nielsen", 0)
    document = documents.solutions if solved else documents.sheet
    other = {"numbers": of_network(small.derivation, "nielsen", small.point)}
    told = checked(document, of_network(found.derivation, "nielsen"), other)
    assert not told.failed, told.summary
    assert sum(one.kind == "false claim" for one in told.claims) >= 3
    assert len(told.numbers) > (15 if solved else 4)


# --- lies ---


def changed(document, before, after):
    """The document with one number or sign of its formulas changed wherever it stands, in equations and in tables."""
    told, marks = [], 0

    def box(one):
        nonlocal marks
        marks += 1
        return numbered_box(one, before, after)

    for section in document.sections:
        blocks = []
        for block in section.blocks:
            if isinstance(block, Equation):
                news = tuple(Line(line.lhs, box(line.rhs), line.relation) for line in block.lines)
                block = replace(block, lines=news)
            if isinstance(block, Table):
                rows = tuple(
                    tuple(
                        tuple(
                            replace(piece, box=box(piece.box)) if isinstance(piece, Math) else piece for piece in cell
                        )
                        for cell in row
                    )
                    for row in block.rows
                )
                block = replace(block, rows=rows)
            blocks.append(block)
        told.append(replace(section, blocks=tuple(blocks)))
    assert marks
    return replace(document, sections=tuple(told))


def numbered_box(box, before, after):
    if isinstance(box, Glyph):
        return replace(box, name=after) if box.name == before else box
    if isinstance(box, tuple):
        return tuple(numbered_box(one, before, after) for one in box)
    parts = getattr(box, "__dataclass_fields__", {})
    return replace(box, **{name: numbered_box(getattr(box, name), before, after) for name in parts}) if parts else box


def test_a_flipped_sign_and_a_changed_letter_are_found():
    document, subject = reported("sigmoid", detail="brief")
    assert checked(document, subject).holds
    for before, after in (("-", "+"), (r"\odot", "+"), ("y", "z")):
        lie = changed(document, before, after)
        assert any(one.kind == "claim" for one in checked(lie, subject).failed), (before, after)


def digits():
    """Numbers of the worked example: of the table of neurons, of a calculation, of a matrix."""
    document, _ = reported("sigmoid")
    (section,) = (one for one in document.sections if one.label == "numbers")
    table = next(one for one in section.blocks if isinstance(one, Table))
    shown = [cell[0].box.name for row in table.rows for cell in row[2:] if isinstance(cell[0].box, Glyph)]
    return shown[-1:]


@pytest.mark.parametrize("number", digits())
def test_a_changed_digit_is_found(number):
    document, subject = reported("sigmoid")
    only = replace(document, sections=tuple(one for one in document.sections if one.label == "numbers"))
    only = replace(only, sections=tuple(map(bare, only.sections)))
    assert checked(only, subject).holds
    news = number[:-1] + str((int(number[-1]) + 1) % 10)
    wrong = checked(changed(only, number, news), subject).failed
    assert any(one.kind == "number" for one in wrong)


def bare(section):
    """A section without what refers to others."""
    kept = [one for one in section.blocks if isinstance(one, Equation) or (isinstance(one, Table) and one.rows)]
    return replace(section, blocks=tuple(replace(one, caption=(), label="") if isinstance(one, Table) else one
                                         for one in kept))  # fmt: skip


def page(*pieces, block=None):
    """A report of one line, or of one block."""
    blocks = (Paragraph(pieces),) if block is None else (block,)
    return Document("one line", (Section((Text("a section"),), blocks),))


def about():
    return of_network(network("sigmoid").derivation, "nielsen", network("sigmoid").point)


MEASURED = [
    ("0.041", 0.04123, False, True),
    ("0.042", 0.04123, False, False),
    ("1.2e-16", 1.21e-16, True, False),
    ("1.3e-16", 1.21e-16, True, True),
    ("1.4e-16", 1.21e-16, True, False),
    ("−12", -12.4, False, True),
]


@pytest.mark.parametrize(("text", "value", "bound", "holds"), MEASURED)
def test_what_was_measured_is_rounded_and_a_bound_upwards(text, value, bound, holds):
    found = checked(page(Text(text, Measured(value, bound))), about())
    assert (len(found.numbers), found.holds) == (1, holds)


THREE, V, X = Glyph("0.3", "number"), Glyph("v"), Glyph("x")
LOSS = Glyph("C")
ONE_BY = Row((Glyph("2", "number"), Glyph(r"\times", "binary"), Glyph("1", "number")), tight=True)
SQUARE = Row((Glyph("2", "number"), Glyph(r"\times", "binary"), Glyph("2", "number")), tight=True)
DOT = Glyph(r"\cdot", "binary")
WRONG = {
    "a number of which nothing is said": page(Math(THREE)),
    "the value of another quantity": page(Math(THREE, ValueOf(LOSS))),
    "another expression": page(block=Equation((Line(X, Glyph("u")),), meant=Defined(Symbol("v"), "x"))),
    "another letter": page(block=Equation((Line(Glyph("w"), V),), meant=Defined(Symbol("v"), "x"))),
    "shapes that do not fit": page(block=Equation((Line(ONE_BY, Row((ONE_BY, DOT, SQUARE))),), meant=Shapes())),
    "a right formula that should be wrong": page(block=Equation((Line(LOSS, LOSS),), meant=Mistaken())),
    "a letter without a role": page(block=Equation((Line(LOSS, Glyph("q")),))),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_one_line_is_found(what):
    assert len(checked(WRONG[what], about()).failed) == 1


RIGHT = {
    "an expression": page(block=Equation((Line(X, V),), meant=Defined(Symbol("v"), "x"))),
    "shapes": page(block=Equation((Line(ONE_BY, Row((SQUARE, DOT, ONE_BY))),), meant=Shapes())),
    "an aside": page(Math(Row((X, Glyph("=", "relation"), THREE)), Aside("only said"))),
    "a name": page(Math(X)),
}


@pytest.mark.parametrize("what", RIGHT)
def test_what_is_right_in_one_line_holds(what):
    assert checked(RIGHT[what], about()).holds


def test_nothing_is_dropped_silently():
    found = checked(RIGHT["an aside"], about())
    assert [one.found for one in found.asides] == ["only said"]
    assert "left aside: 1 (only said)" in found.summary
    assert checked(RIGHT["a name"], about()).names == 1


# --- how the worked example is rounded ---


def test_numbers_are_rounded_from_balls_where_floats_cancel():
    derivation = Derivation(Network([3, 1], "sigmoid"))
    point = Point((np.array([[1.0, 1.0, -1.0]]),), (np.array([0.0]),), np.array([0.1, 0.2, 0.3]), np.array([1.0]))
    floats = values_at(derivation, point)
    assert floats["z1"][0] != 0  # 0.1 + 0.2 − 0.3 in floats
    found = Decimals(derivation, point, floats)
    assert (found.entry("z1", (0,)), found.entry("a1", (0,))) == (0, Decimal("0.5"))
    assert found.entry("dW1", (0, 0)) == Decimal("-0.0125")  # (0.5 − 1) · 0.25 · 0.1
    assert latex(Row((about_all([found.entry("a1", (0,))]), figure(found.entry("a1", (0,)))))) == "= 0.5"
    document = chapter(examine(derivation, point))
    assert checked(document, of_network(derivation, "nielsen", point)).holds


def test_a_bound_is_never_rounded_down():
    assert [str(rounded_up(value, 2)) for value in (1.21e-16, 0.25, 0.251)] == ["1.3E-16", "0.25", "0.26"]
    assert Fraction(rounded_up(1.2000000001e-16, 2)) >= Fraction(1.2000000001e-16)


def test_the_decimals_of_a_text():
    table = {"1,234": 1234, "−0.05": Fraction(-1, 20), "1.5e-3": Fraction(3, 2000)}
    assert {text: of_text(text).value for text in table} == table
    assert of_text("0.3").half(5) == Fraction(1, 200000)


def test_the_command_says_what_it_read_back(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = ["--layers", "1,1", "--format", "html", "--self-check", "--quiet"]

    def run(rest):
        return derive.main(rest, prog_name="derive", standalone_mode=False)

    assert run(arguments) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(command, "checked", lambda *_: SelfCheck((), (), (Check("number", "0.5", "0.25", False),)))
    assert run(arguments) == 1
    assert "wrong or unread: 1, the first 0.5: 0.25" in capsys.readouterr().err
    assert run([*arguments, "--language", "zh"]) == 1
    assert "第一处是 0.5：0.25" in capsys.readouterr().err


def test_a_chinese_report_is_read_back_too():
    found = network("softmax")
    with speaking("zh"):
        document = chapter(found, "nielsen")
    read = checked(document, of_network(found.derivation, "nielsen", found.point))
    assert not read.failed, read.summary
    assert len(read.claims) > 30


def test_a_derivative_by_one_place_of_several_has_a_sign_of_its_own():
    question = asked(("y = A x", r"L = \sum_i \tan(y_i x_i)"), "x", ("A=n,n", "x=n"), ())
    read = program_read(question.given, question.shapes, question.wrt, question.assumed)
    derivation = Derivation(read.program)
    document = given_pages(examined(derivation), read, Forms(derivation))
    shown = [latex(line.rhs) for one in document.blocks if isinstance(one, Equation) for line in one.lines]
    assert any(
        r"\frac{\partial^{+}L}{\partial x_{i}} + \sum_{k} \frac{\partial L}{\partial y_{k}}" in one for one in shown
    )
    found = checked(document, of_definitions(question.given, read.shapes, question.assumed))
    assert not found.failed, found.summary
    assert [one.found for one in found.asides] == ["a derivative by one place of several"] * 2
    assert not any(r"\partial^{+}" in one for one in shown[-2:])
