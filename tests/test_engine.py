"""The engine: against a backward pass written by hand, against itself in batches, and against its printed source."""

import pickle
import runpy

import numpy as np
import pytest

from derive import Derivation, Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from verify.engine.core import Engine, shape

CONSTANTS = {"alpha": 0.3, "c": 1.5, "L": 2.0, "k": 0.7, "z_0": 0.2}


def values(network, samples=None, seed=0):
    rng = np.random.default_rng(seed)
    size = () if samples is None else (samples,)
    layers = range(1, network.depth + 1)
    stack = network.stack
    params = {
        "W": [None if stack[n - 1].bias_only else rng.normal(size=shape(network, "W", n)) for n in layers],
        "b": [rng.normal(size=shape(network, "b", n)) if stack[n - 1].bias == "separate" else None for n in layers],
        "constants": CONSTANTS,
    }
    y = rng.random((*size, network.widths[-1])) + 0.1
    return params, rng.random((*size, network.widths[0])), y / y.sum(-1, keepdims=True)


def flat(gradients):
    parts = [*gradients["W"], *gradients["b"], gradients["x"]]
    return np.concatenate([np.ravel(part) for part in parts if part is not None])


def by_hand(params, x, y):
    """Sigmoid layers and half squared error, as in Nielsen 2015, ch. 2, for one sample."""
    activations, slopes = [x], []
    for w, b in zip(params["W"], params["b"], strict=True):
        a = 1 / (1 + np.exp(-(w @ activations[-1] + b)))
        activations.append(a)
        slopes.append(a * (1 - a))
    delta = (activations[-1] - y) * slopes[-1]
    found_w, found_b = [], []
    for n in range(len(params["W"]) - 1, -1, -1):
        found_w.insert(0, np.outer(delta, activations[n]))
        found_b.insert(0, delta)
        if n:
            delta = (params["W"][n].T @ delta) * slopes[n - 1]
    return 0.5 * np.sum((activations[-1] - y) ** 2), found_w, found_b


def test_sigmoid_layers_agree_with_a_backward_pass_by_hand():
    network = Network([3, 4, 3, 2])
    params, x, y = values(network)
    loss, gradients = Engine(Derivation(network))(params, x, y)
    expected, weights, biases = by_hand(params, x, y)
    assert loss == pytest.approx(expected, rel=1e-14)
    for found, wanted in zip([*gradients["W"], *gradients["b"]], [*weights, *biases], strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("bias", ["separate", "appended", "none"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_batch_is_the_mean_or_the_sum_of_its_samples(bias, reduction):
    network = Network([3, 4, 2], ["tanh", "softmax"], "cross-entropy", bias)
    engine = Engine(Derivation(network))
    params, x, y = values(network, samples=5)
    loss, gradients = engine(params, x, y, reduction)
    singles = [engine(params, one, target) for one, target in zip(x, y, strict=True)]
    weight = 0.2 if reduction == "mean" else 1
    assert loss == pytest.approx(weight * sum(one for one, _ in singles), rel=1e-13)
    for role in "Wb":
        for place, found in enumerate(gradients[role]):
            if found is not None:
                summed = weight * sum(one[role][place] for _, one in singles)
                np.testing.assert_allclose(found, summed, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(gradients["x"], weight * np.array([one["x"] for _, one in singles]), atol=1e-15)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_entries_compute_what_the_matrices_compute(activation, loss):
    network = Network([2, 3, 2], [activation, "sigmoid"], loss, ["appended", "separate"])
    derivation = Derivation(network)
    params, x, y = values(network, samples=3)
    loss_1, one = Engine(derivation)(params, x, y)
    loss_2, two = Engine(derivation, "entries")(params, x, y)
    assert loss_1 == pytest.approx(loss_2, rel=1e-13)
    np.testing.assert_allclose(flat(one), flat(two), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("view", ["matrix", "entries"])
def test_the_printed_source_runs_alone_and_gives_the_same(view, tmp_path):
    network = Network([2, 3, 2], ["gelu", "softmax"], "cross-entropy", ["appended", "separate"])
    engine = Engine(Derivation(network), view)
    path = tmp_path / "engine.py"
    path.write_text(engine.source)
    params, x, y = values(network, samples=3)
    result = runpy.run_path(str(path))["loss_and_gradients"](params["W"][0], params["W"][1], params["b"][1], x, y)
    loss, gradients = engine(params, x, y, "sum")
    assert float(np.sum(result[0])) == pytest.approx(loss, rel=1e-14)
    if view == "matrix":
        for found, wanted in zip(result[1:4], [*gradients["W"], gradients["b"][1]], strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-14)


def test_an_appended_bias_is_the_last_column():
    separate, appended = (Network([2, 3, 1], bias=kind) for kind in ("separate", "appended"))
    params, x, y = values(separate)
    joined = {"W": [np.column_stack([w, b]) for w, b in zip(params["W"], params["b"], strict=True)]}
    loss_1, one = Engine(Derivation(separate))(params, x, y)
    loss_2, two = Engine(Derivation(appended))(joined, x, y)
    assert loss_1 == loss_2
    for w, b, both in zip(one["W"], one["b"], two["W"], strict=True):
        np.testing.assert_allclose(np.column_stack([w, b]), both, rtol=1e-13)


def test_gradients_of_large_pre_activations_are_finite():
    network = Network([1, 2], "softmax", "cross-entropy")
    params = {"W": [np.array([[1000.0], [-1000.0]])], "b": [np.zeros(2)]}
    loss, gradients = Engine(Derivation(network))(params, np.array([-0.5]), np.array([0.0, 1.0]))
    assert np.isfinite(flat(gradients)).all()
    _, gradients = Engine(Derivation(Network([1, 2])))(params, np.array([-0.5]), np.array([0.0, 1.0]))
    assert np.isfinite(flat(gradients)).all()
    assert not np.isfinite(loss)  # log 0, said in the docstring


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"W": [np.zeros((3, 3)), np.zeros((1, 3))]},
            r"^W of weight layer 1 must have the shape \(3, 2\), not \(3, 3\)$",
        ),
        ({"b": [np.zeros(3)]}, r"^params\['b'\] has no entry for weight layer 2$"),
        ({"x": np.zeros(3)}, r"^x must have the shape \(1, 2\), not \(1, 3\)$"),
        ({"y": np.zeros((2, 1))}, r"^y must have the shape \(1, 1\), not \(2, 1\)$"),
        ({"reduction": "max"}, r"^reduction must be mean or sum, not 'max'$"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    network = Network([2, 3, 1])
    params, x, y = values(network)
    arguments = {**params, "x": x, "y": y, "reduction": "mean", **change}
    x, y, reduction = arguments.pop("x"), arguments.pop("y"), arguments.pop("reduction")
    with pytest.raises(ValueError, match=message):
        Engine(Derivation(network))(arguments, x, y, reduction)


def test_a_constant_without_a_value_is_asked_for():
    network = Network([2, 3, 1], "leaky-relu")
    params, x, y = values(network)
    engine = Engine(Derivation(network))
    with pytest.raises(ValueError, match=r"params\['constants'\] must give a number for alpha"):
        engine({**params, "constants": {}}, x, y)
    assert pickle.loads(pickle.dumps(engine)) == engine
