"""A program at concrete sizes as a list of operations on slots: run forward, then back, at any precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb

from verify.certificates.choices import Region
from verify.certificates.machine import Balls, Floats, Machine
from verify.certificates.operations import Operation
from verify.certificates.products import Contract


@dataclass(frozen=True)
class Leaf:
    """Numbers that are given: `kind` is `value`, or `upstream` for ∂L/∂Y of an opaque L(Y).

    Of kind `defined` is what a definition gives and a derivative is wanted by.
    """

    name: str
    kind: str
    slot: int
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """`target` is the slot of the number that is differentiated, `wanted` the letters that it is differentiated by.

    `defined` names the slots of the definitions, in order; `opaque` says that the target's own value is not known;
    `between` are the letters of `wanted` that a definition gives.
    """

    operations: tuple[Operation, ...]
    slots: int
    leaves: tuple[Leaf, ...]
    wanted: tuple[str, ...]
    target: int
    defined: tuple[tuple[str, int], ...]
    opaque: bool
    between: tuple[Leaf, ...] = ()

    def __post_init__(self) -> None:
        active = {self.leaf(name).slot for name in self.wanted}
        alone = self._alone()
        for one in self.operations:
            one.activate(active)
            active |= {one.out} if one.active else set()
            if isinstance(one, Contract):
                leaves = {leaf.slot for leaf in self.leaves} & set(one.operands)
                one.leaves, one.alone = frozenset(leaves), frozenset(leaves & alone)

    def _alone(self) -> set[int]:
        """Slots that are used once."""
        used = Counter(slot for one in self.operations for slot in one.operands)
        return {slot for slot, times in used.items() if times == 1}

    @cached_property
    def listed(self) -> tuple[Leaf, ...]:
        """The leaves that some operation needs as balls, not as a matrix that is made of their floats."""
        needed = {slot for one in self.operations if not isinstance(one, Contract) for slot in one.operands}
        needed.add(self.target)
        return tuple(leaf for leaf in self.leaves if leaf.slot in needed)

    @cached_property
    def backwards(self) -> tuple[Operation, ...]:
        """The operations through which something reaches what is wanted, last first."""
        return tuple(one for one in reversed(self.operations) if one.active)

    @cached_property
    def makers(self) -> dict[int, Operation]:
        """The operation that fills each slot."""
        return {one.out: one for one in self.operations}

    @cached_property
    def piecewise(self) -> bool:
        """Whether there is a function by cases."""
        return any(isinstance(one, Region) for one in self.operations)

    def leaf(self, name: str) -> Leaf:
        """The leaf of a letter of `wanted`."""
        listed = (*self.leaves, *self.between)
        return next(one for one in listed if one.name == name and one.kind in ("value", "defined"))

    def forward(self, given: Mapping[int, Floats], m: Machine) -> Any:
        """The target's ball; `given` are the leaves' floats by slot, which are taken as the exact numbers they are."""
        m.floats, m.makers = dict(given), self.makers
        for leaf in self.listed:
            m.v[leaf.slot] = list(map(arb, given[leaf.slot].ravel().tolist()))
        for one in self.operations:
            one.forward(m)
        return m.v[self.target][0]

    def reverse(self, m: Machine, seed: Any) -> None:
        """Fills the adjoints of the leaves, `m.d` or, for large matrices, `m.factors`."""
        m.d[self.target] = [seed]
        for one in self.backwards:
            if m.d[one.out] is not None:
                one.reverse(m)

    def adjoint(self, m: Machine, leaf: Leaf) -> Balls:
        """∂target/∂leaf after `reverse`: 0 where nothing reaches it."""
        found = m.d[leaf.slot]
        return [arb(0)] * int(np.prod(leaf.shape, dtype=int)) if found is None else found
