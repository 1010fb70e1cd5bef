"""The operations of a plan on lists of balls: each knows its value, and how an adjoint is passed on to its operands.

Griewank and Walther 2008, Evaluating Derivatives, section 3.2.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

from verify.certificates.functions import Function
from verify.certificates.machine import ZERO, Balls, Floats, Machine, floats, mapped, times


class Operation(ABC):
    """What makes the slot `out` from the slots `operands`; `active` are those of them that an adjoint is wanted of."""

    def __init__(self, out: int, *operands: int) -> None:
        self.out, self.operands = out, operands
        self.active: frozenset[int] = frozenset(operands)
        self.times: Callable[[Any, Any], Any] = operator.mul

    def activate(self, active: set[int]) -> None:
        """Is told which slots an adjoint is wanted of."""
        self.active = frozenset(active & set(self.operands))

    @abstractmethod
    def forward(self, m: Machine) -> None:
        """Fills `m.v[out]`."""

    @abstractmethod
    def reverse(self, m: Machine) -> None:
        """Adds `m.d[out]` times each partial derivative to the adjoints of the active operands."""

    def sizes(self, m: Machine, of: Callable[[int], Floats]) -> Floats:
        """What the rounding error of the value is proportional to: the sum of the moduli of what is added up."""
        return floats(m.v[self.out])


class Constant(Operation):
    """Numbers that hold at every precision: 1/3, π."""

    def __init__(self, out: int, make: Callable[[], list[Any]]) -> None:
        super().__init__(out)
        self.make = make

    def forward(self, m: Machine) -> None:
        m.v[self.out] = self.make()

    def reverse(self, m: Machine) -> None:
        """A constant passes nothing on."""


class Gather(Operation):
    """Entries of another slot in a new order, some of them repeatedly or not at all; −1 stands for 0."""

    def __init__(self, out: int, source: int, places: NDArray[np.int64], length: int) -> None:
        super().__init__(out, source)
        listed = places.ravel().tolist()
        self.places, self.length, self.outside = listed, length, -1 in listed
        self.take = _getter(listed)
        self.whole = not self.outside and len(listed) == length == len(set(listed))
        self.back = _getter(np.argsort(places.ravel()).tolist()) if self.whole else self._summed

    def forward(self, m: Machine) -> None:
        source = m.v[self.operands[0]]
        m.v[self.out] = self.take([*source, ZERO] if self.outside else source)

    def reverse(self, m: Machine) -> None:
        m.pull(self.operands[0], self.back(m.d[self.out]))

    def _summed(self, d: Balls) -> Balls:
        found = [ZERO] * (self.length + 1)  # what lies outside ends in the last, which is dropped
        for place, one in zip(self.places, d, strict=True):
            found[place] = found[place] + one
        return found[: self.length]

    def sizes(self, m: Machine, of: Callable[[int], Floats]) -> Floats:
        return np.append(of(self.operands[0]), 0.0)[self.places]


def _getter(places: list[int]) -> Callable[[Balls], Balls]:
    if len(places) == 1:
        (only,) = places
        return lambda balls: (balls[only],)
    return operator.itemgetter(*places)


class Combine(Operation):
    """Σ c_i u_i + c with rational numbers c_i = p_i/q_i."""

    def __init__(self, out: int, terms: Sequence[tuple[int, int, int]], shift: tuple[int, int] = (0, 1)) -> None:
        super().__init__(out, *(slot for _, _, slot in terms))
        self.terms, self.shift = tuple(terms), shift

    def forward(self, m: Machine) -> None:
        found: Balls | None = None
        for p, q, slot in self.terms:
            if found is not None and q == 1 and abs(p) == 1:
                found = list(map(operator.add if p > 0 else operator.sub, found, m.v[slot]))
                continue
            part = scaled(m.v[slot], p, q)
            found = part if found is None else list(map(operator.add, found, part))
        p, q = self.shift
        m.v[self.out] = list(map(operator.add, found or [], repeat(arb(p) / q))) if p else found

    def reverse(self, m: Machine) -> None:
        d = m.d[self.out]
        for p, q, slot in self.terms:
            if slot in self.active:
                m.pull(slot, scaled(d, p, q))

    def sizes(self, m: Machine, of: Callable[[int], Floats]) -> Floats:
        p, q = self.shift
        return np.asarray(sum(abs(p / q) * of(slot) for p, q, slot in self.terms) + abs(p / q))


def scaled(balls: Balls, p: int, q: int) -> Balls:
    """p/q times each."""
    if p == -1:
        balls = list(map(operator.neg, balls))
    elif p != 1:
        balls = list(map(operator.mul, balls, repeat(arb(p))))
    return balls if q == 1 else list(map(operator.truediv, balls, repeat(arb(q))))


class Multiply(Operation):
    """u v."""

    def forward(self, m: Machine) -> None:
        u, v = self.operands
        m.v[self.out] = list(map(operator.mul, m.v[u], m.v[v]))

    def reverse(self, m: Machine) -> None:
        d, (u, v) = m.d[self.out], self.operands
        if u in self.active:
            m.pull(u, list(map(self.times, d, m.v[v])))
        if v in self.active:
            m.pull(v, list(map(self.times, d, m.v[u])))


class Divide(Operation):
    """u / v."""

    def forward(self, m: Machine) -> None:
        u, v = self.operands
        m.v[self.out] = list(map(operator.truediv, m.v[u], m.v[v]))

    def reverse(self, m: Machine) -> None:
        d, (u, v) = m.d[self.out], self.operands
        careful = self.times is times
        part = mapped(_over, d, m.v[v]) if careful else list(map(operator.truediv, d, m.v[v]))
        if u in self.active:
            m.pull(u, part)
        if v in self.active:
            m.pull(v, list(map(operator.neg, map(self.times, part, m.v[self.out]))))


def _over(d: Any, v: Any) -> Any:
    return d if d.is_zero() else d / v


class Apply(Operation):
    """A function of one number, entry by entry."""

    def __init__(self, out: int, operand: int, function: Function) -> None:
        super().__init__(out, operand)
        self.function = function

    def forward(self, m: Machine) -> None:
        m.v[self.out] = list(map(self.function.value, m.v[self.operands[0]]))

    def reverse(self, m: Machine) -> None:
        slopes = map(self.function.slope, m.v[self.operands[0]], m.v[self.out])
        m.pull(self.operands[0], list(map(self.times, m.d[self.out], slopes)))


class Reduce(Operation):
    """Σ over the last `count` entries of each row."""

    def __init__(self, out: int, operand: int, count: int) -> None:
        super().__init__(out, operand)
        self.count = count

    def forward(self, m: Machine) -> None:
        u, count = m.v[self.operands[0]], self.count
        m.v[self.out] = [sum(u[at : at + count], ZERO) for at in range(0, len(u), count)]

    def reverse(self, m: Machine) -> None:
        m.pull(self.operands[0], list(chain.from_iterable(repeat(one, self.count) for one in m.d[self.out])))

    def sizes(self, m: Machine, of: Callable[[int], Floats]) -> Floats:
        return np.asarray(of(self.operands[0]).reshape(-1, self.count).sum(axis=1))
