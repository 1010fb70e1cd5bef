"""Array source from plans: it reads like the derivation, keeps its type, and neither overflows nor takes log 0."""

import re

import mpmath as mp
import numpy as np
import pytest

from derive import Derivation, Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.programs import SYSTEMS
from verify.engine.core import Engine
from verify.engine.lists import list_source
from verify.engine.modules import module_of
from verify.engine.plan.network import plan_network
from verify.engine.plan.program import plan_program
from verify.engine.source import arguments_of, array_source

TWO_LAYERS = """\
import numpy as np


def sigmoid(u):
    return 1/(1 + np.exp(-u))


def loss_and_gradients(W1, b1, W2, b2, x, y, weight=1.0):
    # forward
    z1 = x @ W1.T + b1
    a1 = sigmoid(z1)
    z2 = a1 @ W2.T + b2
    a2 = sigmoid(z2)
    E = ((y - a2)**2).sum(1)/2
    loss = weight*E.sum()
    # backward
    delta2 = weight*(a2 - y)*a2*(1 - a2)
    dW2 = delta2.T @ a1
    db2 = delta2.sum(0)
    delta1 = (delta2 @ W2)*a1*(1 - a1)
    dW1 = delta1.T @ x
    db1 = delta1.sum(0)
    dx = delta1 @ W1
    return loss, dW1, db1, dW2, db2, dx
"""
LINES = {
    "attention": ["S = (Q @ K.T)/math.sqrt(d)", "P = softmax(S)", "dL_dS = (dL_dP - (dL_dP*P).sum(1)[:, None])*P"],
    "layer_norm": ["x_hat = (x - mu)/np.sqrt(epsilon + sigma_2)"],
    "cross_entropy": ["L = -((Z - logsumexp(Z, 1)[:, None])*T).sum()/n", "dL_db = (P - T).sum(0)/n"],
    "inverse": ["A_inv = np.linalg.inv(A)"],
    "quadratic": ["df_dx = A @ x + x @ A"],
    "convolution": ["n = len(x)"],
}
LIST_LINES = [
    "z1 = [[b1[j] + sum(W1[j][k]*x[n][k] for k in range(2)) for j in range(3)] for n in range(samples)]",
    "db1 = [sum(delta1[n][j] for n in range(samples)) for j in range(3)]",
]


def source(network, dialect="numpy", dtype="float64"):
    return array_source(plan_network(Derivation(network)), dialect, dtype=dtype)


def test_a_network_reads_as_one_would_write_it():
    assert source(Network([2, 3, 1])) == TWO_LAYERS


@pytest.mark.parametrize("name", LINES)
def test_a_program_reads_as_one_would_write_it(name):
    written = array_source(plan_program(Derivation(SYSTEMS[name].program)))
    assert [line for line in LINES[name] if f"    {line}\n" not in written] == []


def test_lists_read_as_one_would_write_them():
    written = list_source(plan_network(Derivation(Network([2, 3, 1]))))
    assert [line for line in LIST_LINES if f"    {line}\n" not in written] == []
    assert re.findall(r"^(?:import|from) .*$", written, re.M) == ["import math"]


def test_a_sum_that_stands_twice_is_written_once():
    written = source(Network([3, 4, 2], loss="cosine"))
    assert written.count("t1 = (a2**2).sum(1)") == 1
    line = next(one for one in written.split("\n") if one.startswith("    delta2"))
    assert "(a2**2).sum" not in line and line.count("t1") == 2


SPELLED = {
    "numpy": ["np.exp", "softmax(z2)", "logsumexp(z2, 1)"],
    "jax": ["jnp.exp", "jax.nn.softmax(z2)", "jax.scipy.special.logsumexp(z2, 1)"],
    "torch": ["torch.exp", "torch.softmax(z, -1)", "torch.logsumexp(z2, 1)"],
}
MODULES = {"numpy": {"np"}, "jax": {"jnp", "jax"}, "torch": {"torch"}}


@pytest.mark.parametrize("dialect", SPELLED)
def test_every_dialect_spells_for_itself(dialect):
    written = source(Network([2, 3, 2], ["silu", "softmax"], "cross-entropy"), dialect)
    assert [word for word in SPELLED[dialect] if word not in written] == []
    assert set(re.findall(r"(?<![.\w])(np|jnp|jax|torch)\.", written)) <= MODULES[dialect]


# Types -------------------------------------------------------------------------------------------------------------


def run_in(network, dtype, seed=0):
    """The source of a network at random values of a type: (results, the names of the plan)."""
    plan = plan_network(Derivation(network))
    rng = np.random.default_rng(seed)
    given = []
    for one in arguments_of(plan):
        shape = [plan.sizes.get(axis.space.size, 5) for axis in one.axes]
        given.append((rng.random(shape) + 0.1).astype(dtype) if one.axes else np.dtype(dtype).type(0.3))
    return module_of(array_source(plan, dtype=dtype)).loss_and_gradients(*given), plan


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_stays_float32_in_every_activation(activation):
    found, plan = run_in(Network([2, 3, 2], [activation, "sigmoid"]), "float32")
    assert {name: one.dtype.name for name, one in zip(plan.results, found, strict=True)} == dict.fromkeys(
        plan.results, "float32"
    )


@pytest.mark.parametrize("loss", LOSSES)
def test_float32_stays_float32_in_every_loss(loss):
    found, _ = run_in(Network([2, 3, 2], ["tanh", "softmax"], loss, ["none", "separate"]), "float32")
    assert {one.dtype.name for one in found} == {"float32"}


@pytest.mark.parametrize("name", SYSTEMS)
def test_float32_stays_float32_in_programs(name):
    system = SYSTEMS[name]
    plan = plan_program(Derivation(system.program))
    rng, given = np.random.default_rng(0), []
    for one in arguments_of(plan):
        shape = [system.sizes[str(axis.space.size)] for axis in one.axes]
        value = (rng.random(shape) + 0.5).astype("float32")
        functions = {"f": np.sin, "f_prime": np.cos}
        given.append(functions[one.name] if one.sort == "function" else value if one.axes else np.float32(0.7))
    found = module_of(array_source(plan, dtype="float32")).loss_and_gradients(*given)
    assert {one.dtype.name for one in (found if isinstance(found, tuple) else [found])} == {"float32"}


# Far from 0 --------------------------------------------------------------------------------------------------------

CONSTANTS = {"alpha": 0.25, "c": 1.5, "L": 2.0, "k": 0.75, "z_0": 0.25}
FAR = (-1e6, -1000.0, -745.0, -40.0, -1.0, 1.0, 40.0, 710.0, 1000.0, 1e6)


class Exact:
    """The mathematics of the tables in mpmath."""

    exp, log, sqrt, tanh, cosh, erf, pi = mp.exp, mp.log, mp.sqrt, mp.tanh, mp.cosh, mp.erf, mp.pi
    abs, number = staticmethod(abs), mp.mpf

    @staticmethod
    def choose(c, yes, no):
        return yes if c > 0 else no


def exact(function, at):
    """(value, slope) with digits enough for e^(10^6)."""
    with mp.workdps(120):
        step = mp.mpf(10) ** -40
        return function(at), (function(at + step) - function(at - step)) / (2 * step)


@pytest.mark.parametrize("at", FAR)
@pytest.mark.parametrize("activation", [name for name, row in ACTIVATIONS.items() if row.elementwise])
def test_activations_and_their_slopes_are_right_far_from_zero(activation, at):
    row = ACTIVATIONS[activation]
    constants = [mp.mpf(CONSTANTS[name]) if usual is None else mp.mpf(usual) for name, usual in row.constants.items()]
    value, slope = exact(lambda u: row.forward(Exact, u, *constants), mp.mpf(at))
    engine = Engine(Derivation(Network([1, 1], activation, "l1", "none")), "numpy")
    params = {"W": [np.ones((1, 1))], "constants": CONSTANTS}
    found = engine.forward(params, [at])[0]
    below = found - abs(found) - 1.0  # a target below the output, so that the loss has the slope 1
    _, gradients = engine(params, [at], [below])
    assert found == pytest.approx(float(value), rel=1e-13, abs=1e-300)
    # a slope such as a(1 − a) is right to the last digit of 1 where a is almost 1
    assert gradients["x"][0] == pytest.approx(float(slope), rel=1e-13, abs=1e-15)


STABLE = {  # where a loss is known through z, whatever a is to the last bit
    "sigmoid": ["half-squared-error", "mse", "binary-cross-entropy", "cross-entropy", "kl", "huber", "log-cosh"],
    "softmax": ["squared-error", "cross-entropy", "nll", "kl", "log-cosh"],
    "linear": ["log-cosh", "huber", "l1", "hinge"],
}


@pytest.mark.parametrize("z", [(1000.0, -1000.0), (-1000.0, 1000.0), (40.0, -40.0), (800.0, 799.0)])
@pytest.mark.parametrize("y", [(1.0, 0.0), (0.0, 1.0), (0.25, 0.75)])
@pytest.mark.parametrize(("activation", "loss"), [(a, one) for a, losses in STABLE.items() for one in losses])
def test_losses_are_right_at_a_thousand(activation, loss, y, z):
    def value(first, second):
        both = [first, second]
        outputs = {
            "linear": lambda: both,
            "sigmoid": lambda: [1 / (1 + mp.exp(-u)) for u in both],
            "softmax": lambda: [mp.exp(u) / sum(map(mp.exp, both)) for u in both],
        }[activation]()
        pairs = list(zip(outputs, map(mp.mpf, y), strict=True))
        return LOSSES[loss].forward(Zero, lambda f: sum(f(a, t) for a, t in pairs), mp.mpf(2))

    class Zero(Exact):
        @staticmethod
        def log(u):
            return mp.log(u) if u else mp.mpf(-1)  # 0 log 0 is 0; elsewhere no logarithm of 0 is asked for

    with mp.workdps(1000):
        step = mp.mpf(10) ** -300
        wanted = value(*map(mp.mpf, z))
        slopes = [(value(z[0] + step, mp.mpf(z[1])) - value(z[0] - step, mp.mpf(z[1]))) / (2 * step),
                  (value(mp.mpf(z[0]), z[1] + step) - value(mp.mpf(z[0]), z[1] - step)) / (2 * step)]  # fmt: skip
    engine = Engine(Derivation(Network([2, 2], activation, loss, "none")), "numpy")
    found, gradients = engine({"W": [np.eye(2)]}, z, y)
    assert found == pytest.approx(float(wanted), rel=1e-13, abs=1e-15)
    np.testing.assert_allclose(gradients["x"], [float(one) for one in slopes], rtol=1e-13, atol=1e-15)


def test_what_is_infinite_or_undefined_gives_the_like():
    engine = Engine(Derivation(Network([1, 1], "sigmoid", "half-squared-error", "none")), "numpy")
    params = {"W": [np.ones((1, 1))]}
    assert engine.forward(params, [np.inf])[0] == 1.0 and engine.forward(params, [-np.inf])[0] == 0.0
    assert np.isnan(engine.forward(params, [np.nan])[0]) and np.isnan(engine(params, [np.nan], [0.0])[0])
    loss, gradients = engine(params, [[0.5], [np.nan]], [[1.0], [1.0]])
    assert np.isnan(loss) and np.isfinite(gradients["x"][0, 0]) and np.isnan(gradients["x"][1, 0])


def test_a_logarithm_of_zero_that_is_asked_for_is_infinite():
    engine = Engine(Derivation(Network([1, 1], "relu", "cross-entropy", "none")), "numpy")
    assert engine.loss({"W": [np.ones((1, 1))]}, [-1.0], [1.0]) == np.inf
    assert engine.loss({"W": [np.ones((1, 1))]}, [-1.0], [0.0]) == 0.0


def test_a_slope_that_is_0_everywhere_is_a_number_and_no_call():
    network = Network([2, 3, 1], "step")
    derivation = Derivation(network.program.by("W1", "b1", "W2", "b2"))
    rng = np.random.default_rng(0)
    arrays = [*network.parameters, network.array("x", 0), network.array("y", 2)]
    values = {one.name: rng.normal(size=[network.sizes[space.size] for space in one.spaces]) for one in arrays}
    engine = Engine(derivation, backend="numpy")
    _, gradients = engine(values)
    assert "step_prime" not in engine.source
    assert all(slope.shape == values[name].shape and not slope.any() for name, slope in gradients.items())
