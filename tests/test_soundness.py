"""Falsehoods that were once found equal, or claims that were once let pass: each stays refused, by name."""

from dataclasses import replace

import pytest
from sympy import Abs, Integer, KroneckerDelta, Piecewise, Rational, exp, sign

from derive import Derivation, Network
from derive.equation import Equation, EquationError
from derive.functions import head
from derive.program import Program
from derive.step import Step
from derive.symbols import Array, Index, Partial, Scalar, Space, Width, total
from verify.equality import Undecided, equal
from verify.kernel import KernelError, recheck_steps

N = Space("in", Width("n"))
J, K, P = Index("j", N), Index("k", N), Index("p", N)
X, Y, Z = Array("x", 0, (N,)), Array("y", 1, (N,)), Array("z", 1, (N,))
U = Scalar("u", "argument")
RELU = Piecewise((U, U > 0), (0, True))

FALSE = {
    "a sum that binds one letter twice": (total(total(X[K], K), K), total(X[K], K)),
    "powers of a sum opened under a sum": (
        total((Y[P] - Y[K]) * (1 + X[K]) ** Rational(3, 2) * (1 + X[P]) ** Rational(1, 2), K, P), Integer(0)),
    "a sign of a sum with denominators": (sign(total(Y[K] / X[K] ** 2, K)), sign(total(Y[K] * X[K] ** 2, K))),
    "a cancelled factor that is 0 on a half-line": (Piecewise((U / RELU, U > 0), (5, True)), Integer(1)),
    "a mirrored condition on what is 0 on a half-line": (
        Piecewise((1, -RELU > 0), (0, True)), 1 - Piecewise((1, RELU > 0), (0, True))),
    "the square of a sign that is 0 on a half-line": (sign(RELU) ** 2, Integer(1)),
    "the square of the sign of a delta": (sign(KroneckerDelta(K, P)) ** 2, Integer(1)),
    "a delta with a number": (total(KroneckerDelta(K, Integer(2)), K), Integer(1)),
    "a number and the circle's": (Scalar("pi"), __import__("sympy").pi),
    "a constant and a loss of one name": (Scalar("E", "loss"), Scalar("E")),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_falsehood_is_not_found_equal(name):
    left, right = FALSE[name]
    try:
        found = equal(left, right)
    except Undecided:
        found = False
    assert found is False


@pytest.mark.parametrize(
    "inside", [exp(KroneckerDelta(K, P)), Abs(X[K] - KroneckerDelta(K, P)), 1 / (2 + KroneckerDelta(K, P))]
)
def test_a_delta_within_a_function_ends(inside):
    assert equal(total(inside, K), total(inside, K) + 0)
    assert not equal(total(inside, K), total(inside, K) + 1)


def test_a_tautology_is_no_derivation():
    program = Derivation(Network([2, 1])).program
    definitions = Derivation(Network([2, 1])).steps[:1]
    steps = list(definitions)
    for array in program.wrt:
        entry = Partial(program.target, program.entry(array))
        steps.append(Step(len(steps), Equation(entry, entry), "substitution"))
    with pytest.raises(KernelError, match="no step concludes the derivative by"):
        recheck_steps(program, steps)


def test_a_step_that_rests_on_itself_is_refused():
    derivation = Derivation(Network([2, 1]))
    steps = list(derivation.steps)
    number = next(step.number for step in steps if step.rule == "substitution")
    false = replace(steps[number], claim=Equation(steps[number].claim.lhs, Integer(7)))
    object.__setattr__(false, "premises", (number,))
    steps[number] = false
    with pytest.raises(KernelError):
        recheck_steps(derivation.program, steps)


def test_an_array_within_a_constant_is_not_differentiated_to_0():
    slopes = Array("p", 1, (N,))
    a = Array("a", 1, (N,))
    definitions = (
        Equation(a[J], head("leaky-relu")(X[J], slopes[J])),
        Equation(Scalar("E", "loss"), total(a[K] ** 2, K)),
    )
    program = Program(definitions, (slopes,))
    local = Step(0, Equation(Partial(program.target, slopes[J]), Integer(0)), "local-derivative")
    with pytest.raises(KernelError):
        recheck_steps(program, [local])


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        ([Equation(Y[J], Z[J] ** 2), Equation(Z[J], X[J])], "before it is defined"),
        ([Equation(Z[Integer(1)], Integer(5))], "neither a number nor every entry"),
    ],
)
def test_a_program_that_is_none_is_refused(definitions, message):
    last = Equation(Scalar("E", "loss"), total(Z[K], K))
    with pytest.raises(EquationError, match=message):
        Program((*definitions, last), (X,))
