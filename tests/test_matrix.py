"""Matrix form is recognised: BP1–BP4 and their kin come out, and what has no matrix form is refused."""

import pytest
from sympy import HadamardProduct, MatAdd, MatMul, Transpose

from derive import Derivation, Network
from derive.equation import Equation
from derive.linear import AsNumber, Elementwise, Letter
from derive.matrix import NoMatrixForm, matrix_form, recognise
from derive.symbols import Array, Index, Space, Width, total

N, M = Space("in", Width("n")), Space("out", Width("m"))
J, K, P = Index("j", M), Index("k", N), Index("i", N)
W, V, X, D = Array("W", 1, (M, N)), Array("V", 1, (M, N)), Array("x", 0, (N,)), Array("d", 1, (M,))


@pytest.mark.parametrize(
    ("expression", "free", "expected"),
    [
        (total(W[J, K] * X[K], K), (J,), "W1*x"),
        (total(W[J, K] * D[J], J), (K,), "W1.T*d1"),
        (D[J] * X[K], (J, K), "d1*x.T"),
        (W[J, K], (K, J), "W1.T"),
        (total(X[K] ** 2, K), (), "AsNumber(x.T*x)"),
        (total(X[K], K), (), "AsNumber(1.T*x)"),
        (total(D[J] * W[J, K] * X[K], J, K), (), "AsNumber(x.T*W1.T*d1)"),
        (total(W[J, K] * V[J, K] * X[K], K), (J,), "(HadamardProduct(V1, W1))*x"),
        (X[K] * total(X[P], P), (K,), "AsNumber(1.T*x)*x"),
    ],
)
def test_matrix_form(expression, free, expected):
    assert str(matrix_form(expression, free)).replace("(1.T)", "1.T") == expected


def test_what_is_no_product_of_matrices_is_refused():
    cycle = total(W[J, K] * V[J, K] * W[J, P] * X[P] * X[K], K, P)
    cube = Array("T", 1, (M, N, N))
    with pytest.raises(NoMatrixForm, match="joins 3 indices"):
        matrix_form(total(cube[J, K, P] * X[K] * X[P], K, P), (J,))
    assert matrix_form(cycle, (J,)).shape == (Width("m"), 1)


def network(*layers, **rest):
    return Derivation(Network(list(layers), **rest))


def test_the_four_equations_of_backpropagation_come_out():
    d = network(2, 3, 1)
    letter = {name: Letter(d.network.array(*name)) for name in (("W", 2), ("a", 2), ("a", 1), ("y", 2), ("x", 0))}
    delta = {n: Letter(d.name("z", n)) for n in (1, 2)}
    slope = {n: Elementwise(*_slope(d, n)) for n in (1, 2)}
    assert d.matrix("delta", 2).rhs == HadamardProduct(MatAdd(letter["a", 2], -letter["y", 2]), slope[2])
    assert d.matrix("delta", 1).rhs == HadamardProduct(MatMul(Transpose(letter["W", 2]), delta[2]), slope[1])
    assert d.matrix("b", 2).rhs == delta[2]
    assert d.matrix("W", 2).rhs == MatMul(delta[2], Transpose(letter["a", 1]))
    assert d.matrix("W", 1).rhs == MatMul(delta[1], Transpose(letter["x", 0]))


def _slope(d, n):
    return next(one.args for one in d.matrix("delta", n).rhs.args if isinstance(one, Elementwise))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"activations": "softmax", "loss": "cross-entropy"}, "a1 - y"),
        ({"activations": "softmax", "loss": "kl"}, "a1 - y"),
        ({"activations": "sigmoid", "loss": "binary-cross-entropy"}, "a1 - y"),
        ({"activations": "linear", "loss": "half-squared-error"}, "a1 - y"),
        ({"activations": "linear", "loss": "log-cosh"}, "tanh(u - v)⟨a1, y⟩"),
    ],
)
def test_famous_error_signals_come_out(arguments, expected):
    assert str(network(2, 3, **arguments).matrix("delta", 1).rhs) == expected


def test_a_hidden_softmax_has_its_jacobian_form_and_names_what_it_uses_twice():
    d = network(2, 3, 3, activations=["softmax", "linear"])
    assert str(d.matrix("g", 1).rhs) == "W2.T*delta2"
    a, g = Letter(d.network.array("a", 1)), Letter(d.name("a", 1))
    form = d.matrix("delta", 1).rhs
    assert form.args[0] == a
    assert form.has(AsNumber(MatMul(Transpose(a), g)))


def test_an_appended_bias_is_a_block():
    d = network(2, 3, bias="appended")
    assert d.matrix("W", 1).shape == (Width("n_1"), Width("n_0") + 1)
    assert d.forward("z", 1).rhs.args[0].shape == (Width("n_1"), Width("n_0") + 1)


def test_a_claim_keeps_its_left_side():
    form = recognise(Equation(Letter(W).array[J, K], D[J] * X[K]))
    assert form.lhs == Letter(W)
