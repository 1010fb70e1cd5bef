"""Boxes as MathML: each box by example, anything well formed, no letter lost, everything that is derived prints."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from derive import Derivation, Network
from derive.emit.mathml import mathml
from derive.emit.unknown import UnknownBox
from derive.formula import Writer
from derive.layout import Accent, BigSum, Box, Cases, Coloured, Fence, Fraction, Glyph, Grid, Root, Row, Scripts
from derive.tables.glyphs import GLYPHS, UnknownGlyph
from derive.tables.notations import NOTATIONS

X, TWO, J, DELTA = Glyph("x"), Glyph("2", "number"), Glyph("j"), Glyph(r"\delta")
MINUS, EQ, COMMA, PRIME = Glyph("-", "binary"), Glyph("=", "relation"), Glyph(",", "punctuation"), Glyph(r"\prime")
SUM = BigSum(J, None, X)
PARENS = '<mo form="prefix" fence="true" stretchy="{0}">(</mo>{1}<mo form="postfix" fence="true" stretchy="{0}">)</mo>'

BOXES = [
    (DELTA, "<mi>δ</mi>"),
    (Glyph(r"\Delta"), '<mi mathvariant="normal">Δ</mi>'),
    (Glyph(r"\nabla"), '<mi mathvariant="normal">∇</mi>'),
    (Glyph("W", bold=True), "<mi>𝑾</mi>"),
    (Glyph(r"\delta", bold=True), "<mi>𝜹</mi>"),
    (Glyph("1", "number", bold=True), "<mn>𝟏</mn>"),
    (Glyph(r"\tanh", "word"), "<mi>tanh</mi>"),
    (Glyph("n", "word"), '<mi mathvariant="normal">n</mi>'),
    (Glyph(" if <b> ", "text"), "<mtext>\u00a0if &lt;b&gt;\u00a0</mtext>"),
    (Row((X, MINUS, TWO)), "<mrow><mi>x</mi><mo>−</mo><mn>2</mn></mrow>"),
    (Row((MINUS, X)), '<mrow><mo form="prefix">−</mo><mi>x</mi></mrow>'),
    (Row((X, EQ, MINUS, X)), '<mrow><mi>x</mi><mo>=</mo><mo form="prefix">−</mo><mi>x</mi></mrow>'),
    (Row((Glyph(r"\log", "word"), X)), '<mrow><mi>log</mi><mspace width="0.167em"/><mi>x</mi></mrow>'),
    (Row((X, Fence(J))), f"<mrow><mi>x</mi><mrow>{PARENS.format('false', '<mi>j</mi>')}</mrow></mrow>"),
    (Scripts(X, sub=J, sup=TWO), "<msubsup><mi>x</mi><mi>j</mi><mn>2</mn></msubsup>"),
    (Scripts(Scripts(X, sub=J), sup=TWO), "<msubsup><mi>x</mi><mi>j</mi><mn>2</mn></msubsup>"),
    (Scripts(Scripts(X, sup=J), sup=TWO), "<msup><msup><mi>x</mi><mi>j</mi></msup><mn>2</mn></msup>"),
    (Scripts(X, sup=Row((PRIME, PRIME), tight=True)), '<mrow><mi>x</mi><mi mathvariant="normal">′′</mi></mrow>'),
    (Scripts(X, sub=J, sup=PRIME), '<msub><mrow><mi>x</mi><mi mathvariant="normal">′</mi></mrow><mi>j</mi></msub>'),
    (
        Scripts(X, sub=Row((J, COMMA, TWO), tight=True)),
        '<msub><mi>x</mi><mrow><mi>j</mi><mo lspace="0" rspace="0">,</mo><mn>2</mn></mrow></msub>',
    ),
    (
        Scripts(X, J, TWO, left_sup=Glyph("l")),
        "<mmultiscripts><mi>x</mi><mi>j</mi><mn>2</mn><mprescripts/><mrow></mrow><mi>l</mi></mmultiscripts>",
    ),
    (Fraction(X, TWO), "<mfrac><mi>x</mi><mn>2</mn></mfrac>"),
    (Root(X), "<msqrt><mi>x</mi></msqrt>"),
    (Fence(Fraction(X, J)), f"<mrow>{PARENS.format('true', '<mfrac><mi>x</mi><mi>j</mi></mfrac>')}</mrow>"),
    (SUM, '<mrow><msub><mo movablelimits="false">∑</mo><mi>j</mi></msub><mi>x</mi></mrow>'),
    (Accent(Glyph("i"), "hat"), '<mover accent="true"><mi>ı</mi><mo stretchy="false">^</mo></mover>'),
    (Coloured(X, 3), '<mrow class="bp3"><mi>x</mi></mrow>'),
]


@pytest.mark.parametrize(("box", "expected"), BOXES, ids=range(len(BOXES)))
def test_each_box_by_example(box, expected):
    assert mathml(box) == expected


def test_on_a_line_of_its_own_sums_have_their_limits_below_and_small_fractions_stay_small():
    assert '<munder><mo largeop="true" movablelimits="false">∑</mo><mi>j</mi></munder>' in mathml(SUM, display=True)
    small = mathml(Fraction(X, TWO, small=True), display=True)
    assert small == '<mstyle displaystyle="false" scriptlevel="0"><mfrac><mi>x</mi><mn>2</mn></mfrac></mstyle>'


def test_tables_have_rows_and_cells():
    grid = ElementTree.fromstring(mathml(Grid(((X, J), (J, X)))))
    assert [[cell[0].text for cell in row] for row in grid.iter("mtr")] == [["x", "j"], ["j", "x"]]
    cases = ElementTree.fromstring(mathml(Cases(((X, Glyph("otherwise", "text")),))))
    assert [len(row) for row in cases.iter("mtr")] == [2]


def test_a_sign_that_continues_a_line_stands_between_operands():
    line = Row((MINUS, X))
    assert 'form="prefix"' in mathml(line)
    assert 'form="infix"' in mathml(line, continued=True)


def test_a_tint_gives_the_attributes():
    assert mathml(Coloured(X, 1), tint=lambda box: f'data-q="{box.colour}"') == '<mrow data-q="1"><mi>x</mi></mrow>'


def test_what_is_no_box_and_what_no_row_spells_is_refused():
    with pytest.raises(UnknownBox, match="MathML has no row for a str"):
        mathml("x")  # type: ignore[arg-type]
    with pytest.raises(UnknownGlyph):
        mathml(Glyph(r"\nonsense"))


LETTERS = some.sampled_from([Glyph(name) for name in ("a", "W", r"\delta", r"\partial", r"\mathcal{L}")])
SIGNS = some.sampled_from([MINUS, EQ, COMMA, Glyph(r"\odot", "binary"), Glyph("<", "relation")])
WORDS = some.builds(Glyph, some.text("ab<>&\"' ", min_size=1, max_size=6), some.just("text"))
LEAVES = some.one_of(LETTERS, SIGNS, WORDS, some.builds(lambda n: Glyph(str(n), "number"), some.integers(0, 99)))


def grown(inner: some.SearchStrategy[Box]) -> some.SearchStrategy[Box]:
    maybe = some.none() | inner
    return some.one_of(
        some.builds(lambda items, tight: Row(tuple(items), tight), some.lists(inner, min_size=1, max_size=4),
                    some.booleans()),
        some.builds(Scripts, inner, maybe, maybe, maybe, maybe),
        some.builds(Fraction, inner, inner, some.booleans()),
        some.builds(Root, inner),
        some.builds(Fence, inner, some.sampled_from(["(", "[", "|", "‖", "{"]), some.sampled_from([")", "]", "|"])),
        some.builds(BigSum, inner, maybe, inner),
        some.builds(Accent, inner, some.sampled_from(["bar", "hat", "tilde", "dot", "ddot", "vec", "check", "breve"])),
        some.builds(lambda a, b: Cases(((a, b), (b, a))), inner, inner),
        some.builds(lambda a, b: Grid(((a, b), (b, a))), inner, inner),
        some.builds(Coloured, inner, some.integers(1, 9)),
    )  # fmt: skip


def words(box: Box) -> str:
    """The letters, digits and words of a box, in any order: an oracle that knows nothing of MathML."""
    if isinstance(box, Glyph):
        return box.name if box.kind in ("text", "number") else GLYPHS[box.name].character if box.name in GLYPHS \
            else box.name  # fmt: skip
    if isinstance(box, Row):
        return "".join(map(words, box.items))
    if isinstance(box, Cases | Grid):
        return "".join(words(cell) for line in (box.lines if isinstance(box, Cases) else box.rows) for cell in line)
    parts = [
        getattr(box, name, None) for name in ("body", "base", "sub", "sup", "left_sup", "left_sub", "above", "below")
    ]
    return "".join(words(part) for part in parts if isinstance(part, Box))


@given(some.recursive(LEAVES, grown, max_leaves=12), some.booleans())
@settings(max_examples=300, deadline=None)
def test_anything_is_well_formed_and_loses_no_letter(box, display):
    found = "".join(ElementTree.fromstring(mathml(box, display=display)).itertext())
    kept = [one for one in words(box) if one.isalnum()]
    there = list(unicodedata.normalize("NFKC", found).replace("ı", "i"))
    missing = [one for one in set(kept) if there.count(unicodedata.normalize("NFKC", one)) < kept.count(one)]
    assert missing == []


@pytest.mark.parametrize("notation", NOTATIONS)
def test_everything_that_is_derived_prints(notation):
    derivation = Derivation(Network([2, 3, 3], ["elu", "softmax"], "cross-entropy"))
    writer = Writer(derivation, notation, entries_of(derivation), colour_adjoints=True)
    printed = [mathml(writer.box(step.claim), display=True) for step in derivation.steps]
    assert len(printed) > 30
    assert all(ElementTree.fromstring(one).tag == "mrow" for one in printed)
    assert any('class="bp1"' in one for one in printed)


def entries_of(derivation):
    return {derivation.name("z", 2): 1, derivation.name("z", 1): 2}
