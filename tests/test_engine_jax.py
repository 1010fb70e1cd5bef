"""The JAX backend: against the NumPy backend over the tables, and against what JAX itself differentiates."""

import os
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
from verify.engine.backends.jax_arrays import JaxRunner, build, pool_size
from verify.engine.core import Engine
from verify.engine.plan.network import plan_network
from verify.engine.plan.program import plan_program
from verify.engine.source import arguments_of

jax = pytest.importorskip("jax")

BIASES = ("separate", "appended", "none")
NETWORKS = [
    *((one, "half-squared-error", BIASES[n % 3]) for n, one in enumerate(ACTIVATIONS)),
    *(("softmax" if n % 2 else "sigmoid", one, BIASES[n % 3]) for n, one in enumerate(LOSSES)),
]


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
    found, gradients = Engine(Derivation(network), backend="jax")(params, x, y)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    np.testing.assert_allclose(flat(gradients), flat(wanted), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", SYSTEMS)
def test_programs_agree_with_the_numpy_backend(name):
    system = SYSTEMS[name]
    values_of, up = of_program(system)
    extra = {"upstream": {system.upstream: up} if system.upstream else None, "functions": OPAQUE}
    target, wanted = Engine(Derivation(system.program), backend="numpy")(values_of, **extra)
    found, gradients = Engine(Derivation(system.program), backend="jax")(values_of, **extra)
    assert (found is None) == (target is None)
    if target is not None:
        assert found == pytest.approx(target, rel=1e-12)
    for letter, one in wanted.items():
        np.testing.assert_allclose(gradients[letter], one, rtol=1e-10, atol=1e-13)


def by_jax(w1, b1, w2, b2, x, y):
    """Sigmoid layers and half squared error, summed over the samples, as a user of JAX writes it."""
    hidden = jax.nn.sigmoid(x @ w1.T + b1)
    return ((jax.nn.sigmoid(hidden @ w2.T + b2) - y) ** 2).sum() / 2


@pytest.mark.parametrize("samples", [1, 7])
def test_it_agrees_with_what_jax_differentiates(samples):
    plan = plan_network(Derivation(Network([3, 4, 2])))
    arguments = given(plan, samples)
    found = build(plan, "float64", None)(arguments)
    arrays = arguments[:6]
    with jax.enable_x64(True):
        loss, gradients = jax.value_and_grad(by_jax, range(5))(*arrays)
    wanted = [loss, *gradients]
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, np.asarray(other) / samples, rtol=1e-12, atol=1e-15)


def test_a_lie_in_the_plan_is_noticed():
    plan = plan_network(Derivation(Network([3, 4, 2])))
    lines = tuple(replace(one, value=-one.value) if one.name == "dW1" else one for one in plan.lines)
    arguments = given(plan, 7)
    right, wrong = (build(one, "float64", None)(arguments) for one in (plan, replace(plan, lines=lines)))
    place = plan.results.index("dW1")
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(wrong[place], right[place], rtol=1e-3)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_keep_their_type_whatever_the_user_has_set(dtype, wide):
    plan = plan_network(Derivation(Network([3, 4, 2], activations=["gelu", "softmax"], loss="cross-entropy")))
    with jax.enable_x64(wide):
        found = build(plan, dtype, None)(given(plan, 3, dtype=dtype))
        assert {one.dtype for one in found} == {np.dtype(dtype)}
        assert jax.config.jax_enable_x64 is wide
        assert jax.numpy.ones(1).dtype == (np.float64 if wide else np.float32)


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


def test_large_results_outlive_the_call_and_may_be_written_to():
    plan = plan_network(Derivation(Network([200, 100, 2])))
    rng = np.random.default_rng(0)
    shapes = {"W1": (100, 200), "b1": (100,), "W2": (2, 100), "b2": (2,), "x": (9, 200), "y": (9, 2)}
    arguments = [rng.normal(size=shapes.get(one.name, ())) if one.name != "samples" else 9 for one in plan.inputs]
    runner = build(plan, "float64", None)
    first = runner(arguments)[1]
    kept = first.copy()
    for _ in range(20):
        runner(arguments)
    np.testing.assert_array_equal(first, kept)
    first[:] = 0
    np.testing.assert_array_equal(runner(arguments)[1], kept)


@pytest.mark.parametrize("scale", [1000, -1000])
@pytest.mark.parametrize(("activation", "loss"), [("sigmoid", "binary-cross-entropy"), ("softmax", "cross-entropy")])
def test_a_thousand_does_not_overflow(activation, loss, scale):
    network = Network([3, 2], activations=activation, loss=loss)
    params, x, y = values(network, samples=4)
    params["W"][0] = params["W"][0] * scale
    found, gradients = Engine(Derivation(network), backend="jax")(params, x, y)
    expected, wanted = Engine(Derivation(network), backend="numpy")(params, x, y)
    assert np.isfinite(found) and np.isfinite(flat(gradients)).all()
    np.testing.assert_allclose([found, *flat(gradients)], [expected, *flat(wanted)], rtol=1e-10, atol=1e-12)


def test_the_function_stands_inside_jit_and_vmap_and_stays_on_the_device():
    plan = plan_network(Derivation(Network([3, 4, 2])))
    runner = JaxRunner(plan, "float32")
    arguments = given(plan, 6, dtype="float32")
    ordered = [arguments[plan.inputs.index(one)] for one in arguments_of(plan)]
    found = jax.jit(runner.function)(*ordered)
    assert all(isinstance(one, jax.Array) for one in found)
    places = [0 if one.name in ("x", "y") else None for one in arguments_of(plan)]
    single = [value[:, None] if place == 0 else value for value, place in zip(ordered, places, strict=True)]
    each = jax.vmap(runner.function, in_axes=places)(*single)
    np.testing.assert_allclose(np.asarray(each[1]).sum(0), np.asarray(found[1]), rtol=1e-4, atol=1e-6)


def test_a_function_may_be_numpys_or_jaxs():
    name = next(one for one in SYSTEMS if any(item.sort == "function" for item in _plan(one).inputs))
    system = SYSTEMS[name]
    values_of, up = of_program(system)
    engine = Engine(Derivation(system.program), backend="jax")
    extra = {"upstream": {system.upstream: up} if system.upstream else None}
    _, called_back = engine(values_of, functions=OPAQUE, **extra)
    _, traced = engine(values_of, functions={"f": jax.numpy.sin, "f_prime": jax.numpy.cos}, **extra)
    for letter, one in traced.items():
        np.testing.assert_allclose(called_back[letter], one, rtol=1e-12)


def _plan(name):
    return plan_program(Derivation(SYSTEMS[name].program))


def test_fewer_threads_than_xla_has_are_refused(monkeypatch):
    monkeypatch.setenv("NPROC", "2")
    plan = plan_network(Derivation(Network([3, 4, 2])))
    with pytest.raises(Missing, match=r"^the jax backend computes with the 2 threads .* set NPROC=1 .* threads=1$"):
        build(plan, "float64", 1)
    assert isinstance(build(plan, "float64", 2), JaxRunner)
    monkeypatch.delenv("NPROC")
    assert 1 <= pool_size() <= (os.cpu_count() or 1)


def test_a_missing_jax_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    plan = plan_network(Derivation(Network([3, 4, 2])))
    with pytest.raises(Missing, match=r"^the jax backend needs JAX \(.*\): .*pip install 'backproof\[jax\]'$"):
        BACKENDS["jax"].build(plan, "float64", None)
