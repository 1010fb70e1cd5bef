"""Lies about R-equations are caught; both ways to (∇²E) V agree; programs bend as differences say."""

from dataclasses import replace

import numpy as np
import pytest

from derive import Derivation, Network
from derive.equation import Equation, EquationError
from derive.second import HessianVector, NoSecond
from tests.lies import lies
from verify.engine.core import Engine
from verify.kernel import KernelError, recheck, recheck_second, recheck_steps
from verify.programs.reading import program_read

NETWORKS = {
    "sigmoid": {"layers": [2, 3, 1]},
    "hidden softmax": {"layers": [2, 3, 2], "activations": ["softmax", "sigmoid"]},
    "flat": {"layers": [2, 2], "activations": "relu", "loss": "mae"},
}
LAYERNORM = [
    r"\mu = \frac{1}{n}\sum_k x_k",
    r"s = \frac{1}{n}\sum_k (x_k-\mu)^2",
    r"r = (s+\epsilon)^{-1/2}",
    r"\hat{x}_i = (x_i-\mu) r",
    r"y_i = g_i \hat{x}_i + b_i",
    r"f=\sum_i (y_i - t_i)^2",
]
ATTENTION = [
    r"S = \frac{1}{\sqrt{d}} Q K^T",
    r"P = \operatorname{softmax}(S)",
    r"O = P V",
    r"f=\sum_{ij} (O_{ij}-T_{ij})^2",
]
VECTOR, MATRIX = ("n",), ("n", "n")
PROGRAMS = {
    "quadratic": (["f = x^T A x"], {"A": MATRIX, "x": VECTOR}, ("x", "A")),
    "ridge": ([r"f = \|X w - y\|^2 + \lambda \|w\|^2"], {"X": ("n", "d"), "w": ("d",), "y": VECTOR}, ("w", r"\lambda")),
    "log det": ([r"f = \log \det A"], {"A": MATRIX}, ("A",)),
    "layer norm": (LAYERNORM, {"x": VECTOR, "g": VECTOR, "b": VECTOR, "t": VECTOR}, ("x", "g")),
    "attention": (ATTENTION, {"Q": ("n", "d"), "K": ("m", "d"), "V": ("m", "e"), "T": ("n", "e")}, ("Q", "K", "V")),
    "convolution": (
        [r"y_i = \sum_{k=1}^{m} w_k x_{i+k-1}", r"f=\sum_i (y_i)^2"],
        {"y": ("p",), "x": VECTOR, "w": ("m",)},
        ("w", "x"),
    ),
}
SIZES = {"n": 4, "d": 2, "m": 3, "e": 2, "p": 2}


def of_program(name):
    given, shapes, wrt = PROGRAMS[name]
    return HessianVector(Derivation(program_read(tuple(given), shapes, wrt, ()).program))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_lie_about_a_second_step_is_caught(name):
    hv = HessianVector(Derivation(Network(**NETWORKS[name])))
    caught = 0
    for step in hv.own_steps:
        for _, false in lies(step):
            steps = (*hv.steps[: step.number], false, *hv.steps[step.number + 1 :])
            with pytest.raises(KernelError, match=f"^step {step.number} "):
                recheck_steps(hv.derivation.program, steps, tuple(hv.directions))
            caught += 1
    assert caught > 40


def test_a_second_derivation_without_its_end_or_with_another_premise_is_refused():
    hv = HessianVector(Derivation(Network([2, 2])))
    program, directions = hv.derivation.program, tuple(hv.directions)
    with pytest.raises(KernelError, match="no step concludes how the derivative by"):
        recheck_steps(program, hv.steps[:-1], directions)
    for step in hv.own_steps:
        with pytest.raises(KernelError, match=f"^step {step.number} "):
            other = replace(step, premises=())
            recheck_steps(program, (*hv.steps[: step.number], other, *hv.steps[step.number + 1 :]), directions)


def test_a_product_that_is_said_to_be_nothing_is_refused():
    hv = HessianVector(Derivation(Network([2, 3, 1])))
    step = next(one for one in hv.own_steps if one.claim == hv.index("W", 2))
    false = replace(step, claim=Equation(step.claim.lhs, 0 * step.claim.rhs))
    with pytest.raises(KernelError, match="moves in another way"):
        recheck_steps(hv.derivation.program, (*hv.steps[: step.number], false), tuple(hv.directions))


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_bend_as_differences_of_their_gradients_say(name):
    hv = of_program(name)
    assert recheck_second(hv).steps == len(hv.steps)
    assert recheck(Derivation(hv.program)).steps > 0
    rng = np.random.default_rng(4)
    program = hv.derivation.program
    values = {}
    for one in program.inputs:
        shape = [SIZES[str(space.size)] for space in getattr(one, "spaces", ())]
        values[one.name] = rng.normal(size=shape) + (
            3 * np.eye(shape[0]) if len(shape) == 2 and name == "log det" else 0
        )
    values = {
        letter: abs(value) + 0.5 if letter in (r"\epsilon", r"\lambda") else value for letter, value in values.items()
    }
    if name == "convolution":
        values["x"] = rng.normal(size=SIZES["m"] + SIZES["p"] - 1)
    along = {of: rng.normal(size=np.shape(values[of.name])) for of in hv.directions}
    moved = {**values, **{hv.directions[of].name: v for of, v in along.items()}}
    sizes = {one: SIZES[one] for one in ("p",)} if name == "convolution" else {}
    _, found = Engine(hv.runnable, backend="numpy")(moved, sizes=sizes)
    _, again = Engine(Derivation(hv.program), backend="numpy")(moved, sizes=sizes)
    engine, h = Engine(hv.derivation, backend="numpy"), 1e-5
    up, down = (
        engine({**values, **{of.name: values[of.name] + sign * v for of, v in along.items()}}, sizes=sizes)[1]
        for sign in (h, -h)
    )
    for letter, value in found.items():
        wanted = (up[letter] - down[letter]) / (2 * h)
        np.testing.assert_allclose(value, wanted, rtol=1e-5, atol=1e-6 * max(1, abs(wanted).max()))
        np.testing.assert_allclose(value, again[letter], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "arguments",
    [
        {"layers": [2, 2, 1]},
        {"layers": [2, 3, 2], "activations": ["tanh", "softmax"], "loss": "cross-entropy"},
        {"layers": [2, 2, 2], "activations": ["softmax", "linear"], "bias": False},
    ],
)
def test_reverse_over_reverse_of_a_network_is_what_its_r_equations_say(arguments):
    network = Network(**arguments)
    hv = HessianVector(Derivation(network))
    twice = Derivation(hv.program)
    assert recheck(twice).steps > 40
    rng = np.random.default_rng(3)
    values = {
        one.name: rng.normal(size=[network.sizes[space.size] for space in one.spaces]) for one in twice.program.inputs
    }
    _, found = Engine(hv.runnable, backend="numpy")(values)
    _, again = Engine(twice, backend="numpy")(values)
    assert found.keys() == again.keys() == {of.name for of in hv.directions}
    for letter, value in found.items():
        assert abs(value).max() > 1e-6
        np.testing.assert_allclose(value, again[letter], rtol=1e-9, atol=1e-12)


def test_what_is_not_known_or_does_not_move_is_said():
    opaque = program_read(("Y = W X", "L = L(Y)"), {"W": ("m", "n"), "X": ("n", "b")}, ("W",), ())
    with pytest.raises(NoSecond, match="give L a formula"):
        _ = HessianVector(Derivation(opaque.program)).steps
    with pytest.raises(EquationError, match="taken by W, b, x, not by 'q'"):
        HessianVector(Derivation(Network([2, 1])), ("q",))
    with pytest.raises(KeyError, match="there is no R-equation"):
        HessianVector(Derivation(Network([2, 1]))).index("x")


def test_the_input_moves_where_it_is_asked_to():
    hv = HessianVector(Derivation(Network([2, 3, 1])), ("x",))
    assert [one.name for one in hv.results] == ["x"]
    assert recheck_second(hv).steps == len(hv.steps)


def test_the_slope_of_a_slope_in_the_stored_activation():
    hv = HessianVector(Derivation(Network([2, 3, 1])))
    assert str(hv.slope(1)) == "sigmoid_prime_prime(z1[j]) = (1 - 2*a1[j])*(1 - a1[j])*a1[j]"
    assert str(HessianVector(Derivation(Network([2, 3, 1], "relu"))).slope(1).rhs) == "0"
    assert HessianVector(Derivation(Network([2, 3, 1], "softmax"))).slope(1) is None
