"""A program: an ordered list of equations, each defining an array or a number by the ones before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Indexed

from derive.equation import Equation, EquationError
from derive.functions import Head, Symbols, Unknown, head, kind
from derive.named import Adjoint, Inverse, Named, Slope
from derive.symbols import Array, Index, Scalar, Space, Width


def _check_entry(lhs: Expr) -> None:
    """A definition is about a number, or about every entry of an array: its indices are letters, each its own."""
    if isinstance(lhs, Scalar):
        return
    letters = isinstance(lhs, Indexed) and all(isinstance(index, Index) for index in lhs.indices)
    if letters and isinstance(lhs.base, Inverse | Slope | Adjoint):
        raise EquationError(f"{lhs.base.name} has a meaning of its own and cannot be defined")
    if not letters or len(set(lhs.indices)) != len(lhs.indices):
        raise EquationError(f"{lhs} is neither a number nor every entry of an array")


@dataclass(frozen=True)
class Program:
    """`definitions` in order, the last of which defines the scalar `target`; `wrt` are what to differentiate by.

    `functions` define the activations that occur (σ(u) = 1/(1 + e^(−u))); `facts` hold by definition (Σ_k y_k = 1);
    `sizes` are the widths that are known.
    Raises `EquationError` where something is defined twice or used before it is defined, where a left side is not an
    entry for every index, a function speaks of an array, or the last definition is not a number.
    """

    definitions: tuple[Equation, ...]
    wrt: tuple[Array | Scalar, ...]
    functions: tuple[Equation, ...] = ()
    facts: tuple[Equation, ...] = ()
    titles: dict[Array, str] = field(default_factory=dict, hash=False, compare=False)
    sizes: Mapping[Expr, int] = field(default_factory=dict, hash=False)

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
        """The equations that an array or a number feeds, first to last."""
        found: dict[Expr, list[Equation]] = {}
        for equation in self.definitions:
            for variable in sorted(equation.rhs.atoms(Array, Scalar), key=str):
                found.setdefault(variable, []).append(equation)
        return {variable: tuple(equations) for variable, equations in found.items()}

    @cached_property
    def active(self) -> frozenset[Expr]:
        """The arrays and numbers through which a change of a `wrt` array reaches the target."""
        reached: set[Expr] = set(self.wrt)
        for equation in self.definitions:
            if reached & equation.rhs.atoms(Array, Scalar):
                reached.add(self.symbol(equation.lhs))
        needed: set[Expr] = {self.target}
        for equation in reversed(self.definitions):
            if self.symbol(equation.lhs) in needed:
                needed |= equation.rhs.atoms(Array, Scalar)
        return frozenset(reached & needed)

    @cached_property
    def order(self) -> tuple[Array | Scalar, ...]:
        """The active arrays and numbers, each after every array that it feeds: the order of reverse accumulation."""
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

    def entry(self, array: Array | Scalar) -> Expr:
        """The entry that derivatives of the array speak of: row j, column k; in the letters of the text if it has any.

        A number is itself.
        """
        if isinstance(array, Scalar):
            return array
        if not isinstance(array, Named):
            return array[tuple(Index(letter, space) for letter, space in zip("jk", array.spaces, strict=False))]
        letters = [space.letter for space in array.spaces]
        if all(letters) and len(set(letters)) == len(letters):
            return array[tuple(Index(letter, space) for letter, space in zip(letters, array.spaces, strict=True))]
        written = (one for one in self._entries if one.base == array and len(set(one.indices)) == len(one.indices))
        first = next((one for one in written if all(isinstance(index, Index) for index in one.indices)), None)
        return first or array[tuple(Index(letter, space) for letter, space in zip(_ROWS, array.spaces, strict=False))]

    @cached_property
    def _entries(self) -> tuple[Indexed, ...]:
        """Every entry in the definitions, left sides first."""
        lefts = [one.lhs for one in self.definitions if isinstance(one.lhs, Indexed)]
        return (*lefts, *(one for equation in self.definitions for one in _written(equation.rhs)))

    @cached_property
    def variables(self) -> dict[str, Array | Scalar]:
        """Every array and number of the definitions by its letter, in the order in which they occur."""
        found: dict[str, Array | Scalar] = {}
        for equation in self.definitions:
            for side in (equation.rhs, equation.lhs):
                for one in sorted(side.atoms(Array, Scalar), key=str):
                    if not isinstance(one, Inverse) and getattr(one, "role", "") != "argument":
                        found.setdefault(one.name, one)
        return found

    @property
    def inputs(self) -> tuple[Array | Scalar, ...]:
        """The arrays and numbers that no equation defines."""
        return tuple(one for one in self.variables.values() if one not in self.by_symbol)

    @property
    def spaces(self) -> tuple[Space, ...]:
        """Every space of an axis, in the order in which they occur."""
        arrays = (one for one in self.variables.values() if isinstance(one, Array))
        return tuple(dict.fromkeys(space for array in arrays for space in array.spaces))

    def by(self, *letters: str) -> Program:
        """The same program, to be differentiated by these letters; `EquationError` names one that does not occur."""
        for letter in letters:
            if letter not in self.variables:
                raise EquationError(f"{letter} does not occur; there are {', '.join(self.variables)}")
        return replace(self, wrt=tuple(self.variables[letter] for letter in letters))


_ROWS = "ijklmnpqrstuv"


def _written(expression: Expr) -> Iterator[Indexed]:
    """The entries in an expression, in an order that does not depend on SymPy's hashes."""
    if isinstance(expression, Indexed):
        yield expression
        return
    for part in sorted(expression.args, key=str):
        yield from _written(part)


def program(
    definitions: Iterable[Equation],
    wrt: Iterable[str] = (),
    facts: Iterable[Equation] = (),
    functions: Iterable[Equation] = (),
    sizes: Mapping[str, int] | None = None,
) -> Program:
    r"""A program from definitions in order; `wrt` are letters, all inputs where none is given.

    The definitions of known activations that occur (`head("sigmoid")`) are added by themselves; `functions` are those
    of the text, such as φ(u) = u².  `sizes` gives numbers for the names of widths.

    Raises `EquationError` where something is wrong with a definition, or a letter of `wrt` does not occur.
    """
    listed, own = tuple(definitions), tuple(functions)
    if not listed:
        raise EquationError("a program needs at least one definition")
    widths = {Width(name): size for name, size in (sizes or {}).items()}
    whole = Program(listed, (), (*_known(listed, own), *own), tuple(facts), sizes=widths)
    letters = tuple(wrt) or tuple(one.name for one in whole.inputs)
    return whole.by(*letters)


def _known(definitions: tuple[Equation, ...], own: tuple[Equation, ...]) -> list[Equation]:
    """σ(u) = … for every activation of the table that occurs and that the text does not define itself."""
    u = Scalar("u", "argument")
    used = [one for equation in (*definitions, *own) for one in sorted(equation.rhs.atoms(Head), key=str)]
    found = {kind(one): one for one in used if not isinstance(one, Unknown)}
    defined = {kind(one.lhs) for one in own}
    return [
        Equation(head(one.row.name)(u, *one.args[1:]), one.row.forward(Symbols, u, *one.args[1:]))
        for key, one in found.items()
        if key not in defined
    ]
