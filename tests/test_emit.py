"""Each box in each language, and everything that a derivation says compiled by the real programs."""

import shutil
import subprocess

import pytest
import typst

from derive import Derivation, Network
from derive.emit.latex import latex as to_latex
from derive.emit.plain import plain as to_plain
from derive.emit.typst import typst as to_typst
from derive.emit.unknown import UnknownBox
from derive.formula import Writer
from derive.layout import (
    Accent,
    BigSum,
    Cases,
    Coloured,
    Fence,
    Fraction,
    Glyph,
    Grid,
    Root,
    Row,
    Scripts,
)
from derive.matrix import NoMatrixForm
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from derive.tables.notations import NOTATIONS

# --- each box, in each language -------------------------------------------------------------------------------------

X, TWO, J = Glyph("x"), Glyph("2", "number"), Glyph("j")
SUM = BigSum(J, None, X)
BOXES = [
    (Glyph(r"\delta"), r"\delta", "δ", "δ"),
    (Glyph("W", bold=True), r"\boldsymbol{W}", "bold(W)", "W"),
    (Glyph(r"\tanh", "word"), r"\tanh", 'op("tanh")', "tanh"),
    (Glyph("otherwise", "text"), r"\text{otherwise}", '"otherwise"', "otherwise"),
    (Glyph("/"), "/", r"\/", "/"),
    (Row((X, Glyph("-", "binary"), TWO)), "x - 2", "x − 2", "x − 2"),
    (Row((Glyph(r"\delta"), J), tight=True), r"\delta j", "δ j", "δj"),
    (Row((X, Fence(J))), "x(j)", r"x \(j\)", "x(j)"),
    (Scripts(X, sub=J, sup=TWO), "x^{2}_{j}", "x^(2)_(j)", "x²ⱼ"),
    (Scripts(Scripts(X, sub=J), sup=TWO), "x_{j}^{2}", "x_(j)^(2)", "xⱼ²"),
    (Scripts(Scripts(X, sup=J), sup=TWO), "{x^{j}}^{2}", "attach(x^(j))^(2)", "xʲ²"),
    (Scripts(X, sup=Fence(TWO, "[", "]")), "x^{[2]}", r"x^(\[2\])", "x^[2]"),
    (Scripts(X, sup=Fence(TWO)), "x^{(2)}", r"x^(\(2\))", "x⁽²⁾"),
    (Scripts(X, sup=SUM), r"x^{\sum_{j} x}", "x^(sum_(j) x)", "x^(Σⱼ x)"),
    (Scripts(X, J, TWO, left_sup=Glyph("l")), "{}^{l}x^{2}_{j}", "attach(x, tl: l, tr: 2, br: j)", "ˡx²ⱼ"),
    (Scripts(Glyph("g"), J, Glyph(r"\prime")), "g'_{j}", "g'_(j)", "g′ⱼ"),
    (Scripts(X, sub=Row((J, Glyph(",", "punctuation"), TWO), tight=True)), "x_{j,2}", r"x_(j \, 2)", "x_(j,2)"),
    (Fraction(X, TWO), r"\frac{x}{2}", "frac(x, 2)", "x/2"),
    (Fraction(Glyph("1", "number"), TWO, small=True), r"\tfrac{1}{2}", "inline(frac(1, 2))", "½"),
    (Fraction(Row((X, Glyph("+", "binary"), J)), SUM), r"\frac{x + j}{\sum_{j} x}", None, "(x + j)/(Σⱼ x)"),
    (Row((X, Fraction(X, J), X)), r"x \frac{x}{j} x", "x frac(x, j) x", "x · x/j · x"),
    (Root(X), r"\sqrt{x}", "sqrt(x)", "√x"),
    (Root(Row((X, J))), r"\sqrt{x j}", "sqrt(x j)", "√(x j)"),
    (Fence(SUM), r"\left(\sum_{j} x\right)", "lr(( sum_(j) x ))", "(Σⱼ x)"),
    (Fence(X, "|", "|"), r"\lvert x \rvert", "lr(bar.v x bar.v)", "|x|"),
    (Fence(X, "‖", "‖"), r"\lVert x \rVert", "lr(bar.v.double x bar.v.double)", "‖x‖"),
    (Fence(Fraction(X, J), "|", "|"), r"\left|\frac{x}{j}\right|", "lr(bar.v frac(x, j) bar.v)", "|x/j|"),
    (BigSum(J, TWO, X), r"\sum_{j}^{2} x", "sum_(j)^(2) x", "Σⱼ² x"),
    (Accent(Glyph("y"), "hat"), r"\hat{y}", "hat(y)", "ŷ"),
    (Accent(Glyph("X"), "bar"), r"\bar{X}", "macron(X)", "X̄"),
    (Coloured(X, 2), r"{\color{bp2}x}", "text(fill: bp2, x)", "x"),
    (Grid(((X, J), (J, X))), r"\begin{pmatrix} x & j \\ j & x \end{pmatrix}", "mat(x, j; j, x)", "[x j; j x]"),
    (
        Cases(((X, Row((Glyph("if ", "text"), J), tight=True)), (TWO, Glyph("otherwise", "text")))),
        r"\begin{cases} x & \text{if }j \\ 2 & \text{otherwise} \end{cases}",
        'cases(x & quad "if" j, 2 & quad "otherwise")',
        "{x if j; 2 otherwise}",
    ),
]


@pytest.mark.parametrize(("box", "latex", "source", "text"), BOXES, ids=[row[1] for row in BOXES])
def test_each_box_in_each_language(box, latex, source, text):
    assert to_latex(box) == latex
    assert source is None or to_typst(box) == source
    assert to_plain(box) == text


@pytest.mark.parametrize("emit", [to_latex, to_typst, to_plain])
def test_what_is_no_box_is_refused_by_name(emit):
    with pytest.raises(UnknownBox, match=r"has no row for a str: 'x'$"):
        emit(Row((X, "x")))


# --- everything that a derivation says compiles ---------------------------------------------------------------------

ELEMENTWISE = [name for name, row in ACTIVATIONS.items() if row.elementwise]
NETWORKS = [
    *(Network([2, 3, 2], [name, "softmax"], loss) for name, loss in zip(ELEMENTWISE, LOSSES, strict=False)),
    *(Network([2, 2], name, loss) for name, loss in zip(reversed(ELEMENTWISE), reversed(LOSSES), strict=False)),
    Network([2, 3, 1], bias="appended"),
    Network(["m", {"bias_only": True, "activation": "tanh"}, "n_out"], "softmax", "squared-error"),
    Network([3, 2, 2], [{"name": "elu", "alpha": 0.25}, {"name": "elu", "alpha": 0.1}], "mse"),
]


def said(derivation):
    """Every claim of a derivation: of its steps, in matrix form, forwards."""
    yield from (step.claim for step in derivation.steps)
    for layer in range(1, derivation.network.depth + 1):
        yield from (derivation.forward(role, layer) for role in ("z", "a"))
        for role in ("W", "b", "delta", "a"):
            try:
                yield derivation.matrix(role, layer)
            except (NoMatrixForm, KeyError):
                continue
    yield derivation.forward("E")


@pytest.fixture(scope="module")
def boxes():
    found = {}
    for network in NETWORKS:
        derivation = Derivation(network)
        claims = list(said(derivation))
        for notation in NOTATIONS:
            colours = {network.array("a", network.depth): 1}
            writer = Writer(derivation, notation, colours, colour_adjoints=True)
            found.update((writer.box(claim), None) for claim in claims)
    return list(found)


def test_everything_compiles_in_typst(boxes, tmp_path):
    lines = ["#let bp1 = red", "#set page(width: 60cm, height: auto)", *(f"$ {to_typst(box)} $" for box in boxes)]
    source = tmp_path / "all.typ"
    source.write_text("\n\n".join(lines), encoding="utf-8")
    assert typst.compile(source, format="pdf").startswith(b"%PDF")


PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath,amssymb,bm,color}
\definecolor{bp1}{rgb}{1,0,0}
\begin{document}
"""


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX: apt-get install texlive-latex-base")
def test_everything_compiles_in_latex(boxes, tmp_path):
    lines = [rf"\[ {to_latex(box)} \]" for box in boxes]
    (tmp_path / "all.tex").write_text(PREAMBLE + "\n".join(lines) + "\n\\end{document}\n", encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-800:]
    assert (tmp_path / "all.pdf").stat().st_size > 1000


def test_plain_text_is_one_line_each(boxes):
    lines = [to_plain(box) for box in boxes]
    assert all(line and "\n" not in line and "\\" not in line for line in lines)
