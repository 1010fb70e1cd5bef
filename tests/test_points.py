"""Points: drawn at random, read from foreign JSON with one sentence for what is broken; the forward pass; the curve."""

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
from derive.tables.losses import LOSSES
from tests.backpropagation import backpropagation
from verify.oracles import Point, PointError, check, error_curve
from verify.oracles.arithmetic import Complexes, Floats
from verify.oracles.forward import forward

ROOT = Path(__file__).resolve().parent.parent
NETWORK = Network([3, 4, 3, 2], ["tanh", "sigmoid", "softmax"], "cross-entropy")
POINT = Point.random(NETWORK, 7)


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
