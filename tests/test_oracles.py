"""The numeric oracles: right gradients pass at every activation with every loss, small lies fail, kinks are named."""

import ast
import json
import math
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.network import Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from verify.oracles import DomainError, Point, PointError, Truth, check, error_curve, kinks
from verify.oracles.arithmetic import Complexes, Floats
from verify.oracles.forward import forward

ROOT = Path(__file__).resolve().parent.parent
_erf = np.vectorize(math.erf, otypes=[float])


# A second backpropagation, with slopes in closed form: what an ordinary program computes.


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _logistic(z, top, k, z_0):
    a = top * _sigmoid(k * (z - z_0))
    return a, k * a * (1 - a / top)


def _gelu(z):
    phi = (1 + _erf(z / math.sqrt(2))) / 2
    return z * phi, phi + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


SLOPES = {
    "step": lambda z: ((z > 0) * 1.0, 0 * z),
    "linear": lambda z, c: (c * z, c + 0 * z),
    "sigmoid": lambda z: (_sigmoid(z), _sigmoid(z) * (1 - _sigmoid(z))),
    "logistic": _logistic,
    "tanh": lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2),
    "relu": lambda z: (np.maximum(z, 0), (z > 0) * 1.0),
    "leaky-relu": lambda z, alpha: (np.where(z > 0, z, alpha * z), np.where(z > 0, 1, alpha)),
    "elu": lambda z, alpha: (
        np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1)),
        np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0))),
    ),
    "softplus": lambda z: (np.log(1 + np.exp(z)), _sigmoid(z)),
    "gelu": _gelu,
    "silu": lambda z: (z * _sigmoid(z), _sigmoid(z) + z * _sigmoid(z) * (1 - _sigmoid(z))),
    "softsign": lambda z: (z / (1 + abs(z)), 1 / (1 + abs(z)) ** 2),
    "softmax": lambda z: (np.exp(z - z.max()) / np.exp(z - z.max()).sum(), None),
}


def _cosine(a, y):
    size = np.linalg.norm(y) * np.linalg.norm(a)
    return -(y - a * (a @ y) / (a @ a)) / size


LOSS_SLOPES = {
    "half-squared-error": lambda a, y: a - y,
    "squared-error": lambda a, y: 2 * (a - y),
    "mse": lambda a, y: 2 * (a - y) / len(a),
    "mae": lambda a, y: np.sign(a - y) / len(a),
    "l1": lambda a, y: np.sign(a - y),
    "mape": lambda a, y: np.sign(a - y) / y / len(a),
    "msle": lambda a, y: 2 * (np.log(1 + a) - np.log(1 + y)) / (1 + a) / len(a),
    "log-cosh": lambda a, y: np.tanh(a - y),
    "binary-cross-entropy": lambda a, y: (1 - y) / (1 - a) - y / a,
    "cross-entropy": lambda a, y: -y / a,
    "nll": lambda a, y: -y / a,
    "kl": lambda a, y: -y / a,
    "cosine": _cosine,
    "hinge": lambda a, y: np.where(1 - y * a > 0, -y, 0),
    "huber": lambda a, y: np.clip(a - y, -1, 1),
}


def backpropagation(network, point, slopes=SLOPES):
    a, saved = [point.x], []
    for number, layer in enumerate(network.stack):
        matrix, b = point.W[number], point.b[number]
        if layer.bias == "appended":
            matrix, b = matrix[:, :-1], matrix[:, -1]
        z = (a[-1] if matrix is None else matrix @ a[-1]) + (0 if b is None else b)
        value, slope = slopes[layer.activation](z, *point.constants_of(layer))
        a.append(value)
        saved.append(slope)
    v, W, b = LOSS_SLOPES[network.loss](a[-1], point.y), [], []
    for number in reversed(range(network.depth)):
        layer, slope, value = network.stack[number], saved[number], a[number + 1]
        delta = value * (v - value @ v) if slope is None else v * slope
        before = np.append(a[number], 1.0) if layer.bias == "appended" else a[number]
        W.append(None if layer.bias_only else np.outer(delta, before))
        b.append(delta if layer.bias == "separate" else None)
        matrix = None if layer.bias_only else point.W[number][:, : a[number].size]
        v = delta if matrix is None else matrix.T @ delta
    return {"W": W[::-1], "b": b[::-1], "x": v}


def changed(gradients, role, number, change):
    """The gradients with one array put through `change`."""
    parts = list(gradients[role])
    parts[number - 1] = change(np.array(parts[number - 1]))
    return {**gradients, role: parts}


def entry(j, k, factor):
    def change(array):
        array[j, k] *= factor
        return array

    return change


def drawn(network, seed=0):
    """A random point, or none where the activation cannot reach the loss's domain (a step has no 0 < a < 1)."""
    try:
        return Point.random(network, seed)
    except PointError:
        assert {layer.activation for layer in network.stack} == {"step"}
        return None


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_with_every_loss_passes_and_a_lie_of_one_millionth_fails(activation, loss):
    network = Network([2, 3, 2], activation, loss)
    point = drawn(network, 3)
    if point is None:
        return
    gradients = backpropagation(network, point)
    table = check(network, point, gradients, float(forward(network, point, Floats()).loss))
    assert table.ok and not table.failed and not table.kinks
    assert [row.name for row in table.rows] == ["W1", "b1", "W2", "b2", "x"]
    j, k = np.unravel_index(np.argmax(np.abs(gradients["W"][1])), (2, 3))
    if abs(gradients["W"][1][j, k]) > 1e-9:
        lie = check(network, point, changed(gradients, "W", 2, entry(j, k, 1 + 1e-6)))
        assert lie.failed and [row.verdict for row in lie.rows] == ["ok", "ok", "failed", "ok", "ok"]
        assert lie.rows[2].certified.wrong == (j + 1, k + 1)
        assert lie.rows[2].complex_step.wrong
    assert check(network, point, gradients, 1.000001 * table.loss + 1e-6).failed


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_random_networks_pass_and_lies_in_any_array_fail(data):
    widths = data.draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    depth = len(widths) - 1
    names = data.draw(st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=depth, max_size=depth))
    bias = data.draw(st.lists(st.sampled_from(["separate", "appended", "none"]), min_size=depth, max_size=depth))
    network = Network(widths, names, data.draw(st.sampled_from(sorted(LOSSES))), bias)
    try:
        point = Point.random(network, data.draw(st.integers(0, 99)))
    except PointError:
        return
    gradients = backpropagation(network, point)
    assert not check(network, point, gradients).failed
    assert check(network, point, Truth.at(network, point).gradients()).ok
    number = data.draw(st.integers(1, depth))
    array = gradients["W"][number - 1]
    j, k = np.unravel_index(np.argmax(np.abs(array)), array.shape)
    if abs(array[j, k]) > 1e-7:
        assert check(network, point, changed(gradients, "W", number, entry(j, k, 1 - 1e-6))).failed


NETWORK = Network([3, 4, 3, 2], ["tanh", "sigmoid", "softmax"], "cross-entropy")
POINT = Point.random(NETWORK, 7)
RIGHT = backpropagation(NETWORK, POINT)
SQUARE = Network([2, 2, 2], "sigmoid")

LIES = {
    "sign": changed(RIGHT, "W", 2, lambda array: -array),
    "sign of one entry": changed(RIGHT, "W", 3, entry(1, 2, -1)),
    "a zero": changed(RIGHT, "W", 1, entry(0, 0, 0)),
    "factor of the bias": changed(RIGHT, "b", 1, lambda array: 2 * array),
    "transposed": changed(RIGHT, "W", 1, np.transpose),
    "missing": changed(RIGHT, "b", 2, lambda array: array[:0]),
    "not a number": changed(RIGHT, "W", 2, entry(0, 0, np.nan)),
    "infinite": changed(RIGHT, "W", 2, entry(0, 0, np.inf)),
    "input": {**RIGHT, "x": RIGHT["x"] * (1 + 1e-6)},
    "single precision": changed(RIGHT, "W", 2, lambda array: array.astype(np.float32)),
    "without a slope": backpropagation(NETWORK, POINT, {**SLOPES, "sigmoid": lambda z: (_sigmoid(z), 1 + 0 * z)}),
    "wrong slope": backpropagation(NETWORK, POINT, {**SLOPES, "tanh": lambda z: (np.tanh(z), 1 - np.tanh(z))}),
    "no arrays": {"W": [None] * 3, "b": [None] * 3},
}


@pytest.mark.parametrize("name", LIES)
def test_lies_fail(name):
    assert check(NETWORK, POINT, RIGHT).ok
    table = check(NETWORK, POINT, LIES[name])
    assert table.failed and not table.ok
    assert all(row.note for row in table.rows if row.verdict == "failed")


def test_a_transposed_square_matrix_fails():
    point = Point.random(SQUARE, 1)
    right = backpropagation(SQUARE, point)
    assert check(SQUARE, point, right).ok
    assert [row.name for row in check(SQUARE, point, changed(right, "W", 1, np.transpose)).rows if row.note] == ["W1"]


@pytest.mark.parametrize("seed", range(4))
def test_each_oracle_alone_contradicts_a_lie(seed):
    point = Point.random(NETWORK, seed)
    right = backpropagation(NETWORK, point)
    j, k = np.unravel_index(np.argmax(np.abs(right["W"][1])), (3, 4))
    lie = changed(right, "W", 2, entry(j, k, 1 + 1e-5))
    row = next(row for row in check(NETWORK, point, lie).rows if row.name == "W2")
    assert row.differences.wrong and row.complex_step.wrong and row.certified.failures == 1
    assert row.differences.relative == pytest.approx(1e-5, rel=1e-2)
    assert row.complex_step.relative == pytest.approx(1e-5, rel=1e-4)
    assert row.certified.relative == pytest.approx(1e-5, rel=1e-9)


def test_the_reason_names_the_entry_and_both_values():
    row = check(NETWORK, POINT, changed(RIGHT, "W", 2, entry(1, 1, 2))).rows[2]
    value = RIGHT["W"][1][1, 1]
    assert f"entry (2, 2) is {2 * value:.10g}, the true value is {value:.10g}" in row.note


@pytest.mark.parametrize(
    "network",
    [
        Network([3, {"bias_only": True, "activation": "tanh"}, 2], "sigmoid"),
        Network([3, 2], "gelu", "huber", "appended"),
        Network([4, 3, 2], ["elu", "silu"], "log-cosh", "none"),
        Network([3, 3, 3], ["softmax", "softmax"], "kl"),
        Network([2] * 31, "tanh"),
        Network([1, 1], "logistic", "binary-cross-entropy"),
    ],
    ids=["bias only", "appended", "none", "softmax twice", "deep", "constants"],
)
def test_every_kind_of_layer(network):
    point = Point.random(network, 5)
    gradients = backpropagation(network, point)
    assert check(network, point, gradients).ok
    assert check(network, point, {**gradients, "x": -gradients["x"]}).failed


def test_a_large_network_is_sampled_and_every_entry_is_certified():
    network = Network([200, 30, 5], ["sigmoid", "softmax"], "cross-entropy")
    point = Point.random(network, 2)
    right = backpropagation(network, point)
    table = check(network, point, right)
    assert table.ok
    first = table.rows[0]
    assert 0 < first.differences.followed < first.entries == 6000 and first.differences.projections == 4
    lie = check(network, point, changed(right, "W", 1, entry(17, 123, 1 + 1e-6)))
    assert lie.rows[0].certified.failures == 1 and lie.rows[0].certified.wrong == (18, 124)
    unseen = check(network, point, changed(right, "W", 1, lambda array: array * (1 + 1e-3 * (np.arange(200) == 7))))
    assert unseen.rows[0].complex_step.wrong


# Kinks


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
def test_a_saturated_sigmoid_loses_digits_and_the_table_says_so(z):
    network = Network([1, 1], "sigmoid")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([z]), np.array([0.3]))
    table = check(network, point, backpropagation(network, point))  # a(1 − a) cancels
    assert table.ok and table.digits <= 8 and "rounding leaves" in table.rows[0].note
    exact = np.exp(-z) / (1 + np.exp(-z)) ** 2 * (_sigmoid(z) - 0.3)  # the same slope without a cancellation
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


# Forward, points, curve


def test_both_arithmetics_agree_and_take_batches():
    done = forward(NETWORK, POINT, Floats())
    assert abs(forward(NETWORK, POINT, Complexes()).loss - done.loss) < 1e-14
    rows = replace(POINT, x=np.stack((POINT.x, 2 * POINT.x)))
    assert forward(NETWORK, rows, Floats()).loss.shape == (2,)
    assert forward(NETWORK, rows, Floats()).loss[0] == pytest.approx(float(done.loss), rel=1e-15)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(LOSSES)), st.lists(st.integers(1, 40), min_size=2, max_size=4), st.integers(0, 9))
def test_random_points_are_short_decimals_inside_the_domain(loss, widths, seed):
    network = Network(widths, "sigmoid", loss)
    point, again = Point.random(network, seed), Point.random(network, seed)
    assert point.to_json() == again.to_json()
    assert all(len(f"{value:g}") <= 5 for one in point.W for value in one.ravel())
    row = network.loss_row
    assert row.target[0] <= point.y.min() and point.y.max() <= row.target[1]
    assert not row.normalised or abs(math.fsum(point.y) - 1) < 1e-14
    assert not row.one_hot or sorted(set(point.y)) in ([0, 1], [1])
    assert loss != "hinge" or set(np.abs(point.y)) == {1}
    with np.errstate(all="ignore"):
        done = forward(network, point, Floats())
    assert np.isfinite(done.loss) and np.abs(done.z[0]).max() < 12


def test_a_point_survives_json_and_pickle():
    point = Point.random(Network([3, 2, 2], ["leaky-relu", "logistic"], bias=["appended", "none"]), 4)
    network = Network([3, 2, 2], ["leaky-relu", "logistic"], bias=["appended", "none"])
    read = Point.from_json(network, json.loads(json.dumps(point.to_json())))
    assert read.to_json() == point.to_json() == pickle.loads(pickle.dumps(point)).to_json()
    assert read.filled == () and point.W[0].shape == (2, 4) and point.b == (None, None)
    assert set(point.constants) == {"alpha", "L", "k", "z_0"}
    assert not point.W[0].flags.writeable


def test_absent_keys_are_drawn_and_named():
    read = Point.from_json(NETWORK, {"x": [1, 2, 3]}, seed=7)
    assert read.filled == ("W", "b", "y") and read.x.tolist() == [1, 2, 3]
    assert read.to_json()["W"] == POINT.to_json()["W"]


GOOD = {"W": [[[1, 2]]], "b": [[0.5]], "x": [1, 2], "y": [1]}

BROKEN = [
    ([], "a point must be an object with the keys W, b, x, y, constants, not a list"),
    ({**GOOD, "w": []}, "a point has the keys W, b, x, y, constants, not 'w'"),
    ({**GOOD, "x": [1]}, "x must be a list of 2 numbers, not 1 entries"),
    ({**GOOD, "x": [1, "2"]}, "entry 2 of x must be a number, not a text"),
    ({**GOOD, "x": [1, True]}, "entry 2 of x must be a number, not a boolean"),
    ({**GOOD, "x": [1, math.nan]}, "entry 2 of x must be a finite number that float64 can hold"),
    ({**GOOD, "x": [1, 10**400]}, "entry 2 of x must be a finite number that float64 can hold"),
    (
        {**GOOD, "W": [[[1, 2]], 0]},
        "W must be a list with one entry for each of the 1 weight layers, not a list of 2",
    ),
    ({**GOOD, "W": 3}, "W must be a list with one entry for each of the 1 weight layers, not the number 3"),
    (
        {**GOOD, "W": [[[1, 2, 3]]]},
        "W of layer 1 must be a list of 1 rows of 2 numbers, but row 1 of W of layer 1 has 3 entries",
    ),
    ({**GOOD, "W": [[[1, None]]]}, "entry 2 of row 1 of W of layer 1 must be a number, not null"),
    ({**GOOD, "b": [None]}, "b of layer 1 must be a list of 1 numbers, not null"),
    ({**GOOD, "constants": {"alpha": 1}}, "this network leaves the constants (none) open, not 'alpha'"),
    ({**GOOD, "constants": []}, "constants must be an object of numbers by name, not a list"),
]


@pytest.mark.parametrize(("data", "says"), BROKEN)
def test_broken_json_gets_one_sentence(data, says):
    network = Network([2, 1])
    assert Point.from_json(network, GOOD).y.tolist() == [1]
    with pytest.raises(PointError) as caught:
        Point.from_json(network, data)
    assert str(caught.value) == says


TARGETS = [
    ("binary-cross-entropy", [1.5, 0], "entry 1 of y must be between 0 and 1 for binary cross-entropy, not 1.5"),
    ("mape", [1, -1], "entry 2 of y must be at least 0 for mean absolute percentage error, not -1"),
    ("cross-entropy", [0.5, 0.4], "the entries of y must sum to 1 for cross-entropy, but they sum to "),
    ("nll", [0.5, 0.5], "y must be one 1 among 0s for negative log-likelihood, not [0.5, 0.5]"),
]


@pytest.mark.parametrize(("loss", "y", "says"), TARGETS)
def test_targets_outside_the_losss_domain(loss, y, says):
    with pytest.raises(PointError) as caught:
        Point.from_json(Network([2, 2], "softmax", loss), {"y": y})
    assert str(caught.value).startswith(says)


def test_a_constant_without_a_value_is_named():
    network = Network([1, 1], "leaky-relu")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.ones(1), np.zeros(1))
    with pytest.raises(PointError, match="the constant alpha of leaky-relu needs a value"):
        check(network, point, {"W": [np.ones((1, 1))], "b": [np.ones(1)], "x": np.ones(1)})


def test_widths_that_are_letters_have_no_point():
    with pytest.raises(PointError, match="layer 1 has the width n"):
        Point.random(Network([2, "n", 1]))


def test_no_random_point_where_the_domain_cannot_be_reached():
    with pytest.raises(PointError, match="give the values yourself"):
        Point.random(Network([2, 1], "step", "binary-cross-entropy"))


@pytest.mark.parametrize("seed", range(3))
def test_the_chosen_step_is_near_the_best_of_the_curve(seed):
    network = Network([2, 3, 1], "sigmoid")
    point = Point.random(network, seed)
    curve = error_curve(network, point, backpropagation(network, point), seed)
    assert curve.steps[0] == pytest.approx(0.1) and curve.steps[-1] == pytest.approx(1e-13)
    assert curve.chosen_error < 1e-8 and 1e-7 < curve.chosen < 1e-3
    longer = curve.errors[:20] / curve.errors[8:28]  # eight points to a decade
    assert np.allclose(np.log10(longer), 2, atol=0.1)
    assert curve.errors[-1] > 1e3 * curve.chosen_error


def test_the_oracles_never_see_the_derivation():
    allowed = {"derive.network", "derive.tables.activations", "derive.tables.losses"}
    for path in (ROOT / "verify" / "oracles").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] not in ("derive", "sympy") or name in allowed, (path.name, name)
                assert not name.startswith("verify") or name.startswith("verify.oracles"), (path.name, name)
