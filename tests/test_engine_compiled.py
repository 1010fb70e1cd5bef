"""The compiled backend: against NumPy's own arithmetic, against a complex step, and in what it refuses."""

import math
import sys
import tracemalloc

import numpy as np
import pytest

from derive import Derivation, Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from verify.engine.backends import Missing
from verify.engine.compiled import caller
from verify.engine.compiled.compiler import compiler
from verify.engine.compiled.runner import build
from verify.engine.core import Engine
from verify.engine.plan.network import plan_network

CONSTANTS = {"alpha": 0.3, "c": 1.5, "L": 2.0, "k": 0.7, "z_0": 0.2}
ERF = np.vectorize(math.erf, otypes=[float])


@pytest.fixture(scope="module", autouse=True)
def cached(tmp_path_factory):
    """A cache of the tests' own; without a compiler these tests cannot run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        try:
            compiler()
        except Missing as missing:
            pytest.skip(str(missing))
        yield


class Numbers:
    """The namespace of the activations' and losses' rows, over complex arrays: a second way to everything here."""

    exp, log, sqrt, tanh, cosh, pi = np.exp, np.log, np.sqrt, np.tanh, np.cosh, np.pi

    @staticmethod
    def erf(u):
        return ERF(u.real) + 1j * u.imag * 2 / np.sqrt(np.pi) * np.exp(-(u.real**2))

    @staticmethod
    def abs(u):
        return np.where(u.real < 0, -u, u)

    @staticmethod
    def number(value):
        return value

    @staticmethod
    def choose(c, yes, no):
        return np.where(np.real(c) > 0, yes, no)


def activated(name, z):
    row, m = ACTIVATIONS[name], Numbers()
    if not row.elementwise:
        m.total = lambda f: f(z).sum(-1, keepdims=True)
    free = [CONSTANTS[one] if value is None else value for one, value in row.constants.items()]
    return row.forward(m, z, *free)


def losses(network, arrays, mean):
    """The loss of a batch in complex numbers, from the rows of the tables alone; `arrays` are W1, b1, …, x, y."""
    a = arrays["x"]
    for place, layer in enumerate(network.stack, 1):
        w, b = arrays.get(f"W{place}"), arrays.get(f"b{place}")
        z = (a @ w.T if w is not None else a) + (0 if b is None else b)
        a = activated(layer.activation, z) * np.ones_like(z)
    y = arrays["y"]
    sums = LOSSES[network.loss].forward(Numbers(), lambda f: (f(a, y) * np.ones_like(a)).sum(-1), network.widths[-1])
    return sums.mean() if mean else sums.sum()


def example(network, samples, dtype="float64", seed=0):
    """Arrays by the names of the plan's inputs, in the order of a call, and the plan."""
    plan = plan_network(Derivation(network))
    rng = np.random.default_rng(seed)
    arrays = {}
    for one in plan.inputs:
        if one.sort == "array":
            sizes = [{"samples": samples}.get(str(axis.space.size)) or plan.sizes[axis.space.size] for axis in one.axes]
            arrays[one.name] = (rng.normal(size=sizes) * (0.7 if one.name != "x" else 1)).astype(dtype)
    y = rng.random(arrays["y"].shape) + 0.1
    arrays["y"] = (y / y.sum(-1, keepdims=True) if network.widths[-1] > 1 else y).astype(dtype)
    return plan, arrays


def arguments(plan, arrays, mean=True):
    samples = len(arrays["x"])
    given = {**CONSTANTS, "samples": samples, "weight": 1 / samples if mean else 1.0, **arrays}
    return [given[one.name] for one in plan.inputs]


def expected(network, plan, arrays, mean=True):
    """Loss and gradients by a complex step in every entry, in the order of the plan's results."""
    exact = {name: value.astype(complex) for name, value in arrays.items()}
    found = [np.real(losses(network, exact, mean))]
    for name in [one.name for one in plan.inputs if one.sort == "array" and one.name != "y"]:
        slope = np.zeros(exact[name].shape)
        for at in np.ndindex(*slope.shape):
            moved = {**exact, name: exact[name].copy()}
            moved[name][at] += 1e-30j
            slope[at] = np.imag(losses(network, moved, mean)) / 1e-30
        found.append(slope)
    return found


def assert_agree(found, wanted, tolerance):
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert np.shape(one) == np.shape(other)
        scale = max(1e-300, np.abs(other).max())
        assert np.abs(one - other).max() <= tolerance * scale


# Every activation in the hidden layer and every loss, each at least once; biases of all kinds.
_BIASES = (True, "appended", "none", ["appended", "separate"])
HIDDEN = [(one, list(LOSSES)[n % len(LOSSES)], _BIASES[n % 4]) for n, one in enumerate(ACTIVATIONS)]
OTHER = [("tanh", one, _BIASES[n % 4]) for n, one in enumerate(LOSSES) if n >= len(ACTIVATIONS)]
OUTPUT = [("softmax", "cross-entropy"), ("softmax", "kl"), ("softmax", "half-squared-error"), ("linear", "huber"),
          ("gelu", "log-cosh"), ("softplus", "cosine")]  # fmt: skip


@pytest.mark.parametrize(("activation", "loss", "bias"), [*HIDDEN, *OTHER])
def test_networks_agree_with_a_complex_step(activation, loss, bias):
    network = Network([2, 3, 2], [activation, "sigmoid"], loss, bias)
    plan, arrays = example(network, samples=3)
    assert_agree(build(plan, "float64")(arguments(plan, arrays)), expected(network, plan, arrays), 1e-12)


@pytest.mark.parametrize(("activation", "loss"), OUTPUT)
def test_output_layers_agree_with_a_complex_step_in_both_types(activation, loss):
    network = Network([3, 4, 3], ["tanh", activation], loss)
    for dtype, tolerance in (("float64", 1e-12), ("float32", 2e-5)):
        plan, arrays = example(network, 4, dtype)
        found = build(plan, dtype)(arguments(plan, arrays, mean=False))
        assert all(one.dtype == dtype for one in found)
        assert_agree(found, expected(network, plan, arrays, mean=False), tolerance)


def params_of(arrays, depth):
    """The dictionary that an engine is called with."""
    return {role: [arrays[f"{role}{n}"] for n in range(1, depth + 1)] for role in "Wb"}


WIDE = Network([37, 21, 5])


@pytest.fixture(scope="module")
def wide(cached):
    plan, _ = example(WIDE, 1)
    return plan, build(plan, "float64")


@pytest.mark.parametrize("samples", [1, 2, 3, 4, 5, 6, 7, 9, 32])
def test_kernels_agree_with_matrix_products_at_every_batch(wide, samples):
    plan, runner = wide
    _, v = example(WIDE, samples, seed=samples)
    a1 = 1 / (1 + np.exp(-(v["x"] @ v["W1"].T + v["b1"])))
    a2 = 1 / (1 + np.exp(-(a1 @ v["W2"].T + v["b2"])))
    d2 = (a2 - v["y"]) * a2 * (1 - a2) / samples
    d1 = (d2 @ v["W2"]) * a1 * (1 - a1)
    wanted = [((a2 - v["y"]) ** 2).sum() / 2 / samples, d1.T @ v["x"], d1.sum(0), d2.T @ a1, d2.sum(0), d1 @ v["W1"]]
    assert_agree(runner(arguments(plan, v)), wanted, 1e-13)
    loss, found = runner.network_call(params_of(v, 2), v["x"], v["y"], True)
    assert_agree([loss, found["W"][0], found["b"][0], found["W"][1], found["b"][1], found["x"]], wanted, 1e-13)


def test_a_single_sample_may_come_without_a_batch(wide):
    _, runner = wide
    _, v = example(WIDE, 1)
    one, single = runner.network_call(params_of(v, 2), v["x"][0], v["y"][0], True)
    two, batch = runner.network_call(params_of(v, 2), v["x"], v["y"], False)
    assert one == two and single["x"].shape == (37,)
    np.testing.assert_array_equal(single["x"], batch["x"][0])


def test_constants_are_read_from_the_parameters():
    network = Network([2, 3, 2], ["leaky-relu", "sigmoid"])
    plan, v = example(network, 3)
    runner = build(plan, "float64")
    wanted = runner(arguments(plan, v))
    loss, found = runner.network_call({**params_of(v, 2), "constants": CONSTANTS}, v["x"], v["y"], True)
    assert loss == wanted[0]
    np.testing.assert_array_equal(found["W"][0], wanted[1])
    assert runner.network_call(params_of(v, 2), v["x"], v["y"], True) is NotImplemented


def test_layers_without_weights_or_biases_have_none():
    network = Network([2, {"bias_only": True, "activation": "tanh"}, 3], bias=["separate", "none"])
    plan, v = example(network, 3)
    params = {"W": [None, v["W2"]], "b": [v["b1"], None]}
    loss, found = build(plan, "float64").network_call(params, v["x"], v["y"], True)
    assert found["W"][0] is None and found["b"][1] is None
    wanted = expected(network, plan, v)
    assert_agree([loss, found["b"][0], found["W"][1], found["x"]], wanted, 1e-12)


class Sub(np.ndarray):
    """An array of a class of somebody's own."""


MISFITS = {
    "another type": lambda v: {**v, "W1": v["W1"].astype("float32")},
    "whole numbers": lambda v: {**v, "y": np.ones(v["y"].shape, int)},
    "turned": lambda v: {**v, "W1": np.asfortranarray(v["W1"])},
    "every second": lambda v: {**v, "x": np.repeat(v["x"], 2, axis=1)[:, ::2]},
    "other byte order": lambda v: {**v, "b1": v["b1"].astype(">f8")},
    "a class of its own": lambda v: {**v, "x": v["x"].view(Sub)},
    "not aligned": lambda v: {**v, "b2": np.frombuffer(b"1" + v["b2"].tobytes(), np.uint8)[1:].view(float)},
}


@pytest.mark.parametrize("change", MISFITS.values(), ids=MISFITS)
def test_what_c_cannot_read_is_left_to_the_engine_and_still_computed(wide, change):
    plan, runner = wide
    _, v = example(WIDE, 4)
    odd = change(v)
    assert runner.network_call(params_of(odd, 2), odd["x"], odd["y"], True) is NotImplemented
    exact = {name: np.array(value, float) for name, value in odd.items()}
    for one, other in zip(runner(arguments(plan, odd)), runner(arguments(plan, exact)), strict=True):
        np.testing.assert_array_equal(one, other)


BAD_CALLS = {
    "W too wide": lambda p, x, y: ({**p, "W": [np.ones((21, 38)), p["W"][1]]}, x, y),
    "too few layers": lambda p, x, y: ({**p, "W": p["W"][:1]}, x, y),
    "no b": lambda p, x, y: ({"W": p["W"]}, x, y),
    "b is None": lambda p, x, y: ({**p, "b": [None, p["b"][1]]}, x, y),
    "W is an array": lambda p, x, y: ({**p, "W": np.ones((2, 2))}, x, y),
    "params is a list": lambda p, x, y: ([p], x, y),
    "x is a list": lambda p, x, y: (p, x.tolist(), y),
    "no sample": lambda p, x, y: (p, x[:0], y[:0]),
    "fewer targets": lambda p, x, y: (p, x, y[:-1]),
    "one target": lambda p, x, y: (p, x, y[0]),
    "three axes": lambda p, x, y: (p, x[None], y[None]),
    "a number": lambda p, x, y: (p, np.array(1.0), y),
}


@pytest.mark.parametrize("change", BAD_CALLS.values(), ids=BAD_CALLS)
def test_calls_that_do_not_fit_are_not_implemented(wide, change):
    _, runner = wide
    _, v = example(WIDE, 4)
    assert runner.network_call(*change(params_of(v, 2), v["x"], v["y"]), True) is NotImplemented


def test_shapes_that_contradict_one_another_are_named(wide):
    plan, runner = wide
    _, v = example(WIDE, 4)
    with pytest.raises(
        ValueError, match=r"^the shapes of the arrays do not fit one another: W1 \(21, 37\), b1 \(20,\)"
    ):
        runner(arguments(plan, {**v, "b1": np.ones(20)}))


def test_widths_that_are_letters_come_from_the_arrays():
    network = Network([3, "n"], loss="mse")
    plan = plan_network(Derivation(network))
    runner = build(plan, "float64")
    rng = np.random.default_rng(0)
    for n in (1, 4, 30):
        w, b, x, y = rng.normal(size=(n, 3)), rng.normal(size=n), rng.normal(size=(5, 3)), rng.random((5, n))
        loss, found = runner.network_call({"W": [w], "b": [b]}, x, y, True)
        a = 1 / (1 + np.exp(-(x @ w.T + b)))
        assert loss == pytest.approx(((a - y) ** 2).mean(), rel=1e-13)
        np.testing.assert_allclose(found["b"][0], (2 * (a - y) * a * (1 - a) / n).mean(0), rtol=1e-11)


def test_nothing_leaks(wide):
    _, runner = wide
    _, v = example(WIDE, 2)
    params = params_of(v, 2)
    things = [params, params["W"], *params["W"], *params["b"], v["x"], v["y"]]
    runner.network_call(params, v["x"], v["y"], True)
    before = [sys.getrefcount(one) for one in things]
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    for _ in range(5000):
        runner.network_call(params, v["x"], v["y"], True)
        runner.network_call(params, v["x"], v["y"][:1], True)
        runner.bind(params, v["x"], v["y"], True)()
    grown = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    assert [sys.getrefcount(one) for one in things] == before
    assert grown < 20_000


def test_a_bound_network_reads_its_arrays_anew_and_overwrites_its_answer(wide):
    _, runner = wide
    _, v = example(WIDE, 3)
    params = params_of(v, 2)
    bound = runner.bind(params, v["x"], v["y"], True)
    gradient = bound.gradients["W"][0]
    for _ in range(3):
        params["W"][0] *= 0.5
        loss, found = runner.network_call(params, v["x"], v["y"], True)
        assert bound() == loss
        np.testing.assert_array_equal(gradient, found["W"][0])
    with pytest.raises(TypeError):
        bound(1)


def test_ctypes_gives_the_same_where_python_has_no_headers(wide, monkeypatch):
    plan, runner = wide

    def none():
        raise Missing("no headers")

    monkeypatch.setattr(caller, "_extension", none)
    slow = build(plan, "float64")
    assert slow.network_call is None
    _, v = example(WIDE, 3)
    for change in (lambda v: v, *MISFITS.values()):
        changed = change(v)
        for one, other in zip(slow(arguments(plan, changed)), runner(arguments(plan, changed)), strict=True):
            np.testing.assert_array_equal(one, other)
    with pytest.raises(ValueError, match="do not fit"):
        slow(arguments(plan, {**v, "b1": np.ones(20)}))


def test_large_pre_activations_are_finite_and_nan_stays_nan():
    network = Network([1, 2], "softmax", "cross-entropy")
    plan, _ = example(network, 1)
    runner = build(plan, "float64")
    v = {"W1": np.array([[1000.0], [-1000.0]]), "b1": np.zeros(2), "x": np.array([[-0.5]]), "y": np.array([[1.0, 0.0]])}
    found = runner(arguments(plan, v))
    assert found[0] == 1000
    assert all(np.isfinite(one).all() for one in found)
    np.testing.assert_array_equal(found[2], [-1.0, 1.0])
    found = runner(arguments(plan, {**v, "W1": np.array([[np.nan], [1.0]])}))
    assert all(np.isnan(one).any() for one in found)
    sigmoid, _ = example(Network([1, 1]), 1)
    for weight in (1000.0, -1000.0, np.inf, -np.inf):
        v = {"W1": np.array([[weight]]), "b1": np.zeros(1), "x": np.array([[1.0]]), "y": np.array([[0.0]])}
        found = build(sigmoid, "float64")(arguments(sigmoid, v))
        assert found[0] == (0.5 if weight > 0 else 0.0) and found[1] == 0


def test_engines_agree_in_everything_that_they_compute():
    derivation = Derivation(Network([3, 4, 2], ["softplus", "softmax"], "cross-entropy"))
    _, v = example(Network([3, 4, 2], ["softplus", "softmax"], "cross-entropy"), 5)
    params = params_of(v, 2)
    ours, other = (Engine(derivation, backend=one) for one in ("compiled", "numpy"))
    direction = {role: [np.cos(one) for one in values] for role, values in params.items()}
    np.testing.assert_allclose(ours.forward(params, v["x"]), other.forward(params, v["x"]), rtol=1e-12)
    assert ours.loss(params, v["x"], v["y"]) == pytest.approx(other.loss(params, v["x"], v["y"]), rel=1e-12)
    for mean in ("mean", "sum"):
        (loss, one), (wanted, two) = (engine(params, v["x"], v["y"], mean) for engine in (ours, other))
        assert loss == pytest.approx(wanted, rel=1e-12) and ours.backend == "compiled"
        for role in "Wb":
            for mine, theirs in zip(one[role], two[role], strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=1e-11, atol=1e-14)
    one, two = (engine.hessian_vector(params, v["x"], v["y"], direction) for engine in (ours, other))
    for role in "Wb":
        for mine, theirs in zip(one[role], two[role], strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-13)
