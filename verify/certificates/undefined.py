"""Whether a value that is not finite will stay so with more bits: a logarithm of a negative number, a division by 0."""

from __future__ import annotations

from typing import Any

from verify.certificates.machine import Machine
from verify.certificates.operations import Apply, Divide, Operation
from verify.certificates.plan import Plan


def undefined(plan: Plan, m: Machine) -> bool:
    """Whether the first operation without a finite value has operands about which there is no doubt."""
    for one in plan.operations:
        for lane, ball in enumerate(m.v[one.out]):
            if not ball.is_finite():
                return _certain(one, m, lane)
    return True


def _certain(one: Operation, m: Machine, lane: int) -> bool:
    """An operand that is exact, or on one side of 0, where that is what matters."""
    if not isinstance(one, Apply | Divide):
        return True
    operand: Any = m.v[one.operands[-1]][lane]
    return bool(operand.is_exact() or not operand.contains(0))
