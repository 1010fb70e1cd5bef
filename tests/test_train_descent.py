"""Descent with its way recorded: exact lines, closed forms, divergence that is said, restarts that win."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from verify.training import Diverged, TrainingError, descend, random_starts, restarts, sgd
from verify.training.rules import OPTIMISERS


def bumpy(x):
    """Minima near −1.85, −0.54, 0.81 …; the lowest is near −0.54."""
    return x**2 / 4 + math.cos(5 * x) + 0.2 * x


def bumpy_slope(x):
    return x / 2 - 5 * math.sin(5 * x) + 0.2


def test_three_hundred_steps_down_a_plane_are_exact():
    start = [Fraction(2), Fraction(4)]
    path = descend(lambda p: p[0] + p[1], lambda p: [1, 1], start, rate=Fraction(1, 100), steps=301)
    assert path.values[0] == 6
    assert path.points[1].tolist() == [Fraction(199, 100), Fraction(399, 100)]
    assert path.points[300].tolist() == [-1, 1]
    assert path.values[300] == 0
    assert path.values[301] < 0  # there is no minimum
    assert all(isinstance(one, Fraction) for one in path.end)


@given(curvature=some.floats(0.1, 3), rate=some.floats(0.01, 0.3), start=some.floats(-5, 5))
@settings(max_examples=60)
def test_on_a_parabola_every_step_multiplies_by_the_same(curvature, rate, start):
    path = descend(lambda x: curvature * x**2 / 2, lambda x: curvature * x, start, rate, 20)
    wanted = [start * (1 - rate * curvature) ** step for step in range(21)]
    np.testing.assert_allclose(path.points[:, 0], wanted, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(path.values, [curvature * one**2 / 2 for one in wanted], rtol=1e-9, atol=1e-20)


def test_a_rate_too_large_diverges_and_one_too_small_crawls():
    def f(x):
        return x**2

    def grad(x):
        return 2 * x

    with pytest.raises(Diverged, match=r"^the descent diverged at step \d+: f went from 1 to .* take a smaller rate"):
        descend(f, grad, 1.0, rate=1.1, steps=1000)
    path = descend(f, grad, 1.0, rate=1.1, steps=1000, diverging="report")
    assert path.diverged == path.steps < 1000
    assert (np.diff(path.values) > 0).all()
    crawling = descend(f, grad, 1.0, rate=1e-4, steps=100)
    assert crawling.diverged is None
    assert 0.9 < crawling.value < 1.0


def test_a_descent_of_long_steps_down_is_no_divergence():
    path = descend(lambda p: float(np.sum(p)), lambda p: np.ones(2), [0.0, 0.0], rate=1e6, steps=50)
    assert path.diverged is None


def test_what_is_not_finite_is_a_divergence():
    path = descend(lambda x: math.log(x) if x > 0 else math.nan, lambda x: 1 / x, 1.0, 2.0, 10, diverging="report")
    assert path.diverged == 1
    assert math.isnan(path.value)


def test_momentum_adds_a_part_of_the_last_step():
    path = sgd(lambda x: x**2, lambda x: 2 * x, 1.0, learning_rate=0.1, n_iter=40, gradient_momentum=0.5)
    moves = np.diff(path.points[:, 0])
    slopes = 2 * path.points[:-1, 0]
    np.testing.assert_allclose(moves[1:], 0.5 * moves[:-1] - 0.1 * slopes[1:], rtol=1e-12, atol=1e-15)
    plain = sgd(lambda x: x**2, lambda x: 2 * x, 1.0, 0.1, 40)
    assert (plain.points == descend(lambda x: x**2, lambda x: 2 * x, 1.0, 0.1, 40).points).all()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_finds_the_floor_of_a_valley(name):
    def f(p):
        return float((p[0] - 1) ** 2 + 5 * (p[1] + 2) ** 2)

    def grad(p):
        return np.array([2 * (p[0] - 1), 10 * (p[1] + 2)])

    rate = 0.9 if name in ("adagrad", "adadelta") else 0.02
    schedule = {"name": "inverse-time", "decay": 0.005}
    path = descend(f, grad, [4.0, 3.0], rate, 6000, name, schedule, **({"epsilon": 1e-2} if name == "adadelta" else {}))
    assert path.end == pytest.approx([1, -2], abs=1e-3)


def test_restarts_win_where_one_descent_is_caught():
    caught = descend(bumpy, bumpy_slope, 3.0, rate=0.02, steps=300)
    found = restarts(bumpy, bumpy_slope, random_starts(20, -4.0, 4.0, seed=1), rate=0.02, steps=300)
    lowest = min(bumpy(x) for x in np.linspace(-4, 4, 100_001))
    assert caught.value > lowest + 0.5
    assert found.best.value == pytest.approx(lowest, abs=1e-6)
    assert found.best is found.paths[found.place]
    assert len({round(float(path.end[0]), 2) for path in found.paths}) > 3


def test_paths_that_diverge_are_never_the_best():
    found = restarts(lambda x: x**4, lambda x: 4 * x**3, [0.5, 5.0, 0.2], rate=0.1, steps=100)
    assert [path.diverged is None for path in found.paths] == [True, False, True]
    assert found.place in (0, 2)
    with pytest.raises(Diverged, match=r"^all 2 descents diverged: take a smaller rate$"):
        restarts(lambda x: x**4, lambda x: 4 * x**3, [5.0, 6.0], rate=0.1, steps=100)


def test_a_schedule_counts_steps():
    path = descend(lambda x: x, lambda x: 1.0, 0.0, 1.0, 4, schedule={"name": "step", "epochs": 2, "gamma": 0.5})
    assert path.points[:, 0].tolist() == [0, -1, -2, -2.5, -3]


def test_neither_the_start_nor_the_gradient_that_was_given_is_changed():
    start, slope = np.array([1.0, 2.0]), np.array([1.0, 1.0])
    descend(lambda p: float(p.sum()), lambda p: slope, start, 0.1, 5, "adam", weight_decay=0.1)
    assert start.tolist() == [1, 2]
    assert slope.tolist() == [1, 1]


def test_a_divergence_survives_being_sent_between_processes():
    error = pickle.loads(pickle.dumps(Diverged("so", 3)))
    assert (str(error), error.step) == ("so", 3)


WRONG = [
    ({"grad": lambda p: np.ones(3)}, r"^grad must give 2 numbers, as the point has; it gives \(3,\)$"),
    ({"start": [[1.0]]}, r"^the start must be a number or a vector of numbers, not of the shape \(1, 1\)$"),
    ({"steps": -1}, r"^steps must be a whole number of at least 0, not -1$"),
    ({"steps": 1.5}, r"^steps must be a whole number"),
    ({"rate": 0}, r"^rate must be a number above 0, not 0$"),
    ({"rate": math.inf}, r"^rate must be a number above 0, not inf$"),
    ({"f": lambda p: math.nan}, r"^f must be finite at the start"),
    ({"schedule": "cosin"}, r"^unknown schedule 'cosin'; did you mean 'cosine'\?"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "said"), WRONG)
def test_wrong_input_is_said(changed, said):
    given = {"f": lambda p: float(p @ p), "grad": lambda p: 2 * p, "start": [1.0, 2.0], "rate": 0.1, "steps": 3}
    with pytest.raises(TrainingError, match=said):
        descend(**{**given, **changed})
