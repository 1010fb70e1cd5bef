"""All backends that run here agree to rounding: over activations, losses, biases, batches, types, and programs."""

from functools import cache
from importlib.util import find_spec

import numpy as np
import pytest

from derive import Derivation, Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.programs import SYSTEMS
from tests.test_engine import flat, values
from tests.test_program_engine import OPAQUE
from tests.test_program_engine import values as program_values
from verify.engine.backends import BACKENDS, Missing
from verify.engine.core import Engine

TOLERANCE = {"float64": 1e-11, "float32": 3e-5}  # sums in another order, a few hundred roundings
NETWORKS = {  # every activation and every loss in some network, each kind of bias, widths of 1, a bias alone
    "one neuron": ([1, 1], "sigmoid", "half-squared-error", "separate"),
    "only biases": ([2, {"bias_only": True, "activation": "tanh"}, 2], ["tanh", "silu"], "squared-error", "separate"),
    "no bias": ([3, 5, 2], ["softsign", "softmax"], "kl", "none"),
    "appended": ([3, 4, 4, 2], ["elu", "softplus", "sigmoid"], "binary-cross-entropy", "appended"),
    "deep": ([4, 3, 5, 3, 2], ["tanh", "gelu", "relu", "softmax"], "nll", ["appended", "none", "separate", "separate"]),
    "softmax inside": ([3, 3, 3], ["softmax", "softmax"], "cross-entropy", "separate"),
}
_SEEN = {loss for _, _, loss, _ in NETWORKS.values()}
_LEFT = ["step", "linear", "logistic", "leaky-relu", "silu", "sigmoid", "tanh", "gelu", "elu"]
NETWORKS |= {
    f"{activation}, {loss}": ([2, 3, 2], [activation, "softmax"], loss, "separate")
    for activation, loss in zip(_LEFT, [one for one in LOSSES if one not in _SEEN], strict=True)
}
PROGRAMS = [
    "batch_norm",
    "attention",
    "cross_entropy",
    "swiglu",
    "quadratic",
    "log_det",
    "inverse",
    "convolution",
    "logistic",
]


@cache
def why_not(backend):
    """What a backend lacks here; nothing where it runs."""
    if backend in ("jax", "torch") and not find_spec(backend):
        return f"{backend} is not installed"
    try:
        params, x, y = values(Network([2, 2, 1]))
        Engine(Derivation(Network([2, 2, 1])), backend)(params, x, y)
    except Missing as error:
        return str(error)
    return ""


def needs(backend):
    missing = why_not(backend)
    if missing:
        pytest.skip(missing)


@cache
def network(name):
    layers, activations, loss, bias = NETWORKS[name]
    return Network(layers, activations, loss, bias)


@cache
def expected(name, samples):
    """What the readable NumPy source finds in float64."""
    return Engine(Derivation(network(name)), "numpy")(*values(network(name), samples))


OTHERS = [name for name in BACKENDS if name != "numpy"]


def assert_same(found, wanted, dtype):
    assert found[0] == pytest.approx(wanted[0], rel=TOLERANCE[dtype], abs=TOLERANCE[dtype])
    found, wanted = flat(found[1]), flat(wanted[1])
    scale = max(float(np.abs(wanted).max()), 1.0)
    np.testing.assert_allclose(found, wanted, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * scale)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("backend", OTHERS)
def test_networks_agree_on_a_batch(backend, name):
    needs(backend)
    assert_same(Engine(Derivation(network(name)), backend)(*values(network(name), 7)), expected(name, 7), "float64")


@pytest.mark.parametrize("samples", [None, 1, 2, 33])
@pytest.mark.parametrize("backend", OTHERS)
def test_networks_agree_for_every_size_of_batch(backend, samples):
    needs(backend)
    engine = Engine(Derivation(network("appended")), backend)
    assert_same(engine(*values(network("appended"), samples)), expected("appended", samples), "float64")


@pytest.mark.parametrize("name", ["appended", "deep", "softmax inside", "only biases"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_float32_agrees_and_stays_float32(backend, name):
    needs(backend)
    found = Engine(Derivation(network(name)), backend, "float32")(*values(network(name), 6))
    assert_same(found, expected(name, 6), "float32")
    arrays = (*found[1]["W"], *found[1]["b"], found[1]["x"])
    kinds = {one.dtype.name for one in arrays if one is not None}
    assert kinds == {"float32"}


def test_every_activation_and_every_loss_is_in_a_network():
    used = {layer.activation for name in NETWORKS for layer in network(name).stack}
    assert used == set(ACTIVATIONS) and {one[2] for one in NETWORKS.values()} == set(LOSSES)


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("backend", OTHERS)
def test_programs_agree(backend, name):
    needs(backend)
    system = SYSTEMS[name]
    given, up = program_values(system)
    upstream = {system.upstream: up} if system.upstream else None
    derivation = Derivation(system.program)
    target, found = Engine(derivation, backend)(given, upstream=upstream)
    wanted_target, wanted = Engine(derivation, "numpy")(given, upstream=upstream)
    assert target == pytest.approx(wanted_target, rel=1e-12) if wanted_target is not None else target is None
    for letter, value in wanted.items():
        np.testing.assert_allclose(found[letter], value, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_gives_outputs_losses_and_hessian_vector_products(backend):
    needs(backend)
    params, x, y = values(network("deep"), 4)
    way, _, _ = values(network("deep"), seed=9)
    one, other = (Engine(Derivation(network("deep")), name) for name in (backend, "numpy"))
    np.testing.assert_allclose(one.forward(params, x), other.forward(params, x), rtol=1e-12)
    assert one.loss(params, x, y) == pytest.approx(other.loss(params, x, y), rel=1e-12)
    found, wanted = (engine.hessian_vector(params, x, y, way) for engine in (one, other))
    for role in "Wb":
        for left, right in zip(found[role], wanted[role], strict=True):
            assert (left is None) == (right is None)
            if left is not None:
                np.testing.assert_allclose(left, right, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_backend_overflows_or_takes_the_logarithm_of_zero(backend):
    needs(backend)
    for activation, loss in (("softmax", "cross-entropy"), ("sigmoid", "binary-cross-entropy"), ("softmax", "kl")):
        engine = Engine(Derivation(Network([2, 2], activation, loss, "none")), backend)
        loss, gradients = engine({"W": [np.eye(2)]}, [1000.0, -1000.0], [0.0, 1.0])
        assert loss == pytest.approx(2000)
        np.testing.assert_allclose(gradients["x"], [1.0, -1.0], atol=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_given_in_another_order_of_memory_is_the_same(backend):
    """Columns of Fortran, every second row, read-only memory, lists."""
    needs(backend)
    params, x, y = values(network("appended"), 6)
    engine = Engine(Derivation(network("appended")), backend)
    wanted = engine(params, x, y)
    apart = np.repeat(x, 2, axis=0)[::2]
    fixed = y.copy()
    fixed.setflags(write=False)
    turned = {**params, "W": [np.asfortranarray(one) for one in params["W"]]}
    listed = {**params, "W": [one.tolist() for one in params["W"]]}
    for found in (engine(turned, apart, fixed), engine(listed, x.tolist(), y.tolist())):
        assert_same(found, wanted, "float64")


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_shows_its_source(backend):
    needs(backend)
    engine = Engine(Derivation(Network([2, 3, 1])), backend)
    assert "delta2" in engine.source and engine.backend == backend
    assert f"\n{engine.source}\n```" in engine._repr_markdown_()


def test_a_function_that_the_caller_gives_runs_in_numpy_by_itself():
    system = SYSTEMS["opaque_function"]
    given, up = program_values(system)
    engine = Engine(Derivation(system.program))
    engine(given, upstream={system.upstream: up}, functions=OPAQUE)
    assert engine.backend == "numpy" and engine.why == "numpy calls the functions that are given"
