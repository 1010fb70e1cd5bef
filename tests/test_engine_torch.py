"""The PyTorch backend: against the NumPy backend over the tables, its hand-over of arrays, its threads."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from derive import Derivation, Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.programs import SYSTEMS
from tests.test_engine import flat, values
from tests.test_program_engine import OPAQUE
from tests.test_program_engine import values as of_program
from verify.engine.backends import BACKENDS, Missing
from verify.engine.backends.torch_arrays import TorchRunner, build, intra_op
from verify.engine.core import Engine
from verify.engine.plan.network import plan_network

torch = pytest.importorskip("torch")

BIASES = ("separate", "appended", "none")
PAIRS = [(one, other) for one in ACTIVATIONS for other in LOSSES]
NETWORKS = [(*pair, BIASES[n % 3]) for n, pair in enumerate(PAIRS) if n % 2 == 0 or pair[0] in ("sigmoid", "tanh")]


def given(plan, samples, seed=0, dtype="float64"):
    """Arguments in the order of a plan's inputs; widths are 3, 4, 2."""
    rng = np.random.default_rng(seed)
    shapes = {"W1": (4, 3), "b1": (4,), "W2": (2, 4), "b2": (2,), "x": (samples, 3), "y": (samples, 2)}
    numbers = {"samples": samples, "weight": 1 / samples}
    return [
        rng.normal(size=shapes[one]).astype(dtype) if one in shapes else numbers[one]
        for one in (item.name for item in plan.inputs)
    ]


@pytest.mark.parametrize(("activation", "loss", "bias"), NETWORKS)
def test_it_agrees_with_the_numpy_backend_over_the_tables(activation, loss, bias):
    network = Network([3, 4, 2], activations=activation, loss=loss, bias=bias)
    params, x, y = values(network, samples=5)
    expected, wanted = Engine(Derivation(network), backend="numpy")(params, x, y)
    found, gradients = Engine(Derivation(network), backend="torch")(params, x, y)
    np.testing.assert_allclose(found, expected, rtol=1e-11)
    np.testing.assert_allclose(flat(gradients), flat(wanted), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_stays_float32(activation):
    network = Network([3, 4, 2], activations=activation, loss="half-squared-error")
    params, x, y = values(network, samples=5)
    expected, wanted = Engine(Derivation(network), backend="numpy")(params, x, y)
    found, gradients = Engine(Derivation(network), backend="torch", dtype="float32")(params, x, y)
    assert {one.dtype for one in (*gradients["W"], *gradients["b"], gradients["x"])} == {np.dtype("float32")}
    np.testing.assert_allclose([found, *flat(gradients)], [expected, *flat(wanted)], rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("name", SYSTEMS)
def test_programs_agree_with_the_numpy_backend(name):
    system = SYSTEMS[name]
    values_of, up = of_program(system)
    extra = {"upstream": {system.upstream: up} if system.upstream else None, "functions": OPAQUE}
    target, wanted = Engine(Derivation(system.program), backend="numpy")(values_of, **extra)
    found, gradients = Engine(Derivation(system.program), backend="torch")(values_of, **extra)
    assert (found is None) == (target is None)
    if target is not None:
        assert found == pytest.approx(target, rel=1e-12)
    for letter, one in wanted.items():
        np.testing.assert_allclose(gradients[letter], one, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("scale", [1000, -1000])
@pytest.mark.parametrize(("activation", "loss"), [("sigmoid", "binary-cross-entropy"), ("softmax", "cross-entropy")])
def test_a_thousand_does_not_overflow(activation, loss, scale):
    network = Network([3, 2], activations=activation, loss=loss)
    params, x, y = values(network, samples=4)
    params["W"][0] = params["W"][0] * scale
    found, gradients = Engine(Derivation(network), backend="torch")(params, x, y)
    expected, wanted = Engine(Derivation(network), backend="numpy")(params, x, y)
    assert np.isfinite(found) and np.isfinite(flat(gradients)).all()
    np.testing.assert_allclose([found, *flat(gradients)], [expected, *flat(wanted)], rtol=1e-10, atol=1e-12)


def test_every_result_is_an_array_of_its_own_that_may_be_written_to():
    plan = plan_network(Derivation(Network([3, 4, 2])))
    plan = replace(plan, results=(*plan.results, "W1", "dW1", "W1"))
    arguments = given(plan, 3)
    before = [np.array(one) for one in arguments]
    found = build(plan, "float64", None)(arguments)
    kept = [one.copy() for one in found]
    for n, one in enumerate(found):
        one += 1
        for other, old in zip(found[n + 1 :], kept[n + 1 :], strict=True):
            np.testing.assert_array_equal(other, old)
    for one, old in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(one, old)


def test_arrays_that_pytorch_cannot_share_are_taken_too():
    plan = plan_network(Derivation(Network([3, 4, 2])))
    arguments = given(plan, 5)
    expected = build(plan, "float64", None)(arguments)
    odd = []
    for one in arguments:
        if isinstance(one, np.ndarray):
            one = one[::-1].copy()[::-1] if len(odd) % 2 else np.asfortranarray(one)
            one.flags.writeable = len(odd) % 3 != 0
        odd.append(one)
    for one, other in zip(build(plan, "float64", None)(odd), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)


def test_threads_are_set_for_the_call_only():
    before = torch.get_num_threads()
    other = 1 if before > 1 else 2
    with pytest.raises(KeyError), intra_op(other):
        assert torch.get_num_threads() == other
        raise KeyError
    assert torch.get_num_threads() == before
    plan = plan_network(Derivation(Network([3, 4, 2])))
    assert len(build(plan, "float64", other)(given(plan, 3))) == len(plan.results)
    assert torch.get_num_threads() == before


def test_what_is_fused_is_seen_in_the_source_and_equal():
    network = Network([3, 4, 2], activations=["tanh", "sigmoid"])
    source = TorchRunner(plan_network(Derivation(network)), "float64").source
    for one in ("torch.sigmoid(z2)", "sigmoid_backward(weight*(a2 - y), a2)", "tanh_backward(delta2 @ W2, a1)"):
        assert one in source
    params, x, y = values(network, samples=5)
    _, wanted = Engine(Derivation(network), backend="numpy")(params, x, y)
    _, gradients = Engine(Derivation(network), backend="torch")(params, x, y)
    np.testing.assert_allclose(flat(gradients), flat(wanted), rtol=1e-12)


def test_a_lie_in_the_plan_is_noticed():
    plan = plan_network(Derivation(Network([3, 4, 2])))
    lines = tuple(replace(one, value=-one.value) if one.name == "delta1" else one for one in plan.lines)
    arguments = given(plan, 7)
    right, wrong = (build(one, "float64", None)(arguments) for one in (plan, replace(plan, lines=lines)))
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(wrong[1], right[1], rtol=1e-3)


def test_a_missing_pytorch_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    plan = plan_network(Derivation(Network([3, 4, 2])))
    with pytest.raises(Missing, match=r"^the torch backend needs PyTorch \(.*\): .*pip install 'backproof\[torch\]'$"):
        BACKENDS["torch"].build(plan, "float64", None)
