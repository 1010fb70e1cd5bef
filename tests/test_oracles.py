"""The numeric oracles: right gradients pass at every activation with every loss, and small lies fail."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.network import Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.backpropagation import SLOPES, backpropagation, changed, entry, sigmoid
from verify.oracles import Point, PointError, Truth, check
from verify.oracles.arithmetic import Floats
from verify.oracles.forward import forward


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
    "without a slope": backpropagation(NETWORK, POINT, {**SLOPES, "sigmoid": lambda z: (sigmoid(z), 1 + 0 * z)}),
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
    for k in range(5):  # most of these are not among the entries that are followed one by one
        assert check(network, point, changed(right, "W", 1, entry(3 * k, 31 * k, -1))).rows[0].complex_step.wrong
