"""Formulas drawn in one line of Unicode: the line says the same, and each column knows its place in the LaTeX."""

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive import Derivation, Network
from derive.emit.latex import latex as to_latex
from derive.formula import Writer
from derive.tables.notations import NOTATIONS
from reports.checking.characters import ascii_only, cells, lowered, raised, visible
from reports.checking.drawing import draw, inline
from reports.checking.labels import ASCII, Label, labelled
from reports.checking.lines import Line, broken, line
from tests.reading import Reader, evaluate, plain_tokens, positive_values
from tests.test_reading_back import EXPRESSIONS, NET

DRAWN = [
    (r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", "δ² = (w³)ᵀ δ³ ⊙ σ′(z²)"),
    (r"\frac{\partial C}{\partial w^2_{jk}} = a^1_k \delta^2_j", "∂C/∂w²ⱼₖ = a¹ₖ δ²ⱼ"),
    (r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k", "δˡⱼ = Σₖ wˡ⁺¹ₖⱼ δˡ⁺¹ₖ"),
    (r"dW^{[l]} = dz^{[l]} a^{[l-1]T}", "dW^[l] = dz^[l] a^[l−1]ᵀ"),
    (r"\delta^{(1)}_j = h'(a^{(1)}_j)", "δ⁽¹⁾ⱼ = h′(a⁽¹⁾ⱼ)"),
    (r"W_{1,2} = \hat{y}_1 - \bar y_2", "W₁,₂ = ŷ₁ − ȳ₂"),
    (r"a = \frac{1}{2} \sum_{i=1}^{n} (x_i - c)^2", "a = ½ Σᵢ₌₁ⁿ (xᵢ − c)²"),
    (r"a = \frac{x}{y} z", "a = x/y · z"),
    (r"a = \frac{x + y}{z w}", "a = (x + y)/(z w)"),
    (r"a = x/y/z", "a = (x/y)/z"),
    (r"a = -\frac{b}{c}", "a = −b/c"),
    (r"a = \log\frac{y_j}{a^2_j}", "a = log(yⱼ/a²ⱼ)"),
    (r"a = \left(\frac{b}{c}\right)^2", "a = (b/c)²"),
    (r"p_i = \frac{e^{x_i}}{\sum_j e^{x_j}}", "pᵢ = e^(xᵢ)/(Σⱼ e^(xⱼ))"),
    (r"\nabla_{a^2} C = \nabla f", "∇_(a²) C = ∇f"),
    (r"\frac{\partial^2 E}{\partial a \partial b} = 0", "∂²E/(∂a ∂b) = 0"),
    (r"\frac{\partial}{\partial w} E = 0", "∂/∂w E = 0"),
    (r"f = \|x - c\|_2^2 + |y|", "f = ‖x − c‖₂² + |y|"),
    (r"a = \mathbb{1}[z > 0]", "a = 𝟙[z > 0]"),
    (r"g = \begin{cases} 1 & z > 0 \\ 0 & \text{otherwise} \end{cases}", "g = {1 if z > 0; 0 otherwise}"),
    (r"A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}", "A = (a, b; c, d)"),
    (r"\mathbf{W} = \mathbf{1} x^T", "W = 𝟏 xᵀ"),
    (r"\mathbf{x}_1 = x", "𝐱₁ = x"),
    (r"\mathcal{L} = \max_k z_k", "ℒ = maxₖ zₖ"),
    (r"\frac{\partial E}{\partial\, {}^{1}w^{2}_{1}} = {}^{0}x^{2}", "∂E/∂¹w²₁ = ⁰x²"),
    (r"y = \sqrt{v + \epsilon} + \sqrt[3]{x}", "y = √(v + ϵ) + ∛x"),
    (r"y = \left.\frac{df}{dz}\right|_{z=2}", "y = (df/dz)|_(z = 2)"),
    (r"a = b \quad \text{for } j = 1, \ldots, n", "a = b, for j = 1, …, n"),
    (r"a = 2 |b^3_1|", "a = 2 |b³₁|"),
    (r"x = w^{2,3}", "x = w^(2,3)"),
    (r"x = w_{jq} e^{z_1 + 2}", "x = w_(jq) e^(z₁ + 2)"),
    (r"a = e^{\frac{1}{8} |b|}", "a = e^(⅛ |b|)"),
]


@pytest.mark.parametrize(("latex", "shown"), DRAWN)
def test_formulas_as_they_are_drawn(latex, shown):
    assert inline(latex) == shown


@settings(max_examples=250, deadline=None)
@given(expression=EXPRESSIONS, seed=st.integers(0, 99))
def test_what_is_drawn_reads_as_the_same_number(expression, seed):
    """The oracle: the reader of the tests, which binds what stands side by side, then the slash, then the dot."""
    value = positive_values(seed)
    try:
        meant = evaluate(expression, value, {})
    except (OverflowError, ZeroDivisionError):
        assume(False)
    assume(not isinstance(meant, complex) and abs(meant) < 1e12)
    drawn = draw(f"E = {to_latex(Writer(NET).box(expression))}")
    assert not drawn.latex
    text = "".join(piece.text for piece in drawn.rows[0].pieces).removeprefix("E = ")
    read = Reader(plain_tokens(text), value).read()
    assert abs(read - meant) <= 1e-8 * max(1.0, abs(meant)), text


@pytest.mark.parametrize(("latex", "shown"), DRAWN)
def test_nothing_is_left_out_and_nothing_invented(latex, shown):
    """The letters and digits of the line are those of the LaTeX, in whatever form."""
    if "cases" in latex or "matrix" in latex or r"\frac{1}{2}" in latex or "sqrt" in latex or "text" in latex:
        return
    names = {r"\frac": "", r"\partial": "", r"\nabla": "", r"\hat": "", r"\bar": "", r"\odot": "", r"\sum": "",
             r"\max": "max", r"\log": "log", r"\left": "", r"\right": "", r"\mathbf": "", r"\mathbb": "",
             r"\mathcal": "", r"\delta": "δ", r"\sigma": "σ"}  # fmt: skip
    typed = "".join(names.get(one, one) for one in re.findall(r"\\[a-z]+|[^\W_]", latex))
    seen = "".join(one for one in unicodedata.normalize("NFKD", shown) if one.isalnum() and one not in "∂Σ")
    assert sorted(typed) == sorted(seen.replace("ℒ", "L"))


@pytest.mark.parametrize("notation", NOTATIONS)
def test_everything_that_a_derivation_prints_can_be_drawn(notation):
    networks = [Network([2, 3, 1]), Network([3, 2], "softmax", "cross-entropy"), Network([2, 2], "tanh", "cosine")]
    derivations = [Derivation(network) for network in networks]
    texts = {to_latex(Writer(one, notation).box(step.claim)) for one in derivations for step in one.steps}
    assert len(texts) > 40
    assert [text for text in texts if draw(text).latex or "\\" in inline(text)] == []


# --- places ---------------------------------------------------------------------------------------------------------


def where(latex, part, after=0):
    start = latex.index(part, after)
    return start, start + len(part)


def under(latex, part, after=0, row=0):
    """What is shown at the columns of a part of the LaTeX."""
    shown = line(draw(latex).rows[row].pieces)
    first, last = shown.columns(where(latex, part, after))
    return shown.text[first : last + 1]


@pytest.mark.parametrize(
    ("latex", "part", "shown"),
    [
        (r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)", r"w^3 \delta^3", "w³ δ³"),
        (r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)", r"\odot", "⊙"),
        (r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)", r"\sigma'(z^2)", "σ′(z²)"),
        (r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)", r"'", "′"),
        (r"\frac{\partial C}{\partial w^2_{jk}} = a^1_k - \delta^2_j", "-", "−"),
        (
            r"\frac{\partial C}{\partial w^2_{jk}} = a^1_k - \delta^2_j",
            r"\frac{\partial C}{\partial w^2_{jk}}",
            "∂C/∂w²ⱼₖ",
        ),
        (r"\frac{\partial C}{\partial w^2_{jk}} = a^1_k - \delta^2_j", "_k", "ₖ"),
        (r"\delta^l = \left(w^{l+1}\right)^T \delta", r"\left(w^{l+1}\right)^T", "(wˡ⁺¹)ᵀ"),
        (r"\delta^l = \left(w^{l+1}\right)^T \delta", "^T", "ᵀ"),
        (r"a = \frac{x + y}{z w} v", r"z w", "(z w)"),
        (r"E = \sum_{k=1}^{n} x_k", r"\sum_{k=1}^{n}", "Σₖ₌₁ⁿ"),
        (r"E = \sum_{k=1}^{n} x_k", "1", "₁"),
        (r"E = \tfrac12 x", r"\tfrac12", "½"),
        (r"E = (x)(y_1 - a)", "(y_1 - a)", "(y₁ − a)"),
        (r"a = b = c + d", "c + d", "c + d"),
    ],
)
def test_a_place_in_the_latex_is_found_in_the_line(latex, part, shown):
    rows = draw(latex).rows
    row = next(number for number, one in enumerate(rows) if one.span[1] >= where(latex, part)[1])
    assert under(latex, part, row=row) in (shown, shown.strip("()"))


def test_a_place_of_no_length_is_a_gap():
    latex = r"\delta^2 = (w^3)^T \delta^3"
    shown = line(draw(latex).rows[0].pieces)
    assert shown.columns((len(latex), len(latex))) == (len(shown.text), len(shown.text))
    at = latex.index("(w")
    assert shown.columns((at, at)) == (shown.text.index("("), shown.text.index("("))
    assert shown.columns((-1, -1)) is None


@settings(max_examples=150, deadline=None)
@given(expression=EXPRESSIONS, width=st.integers(20, 100))
def test_broken_lines_hold_everything_once_and_in_order(expression, width):
    latex = f"E = {to_latex(Writer(NET).box(expression))}"
    pieces = draw(latex).rows[0].pieces
    lines = broken(pieces, width)
    joined = "".join(one.text.replace(" ", "") for one in lines)
    assert joined == "".join(piece.text.replace(" ", "") for piece in pieces)
    widest = max(cells(piece.text) for piece in pieces)
    assert all(cells(one.text) <= max(width, 8 + width // 2, widest + width // 2) for one in lines)
    assert all(len(one.places) == cells(one.text) for one in lines)


# --- characters -----------------------------------------------------------------------------------------------------


@given(st.text())
def test_nothing_hidden_reaches_the_terminal(text):
    assert all(unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for one in visible(text))


@given(st.text())
def test_in_ascii_everything_is_ascii(text):
    assert ascii_only(visible(text)).isascii()


def test_small_characters_are_small_forms_of_what_they_stand_for():
    tables = [("SUPERSCRIPT|MODIFIER LETTER", raised()), ("SUBSCRIPT", lowered())]
    for words, table in tables:
        assert len(table) > 25
        for base, small in table.items():
            if small not in ",ᵀ":
                assert re.search(words, unicodedata.name(small)), small
                assert unicodedata.normalize("NFKD", small) == unicodedata.normalize("NFKD", base)


# --- labels ---------------------------------------------------------------------------------------------------------

FORMULA = Line("δ² = w³ δ³ ⊙ σ(z²)", tuple((at, at + 1) for at in range(18)))


def test_two_labels_hang_side_by_side():
    assert labelled(FORMULA, [Label(13, 17, "no derivative"), Label(5, 9, "a transpose")], 80) == [
        "δ² = w³ δ³ ⊙ σ(z²)",
        "     ──┬──   ──┬──",
        "       │       no derivative",
        "       a transpose",
    ]


def test_words_that_would_hang_at_the_edge_stand_on_the_left():
    assert labelled(FORMULA, [Label(13, 17, "no derivative stands here")], 30) == [
        "δ² = w³ δ³ ⊙ σ(z²)",
        "             ──┬──",
        "    ┌──────────┘",
        "    no derivative stands here",
    ]


def test_labels_in_ascii():
    shown = labelled(FORMULA, [Label(5, 9, "a transpose"), Label(13, 17, "no derivative")], 80, ASCII)
    assert shown[1:] == ["     ^^^^^   ^^^^^", "       |       no derivative", "       a transpose"]
