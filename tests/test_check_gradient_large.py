"""Many entries: projections, a stated probability, and the way to the one that is wrong; few steps at kinks."""

import math

import numpy as np
import pytest

from verify.gradients import check_gradient
from verify.gradients.place import ec_noise
from verify.gradients.projections import missed
from verify.gradients.slopes import slope

X = np.random.default_rng(4).normal(size=20_000)
LADDER = np.arange(-2, -27, -2)


def f(x):
    return (x * np.sin(x)).sum()


def grad(x):
    return np.sin(x) + x * np.cos(x)


def one_entry(x):
    found = grad(x)
    found[12_345] *= 1 + 5e-4
    return found


def test_projections_pass_what_is_right_and_say_what_they_may_miss():
    found = check_gradient(f, grad, X)
    assert found, str(found)
    assert found.arrays[0].projections == 8 and found.arrays[0].followed < 100
    assert 0 < found.missed == missed(8) < 1e-8


def test_the_one_wrong_entry_of_many_is_found():
    found = check_gradient(f, one_entry, X)
    assert found.worst[0].name == "x[12345]", str(found)
    assert found.arrays[0].mistake.name == "one entry"
    assert found.calls < 2000


def test_a_wrong_row_and_a_factor_are_told_from_a_sample():
    at = X.reshape(100, 200)

    def one_row(m):
        found = grad(m)
        found[17] *= 3
        return found

    assert "only row 17 of m is wrong, each 3 times" in check_gradient(lambda m: f(m), one_row, at).message
    assert "half of what" in check_gradient(lambda m: f(m), lambda m: grad(m) / 2, at).message
    square = X[:10_000].reshape(100, 100)
    assert "transpose" in check_gradient(lambda m: f(m), lambda m: grad(m).T, square).message


def test_relu_at_0_in_every_entry_of_many():
    found = check_gradient(lambda x: np.maximum(x, 0).sum(), lambda x: (x > 0) * 1.0, np.zeros(5000))
    assert found, str(found)


@pytest.mark.parametrize("wrong", [False, True])
def test_a_million_entries_cost_a_bounded_number_of_calls(wrong):
    at = np.random.default_rng(5).normal(size=1_500_000)

    def squares(x):
        return float(x @ x)

    def its(x):
        found = 2 * x
        found[765_432] *= 1.5 if wrong else 1
        return found

    found = check_gradient(squares, its, at, probes=False)
    assert found.verdict == ("wrong" if wrong else "right"), str(found)
    assert found.calls < 700
    assert not wrong or found.worst[0].name == "x[765432]"


def followed(function):
    return lambda t: (t, function(t) - function(0.0))


def test_a_slope_has_a_bound_that_holds():
    for function, true in ((math.exp, 1.0), (math.sin, 1.0), (lambda t: math.exp(5 * t), 5.0), (lambda t: t**3, 0.0)):
        found = slope(followed(function), 1.0, LADDER, 1e-16)
        assert abs(found.value - true) <= found.bound < 1e-8
        assert not found.kink and not found.jump


@pytest.mark.parametrize("distance", [0.3, 1e-2, 1e-4, -1e-5])
def test_a_kink_beside_the_point_is_stepped_short_of(distance):
    found = slope(followed(lambda t: math.exp(t) + abs(t - distance)), 1.0, LADDER, 1e-16)
    assert found.distance(1.0 - math.copysign(1, distance)) <= found.error < 1e-6


def test_a_kink_and_a_jump_at_the_point_are_told():
    kink = slope(followed(lambda t: math.sin(t) + max(2 * t, -t)), 1.0, LADDER, 1e-16)
    assert kink.kink and (kink.left, kink.right) == pytest.approx((0, 3), abs=1e-7)
    assert kink.distance(1.5) == 0 and kink.distance(3.5) == pytest.approx(0.5, abs=1e-6)
    assert slope(followed(lambda t: float(t > 0)), 1.0, LADDER, 1e-16).jump


def test_one_side_is_enough_at_the_edge_of_a_domain():
    found = slope(followed(lambda t: t**1.5 + 2 * t if t >= 0 else math.nan), 1.0, LADDER, 1e-16)
    assert found.edge and abs(found.value - 2) <= found.bound < 1e-2


def test_noise_is_estimated_within_a_factor_and_a_kink_is_none():
    rng = np.random.default_rng(6)
    values = [ec_noise(np.sin(np.arange(9) * 1e-3) + 1e-9 * rng.standard_normal(9)) for _ in range(200)]
    assert 0.5e-9 < np.median(values) < 2e-9
    assert ec_noise(np.maximum(np.arange(9) * 1.0 - 0.5, 0)) < 1e-12


def test_past_failure_two_steps_across_a_kink_agree_and_the_noise_is_overestimated():
    def bent(t):
        return -0.8e-6 * t - 0.5e-6 * max(t - 1e-6, 0.0)

    found = slope(followed(bent), 1.0, LADDER, 2e-14)
    assert found.distance(-0.8e-6) <= found.error
