r"""Definitions as papers write them: read with the shapes that a reader expects, proved, printed so as to be read."""

import pytest
from sympy import Integer, Rational, Sum, pi, sqrt

from derive import Derivation, differentiate
from derive.latex import latex
from derive.linear import MatrixEquation
from derive.matrix import NoMatrixForm
from derive.named import Named
from derive.symbols import Index, Space, Width
from verify import check
from verify.equality import equal
from verify.kernel import KernelError, recheck
from verify.programs.reading import program_read, programmed
from verify.views import ViewsDiffer, agree

GAUSSIANS = r"L = \sum_i \log \sum_k \pi_k \frac{1}{\sqrt{2 \pi s_k^2}} \exp\left(-\frac{(x_i - m_k)^2}{2 s_k^2}\right)"
CONTRAST = r"L = -\sum_i \log \frac{\exp(S_{ii} / \tau)}{\sum_j \exp(S_{ij} / \tau)}"

SHAPES = [
    ([r"L = \sum_i \log(1 + e^{-y_i z_i})", "z = X w + b"], {"X": 2, "w": 1, "z": 1, "b": 1}),
    ([r"f = \sum_i \max(0, 1 - y_i z_i)", "z = X w"], {"X": 2, "w": 1}),
    ([r"p = \operatorname{softmax}(z / T)", r"L = -\sum_i y_i \log p_i"], {"z": 1, "T": 0}),
    (
        [r"L = \sum_i (x_i - \mu)^T \Sigma^{-1} (x_i - \mu) + n \log |\Sigma|"],
        {"x": 2, r"\mu": 1, r"\Sigma": 2, "n": 0},
    ),
    ([r"L = \sum_i \log \sum_k w_k \exp(-\lVert x_i - m_k \rVert^2)"], {"x": 2, "m": 2, "w": 1}),
    ([GAUSSIANS], {r"\pi": 1, "m": 1, "s": 1, "x": 1}),
]


@pytest.mark.parametrize(("given", "axes"), SHAPES)
def test_letters_have_the_axes_that_a_reader_expects(given, axes):
    read = program_read(given)
    assert {name: len(read.shapes[name]) for name in axes} == axes
    assert recheck(Derivation(read.program)).steps


VIEWS = [
    ([r"L = \sum_i \log \left(\sum_k \exp\left((x_i - m_k)^2\right)\right)"], "m", True),
    ([r"f = \operatorname{softmax}(x)_1"], "x", False),
    ([CONTRAST], "S", True),
    ([r"f = \sum_i a_i b_i c_i d_i e_i \sin(a_i b_i c_i d_i e_i g_i)"], "a", True),
    ([r"f = \sum_i \log(x_i + \sum_k y_k x_i^2)"], "x", True),
]


@pytest.mark.parametrize(("given", "letter", "matrix"), VIEWS)
def test_the_forms_agree_wherever_there_are_several(given, letter, matrix):
    derivation = Derivation(programmed(given, wrt=[letter]))
    assert agree(derivation).entries
    assert recheck(derivation).steps == len(derivation.steps)
    if matrix:
        assert derivation.matrix(letter).rhs.shape is not None
    else:
        with pytest.raises(NoMatrixForm):
            derivation.matrix(letter)


def test_a_sum_of_products_has_a_matrix_form_term_by_term():
    derivation = Derivation(programmed([r"f = \lVert X - X W W^T \rVert_F^2"], wrt=["W"]))
    form = latex(derivation.matrix("W"), derivation).partition(" = ")[2]
    assert form == r"2((X W W^{T} - X)^{T} X W + X^{T}(X W W^{T} - X) W)"


def test_a_matrix_form_of_another_shape_is_caught(monkeypatch):
    derivation = Derivation(programmed([r"f = \lVert X w \rVert^2"], wrt=["w"]))
    truth = Derivation.matrix
    monkeypatch.setattr(
        Derivation, "matrix", lambda self, *of: MatrixEquation((one := truth(self, *of)).lhs, one.rhs.T)
    )
    other = Derivation(programmed([r"f = \lVert X w \rVert^2"], wrt=["X"]))
    assert agree(derivation).entries
    with pytest.raises(ViewsDiffer):
        agree(other)
    monkeypatch.setattr(Derivation, "matrix", lambda self, *of: MatrixEquation(truth(self, *of).lhs, Integer(1)))
    with pytest.raises(ViewsDiffer, match="1 in matrix form"):
        agree(derivation)


@pytest.mark.parametrize("given", [CONTRAST, GAUSSIANS])
def test_a_logarithm_of_a_product_is_proved_and_a_lie_about_it_refused(given, monkeypatch):
    assert recheck(Derivation(programmed([given]))).steps
    truth = differentiate._product
    monkeypatch.setattr(differentiate, "_product", lambda factors, by: Rational(101, 100) * truth(factors, by))
    with pytest.raises(KernelError):
        recheck(Derivation(programmed([given])))


def test_constants_that_all_terms_share_stand_in_front():
    space = Space("n", Width("n"), "i")
    i = Index("i", space)
    p, q = (Named(letter, (space,))[i] for letter in "pq")
    for constant in (sqrt(2), pi, sqrt(2 * pi), 1 / sqrt(3)):
        assert equal(1 / Sum(constant * p, (i, 1, space.size)), 1 / Sum(p, (i, 1, space.size)) / constant)
        assert equal(constant / (constant * p + constant * q), 1 / (p + q))
        assert not equal(constant**2 / (constant * p + constant * q), 1 / (p + q))
    assert not equal(1 / (sqrt(2) * p + sqrt(3) * q), 1 / (p + q) / sqrt(2))
    assert not equal(sqrt(2) / (sqrt(2) * p + 2 * q), 1 / (p + q))


def test_nothing_is_divided_by_what_a_definition_multiplies_with():
    norm = r"y_i = g_i \frac{x_i}{\sqrt{\frac{1}{d} \sum_{j=1}^d x_j^2 + \epsilon}}"
    derivation = Derivation(programmed([norm]))
    assert "oslash" not in latex(derivation.matrix("g"), derivation) + latex(derivation.matrix("x"), derivation)


def test_entries_are_multiplied_by_a_circle_within_functions_too():
    derivation = Derivation(programmed([r"f = \sum_i \max(0, 1 - y_i z_i)"], wrt=["z"]))
    assert latex(derivation.matrix("z"), derivation).endswith(r"-y \odot \operatorname{ReLU}'(1 - y \odot z)")


def test_a_log_det_in_a_product_stands_in_brackets():
    derivation = Derivation(programmed([r"f = n \log \det A"], wrt=["n"]))
    assert latex(derivation.program.definitions[-1], derivation) == r"f = (\log \det A) n"


def test_a_chain_is_no_definition_of_the_checker():
    found = check(r"\frac{\partial f}{\partial x} = 2 x", given=[r"f = x^2 = x^3"])
    assert found.verdict == "unreadable"
    assert found.message == "a definition says once what f is: write “f = x^{2}” or “f = x^{3}”"
