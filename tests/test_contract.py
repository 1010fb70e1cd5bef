"""Sums and deltas, and SymPy's traps that the project's own rules avoid."""

import pytest
from sympy import Integer, KroneckerDelta

from derive.contract import common_factors, contract, instantiate, tidy
from derive.differentiate import differentiate
from derive.symbols import Array, Index, Space, Width, total

N, M = Space("in", Width("n")), Space("out", Width("m"))
J, K, P, Q = Index("j", M), Index("k", N), Index("p", N), Index("i", N)
W, X, D = Array("W", 1, (M, N)), Array("x", 0, (N,)), Array("d", 1, (M,))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (total(KroneckerDelta(K, P) * W[J, K] * X[K], K), W[J, P] * X[P]),
        (total(D[J] * X[K], K), D[J] * total(X[K], K)),
        (total(Integer(1), K), Width("n")),
        (total((KroneckerDelta(K, P) - X[P]) * X[K], K), X[P] - X[P] * total(X[K], K)),
        (total(X[K] * total(X[Q] * KroneckerDelta(K, P), Q), K), X[P] * total(X[Q], Q)),
    ],
)
def test_contract(given, expected):
    assert tidy(contract(given)) == tidy(expected)


def test_a_derivative_meets_each_entry_once():
    assert contract(differentiate(total(X[K] ** 2, K), X[P])) == 2 * X[P]


def test_a_value_is_never_captured():
    assert instantiate(total(W[J, K] * X[K] * X[P], K), {P: K}) == X[K] * 0 + total(W[J, Q] * X[Q] * X[K], Q)


def test_equal_sums_are_written_equally():
    assert tidy(total(X[Q], Q)) - tidy(total(X[P], P)) == 0


def test_common_factors():
    assert common_factors(X[K] * D[J] - X[K] * X[P]) == X[K] * (D[J] - X[P])
