"""Indices know their spaces, and an equation refuses what does not fit."""

import pickle

import pytest
from sympy import KroneckerDelta, Sum, Symbol

from derive.equation import Equation, EquationError
from derive.step import Step
from derive.symbols import Array, Index, Partial, Space, Width, free_indices, total

LEFT, RIGHT = Space("left", Width("m")), Space("right", Width("n"))
J, K = Index("j", LEFT), Index("k", RIGHT)
W, A, Z = Array("W", 1, (LEFT, RIGHT)), Array("a", 0, (RIGHT,)), Array("z", 1, (LEFT,))


def test_a_sound_equation_names_its_free_indices():
    assert Equation(Z[J], total(W[J, K] * A[K], K)).indices == (J,)
    assert free_indices(total(W[J, K] * A[K], K)) == {J}


@pytest.mark.parametrize(
    ("lhs", "rhs", "message"),
    [
        (Z[J], W[J, K], r"k of right\(1…n\) is free on the right"),
        (Z[J], total(W[K, J] * A[K], K), r"k runs over right\(1…n\), the slot over left\(1…m\)"),
        (W[J, K], KroneckerDelta(J, K), "the Kronecker delta joins"),
        (Z[J], Symbol("q"), "the symbol q has no role"),
        (Z[J], Sum(W[J, K], (K, 1, Width("m"))), "its space is"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(lhs, rhs, message):
    with pytest.raises(EquationError, match=message):
        Equation(lhs, rhs)


def test_the_same_letter_in_two_spaces_is_two_indices():
    assert Index("k", LEFT) != Index("k", RIGHT)
    assert len({Index("k", LEFT), Index("k", RIGHT), Index("k", LEFT)}) == 2


def test_letters_of_one_name_stand_side_by_side_in_a_product():
    same, other = Index("k", RIGHT), Index("k", LEFT)
    again = pickle.loads(pickle.dumps(same))
    assert same.compare(again) == 0
    assert same.compare(other) == -other.compare(same) != 0
    assert A[same] * Z[other] == Z[other] * A[again]


@pytest.mark.parametrize("thing", [J, W, W[J, K], Partial(Z[J], W[J, K]), Equation(Z[J], total(W[J, K] * A[K], K))])
def test_everything_survives_pickling(thing):
    assert pickle.loads(pickle.dumps(thing)) == thing


def test_a_step_rests_on_earlier_steps_and_known_rules():
    claim = Equation(Z[J], total(W[J, K] * A[K], K))
    with pytest.raises(ValueError, match="unknown rule 'magic'"):
        Step(0, claim, "magic")
    with pytest.raises(ValueError, match="not earlier"):
        Step(1, claim, "definition", (1,))
