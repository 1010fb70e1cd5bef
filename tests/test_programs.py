"""Programs that are no networks: printed as a paper prints them, proved, run, and every small lie about them caught."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from sympy import Integer, KroneckerDelta, Mul, Rational, exp, log

from derive import Derivation, Network
from derive.emit.latex import latex as emitted
from derive.emit.plain import plain
from derive.emit.typst import typst
from derive.equation import Equation, EquationError
from derive.formula import Writer
from derive.formula.spelling import Unspelled, spelled
from derive.functions import unknown
from derive.latex import latex
from derive.matrix import NoMatrixForm
from derive.named import Adjoint, Det, Inverse, LogDet, Named, Opaque, Slope, number
from derive.program import program
from derive.symbols import Index, Partial, Scalar, Space, Width, total
from tests.programs import SYSTEMS
from verify.engine.core import Engine
from verify.equality import Reader, difference, equal, vanishes
from verify.kernel import KernelError, recheck, recheck_steps
from verify.views import agree

MEAN = r"\frac{1}{n} \sum_{k} \frac{\partial L}{\partial\hat{x}_{k}}"
PROJECTION = r"\frac{1}{n} \hat{x}_{i} \sum_{k} \frac{\partial L}{\partial\hat{x}_{k}} \hat{x}_{k}"
THREE = rf"\left(\frac{{\partial L}}{{\partial\hat{{x}}_{{i}}}} - {MEAN} - {PROJECTION}\right)"
PRINTED = {
    ("layer_norm", "x"): rf"\frac{{1}}{{\sqrt{{\sigma^{{2}} + \epsilon}}}} {THREE}",
    ("layer_norm", r"\gamma"): r"\frac{\partial L}{\partial y_{i}} \hat{x}_{i}",
    ("layer_norm_r", "x"): rf"r{THREE}",
    ("batch_norm", "X"): r"\frac{1}{\sqrt{\sigma^{2}_{j} + \epsilon}} \left(\frac{\partial L}{\partial\hat{X}_{ij}}"
    r" - \frac{1}{n} \sum_{k} \frac{\partial L}{\partial\hat{X}_{kj}}"
    r" - \frac{1}{n} \hat{X}_{ij} \sum_{k} \frac{\partial L}{\partial\hat{X}_{kj}} \hat{X}_{kj}\right)",
    ("batch_norm", r"\gamma"): r"\sum_{i} \frac{\partial L}{\partial Y_{ij}} \hat{X}_{ij}",
    ("batch_norm", r"\beta"): r"\sum_{i} \frac{\partial L}{\partial Y_{ij}}",
    ("rms_norm", "x"): rf"r\left(\frac{{\partial L}}{{\partial\hat{{x}}_{{i}}}} - {PROJECTION}\right)",
    ("attention", "Q"): r"\frac{1}{\sqrt{d}} \sum_{j} \frac{\partial L}{\partial S_{ij}} K_{jk}",
    ("softmax", "z"): r"p_{i}\left(\frac{\partial L}{\partial p_{i}}"
    r" - \sum_{k} \frac{\partial L}{\partial p_{k}} p_{k}\right)",
    ("log_sum_exp", "x"): r"\frac{e^{x_{i}}}{\sum_{k} e^{x_{k}}}",
    ("convolution", "x"): r"\sum_{i} \frac{\partial L}{\partial y_{i}} w_{p-i+1}",
    ("convolution", "w"): r"\sum_{i} \frac{\partial L}{\partial y_{i}} x_{i+k-1}",
    ("convolution", "b"): r"\sum_{i} \frac{\partial L}{\partial y_{i}}",
    ("logistic", r"\beta_0"): r"\sum_{i} (p_{i} - t_{i})",
    ("logistic", r"\beta_1"): r"\sum_{i} x_{i}(p_{i} - t_{i})",
    ("chain", "x"): r"h_{i}(1 - h_{i}^{2})",
    ("ridge", r"\lambda"): r"\sum_{k} w_{k}^{2}",
}
DL_DS = r"\frac{\partial L}{\partial S}"
GATE = r"\left(B \odot \frac{\partial L}{\partial H} \odot \operatorname{SiLU}'(A)\right)"
MATRICES = {
    ("attention", "Q"): rf"\frac{{1}}{{\sqrt{{d}}}} {DL_DS} K",
    ("attention", "K"): rf"\frac{{1}}{{\sqrt{{d}}}} \left({DL_DS}\right)^{{T}} Q",
    ("attention", "V"): r"P^{T} \frac{\partial L}{\partial O}",
    ("attention", "P"): r"\frac{\partial L}{\partial O} V^{T}",
    ("attention", "S"): r"P \odot \left(\frac{\partial L}{\partial P}"
    r" - \left(\frac{\partial L}{\partial P} \odot P\right) \boldsymbol{1} \boldsymbol{1}^{T}\right)",
    ("softmax", "z"): r"p \odot \left(\frac{\partial L}{\partial p} - p^{T} \frac{\partial L}{\partial p}\right)",
    ("cross_entropy", "W"): r"\frac{1}{n} X^{T}(P - T)",
    ("cross_entropy", "b"): r"\frac{1}{n} (P - T)^{T} \boldsymbol{1}",
    ("log_sum_exp", "x"): r"\operatorname{softmax}(x)",
    ("swiglu", "W"): rf"X^{{T}}{GATE}",
    ("swiglu", "X"): r"\left(\frac{\partial L}{\partial H} \odot \operatorname{SiLU}(A)\right) V^{T} + " + GATE
    + " W^{T}",
    ("ridge", "w"): r"2(\lambda w + X^{T}(X w - y))",
    ("ridge", r"\lambda"): r"\lVert w \rVert^{2}",
    ("trace", "X"): "A",
    ("quadratic", "x"): "(A + A^{T}) x",
    ("quadratic", "A"): "x x^{T}",
    ("least_squares", "X"): "2 A^{T}(A X - B)",
    ("least_squares", "A"): "2(A X - B) X^{T}",
    ("norm", "x"): r"\frac{x}{\lVert x \rVert}",
    ("log_det", "A"): "(A^{-1})^{T}",
    ("inverse", "A"): "-(A^{-1})^{T} u v^{T} (A^{-1})^{T}",
    ("opaque_function", "W"): r"\left(\frac{\partial L}{\partial y} \odot f'(z)\right) x^{T}",
    ("opaque_function", "x"): r"W^{T}\left(\frac{\partial L}{\partial y} \odot f'(z)\right)",
    ("batch_norm", r"\beta"): r"\left(\frac{\partial L}{\partial Y}\right)^{T} \boldsymbol{1}",
}  # fmt: skip


def derivation(name):
    return Derivation(SYSTEMS[name].program)


@pytest.mark.parametrize(("name", "letter"), PRINTED)
def test_the_index_form_is_that_of_a_paper(name, letter):
    d = derivation(name)
    assert latex(d.index(letter), d).partition(" = ")[2] == PRINTED[name, letter]


@pytest.mark.parametrize(("name", "letter"), MATRICES)
def test_the_matrix_form_is_that_of_a_paper(name, letter):
    d = derivation(name)
    assert latex(d.matrix(letter), d).partition(" = ")[2] == MATRICES[name, letter]


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_step_is_proved_and_the_views_agree(name):
    d = derivation(name)
    assert recheck(d).steps == len(d.steps)
    assert agree(d).entries > 2


@pytest.mark.parametrize("name", SYSTEMS)
def test_everything_can_be_written_in_every_language(name):
    d = derivation(name)
    for notation in ("nielsen", "goodfellow"):
        writer = Writer(d, notation)
        boxes = [writer.box(step) for step in d.steps]
        assert all(latex(step, d, notation) and plain(box) and typst(box)
                   for step, box in zip(d.steps, boxes, strict=True))  # fmt: skip


N = Space("row", Width("n"), "i")
ROW, K = Index("i", N), Index("k", N)
A, X, Y = Named("A", (N, N)), Named("x", (N,)), Named("y", (N,))
F, L = number("f"), number("L")


@pytest.mark.parametrize("name", [Inverse(A), Slope(Opaque("L", Y), 0), Adjoint(F, Y)])
def test_what_has_a_meaning_of_its_own_cannot_be_defined_nor_name_something_else(name):
    indices = (ROW, K)[: len(name.spaces)]
    with pytest.raises(EquationError, match="has a meaning of its own"):
        program(
            [Equation(name[indices], total(A[ROW, K], ROW, K) if len(indices) > 2 else Mul(*(X[i] for i in indices)))]
        )
    d = Derivation(program([Equation(F, total(A[ROW, K] * X[ROW] * X[K], ROW, K))], ["A", "x"]))
    entry = (A[ROW, K], X[ROW])[2 - len(indices)]
    naming = replace(d.steps[1], number=1, claim=Equation(name[indices], Partial(F, entry)), rule="name", premises=())
    with pytest.raises(KernelError, match=r"meaning of its own|the name of another derivative"):
        recheck_steps(d.program, (d.steps[0], naming))


def test_an_entry_beyond_the_ends_of_its_axis_is_0_and_only_that():
    space = Space("in", Width("m"), "p")
    u, w, out = Named("u", (space,)), Named("w", (N,)), Named("v", (N,))
    shifted = u[ROW + K - 1]
    p = Index("p", space)
    assert equal(total(w[K] * shifted, K), total(w[K] * KroneckerDelta(p, ROW + K - 1) * u[p], K, p))
    assert not equal(total(w[K] * shifted, K), total(w[K] * u[ROW + K], K))
    # 1 within the axis and 0 beyond is not 1: so nothing is put in at a place that may lie beyond the ends
    reader = Reader.using([Equation(u[p], Integer(1))])
    assert not vanishes(difference(reader, shifted, Integer(1)))
    assert vanishes(difference(reader, u[p], Integer(1)))
    assert out[ROW] != shifted


def test_a_fact_about_rows_says_nothing_of_columns_or_the_diagonal():
    reader = Reader.using([Equation(total(A[ROW, K], K), Integer(1))])
    other = Index("m", N)
    assert vanishes(difference(reader, total(X[ROW] * A[ROW, K], ROW, K), total(X[ROW], ROW)))
    assert vanishes(difference(reader, total(A[other, K], K), Integer(1)))
    assert not vanishes(difference(reader, total(A[K, ROW], K), Integer(1)))
    assert not vanishes(difference(reader, total(A[K, K], K), Integer(1)))
    assert not vanishes(difference(reader, total(A[ROW, K] * X[K], K), X[ROW]))


SHIFTED = {
    "the other way": (total(X[K] * Y[ROW + K], K), total(X[K] * Y[ROW - K], K), False),
    "renamed": (total(X[K] * Y[ROW + K], K), total(X[Index("m", N)] * Y[ROW + Index("m", N)], Index("m", N)), True),
    "by one": (total(X[K] * Y[K + 1], K), total(X[K + 1] * Y[K], K), False),
    "both by one": (total(X[K - 1] * Y[K], K), total(X[K] * Y[K + 1], K), True),
    "out of the sum": (total(Y[K + 1], K), total(Y[K], K), False),
    "stride": (total(X[K] * Y[2 * K], K), total(X[K] * Y[K + K], K), True),
    "half": (total(X[K] * Y[2 * K], K), total(X[2 * K] * Y[K], K), False),
    "2k = 2i + 1 never": (total(KroneckerDelta(2 * K, 2 * ROW + 1) * X[K], K), Integer(0), True),
}


@pytest.mark.parametrize("name", SHIFTED)
def test_shifted_entries_are_equal_where_they_are(name):
    left, right, holds = SHIFTED[name]
    assert equal(left, right) == holds


def test_what_a_mean_implies_is_known():
    mean, spread = number(r"\mu"), Named("s", (N,))
    p = program([Equation(mean, total(X[K], K) / N.size), Equation(spread[ROW], X[ROW] - mean),
                 Equation(F, total(spread[K] ** 2, K) / 2)], ["x"])  # fmt: skip
    d = Derivation(p)
    assert latex(d.index("x"), d).endswith("= s_{i}")
    assert recheck(d).steps == len(d.steps)


def test_a_derivative_by_a_number_and_through_a_number():
    scale = number("s")
    p = program([Equation(scale, total(X[K] ** 2, K)), Equation(F, scale**2 + scale)], ["x", "s"])
    d = Derivation(p)
    assert str(d.index("s").rhs) == "2*s + 1"
    assert str(d.index("x").rhs) == "2*(2*s + 1)*x[i]"
    assert recheck(d).steps == len(d.steps)


def test_a_function_of_two_arguments_and_one_that_the_text_defines():
    loss, u = unknown(r"\ell", 2), unknown("g")
    argument = Scalar("u", "argument")
    p = program(
        [Equation(F, total(loss(u(X[K]), Y[K]), K))], ["x", "y"], functions=[Equation(u(argument), argument**3)]
    )
    d = Derivation(p)
    assert latex(d.index("x"), d).endswith(r"= g'(x_{i}) \partial_{1}\ell(g(x_{i}), y_{i})")
    assert recheck(d).steps == len(d.steps)
    assert pickle.loads(pickle.dumps(d)) == d


def test_a_derivative_that_two_paths_share_is_not_written_as_the_whole():
    w = Named("w", (N,))
    p = program([Equation(Y[ROW], A[ROW, ROW] * w[ROW]), Equation(L, Opaque("L", Y, w))], ["w"])
    d = Derivation(p)
    assert latex(d.index("w"), d).endswith(r"= (\partial_{2}L)_{i} + \frac{\partial L}{\partial y_{i}} A_{ii}")
    assert recheck(d).steps == len(d.steps)


def test_a_softmax_by_its_log_sum_exp_is_folded_too():
    z, p, s = Named("z", (N,)), Named("p", (N,)), number("s")
    definitions = [
        Equation(s, log(total(exp(z[K]), K))),
        Equation(p[ROW], exp(z[ROW] - s)),
        Equation(L, Opaque("L", p)),
    ]
    d = Derivation(program(definitions, ["z"]))
    assert latex(d.matrix("z"), d).partition(" = ")[2] == MATRICES["softmax", "z"]
    assert recheck(d).steps == len(d.steps)


def test_terms_with_a_common_factor_are_collected():
    gram, S = Named("X", (Space("sample", Width("m"), "s"), N)), Named("S", (N, N))
    s = Index("s", gram.spaces[0])
    d = Derivation(program([Equation(S[ROW, K], total(gram[s, ROW] * gram[s, K], s)), Equation(F, LogDet(S))], ["X"]))
    assert latex(d.matrix("X"), d).partition(" = ")[2] == "X(S^{-1} + (S^{-1})^{T})"
    assert recheck(d).steps == len(d.steps)


def test_a_determinant():
    d = Derivation(program([Equation(F, Det(A))], ["A"]))
    assert latex(d.matrix("A"), d) == r"\frac{\partial f}{\partial A} = (\det A) (A^{-1})^{T}"
    assert recheck(d).steps == 2
    given = {"A": np.array([[2.0, 1.0], [0.5, 3.0]])}
    target, gradients = Engine(d, "numpy")(given)
    assert target == pytest.approx(5.5)
    np.testing.assert_allclose(gradients["A"], [[3.0, -0.5], [-1.0, 2.0]], atol=1e-14)


def test_entries_at_concrete_sizes_and_expanded():
    p = program(
        [Equation(Y[ROW], total(A[ROW, K] * X[K], K)), Equation(F, total(Y[K] ** 2, K) / 2)], ["x"], sizes={"n": 2}
    )
    d = Derivation(p)
    assert str(d.entry("x", 0, 1)) == "A[1, 1]*y[1] + A[2, 1]*y[2]"
    assert str(d.entry("x", 0, 1, expand=True)).count("x[") == 4
    with pytest.raises(IndexError, match="none at"):
        d.entry("x", 0, 3)


def test_a_derivation_finds_letters_and_says_which_there_are():
    d = derivation("attention")
    assert d.has("Q") and d.has("S") and not d.has("L")
    with pytest.raises(KeyError, match="R does not occur; there are"):
        d.index("R")
    with pytest.raises(TypeError, match="of a program, not of a network"):
        _ = d.network
    with pytest.raises(TypeError, match="wrt is for programs"):
        Derivation(Network([2, 1]), ("W",))
    with pytest.raises(EquationError, match="R does not occur"):
        _ = Derivation(SYSTEMS["attention"].program, ("R",)).program
    only = Derivation(SYSTEMS["attention"].program, ("V",))
    assert only.has("V") and not only.has("Q")
    assert "$$" in only._repr_markdown_() and pickle.loads(pickle.dumps(only)) == only


def test_what_cannot_be_a_matrix_says_so():
    cube = Named("T", (N, N, N))
    d = Derivation(program([Equation(F, total(cube[ROW, K, Index("m", N)] * X[ROW], ROW, K, Index("m", N)))], ["T"]))
    with pytest.raises(NoMatrixForm, match="has 3 indices"):
        d.matrix("T")
    assert recheck(d).steps == len(d.steps)


@pytest.mark.parametrize(
    ("name", "box"),
    [
        (r"\hat{x}", r"\hat{x}"), (r"W_{out}", r"W_{out}"), (r"\sigma^2", r"\sigma^{2}"), (r"\mathbf{h}'", None),
        (r"\mathrm{scores}", r"\mathrm{scores}"), (r"\mathcal{F}", r"\mathcal{F}"), (r"\tilde{x}_1", r"\tilde{x}_{1}"),
    ],
)  # fmt: skip
def test_names_are_written_as_they_were_read(name, box):
    assert emitted(spelled(name)) == (box or r"\boldsymbol{h}'")


@pytest.mark.parametrize("name", ["", "x_", "{x", r"\unknown", "a_1_2", "x" * 300, r"\frac{1}{2}", "}"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(Unspelled):
        spelled(name)


def test_rational_numbers_and_constants_keep_their_place():
    d = Derivation(program([Equation(F, Rational(1, 3) * total(X[K] ** 3, K))], ["x"]))
    assert latex(d.index("x"), d) == r"\frac{\partial f}{\partial x_{i}} = x_{i}^{2}"
