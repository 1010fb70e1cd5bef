"""The engine: against a backward pass written by hand, against itself in batches, and against its printed source."""

import pickle
import runpy

import numpy as np
import pytest

from derive import Derivation, Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from verify.engine.core import Engine
from verify.engine.plan.network import plan_network
from verify.engine.reading import shape
from verify.engine.source import array_source
from verify.oracles import Point

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
    loss, gradients = Engine(Derivation(network), "numpy")(params, x, y)
    expected, weights, biases = by_hand(params, x, y)
    assert loss == pytest.approx(expected, rel=1e-14)
    for found, wanted in zip([*gradients["W"], *gradients["b"]], [*weights, *biases], strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("bias", ["separate", "appended", "none"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_batch_is_the_mean_or_the_sum_of_its_samples(bias, reduction):
    network = Network([3, 4, 2], ["tanh", "softmax"], "cross-entropy", bias)
    engine = Engine(Derivation(network), "numpy")
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
def test_every_activation_and_loss_agrees_with_balls(activation, loss):
    """The balls follow the definitions and know no derivation."""
    last = "softmax" if LOSSES[loss].normalised else "sigmoid" if LOSSES[loss].low == 0 else "tanh"
    network = Network([2, 3, 2], [activation, last], loss, ["appended", "separate"])
    point = Point.random(network, 0)
    found = Engine(Derivation(network), "numpy").certify(
        {"W": point.W, "b": point.b, "constants": point.constants}, point.x, point.y
    )
    assert found.holds and found.loss.verdict == "right"
    assert found.digits is None or found.digits >= 10


def test_the_printed_source_runs_alone_and_gives_the_same(tmp_path):
    network = Network([2, 3, 2], ["gelu", "softmax"], "cross-entropy", ["appended", "separate"])
    engine = Engine(Derivation(network), "numpy")
    path = tmp_path / "engine.py"
    path.write_text(array_source(plan_network(Derivation(network))))
    params, x, y = values(network, samples=3)
    first, second = params["W"]
    given = (first[:, :-1], first[:, -1], second, params["b"][1], x, y)
    result = runpy.run_path(str(path))["loss_and_gradients"](*given)
    loss, gradients = engine(params, x, y, "sum")
    assert result[0] == pytest.approx(loss, rel=1e-14)
    np.testing.assert_allclose(np.column_stack(result[1:3]), gradients["W"][0], rtol=1e-13)
    np.testing.assert_allclose(result[3], gradients["W"][1], rtol=1e-13)


def test_an_appended_bias_is_the_last_column():
    separate, appended = (Network([2, 3, 1], bias=kind) for kind in ("separate", "appended"))
    params, x, y = values(separate)
    joined = {"W": [np.column_stack([w, b]) for w, b in zip(params["W"], params["b"], strict=True)]}
    loss_1, one = Engine(Derivation(separate), "numpy")(params, x, y)
    loss_2, two = Engine(Derivation(appended), "numpy")(joined, x, y)
    assert loss_1 == loss_2
    for w, b, both in zip(one["W"], one["b"], two["W"], strict=True):
        np.testing.assert_allclose(np.column_stack([w, b]), both, rtol=1e-13)


def test_what_is_wanted_alone_is_what_comes_with_the_rest():
    network = Network([3, 4, 2], ["tanh", "softmax"], "cross-entropy", ["separate", "appended"])
    engine = Engine(Derivation(network), "numpy")
    params, x, y = values(network, samples=4)
    loss, _ = engine.loss_and_gradients(params, x, y)
    outputs = engine.forward(params, x)
    assert outputs.shape == (4, 2)
    assert engine.loss(params, x, y) == pytest.approx(loss, rel=1e-13)
    assert engine.loss(params, x, y, "sum") == pytest.approx(4 * loss, rel=1e-13)
    assert -(y * np.log(outputs)).sum() / 4 == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(engine.forward(params, x[1]), outputs[1], rtol=1e-13)


@pytest.mark.parametrize("bias", ["separate", "appended", "none"])
def test_a_hessian_times_a_direction_is_the_slope_of_the_gradient(bias):
    network = Network([3, 4, 2], ["tanh", "softmax"], "cross-entropy", bias)
    engine = Engine(Derivation(network), "numpy")
    params, x, y = values(network, samples=4)
    way, _, _ = values(network, seed=5)
    found = engine.hessian_vector(params, x, y, way)

    def moved(step):
        pairs = {role: list(zip(params[role], way[role], strict=True)) for role in "Wb"}
        return {role: [None if a is None else a + step * v for a, v in pairs[role]] for role in "Wb"}

    ends = [engine(moved(sign * 1e-5), x, y)[1] for sign in (1, -1)]
    for role in "Wb":
        for one, plus, minus in zip(found[role], ends[0][role], ends[1][role], strict=True):
            assert (one is None) == (plus is None)
            if one is not None:
                np.testing.assert_allclose(one, (plus - minus) / 2e-5, atol=1e-9)


def test_the_hessian_of_a_step_is_zero_and_has_the_shapes_of_the_parameters():
    network = Network([2, 3, 1], "step")
    params, x, y = values(network)
    found = Engine(Derivation(network), "numpy").hessian_vector(params, x, y, params)
    assert [one.shape for one in found["W"]] == [(3, 2), (1, 3)]
    assert not any(one.any() for one in (*found["W"], *found["b"]))


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
        ({"x": [["1", "2"]]}, r"^x must be an array of real numbers$"),
        ({"x": [[1.0], [1.0, 2.0]]}, r"^x must be an array of real numbers$"),
        ({"x": np.zeros((0, 2))}, r"^x holds no sample$"),
        ({"y": None}, r"^y must be an array of real numbers$"),
        ({"x": np.zeros((1, 1, 2))}, r"^x must have the shape \(1, 2\), not \(1, 1, 2\)$"),
        ({"x": 1j * np.zeros(2)}, r"^x must be real, not complex$"),
        ({"reduction": "max"}, r"^reduction must be mean or sum, not 'max'$"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    network = Network([2, 3, 1])
    params, x, y = values(network)
    arguments = {**params, "x": x, "y": y, "reduction": "mean", **change}
    x, y, reduction = arguments.pop("x"), arguments.pop("y"), arguments.pop("reduction")
    with pytest.raises(ValueError, match=message):
        Engine(Derivation(network), "numpy")(arguments, x, y, reduction)


def test_a_constant_without_a_value_is_asked_for():
    network = Network([2, 3, 1], "leaky-relu")
    params, x, y = values(network)
    engine = Engine(Derivation(network), "numpy")
    with pytest.raises(ValueError, match=r"params\['constants'\] must give a number for alpha"):
        engine({**params, "constants": {}}, x, y)
    with pytest.raises(ValueError, match=r"the constant alpha must be a number, not an array of the shape \(2,\)"):
        engine({**params, "constants": {"alpha": [1, 2]}}, x, y)
    assert pickle.loads(pickle.dumps(engine)) == engine


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"backend": "fortran"}, r"^backend must be one of auto, numpy, compiled, jax, torch, not 'fortran'$"),
        ({"dtype": "float16"}, r"^dtype must be float64 or float32, not float16$"),
        ({"dtype": "many"}, r"^dtype must be float64 or float32, not 'many'$"),
        ({"threads": 0}, r"^threads must be a whole number from 1, or None, not 0$"),
    ],
)
def test_a_wrong_choice_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Engine(Derivation(Network([2, 1])), **arguments)


def test_an_engine_is_of_a_derivation():
    with pytest.raises(TypeError, match=r"^an engine runs a Derivation, not Network"):
        Engine(Network([2, 1]))


def test_widths_that_are_letters_are_read_off_the_arrays():
    letters, numbers = (
        Network([2, "n", 1], loss="mse", bias="appended"),
        Network([2, 3, 1], loss="mse", bias="appended"),
    )
    params, x, y = values(numbers, samples=2)
    found, wanted = (Engine(Derivation(one), "numpy")(params, x, y) for one in (letters, numbers))
    assert found[0] == pytest.approx(wanted[0])
    np.testing.assert_allclose(flat(found[1]), flat(wanted[1]))
    params["W"][1] = np.zeros((1, 3))
    with pytest.raises(
        ValueError,
        match=r"^W of weight layer 2, without its column of biases, must have the shape \(1, 3\), not \(1, 2\)$",
    ):
        Engine(Derivation(letters), "numpy")(params, x, y)


def test_nothing_that_is_given_is_changed_or_given_back():
    """A result that shares memory with an argument would change with it."""
    network = Network([2, 2], "linear", "l1", "none")
    params, x, y = values(network, samples=3)
    before = [np.copy(one) for one in (params["W"][0], x, y)]
    _, gradients = Engine(Derivation(network), "numpy")(params, x, y)
    assert not any(np.shares_memory(one, gradients["x"]) for one in (x, y, params["W"][0]))
    gradients["x"][:] = 7
    for one, old in zip((params["W"][0], x, y), before, strict=True):
        np.testing.assert_array_equal(one, old)


def test_the_choice_is_explained_and_forgets_nothing_in_a_pickle():
    engine = Engine(Derivation(Network([2, 3, 1])), dtype=np.float32)
    again = pickle.loads(pickle.dumps(engine))
    assert (again.dtype, again.asked, again.backend) == ("float32", "auto", engine.backend)
    assert engine.backend in engine.why
    assert Engine(Derivation(Network([2, 3, 1])), "numpy").why == "numpy was asked for"
