"""An update rule running on arrays: its assignments as a list of in-place NumPy operations, worked out once.

Every operation writes into an array that exists already, so that a step allocates nothing.  What depends on numbers
alone (η, βᵗ, 1 − β) is computed once a step, by a function that SymPy compiles.  Arrays of objects work too: with
fractions for all settings, rules without roots are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, lambdify
from sympy import sign as sign_of

from derive.symbols import Scalar
from verify.training.errors import TrainingError
from verify.training.rules import RATE, WEIGHT_DECAY, Assignment, Optimiser, eta, g, memory, optimiser, t, theta

Array = np.ndarray[Any, Any]
_UNARY: dict[Any, Any] = {Abs: np.absolute, sign_of: np.sign}


@dataclass(frozen=True)
class _Operation:
    """`function(*inputs, out=output)`; inputs and output are numbers of cells."""

    function: Any
    inputs: tuple[int, ...]
    output: int


@dataclass
class Program:
    """The operations of a rule over numbered cells: named arrays, scratch arrays, and numbers that change each step."""

    assignments: tuple[Assignment, ...]
    cells: dict[Any, int] = field(default_factory=dict)
    numbers: dict[Expr, int] = field(default_factory=dict)
    operations: list[_Operation] = field(default_factory=list)
    size: int = 0
    free: list[int] = field(default_factory=list)
    scratch: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for symbol in dict.fromkeys((theta, g, *(one.target for one in self.assignments))):
            self.cells[symbol] = self._cell()
        for one in self.assignments:
            self._into(one.value, self.cells[one.target])

    def _cell(self) -> int:
        self.size += 1
        return self.size - 1

    def _scratch(self) -> int:
        cell = self.free.pop() if self.free else self._cell()
        self.scratch.add(cell)
        return cell

    def _into(self, value: Expr, out: int) -> None:
        """value → out; only the last operation writes there, when everything that reads it is done."""
        found = self._operand(value, out)
        if found != out:
            self.operations.append(_Operation(np.positive, (found,), out))
            self._release(found)

    def _operand(self, value: Expr, out: int | None = None) -> int:
        """The cell that holds a value, computed into `out` where one is given."""
        if value in self.cells:
            return self.cells[value]
        if not value.free_symbols & self.cells.keys():
            if value not in self.numbers:
                self.numbers[value] = self._cell()
            return self.numbers[value]
        if isinstance(value, Add):
            return self._sum(value, out)
        if isinstance(value, Mul) or (isinstance(value, Pow) and value.exp.could_extract_minus_sign()):
            return self._product(value, out)
        if isinstance(value, Pow):
            return self._power(value, out)
        if type(value) in _UNARY:
            return self._apply(_UNARY[type(value)], (self._operand(value.args[0]),), out)
        raise TypeError(f"an update rule may not contain {type(value).__name__}: {value}")

    def _apply(self, function: Any, inputs: tuple[int, ...], out: int | None) -> int:
        output = self._scratch() if out is None else out
        self.operations.append(_Operation(function, inputs, output))
        for cell in set(inputs):
            self._release(cell)
        return output

    def _release(self, cell: int) -> None:
        if cell in self.scratch:
            self.scratch.discard(cell)
            self.free.append(cell)

    def _split(self, parts: tuple[Expr, ...]) -> tuple[list[Expr], list[Expr]]:
        """The parts that hold arrays, and those that are numbers."""
        held = [bool(part.free_symbols & self.cells.keys()) for part in parts]
        return (
            [part for part, holds in zip(parts, held, strict=True) if holds],
            [part for part, holds in zip(parts, held, strict=True) if not holds],
        )

    def _sum(self, value: Expr, out: int | None) -> int:
        arrays, numbers = self._split(value.as_ordered_terms())
        terms = [self._operand(one) for one in arrays] + ([self._operand(Add(*numbers))] if numbers else [])
        return self._folded(np.add, terms, out)

    def _product(self, value: Expr, out: int | None) -> int:
        """c · numerators / denominators."""
        arrays, numbers = self._split(Mul.make_args(value))
        below = [1 / one for one in arrays if isinstance(one, Pow) and one.exp.could_extract_minus_sign()]
        above = [one for one in arrays if 1 / one not in below]
        front = [self._operand(Mul(*numbers))] if numbers or not above else []
        factors = [*(self._operand(one) for one in above), *front]
        if not below:
            return self._folded(np.multiply, factors, out)
        over = self._folded(np.multiply, factors, None)
        under = self._folded(np.multiply, [self._operand(one) for one in below], None)
        return self._apply(np.divide, (over, under), out)

    def _folded(self, function: Any, operands: list[int], out: int | None) -> int:
        found = operands[0]
        for place, operand in enumerate(operands[1:], 2):
            found = self._apply(function, (found, operand), out if place == len(operands) else None)
        return found

    def _power(self, value: Expr, out: int | None) -> int:
        base = self._operand(value.base)
        if value.exp == Rational(1, 2):
            return self._apply(np.sqrt, (base,), out)
        if value.exp == Integer(2):
            return self._apply(np.multiply, (base, base), out)
        return self._apply(np.power, (base, self._operand(value.exp)), out)

    @property
    def exact(self) -> bool:
        """Whether the rule is free of roots, so that fractions stay fractions."""
        return all(one.function in (np.add, np.multiply, np.divide, np.positive) for one in self.operations)


class Update:
    """A rule with its settings and its memory, for parameters of one shape.

    `update(parameters, gradient, rate)` changes both arrays in place: the parameters to the next ones, the gradient to
    whatever the rule leaves in it.  `arrays` are the memory by name (`v`, `m`, …), all 0 at first, and `steps` counts
    the steps done; both may be set, to go on from a checkpoint.  Raises `TrainingError` for a setting out of range.
    """

    def __init__(self, name: str, like: Array, **settings: Any) -> None:
        self.rule: Optimiser = optimiser(name)
        self.settings = self.rule.chosen(settings)
        self.program = Program(self.rule.assignments(self.settings["weight_decay"]))
        self.steps = 0
        if like.dtype == object and not self.program.exact:
            raise TrainingError(f"{name} takes roots, which fractions have not; give floating-point numbers instead")
        kept = memory(self.program.assignments)
        self._cells: list[Any] = [None] * self.program.size
        for cell in {one.output for one in self.program.operations} - {0, 1}:
            self._cells[cell] = np.zeros_like(like)
        self.arrays: dict[str, Array] = {plain_name(one): self._cells[self.program.cells[one]] for one in kept}

    def __call__(self, parameters: Array, gradient: Array, rate: Any) -> None:
        """One step."""
        self.steps += 1
        cells = self._cells
        cells[0], cells[1] = parameters, gradient
        for cell, value in zip(self.program.numbers.values(), self._numbers(rate, self.steps), strict=True):
            cells[cell] = value
        for operation in self.program.operations:
            operation.function(*[cells[one] for one in operation.inputs], out=cells[operation.output])

    @cached_property
    def _numbers(self) -> Callable[[Any, int], Any]:
        """The numbers of a step as a function of the rate and of the number of the step."""
        rows = {row.symbol: row.name for row in (*self.rule.settings, WEIGHT_DECAY)}
        names = {eta: "rate", t: "t"} | {symbol: name for symbol, name in rows.items() if symbol != eta}
        plain = {symbol: Scalar(name) for symbol, name in names.items()}
        expressions = [one.xreplace(plain) for one in self.program.numbers]
        chosen = [self.settings[name] for symbol, name in names.items() if symbol not in (eta, t)]
        function = lambdify(list(plain.values()), expressions, modules="math")
        return lambda rate, step: function(rate, step, *chosen)


def plain_name(symbol: Scalar) -> str:
    r"""A letter of the table as a name for a program: `\\hat{m}` is `m_hat`, `\\theta` is `theta`."""
    name = str(symbol.name)
    accent = name.startswith(r"\hat{")
    return f"{name[5:-1]}_hat" if accent else name.removeprefix("\\")


def checked_rate(rate: Any) -> Any:
    """A learning rate; raises `TrainingError` where it is no number above 0."""
    return RATE.checked(rate)


def settings_of(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All settings of an optimiser, the usual ones where none is given."""
    return optimiser(name).chosen(given)
