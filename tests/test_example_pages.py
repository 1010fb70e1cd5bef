"""What a reader of an example is told beside its formulas: constants, targets, whose numbers are bold; and the list."""

from __future__ import annotations

import json

import pytest

from derive.emit.latex import latex
from reports.cli import main
from reports.document import Document, Figure, Paragraph
from reports.examples import EXAMPLES
from reports.examples.command import told
from reports.examples.page import Page
from reports.html.printer import NARROW
from reports.inline import Emphasis, Inline, Math, Text
from reports.measure import extent


def words(pieces: Inline) -> str:
    """Pieces as text, formulas as their LaTeX."""
    return "".join(latex(one.box) if isinstance(one, Math) else getattr(one, "text", "") for one in pieces)


def captions(document: Document) -> list[str]:
    return [words(one.caption) for one in document.blocks if isinstance(one, Figure)]


@pytest.fixture(scope="module")
def activations() -> Document:
    return told("activations").document


@pytest.mark.parametrize(
    "caption",
    [
        r"logistic and its slope, drawn for L = 2, k = \frac{3}{2}, z_{0} = 1.",
        r"elu and its slope, drawn for \alpha = \frac{1}{5}.",
        "tanh and its slope.",
    ],
)
def test_the_values_of_constants_that_a_formula_leaves_open_are_told(activations: Document, caption: str) -> None:
    assert caption in captions(activations)


def test_a_line_is_told_in_the_letter_of_the_formula_and_cannot_be_misread(activations: Document) -> None:
    said = [words(one.pieces) for one in activations.blocks if isinstance(one, Paragraph)]
    lines = [one for one in said if one.startswith("Far to")]
    assert r"Far to the left it comes near y = \frac{1}{5} u." in lines
    assert len(lines) > 15
    assert not [one for one in lines if "z" in one or "/" in one]


def test_the_upright_line_in_the_picture_of_a_loss_is_explained() -> None:
    said = [words(one.pieces) for one in told("losses").document.blocks if isinstance(one, Paragraph)]
    assert "In each picture the upright line stands at the target." in said


@pytest.mark.parametrize("name", ["descent", "chain", "perceptron", "scaling"])
def test_an_example_says_whose_its_bold_numbers_are(name: str) -> None:
    document = told(name).document
    bold = [one for one in document.pieces if isinstance(one, Emphasis) and one.strong]
    assert any("its own numbers are bold" in words(one) for one in document.facts) == bool(bold)


def test_a_page_that_quotes_nothing_speaks_of_no_text() -> None:
    page = Page("t")
    page.section("s")
    page.say("{x} is one.", x=page.number(1, "1"))
    assert not any("bold" in words(one) for one in page.document().facts)


@pytest.mark.parametrize("name", ["chain", "descent", "curves", "activations"])
def test_no_formula_in_a_line_is_wider_than_a_telephone(name: str) -> None:
    document = told(name).document
    inside = [piece for one in document.blocks if isinstance(one, Paragraph) for piece in one.pieces]
    assert [latex(one.box) for one in inside if isinstance(one, Math) and extent(one.box).width > NARROW - 4] == []
    assert any(isinstance(one, Text) for one in inside)


def test_the_list_is_json_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["example", "--list", "--json"])
    found = json.loads(capsys.readouterr().out)["examples"]
    assert [one["example"] for one in found] == list(EXAMPLES)
    assert all(set(one) == {"example", "title", "about"} for one in found)
