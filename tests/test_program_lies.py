"""Small lies about a derivation of a program: the kernel and the comparison of the views catch each."""

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from sympy import Add, Indexed, KroneckerDelta, Mul, Sum

from derive import Derivation
from derive.equation import Equation, EquationError
from derive.named import Opaque
from derive.symbols import Index, Width, bound, free_indices
from tests.lies import changed, dropped, flipped, scaled, unsummed
from tests.programs import SYSTEMS
from verify.kernel import KernelError, recheck_steps
from verify.views import ViewsDiffer, agree


def derivation(name):
    return Derivation(SYSTEMS[name].program)


def worth(expression, at, seed):
    """A number for an index expression at widths 3, every entry a random number; what lies beyond an axis is 0."""
    if isinstance(expression, Index):
        return at[expression]
    if isinstance(expression, Width):
        return 3
    if isinstance(expression, Sum):
        own = bound(expression)
        return sum(worth(expression.function, {**at, **dict(zip(own, one, strict=True))}, seed)
                   for one in itertools.product((1, 2, 3), repeat=len(own)))  # fmt: skip
    if isinstance(expression, KroneckerDelta):
        first, second = (worth(one, at, seed) for one in expression.args)
        return float(first == second)
    if isinstance(expression, Indexed):
        place = [worth(one, at, seed) for one in expression.indices]
        if any(not 1 <= one <= 3 for one in place):
            return 0.0
        return random.Random(f"{seed}{expression.base.name}{place}").uniform(0.3, 0.9)
    if isinstance(expression, Add | Mul):
        parts = [worth(one, at, seed) for one in expression.args]
        return sum(parts) if isinstance(expression, Add) else np.prod(parts)
    if expression.is_Number:
        return float(expression)
    if expression.is_Pow:
        return complex(worth(expression.base, at, seed)) ** worth(expression.exp, at, seed)
    inner = [worth(one, at, seed) for one in expression.args if isinstance(one, Indexed | Add | Mul)]
    return random.Random(f"{seed}{expression.func}{inner or expression}").uniform(0.3, 0.9)


def another(step, rhs):
    """Whether a right side says something else than the step does, at some point."""
    free = step.claim.indices
    if not free_indices(rhs) <= set(free):
        return False
    places = [dict(zip(free, one, strict=True)) for one in itertools.product((1, 2, 3), repeat=len(free))]
    return any(abs(worth(rhs, at, 1) - worth(step.claim.rhs, at, 1)) > 1e-9 for at in places)


def lies(step):
    """Small changes of a step's right side that make it say something else."""
    yield -step.claim.rhs
    for kind in (flipped, scaled, dropped, unsummed):
        for rhs in changed(step.claim.rhs, kind):
            if another(step, rhs):
                yield rhs


@pytest.mark.parametrize("name", SYSTEMS)
def test_small_lies_about_every_step_are_caught(name):
    d = derivation(name)
    rng, caught = random.Random(name), 0
    for step in d.steps:
        if step.rule == "name" or step.claim.rhs == 0 or step.claim.rhs.has(Opaque):
            continue
        false = list(lies(step))
        for rhs in rng.sample(false, min(4, len(false))):
            try:
                lie = replace(step, claim=Equation(step.claim.lhs, rhs))
            except EquationError:
                continue
            with pytest.raises(KernelError, match=f"^step {step.number} "):
                recheck_steps(d.program, (*d.steps[: step.number], lie, *d.steps[step.number + 1 :]))
            caught += 1
    assert caught >= len([step for step in d.steps if step.rule != "name"]) - 4


def test_the_views_notice_a_matrix_form_that_is_another():
    d = derivation("attention")
    d._forms["Q", 0] = replace(d.matrix("Q"), rhs=d.matrix("Q").rhs * 2)
    with pytest.raises(ViewsDiffer, match=r"the entry is .*matrix form"):
        agree(d)
