"""Documents: equations found where they stand, and definitions told from claims."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.checking.answer import Answer, Diagnosis
from verify.document.collecting import collected
from verify.document.directives import BadDirective, directive
from verify.document.run import examined
from verify.document.shapes import shapes
from verify.document.source import scanned
from verify.document.symbols import symbol
from verify.latex import read


def items(text, base=None):
    return collected(scanned(text), base).items


def told(text, base=None):
    """(kind, equation without spaces) of each equation."""
    return [(one.kind, one.text.text.replace(" ", "")) for one in items(text, base)]


def answering(verdicts=None, **more):
    """A stand-in for the checker: the verdict of the first row whose text stands in the formula; else correct."""

    def asker(questions):
        for question in questions:
            found = next((v for part, v in (verdicts or {}).items() if part in question.formula), "correct")
            yield Answer(found, **(more if found != "correct" else {}))

    return asker


# --- finding equations ----------------------------------------------------------------------------------------------

DISPLAYS = [
    (r"\begin{equation} a = b \end{equation}", ["a=b"]),
    (r"\begin{equation*} a = b, \end{equation*}", ["a=b"]),
    (r"\[ a = b . \]", ["a=b"]),
    ("$$ a = b $$", ["a=b"]),
    (r"\begin{displaymath} a = b \end{displaymath}", ["a=b"]),
    (r"\begin{math} a = b \end{math}", ["a=b"]),
    (r"\begin{align} a &= b \\ c &= d \end{align}", ["a=b", "c=d"]),
    (r"\begin{align*} a &= b \\[2pt] c &= d \\ \end{align*}", ["a=b", "c=d"]),
    (r"\begin{align} 2 a &= b \\ &= c \\ 2 d &= e \end{align}", [r"2a=b\\=c", "2d=e"]),
    (r"\begin{align} a &= b \\ &\quad + c \end{align}", [r"a=b\\\quad+c"]),
    (r"\begin{align} a &= b & c &= d \\ e &= f \end{align}", ["a=b", "c=d", "e=f"]),
    (r"\begin{alignat}{2} a &= b, \quad & c &= d \end{alignat}", ["a=b", "c=d"]),
    (r"\begin{gather} a = b \\ c = d \end{gather}", ["a=b", "c=d"]),
    (r"\begin{multline} a = b \\ + c \\ - d \end{multline}", ["a=b+c-d"]),
    (r"\begin{eqnarray} a &=& b \\ & & + c \\ d &=& e \end{eqnarray}", [r"a=b\\+c", "d=e"]),
    (r"\begin{IEEEeqnarray}{rCl} a &=& b \IEEEyesnumber \end{IEEEeqnarray}", ["a=b"]),
    (r"\begin{equation}\begin{split} a &= b \\ c &= d \end{split}\end{equation}", ["a=b", "c=d"]),
    (r"\[ \begin{aligned} a &= b \\ c &= d \end{aligned} . \]", ["a=b", "c=d"]),
    (r"\begin{equation} \label{x} \begin{gathered} a = b \\ c = d \end{gathered} \end{equation}", ["a=b", "c=d"]),
    (r"\[ 2 a = \left( b + \right. \\ \left. c \right) \]", [r"2a=\left(b+\right.\\\left.c\right)"]),
    (r"\[ a = b % c = d" + "\n" + r"+ e \]", ["a=b\n+e"]),
    (r"\[ a = b \quad c = d \]", ["a=b", "c=d"]),
    (r"\[ a = b, \qquad c = d \]", ["a=b", "c=d"]),
    (r"\begin{align} a &= b \intertext{and so} c &= d \end{align}", ["a=b", "c=d"]),
    (r"\begin{align} a &= b \\ \intertext{and so} c &= d \end{align}", ["a=b", "c=d"]),
    (r"\newcommand\be{\begin{equation}}\newcommand{\ee}{\end{equation}} \be a = b \ee", ["a=b"]),
    (r"a = b and $c = d$ and \(e = f\)", []),
    (r"% \[ a = b \]", []),
    (r"\% \[ a = b \]", ["a=b"]),
    (r"\begin{verbatim} \[ a = b \] \end{verbatim}", []),
    (r"\begin{lstlisting} $$ a = b $$ \end{lstlisting} \[ c = d \]", ["c=d"]),
    (r"\begin{comment} \[ a = b \] \end{comment}", []),
    (r"\verb|\[| a = b \verb|\]|", []),
    (r"\iffalse \[ a = b \] \ifx \fi \fi \[ c = d \]", ["c=d"]),
    (r"\iffalse \[ a = b \] \else \[ c = d \] \fi", ["c=d"]),
    (r"\[ a = b \] \end{document} \[ c = d \]", ["a=b"]),
    (r"\[ a = b \] \endinput \[ c = d \]", ["a=b"]),
    (r"costs 5\$ \[ a = b \] and 6\$", ["a=b"]),
    ("a lonely $ sign\n\nand $$ a = b $$", ["a=b"]),
    (r"$x$$y$ $$ a = b $$", ["a=b"]),
]


@pytest.mark.parametrize(("text", "expected"), DISPLAYS, ids=[text for text, _ in DISPLAYS])
def test_equations_are_found(text, expected):
    assert [formula for _, formula in told(text)] == expected


def test_an_environment_without_end_is_reported_and_the_rest_is_read():
    found = items("\\begin{align} a &= b\n\nwords \\[ c = d \\]")
    assert [one.text.text for one in found] == [r"\begin{align}", "c = d "] or found[1].text.text.strip() == "c = d"
    assert "never" in found[0].error or "not ended" in found[0].error


PIECES = st.lists(
    st.sampled_from(
        [
            ("Some words.\n", []),
            ("% a comment \\[ no = no \\]\n", []),
            ("\\verb+\\[+ and $x = y$\n\n", []),
            ("\\begin{equation}\n  p = q\n\\end{equation}\n", ["p = q"]),
            ("\\[ r = s + t \\]", ["r = s + t"]),
            ("\n$$u=v$$\n", ["u=v"]),
            ("\\begin{align}\n a &= b \\label{l} \\\\\n 2c &= d \\nonumber\n\\end{align}\n", ["a &= b", "2c &= d"]),
            ("é ü ß 日本 \\emph{x}\n", []),
            ("\\begin{verbatim}\n\\[ no = no \\]\n\\end{verbatim}\n", []),
        ]
    ),
    max_size=12,
)


@given(PIECES)
@settings(max_examples=150, deadline=None)
def test_every_equation_knows_its_line_and_column(pieces):
    text, expected = "", []
    for piece, equations in pieces:
        for equation in equations:
            before = text + piece[: piece.index(equation)]
            expected.append((before.count("\n") + 1, len(before) - before.rfind("\n"), equation))
        text += piece
    found = examined(scanned(text), answering()).results
    assert [(one.start.line, one.start.column, one.latex) for one in found] == expected


# --- macros ---------------------------------------------------------------------------------------------------------

MACROS = [
    (r"\newcommand{\R}{\mathbb{R}}", r"x = \R", r"x = \mathbb{R}"),
    (r"\newcommand\pd[2]{\frac{\partial #1}{\partial #2}}", r"\pd{L}{w_{1}} = 1",
     r"\frac{\partial L}{\partial w_{1}} = 1"),
    (r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}", r"\pd Lw = 1", r"\frac{\partial L}{\partial w} = 1"),
    (r"\newcommand{\pd}[2][L]{\frac{\partial #1}{\partial #2}}", r"\pd{w} + \pd[E]{w} = 1",
     r"\frac{\partial L}{\partial w} + \frac{\partial E}{\partial w} = 1"),
    (r"\def\x{\mathbf{x}}", r"\x_i = 1", r"\mathbf{x}_i = 1"),
    (r"\def\v#1{\mathbf{#1}}", r"\v{x} = \v y", r"\mathbf{x} = \mathbf{y}"),
    (r"\DeclareMathOperator{\tr}{tr}", r"\tr(A) = 1", r"\operatorname{tr}(A) = 1"),
    (r"\DeclareMathOperator*{\argmin}{arg\,min}", r"\argmin = 1", r"\operatorname{arg\,min} = 1"),
    (r"\let\eps\varepsilon", r"\eps a = 1", r"\varepsilon a = 1"),
    (r"\newcommand{\a}{\alpha}\newcommand{\b}{\a x}", r"\b y = 1", r"\alpha x y = 1"),
    (r"\newcommand{\a}{\alpha}\renewcommand{\a}{\beta}", r"\a = 1", r"\beta  = 1"),
    (r"\newcommand{\a}{\alpha}\providecommand{\a}{\beta}", r"\a = 1", r"\alpha  = 1"),
    (r"\newcommand{\sq}[1]{(#1)^2}", r"\sq{\sq{x}} = 1", r"((x)^2)^2 = 1"),
    (r"\newcommand{\a}[1]{#1}", r"\a % words" + "\n{x} = 1", "x = 1"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "formula", "expected"), MACROS, ids=[one[1] for one in MACROS])
def test_macros_are_put_in(definition, formula, expected):
    (item,) = items(f"{definition}\n\\[ {formula} \\]")
    assert re.sub(r"\s+", "", item.text.text) == re.sub(r"\s+", "", expected)


REFUSED = [
    (r"\def\a{\a}", r"\a", "defined by itself"),
    (r"\newcommand{\a}{\b}\newcommand{\b}{x \a}", r"\a", "defined by itself"),
    (r"\def\a(#1){#1}", r"\a(x)", "not read here"),
    (r"\newcommand{\a}[2]{#1#2}", r"\a{x}", "needs 2 arguments"),
    (r"\newcommand{\w}[1]{#1#1#1#1#1#1#1#1#1#1}", r"\w{\w{\w{\w{\w{x}}}}}", "longer than"),
    (r"\def\ma{}" + "".join(rf"\def\m{b}{{\m{a}\m{a}}}" for a, b in pairwise("abcdefghijklmnop")), r"\mp", "more than"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "formula", "message"), REFUSED, ids=[one[2] + one[1] for one in REFUSED])
def test_macros_that_cannot_be_put_in_are_refused_where_they_are_used(definition, formula, message):
    first, second = items(f"{definition} \\[ s = {formula} \\] \\[ t = 1 \\]")
    assert message in first.error
    assert second.error == ""


def test_a_mistake_within_a_macro_is_shown_where_the_macro_stands():
    text = "\\newcommand{\\bad}[1]{#1 + \\foo}\n\\[ y = 2 +\n  \\bad{x} \\]\n\\[ 2 z = \\bad{\\bar} \\]"
    first, second = examined(scanned(text), answering()).results
    assert (first.verdict, first.point.line, first.point.column) == ("unreadable", 3, 3)
    assert (second.verdict, second.point.line) == ("unreadable", 4)


def test_the_place_of_a_mistake_goes_through_macros_and_several_lines():
    rows = [r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}", r"\[ y = x^2 \]", r"\begin{align}",
            r" \pd{y}{x} &= 1 \\", "  &= 3 x", r"\end{align}"]  # fmt: skip
    text = "\n".join(rows)

    def asker(questions):
        for question in questions:
            at = question.formula.index("3")
            yield Answer("incorrect", diagnosis=(Diagnosis("factor", (at, at + 1), "3 is wrong", question.formula),))

    *_, claim = examined(scanned(text), asker).results
    assert (claim.point.line, claim.point.column, claim.point.end_column) == (5, 6, 7)
    assert rows[4][5] == "3"


# --- definitions and claims -----------------------------------------------------------------------------------------

SYMBOLS = [
    ("z", "w x", True), ("y_i", "x_i", True), (r"\hat{y}", "z", True), (r"P_{ij}", r"S_{ij}", True),
    ("h_1", "x", True), (r"\mu_B", r"\sum_i x_i", True), (r"\sigma_B^2", "1", True), ("f(x)", "x^2", True),
    (r"L(\theta, b)", "1", True), (r"a^{(l)}", "z^{(l)}", True), (r"\mathbf{x}", "1", True), (r"\text{MSE}", "1", True),
    (r"\operatorname{LayerNorm}(x)_i", "x_i", True), (r"\mathcal{L}", "1", True),
    ("2 x", "1", False), (r"\frac{\partial L}{\partial x}", "1", False), (r"\nabla_w L", "1", False),
    ("f'(x)", "1", False), ("f(2 x)", "1", False), ("f(0)", "1", False), ("x_{t+1}", "1", False), ("a + b", "1", False),
    (r"\operatorname{softmax}(z)_i", "1", False), (r"\tanh(x)", "1", False), (r"A^T", "1", False), ("dW", "1", False),
    (r"\lVert x \rVert", "1", False), ("(x)", "1", False),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "expected"), SYMBOLS, ids=[one[0] for one in SYMBOLS])
def test_one_symbol_with_index_letters_is_told_from_anything_else(left, right, expected):
    sides = read(f"{left} = {right}").statements[0].sides
    assert (symbol(*sides) is not None) == expected


KINDS = [
    (r"\[ z = w x \] \[ z = x w \]", "definition claim"),
    (r"\[ y_i = x_i \] \[ y_j = x_j \]", "definition claim"),
    (r"\[ y = A x \] \[ y_i = \sum_j A_{ij} x_j \]", "definition claim"),
    (r"\[ h_1 = x \] \[ h_2 = h_1 \]", "definition definition"),
    (r"\[ \mu_A = 1 \] \[ \mu_B = 2 \]", "definition definition"),
    (r"\[ y = 1 \] \[ \hat{y} = 2 \]", "definition definition"),
    (r"\[ \delta = \frac{\partial L}{\partial z} = p - y \]", "definition claim"),
    (r"\[ y = a = 2 x \]", "definition definition"),
    (r"\[ z = 1 \] % derive: define" + "\n" + r"\[ z = 2 \]", "definition definition"),
    ("% derive: claim\n" + r"\[ z = 1 \]" + "\\[ y = 1 \\]", "claim definition"),
    ("% derive: skip\n" + r"\[ 2 z = 1 \]" + "\\[ y = 1 \\]", "skipped definition"),
    ("% derive: off\n" + r"\[ 2 z = 1 \]" + "\n% derive: on\n\\[ y = 1 \\]", "skipped definition"),
    ("% derive: skip\n\\begin{align} 2 a &= b \\\\ 2 c &= d \\end{align} \\[ y = 1 \\]", "skipped skipped definition"),
    ("\\begin{align} 2 a &= b \\\\ % derive: skip\n 2 c &= d \\\\ y &= 1 \\end{align}", "claim skipped definition"),
    ("% derive: assume\n" + r"\[ \sum_i y_i = 1 \] \[ z = 1 \]", "skipped definition"),
    (r"\[ z = 1 \]" + "\n% derive: forget\n" + r"\[ z = 2 \]", "definition definition"),
    ("% derive: define L = x^2\n" + r"\[ \frac{dL}{dx} = 2 x \]", "definition claim"),
    (r"\[ q = 1 \] \[ w \leftarrow w - g \]", "definition skipped"),
    (r"\[ q = 1 \] \[ a \approx b \]", "definition skipped"),
    (r"\[ q = 1 \] \[ x \in \mathbb{R}^n \]", "definition skipped"),
    (r"\[ q = 1 \] \[ w_{t+1} = w_t - \eta g \]", "definition skipped"),
    (r"\[ q = 1 \] \[ h_t = \tanh(h_{t-1}) \]", "definition skipped"),
    (r"\[ \frac{dE}{dx} = s, \quad \text{where } s = 1 \] \[ s = 1 \]", "claim definition claim"),
    ("% derive: skp\n" + r"\[ z = 1 \]", "comment definition"),
]


@pytest.mark.parametrize(("text", "expected"), KINDS, ids=[one[0] for one in KINDS])
def test_definitions_are_told_from_claims(text, expected):
    assert " ".join(kind for kind, _ in told(text)) == expected


def test_a_claim_rests_on_the_definitions_that_it_speaks_of_and_no_others():
    text = r"\[ a = 2 x \] \[ b = a^2 \] \[ c = 5 \] \[ \frac{db}{dx} = 8 x \] \[ d = b \] \[ 2 c = 10 \]"
    given = [one.record["given"] for one in items(text) if one.kind == "claim"]
    assert [[formula.replace(" ", "") for formula in one] for one in given] == [["a=2x", "b=a^2"], ["c=5"]]


def test_a_condition_beside_a_claim_is_assumed():
    text = r"\[ f(t) = |t| \] \[ f'(t) = 1 \quad \text{for } t > 0 \] \[ 2 f(t_i) = 2, \quad i = 1, \ldots, n \]"
    assert [one.record.get("assume") for one in items(text)[1:]] == [["t > 0"], None]


def test_the_command_of_a_letter_belongs_to_its_side():
    text = r"\[ \mathcal{Q} = \mathbf{x} = {\bf y} \approx z \]"
    assert told(text) == [("definition", r"\mathcal{Q}=\mathbf{x}"), ("definition", r"\mathbf{x}={\bfy}")]


def test_kronecker_is_not_the_error_signal():
    text = r"\[ p_i = z_i^2 \] \[ \delta_i = p_i - y_i \] \[ \frac{\partial p_i}{\partial z_j} = 2 z_i \delta_{ij} \]"
    assert [one.symbol.letter[0] for one in items(text)[2].rests] == ["p"]
    text = r"\[ p_i = z_i^2 \] \[ \delta_{ij} = p_i p_j \] \[ \frac{\partial p_i}{\partial z_j} = 2 z_i \delta_{ij} \]"
    assert [one.symbol.letter[0] for one in items(text)[2].rests] == ["p", r"\delta"]


def test_a_redefinition_forgets_what_rested_on_the_old_one():
    text = "\\[ z = x \\] \\[ L = z^2 \\] % derive: define\n\\[ z = 2 x \\] \\[ \\frac{dL}{dx} = 1 \\]"
    found = items(text)
    assert found[2].note == "replaces what was defined in line 1, line 1"
    assert [one.latex for one in found[3].rests] == []
    assert found[3].missing is not None


def test_a_definition_that_cannot_be_read_is_named_where_it_is_used():
    text = "\\[ z = \\foo x \\]\n\\[ L = z^2 \\]\n\\[ \\frac{dL}{dx} = 2 x \\]\n\\[ q = 1 \\]\\[ 2 q = 2 \\]"
    found = examined(scanned(text), answering()).results
    assert [one.verdict for one in found] == ["unreadable", None, "undecided", None, "correct"]
    assert "line 1 cannot be read" in found[2].message


def test_what_is_defined_behind_a_claim_counts_if_that_makes_it_correct():
    asked = []

    def asker(questions):
        for question in questions:
            asked.append(list(question.given))
            yield Answer("correct" if question.given else "incorrect")

    text = r"\[ \frac{\partial E}{\partial w} = x \] where" + "\n" + r"\[ E = w x \]"
    first, _ = examined(scanned(text), asker).results
    assert asked == [[], ["E = w x"]]
    assert (first.verdict, first.note) == ("correct", "with what is defined behind it, in line 2")


DOUBTS = [
    (r"\[ q = 1 \] \[ \frac{\partial L}{\partial w} = x \]", "no display defines it"),
    (r"\[ z_q = W_q x_q \] \[ z_k = W_k x_k + b \]", "a symbol of its own"),
    (r"\[ h = 1 \] \[ h_1 = 2 \]", "a symbol of its own"),
]


@pytest.mark.parametrize(("text", "message"), DOUBTS, ids=[one[0] for one in DOUBTS])
def test_what_may_mean_something_else_is_never_called_incorrect(text, message):
    *_, last = examined(scanned(text), lambda questions: [Answer("incorrect") for _ in questions]).results
    assert last.verdict == "undecided"
    assert message in last.message


def test_without_a_definition_a_document_is_about_the_network():
    text = r"\[ \frac{\partial C}{\partial b^2} = \delta^2 \]"
    assert items(text)[0].record == {"formula": r"\frac{\partial C}{\partial b^2} = \delta^2 "[:-1]}
    (item,) = items("% derive: network layers=3,4,2 activations=tanh,softmax loss=cross-entropy bias=false\n" + text)
    expected = {"layers": [3, 4, 2], "activations": ["tanh", "softmax"], "loss": "cross-entropy", "bias": False}
    assert {key: item.record[key] for key in expected} == expected
    assert items(text, {"layers": [2, 2]})[0].record["layers"] == [2, 2]
    assert "given" in items(text, {"given": ["C = x^2"]})[0].record


# --- comments and shapes --------------------------------------------------------------------------------------------

COMMENTS = [
    ("define", "define"), ("claim", "claim"), ("skip", "skip"), ("off", "off"), ("forget", "forget"),
    ("define s = a + b", "define"), ("assume", "assume"), ("assume x > 0", "assume"), ("network", "network"),
    ("network layers=2,n_1,1 notation=ng", "network"), ("shape W m n", "shape"), ("shape W m n, x n; c", "shape"),
]  # fmt: skip
WRONG_COMMENTS = [
    "", "skp", "skip this", "claim 3", "shape", "shape W ../..", "shape W m n,", "network layers", "network layers=x,",
    "network layers=2", "network depth=3", "network loss=nothing", "network notation=mine", "network bias=perhaps",
    "network activations=tanh:alpha=x", "network first-layer=-1",
]  # fmt: skip


@pytest.mark.parametrize(("text", "word"), COMMENTS)
def test_comments_are_understood(text, word):
    assert directive(text).word == word


@pytest.mark.parametrize("text", WRONG_COMMENTS)
def test_comments_that_are_misspelt_are_refused(text):
    with pytest.raises(BadDirective, match=r"derive|network|bias|constant|sizes|layers|loss|notation|first|must"):
        directive(text)


def test_sizes_of_a_comment():
    assert directive("shape W m n, x n; c, v 3").shapes == (("W", ("m", "n")), ("x", ("n",)), ("c", ()), ("v", (3,)))


SHAPES = [
    (r"x \in \mathbb{R}^{n}", {"x": ("n",)}), (r"W \in \mathbb{R}^{m \times n}", {"W": ("m", "n")}),
    (r"x, y \in \mathbb R^n", {"x": ("n",), "y": ("n",)}), (r"\alpha \in \mathbb{R}", {r"\alpha": ()}),
    (r"\mathbf{x} \in \mathbb{R}^{d_k}", {r"\mathbf{x}": ("d_{k}",)}),
    (r"A \in \mathbb{R}^{3 \times 2}", {"A": (3, 2)}),
    (r"W_1 \in \mathbb{R}^{h \times d}, b_1 \in \mathbb{R}^{h}", {"W_{1}": ("h", "d"), "b_{1}": ("h",)}),
    (r"T \in \mathbb{R}^{a \times b \times c}", {"T": ("a", "b", "c")}), (r"x ∈ ℝ^n", {"x": ("n",)}),
    (r"x_i \in \mathbb{R}^n", {}), (r"x \in \mathbb{R}^{n+1}", {}), (r"x \in \mathbb{R}^{mn}", {}), (r"x \in S", {}),
    (r"f : \mathbb{R}^n \to \mathbb{R}", {}), (r"x \in [0, 1]", {}), (r"x \in \mathbb{R}_{+}^n", {}), (r"x \in", {}),
    (r"\in \mathbb{R}^n", {}), (r"x + y \in \mathbb{R}^n", {}), ("x = y", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SHAPES, ids=[one[0] for one in SHAPES])
def test_shapes_in_running_text(text, expected):
    assert dict(shapes(text)) == expected


def test_shapes_that_nobody_states_are_inferred():
    page = r"\[ z = W x \] \[ L = \frac12 \|z-y\|^2 \]"
    wrong, right = r"\[ \frac{\partial L}{\partial x} = W (z-y) \]", r"\[ \frac{\partial L}{\partial x} = W^T (z-y) \]"
    source = scanned(rf"\begin{{document}}{page}{wrong}{right}\end{{document}}")
    rows = [row for row in examined(source).results if row.kind == "claim"]
    assert [row.verdict for row in rows] == ["incorrect", "correct"]
