"""The entries of an index claim for concrete widths: sums written out, deltas decided, δ and a shared as names.

    Σ_k w_kj δ_k  for j = 1 and three neurons  →  w_11 δ_1 + w_21 δ_2 + w_31 δ_3

Every entry is an ordinary SymPy expression.  Together they are as large as the parameters are many; expanded, an entry
is as large as the paths through the network are many, so that is done on request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Sum

from derive.equation import Equation
from derive.functions import Head, kind
from derive.network import SpecError
from derive.symbols import Array, Index, Partial, Scalar, Space, Width, bound, is_shifted

MOST_NODES = 100_000


@dataclass(frozen=True)
class Unrolled:
    """Writes claims out for the widths in `sizes`."""

    sizes: Mapping[Expr, int]
    known: dict[tuple[Array, tuple[int, ...]], Expr] = field(default_factory=dict, repr=False, compare=False)

    def width(self, space: Space) -> int:
        """How many values an index of the space takes; `SpecError` where that is a letter."""
        if space.size not in self.sizes:
            raise SpecError(f"entries need numbers for widths, but {space.name} has {space.size} neurons")
        return self.sizes[space.size]

    def equations(self, claim: Equation) -> tuple[tuple[Expr, Expr], ...]:
        """(left side, right side) for every value of the claim's free indices, in the order of the rows."""
        free = claim.indices
        ranges = [range(1, self.width(index.space) + 1) for index in free]
        found = []
        for values in product(*ranges):
            chosen = dict(zip(free, values, strict=True))
            found.append((self.at(claim.lhs, chosen), self.at(claim.rhs, chosen)))
        return tuple(found)

    def entry(self, claim: Equation, values: tuple[int, ...]) -> Expr:
        """The right side at these values of the free indices, counted from 1."""
        free = claim.indices
        widths = tuple(self.width(index.space) for index in free)
        whole = all(isinstance(v, int) and not isinstance(v, bool) for v in values) and len(values) == len(widths)
        inside = whole and all(1 <= v <= n for v, n in zip(values, widths, strict=True))
        if not inside:
            raise IndexError(f"{claim.lhs} has entries 1…{' × 1…'.join(map(str, widths))}, none at {values}")
        return self.at(claim.rhs, dict(zip(free, values, strict=True)))

    def at(self, expression: Expr, values: Mapping[Index, int]) -> Expr:
        """An expression with numbers for its free indices and its sums written out."""
        if isinstance(expression, Indexed):
            return self._indexed(expression, values)
        if isinstance(expression, Sum):
            return self._sum(expression, values)
        if isinstance(expression, KroneckerDelta):
            row, column = (_value(index, values) for index in expression.args)
            return Integer(int(row == column))
        if isinstance(expression, Width):
            return Integer(self.sizes[expression]) if expression in self.sizes else expression
        if not expression.args:
            return expression
        return expression.func(*(self.at(part, values) for part in expression.args))

    def _indexed(self, expression: Indexed, values: Mapping[Index, int]) -> Expr:
        key = expression.base, tuple(_value(index, values) for index in expression.indices)
        if any(map(is_shifted, expression.indices)) and not self._inside(*key):
            return Integer(0)
        if key not in self.known:
            self.known[key] = Indexed(key[0], *map(Integer, key[1]))
        return self.known[key]

    def _inside(self, array: Array, place: tuple[int, ...]) -> bool:
        """Whether a place is on the axes of an array; beyond their ends every entry is 0."""
        return all(1 <= at <= self.width(space) for at, space in zip(place, array.spaces, strict=True))

    def _sum(self, expression: Sum, values: Mapping[Index, int]) -> Expr:
        free = bound(expression)
        ranges = [range(1, self.width(index.space) + 1) for index in free]
        terms = (self.at(expression.function, {**values, **dict(zip(free, n, strict=True))}) for n in product(*ranges))
        return Add(*terms)


def _value(index: Expr, values: Mapping[Index, int]) -> int:
    """The number of an index: a letter, a number, or a sum of these."""
    if is_shifted(index):
        return int(sum(times * (1 if one == 1 else values[one]) for one, times in index.as_coefficients_dict().items()))
    return int(values.get(index, index))


@dataclass(frozen=True)
class Expansion:
    """Replaces named quantities by what they stand for, down to the inputs, targets and parameters.

    `names` hold the equation of each array that has one; `functions` those of σ and σ′.  What was replaced once is
    remembered, so that a thousand mentions of one δ are one object.
    """

    unrolled: Unrolled
    names: Mapping[Expr, Equation]
    functions: Mapping[Any, Equation]
    done: dict[Expr, Expr] = field(default_factory=dict, repr=False, compare=False)
    sizes: dict[Expr, int] = field(default_factory=dict, repr=False, compare=False)

    def size(self, expression: Expr) -> int:
        """How many nodes the expanded expression has as a tree, at most, without building it."""
        if expression not in self.sizes:
            self.sizes[expression] = self._size(expression)
        return self.sizes[expression]

    def _size(self, expression: Expr) -> int:
        if isinstance(expression, Indexed):
            definition = self.names.get(expression.base)
            return 1 if definition is None else self.size(self._entry(definition, expression))
        if isinstance(expression, Scalar) and expression in self.names:
            return self.size(self.unrolled.entry(self.names[expression], ()))
        inner = sum(self.size(part) for part in expression.args)
        if isinstance(expression, Head) and kind(expression) in self.functions:
            definition = self.functions[kind(expression)]
            return inner * max(1, self(definition.rhs).count(definition.lhs.args[0])) + self.size(definition.rhs)
        return 1 + inner

    def __call__(self, expression: Expr) -> Expr:
        """The expression in x, y and the parameters; `ValueError` where that is beyond all measure."""
        if expression not in self.done and self.size(expression) > MOST_NODES:
            raise ValueError(
                f"expanded, this has up to {self.size(expression):,} parts; at most {MOST_NODES:,} are written"
            )
        if expression not in self.done:
            self.done[expression] = self._expand(expression)
        return self.done[expression]

    def _expand(self, expression: Expr) -> Expr:
        if isinstance(expression, Indexed):
            return self._array(expression)
        if expression in self.names and isinstance(expression, Scalar):
            return self(self.unrolled.entry(self.names[expression], ()))
        if isinstance(expression, Partial | Array) or not expression.args:
            return expression
        parts = [self(part) for part in expression.args]
        if isinstance(expression, Head) and kind(expression) in self.functions:
            definition = self.functions[kind(expression)]
            return self(definition.rhs).xreplace({definition.lhs.args[0]: parts[0]})
        return Mul(*parts) if isinstance(expression, Mul) else expression.func(*parts)

    def _array(self, expression: Indexed) -> Expr:
        definition = self.names.get(expression.base)
        if definition is None:
            return expression
        return self(self._entry(definition, expression))

    def _entry(self, definition: Equation, place: Indexed) -> Expr:
        return self.unrolled.entry(definition, tuple(int(index) for index in place.indices))
