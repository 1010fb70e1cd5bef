"""What the kernel's justifications share: why a step does not hold, and what claims must look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Indexed

from derive.functions import Head
from derive.symbols import Index, Local, Partial, Scalar
from verify.equality import vanishes
from verify.equality.polynomial import canonical
from verify.equality.reading import Terms


class Wrong(Exception):
    """Why a step does not hold."""


def compare(left: Terms, right: Terms, message: str) -> None:
    minus = [(-c, factors, bound) for c, factors, bound in canonical(right).raw()]
    if not vanishes(canonical([*left, *minus])):
        raise Wrong(message)


def defined(lhs: Expr) -> Expr:
    """The array or number that an entry belongs to."""
    return lhs.base if isinstance(lhs, Indexed) else lhs


def indices(entry: Expr) -> tuple[Any, ...]:
    return tuple(entry.indices) if isinstance(entry, Indexed) else ()


def well_formed(expression: Expr) -> None:
    """∂U/∂V is spoken of for entries and numbers that have a name, and for nothing else."""
    if isinstance(expression, Partial | Local):
        if not all(isinstance(part, Indexed | Scalar) for part in expression.args):
            raise Wrong(f"{expression} is not the derivative of a name by a name")
    elif not isinstance(expression, Indexed):
        for part in expression.args:
            well_formed(part)


def distinct(indices: Sequence[Any]) -> None:
    """A claim for every entry has letters for indices, each its own."""
    if len(set(indices)) != len(indices) or not all(isinstance(index, Index) for index in indices):
        raise Wrong("the indices must be letters, each its own")


def below(one: Head, other: Head) -> bool:
    """Whether `other` is the derivative of `one` by its first argument."""
    return one.row is other.row and one.order + 1 == other.order and one.args == other.args
