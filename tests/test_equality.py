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
    Sum,
    cosh,
    erf,
    exp,
    log,
    pi,
    sign,
    sinh,
    sqrt,
    tanh,
)

from derive.equation import Equation
from derive.functions import head
from derive.symbols import Array, Index, Partial, Scalar, Space, Width, total
from tests import strategies
from tests.lies import changed, dropped, flipped, swapped, unsummed
from tests.numeric import same
from verify.equality import Reader, Undecided, difference, equal, vanishes

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
        (KroneckerDelta(K, P) * exp(X[K] * X[P]), KroneckerDelta(K, P) * exp(X[K] ** 2)),
        (total(exp(KroneckerDelta(K, P) * X[K]), K, P), total(exp(KroneckerDelta(P, K) * X[P]), P, K)),
        (KroneckerDelta(K, P) * log(1 + X[K] - X[P]), 0),
        (KroneckerDelta(K, P) / (X[K] + X[P]), KroneckerDelta(K, P) / (2 * X[P])),
        (total(1 / (1 - X[K]) - X[K] / (1 - X[K]), K), Width("n")),
        (total(Y[K] * (1 - X[K]) * X[K] * (1 / X[K] + 1 / (1 - X[K])), K), total(Y[P], P)),
        (total(1 / (1 - X[K]) / (1 + X[K]), K), total(1 / (1 - X[K]) + 1 / (1 + X[K]), K) / 2),
        (total(1 / (1 - X[K]), K), total(-1 / (X[K] - 1), K)),
        (total(Y[K] / (2 * X[K] + 3 * X[P]), K, P), total(Y[P] / (3 * X[K] + 2 * X[P]), K, P)),
        (1 - tanh(U) ** 2, 1 / cosh(U) ** 2),
        (1 / (1 + exp(-U)), (1 + tanh(U / 2)) / 2),
        (total(Y[K] * (1 - tanh(X[K]) ** 2), K), total(Y[K] / cosh(X[K]) ** 2, K)),
        (cosh(U) ** 2 - sinh(U) ** 2, 1),
        (total(tanh(X[K] - X[P]), K, P), 0),
        (Abs(1 + exp(U)), 1 + exp(U)),
        (Abs(sign(U)), sign(U) ** 2),
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
        (KroneckerDelta(K, P) * exp(X[K] * X[P]), KroneckerDelta(K, P) * exp(X[K])),
        (total(KroneckerDelta(K, P) * log(X[K] * X[P]), P), log(X[K])),
        (Sum(X[K], (K, 1, N.size), (K, 1, N.size)), total(X[K], K)),
        (Scalar("E", "loss"), Scalar("E", "constant")),
        (Scalar("pi"), pi),
        (total(sign(X[K] - X[P]) ** 2, K, P), Width("n") ** 2),
        (total(sign(tanh(X[K] - X[P]) ** 2), K, P), Width("n") ** 2),
        (sign(sqrt(1 + KroneckerDelta(K, P))), sign(sqrt(1 - KroneckerDelta(K, P)))),
        (sign(Piecewise((U, U > 0), (0, True))), sign(U)),
    ],
)
def test_not_equal(left, right):
    assert not equal(left, right)


@pytest.mark.parametrize("entry", [Integer(2), Integer(5)])
def test_whether_an_entry_is_there_depends_on_the_width(entry):
    with pytest.raises(Undecided, match="depends on the width"):
        equal(total(KroneckerDelta(K, entry), K), Integer(1))


def test_a_denominator_that_is_0_where_two_letters_agree_is_not_cleared():
    apart = (1 - KroneckerDelta(K, P)) / (X[K] - X[P])
    with pytest.raises(Undecided, match="a division by 0"):
        equal(KroneckerDelta(K, P) * U + apart, KroneckerDelta(K, P) * U * 2 + apart)


def using(*rules: tuple[Expr, Expr]) -> Reader:
    return Reader.using(Equation(left, right) for left, right in rules)


SIGMOID, SLOPE, ARGUMENT = head("sigmoid"), head("sigmoid", 1), Scalar("u", "argument")
RULES = {
    "an equation about another array's entries": (((SLOPE(X[K]), Y[K]),), SLOPE(Y[K]), Y[K], False),
    "two equations about one function": (((SLOPE(X[K]), U), (SLOPE(Y[K]), X[K])), SLOPE(X[P]) * SLOPE(Y[P]), U * X[P],
                                         True),
    "a function of a sum, twice": (((SIGMOID(ARGUMENT), ARGUMENT * SLOPE(ARGUMENT)), (SLOPE(ARGUMENT), ARGUMENT)),
                                   SIGMOID(total(X[K], K)), total(X[K] ** 2, K), False),
    "the same, rightly": (((SIGMOID(ARGUMENT), ARGUMENT * SLOPE(ARGUMENT)), (SLOPE(ARGUMENT), ARGUMENT)),
                          SIGMOID(total(X[K], K)), total(X[K] * X[P], K, P), True),
    "a letter bound on both sides": (((X[P], total(W[J, P] * D[J], J)),),
                                     total(D[J] * X[K], J), total(D[J] * W[L, K] * D[L], J, L), True),
    "∂E/∂ another entry": (((Partial(U, X[K]), Y[K]),), Partial(U, X[P]), Y[K], False),
    "∂E/∂ each entry": (((Partial(U, X[K]), Y[K]),), Partial(U, X[P]), Y[P], True),
    "an argument that is a formula": (((SLOPE(X[K] + Y[K]), X[K]),),
                                      total(SLOPE(X[K] + Y[K]), K), total(X[K], K), False),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_putting_in_equations(name):
    rules, left, right, holds = RULES[name]
    assert vanishes(difference(using(*rules), left, right)) == holds


def test_equations_without_end_are_not_followed():
    with pytest.raises(Undecided, match="without end"):
        difference(using((X[K], Y[K] + X[K])), X[K], Y[K])


def test_a_fact_about_several_factors_is_not_decided():
    with pytest.raises(Undecided, match="single sum of one factor"):
        difference(using((total(X[K] * Y[K], K), Integer(1))), X[K], Y[K])


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


@settings(max_examples=60, deadline=None)
@given(strategies.FORMULAS, st.randoms(use_true_random=False))
def test_what_is_found_equal_has_the_same_values(formula, rng):
    kinds = (flipped, dropped, unsummed, swapped(strategies.FREE))
    others = [other for kind in kinds for other in changed(formula, kind)]
    for other in rng.sample(others, min(4, len(others))):
        assert not found_equal(formula, other) or strategies.differs(formula, other) is None


def found_equal(left, right):
    try:
        return equal(left, right)
    except Undecided:
        return False
