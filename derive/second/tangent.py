r"""What moves when the parameters move: for every quantity X its tangent R{X} = dX/dt at θ + tV, t = 0.

Direction(W)                 V, the direction itself: R{W}
Tangent(z)                   R{z}, of the spaces of z
Tangent(Adjoint(E, W))       R{∂E/∂W}: the part of (∇²E) V that belongs to W
Hessian(E, z, z)             ∂²E/∂z_i∂z_j

Pearlmutter 1994, Fast Exact Multiplication by the Hessian, sec. 3; Bishop 2006, 5.4.6: V = R{w}, and R{·} obeys the
rules of any derivative.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Indexed

from derive.named import Adjoint
from derive.symbols import Array, Partial, Scalar

Quantity = Array | Scalar


class _Moved(Array):
    """An array of the spaces of another: `array` is what moves."""

    array: Array

    @classmethod
    def _of(cls, mark: str, array: Array) -> Any:
        found = cls._made(f"{mark}{array.name}", f"{mark}{array.role}", array.layer, array.spaces)
        found.array = array
        return found

    def _hashable_content(self) -> tuple[Any, ...]:
        return (str(self._name), self.array)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.array,), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.array,)


class Direction(_Moved):
    """V_X: how X itself moves, which nothing determines."""

    def __new__(cls, array: Array) -> Direction:
        found: Direction = cls._of("V", array)
        return found


class Tangent(_Moved):
    """R{X}: how a computed X moves, which its equation determines."""

    def __new__(cls, array: Array) -> Tangent:
        found: Tangent = cls._of("R", array)
        return found


class _MovedNumber(Scalar):
    """The same for a number; `of` is the number, or the derivative by a number, that moves."""

    __slots__ = ("of",)
    of: Expr
    mark = ""

    def __new__(cls, of: Expr) -> Any:
        name = of.name if isinstance(of, Scalar) else f"∂{of.numerator.name}/∂{of.denominator.name}"
        found = Scalar.__new__(cls, f"{cls.mark}{name}", f"{cls.__name__} of {getattr(of, 'role', 'gradient')}")
        found.of = of
        return found

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.of,), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.of,)


class DirectionNumber(_MovedNumber):
    """How a number itself moves."""

    mark = "V"


class TangentNumber(_MovedNumber):
    """How a computed number moves."""

    mark = "R"


class Hessian(Array):
    """∂²E/∂X_p∂Y_q as one array: the axes of X, then those of Y."""

    target: Scalar
    by: tuple[Array, Array]

    def __new__(cls, target: Scalar, first: Array, second: Array) -> Hessian:
        name = f"∂²{target.name}/∂{first.name}∂{second.name}"
        found: Hessian = cls._made(name, name, first.layer, (*first.spaces, *second.spaces))
        found.target, found.by = target, (first, second)
        return found

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.target, *self.by)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.target, *self.by), {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Hessian, (self.target, *self.by)


MOVED = (_Moved, _MovedNumber)


def direction(of: Quantity) -> Quantity:
    """V of an array or a number."""
    return Direction(of) if isinstance(of, Array) else DirectionNumber(of)


def tangent(of: Quantity) -> Quantity:
    """R{X} of an array or a number."""
    return Tangent(of) if isinstance(of, Array) else TangentNumber(of)


def of_gradient(gradient: Partial) -> Quantity:
    """R{∂E/∂X} of the array or the number X by which ∂E/∂X_p is taken."""
    by = gradient.denominator
    return Tangent(Adjoint(gradient.numerator, by.base)) if isinstance(by, Indexed) else TangentNumber(gradient)
