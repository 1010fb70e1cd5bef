"""From the lines of a plan to operations that write into a workspace, as few as there can be.

A line that one other line alone uses is not stored; what occurs twice is computed once, also across lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sympy import Add, Expr, Indexed

from derive.functions import Head
from derive.symbols import Index, Scalar, Width, free_indices
from verify.engine.backends.workspace_entrywise import computed
from verify.engine.backends.workspace_operations import Operations
from verify.engine.backends.workspace_readable import Readable
from verify.engine.backends.workspace_values import Axes, NotFused, Number, Operand, Operation, Slot, Term, Value, view
from verify.engine.plan.samples import SAMPLE
from verify.engine.plan.types import Helper, Line, Plan


def lowered(plan: Plan, dtype: str) -> tuple[Operation, ...]:
    """All lines as operations.  Raises `NoSource` where a line has no readable source either."""
    kept: frozenset[str] = frozenset()
    while True:
        found = Lowering(plan, dtype, kept)
        for line in plan.lines:
            found.line(line)
        if found.needed <= kept:
            return tuple(found.operations)
        kept |= found.needed


class Lowering(Operations):
    """Adds the operations of one line after the other.

    `kept` are lines that are stored in any case; `needed` become those that a line reads which is not fused.
    """

    def __init__(self, plan: Plan, dtype: str, kept: frozenset[str] = frozenset()) -> None:
        super().__init__(dtype)
        self.plan, self.readable, self.needed = plan, Readable(plan, dtype), set[str]()
        self._names = 0
        self._lines = {line.name: line for line in plan.lines}
        self._memo: dict[tuple[str, Expr], Term] = {}
        given = [one for one in plan.inputs if one.sort == "array"]
        self._values: dict[str, Term] = {
            one.name: Operand(Value(one.axes, one.name, given=True), one.axes) for one in given
        }
        uses = Counter(plan.name(one.base) for line in plan.lines for one in line.value.atoms(Indexed))
        once = {name for name in self._lines if uses[name] == 1 and self._lines[name].axes}
        self._inlined = once - {*plan.results} - kept
        self._sums = {numbered(one)[0] for line in plan.lines for one in line.value.atoms(Add)}

    # --- lines ---

    def line(self, line: Line) -> None:
        """Adds what a line needs, unless it is computed where it is used."""
        if line.name in self._inlined:
            return
        before = len(self.operations), dict(self._memo), dict(self._values)
        self.within, self.wanted = line.name, line.axes
        try:
            self._values[line.name] = self._ended(self._whole(line), line)
        except NotFused:
            count, self._memo, self._values = before
            del self.operations[count:]
            self._values[line.name] = self._as_read(line)

    def _whole(self, line: Line) -> Term:
        """The value of a line, with all its axes."""
        if self.readable.is_inverse(line):
            raise NotFused(line.name)
        term = self.real(self.lower(line.value))
        axes = term.axes if isinstance(term, Operand) else ()
        if set(axes) != set(line.axes):
            raise NotFused(f"{line.name} has axes that its value lacks")
        return term

    def _ended(self, term: Term, line: Line) -> Term:
        """The value under the name of its line; a result is a new array that nothing else is."""
        if isinstance(term, Number):
            self.add(term.text, [], (), name=line.name, fresh=True)
            return Number(line.name)
        value, result = term.value, line.name in self.plan.results
        if result and (value.given or value.fresh or value.name or term.axes != line.axes):
            return self.add("{0}.copy()", [view(term, line.axes)], line.axes, name=line.name, fresh=True)
        if not value.name:
            value.name, value.fresh = line.name, result
        return term

    def _as_read(self, line: Line) -> Term:
        """A line by its readable source."""
        names = self.readable.arrays(line)
        self.needed |= {one for one in names if one in self._inlined}
        slots = [self._read(name) for name in names]
        found = self.add(
            self.readable.template(line, names), slots, line.axes, name=line.name, fresh=True, readable=True
        )
        return found if line.axes else Number(line.name)

    def _read(self, name: str) -> Slot:
        """An array as a readable line knows it."""
        term, axes = self._values.get(name), self.plan.axes(name)
        # what is not there yet will be stored in the next attempt
        return view(term, axes) if isinstance(term, Operand) else Slot(Value(axes, name, given=True))

    # --- values ---

    def lower(self, value: Expr) -> Term:
        """The place of a value, after the operations that compute it.  Raises `NotFused`."""
        if isinstance(value, Indexed):
            return self._entry(value)
        if value.is_number:
            return Number.of(float(value))
        if isinstance(value, Width | Scalar):
            size = self.plan.sizes.get(value)
            return Number(self.plan.name(value)) if size is None else Number.of(float(size))
        return self.shared("", value, lambda: computed(self, value))

    def shared(self, what: str, value: Expr, make: Callable[[], Term], last: Axes = ()) -> Term:
        """What is made of a value, made once; `last` are indices that it binds."""
        key, letters = numbered(value, last)
        names = dict(zip(letters, _numbers(letters), strict=True))
        if (what, key) not in self._memo:
            self._memo[what, key] = _renamed(make(), names)
        return _renamed(self._memo[what, key], {number: letter for letter, number in names.items()})

    def negated(self, value: Expr) -> Term:
        """−value; the minus goes into a sum, also into that of a line that nobody else uses."""
        if isinstance(value, Add):
            return self.lower(-value)
        line = self.unstored(value)
        if line is not None and isinstance(line.value, Add):
            return _renamed(self._computed(line, -line.value), dict(zip(line.axes, value.indices, strict=True)))
        return self.call("negative", self.lower(value))

    def square_root(self, value: Expr) -> Expr:
        """Of u and −u, both of which have the square u², the one that is computed anyway."""
        this, other = numbered(value)[0], numbered(-value)[0]
        made = ("", this) in self._memo
        return -value if not made and (other in self._sums or ("", other) in self._memo) else value

    def helper(self, head: Head) -> Helper | None:
        """The formula of a function of numbers."""
        return self.plan.helper(head)

    def fresh_name(self) -> str:
        """A name for a number that nothing in the plan has."""
        taken = {*self.plan.arguments, *self._lines}
        self._names = next(n for n in range(self._names + 1, self._names + len(taken) + 2) if f"s{n}" not in taken)
        return f"s{self._names}"

    def unstored(self, value: Expr) -> Line | None:
        """The line of an entry that is computed only where it is used, if it was not yet."""
        name = self.plan.name(value.base) if isinstance(value, Indexed) else ""
        return self._lines[name] if name in self._inlined and name not in self._values else None

    def _entry(self, entry: Indexed) -> Term:
        indices = entry.indices
        if not all(isinstance(one, Index) for one in indices) or len({*indices}) < len(indices):
            raise NotFused(f"{entry} is not a whole array")
        line, name = self.unstored(entry), self.plan.name(entry.base)
        if line is not None:
            self._values[name] = self._computed(line, line.value)
        return _renamed(self._values[name], dict(zip(self.plan.axes(name), indices, strict=True)))

    def _computed(self, line: Line, value: Expr) -> Term:
        """The value of a line that is not stored, in its own letters."""
        within, wanted = self.within, self.wanted
        self.within, self.wanted = line.name, line.axes
        term = self.lower(value)
        self.within, self.wanted = within, wanted
        if not isinstance(term, Operand) or set(term.axes) != set(line.axes):
            raise NotFused(f"{line.name} has axes that its value lacks")
        return term


def numbered(value: Expr, last: Axes = ()) -> tuple[Expr, Axes]:
    """The value with numbers for its free indices, the sample first, then these, and the indices in this order."""
    letters = sorted(free_indices(value), key=lambda one: (one in last, one != SAMPLE, str(one)))
    return value.xreplace(dict(zip(letters, _numbers(letters), strict=True))), tuple(letters)


def _numbers(letters: Sequence[Index]) -> Axes:
    return tuple(Index(f"·{n}", one.space) for n, one in enumerate(letters))


def _renamed(term: Term, letters: Mapping[Any, Index]) -> Term:
    return term if isinstance(term, Number) else Operand(term.value, tuple(letters[one] for one in term.axes))
