"""The document model: what it refuses, how it numbers, and how formulas, tables and programs are fitted to the page."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from derive.layout import Box, Fence, Glyph, Row
from reports.document import (
    Code,
    Column,
    Document,
    Emphasis,
    Equation,
    Line,
    Listing,
    Math,
    Paragraph,
    Ref,
    Section,
    Table,
    Text,
    inline,
    lines,
    pieces_of,
    prose,
    walk,
)
from reports.fitting import TEXT, listing_size, setting, table_setting, wrapped
from reports.measure import width
from reports.palette import PALETTE, hue, used
from reports.tex import tex
from reports.tex.escape import escape, plain, typed
from reports.typst import typst
from tests.demo_document import EQ, MINUS, PLUS, SIGMA, at, beside, close, demo, long_sum, number, prime, wide_product

A, B, C = (Glyph(letter) for letter in "abc")


def test_prose_reads_marks_and_fills_holes():
    found = prose("so {d} is *known* and **named** `f(x)` by {r}", d=A, r=Ref("x"))
    assert found == (
        Text("so "), Math(A), Text(" is "), Emphasis("known"), Text(" and "), Emphasis("named", strong=True), Text(" "),
        Code("f(x)"), Text(" by "), Ref("x"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: prose("a {hole}"), "nothing is given for {hole}"),
        (lambda: prose("no hole", d=A), "no hole for d"),
        (lambda: Equation(()), "at least one line"),
        (lambda: Equation((Line(A, B),), label="x", numbered=False), "a label but no number"),
        (lambda: Section(inline("x"), level=4), "level 1, 2 or 3"),
        (lambda: Table((Column(inline("x")),), ((),)), "a row of 0 cells"),
        (lambda: Table((Column(inline("x")),), (), label="t"), "no caption"),
        (lambda: one_section(Paragraph((Ref("gone"),))), "references to labels that nothing bears: gone"),
        (lambda: one_section(labelled("x"), labelled("x")), "'x' is given twice"),
        (lambda: one_section(labelled("a b")), "not 'a b'"),
        (lambda: lines(Row((EQ, A))), "nothing on one of its sides"),
    ],
)
def test_a_malformed_document_is_refused_when_it_is_built(make, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        make()


def labelled(label: str) -> Equation:
    return Equation((Line(A, B),), label)


def one_section(*blocks) -> Document:
    return Document("Title", (Section(inline("Section"), blocks),))


def test_references_count_what_bears_a_number_in_reading_order():
    document = demo()
    numbered = [block for block in document.blocks if isinstance(block, Equation) and block.numbered]
    expected = {block.label: f"({place})" for place, block in enumerate(numbered, 1) if block.label}
    assert {label: mark for label, mark in document.marks.items() if mark.startswith("(")} == expected
    assert document.marks["back"] == "section 1"
    assert document.marks["sketch"] == "figure 1"
    assert (document.marks["symbols"], document.marks["inside"]) == ("table 1", "table 3")


def test_sections_are_numbered_by_level():
    titles = [Section(inline("x"), (), level, f"s{place}") for place, level in enumerate((1, 2, 2, 3, 1, 2))]
    marks = Document("t", tuple(titles)).marks
    assert list(marks.values()) == [f"section {n}" for n in ("1", "1.1", "1.2", "1.2.1", "2", "2.1")]


def test_walk_finds_what_stands_in_frames_and_pieces_what_stands_in_blocks():
    document = demo()
    names = {block.name for block in walk(document.sections[0].blocks) if isinstance(block, Equation)}
    assert "BP3" in names
    assert any(isinstance(piece, Ref) for block in document.blocks for piece in pieces_of(block))


def test_a_document_survives_pickling_unchanged():
    assert pickle.loads(pickle.dumps(demo())) == demo()


def test_a_chain_of_relations_becomes_aligned_lines():
    assert lines(beside(A, EQ, B, EQ, C, PLUS, A)) == (Line(A, B, EQ), Line(None, beside(C, PLUS, A), EQ))
    assert lines(A) == (Line(None, A, None),)


# Fitting


def written(box: Box) -> list[Glyph]:
    """The glyphs of a box in reading order, a fence as two."""
    if isinstance(box, Glyph):
        return [box]
    if isinstance(box, Row):
        return [glyph for item in box.items for glyph in written(item)]
    if isinstance(box, Fence):
        return [Glyph(box.left, "word"), *written(box.body), Glyph(box.right, "word")]
    return [Glyph(repr(box))]


@given(some.integers(1, 80), some.floats(22, TEXT))
@settings(max_examples=40, deadline=None)
def test_a_broken_sum_fits_and_loses_nothing(terms, available):
    whole = long_sum(terms)
    found = setting(Equation((Line(at("z", 1, 1), whole),)), available)
    assert [glyph for line in found.lines for glyph in written(line.rhs)] == written(whole)
    assert all(found.scale * width(line.rhs) < available for line in found.lines)
    assert found.scale == 1


def test_lines_are_broken_before_a_sign():
    found = setting(Equation((Line(A, long_sum(30)),)))
    assert len(found.lines) > 5
    assert found.breakable
    assert all(line.lhs is None and line.rhs.items[0] == PLUS for line in found.lines[1:])


def test_a_long_bracket_is_opened_and_a_long_product_parted_between_factors():
    bracket = beside(Fence(long_sum(20)), prime(A))
    opened = setting(Equation((Line(A, bracket),)))
    assert len(opened.lines) > 2
    assert [glyph for line in opened.lines for glyph in written(line.rhs)] == written(bracket)
    parted = setting(Equation((Line(A, wide_product()),)))
    assert len(parted.lines) > 1
    assert all(line.rhs.items[0] == Glyph(r"\cdot", "binary") for line in parted.lines[1:])


def test_a_minus_at_the_start_of_a_side_is_no_place_to_break():
    found = setting(Equation((Line(A, beside(MINUS, long_sum(9))),)))
    assert found.lines[0].rhs.items[0] == MINUS
    assert len(found.lines[0].rhs.items) > 2


def test_what_cannot_be_broken_is_set_smaller():
    long_name = Glyph("abcdefghijklmnopqrstuvwxyz" * 4, "text")
    found = setting(Equation((Line(A, long_name),)))
    assert found.scale < 1
    assert found.scale * width(long_name) < TEXT


def test_a_reason_stands_beside_a_short_formula_and_below_a_long_one():
    reason = prose("a reason")
    assert setting(Equation((Line(A, B),), reason=reason)).beside
    assert not setting(Equation((Line(A, long_sum(4)),), reason=reason)).beside


def test_a_table_that_is_too_wide_is_set_smaller_and_its_long_column_wrapped():
    cells = tuple(inline("a rather long cell of words") for _ in range(5))
    narrow = Table(tuple(Column(inline("x")) for _ in cells[:2]), (cells[:2],))
    wide = Table(tuple(Column(inline("x")) for _ in cells), (cells,))
    soft = Table((Column(inline("x")), Column(inline("y"), wrap=True)), ((inline("x"), inline("word " * 50)),))
    assert table_setting(narrow).scale == 1
    assert table_setting(wide).scale < 1
    assert table_setting(soft).scale == 1
    assert table_setting(soft).widths[1] == pytest.approx(TEXT, rel=0.2)


@given(some.text(alphabet="ab (),", max_size=400), some.integers(20, 90))
@settings(max_examples=60, deadline=None)
def test_a_wrapped_program_fits_and_loses_nothing_but_spaces(source, columns):
    found = wrapped(source, columns)
    assert all(len(line) <= columns for line in found)
    assert "".join("".join(found).split()) == "".join(source.split())


def test_code_is_set_smaller_before_it_is_wrapped():
    sizes = [listing_size("x" * length)[0] for length in (60, 100, 300)]
    assert sizes == [9, 8, 8]


# Printing


def test_the_same_document_gives_the_same_source_twice():
    assert tex(demo()) == tex(demo())
    assert typst(demo()) == typst(demo())


def test_the_tex_source_is_ascii_outside_of_programs():
    without = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", "", tex(demo()), flags=re.DOTALL)
    assert without.isascii()


@pytest.mark.parametrize("name", ["xcolor", "tikz", "pict2e", "booktabs", "lmodern", "listings", "microtype"])
def test_the_tex_source_needs_no_package_that_a_basic_tex_live_lacks(name):
    assert name not in tex(demo())


def test_every_colour_that_occurs_is_defined():
    document = demo()
    in_tex = set(re.findall(r"\\color\{(\w+)\}|\\textcolor\{(\w+)\}", tex(document)))
    defined = set(re.findall(r"\\colour\{(\w+)\}", tex(document)))
    assert {name for pair in in_tex for name in pair if name} <= defined
    assert {"bp1", "bp2"} <= defined


def test_numbered_colours_return_after_the_last():
    assert (hue(1).red, hue(7).red) == (213, 213)
    assert [row.name for row in used(r"{\color{bp31}x}")][-1] == "bp31"
    assert all(row.name.isalnum() for row in PALETTE.values())


@given(some.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_escaped_to_ascii_with_matching_braces(text):
    for found in (escape(text), typed(text)):
        assert found.isascii()
        bare = found.replace(r"\{", "").replace(r"\}", "").replace("\\\\", "")
        assert bare.count("{") == bare.count("}")
    assert not set(plain(text)) & set("\\{}$&#%_^~")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("50 % & #1_a", r"50 \% \& \#1\_a"),
        (
            "δ² ≤ σ′",
            r"\ensuremath{\delta}\ensuremath{{}^2} \ensuremath{\le} \ensuremath{\sigma}\ensuremath{{}^{\prime}}",
        ),
        ("Élan naïve ç ő", r"\'{E}lan na\"{\i}ve \c{c} \H{o}"),
        ("中", r"{\ttfamily U+4E2D}"),
        ("a\\b", r"a\textbackslash{}b"),
        ("“x” – y", "``x'' -- y"),
    ],
)
def test_escapes_by_example(given, expected):
    assert escape(given) == expected


def test_titles_of_the_outline_are_plain():
    assert plain("δ² ⊙ σ′ — 50 %_") == "delta2 o sigma' - 50   "


def test_an_equation_without_relation_and_an_unnumbered_one_print():
    source = tex(one_section(Equation((Line(None, SIGMA, None),), numbered=False)))
    assert r"\begin{equation*}" in source
    assert "&" not in source.split(r"\begin{equation*}")[1].split(r"\end{equation*}")[0]


def test_code_that_would_end_a_verbatim_does_not():
    source = tex(one_section(Listing("\\end{verbatim}\nx = 1")))
    assert source.count(r"\end{verbatim}") == 1


def test_measured_widths_grow_with_what_is_written():
    assert width(A) < width(close(A, B)) < width(beside(A, PLUS, B)) < width(beside(A, PLUS, Fence(beside(B, C))))
    assert width(number(12)) == pytest.approx(1.0)
