"""The short way from `params`, x and y through the NumPy backend; how many threads BLAS has meanwhile."""

import numpy as np
import pytest

from derive import Derivation
from tests.programs import SYSTEMS
from tests.test_engine_workspace import arguments, assert_equal, by_reading, derivation, plan_of
from tests.test_program_engine import values as program_values
from verify.engine.backends import workspace_network, workspace_threads
from verify.engine.backends.workspace import build
from verify.engine.core import Engine


def quick(name):
    plan = plan_of(name)
    runner = build(plan, "float64", None)
    return plan, runner, runner.network_call


@pytest.mark.parametrize("mean", [True, False])
def test_the_short_way_gives_what_the_engine_gives(mean):
    plan, _, call = quick("sigmoid")
    w1, b1, w2, b2, x, y, *_ = arguments(plan)
    params = {"W": [w1, w2], "b": (b1, b2)}
    reduction = "mean" if mean else "sum"
    loss, found = Engine(derivation("sigmoid"), "numpy")(params, x.tolist(), y, reduction)
    short, shorter = call(params, x, y, mean)
    assert isinstance(short, float) and short == pytest.approx(loss, rel=1e-14)
    assert_equal([*shorter["W"], *shorter["b"], shorter["x"]], [*found["W"], *found["b"], found["x"]])
    one, alone = call(params, x[0], y[0], mean)
    assert alone["x"].shape == x[0].shape and one == pytest.approx(call(params, x[:1], y[:1], mean)[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda given: given | {"x": given["x"][:, :2]},
        lambda given: given | {"y": given["y"][:2]},
        lambda given: given | {"x": given["x"].astype("float32")},
        lambda given: given | {"x": given["x"].tolist()},
        lambda given: given | {"y": None},
        lambda given: given | {"W": given["W"][:1]},
        lambda given: given | {"b": None},
        lambda given: given | {"W": [given["W"][0].T, given["W"][1]]},
        lambda given: given | {"x": given["x"][:0], "y": given["y"][:0]},
        lambda given: given | {"x": given["x"][None], "y": given["y"][None]},
    ],
)
def test_the_short_way_leaves_what_does_not_fit_to_the_long_one(change):
    plan, _, call = quick("sigmoid")
    w1, b1, w2, b2, x, y, *_ = arguments(plan)
    given = change({"W": [w1, w2], "b": [b1, b2], "x": x, "y": y})
    params = {role: given[role] for role in ("W", "b")}
    assert call(params, given["x"], given["y"], True) is NotImplemented


def test_a_program_has_no_short_way():
    system = SYSTEMS["attention"]
    engine = Engine(Derivation(system.program), "numpy")
    values, up = program_values(system)
    engine(values, upstream={system.upstream: up})
    assert engine._chosen.runner.network_call is None
    assert workspace_network.network_call(plan_of("sigmoid", second=True), lambda *_: [], "float64") is None


def test_an_engine_takes_the_short_way_from_the_second_call_on(monkeypatch):
    engine = Engine(derivation("sigmoid"), "numpy")
    plan = plan_of("sigmoid")
    w1, b1, w2, b2, x, y, *_ = arguments(plan)
    params = {"W": [w1, w2], "b": [b1, b2]}
    first = engine(params, x, y)
    again = engine(params, x, y)
    assert x.shape in engine._quick and first[0] == again[0]
    with pytest.raises(ValueError, match="y must have the shape"):
        engine(params, x, y[:, :1])


def blas():
    """NumPy's own library as threadpoolctl sees it."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    found = threadpoolctl.ThreadpoolController().select(user_api="blas").lib_controllers
    return [one for one in found if "numpy" in one.filepath]


def test_the_threads_of_blas_are_set_for_a_call_and_restored():
    before = [one.num_threads for one in blas()]
    system = SYSTEMS["opaque_function"]
    values, up = program_values(system)
    seen = []

    def f(z):
        seen.extend(one.num_threads for one in blas())
        return np.sin(z)

    for threads in (1, 2):
        engine = Engine(Derivation(system.program), "numpy", threads=threads)
        engine(values, upstream={system.upstream: up}, functions={"f": f, "f_prime": np.cos})
        assert set(seen) <= {threads} and len(seen) == len(before)
        seen.clear()
    assert [one.num_threads for one in blas()] == before


def test_without_threadpoolctl_the_number_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(workspace_threads, "_libraries", tuple)
    plan = plan_of("sigmoid")
    given = arguments(plan)
    assert_equal(build(plan, "float64", 1)(given), by_reading(plan, given))
