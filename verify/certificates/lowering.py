r"""Makes operations of expressions: an expression becomes a slot whose entries run over its free indices.

An index that a sum binds is an axis until it is summed over, so that two sums may use one letter.  How each kind of
expression is lowered is said by the rules of `verify.certificates.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import sympy
from flint import arb
from sympy import Expr

from derive.symbols import Index, Space, Width
from verify.certificates.errors import NotCertified
from verify.certificates.functions import FUNCTIONS, Function
from verify.certificates.operations import Apply, Combine, Constant, Gather, Multiply, Operation, Reduce
from verify.certificates.places import broadcast
from verify.certificates.plan import Leaf
from verify.certificates.products import Contract, Shape

Axes = tuple[Index, ...]
Formula = Callable[..., Any]
Rule = Callable[..., Any]


@dataclass(frozen=True)
class Ref:
    """A slot, and the index that each of its axes runs over."""

    slot: int
    axes: Axes = ()


Rules = tuple[tuple[Any, Rule], ...]
NOTHING = sympy.Integer(0)


@dataclass
class Lowering:
    """Makes the operations: `rules` say how each kind of expression is lowered, first to last.

    `formulas` are the definitions of functions by what is applied, `functions` those that the caller gives, by letter.
    """

    rules: Rules
    sizes: Mapping[Expr, int]
    formulas: Mapping[Any, Any] = field(default_factory=dict)
    functions: Mapping[str, Formula] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    leaves: dict[tuple[str, str], Leaf] = field(default_factory=dict)
    arrays: dict[Expr, int] = field(default_factory=dict)
    memo: dict[Expr, Ref] = field(default_factory=dict)
    within: str = ""
    lane: Axes = ()
    differences: list[int] = field(default_factory=list)
    slots: int = 0

    def inside(self, lane: Index, letters: Sequence[Expr]) -> Lowering:
        """What lowers a formula of these letters, each a list over `lane`."""
        own = Lowering(self.rules, self.sizes, self.formulas, self.functions, within=self.within, lane=(lane,))
        own.memo = {one: Ref(own.slot(), own.lane) for one in letters}
        return own

    def length(self, space: Space) -> int:
        """How many entries an axis has."""
        return self.number(space.size)

    def number(self, size: Expr) -> int:
        """A width as a number."""
        if size in self.sizes:
            return self.sizes[size]
        if isinstance(size, Width):
            raise NotCertified(
                f"sizes must give a number for {size}: no array that is given has an axis of that length"
            )
        return int(size)

    def count(self, axes: Axes) -> int:
        """How many entries there are over some axes."""
        return prod(self.length(one.space) for one in axes)

    def slot(self) -> int:
        """A new slot."""
        self.slots += 1
        return self.slots - 1

    def made(self, operation: Operation) -> int:
        """Adds an operation; its slot."""
        self.operations.append(operation)
        return operation.out

    def leaf(self, name: str, kind: str, shape: tuple[int, ...]) -> int:
        """The slot of numbers that are given."""
        if (kind, name) not in self.leaves:
            self.leaves[kind, name] = Leaf(name, kind, self.slot(), shape)
        return self.leaves[kind, name].slot

    def ref(self, expression: Expr) -> Ref:
        """The slot of an expression; raises `NotCertified` for what has no numbers."""
        if expression not in self.memo:
            self.memo[expression] = self._lowered(expression)
        return self.memo[expression]

    def _lowered(self, expression: Expr) -> Ref:
        for test, rule in self.rules:
            if isinstance(expression, test):
                return rule(self, expression)
        function = FUNCTIONS.get(expression.func)
        if function is not None and len(expression.args) == 1:
            return self.applied(function, self.ref(expression.args[0]))
        name = expression.func.__name__
        raise NotCertified(f"{self.within} holds {name}, and how {name} is computed in balls is not known")

    # --- placing ---

    def over(self, ref: Ref, axes: Axes) -> int:
        """The slot with exactly these axes in this order, repeated along those that it lacks."""
        if ref.axes == axes:
            return ref.slot
        lengths = {one: self.length(one.space) for one in (*axes, *ref.axes)}
        key = ("over", ref.slot, tuple(ref.axes.index(one) if one in ref.axes else -lengths[one] - 1 for one in axes))
        if key not in self.memo:
            where = broadcast(ref.axes, axes, lengths)
            self.memo[key] = Ref(self.made(Gather(self.slot(), ref.slot, where, self.count(ref.axes))))
        return self.memo[key].slot

    def union(self, refs: Sequence[Ref]) -> Axes:
        """The axes of several slots, those of the one that has most first."""
        ordered = sorted(refs, key=lambda one: -len(one.axes))
        return tuple(dict.fromkeys(axis for one in ordered for axis in one.axes))

    def applied(self, function: Function, ref: Ref) -> Ref:
        """A function, entry by entry."""
        return Ref(self.made(Apply(self.slot(), ref.slot, function)), ref.axes)

    def combined(self, terms: Sequence[tuple[Any, Ref]], shift: Any = NOTHING) -> Ref:
        """Σ c u + shift, all these numbers rational."""
        axes = self.union([one for _, one in terms])
        listed = [(int(c.p), int(c.q), self.over(one, axes)) for c, one in terms]
        return Ref(self.made(Combine(self.slot(), listed, (int(shift.p), int(shift.q)))), axes)

    def constant(self, make: Callable[[], list[Any]], axes: Axes = ()) -> Ref:
        """Numbers that do not depend on anything."""
        return Ref(self.made(Constant(self.slot(), make)), axes)

    def exact(self, values: Sequence[Any], axes: Axes = ()) -> Ref:
        """Whole numbers."""
        return self.constant(lambda: list(map(arb, values)), axes)

    # --- sums and products ---

    def product(self, refs: Sequence[Ref]) -> Ref:
        """Entry by entry, the smaller first."""
        ordered = sorted(refs, key=lambda one: len(one.axes))
        found = ordered[0]
        for one in ordered[1:]:
            axes = self.union([found, one])
            found = Ref(self.made(Multiply(self.slot(), self.over(found, axes), self.over(one, axes))), axes)
        return found

    def reduced(self, ref: Ref, own: Sequence[Index]) -> Ref:
        """Σ over some of the axes."""
        here = tuple(one for one in own if one in ref.axes)
        if not here:
            return ref
        kept = tuple(one for one in ref.axes if one not in here)
        slot = self.over(ref, (*kept, *here))
        return Ref(self.made(Reduce(self.slot(), slot, self.count(here))), kept)

    def contracted(self, left: Ref, right: Ref, own: Sequence[Index]) -> Ref:
        """Σ over `own`, axes of both, of the product, as products of matrices."""
        inner = tuple(one for one in left.axes if one in own)
        both = tuple(one for one in left.axes if one in right.axes and one not in own)
        rows = tuple(one for one in left.axes if one not in right.axes)
        columns = tuple(one for one in right.axes if one not in left.axes)
        shape = Shape(*(self.count(axes) for axes in (both, rows, inner, columns)))
        slots = self.over(left, (*both, *rows, *inner)), self.over(right, (*both, *inner, *columns))
        return Ref(self.made(Contract(self.slot(), *slots, shape)), (*both, *rows, *columns))
