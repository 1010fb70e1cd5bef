"""The kernel accepts every true derivation and catches every small lie about any of its steps."""

from collections import Counter
from dataclasses import replace

import pytest
from sympy import Integer

from derive import Derivation, Network
from derive.again import slope_along
from derive.chain import accumulate
from derive.equation import Equation
from derive.symbols import Array, Partial
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.lies import lies
from verify.kernel import KernelError, recheck, recheck_steps

NETWORKS = {
    "sigmoid": {"layers": [2, 3, 1]},
    "softmax, cross-entropy": {"layers": [2, 3, 3], "activations": ["tanh", "softmax"], "loss": "cross-entropy"},
    "hidden softmax, mse": {"layers": [2, 3, 3], "activations": ["softmax", "softmax"], "loss": "mse"},
    "bias only": {"layers": [2, {"bias_only": True, "activation": "tanh"}, 1], "activations": "softplus"},
    "binary cross-entropy": {"layers": [2, 2], "loss": "binary-cross-entropy", "bias": "appended"},
    "piecewise": {"layers": [2, 3, 2], "activations": ["elu", "leaky-relu"], "loss": "huber", "bias": False},
    "cosine": {"layers": [2, 2], "activations": "gelu", "loss": "cosine"},
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_true_derivation_is_accepted(activation, loss):
    derivation = Derivation(Network([2, 3, 3], activation, loss, ["appended", "none"]))
    report = recheck(derivation)
    assert report.steps == len(derivation.steps) == sum(report.rules.values())


def test_second_derivatives_are_accepted_too():
    program = slope_along(Derivation(Network([2, 3, 2], ["tanh", "softmax"], "cross-entropy")))
    assert recheck_steps(program, accumulate(program).steps).steps > 50


@pytest.mark.parametrize("name", NETWORKS)
def test_every_lie_about_every_step_is_caught(name):
    derivation = Derivation(Network(**NETWORKS[name]))
    steps = derivation.steps
    caught = Counter()
    for step in steps:
        for kind, false in lies(step):
            # To name something else is no lie in itself; the first step that uses the name then fails.
            where = "^step " if step.rule == "name" else f"^step {step.number} "
            with pytest.raises(KernelError, match=where):
                recheck_steps(derivation.program, (*steps[: step.number], false, *steps[step.number + 1 :]))
            caught[kind] += 1
    assert caught["sign"] > 15
    assert sum(caught.values()) > 100


def test_a_substitution_needs_its_premises():
    derivation = Derivation(Network([2, 3, 1]))
    steps = derivation.steps
    bare = [replace(step, premises=()) for step in steps if step.rule in ("substitution", "slope")]
    assert len(bare) > 8
    for step in bare:
        with pytest.raises(KernelError, match="the premises do not give this"):
            recheck_steps(derivation.program, (*steps[: step.number], step, *steps[step.number + 1 :]))


def forged(step, claim):
    derivation = Derivation(Network([2, 3, 1]))
    steps = list(derivation.steps)
    steps[step] = replace(steps[step], claim=claim(steps[step].claim))
    return derivation.program, steps


def place(rule):
    return next(step.number for step in Derivation(Network([2, 3, 1])).steps if step.rule == rule)


def test_a_name_must_be_new_and_of_the_same_shape():
    def taken(claim):
        return Equation(Array("z", claim.lhs.base.layer, claim.lhs.base.spaces)[claim.lhs.indices], claim.rhs)

    program, steps = forged(place("name"), taken)
    with pytest.raises(KernelError, match="stands for something else already"):
        recheck_steps(program, steps)


def test_a_definition_must_be_the_programs():
    program, steps = forged(1, lambda claim: Equation(claim.lhs, claim.rhs * 2))
    with pytest.raises(KernelError, match="the program holds no such equation"):
        recheck_steps(program, steps)


def test_a_claim_about_one_entry_is_no_claim_about_all():
    def one_entry(claim):
        first = {index: Integer(1) for index in claim.indices}
        return Equation(claim.lhs.xreplace(first), claim.rhs.xreplace(first))

    number = next(s.number for s in Derivation(Network([2, 3, 1])).steps if isinstance(s.claim.lhs, Partial))
    program, steps = forged(number, one_entry)
    with pytest.raises(KernelError, match="indices must be letters"):
        recheck_steps(program, steps)


def test_a_derivation_that_stops_early_is_not_one():
    derivation = Derivation(Network([2, 3, 1]))
    with pytest.raises(KernelError, match="no step concludes the derivative by"):
        recheck_steps(derivation.program, derivation.steps[:-8])
    with pytest.raises(KernelError, match="its number is not its place"):
        recheck_steps(derivation.program, derivation.steps[1:])
