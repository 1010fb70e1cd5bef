"""One neuron: every optimiser against a loop by hand, rates on both sides of their border, restarts, the program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from math import cos, sin, sqrt
from typing import Any

import numpy as np
import pytest
from flint import arb

from reports.examples.command import told
from reports.examples.one_neuron import LOST, PROGRAM, RATE, STEPS, enclosed, slope, tried, waves
from reports.examples.one_neuron_balls import descent
from reports.examples.one_neuron_descents import RATES, RUNS, START, Run, certified, gradient, loss, path
from reports.selfcheck.checks import claimed, given
from verify.training import descend
from verify.training.rules import OPTIMISERS

Point = list[float]
POINTS = ((0, 1), (1, 3), (2, 4), (3, 6))


def by_hand(theta: float, b: float) -> Point:
    """The gradient, written out."""
    return [
        sum(0.5 * (theta * x + b - y) * x for x, y in POINTS),
        sum(0.5 * (theta * x + b - y) for x, y in POINTS),
    ]


def plain(p: Point, rate: float, count: int, **_: float) -> Point:
    for _step in range(count):
        g = by_hand(*p)
        p = [p[i] - rate * g[i] for i in (0, 1)]
    return p


def momentum(p: Point, rate: float, count: int, beta: float = 0.9) -> Point:
    last = [0.0, 0.0]
    for _step in range(count):
        g = by_hand(*p)
        last = [beta * last[i] - rate * g[i] for i in (0, 1)]
        p = [p[i] + last[i] for i in (0, 1)]
    return p


def nesterov(p: Point, rate: float, count: int, beta: float = 0.9) -> Point:
    """As Nesterov's scheme is told: the gradient is taken at the point that momentum leads to."""
    at, last = list(p), [0.0, 0.0]
    for _step in range(count):
        ahead = [at[i] + beta * last[i] for i in (0, 1)]
        g = by_hand(*ahead)
        last = [beta * last[i] - rate * g[i] for i in (0, 1)]
        at = [at[i] + last[i] for i in (0, 1)]
    return [at[i] + beta * last[i] for i in (0, 1)]


def adagrad(p: Point, rate: float, count: int, epsilon: float = 1e-8) -> Point:
    s = [0.0, 0.0]
    for _step in range(count):
        g = by_hand(*p)
        for i in (0, 1):
            s[i] += g[i] ** 2
            p = [*p[:i], p[i] - rate * g[i] / (sqrt(s[i]) + epsilon), *p[i + 1 :]]
    return p


def adadelta(p: Point, rate: float, count: int, rho: float = 0.9, epsilon: float = 1e-6) -> Point:
    squares, steps = [0.0, 0.0], [0.0, 0.0]
    for _step in range(count):
        g = by_hand(*p)
        for i in (0, 1):
            squares[i] = rho * squares[i] + (1 - rho) * g[i] ** 2
            d = sqrt(steps[i] + epsilon) / sqrt(squares[i] + epsilon) * g[i]
            steps[i] = rho * steps[i] + (1 - rho) * d**2
            p = [*p[:i], p[i] - rate * d, *p[i + 1 :]]
    return p


def rmsprop(p: Point, rate: float, count: int, rho: float = 0.9, epsilon: float = 1e-8) -> Point:
    squares = [0.0, 0.0]
    for _step in range(count):
        g = by_hand(*p)
        for i in (0, 1):
            squares[i] = rho * squares[i] + (1 - rho) * g[i] ** 2
            p = [*p[:i], p[i] - rate * g[i] / (sqrt(squares[i]) + epsilon), *p[i + 1 :]]
    return p


def adam(p: Point, rate: float, count: int, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8) -> Point:
    first, second = [0.0, 0.0], [0.0, 0.0]
    for step in range(1, count + 1):
        g = by_hand(*p)
        for i in (0, 1):
            first[i] = beta_1 * first[i] + (1 - beta_1) * g[i]
            second[i] = beta_2 * second[i] + (1 - beta_2) * g[i] ** 2
            size = sqrt(second[i] / (1 - beta_2**step)) + epsilon
            p = [*p[:i], p[i] - rate * first[i] / (1 - beta_1**step) / size, *p[i + 1 :]]
    return p


BY_HAND: dict[str, Callable[..., Point]] = {
    "sgd": plain, "momentum": momentum, "nesterov": nesterov, "adagrad": adagrad, "adadelta": adadelta,
    "rmsprop": rmsprop, "adam": adam,
}  # fmt: skip


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.optimiser)
def test_an_optimiser_goes_where_a_loop_by_hand_goes(run: Run) -> None:
    settings = {name: float(value) for name, value in run.settings.items()}
    expected = BY_HAND[run.optimiser](list(map(float, START)), float(run.rate), 40, **settings)
    np.testing.assert_allclose(path(run).end, expected, rtol=1e-9, atol=1e-12)
    enclosed_end = descent(run.optimiser, gradient, START, run.rate, 40, **run.settings)
    np.testing.assert_allclose([float(one) for one in enclosed_end], expected, rtol=1e-9, atol=1e-12)
    assert float(certified(run)) == pytest.approx(sum((expected[0] * x + expected[1] - y) ** 2 for x, y in POINTS) / 4)


def test_the_relatives_of_the_text_are_all_there() -> None:
    assert {"momentum", "nesterov", "adagrad", "adadelta"} <= {run.optimiser for run in RUNS} <= set(OPTIMISERS)


def test_a_ball_holds_what_the_row_says_and_nothing_far_from_it() -> None:
    end = descent("adam", gradient, START, RUNS[-1].rate, 40)
    assert all(float(one.rad()) < 1e-12 for one in end)
    wrong = descent("adam", gradient, START, RUNS[-1].rate, 39)
    assert not any(one.overlaps(other) for one, other in zip(end, wrong, strict=True))


def test_with_momentum_a_step_adds_a_share_of_the_step_before() -> None:
    run = RUNS[1]
    points, beta, rate = path(run).points, float(run.settings["beta"]), float(run.rate)
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        np.testing.assert_allclose(after - at, beta * (at - before) - rate * np.array(by_hand(*at)), atol=1e-12)


# Rates


def test_one_rate_crawls_one_arrives_one_diverges() -> None:
    first = float(loss(tuple(map(float, START))))
    crawls, arrives, leaps = (path(run).values for run in RATES)
    assert crawls[-1] > first / 2
    assert arrives[-1] < 0.1
    assert leaps[-1] > 10 * first


@pytest.mark.parametrize(("factor", "falls"), [(0.99, True), (1.01, False)])
def test_the_border_is_two_over_the_largest_curvature(factor: float, falls: bool) -> None:
    most = max(np.linalg.eigvalsh([[7.0, 3.0], [3.0, 2.0]]))
    assert most == pytest.approx((9 + sqrt(61)) / 2)
    found = descend(loss, gradient, [-1.0, 5.0], factor * 2 / most, 2000, diverging="report")
    assert (float(found.value) < 8.5) is falls


@pytest.mark.parametrize("wrong", [
    r"\frac{\partial J}{\partial \theta} = (\alpha - y) \sigma'(z) x",
    r"\frac{\partial J}{\partial \theta} = 2 (y - \alpha) \sigma'(z) x",
    r"\frac{\partial J}{\partial \theta} = 2 (\alpha - y) x",
])  # fmt: skip
def test_a_gradient_with_a_small_lie_cannot_be_claimed(wrong: str) -> None:
    about = given(r"z = \theta^T x + b", r"\alpha = \sigma(z)", r"J = (\alpha - y)^2",
                  shapes={r"\theta": ["n"], "x": ["n"]})  # fmt: skip
    assert not claimed(about, wrong, True)[0].holds


def test_the_slip_of_the_text_is_found_false() -> None:
    assert [one.found for one in told("one-neuron").checks if one.kind == "false claim"] == ["incorrect"]


# Many starts


def J(theta: float) -> float:
    xs = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
    return sum((sin(theta * x) - sin(3 * x)) ** 2 for x in xs) / 6


def test_one_descent_stays_in_a_high_valley_and_many_find_the_lowest() -> None:
    lost = descend(waves, slope, LOST, rate=RATE, steps=STEPS)
    low = min(J(n / 1000) for n in range(7001))
    assert float(lost.value) == pytest.approx(J(float(lost.end[0])))
    assert float(lost.value) > 0.5 > low + 0.4
    assert float(tried().best.value) < 1e-12
    assert float(tried().best.end[0]) == pytest.approx(3, abs=1e-6)
    ends = {round(float(one.end[0]), 1) for one in tried().paths}
    assert len(ends) > 2


@pytest.mark.parametrize("theta", [0.7, 2.2, 3.3, 5.0, 6.5])
def test_the_slope_is_that_of_the_curve(theta: float) -> None:
    assert slope(theta) == pytest.approx((J(theta + 1e-6) - J(theta - 1e-6)) / 2e-6, abs=1e-7)
    by_parts = sum(2 * (sin(theta * n / 2) - sin(1.5 * n)) * cos(theta * n / 2) * n / 2 for n in range(1, 7)) / 6
    assert slope(theta) == pytest.approx(by_parts)


def test_a_valley_is_enclosed_only_where_there_is_one() -> None:
    theta, value = enclosed(3.0)
    assert theta.contains(3) and value.contains(0) and isinstance(theta, arb)
    with pytest.raises(ValueError, match="does not rise"):
        enclosed(3.1)


# The program


def ran(source: str) -> Any:
    return subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, text=True, timeout=120)


def test_the_program_learns_and_its_momentum_helps() -> None:
    lines = ran(PROGRAM).stdout.splitlines()
    losses = [float(line.split()[3]) for line in lines]
    assert [line.split()[-3:] for line in lines] == [["6", "of", "6"]] * 2
    assert losses[1] < losses[0] / 2


@pytest.mark.parametrize(("right", "wrong"), [("neuron(theta_vector) - y", "y - neuron(theta_vector)"),
                                              ("/ len(y)\n\ndef sgd", "\n\ndef sgd")])  # fmt: skip
def test_the_check_in_the_program_finds_small_lies(right: str, wrong: str) -> None:
    assert right in PROGRAM
    assert ran(PROGRAM.replace(right, wrong)).returncode != 0
