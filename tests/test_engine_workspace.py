"""The NumPy backend computes what the readable source says, in memory that it keeps, and gives arrays of their own."""

import re
import runpy
import threading
import tracemalloc
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import Derivation, Network
from derive.equation import Equation
from derive.named import Named, number
from derive.program import program
from derive.second import HessianVector
from derive.symbols import Index, Space, Width, total
from tests.programs import SYSTEMS
from tests.test_program_engine import OPAQUE
from tests.test_program_engine import values as program_values
from verify.engine.backends import workspace_rooms
from verify.engine.backends.workspace import build
from verify.engine.core import Engine
from verify.engine.modules import module_of
from verify.engine.plan.network import plan_network
from verify.engine.plan.second import plan_second
from verify.engine.source import arguments_of, array_source, function_name
from verify.programs.reading import program_read

SAMPLES = 5
NETWORKS = {
    "sigmoid": ([4, 5, 3], ["sigmoid", "sigmoid"], "half-squared-error", "separate"),
    "one neuron": ([1, 1], ["sigmoid"], "half-squared-error", "separate"),
    "relu and softmax": ([4, 6, 3], ["relu", "softmax"], "cross-entropy", "separate"),
    "tanh, no bias": ([3, 4, 2], ["tanh", "softmax"], "kl", "none"),
    "appended bias": ([3, 4, 4, 2], ["elu", "softplus", "sigmoid"], "binary-cross-entropy", "appended"),
    "erf and a choice": ([3, 4, 2], ["gelu", "elu"], "huber", "separate"),
    "softmax inside": ([3, 4, 3], ["softmax", "tanh"], "cosine", "separate"),
    "a bias alone": ([3, {"bias_only": True, "activation": "tanh"}, 2], ["tanh", "silu"], "squared-error", "separate"),
}
PROGRAMS = [one for one in SYSTEMS if one != "convolution"]


@cache
def derivation(name):
    widths, activations, loss, bias = NETWORKS[name]
    return Derivation(Network(widths, activations=activations, loss=loss, bias=bias))


@cache
def plan_of(name, second=False):
    return plan_second(HessianVector(derivation(name))) if second else plan_network(derivation(name))


def arguments(plan, dtype="float64", seed=1, samples=SAMPLES):
    """Random arrays for the inputs of a network's plan; targets sum to 1, as losses want them."""
    rng, found = np.random.default_rng(seed), []
    for one in plan.inputs:
        shape = tuple(int(plan.sizes.get(axis.space.size, samples)) for axis in one.axes)
        if one.sort == "width":
            found.append(samples)
        elif one.name == "y":
            y = rng.random(shape) + 0.1
            found.append((y / y.sum(1, keepdims=True)).astype(dtype))
        else:
            found.append(rng.normal(size=shape).astype(dtype) if shape else 0.3)
    return found


def by_reading(plan, given, dtype="float64"):
    """The readable source, run."""
    name = function_name(plan)
    function = getattr(module_of(array_source(plan, "numpy", dtype=dtype)), name)
    with np.errstate(all="ignore"):
        found = function(*(given[plan.inputs.index(one)] for one in arguments_of(plan)))
    return list(found) if len(plan.results) > 1 else [found]


def assert_equal(found, expected, relative=1e-11):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert np.shape(one) == np.shape(other)
        scale = np.abs(other).max() if np.size(other) else 0
        np.testing.assert_allclose(one, other, rtol=relative, atol=relative * max(scale, 1e-3))


@pytest.mark.parametrize("second", [False, True], ids=["gradients", "second"])
@pytest.mark.parametrize("name", NETWORKS)
def test_it_computes_what_the_readable_source_says(name, second):
    plan = plan_of(name, second)
    runner = build(plan, "float64", None)
    for seed, samples in ((1, 5), (2, 5), (3, 1), (4, 7), (5, 5)):
        given = arguments(plan, seed=seed, samples=samples)
        assert_equal(runner(given), by_reading(plan, given))


@pytest.mark.parametrize("name", NETWORKS)
def test_float32_stays_float32(name):
    plan = plan_of(name)
    given = arguments(plan, "float32")
    found = build(plan, "float32", None)(given)
    assert {one.dtype for one in found} == {np.dtype("float32")}
    assert_equal(found, by_reading(plan, given, "float32"), 2e-4)  # a few hundred roundings of 6e-8, some cancel


@settings(max_examples=25, deadline=None)
@given(widths=st.lists(st.integers(1, 6), min_size=2, max_size=4), samples=st.integers(1, 9), data=st.data())
def test_random_networks(widths, samples, data):
    drawn = [data.draw(st.sampled_from(["sigmoid", "tanh", "relu", "softplus", "silu"])) for _ in widths[1:]]
    plan = plan_network(Derivation(Network(widths, activations=drawn)))
    given = arguments(plan, seed=samples, samples=samples)
    assert_equal(build(plan, "float64", None)(given), by_reading(plan, given))


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name):
    system = SYSTEMS[name]
    values, up = program_values(system)
    engine = Engine(Derivation(system.program), "numpy")
    keys = {"upstream": {system.upstream: up} if system.upstream else None, "functions": OPAQUE}
    _, first = engine(values, **keys)
    kept = {letter: np.copy(one) for letter, one in first.items()}
    doubled = {letter: np.asarray(one) * 2 for letter, one in values.items()} if name != "inverse" else values
    engine(doubled, **keys)
    for letter, one in engine(values, **keys)[1].items():
        np.testing.assert_array_equal(one, kept[letter])  # nothing of the call between is left
        np.testing.assert_array_equal(first[letter], kept[letter])  # and what was handed out stays as it was


def written(one):
    """Whether something in a workspace is written to: it is no function, no view, no number and no vector of ones."""
    return isinstance(one, np.ndarray) and one.base is None and one.ndim and not (one == 1).all()


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_is_read_before_it_is_written(name, monkeypatch):
    plan = plan_of(name)
    runner = build(plan, "float64", None)
    made = runner._rooms.make

    def poisoned(*widths):
        arrays = made(*widths)
        for one in arrays:
            if written(one):
                one.fill(True if one.dtype == bool else np.nan)
        return arrays

    runner._rooms.make = poisoned
    given = arguments(plan)
    assert_equal(runner(given), by_reading(plan, given))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_operation_is_needed(name):
    """Left out, each operation changes a result or raises: none is superfluous, and each small lie is seen."""
    plan = plan_of(name)
    given = arguments(plan)
    source, expected = build(plan, "float64", None).source, by_reading(plan, given)
    body = source[source.index(f"def {function_name(plan)}(") :]
    calls = [one for one in body.split("\n") if re.fullmatch(r" +(\w+ = )?[\w.]+\(.*\)", one)]
    calls = [one for one in calls if not re.search(r"np\.(empty|ones|array)\(|workspace\(|len\(", one)]
    assert len(calls) > 5
    for one in calls:
        if SHIFT.search(one) is None:
            with pytest.raises((AssertionError, NameError)):
                assert_equal(lied(source.replace(one, re.sub(r"\S.*", "pass", one), 1), plan, given), expected)


# To take the largest off before e^u changes nothing, unless something overflows.
SHIFT = re.compile(r"np\.maximum\.reduce|fmin|fmax\(t|subtract\(\w+, t\d+_column")


def lied(source, plan, given):
    """The results of changed source, in a workspace full of 0.5."""
    module = module_of(source)
    room = module.workspace(SAMPLES)
    for one in room:
        if written(one):
            one.fill(0.5)
    with np.errstate(all="ignore"):
        function = getattr(module, function_name(plan))
        return list(function(*(given[plan.inputs.index(one)] for one in arguments_of(plan)), room=room))


@pytest.mark.parametrize("name", NETWORKS)
def test_results_are_arrays_of_their_own(name):
    plan = plan_of(name)
    runner, given = build(plan, "float64", None), arguments(plan)
    before = [np.copy(one) for one in given]
    first, second = runner(given), runner(given)
    (rooms,) = runner._rooms._kept.values()
    owned, memory = [*first, *second], [one for one in rooms[0].arrays if isinstance(one, np.ndarray)]
    for n, one in enumerate(owned):
        assert one.flags.writeable
        others = [*owned[:n], *owned[n + 1 :], *(np.asarray(each) for each in given), *memory]
        assert not any(np.shares_memory(one, other) for other in others)
    for one, other in zip(given, before, strict=True):
        np.testing.assert_array_equal(one, other)


def views(array):
    """The same numbers as they may lie in memory."""
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]))
    wide[..., ::2] = array
    frozen = array.copy()
    frozen.flags.writeable = False
    return {
        "Fortran": np.asfortranarray(array),
        "every second": wide[..., ::2],
        "backwards": array[::-1].copy()[::-1],
        "read-only": frozen,
    }


@pytest.mark.parametrize("kind", ["Fortran", "every second", "backwards", "read-only"])
@pytest.mark.parametrize("name", ["sigmoid", "relu and softmax", "tanh, no bias"])
def test_arrays_may_lie_in_memory_as_they_like(name, kind):
    plan = plan_of(name)
    given = arguments(plan)
    turned = [views(one)[kind] if isinstance(one, np.ndarray) else one for one in given]
    assert_equal(build(plan, "float64", None)(turned), by_reading(plan, given))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["sigmoid", "relu and softmax", "softmax inside"])
def test_nothing_overflows_and_nothing_warns(name, dtype):
    plan = plan_of(name)
    given = [np.asarray(one) * (1000 if one is not None and np.ndim(one) and n < 2 else 1)
             for n, one in enumerate(arguments(plan, dtype))]  # fmt: skip
    given = [one.astype(dtype) if one.ndim else one.item() for one in given]
    assert all(np.isfinite(one).all() for one in build(plan, dtype, None)(given))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["sigmoid", "tanh, no bias", "relu and softmax", "softmax inside"])
def test_what_is_not_finite_goes_where_the_readable_source_takes_it(name, bad):
    plan = plan_of(name)
    given = arguments(plan)
    place = [one.name for one in plan.inputs].index("x")
    given[place][1, 0] = bad
    for found, expected in zip(build(plan, "float64", None)(given), by_reading(plan, given), strict=True):
        np.testing.assert_array_equal(*(np.where(np.isfinite(one), 0, one) for one in (found, expected)))


def test_a_large_batch_allocates_its_results_and_nothing_else():
    plan = plan_network(Derivation(Network([50, 40, 30])))
    runner, given = build(plan, "float64", None), arguments(plan, samples=2000)
    results = sum(one.nbytes for one in runner(given))
    tracemalloc.start()
    found = runner(given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert results <= peak < results + 20_000 and len(found) == len(plan.results)


def test_calls_at_the_same_time_do_not_meet():
    plan = plan_of("sigmoid")
    runner, wrong = build(plan, "float64", None), []
    cases = [arguments(plan, seed=seed, samples=400) for seed in range(4)]
    expected = [by_reading(plan, one) for one in cases]

    def work(n):
        try:
            for _ in range(60):
                assert_equal(runner(cases[n]), expected[n])
        except AssertionError as error:
            wrong.append(error)

    workers = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert not wrong


def test_a_function_that_calls_the_engine_again_has_a_workspace_of_its_own():
    system = SYSTEMS["opaque_function"]
    values, up = program_values(system)
    engine, depth = Engine(Derivation(system.program), "numpy"), []

    def f(z):
        if not depth:
            depth.append(1)
            call(np.sin)
        return np.sin(z)

    def call(inner):
        keys = {"upstream": {system.upstream: up}, "functions": {"f": inner, "f_prime": np.cos}}
        return engine({letter: np.asarray(one) * (1 + len(depth)) for letter, one in values.items()}, **keys)[1]

    inside = call(f)
    depth.clear()
    plain = call(np.sin)
    assert all(np.array_equal(inside[letter], plain[letter]) for letter in plain)


def test_only_a_few_workspaces_are_kept():
    plan = plan_of("sigmoid")
    runner = build(plan, "float64", None)
    for samples in range(1, 40):
        runner(arguments(plan, samples=samples))
    assert 1 <= runner._rooms.count <= workspace_rooms._MOST_SIZES * workspace_rooms._MOST_EACH


def test_a_call_that_fails_leaves_nothing_behind():
    system = SYSTEMS["inverse"]
    values, _ = program_values(system)
    engine = Engine(Derivation(system.program), "numpy")
    letter = next(one for one, value in values.items() if np.ndim(value) == 2)
    expected = engine(values)[1]
    with pytest.raises(np.linalg.LinAlgError):
        engine({**values, letter: np.zeros_like(values[letter])})
    assert all(np.array_equal(one, expected[name]) for name, one in engine(values)[1].items())


# --- the source ---


@pytest.mark.parametrize("name", NETWORKS)
def test_the_source_runs_alone(name, tmp_path):
    plan = plan_of(name)
    given = arguments(plan)
    path = tmp_path / "engine.py"
    path.write_text(build(plan, "float64", None).source)
    module = runpy.run_path(str(path))
    known = {one.name: value for one, value in zip(plan.inputs, given, strict=True)}
    asked = {one.name: known[one.name] for one in arguments_of(plan)}
    assert_equal(list(module[function_name(plan)](**asked)), by_reading(plan, given))


def test_the_source_says_what_it_computes_and_multiplies_once_for_each_product():
    source = build(plan_of("sigmoid"), "float64", None).source
    for said in ("# z1 = x @ W1.T + b1", "# a1 = sigmoid(z1)", "dot(x, W1.T, a1)", "dW1 = dot(delta1_T, x)"):
        assert said in source
    assert source.count(" dot(") == 6 + 2 + 1  # two layers: six products, two biases, one loss


@pytest.mark.parametrize("samples", [1, 2, 33])
def test_a_wide_layer_is_multiplied_without_filling_memory_first(samples):
    plan = plan_network(Derivation(Network([300, 20, 300])))
    source = build(plan, "float64", None).source
    assert "product_samples = np.dot if samples == 1 else np.matmul" in source and "dx = matmul(" in source
    given = arguments(plan, samples=samples)
    assert_equal(build(plan, "float64", None)(given), by_reading(plan, given))


NAMES = ["matmul", "add", "dot", "room", "workspace", "one", "t1", "multiply", "ones_n", "s1", "exp_"]


@pytest.mark.parametrize("letter", NAMES)
def test_letters_may_be_called_like_what_the_source_needs(letter):
    space = Space("row", Width("n"), "i")
    i, x, loss = Index("i", space), Named(letter, (space,)), number("L")
    u = Named("u", (space,))
    equations = [Equation(u[i], 1 + x[i] * x[i] * 3), Equation(loss, total(u[i] ** 2 / (1 + x[i] ** 2), i))]
    engine = Engine(Derivation(program(equations, [letter])), "numpy")
    at = np.array([0.3, -0.7, 1.1])
    target, gradients = engine({letter: at})
    step = 1e-30j
    moved = [((1 + 3 * z**2) ** 2 / (1 + z**2)).imag / 1e-30 for z in at + step]
    assert target == pytest.approx(float(((1 + 3 * at**2) ** 2 / (1 + at**2)).sum()), rel=1e-14)
    np.testing.assert_allclose(gradients[letter], moved, rtol=1e-13)


def test_a_line_that_is_not_fused_is_computed_as_it_is_read():
    source = build(plan_of("erf and a choice"), "float64", None).source
    assert "gelu(" in source and "def erf(" in source and "dot(x, W1.T, " in source


def test_functions_of_the_callers_run_in_the_callers_context():
    system = SYSTEMS["opaque_function"]
    values, up = program_values(system)
    seen = []

    def f(z):
        seen.append(np.geterr()["over"])
        return np.sin(z)

    Engine(Derivation(system.program), "numpy")(
        values, upstream={system.upstream: up}, functions={"f": f, "f_prime": np.cos}
    )
    assert seen == ["ignore"] and np.geterr()["over"] != "ignore"


def test_an_array_that_is_turned_is_not_laid_flat_once_for_all():
    program = program_read(
        (r"S_{ij} = \frac{1}{\sqrt{d}} \sum_k Q_{ik} K_{jk}", r"P_{ij} = \frac{e^{S_{ij}}}{\sum_l e^{S_{il}}}",
         r"O_{ij} = \sum_k P_{ik} V_{kj}")
    ).program  # fmt: skip
    rng = np.random.default_rng(0)
    values = {"Q": rng.normal(size=(4, 3)), "K": rng.normal(size=(2, 3)), "V": rng.normal(size=(2, 5)), "d": 0.7}
    above = {"O": rng.normal(size=(4, 5))}

    def loss(d):
        scores = values["Q"] @ values["K"].T / np.sqrt(d)
        powers = np.exp(scores - scores.max(1, keepdims=True))
        return (above["O"] * (powers / powers.sum(1, keepdims=True) @ values["V"])).sum()

    _, gradients = Engine(Derivation(program), backend="numpy")(values, upstream=above)
    assert gradients["d"] == pytest.approx((loss(0.7 + 1e-6) - loss(0.7 - 1e-6)) / 2e-6, rel=1e-6)
