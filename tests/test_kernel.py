"""The kernel accepts every true derivation and catches every small lie about any of its steps."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Add, Integer, KroneckerDelta, Rational, exp, sign

from derive import Derivation, Network
from derive.chain import accumulate
from derive.equation import Equation
from derive.functions import head
from derive.program import Program
from derive.second import HessianVector
from derive.step import Step
from derive.symbols import Array, Index, Local, Partial, Scalar, Space, Width, total
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.lies import lies
from tests.strategies import networks
from verify.kernel import KernelError, recheck, recheck_steps

MAKERS = ("chain", "contract", "differentiate", "rewrite", "simplify", "closedform", "derivation")


def test_the_kernel_loads_nothing_that_makes_steps():
    program = "import sys, verify.kernel; print(*(name for name in sys.modules if name.startswith('derive.')))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "derive.step" in run.stdout.split()
    assert not {f"derive.{name}" for name in MAKERS} & set(run.stdout.split())


NETWORKS = {
    "sigmoid": {"layers": [2, 3, 1]},
    "softmax, cross-entropy": {"layers": [2, 3, 3], "activations": ["tanh", "softmax"], "loss": "cross-entropy"},
    "hidden softmax, mse": {"layers": [2, 3, 3], "activations": ["softmax", "softmax"], "loss": "mse"},
    "bias only": {"layers": [2, {"bias_only": True, "activation": "tanh"}, 1], "activations": "softplus"},
    "binary cross-entropy": {"layers": [2, 2], "loss": "binary-cross-entropy", "bias": "appended"},
    "piecewise": {"layers": [2, 2], "activations": "elu", "loss": "huber", "bias": False},
    "kinked": {"layers": [2, 3, 2], "activations": ["leaky-relu", "linear"], "bias": False},
    "cosine": {"layers": [2, 2], "activations": "gelu", "loss": "cosine"},
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_true_derivation_is_accepted(activation, loss):
    derivation = Derivation(Network([2, 3, 3], activation, loss, ["appended", "none"]))
    report = recheck(derivation)
    assert report.steps == len(derivation.steps) == sum(report.rules.values())


def test_second_derivatives_are_accepted_too():
    program = HessianVector(Derivation(Network([2, 3, 2], ["tanh", "softmax"], "cross-entropy"))).program
    assert recheck_steps(program, accumulate(program).steps).steps > 40


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


@settings(max_examples=15, deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_any_network_is_accepted_and_lies_about_it_are_not(spec, rng):
    derivation = Derivation(Network(**spec))
    steps = derivation.steps
    assert recheck(derivation).steps == len(steps)
    for step in rng.sample(steps, min(3, len(steps))):
        false = list(lies(step)) if step.rule != "name" else []
        for _, lie in rng.sample(false, min(3, len(false))):
            with pytest.raises(KernelError, match=f"^step {step.number} "):
                recheck_steps(derivation.program, (*steps[: step.number], lie, *steps[step.number + 1 :]))


@pytest.mark.parametrize("name", ["sigmoid", "softmax, cross-entropy", "piecewise"])
def test_every_premise_of_a_substitution_is_needed(name):
    derivation = Derivation(Network(**NETWORKS[name]))
    steps, dropped = derivation.steps, 0
    for step in (one for one in steps if one.row.justification == "equality"):
        for premise in step.premises:
            bare = replace(step, premises=tuple(other for other in step.premises if other != premise))
            with pytest.raises(KernelError, match=f"^step {step.number} "):
                recheck_steps(derivation.program, (*steps[: step.number], bare, *steps[step.number + 1 :]))
            dropped += 1
    assert dropped > 10


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


SAME = {"layers": [2, *({"bias_only": True, "activation": "sigmoid"} for _ in range(2))]}


def added(claim, *premises):
    """A derivation through two layers of one space, with one more step that claims to follow by substitution."""
    derivation = Derivation(Network(**SAME))
    steps = derivation.steps
    return derivation.program, (*steps, Step(len(steps), claim, "substitution", premises))


SPACE = Network(**SAME).spaces[1]
K, P = Index("k", SPACE), Index("p", SPACE)
A1, Z2 = Network(**SAME).array("a", 1), Network(**SAME).array("z", 2)
DELTA = KroneckerDelta(K, P)
FALSE = {
    "two entries become one within a function": Equation(DELTA * exp(A1[K] * A1[P]), DELTA * exp(A1[K])),
    "an entry that narrow layers lack": Equation(total(KroneckerDelta(K, Integer(5)), K), Integer(1)),
    "pairs of equal entries forgotten": Equation(total(sign(A1[K] - A1[P]) ** 2, K, P), SPACE.size**2),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_was_once_accepted_wrongly(name):
    with pytest.raises(KernelError, match=r"\(substitution\)"):
        recheck_steps(*added(FALSE[name]))


def test_the_slope_of_one_layer_is_not_that_of_another():
    slopes = [step for step in Derivation(Network(**SAME)).steps if step.rule == "slope"]
    first = next(step for step in slopes if step.claim.lhs.args[0].base.layer == 1)
    claim = Equation(head("sigmoid", 1)(Z2[K]), A1[K] * (1 - A1[K]))
    with pytest.raises(KernelError, match="the premises do not give this"):
        recheck_steps(*added(claim, first.number))


@pytest.mark.parametrize("role", ["W", "x"])
def test_a_conclusion_says_something(role):
    derivation = Derivation(Network([2, 3, 1]))
    steps, last = derivation.steps, derivation.step(role, 1 if role == "W" else 0)
    empty = replace(last, claim=Equation(last.claim.lhs, last.claim.lhs), premises=())
    with pytest.raises(KernelError, match="no step concludes the derivative by"):
        recheck_steps(derivation.program, (*steps[: last.number], empty, *steps[last.number + 1 :]))


def test_a_name_for_the_derivative_itself_is_no_conclusion():
    derivation = Derivation(Network([2, 3, 1]))
    steps, last = derivation.steps, derivation.step("x", 0)
    entry = last.claim.lhs.denominator
    name = Array("D", 0, entry.base.spaces)[entry.indices]
    naming = Step(last.number, Equation(name, last.claim.lhs), "name")
    empty = Step(last.number + 1, Equation(last.claim.lhs, name), "substitution", (naming.number,))
    with pytest.raises(KernelError, match="no step concludes the derivative by x"):
        recheck_steps(derivation.program, (*steps[: last.number], naming, empty))


def test_a_program_must_be_in_order():
    """`Program` says so, too; the kernel does not rely on that."""
    program = Network([2, 3, 1]).program
    first, second, *rest = program.definitions
    forged = replace(program)
    object.__setattr__(forged, "definitions", (second, first, *rest))
    with pytest.raises(KernelError, match="which is not defined before it"):
        recheck_steps(forged, ())


def test_a_program_cannot_state_a_derivative_that_is_false():
    u = Scalar("u", "argument")
    functions = Equation(head("sigmoid")(u), 1 / (1 + exp(-u))), Equation(head("sigmoid", 1)(u), 2 * head("sigmoid")(u))
    z = Array("z", 1, (SPACE,))
    program = Program((Equation(Scalar("E", "loss"), total(head("sigmoid")(z[K]), K)),), (), functions)
    with pytest.raises(KernelError, match="the function's derivative is another"):
        recheck_steps(program, (Step(0, functions[1], "definition"),))


def test_a_function_may_not_hold_the_variable_in_its_constants():
    z, alpha, loss = Array("z", 1, (SPACE,)), Array("alpha", 1, (SPACE,)), Scalar("E", "loss")
    program = Program((Equation(loss, total(head("leaky-relu")(z[K], alpha[K]), K)),), ())
    with pytest.raises(KernelError, match="no rule for the derivative of leaky_relu"):
        recheck_steps(program, (Step(0, Equation(Partial(loss, alpha[K]), Integer(0)), "local-derivative"),))


N = Space("in", Width("n"))
J, L = Index("j", N), Index("l", N)
X, MEAN, LOSS = Array("x", 0, (N,)), Scalar("m"), Scalar("E", "loss")


def variance(forget=None):
    """E = Σ (x_i − m)² with m = Σ x_i / n: x reaches E directly and through a number; a term may be forgotten."""
    definitions = (
        Equation(MEAN, total(X[L], L) / N.size),
        Equation(LOSS, total((X[L] - MEAN) ** 2, L)),
    )
    terms = {"direct": Local(LOSS, X[J]), "through m": Partial(LOSS, MEAN) * Local(MEAN, X[J])}
    claims = (
        (Local(MEAN, X[J]), 1 / N.size, "local-derivative"),
        (Local(LOSS, X[J]), 2 * (X[J] - MEAN), "local-derivative"),
        (Partial(LOSS, MEAN), -2 * total(X[L] - MEAN, L), "local-derivative"),
        (Partial(LOSS, X[J]), Add(*(term for name, term in terms.items() if name != forget)), "chain-rule"),
    )
    steps = [Step(number, Equation(left, right), rule) for number, (left, right, rule) in enumerate(claims)]
    result = 2 * (X[J] - MEAN) - Rational(2) * total(X[L] - MEAN, L) / N.size
    steps.append(Step(4, Equation(Partial(LOSS, X[J]), result), "substitution", (0, 1, 2, 3)))
    return Program(definitions, (X,)), steps


def test_a_path_through_a_number_counts():
    assert recheck_steps(*variance()).rules == {"local-derivative": 3, "chain-rule": 1, "substitution": 1}
    for term in ("direct", "through m"):
        with pytest.raises(KernelError, match=r"^step 3 .* not those of the paths"):
            recheck_steps(*variance(forget=term))
