"""The canonical form: what is rewritten stays equal, what is not equal is not found equal, at numbers of its own."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Rational,
    cosh,
    erf,
    exp,
    log,
    sign,
    sinh,
    sqrt,
    tanh,
)

from derive.symbols import Array, Index, Scalar, Space, Width, total
from tests.numeric import same
from verify.equality import Undecided, equal

N, M = Space("in", Width("n")), Space("out", Width("m"))
J, L, K, P, Q = Index("j", M), Index("l", M), Index("k", N), Index("p", N), Index("q", N)
W, X, Y, D = Array("W", 1, (M, N)), Array("x", 0, (N,)), Array("y", 1, (N,)), Array("d", 1, (M,))
U = Scalar("u", "argument")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (total(X[K], K) - total(X[P], P), 0),
        (total(X[K], K) * total(Y[K], K), total(X[P] * Y[Q], P, Q)),
        (total(X[K], K) ** 2, total(X[K] * X[P], K, P)),
        (total(KroneckerDelta(K, P) * X[K], K), X[P]),
        (total(KroneckerDelta(K, P) * KroneckerDelta(P, Q), P), KroneckerDelta(K, Q)),
        (KroneckerDelta(K, P) * X[K], KroneckerDelta(P, K) * X[P]),
        (total(total(W[J, K] * X[K], K) * D[J], J), total(X[P] * total(D[L] * W[L, P], L), P)),
        (total(Integer(1), K), Width("n")),
        (total(KroneckerDelta(K, K), K), Width("n")),
        (1 / (1 - X[K]) - 1, X[K] / (1 - X[K])),
        ((-Y[K] / X[K] + (1 - Y[K]) / (1 - X[K])) * X[K] * (1 - X[K]), X[K] - Y[K]),
        (exp(X[K] + Y[K]) * exp(-Y[K]), exp(X[K])),
        (exp(2 * X[K]), exp(X[K]) ** 2),
        (exp(3 * log(X[K])), X[K] ** 3),
        (1 / (1 + exp(-U)), exp(U) / (1 + exp(U))),
        (sqrt(total(X[K] ** 2, K)) ** 2, total(X[P] ** 2, P)),
        (sqrt(2) / 2, 1 / sqrt(2)),
        (total(X[K] ** 2, K) ** Rational(-3, 2) * total(X[P] ** 2, P), 1 / sqrt(total(X[P] ** 2, P))),
        (sinh(U) / cosh(U), tanh(U)),
        (tanh(-U), -tanh(U)),
        (cosh(X[K] - Y[K]), cosh(Y[K] - X[K])),
        (erf(-U), -erf(U)),
        (Abs(U), Piecewise((U, U > 0), (-U, True))),
        (Abs((Y[K] - X[K]) / Y[K]), Abs(Y[K] - X[K]) / Abs(Y[K])),
        (sign(U) ** 2, 1),
        (sign(-U), -sign(U)),
        (Piecewise((1, U > 0), (0, True)) ** 3, Piecewise((1, U > 0), (0, True))),
        (Piecewise((1, U > 0), (0, True)) + Piecewise((1, -U > 0), (0, True)), 1),
        (total(exp(X[K]) / total(exp(X[P]), P) * Y[K], K), total(exp(X[Q]) * Y[Q], Q) / total(exp(X[K]), K)),
    ],
)
def test_equal(left, right):
    assert equal(left, right if isinstance(right, Expr) else Integer(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (total(X[K] * Y[K], K), total(X[K], K) * total(Y[K], K)),
        (total(X[K], K), X[K]),
        (total(W[J, K] * X[K], K), total(W[J, K], K) * X[P]),
        (W[J, K] * KroneckerDelta(K, P), W[J, K]),
        (total(W[J, K] * W[L, K], K), total(W[J, K] * W[J, K], K)),
        (total(X[K] * total(X[P], P), K), total(X[K] ** 2, K)),
        (X[K] - Y[K], Y[K] - X[K]),
        (exp(X[K] * Y[K]), exp(X[K]) * exp(Y[K])),
        (sqrt(X[K] ** 2), X[K]),
        (Abs(U), U),
        (tanh(U), U),
        (X[K] * (1 + Rational(1, 10**12)), X[K]),
        (1 / Piecewise((1, U > 0), (2, True)), Piecewise((1, U > 0), (2, True))),
        (Width("n"), Width("m")),
        (X[Integer(1)], X[Integer(2)]),
    ],
)
def test_not_equal(left, right):
    assert not equal(left, right)


def test_what_is_too_large_is_not_decided():
    with pytest.raises(Undecided):
        equal((total(X[K], K) + total(Y[K], K) + 1) ** 40, Integer(0))


INDICES = (K, P)


def leaves():
    entries = [X[K], Y[K], X[P], Y[P], total(X[K] * Y[K], K), total(W[J, K] * Y[K], J, K), KroneckerDelta(K, P)]
    return st.sampled_from([*entries, Integer(2), Rational(-1, 3), total(X[Q], Q), total(Y[Q] * X[Q] ** 2, Q)])


FORMULAS = st.recursive(
    leaves(),
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(lambda pair: Add(*pair)),
        st.tuples(parts, parts).map(lambda pair: Mul(*pair)),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(FORMULAS, FORMULAS)
def test_equal_exactly_where_the_numbers_are(left, right):
    assert equal(left, right) == same(left, right, INDICES)


@settings(max_examples=150, deadline=None)
@given(FORMULAS, st.randoms(use_true_random=False))
def test_rewriting_keeps_equality(formula, rng):
    assert equal(formula, rewritten(formula, rng))


def rewritten(formula: Expr, rng: random.Random) -> Expr:
    """The same formula, distributed, reordered, with deltas put in and taken apart."""
    if isinstance(formula, Mul) and rng.random() < 0.7:
        places = [n for n, part in enumerate(formula.args) if isinstance(part, Add)]
        if places:
            n = rng.choice(places)
            rest = [*formula.args[:n], *formula.args[n + 1 :]]
            return Add(*(Mul(rewritten(term, rng), *rest) for term in formula.args[n].args))
    if formula == X[K]:
        return total(KroneckerDelta(Q, K) * X[Q], Q)
    if isinstance(formula, Add | Mul):
        return formula.func(*(rewritten(part, rng) for part in formula.args))
    return formula
