"""The letters of a derivation: indices that know their space, arrays that know their axes, and unevaluated derivatives.

Everything here is a SymPy object, so a result can be taken out and used with SymPy.  Every symbol of a derivation comes
from this file; an `Equation` refuses any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Indexed, IndexedBase, Integer, Mul, Sum, Symbol, Tuple


@dataclass(frozen=True)
class Space:
    """What an index runs over: the neurons 1 … size of one layer.  Spaces of the same size stay different."""

    name: str
    size: Expr
    # The letter that a text uses for an index of this space, compared too: SymPy keeps expressions and gives back equal
    # ones, which must not bring the letter of another text.
    letter: str = ""

    def __repr__(self) -> str:
        return f"{self.name}(1…{self.size})"

    # SymPy puts the factors of a product in order, and compares what two letters of one name consist of.
    def __lt__(self, other: Space) -> bool:
        return (self.name, str(self.size), self.letter) < (other.name, str(other.size), other.letter)

    def __gt__(self, other: Space) -> bool:
        return other < self


class Index(Symbol):
    """An integer symbol that carries its space: two indices are equal if their names *and* their spaces are."""

    __slots__ = ("space",)
    space: Space

    def __new__(cls, name: str, space: Space) -> Index:
        index = Symbol.__xnew__(cls, name, integer=True, positive=True)
        index.space = space
        return index

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.space)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.space), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Index, (self.name, self.space)


class Scalar(Symbol):
    """A real number with a role: the loss, a constant of an activation, the argument of a function's definition."""

    __slots__ = ("role",)
    role: str

    def __new__(cls, name: str, role: str = "constant") -> Scalar:
        scalar = Symbol.__xnew__(cls, name, real=True)
        scalar.role = role
        return scalar

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.role)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.role), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Scalar, (self.name, self.role)


class Width(Symbol):
    """The number of neurons of a layer, as a symbol: a positive integer."""

    __slots__ = ()

    def __new__(cls, name: str) -> Width:
        return Symbol.__xnew__(cls, name, integer=True, positive=True)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name,), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Width, (self.name,)


class Array(IndexedBase):
    """A named array of real numbers: its role (`W`, `b`, `z`, `a`, `y`, …), its layer, and one space an axis.

    Arrays of programs that are no networks are of the subclasses in `derive.named`.
    """

    role: str
    layer: int
    spaces: tuple[Space, ...]

    def __new__(cls, role: str, layer: int, spaces: tuple[Space, ...]) -> Array:
        return cls._made(role if role in ("x", "y") else f"{role}{layer}", role, layer, spaces)

    @classmethod
    def _made(cls, name: str, role: str, layer: int, spaces: tuple[Space, ...], *within: Expr) -> Any:
        """A new array; `within` are the arrays that it is made of, which SymPy then finds in it."""
        symbol = Symbol(name, real=True)
        array = Expr.__new__(cls, *(within or (symbol,)))
        array._name, array._shape, array._offset, array._strides = name, None, Integer(0), None
        array._assumptions = symbol._assumptions
        array.role, array.layer, array.spaces = role, layer, tuple(spaces)
        return array

    @property
    def name(self) -> str:
        """The name as SymPy prints it, such as `W2`."""
        return str(self._name)

    def _hashable_content(self) -> tuple[Any, ...]:
        return self.role, self.layer, self.spaces

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._hashable_content() == other._hashable_content()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self).__name__, *self._hashable_content()))

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.role, self.layer, self.spaces), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Array, (self.role, self.layer, self.spaces)

    @property
    def func(self) -> Any:
        """Rebuilds the array from `args`, as SymPy does with every node: a name is rebuilt as itself."""
        return lambda *args: self

    def doit(self, **hints: Any) -> Array:
        """Itself: a name is not evaluated."""
        return self

    def __getitem__(self, indices: Any) -> Indexed:
        chosen = indices if isinstance(indices, tuple) else (indices,)
        if len(chosen) != len(self.spaces):
            raise IndexError(f"{self.name} has {len(self.spaces)} axes, but {len(chosen)} indices were given")
        return Indexed(self, *chosen)


class _Ratio(Expr):
    """What `Partial` and `Local` share: an unevaluated ∂(numerator)/∂(denominator), real, compared by structure."""

    is_commutative = True
    is_real = True
    is_extended_real = True

    def __new__(cls, numerator: Expr, denominator: Expr) -> _Ratio:
        return Expr.__new__(cls, numerator, denominator)

    @property
    def numerator(self) -> Expr:
        return self.args[0]

    @property
    def denominator(self) -> Expr:
        return self.args[1]

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({printer.doprint(self.args[0])}, {printer.doprint(self.args[1])})"

    def _latex(self, printer: Any) -> str:
        return rf"\frac{{\partial {printer.doprint(self.args[0])}}}{{\partial {printer.doprint(self.args[1])}}}"

    def _eval_derivative(self, symbol: Expr) -> Expr:
        raise TypeError(f"{self} is a name for a derivative; differentiate the program that defines it instead")


class Partial(_Ratio):
    """∂numerator/∂denominator through every path: what a change of one entry does in the end."""


class Local(_Ratio):
    """∂numerator/∂denominator within the one equation that defines the numerator, all else held fixed."""

    @property
    def arrays(self) -> tuple[Any, Any]:
        """What it is of, and by, whatever the indices."""
        above, below = (getattr(side, "base", side) for side in self.args)
        return above, below


def total(body: Expr, *indices: Index) -> Expr:
    """Σ over the whole space of each index: `total(w[k, j] * d[k], k)`."""
    return Sum(body, *(Tuple(k, Integer(1), k.space.size) for k in indices)) if indices else body


def bound(expression: Sum) -> tuple[Index, ...]:
    """The indices that a sum binds."""
    return tuple(limit[0] for limit in expression.limits)


def free_indices(expression: Expr) -> frozenset[Index]:
    """The indices that an expression leaves free."""
    if isinstance(expression, Index):
        return frozenset((expression,))
    if isinstance(expression, Sum):
        return free_indices(expression.function) - frozenset(bound(expression))
    found: frozenset[Index] = frozenset()
    for part in expression.args:
        found |= free_indices(part)
    return found


def is_shifted(index: Any) -> bool:
    """Whether an index is a sum of indices and whole numbers, such as i + k − 1: a place on a longer axis."""
    if not isinstance(index, Add | Mul):
        return False
    coefficients = index.as_coefficients_dict()
    return all(isinstance(one, Index) or one == 1 for one in coefficients) and all(
        number.is_Integer for number in coefficients.values()
    )
