"""Which memory each value is written to: a line has its own, what is needed between two operations shares it.

A value may take the memory of an argument that is not needed any more, where its operation goes entry by entry.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from derive.symbols import Index
from verify.engine.backends.workspace_values import Operation, Value
from verify.engine.plan.types import Plan

Shape = tuple[str, ...]


@dataclass(eq=False)
class Buffer:
    """A piece of the workspace, and the values that it holds, one after the other."""

    name: str
    shape: Shape
    boolean: bool
    holds: list[Value] = field(default_factory=list)


def shape_of(plan: Plan, axes: Sequence[Index]) -> Shape:
    """The lengths of axes as source."""
    return tuple(str(plan.sizes.get(one.space.size)) if one.space.size in plan.sizes else plan.name(one.space.size)
                 if not one.space.size.is_Integer else str(one.space.size) for one in axes)  # fmt: skip


class Memory:
    """`buffer` gives the place of every value that an operation writes into given memory."""

    def __init__(self, plan: Plan, operations: Sequence[Operation], taken: Collection[str]) -> None:
        self.plan, self.operations, self.taken = plan, operations, set(taken)
        self.buffers: list[Buffer] = []
        self._of: dict[Value, Buffer] = {}
        self._made = {one.out: n for n, one in enumerate(operations)}
        self._last: dict[Value, int] = {slot.value: n for n, one in enumerate(operations) for slot in one.slots}
        for one in operations:
            if one.out.name and not one.out.fresh and one.out.axes:
                self._put(one.out, self._new(one.out, one.out.name))
        self._backwards()
        self._forwards()

    def buffer(self, value: Value) -> Buffer | None:
        """None for what is given or newly allocated."""
        return self._of.get(value)

    def _put(self, value: Value, buffer: Buffer) -> None:
        self._of[value] = buffer
        buffer.holds.append(value)

    def _new(self, value: Value, name: str = "") -> Buffer:
        if not name:
            name = next(f"t{n}" for n in range(1, len(self.taken) + 2) if f"t{n}" not in self.taken)
        self.taken.add(name)
        self.buffers.append(Buffer(name, shape_of(self.plan, value.axes), value.boolean))
        return self.buffers[-1]

    def _backwards(self) -> None:
        """An argument that is not needed any more is put where the value of its operation will stand."""
        for n in reversed(range(len(self.operations))):
            operation = self.operations[n]
            target = self._of.get(operation.out)
            if target is None or not operation.entrywise:
                continue
            for slot in operation.slots:
                value = slot.value
                if self._free(value) and self._last[value] == n and self._fits(value, target):
                    self._put(value, target)
                    break

    def _forwards(self) -> None:
        """The rest takes what is there already, or new memory."""
        for operation in self.operations:
            value = operation.out
            if self._free(value):
                found = next(
                    (one for one in self.buffers if one.name not in self._lines and self._fits(value, one)), None
                )
                self._put(value, found or self._new(value))

    @property
    def _lines(self) -> set[str]:
        return {one.name for one in self.plan.lines}

    def _free(self, value: Value) -> bool:
        """Whether a value has no place yet and needs one."""
        return not (value.given or value.fresh or value in self._of or not value.axes)

    def _fits(self, value: Value, buffer: Buffer) -> bool:
        """Whether a value can stand there without hurting another."""
        same = shape_of(self.plan, value.axes) == buffer.shape and value.boolean == buffer.boolean
        return same and all(self._before(value, one) or self._before(one, value) for one in buffer.holds)

    def _before(self, one: Value, other: Value) -> bool:
        """Whether a value is done with when another is made, or is read as it is by the operation that makes that."""
        end, start = self._last.get(one, self._made[one]), self._made[other]
        operation = self.operations[start]
        plain = all(not slot.view for slot in operation.slots if slot.value is one)
        return end < start or (end == start and operation.entrywise and plain and one is not other)
