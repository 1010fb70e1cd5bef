"""The list of operations, and how one is added to it: its arguments brought to common axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
from sympy import Expr

from derive.functions import Head
from derive.symbols import Index
from verify.engine.backends.workspace_values import Axes, Number, Operand, Operation, Slot, Term, Value, view

if TYPE_CHECKING:
    from verify.engine.plan.types import Helper, Line

_SYMBOLS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}


class Operations:
    """`operations` are in the order in which they run; `within` names the line that is lowered, `wanted` its axes."""

    within: str = ""
    wanted: Axes = ()

    def __init__(self, dtype: str) -> None:
        self.operations: list[Operation] = []
        self.greatest = float(np.finfo(dtype).max)

    def lower(self, value: Expr) -> Term:
        """The place of a value."""
        raise NotImplementedError

    def negated(self, value: Expr) -> Term:
        """The place of −value."""
        raise NotImplementedError

    def square_root(self, value: Expr) -> Expr:
        """The value or its negative."""
        raise NotImplementedError

    def unstored(self, value: Expr) -> Line | None:
        """The line of an entry that is computed only where it is used."""
        raise NotImplementedError

    def helper(self, head: Head) -> Helper | None:
        """The formula of a function of numbers."""
        raise NotImplementedError

    def shared(self, what: str, value: Expr, make: Callable[[], Term], last: Axes = ()) -> Term:
        """What is made of a value, made once; `last` are indices that it binds."""
        raise NotImplementedError

    def fresh_name(self) -> str:
        """A name for a number that nothing in the plan has."""
        raise NotImplementedError

    def size(self, index: Index) -> Number:
        """The number of entries along an axis."""
        return cast(Number, self.lower(index.space.size))

    def add(self, template: str, inputs: Sequence[Slot | Number], axes: Axes, *, name: str = "", fresh: bool = False,
            entrywise: bool = False, boolean: bool = False, readable: bool = False) -> Operand:  # fmt: skip
        """Adds an operation that makes a new value with these axes."""
        out = Value(axes, name, fresh=fresh, boolean=boolean)
        self.operations.append(Operation(template, tuple(inputs), out, self.within, entrywise, readable))
        return Operand(out, axes)

    def number(self, template: str, inputs: Sequence[Slot]) -> Number:
        """Adds an operation that makes a number, under a name of its own."""
        name = self.fresh_name()
        self.add(template, inputs, (), name=name, fresh=True)
        return Number(name)

    def call(self, function: str, *terms: Term, boolean: bool = False) -> Term:
        """A universal function, entry by entry; of numbers, Python's own arithmetic."""
        terms = tuple(one if function == "multiply" else self.real(one) for one in terms)
        operands = [one for one in terms if isinstance(one, Operand)]
        if not operands:
            return _of_numbers(function, [one for one in terms if isinstance(one, Number)])
        if function == "multiply" and all(one.value.boolean for one in operands):
            terms = (self.real(terms[0]), *terms[1:])
            operands = [one for one in terms if isinstance(one, Operand)]
        axes = self.union(operands)
        inputs = [view(one, axes) if isinstance(one, Operand) else one for one in terms]
        places = ", ".join(f"{{{n}}}" for n in range(len(inputs)))
        return self.add(f"{function}({places}{{out}})", inputs, axes, entrywise=True, boolean=boolean)

    def choice(self, mask: Operand, yes: Term, no: Term) -> Term:
        """One value or the other, entry by entry: an array that is allocated each time, since NumPy knows no other."""
        terms = (mask, self.real(yes), self.real(no))
        axes = self.union([one for one in terms if isinstance(one, Operand)])
        inputs = [view(one, axes) if isinstance(one, Operand) else one for one in terms]
        return self.add("np.where({0}, {1}, {2})", inputs, axes, name=self.fresh_name(), fresh=True)

    def real(self, term: Term) -> Term:
        """A mask as numbers 0 and 1."""
        if isinstance(term, Number) or not term.value.boolean:
            return term
        return self.add("multiply({0}, {1}{out})", [Slot(term.value), Number.of(1.0)], term.axes)

    def union(self, operands: Iterable[Operand]) -> Axes:
        """The axes of several arrays: as the one has them that has all, else in the order that the line wants."""
        ordered = sorted(operands, key=lambda one: -len(one.axes))
        axes = tuple(dict.fromkeys(axis for one in ordered for axis in one.axes))
        if len(ordered[0].axes) == len(axes):
            return ordered[0].axes
        return (*(one for one in self.wanted if one in axes), *(one for one in axes if one not in self.wanted))

    def product(self, terms: Sequence[Term]) -> Term:
        """A product: numbers together, then the arrays with the fewest axes first."""
        numbers = [one for one in terms if isinstance(one, Number)]
        operands = sorted((one for one in terms if isinstance(one, Operand)), key=lambda one: len(one.axes))
        number = times(numbers)
        if not operands:
            return number
        least = [one for one in operands if len(one.axes) == len(operands[0].axes)]
        whole: Term = least[0]
        for one in least[1:]:
            whole = self.call("multiply", whole, one)
        if number.known != 1:
            whole = self.call("negative", whole) if number.known == -1 else self.call("multiply", whole, number)
        for one in operands[len(least) :]:
            whole = self.call("multiply", whole, one)
        return whole


def times(numbers: Sequence[Number]) -> Number:
    """A product of numbers, what is known of it computed."""
    known = 1.0
    for one in numbers:
        known *= 1.0 if one.known is None else one.known
    others = [one.factor for one in numbers if one.known is None]
    if not others:
        return Number.of(known)
    kept = [] if abs(known) == 1 else [Number.of(abs(known)).factor]
    sign = "-" if known < 0 else ""
    return Number(sign + "*".join([*kept, *others]), None, not sign and len(kept) + len(others) == 1)


def _of_numbers(function: str, numbers: Sequence[Number]) -> Number:
    sources = [one.factor for one in numbers]
    if function in _SYMBOLS:
        return Number(f" {_SYMBOLS[function]} ".join(sources), None, False)
    if function == "negative":
        return Number(f"-{sources[0]}", None, False)
    return Number(f"np.{function}({', '.join(one.text for one in numbers)})")
