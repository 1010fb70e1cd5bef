"""A program: an ordered list of equations, each defining an array or a number by the ones before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr, Indexed

from derive.equation import Equation, EquationError
from derive.symbols import Array, Index, Scalar


def _check_entry(lhs: Expr) -> None:
    """A definition is about a number, or about every entry of an array: its indices are letters, each its own."""
    if isinstance(lhs, Scalar):
        return
    letters = isinstance(lhs, Indexed) and all(isinstance(index, Index) for index in lhs.indices)
    if not letters or len(set(lhs.indices)) != len(lhs.indices):
        raise EquationError(f"{lhs} is neither a number nor every entry of an array")


@dataclass(frozen=True)
class Program:
    """`definitions` in order, the last of which defines the scalar `target`; `wrt` are the arrays to differentiate by.

    `functions` define the activations that occur (σ(u) = 1/(1 + e^(−u))); `facts` hold by definition (Σ_k y_k = 1).
    Raises `EquationError` where something is defined twice or used before it is defined, where a left side is not an
    entry for every index, a function speaks of an array, or the last definition is not a number.
    """

    definitions: tuple[Equation, ...]
    wrt: tuple[Array, ...]
    functions: tuple[Equation, ...] = ()
    facts: tuple[Equation, ...] = ()
    titles: dict[Array, str] = field(default_factory=dict, hash=False, compare=False)

    def __post_init__(self) -> None:
        defined = [self.symbol(equation.lhs) for equation in self.definitions]
        twice = {str(symbol) for symbol in defined if defined.count(symbol) > 1}
        if twice:
            raise EquationError(f"defined twice: {', '.join(sorted(twice))}")
        for equation in self.definitions:
            _check_entry(equation.lhs)
        for place, equation in enumerate(self.definitions):
            early = equation.rhs.atoms(Array, Scalar) & set(defined[place:])
            if early:
                raise EquationError(f"{equation} uses {', '.join(map(str, early))} before it is defined")
        for function in self.functions:
            if function.rhs.atoms(Array):
                raise EquationError(f"the function {function} speaks of an array")
        if not isinstance(self.definitions[-1].lhs, Scalar):
            raise EquationError(f"the last definition, {self.definitions[-1]}, does not define a number")

    @staticmethod
    def symbol(lhs: Expr) -> Expr:
        """The array or number that a left side defines."""
        return lhs.base if isinstance(lhs, Indexed) else lhs

    @property
    def target(self) -> Scalar:
        """The number whose derivatives are wanted."""
        return self.definitions[-1].lhs

    @cached_property
    def by_symbol(self) -> dict[Expr, Equation]:
        """The equation that defines each array and number."""
        return {self.symbol(equation.lhs): equation for equation in self.definitions}

    @cached_property
    def consumers(self) -> dict[Expr, tuple[Equation, ...]]:
        """The equations that an array feeds, first to last."""
        found: dict[Expr, list[Equation]] = {}
        for equation in self.definitions:
            for array in sorted(equation.rhs.atoms(Array), key=str):
                found.setdefault(array, []).append(equation)
        return {array: tuple(equations) for array, equations in found.items()}

    @cached_property
    def active(self) -> frozenset[Expr]:
        """The arrays through which a change of a `wrt` array reaches the target."""
        reached: set[Expr] = set(self.wrt)
        for equation in self.definitions:
            if reached & equation.rhs.atoms(Array):
                reached.add(self.symbol(equation.lhs))
        needed: set[Expr] = {self.target}
        for equation in reversed(self.definitions):
            if self.symbol(equation.lhs) in needed:
                needed |= equation.rhs.atoms(Array)
        return frozenset(reached & needed)

    @cached_property
    def order(self) -> tuple[Array, ...]:
        """The active arrays, each after every array that it feeds: the order of reverse accumulation."""
        number = {equation: number for number, equation in enumerate(self.definitions)}
        roles = ("W", "b")
        fed = [array for array in self.active if array in self.consumers]
        return tuple(
            sorted(
                fed,
                key=lambda one: (
                    -number[self.consumers[one][0]],
                    roles.index(one.role) if one.role in roles else len(roles),
                    one.name,
                ),
            )
        )

    def entry(self, array: Array) -> Indexed:
        """The entry that derivatives of the array speak of: row j, column k."""
        return array[tuple(Index(letter, space) for letter, space in zip("jk", array.spaces, strict=False))]
