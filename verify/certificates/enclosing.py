"""Encloses a target and its gradient at given floats: the precision is raised until every entry has the bits wanted.

Floats are taken as the exact numbers that they are.  An entry is settled when its ball is exactly 0, has enough
relative bits, or is smaller than anything that the floats in question can hold.  What stays open however many bits
there are has no derivative: a kink, or a slope that is infinite.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flint import arb, ctx

from verify.certificates.entries import Entries
from verify.certificates.machine import ZERO, Balls, Floats, Imprecise, Machine
from verify.certificates.plan import Plan
from verify.certificates.undefined import undefined
from verify.oracles.errors import DomainError

FIRST, PATIENCE, MOST = 128, 4096, 1 << 20
"""Bits: to begin with, until a comparison that stays open is a kink, and at most."""
ENOUGH = 70
Given = Mapping[int, Floats]


@dataclass(frozen=True)
class Setting:
    """What is enclosed: the mean or sum (`weight` p/q each) over samples, whose `varying` slots differ.

    `single` says that there is one sample and no batch.
    `unit` is the bits of the floats in question (53, 24), `least` what is smaller than anything that they can hold.
    """

    plan: Plan
    samples: tuple[Given, ...]
    weight: tuple[int, int] = (1, 1)
    varying: frozenset[int] = frozenset()
    single: bool = True
    unit: int = 53
    least: Any = ZERO


@dataclass(frozen=True, eq=False)
class Enclosure:
    """Balls around the target (`loss`, None where it is opaque) and each entry of the gradients; `kinks` in words.

    `wide` is how many of them are open.
    """

    loss: Any
    gradients: Mapping[str, Entries]
    bits: int
    kinks: tuple[str, ...]
    setting: Setting
    wide: int = 0

    def settled(self, ball: Any) -> bool:
        """Whether a ball is as tight as it needs to be."""
        return settled(ball, self.setting.least)


def settled(ball: Any, least: Any) -> bool:
    """Whether a ball is exactly 0, has enough relative bits, or is smaller than what a float can hold."""
    return ball.rel_accuracy_bits() >= ENOUGH or ball.is_zero() or bool(abs(ball) < least)


def enclose(setting: Setting) -> Enclosure:
    """The enclosure at the first precision that settles every entry; entries at kinks stay wide.

    Raises `DomainError` where the target has no value.
    """
    matrices: dict[Any, Any] = {}
    bits, before = FIRST, -1
    while True:
        with ctx.workprec(bits):
            found = _attempt(setting, bits, matrices)
            wide = -1 if found is None else _wide(found)
            if found is not None and (not wide or _hopeless(found, wide == before) or bits >= MOST):
                return _explained(replace(found, wide=wide)) if wide else found
        before, bits = wide, bits * 2


def _hopeless(found: Enclosure, unchanged: bool) -> bool:
    """Whether more bits would not help: what is open depends on a kink, or an infinite slope."""
    return unchanged and (bool(found.kinks) or (found.bits > PATIENCE and _infinite(found)))


def _explained(found: Enclosure) -> Enclosure:
    """Says that some slope is infinite, where one is."""
    if all(ball.is_finite() for ball in _all(found)):
        return found
    return replace(found, kinks=(*found.kinks, "a slope is infinite: a root or a power of 0, or a pole"))


def _infinite(found: Enclosure) -> bool:
    return all(ball.is_finite() is False or found.settled(ball) for ball in _all(found))


def _wide(found: Enclosure) -> int:
    """How many entries, the loss included, are not settled."""
    least = found.setting.least
    wide = 0 if found.loss is None or settled(found.loss, least) else 1
    for one in found.gradients.values():
        for block in one.blocks():
            loose = [ball for ball in block if ball.rel_accuracy_bits() < ENOUGH]
            wide += sum(1 for ball in loose if not settled(ball, least))
    return wide


def _all(found: Enclosure) -> Iterator[Any]:
    return (ball for one in found.gradients.values() for block in one.blocks() for ball in block)


def _attempt(setting: Setting, bits: int, matrices: dict[Any, Any]) -> Enclosure | None:
    """One precision; None where it is too low for the target, or for a comparison."""
    last = bits >= PATIENCE
    try:
        return run(setting, bits, matrices, last)
    except Imprecise as error:
        if bits >= MOST or (last and "compar" not in str(error)):
            raise DomainError(f"no value is defined here: {error}, as far as {bits:,} bits can tell") from None
        return None
    except _Undefined as error:
        if error.certain or bits >= MOST:
            raise DomainError(str(error)) from None
        return None


class _Undefined(Exception):
    """The target has no finite ball; `certain` says that more bits would not give it one."""

    def __init__(self, message: str, certain: bool) -> None:
        super().__init__(message)
        self.certain = certain


def run(setting: Setting, bits: int, matrices: dict[Any, Any], last: bool, natural: int = 0) -> Enclosure:
    """All samples at the present precision."""
    plan, (p, q) = setting.plan, setting.weight
    weight, loss = arb(p) / q, arb(0)
    machines: list[Machine] = []
    for number, given in enumerate(setting.samples):
        m = Machine(plan.slots, setting.unit, natural, last)
        m.matrices, m.sample, m.varying = matrices, number, setting.varying
        value = plan.forward(given, m)
        if not value.is_finite() and not natural:
            sample = number if len(setting.samples) > 1 else None
            raise _Undefined(_where(plan, m, sample), bits >= PATIENCE and undefined(plan, m))
        loss += weight * value
        plan.reverse(m, weight)
        machines.append(_kept(plan, m))
    gradients = {name: _entries(setting, name, machines) for name in plan.wanted}
    return Enclosure(None if plan.opaque else loss, gradients, bits, tuple(_kinks(setting, machines)), setting)


def _kept(plan: Plan, m: Machine) -> Machine:
    """A machine that holds the adjoints of the leaves and nothing else."""
    slots = {leaf.slot for leaf in (*plan.leaves, *plan.between)}
    m.d = [one if slot in slots else None for slot, one in enumerate(m.d)]
    m.v, m.saved, m.floats = [], {}, {}
    return m


def _entries(setting: Setting, name: str, machines: Sequence[Machine]) -> Entries:
    """The gradient by a letter: summed over the samples, or one after the other where each has its own."""
    leaf = setting.plan.leaf(name)
    if leaf.slot in setting.varying:
        each = [setting.plan.adjoint(m, leaf) for m in machines]
        shape = leaf.shape if setting.single else (len(machines), *leaf.shape)
        return Entries(shape, [one for balls in each for one in balls])
    pairs = [m.factors[leaf.slot] for m in machines if leaf.slot in m.factors]
    if pairs:
        return Entries.multiplied(leaf.shape, pairs)
    found: Balls = setting.plan.adjoint(machines[0], leaf)
    for m in machines[1:]:
        found = list(map(operator.add, found, setting.plan.adjoint(m, leaf)))
    return Entries(leaf.shape, found)


def _kinks(setting: Setting, machines: Sequence[Machine]) -> Iterator[str]:
    for number, m in enumerate(machines, 1):
        sample = f"sample {number}: " if len(machines) > 1 else ""
        for region, lane, jump in m.kinks:
            what = "the value jumps" if jump else "the slopes on its sides differ"
            yield f"{sample}{region.text(lane)}: {what}"


def _where(plan: Plan, m: Machine, sample: int | None) -> str:
    """Names the first definition that has no finite value."""
    among = "" if sample is None else f" (sample {sample + 1})"
    for name, slot in plan.defined:
        for place, ball in enumerate(m.v[slot]):
            if not ball.is_finite():
                entry = f"entry {place + 1} of " if len(m.v[slot]) > 1 else ""
                return f"{entry}{name} has no finite value at these numbers{among}: a function leaves its domain"
    return f"the target has no finite value at these numbers{among}"
