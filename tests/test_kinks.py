"""Kinks are named, neither failed nor passed by luck; where float64 runs out of digits, the table says so."""

import math
from dataclasses import replace

import numpy as np
import pytest

from derive.network import Network
from tests.backpropagation import backpropagation, changed, entry, sigmoid
from verify.oracles import DomainError, Point, Truth, check, kinks
from verify.oracles.arithmetic import Floats
from verify.oracles.forward import forward


def at_zero(network, seed=1):
    """All weights and biases of the first layer 0, so that every pre-activation of it is 0."""
    point = Point.random(network, seed)
    return replace(point, W=(0 * point.W[0], *point.W[1:]), b=(0 * point.b[0], *point.b[1:]))


def test_relu_at_zero_is_named_and_neither_fails_nor_passes():
    network = Network([2, 3, 1], ["relu", "sigmoid"])
    point = at_zero(network)
    texts = [str(kink) for kink in kinks(network, point)]
    assert texts[1] == "layer 1, neuron 2: relu at z = 0: no derivative, the one-sided derivatives are 0 and 1"
    table = check(network, point, backpropagation(network, point))
    verdicts = {row.name: row.verdict for row in table.rows}
    assert verdicts == {"W1": "kink", "b1": "kink", "W2": "ok", "b2": "ok", "x": "ok"}
    assert not table.ok and not table.failed and len(table.kinks) == 3


def test_outside_both_one_sided_derivatives_fails_even_at_a_kink():
    network = Network([2, 3, 1], ["relu", "sigmoid"])
    point = at_zero(network)
    gradients = backpropagation(network, point)
    assert check(network, point, changed(gradients, "b", 1, lambda array: array + 5)).failed
    inside = point.W[1][0] * Truth.at(network, point).gradients()["b"][1][0] / 2
    assert not check(network, point, changed(gradients, "b", 1, lambda array: inside)).failed


def test_only_the_entries_behind_the_kink_are_left_open():
    network = Network([2, 3, 1], ["relu", "sigmoid"])
    point = Point.random(network, 1)
    b = np.array(point.b[0])
    b[1] -= (point.W[0] @ point.x + b)[1]
    point = replace(point, b=(b, point.b[1]))
    table = check(network, point, backpropagation(network, point))
    assert {row.name: row.certified.open for row in table.rows} == {"W1": 2, "b1": 1, "W2": 0, "b2": 0, "x": 2}
    other = 0 if point.W[0][0] @ point.x + b[0] > 0 else 2
    lie = changed(backpropagation(network, point), "W", 1, entry(other, 0, 1 + 1e-6))
    assert check(network, point, lie).failed


def test_a_float_that_cannot_tell_the_side_counts_as_at_the_kink():
    network = Network([3, 1], "relu", bias="none")
    point = Point((np.ones((1, 3)),), (None,), np.array([0.1, 0.2, -0.3]), np.array([1.0]))
    z = forward(network, point, Floats()).z[0][0]
    assert 0 < abs(z) < 1e-16 and kinks(network, point)[0].exact
    for slope in (0.0, -1.0):
        gradients = {"W": [slope * point.x[None, :]], "b": [None], "x": np.full(3, slope)}
        table = check(network, point, gradients)
        assert [row.verdict for row in table.rows] == ["kink", "kink"] and table.digits is None
    assert check(network, point, {"W": [point.x[None, :]], "b": [None], "x": np.ones(3)}).failed


def test_a_jump_has_no_derivative_before_or_after_it():
    network = Network([2, 3, 1], ["step", "sigmoid"])
    point = at_zero(network)
    assert "the value jumps from 0 to 1" in str(kinks(network, point)[0])
    table = check(network, point, backpropagation(network, point))
    assert not table.ok and not table.failed
    assert {row.verdict for row in table.rows if row.name in ("W1", "b1", "W2", "b2")} == {"kink"}


@pytest.mark.parametrize(
    ("activation", "loss"),
    [({"name": "elu", "alpha": 1}, "half-squared-error"), ("softsign", "huber")],
    ids=["elu with alpha 1", "softsign, huber"],
)
def test_a_smooth_joint_is_no_kink(activation, loss):
    network = Network([2, 3, 1], [activation, "sigmoid"], loss)
    point = at_zero(network)
    assert kinks(network, point) == []
    assert check(network, point, Truth.at(network, point).gradients()).ok


def test_the_loss_at_its_kink():
    network = Network([2, 2], "linear", "l1")
    point = Point.random(network, 1)
    outputs = forward(network, point, Floats()).a[-1]
    point = replace(point, y=np.array([outputs[0], point.y[1]]))
    assert str(kinks(network, point)[0]).startswith("loss, output 1: L1 at a = ")
    table = check(network, point, backpropagation(network, point))
    assert [row.certified.open for row in table.rows] == [2, 1, 2] and not table.failed
    assert kinks(network, point)[0].layer is None


@pytest.mark.parametrize("distance", [1e-6, 1e-9, 1e-12])
def test_beside_a_kink_the_derivative_exists_and_differences_step_aside(distance):
    network = Network([2, 3, 1], ["relu", "sigmoid"])
    point = at_zero(network)
    point = replace(point, b=(np.array([distance, 1.0, -1.0]), point.b[1]))
    found = kinks(network, point)
    assert len(found) == 1 and not found[0].exact and "close to a kink" in str(found[0])
    assert check(network, point, backpropagation(network, point)).ok


# Extreme values


@pytest.mark.parametrize("z", [20.0, 30.0, 36.5, 40.0, 200.0])
def test_a_saturatedsigmoid_loses_digits_and_the_table_says_so(z):
    network = Network([1, 1], "sigmoid")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([z]), np.array([0.3]))
    table = check(network, point, backpropagation(network, point))  # a(1 − a) cancels
    assert table.ok and table.digits <= 8 and "rounding leaves" in table.rows[0].note
    exact = np.exp(-z) / (1 + np.exp(-z)) ** 2 * (sigmoid(z) - 0.3)  # the same slope without a cancellation
    right = {"W": [np.array([[exact * z]])], "b": [np.array([exact])], "x": np.array([exact])}
    assert check(network, point, right).ok and check(network, point, right).digits >= 14
    assert check(network, point, {**right, "b": [np.array([exact + 1e-13])]}).failed


@pytest.mark.parametrize("z", [-40.0, -800.0])
def test_the_other_end_keeps_its_digits(z):
    network = Network([1, 1], "sigmoid", "binary-cross-entropy")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([z]), np.array([0.0]))
    a = math.exp(z)
    table = check(network, point, {"W": [np.array([[a * z]])], "b": [np.array([a])], "x": np.array([a])})
    assert table.ok and table.digits >= 14


def test_where_float64_cannot_hold_the_loss_the_balls_still_check():
    network = Network([1, 1], "sigmoid", "binary-cross-entropy")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([50.0]), np.array([0.0]))
    right = {"W": [np.array([[50.0]])], "b": [np.ones(1)], "x": np.ones(1)}
    table = check(network, point, right, loss=50.0)
    assert table.ok and table.notes and table.rows[0].differences is None
    assert check(network, point, {**right, "b": [np.ones(1) + 1e-6]}).failed
    assert check(network, point, right, loss=50.1).failed


def test_terms_that_cancel_leave_nothing_to_fail():
    network = Network([2, 2], "softmax", "hinge")
    point = replace(Point.random(network, 0), y=np.array([1.0, 1.0]))  # δ = p ⊙ (1 − Σp) = 0, but not term by term
    table = check(network, point, {"W": [np.full((2, 2), 1e-17)], "b": [np.zeros(2)], "x": np.zeros(2)})
    assert table.ok and table.rows[0].certified.exact_zeros == 4
    assert check(network, point, {"W": [np.full((2, 2), 1e-12)], "b": [np.zeros(2)], "x": np.zeros(2)}).failed


@pytest.mark.parametrize(
    ("activation", "loss", "y", "says"),
    [
        ("linear", "binary-cross-entropy", 0.5, "binary cross-entropy, which needs outputs above 0 and below 1"),
        ("linear", "cross-entropy", 1.0, "cross-entropy, which needs outputs above 0"),
        ("linear", "msle", 0.5, "mean squared logarithmic error, which needs outputs above -1"),
    ],
)
def test_outside_the_domain_a_sentence_says_which(activation, loss, y, says):
    network = Network([1, 1], activation, loss)
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([-2.0]), np.array([y]))
    with pytest.raises(DomainError, match=says):
        check(network, point, {"W": [np.ones((1, 1))], "b": [np.ones(1)], "x": np.ones(1)})
