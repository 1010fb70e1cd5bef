r"""The letters of a program that is no network: arrays called as in LaTeX, and what whole arrays determine.

    Named(r"\hat{x}", (rows, columns))     an array of any number of axes
    Opaque("L", Y)                          a number that depends on every entry of Y, nobody knows how
    Slope(Opaque("L", Y), 0)                ∂L/∂Y, an array of the space of Y: the upstream gradient
    Adjoint(L, S)                           ∂L/∂S, named because it is used again
    Inverse(A), LogDet(A), Det(A)           A⁻¹ (Σ_k A_ik A⁻¹_kj = δ_ij), log |det A|, det A

Petersen, Pedersen 2012, The Matrix Cookbook, eqs. 43, 46, 59: ∂det A = det A tr(A⁻¹∂A), ∂log det A = tr(A⁻¹∂A),
∂A⁻¹ = −A⁻¹ ∂A A⁻¹.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Symbol
from sympy.core.symbol import Str

from derive.symbols import Array, Scalar, Space

NUMBER = "number"


def number(letter: str) -> Scalar:
    r"""A real number of a program, called by its LaTeX letter: `number(r"\mu")`."""
    return Scalar(letter, NUMBER)


class Named(Array):
    r"""An array called by its LaTeX letter, such as `Q`, `W_1` or `\hat{x}`, with one space an axis."""

    def __new__(cls, letter: str, spaces: tuple[Space, ...]) -> Named:
        if not spaces:
            raise ValueError(f"{letter} has no axis; what has none is a number: number({letter!r})")
        return cls._made(letter, letter, 0, spaces)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.role, self.spaces), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Named, (self.role, self.spaces)


class Opaque(Expr):
    """A number that depends on whole arrays in a way that is not known: L = L(Y)."""

    is_commutative = True
    is_real = True
    is_extended_real = True

    def __new__(cls, name: str | Str, *arrays: Array) -> Opaque:
        if not arrays or not all(isinstance(one, Array) for one in arrays):
            raise TypeError(f"{name} depends on whole arrays, not on {', '.join(map(str, arrays)) or 'nothing'}")
        return Expr.__new__(cls, Str(str(name)), *arrays)

    @property
    def name(self) -> str:
        """Its LaTeX letter."""
        return str(self.args[0])

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The arrays that it depends on."""
        return self.args[1:]

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}({', '.join(one.name for one in self.arrays)})"


class _Gradient(Array):
    """An array that holds the derivative of a number by each entry of another array, and has its spaces."""

    numerator: Expr
    array: Array

    @classmethod
    def _gradient(cls, numerator: Expr, array: Array) -> Any:
        above = numerator.name if isinstance(numerator, Opaque | Scalar) else str(numerator)
        found = cls._made(f"∂{above}/∂{array.name}", "gradient", 0, array.spaces)
        found.numerator, found.array = numerator, array
        return found

    def _hashable_content(self) -> tuple[Any, ...]:
        return (str(self._name), self.numerator, self.array, *self.spaces)


class Adjoint(_Gradient):
    """∂target/∂array as an array: the name of a derivative that is used again."""

    def __new__(cls, target: Scalar, array: Array) -> Adjoint:
        return cls._gradient(target, array)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.numerator, self.array), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Adjoint, (self.numerator, self.array)


class Slope(_Gradient):
    """The derivative of an opaque number by one of its arrays, all others held fixed."""

    place: int

    def __new__(cls, opaque: Opaque, place: int) -> Slope:
        found: Slope = cls._gradient(opaque, opaque.arrays[place])
        found.place = place
        return found

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.place)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.numerator, self.place), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Slope, (self.numerator, self.place)


def _square(array: Array, what: str) -> None:
    if len(array.spaces) != 2 or array.spaces[0].size != array.spaces[1].size:
        raise ValueError(f"{array.name} has no {what}: it is not a square matrix")


class Inverse(Array):
    """A⁻¹ of a square matrix: rows over the columns of A."""

    array: Array

    def __new__(cls, array: Array) -> Inverse:
        _square(array, "inverse")
        found: Inverse = cls._made(f"{array.name}⁻¹", "inverse", 0, array.spaces[::-1], array)
        found.array = array
        return found

    @property
    def label(self) -> Symbol:
        """Its name, as SymPy prints it."""
        return Symbol(self.name, real=True)

    def _hashable_content(self) -> tuple[Any, ...]:
        return ("inverse", self.array)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.array,), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Inverse, (self.array,)


class _OfMatrix(Expr):
    """A number that a square matrix determines."""

    is_commutative = True
    is_real = True
    is_extended_real = True
    label = ""

    def __new__(cls, array: Array) -> Any:
        _square(array, "determinant")
        return Expr.__new__(cls, array)

    @property
    def array(self) -> Array:
        """The matrix."""
        return self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return f"{self.label}({self.array.name})"


class LogDet(_OfMatrix):
    """log |det A|."""

    label = "logdet"


class Det(_OfMatrix):
    """det A."""

    label = "det"
