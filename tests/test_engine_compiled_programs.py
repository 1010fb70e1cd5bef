"""Programs and printed C of the compiled backend: against plain NumPy, a complex step, and their own differences."""

import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import exp, log

from derive import Derivation, Network
from derive.equation import Equation
from derive.named import Det, Inverse, Named, Opaque, number
from derive.program import program
from derive.symbols import Index, Space, Width, total
from tests.programs import SYSTEMS
from tests.test_engine_compiled import cached  # noqa: F401  a fixture that every test here uses
from tests.test_program_engine import complex_step, values
from verify.engine.backends import BACKENDS, Missing
from verify.engine.compiled.compiler import compiler
from verify.engine.compiled.runner import build
from verify.engine.compiled.source import c_source
from verify.engine.plan.network import plan_network
from verify.engine.plan.program import plan_program


def run(system, runner, plan, given, up):
    """The results of a program's plan by the letter that they are derivatives by."""
    names = {one.name: given.get(getattr(one.thing, "name", ""), up) for one in plan.inputs if one.sort != "width"}
    return runner([names[one.name] if one.sort != "width" else system.sizes[str(one.thing)] for one in plan.inputs])


@pytest.mark.parametrize("name", [one for one in SYSTEMS if one != "opaque_function"])
def test_programs_agree_with_plain_numpy_and_a_complex_step(name):
    system = SYSTEMS[name]
    plan = plan_program(Derivation(system.program))
    given, up = values(system)
    found = run(system, build(plan, "float64"), plan, given, up)
    if not system.upstream:
        assert found.pop(0) == pytest.approx(float(np.real(system.forward(given, up))), rel=1e-12)
    wanted = [complex_step(system, given, up, one.name) for one in system.program.wrt]
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)


def test_functions_of_the_caller_are_refused():
    plan = plan_program(Derivation(SYSTEMS["opaque_function"].program))
    with pytest.raises(Missing, match=r"^the compiled backend cannot call f, f_prime, which the caller gives"):
        BACKENDS["compiled"].build(plan, "float64", None)


def numbered(plan, given, widths):
    return [given[one.name] if one.name in given else widths[one.name] for one in plan.inputs]


@pytest.fixture(scope="module")
def attention(cached):  # noqa: F811
    plan = plan_program(Derivation(SYSTEMS["attention"].program))
    return plan, build(plan, "float64")


@given(sizes=st.tuples(*[st.integers(1, 40)] * 4), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_attention_agrees_at_all_sizes(attention, sizes, seed):
    (n, m, d, e), (plan, runner), rng = sizes, attention, np.random.default_rng(seed)
    q, k, v, up = (rng.normal(size=size) for size in ((n, d), (m, d), (m, e), (n, e)))
    given = {"Q": q, "K": k, "V": v, "dL_dO": up}
    scores = q @ k.T / np.sqrt(d)
    p = np.exp(scores - scores.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    dp = up @ v.T
    ds = p * (dp - (dp * p).sum(1, keepdims=True)) / np.sqrt(d)
    found = runner(numbered(plan, given, dict(zip("nmde", sizes, strict=True))))
    for one, other in zip(found, (ds @ k, ds.T @ q, p.T @ up), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@pytest.fixture(scope="module")
def convolution(cached):  # noqa: F811
    plan = plan_program(Derivation(SYSTEMS["convolution"].program))
    return plan, build(plan, "float64")


@given(sizes=st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6)))
@settings(max_examples=20, deadline=None)
def test_places_outside_an_array_are_zero(convolution, sizes):
    n, m, k = sizes  # lengths of x, y and w that need not fit
    x, w, up = np.arange(1.0, n + 1), np.arange(1.0, k + 1), np.ones(m)
    plan, runner = convolution
    found = runner(numbered(plan, {"x": x, "w": w, "b": 0.0, "dL_dy": up}, {"n": n, "m": m, "k": k}))
    dx, dw, db = np.zeros(n), np.zeros(k), float(m)
    for i in range(m):
        for j in range(k):
            if i + j < n:
                dx[i + j] += w[j]
                dw[j] += x[i + j]
    for one, other in zip(found, (dx, dw, db), strict=True):
        np.testing.assert_array_equal(one, other)


ROWS = Space("row", Width("n"), "i")
AT, K = Index("i", ROWS), Index("k", ROWS)


def compiled(definitions, wrt, dtype="float64"):
    plan = plan_program(Derivation(program(definitions, wrt)))
    return plan, build(plan, dtype)


@pytest.mark.parametrize(("dtype", "ulps", "low", "high"), [("float64", 1, -708, 709), ("float32", 1, -87, 88)])
def test_powers_of_e_are_right_to_the_last_place(dtype, ulps, low, high):
    x, y, target = Named("x", (ROWS,)), Named("y", (ROWS,)), number("L")
    plan, runner = compiled([Equation(y[AT], exp(x[AT])), Equation(target, Opaque("L", y))], ["x"], dtype)
    at = np.random.default_rng(0).uniform(low, high, 200_000).astype(dtype)
    (found,) = runner(numbered(plan, {"x": at, "dL_dy": np.ones_like(at)}, {"n": len(at)}))
    wanted = np.exp(at.astype(np.longdouble)).astype(dtype)
    assert np.abs((found - wanted) / np.spacing(wanted)).max() <= ulps
    ends = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 800.0, -800.0, 1e308 if dtype == "float64" else 1e38], dtype)
    (found,) = runner(numbered(plan, {"x": ends, "dL_dy": np.ones_like(ends)}, {"n": len(ends)}))
    np.testing.assert_array_equal(found, [np.inf, 0, np.nan, 1, 1, np.inf, 0, np.inf])


def test_determinants_and_singular_matrices():
    a, u, f = Named("A", (ROWS, ROWS)), Named("u", (ROWS,)), number("f")
    plan, runner = compiled([Equation(f, log(Det(a)))], ["A"])
    rng = np.random.default_rng(0)
    for n in (1, 2, 5, 20):
        given = np.linalg.qr(rng.normal(size=(n, n)))[0] @ np.diag(rng.uniform(0.5, 2, n))
        given[0] *= np.sign(np.linalg.det(given))
        value, slope = runner(numbered(plan, {"A": given}, {"n": n}))
        assert value == pytest.approx(np.log(np.linalg.det(given)), rel=1e-10, abs=1e-12)
        np.testing.assert_allclose(slope, np.linalg.inv(given).T, rtol=1e-9, atol=1e-11)
    plan, runner = compiled([Equation(f, total(u[AT] * Inverse(a)[AT, K] * u[K], AT, K))], ["A"])
    with pytest.raises(np.linalg.LinAlgError, match=r"^Singular matrix$"):
        runner(numbered(plan, {"A": np.ones((3, 3)), "u": np.ones(3)}, {"n": 3}))


HOSTILE = """
    int double restrict exp sizes in out work s1 t1 y0 run i1 NAN loss_and_gradients linux I real lanes static printf
    main x' \\gamma \\hat{x}
"""


@pytest.mark.parametrize("letter", HOSTILE.split())
def test_letters_that_mean_something_in_c_are_safe(letter, tmp_path):
    x, f = Named(letter, (ROWS,)), number("f")
    plan = plan_program(Derivation(program([Equation(f, total(x[K] ** 2, K))], [letter])))
    source = c_source(plan, main=True)
    compiler().program(source, tmp_path / "check", ("-std=c99", "-O0"))
    done = subprocess.run([tmp_path / "check"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    "plan",
    [
        plan_network(Derivation(Network([2, 3, 1]))),
        plan_network(Derivation(Network([30, 20, 4], ["gelu", "softmax"], "cross-entropy"))),
        plan_program(Derivation(SYSTEMS["attention"].program)),
        plan_program(Derivation(SYSTEMS["log_det"].program)),
    ],
    ids=["2-3-1", "30-20-4", "attention", "log det"],
)
def test_a_program_checks_itself_and_finds_a_small_lie(plan, dtype, tmp_path):
    source = c_source(plan, dtype, main=True)
    assert source.isascii() or source.encode("utf-8").decode("utf-8") == source
    compiler().program(source, tmp_path / "check")
    done = subprocess.run([tmp_path / "check"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stdout
    assert "worst" in done.stdout.splitlines()[-1]
    gradient = next(one for one in plan.results if one.startswith(("dW1", "dL_dK", "df_dA")))
    claim = source.index(f"/* {gradient}[")
    lie = source[:claim] + source[claim:].replace("\n    /*", f"\n    flat({gradient})[0] *= -1;\n    /*", 1)
    if lie == source:
        lie = source[:claim] + source[claim:].replace("\n\n    ", f"\n    flat({gradient})[0] *= -1;\n\n    ", 1)
    compiler().program(lie, tmp_path / "lie")
    assert subprocess.run([tmp_path / "lie"], capture_output=True, timeout=20).returncode == 1


def test_the_source_is_a_thing_to_read():
    source = c_source(plan_network(Derivation(Network([784, 30, 10]))))
    assert "enum { n_1 = 30, n_0 = 784, n_2 = 10 };" in source
    assert "/* dW1[j, k] = (Σ_n delta1[n, j]*x[n, k]) */" in source
    assert len(source) < 12_000
    assert max(map(len, c_source(plan_network(Derivation(Network([2, 3, 1])))).splitlines())) <= 120
    assert c_source(plan_network(Derivation(Network([784, 30, 10])))) == source


def test_another_type_is_refused():
    with pytest.raises(ValueError, match=r"^dtype must be float64 or float32, not 'float16'$"):
        c_source(plan_network(Derivation(Network([2, 1]))), "float16")
