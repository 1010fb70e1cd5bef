"""An equation between index expressions whose indices and shapes agree: checked once, when it is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Indexed, Integer, KroneckerDelta, Sum, Symbol, latex

from derive.symbols import Array, Index, Scalar, Space, Width, free_indices, is_shifted


class EquationError(ValueError):
    """The two sides do not fit together, or a part is not of this project's making."""


@dataclass(frozen=True)
class Equation:
    """`lhs = rhs`, for every value of the free indices of `lhs`.

    Raises `EquationError` where a slot, a sum or a Kronecker delta joins two spaces, where `rhs` has a free index that
    `lhs` lacks, and where a symbol does not come from `derive.symbols`.  A slot may hold a sum of indices and whole
    numbers, x_{i+k−1}: an entry beyond the ends of its axis is 0.
    """

    lhs: Expr
    rhs: Expr

    def __post_init__(self) -> None:
        for problem in _problems(self.lhs):
            raise EquationError(f"left side of {self}: {problem}")
        for problem in _problems(self.rhs):
            raise EquationError(f"right side of {self}: {problem}")
        loose = free_indices(self.rhs) - free_indices(self.lhs)
        if loose:
            names = ", ".join(sorted(f"{index} of {index.space}" for index in loose))
            raise EquationError(f"{self}: {names} is free on the right but not on the left")

    @property
    def indices(self) -> tuple[Index, ...]:
        """The free indices of the left side, in the order in which they are written."""
        return tuple(dict.fromkeys(_written(self.lhs)))

    def __str__(self) -> str:
        return f"{self.lhs} = {self.rhs}"

    def _repr_latex_(self) -> str:
        """What a notebook shows; a `derive.formula.Writer` writes it in a notation."""
        return f"$\\displaystyle {latex(self.lhs)} = {latex(self.rhs)}$"


def _written(expression: Expr) -> Iterator[Index]:
    if isinstance(expression, Index):
        yield expression
    for part in expression.args:
        yield from _written(part)


def _problems(expression: Expr) -> Iterator[str]:
    """Every place where spaces clash or a foreign symbol stands; nothing for a sound expression."""
    if isinstance(expression, Indexed):
        yield from _slot_problems(expression)
        return
    if isinstance(expression, Array):
        return
    if isinstance(expression, KroneckerDelta):
        yield from _clash("the Kronecker delta", *expression.args)
    elif isinstance(expression, Sum):
        yield from _limit_problems(expression)
        yield from _problems(expression.function)
        return
    elif isinstance(expression, Symbol) and not isinstance(expression, Index | Scalar | Width):
        yield f"the symbol {expression} has no role"
    for part in expression.args:
        yield from _problems(part)


def _slot_problems(entry: Indexed) -> Iterator[str]:
    array = entry.base
    if not isinstance(array, Array):
        yield f"the array {array} has no role"
        return
    for index, space in zip(entry.indices, array.spaces, strict=True):
        where = _space(index)
        if where is None and not isinstance(index, Integer) and not is_shifted(index):
            yield f"{entry}: the index {index} has no space"
        elif where is not None and where != space:
            yield f"{entry}: {index} runs over {where}, the slot over {space}"


def _limit_problems(expression: Sum) -> Iterator[str]:
    for index, *limits in expression.limits:
        if not isinstance(index, Index):
            yield f"the sum over {index} has no space"
        elif list(limits) != [1, index.space.size]:
            yield f"the sum over {index} runs over {limits}, its space is {index.space}"


def _clash(what: str, left: Any, right: Any) -> Iterator[str]:
    spaces = _space(left), _space(right)
    if None not in spaces and spaces[0] != spaces[1]:
        yield f"{what} joins {left} of {spaces[0]} and {right} of {spaces[1]}"


def _space(index: Any) -> Space | None:
    return index.space if isinstance(index, Index) else None
