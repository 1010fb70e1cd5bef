"""What an engine does at the edges: wrong input is named, hostile surroundings are survived, no digit is lost."""

import math
import subprocess
import threading
import time
import weakref
from functools import cache

import numpy as np
import pytest
from sympy import Integer, Rational, exp

from derive import Derivation, Network
from derive.symbols import Index, Space
from tests.test_engine_backends import needs
from verify.engine.arrays.dialects import DIALECTS
from verify.engine.arrays.stock import stock
from verify.engine.backends import BACKENDS, Missing
from verify.engine.compiled import building
from verify.engine.compiled import cache as caching
from verify.engine.compiled import compiler as compiling
from verify.engine.compiled.compiler import Compiler
from verify.engine.compiled.runner import build
from verify.engine.core import Engine
from verify.engine.list_stock import TEXTS
from verify.engine.lists import list_source
from verify.engine.modules import module_of
from verify.engine.plan.network import plan_network
from verify.engine.plan.stable import Expm1, stable
from verify.engine.running import Runners

EPS = {"float64": 2.0**-52, "float32": 2.0**-23}


@cache
def derived():
    return Derivation(Network([2, 3, 1]))


def point(samples=4):
    rng = np.random.default_rng(0)
    params = {"W": [rng.normal(size=(3, 2)), rng.normal(size=(1, 3))], "b": [rng.normal(size=3), rng.normal(size=1)]}
    return params, rng.normal(size=(samples, 2)), rng.normal(size=(samples, 1))


# --- digits ---


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("alpha", [None, 0.1])
def test_an_elu_keeps_its_digits_near_0(backend, dtype, alpha):
    needs(backend)
    name = {"name": "elu", "alpha": alpha} if alpha else "elu"
    derivation = Derivation(Network([1, 1], activations=[name], bias=False))
    smallest = -300 if dtype == "float64" else -30
    z = np.concatenate([-np.logspace(smallest, 2.5, 200), [0.0, -0.35, -0.3499999, -0.36, 5.0]]).astype(dtype)
    params = {"W": [np.ones((1, 1))], "constants": {"alpha": 0.3}}
    found = Engine(derivation, backend, dtype).forward(params, z[:, None])[:, 0]
    factor = alpha or float(np.dtype(dtype).type(0.3))
    wanted = np.array([one if one > 0 else factor * math.expm1(one) for one in z.tolist()])
    relative = np.abs(found - wanted) / np.where(wanted == 0, 1, np.abs(wanted))
    assert relative.max() < 4 * EPS[dtype]


def test_the_difference_from_1_is_found_in_sums_branches_and_products():
    u = Index("u", Space("some", Integer(3), "u"))
    for factor in (1, -1, Rational(1, 10)):
        assert stable(factor * exp(u) - factor, {}).has(Expm1)
    assert stable(2 + 3 * exp(u) - 3, {}) == 3 * exp(u) - 1
    assert not stable(exp(u) + 1, {}).has(Expm1)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_choice_between_two_numbers_has_all_their_digits(backend):
    needs(backend)
    derivation = Derivation(Network([1, 1], activations=[{"name": "leaky-relu", "alpha": 0.57}], bias=False))
    _, slopes = Engine(derivation, backend)({"W": [np.ones((1, 1))]}, np.array([-1.0]), np.array([0.0]))
    assert abs(slopes["x"][0] + 0.57**2) < 1e-15


def test_list_sources_have_the_elu_and_survive_what_overflows():
    source = list_source(plan_network(Derivation(Network([1, 1], activations=["elu"], bias=False))))
    run = module_of(source).loss_and_gradients
    assert run([[1.0]], [[-1e-18]], [[0.0]], 1.0)[0] == pytest.approx(0.5e-36, rel=1e-14)
    module = module_of("import math\n" + "\n".join(TEXTS[name] for name in ("exp", "expm1", "log", "logsumexp")))
    assert module.exp(709.75) == math.exp(709.75) and module.exp(710) == math.inf and math.isnan(module.exp(math.nan))
    assert module.expm1(1e-20) == 1e-20 and module.expm1(710) == math.inf
    assert module.logsumexp([-math.inf, -math.inf]) == -math.inf
    assert module.logsumexp([math.inf, 0.0]) == math.inf


def test_the_logarithm_of_no_power_at_all_is_minus_infinity():
    module = module_of("import numpy as np\n" + stock("logsumexp", DIALECTS["numpy"], "float64"))
    with np.errstate(all="ignore"):
        found = module.logsumexp(np.array([[-np.inf, -np.inf], [np.inf, 0.0], [800.0, 800.0]]), 1)
    assert found.tolist() == [-np.inf, np.inf, 800 + math.log(2)]


# --- what is given ---

WRONG = {
    "no dictionary": (lambda p, x, y: ([1, 2], x, y), r"params must be a dictionary with an entry for W and one for b"),
    "nothing": (lambda p, x, y: (None, x, y), r"params must be a dictionary"),
    "an array for a list": (lambda p, x, y: ({**p, "W": np.ones((2, 2, 2))}, x, y), r"params\['W'\] must be a list"),
    "too many layers": (lambda p, x, y: ({**p, "W": [*p["W"], np.ones((1, 1))]}, x, y), r"has 2, not 3 entries"),
    "too many biases": (lambda p, x, y: ({**p, "b": [*p["b"], np.ones(1)]}, x, y), r"has 2, not 3 entries"),
    "a number for x": (lambda p, x, y: (p, 3.0, y), r"x must be an array, \(2,\) for one sample, not a number"),
    "masked entries": (lambda p, x, y: (p, np.ma.masked_array(x, x > 0), y), r"x must have a number in every entry"),
}


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(name, backend):
    needs(backend)
    change, message = WRONG[name]
    engine, good = Engine(derived(), backend), point()
    with pytest.raises(ValueError, match=message):
        engine(*change(*good))


@pytest.mark.parametrize("name", WRONG)
def test_the_extension_checks_what_python_checks(name):
    needs("compiled")
    change, message = WRONG[name]
    engine, good = Engine(derived(), "compiled"), point()
    assert math.isfinite(engine(*good)[0])  # from the second call on, the extension reads what is given
    with pytest.raises(ValueError, match=message):
        engine(*change(*good))


def test_a_direction_must_be_given():
    with pytest.raises(ValueError, match="direction must be a dictionary"):
        Engine(derived(), "numpy").hessian_vector(*point(), None)


@pytest.mark.parametrize("asked", [["numpy"], {}, None, 3])
def test_a_backend_is_a_name(asked):
    with pytest.raises(ValueError, match="backend must be one of auto, numpy"):
        Engine(derived(), asked)


def test_a_truth_value_is_no_number_of_threads():
    with pytest.raises(ValueError, match="threads must be a whole number"):
        Engine(derived(), threads=True)


def test_what_is_too_large_for_float32_becomes_infinite_without_a_warning():
    params, x, y = point()
    loss, _ = Engine(derived(), "numpy", "float32")(params, x, y * 1e300)
    assert loss == math.inf


# --- threads ---


def test_a_thread_gets_the_runner_that_it_asked_for():
    """A setter that dawdles lets another thread choose in between."""

    class Slow(Runners):
        def __setattr__(self, name, value):
            object.__setattr__(self, name, value)
            if name == "last" and value is not None:
                time.sleep(0.002)

    runners = Slow(lambda wanted: plan_network(derived(), wanted), "numpy", "float64", None)
    sizes = Engine(derived())._calls.small
    expected = {wanted: runners.at(wanted, sizes) for wanted in ("gradients", "forward")}
    wrong = []

    def ask(wanted):
        wrong.extend(wanted for _ in range(20) if runners.at(wanted, sizes) is not expected[wanted])

    threads = [threading.Thread(target=ask, args=(wanted,)) for wanted in [*expected] * 2]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong


# --- compiling ---


def test_a_bound_network_keeps_the_arrays_that_it_writes_to():
    needs("compiled")
    runner = build(plan_network(derived()), "float64")
    if runner.bind is None:
        pytest.skip("Python's headers are missing")
    bound = runner.bind(*point(), True)
    found = bound.gradients
    arrays = [weakref.ref(one) for one in (*found["W"], *found["b"], found["x"])]
    found["W"][:] = found["b"][:] = [None, None]
    del found["x"]
    gone = [one() is None for one in arrays]
    assert not any(gone) and math.isfinite(bound())
    del bound, found
    gone = [one() is None for one in arrays]
    assert all(gone)


def test_a_plan_that_would_compile_for_minutes_is_refused_at_once():
    plan = plan_network(Derivation(Network([2] * 80)))
    with pytest.raises(Missing, match=r"up to 300 lines.*use the numpy backend"):
        build(plan, "float64")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("'gcc", "is no command"),
        ("/bin/false", "exit status 1"),
        ("/bin/true", "made no library"),
        ("/nowhere/gcc", "no program on the path"),
    ],
)
def test_a_bad_compiler_is_named_and_auto_goes_on(command, message, monkeypatch, tmp_path):
    monkeypatch.setenv("CC", command)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(Missing, match=message):
        Engine(derived(), "compiled")(*point())
    engine = Engine(derived())
    assert math.isfinite(engine(*point())[0]) and engine.backend == "numpy"


def test_a_compiler_that_takes_too_long_leaves_nothing_running(monkeypatch, tmp_path):
    script, alive = tmp_path / "cc", tmp_path / "pid"
    script.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {alive}\nwait\n")
    script.chmod(0o700)
    monkeypatch.setattr(compiling, "TIME_LIMIT", 1.0)
    with pytest.raises(Missing, match="took more than 1 s"):
        Compiler((str(script),), "1").library("int i;", ())
    child = int(alive.read_text())
    assert _ended(child)


def _ended(process):
    """Whether a process is gone, or only its name is left; it is given some seconds for that."""
    for _ in range(100):
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout
        if not state.strip() or state.strip().startswith("Z"):
            return True
        time.sleep(0.05)
    return False


def test_where_nothing_can_be_written_there_is_no_compiled_backend(monkeypatch):
    def refused():
        raise OSError("no space left")

    needs("compiled")
    monkeypatch.setattr(building, "user_cache", refused)
    with pytest.raises(Missing, match=r"no space left.*use the numpy backend"):
        building.library_path("int i;")


@pytest.mark.parametrize("home", ["relative", None])
def test_without_a_home_the_code_is_kept_for_the_process_only(home, monkeypatch, tmp_path):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(caching, "_temporary", lambda: tmp_path / "other" / "backproof" / "compiled")
    if home is None:
        monkeypatch.setattr(caching.Path, "home", nobody)
    else:
        monkeypatch.setenv("HOME", home)
    assert caching.user_cache().folder == tmp_path / "other" / "backproof" / "compiled"
    assert [one.name for one in tmp_path.iterdir()] == ["other"]


def test_numbers_of_many_digits_do_not_overflow_in_c():
    needs("compiled")
    alpha = "0." + "1234567890" * 6
    derivation = Derivation(Network([1, 1], activations=[{"name": "leaky-relu", "alpha": float(alpha)}], bias=False))
    found = Engine(derivation, "compiled", "float32").forward({"W": [np.ones((1, 1))]}, np.array([-1.0]))
    assert found[0] == np.float32(-float(alpha))
