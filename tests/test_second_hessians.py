"""Whole Hessians: of outputs over the tables, of programs, against differences; symmetric; proved."""

import numpy as np
import pytest

from derive import Derivation, Network
from derive.emit.plain import plain
from derive.equation import Equation
from derive.formula import Writer
from derive.second import HessianVector, output_hessian
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.backpropagation import LOSS_SLOPES, SLOPES
from tests.second_numbers import Evaluator
from verify.kernel import KernelError, recheck_steps
from verify.oracles.point import Point
from verify.programs.reading import program_read


def shown(network, notation="nielsen"):
    derivation = Derivation(network)
    return plain(Writer(derivation, notation).box(output_hessian(derivation).matrix.rhs))


def output_gradient(network, point, z):
    """∂E/∂z of the last layer, by hand."""
    layer = network.stack[-1]
    value, slope = SLOPES[layer.activation](z, *point.constants_of(layer))
    v = LOSS_SLOPES[network.loss](value, point.y)
    return value * (v - value @ v) if slope is None else v * slope


@pytest.mark.parametrize(
    ("activation", "loss", "form"),
    [
        ("softmax", "cross-entropy", "diag(a²) − a² (a²)ᵀ"),
        ("softmax", "nll", "diag(a²) − a² (a²)ᵀ"),
        ("softmax", "kl", "diag(a²) − a² (a²)ᵀ"),
        ("sigmoid", "binary-cross-entropy", "diag(σ′(z²))"),
        ("linear", "half-squared-error", "I"),
        ("linear", "squared-error", "2 I"),
        ("sigmoid", "half-squared-error", "diag((a² − y) ⊙ σ′′(z²) + σ′(z²) ⊙ σ′(z²))"),
    ],
)
def test_famous_hessians_are_recognised(activation, loss, form):
    assert shown(Network([2, 3], activation, loss)) == form


def test_the_hessian_of_a_sigmoid_is_written_in_the_stored_activation():
    found = output_hessian(Derivation(Network([2, 3], "sigmoid", "binary-cross-entropy")))
    assert str(found.stored) == "∂²E/∂z1∂z1[j, k] = (1 - a1[j])*KroneckerDelta(j, k)*a1[j]"


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "step"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_output_hessian_is_that_of_differences_and_is_proved(activation, loss):
    network = Network([2, 3], activation, loss)
    derivation = Derivation(network)
    found = output_hessian(derivation)
    assert recheck_steps(found.program, found.steps, found.directions).steps == len(found.steps)
    point = Point.random(network, seed=2)
    weights, shift = point.W[0], point.b[0]
    z = weights @ point.x + shift + [0.0131, 0.0297, -0.0173]  # off the places where Huber's cases meet
    layer = network.stack[0]
    constants = dict(zip(layer.arguments(), point.constants_of(layer), strict=True))
    values = {network.array("z", 1): z, network.array("y", 1): point.y, **constants}
    closed = [step.claim for step in found.steps if step.rule == "closed-form"]
    run = Evaluator(values, network.sizes, (*network.program.functions, *closed))
    run.run([found.program.definitions[0]])
    named = [step.claim for step in found.steps if step.rule == "name"]
    run.run(Equation(one.lhs, last_about(found, one.rhs)) for one in named)
    steps = 1e-5 * np.eye(3)
    wanted = [(output_gradient(network, point, z + h) - output_gradient(network, point, z - h)) / 2e-5 for h in steps]
    hessian = run.all(found.index)
    size = max(1.0, np.abs(wanted).max())
    np.testing.assert_allclose(hessian, np.transpose(wanted), rtol=0, atol=1e-7 * size)
    np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-12 * size)
    if found.stored is not None:
        np.testing.assert_allclose(run.all(found.stored), hessian, rtol=1e-9, atol=1e-12 * size)


def last_about(found, partial):
    return [step.claim.rhs for step in found.steps if step.claim.lhs == partial][-1]


def program(given, shapes, wrt):
    return HessianVector(Derivation(program_read(tuple(given), shapes, wrt, ()).program))


@pytest.mark.parametrize(
    ("given", "shapes", "letter", "form"),
    [
        (["f = x^T A x"], {"A": ("n", "n"), "x": ("n",)}, "x", "A + Aᵀ"),
        ([r"f = \|X w - y\|^2"], {"X": ("n", "d"), "w": ("d",), "y": ("n",)}, "w", "2 Xᵀ X"),
        ([r"f = \|X w - y\|^2 + \lambda \|w\|^2"], {"X": ("n", "d"), "w": ("d",), "y": ("n",)}, "w", "2(λ I + Xᵀ X)"),
    ],
)
def test_hessians_of_programs_as_matrices(given, shapes, letter, form):
    found = program(given, shapes, (letter,))
    claim = found.hessian(letter)
    assert recheck_steps(claim.program, claim.steps, claim.directions).steps == len(claim.steps)
    assert plain(Writer(found.derivation).box(claim.matrix.rhs)) == form


def test_a_false_hessian_is_refused():
    claim = program(["f = x^T A x"], {"A": ("n", "n"), "x": ("n",)}, ("x",)).hessian("x")
    last = claim.steps[-1]
    false = type(last)(last.number, type(last.claim)(last.claim.lhs, 2 * last.claim.rhs), last.rule, last.premises)
    with pytest.raises(KernelError, match="other coefficients"):
        recheck_steps(claim.program, (*claim.steps[:-1], false), claim.directions)


@pytest.mark.parametrize("letter", ["A", "q"])
def test_what_does_not_move_has_no_hessian(letter):
    found = program(["f = x^T A x"], {"A": ("n", "n"), "x": ("n",)}, ("x",))
    with pytest.raises(KeyError, match="no array that moves"):
        found.hessian(letter)
