"""Gaps that a sheet leaves, in every format: a rule on paper, told to those who hear a page, strokes in Markdown."""

import pytest

from derive.layout import Glyph
from reports.document import NOTHING, Boxed, Document, Equation, Gap, Line, Paragraph, Section, inline
from reports.exercises.sheet import Sheet
from reports.html import html
from reports.markdown import markdown
from reports.pdf import by_typst
from reports.tex import tex
from reports.typst import typst


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
