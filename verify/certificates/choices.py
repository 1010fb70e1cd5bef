"""Functions by cases, entry by entry: which case holds is decided in balls, and where it cannot be, both are enclosed.

Where a comparison stands exactly at its boundary (or closer than the rounding of a float, so that a right program may
take the other case), the slope is enclosed by the hull of what every choice of sides gives.  That hull is tight where
the cases meet smoothly (ELU with α = 1), and wide at a kink: there is no derivative, and nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from flint import arb

from verify.certificates.machine import ANYTHING, ZERO, Balls, Floats, Imprecise, Machine, floats, times
from verify.certificates.operations import Operation

_MOST_SIDES = 6
_CLOSER = {53: 8, 24: 3}  # bits: what is within so many roundings of the boundary may end on either side
_NAN = arb.nan()
Truth = bool | None
Condition = Callable[[Sequence[int | None]], Truth]
"""From the signs of all comparisons (None: not known) to whether a case holds (None: not known)."""


class Choose(Operation):
    """The first case whose condition holds; `differences` are what the comparisons compare with 0."""

    def __init__(self, out: int, values: Sequence[int], conditions: Sequence[Condition], differences: Sequence[int]):
        super().__init__(out, *values)
        self.conditions, self.differences = tuple(conditions), tuple(differences)

    def forward(self, m: Machine) -> None:
        signs = [_signs(m, slot, number) for number, slot in enumerate(self.differences)]
        lanes = zip(*signs, strict=True) if signs else [()] * len(m.v[self.operands[0]])
        taken = [self._taken(one) for one in lanes]
        cases = [m.v[slot] for slot in self.operands]
        m.saved[self] = taken
        m.v[self.out] = [_NAN if case is None else cases[case][lane] for lane, case in enumerate(taken)]

    def _taken(self, signs: Sequence[int | None]) -> int | None:
        for case, condition in enumerate(self.conditions):
            holds = condition(signs)
            if holds or holds is None:
                return case if holds else None
        return None

    def reverse(self, m: Machine) -> None:
        d, taken = m.d[self.out], m.saved[self]
        for case, slot in enumerate(self.operands):
            if slot in self.active:
                m.pull(slot, [one if case == own else ZERO for one, own in zip(d, taken, strict=True)])


def _signs(m: Machine, slot: int, number: int) -> list[int | None]:
    """The sign of each entry; where it is open, the side that the machine was told to take."""
    found = [_sign(one) for one in m.v[slot]]
    if m.sides is not None:
        for lane in m.saved["open", slot]:
            found[lane] = m.sides[m.saved["number", slot]]
    return found


def _sign(ball: Any) -> int | None:
    return 1 if ball > 0 else -1 if ball < 0 else 0 if ball.is_zero() else None


@dataclass(frozen=True)
class Inner:
    """What a region computes: operations on lanes, the slots of the arguments and of the value, the comparisons."""

    operations: tuple[Operation, ...]
    slots: int
    arguments: tuple[int, ...]
    value: int
    differences: tuple[int, ...]

    def run(self, m: Machine) -> Balls:
        """The value, entry by entry."""
        for one in self.operations:
            one.forward(m)
        return m.v[self.value]

    def pulled(self, m: Machine, d: Balls) -> list[Any]:
        """The adjoints of the arguments; None of those on which nothing depends."""
        m.d = [None] * self.slots
        m.d[self.value] = d
        for one in reversed(self.operations):
            if m.d[one.out] is not None:
                one.reverse(m)
        return [m.d[slot] for slot in self.arguments]


class Region(Operation):
    """A function by cases of several numbers, entry by entry; `text` says where it stands."""

    def __init__(self, out: int, arguments: Sequence[int], inner: Inner, text: Callable[[int], str]) -> None:
        super().__init__(out, *arguments)
        self.inner, self.text = inner, text
        self.reached = frozenset(inner.differences)

    def activate(self, active: set[int]) -> None:
        """A comparison of what nobody differentiates by is no kink."""
        super().activate(active)
        reached = {own for own, slot in zip(self.inner.arguments, self.operands, strict=True) if slot in active}
        for one in self.inner.operations:
            one.activate(reached)
            reached |= {one.out} if one.active else set()
        self.reached = frozenset(reached)

    def forward(self, m: Machine) -> None:
        own = self._machine(m)
        value = self.inner.run(own)
        unknown = self._open(m, own)
        m.saved[self] = own
        if own.saved["lanes"]:
            value = self._hull(own, value, unknown)
        m.v[self.out] = value

    def _machine(self, m: Machine) -> Machine:
        own = Machine(self.inner.slots, m.unit)
        for slot, operand in zip(self.inner.arguments, self.operands, strict=True):
            own.v[slot] = m.v[operand]
        return own

    def _open(self, m: Machine, own: Machine) -> set[int]:
        """Marks the entries at which a comparison is open; gives those whose sign is not known at all."""
        unknown: set[int] = set()
        numbers = 0
        for slot in self.inner.differences:
            balls = own.v[slot]
            blind = {lane for lane, one in enumerate(balls) if _sign(one) is None}
            if blind and not m.last:
                raise Imprecise("a comparison is not decided")
            near = _near(balls, self._sizes(m, own, slot), own.unit) if slot in self.reached else set()
            own.saved["open", slot] = sorted(blind | near)
            own.saved["number", slot] = numbers
            numbers += bool(blind | near)
            unknown |= blind
        own.saved["lanes"] = sorted({lane for slot in self.inner.differences for lane in own.saved["open", slot]})
        own.saved["sides"] = list(product((1, -1), repeat=numbers)) if numbers <= _MOST_SIDES else []
        return unknown

    def _sizes(self, m: Machine, own: Machine, slot: int) -> Floats:
        """What the rounding of a difference is proportional to, through what made the arguments."""
        makers = {one.out: one for one in self.inner.operations}
        outer = dict(zip(self.inner.arguments, self.operands, strict=True))

        def size(of: int) -> Floats:
            if of in outer:
                return size_of(m, outer[of])
            return makers[of].sizes(own, size)

        return size(slot)

    def _hull(self, own: Machine, value: Balls, unknown: set[int]) -> Balls:
        """The value, around all cases where it is not known which holds; marks where the cases do not meet."""
        found, passes = list(value), [self._side(own, sides) for sides in own.saved["sides"]]
        jumps = {lane for lane in own.saved["lanes"] if not passes or not _meet([one[lane] for one in passes])}
        for lane in unknown | jumps:
            found[lane] = _union([one[lane] for one in passes]) if passes else ANYTHING
        own.saved["jumps"] = jumps
        return found

    def _side(self, own: Machine, sides: tuple[int, ...]) -> Balls:
        own.sides = sides
        return self.inner.run(own)

    def reverse(self, m: Machine) -> None:
        own, d = m.saved[self], m.d[self.out]
        parts = self._around(m, own, d) if own.saved["lanes"] else self.inner.pulled(own, d)
        for slot, part in zip(self.operands, parts, strict=True):
            if part is not None and slot in self.active:
                m.pull(slot, part)

    def _around(self, m: Machine, own: Machine, d: Balls) -> list[Any]:
        """Hulls over the sides at the open entries."""
        passes = []
        for sides in own.saved["sides"] or [None]:
            own.sides = sides
            self.inner.run(own)
            passes.append(self.inner.pulled(own, d))
        parts = [None if first is None else list(first) for first in passes[0]]
        for lane in own.saved["lanes"]:
            jump, differs = lane in own.saved["jumps"], False
            for place, part in enumerate(parts):
                if part is not None:
                    sides = [one[place][lane] for one in passes]
                    part[lane] = times(d[lane], ANYTHING) if jump else _union(sides)
                    differs |= not all(sides[0].overlaps(one) for one in sides)
            if differs or jump:
                m.kinks.append((self, lane, jump))
        return parts


def size_of(m: Machine, slot: int) -> Floats:
    """What the rounding error of a slot is proportional to, in floats; kept, since several comparisons may ask."""
    if slot not in m.sizes:
        if slot in m.makers:
            m.sizes[slot] = m.makers[slot].sizes(m, lambda of: size_of(m, of))
        else:
            m.sizes[slot] = np.abs(m.floats[slot]).ravel() if slot in m.floats else floats(m.v[slot])
    return m.sizes[slot]


def _near(balls: Balls, sizes: Floats, unit: int) -> set[int]:
    distance = np.abs(floats(balls))
    with np.errstate(all="ignore"):
        return set(np.flatnonzero(distance <= np.minimum(sizes, 1e300) * 2.0 ** (_CLOSER[unit] - unit)).tolist())


def _union(balls: Sequence[Any]) -> Any:
    found = balls[0]
    for one in balls[1:]:
        found = found.union(one)
    return found


def _meet(balls: Sequence[Any]) -> bool:
    """Whether the cases have one value, up to the rounding that brought the float to the boundary."""
    return all(bool(abs(balls[0] - one) < 1e-6 * (1 + abs(balls[0]) + abs(one))) for one in balls[1:])
