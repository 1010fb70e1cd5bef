"""What is printed says what was meant: `reading` reads it back as the same number."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Abs, Rational, cosh, exp, log, tanh

from derive import Derivation, Network
from derive.emit.latex import latex as to_latex
from derive.emit.plain import plain as to_plain
from derive.formula import Writer
from derive.formula.pieces import Piece
from derive.symbols import Array, Index, total
from derive.tables.losses import LOSSES
from tests.reading import (
    WIDTH,
    MatrixReader,
    Reader,
    evaluate,
    latex_tokens,
    matrix_tokens,
    plain_tokens,
    positive_values,
)

NET = Network([WIDTH, WIDTH, WIDTH])
ARRAYS = {role: NET.array(role, 2) for role in "Wbzay"} | {"delta": Array("delta", 2, NET.spaces[2:])}
KAY, EYE = (Index(letter, NET.spaces[1]) for letter in "ki")


def leaves(indices=(1, 2, 3)):
    vector = st.sampled_from(["b", "z", "a", "y", "delta"])
    entries = st.builds(lambda role, j: ARRAYS[role][j], vector, st.sampled_from(indices))
    weights = st.builds(lambda j, k: ARRAYS["W"][j, k], st.sampled_from(indices), st.sampled_from([1, 2, 3]))
    numbers = st.builds(Rational, st.integers(-4, 4), st.sampled_from([1, 1, 1, 2, 3, 20]))
    return st.one_of(entries, weights, numbers)


def series(body):
    """Σ_k over a hidden layer: of w_jk a_k times a body, of the square of a sum, of a sum within a sum."""
    hidden = NET.array("a", 1)
    return st.one_of(
        st.builds(lambda c: total(ARRAYS["W"][1, KAY] * hidden[KAY] * c, KAY), body),
        st.builds(lambda c: total((hidden[KAY] + c) ** 2, KAY), body),
        st.builds(lambda c: total((hidden[KAY] - c) * total(hidden[EYE] + hidden[KAY], EYE), KAY), body),
    )


def grown(body):
    return st.one_of(
        st.builds(lambda u, v: u + v, body, body),
        st.builds(lambda u, v: u - v, body, body),
        st.builds(lambda u, v: u * v, body, body),
        st.builds(lambda u, v: u / (1 + v**2), body, body),
        st.builds(lambda u, v: u / v, body, leaves().filter(lambda one: one != 0)),
        st.builds(lambda u, n: u**n, body, st.sampled_from([2, 3])),
        st.builds(lambda u: (1 + u**2) ** Rational(-3, 2), body),
        st.builds(lambda f, u: f(u), st.sampled_from([tanh, cosh, Abs, lambda u: log(2 + u**2)]), body),
        st.builds(lambda u: exp(u / 8), body),
        series(body),
    )


EXPRESSIONS = st.recursive(leaves(), grown, max_leaves=9)
LANGUAGES = [(to_latex, latex_tokens), (to_plain, plain_tokens)]


@pytest.mark.parametrize(("emit", "tokens"), LANGUAGES, ids=["latex", "plain"])
@settings(max_examples=250, deadline=None)
@given(expression=EXPRESSIONS, seed=st.integers(0, 99))
def test_what_is_printed_reads_back_as_the_same_number(emit, tokens, expression, seed):
    value = positive_values(seed)
    try:
        meant = evaluate(expression, value, {})
    except (OverflowError, ZeroDivisionError):
        assume(False)
    assume(not isinstance(meant, complex) and abs(meant) < 1e12)
    text = emit(Writer(NET).box(expression))
    scale = max(1.0, abs(meant))
    assert Reader(tokens(text), value).read() == pytest.approx(meant, abs=1e-7 * scale), text


@pytest.mark.parametrize(("emit", "tokens"), LANGUAGES, ids=["latex", "plain"])
@pytest.mark.parametrize("network", [Network([3, 3, 3]), Network([3, 3, 3], ["tanh", "softmax"])])
def test_entries_read_back(emit, tokens, network):
    derivation, value = Derivation(network), positive_values(7)
    pairs = [pair for layer in (1, 2) for pair in derivation.definitions("z", layer)]
    pairs += derivation.entries("W", 2)
    for _, right in pairs:
        text = emit(Writer(derivation).box(right))
        assert Reader(tokens(text), value).read() == pytest.approx(evaluate(right, value, {}))


LIES = [
    (lambda text: text.replace("-", "+", 1), r"(a^{3}_{1} - y_{1}) z^{3}_{1}"),
    (lambda text: text.replace("(", "").replace(")", ""), r"(a^{3}_{1} - y_{1}) z^{3}_{1}"),
    (lambda text: text.replace("_{12}", "_{21}"), r"w^{3}_{12} a^{2}_{2}"),
    (lambda text: text.replace(r"\left(", "").replace(r"\right)", ""), r"\sum_{k} \left(a^{2}_{k} - y_{1}\right)"),
]


@pytest.mark.parametrize(("lie", "text"), LIES)
def test_the_reader_notices_a_small_lie(lie, text):
    value = positive_values(1)
    true, false = (Reader(latex_tokens(one), value).read() for one in (text, lie(text)))
    assert true != pytest.approx(false)


def test_the_property_fails_without_brackets(monkeypatch):
    expression, value = (ARRAYS["a"][1] - ARRAYS["y"][1]) * ARRAYS["z"][1] ** 2, positive_values(1)
    meant = evaluate(expression, value, {})
    assert Reader(latex_tokens(to_latex(Writer(NET).box(expression))), value).read() == pytest.approx(meant)
    monkeypatch.setattr(Piece, "at", lambda self, least: self.box)
    with pytest.raises((AssertionError, ValueError)):
        assert Reader(latex_tokens(to_latex(Writer(NET).box(expression))), value).read() == pytest.approx(meant)


# --- matrix forms, read as arrays, against the index claims that they were recognised in ---

SMOOTH = [name for name in LOSSES if name not in ("hinge", "huber")]  # these are written in cases


@pytest.mark.parametrize("last", ["sigmoid", "softmax", "linear"])
@pytest.mark.parametrize("loss", SMOOTH)
def test_a_matrix_form_reads_back_as_its_entries(loss, last):
    derivation, value = Derivation(Network([WIDTH] * 3, ["sigmoid", last], loss)), positive_values(3)
    writer = Writer(derivation)
    for role, layer in (("W", 1), ("b", 2), ("a", 2), ("delta", 2), ("delta", 1), ("a", 1)):
        claim = derivation.index(role, layer)
        text = to_plain(writer.box(derivation.matrix(role, layer).rhs))
        found = MatrixReader(matrix_tokens(text), value).read()
        assert found == pytest.approx(entries_of(claim, value)), text


def entries_of(claim, value):
    """The right side of an index claim at all values of its free indices, as a matrix or a column."""
    rows = range(1, WIDTH + 1)
    j, *more = claim.indices
    if not more:
        return np.array([[evaluate(claim.rhs, value, {j: row})] for row in rows])
    return np.array([[evaluate(claim.rhs, value, {j: row, more[0]: column}) for column in rows] for row in rows])


MATRIX_LIES = [("⊙", "⊘"), (")ᵀ", ")"), ("σ′(z³)", "σ′(a³)"), ("− y", "+ y")]


@pytest.mark.parametrize(("true", "false"), MATRIX_LIES)
def test_the_matrix_reader_notices_a_small_lie(true, false):
    derivation, value = Derivation(Network([WIDTH] * 3)), positive_values(3)
    text = to_plain(Writer(derivation).box(derivation.matrix("delta", 1 if "ᵀ" in true else 2).rhs))
    assert true in text
    right, wrong = (MatrixReader(matrix_tokens(one), value).read() for one in (text, text.replace(true, false)))
    assert not np.allclose(right, wrong)
