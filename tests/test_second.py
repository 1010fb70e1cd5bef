"""Hessian–vector products by the R-operator: against differences of hand-written gradients, and proved step by step."""

import numpy as np
import pytest
from hypothesis import given, settings

from derive import Derivation, Network
from derive.second import HessianVector
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.backpropagation import backpropagation
from tests.second_numbers import Evaluator, directional_difference
from tests.strategies import networks
from verify.kernel import recheck_second
from verify.oracles.point import Point

SOFT = [name for name in ACTIVATIONS if name != "step"]


def parts(network, given_w, given_b):
    """The parameter arrays' values by array, an appended bias taken from the last column."""
    found = {}
    for array in network.parameters:
        layer = network.stack[array.layer - 1]
        matrix = given_w[array.layer - 1]
        if array.role == "W":
            found[array] = matrix[:, :-1] if layer.bias == "appended" else matrix
        else:
            found[array] = matrix[:, -1] if layer.bias == "appended" else given_b[array.layer - 1]
    return found


def evaluated(network, hv, point, along):
    """(∇²E) V by the claims, entry by entry."""
    derivation = hv.derivation
    constants = {
        scalar: value
        for layer in network.stack
        for scalar, value in zip(layer.arguments(), point.constants_of(layer), strict=True)
    }
    values = {
        **constants,
        **parts(network, point.W, point.b),
        network.array("x", 0): point.x,
        network.array("y", network.depth): point.y,
        **{hv.directions[one]: v for one, v in along.items()},
    }
    closed = [step.claim for step in hv.steps if step.rule == "closed-form"]
    sizes = {space.size: width for space, width in zip(network.spaces, network.widths, strict=True)}
    run = Evaluator(values, sizes, (*derivation.program.functions, *closed))
    backward = [
        type(claim)(name[claim.lhs.denominator.indices], claim.rhs)
        for _, name, claim in derivation.adjoints
        if name is not None
    ]
    run.run(derivation.program.definitions[:-1]).run(backward).run(claim for _, claim in hv.claims)
    return {one: run.values[result] for one, result in hv.results.items()}


def differences(network, point, along):
    """The same by differences of the gradients of `tests.backpropagation`."""
    arrays = list(network.parameters)
    start = parts(network, point.W, point.b)

    def gradient(theta):
        now = dict(zip(arrays, theta, strict=True))
        w, b = list(point.W), list(point.b)
        for number, layer in enumerate(network.stack, 1):
            own = {array.role: now[array] for array in arrays if array.layer == number}
            if layer.bias == "appended":
                w[number - 1] = np.column_stack([own["W"], own["b"]])
            else:
                w[number - 1], b[number - 1] = own.get("W"), own.get("b")
        moved = type(point)(tuple(w), tuple(b), point.x, point.y, point.constants)
        found = backpropagation(network, moved)
        split = parts(network, found["W"], found["b"])
        return [split[one] for one in arrays]

    return dict(
        zip(
            arrays,
            directional_difference(gradient, [start[one] for one in arrays], [along[one] for one in arrays]),
            strict=True,
        )
    )


def directions(network, point, seed=0):
    rng = np.random.default_rng(seed)
    return {one: rng.normal(size=np.shape(v)) for one, v in parts(network, point.W, point.b).items()}


def assert_agree(network, seed=1):
    hv = HessianVector(Derivation(network))
    point = Point.random(network, seed=seed)
    along = directions(network, point, seed)
    found, wanted = evaluated(network, hv, point, along), differences(network, point, along)
    size = max(1.0, *(np.abs(one).max() for one in wanted.values()))
    for one, value in wanted.items():
        np.testing.assert_allclose(found[one], value, rtol=0, atol=2e-7 * size, err_msg=str(one))


@pytest.mark.parametrize("activation", SOFT)
def test_every_activation_bends_as_differences_say(activation):
    assert_agree(Network([2, 3, 2], [activation, activation], "half-squared-error"), seed=3)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_bends_as_differences_say(loss):
    last = "softmax" if LOSSES[loss].normalised else "sigmoid"
    assert_agree(Network([3, 2, 3], ["tanh", last], loss, ["appended", "none"]), seed=5)


@settings(max_examples=25, deadline=None)
@given(networks(deepest=3))
def test_any_network_bends_as_its_steps_say(spec):
    network = Network(**spec)
    hv = HessianVector(Derivation(network))
    report = recheck_second(hv)
    assert report.steps == len(hv.steps)
    assert set(hv.results) == set(network.parameters)
