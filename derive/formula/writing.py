"""`piece`: the one function that writes a thing; each kind of thing registers its own way with it."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from sympy import Expr

from derive.formula.names import Names
from derive.formula.pieces import EQUALS, Level, Piece
from derive.layout import Row
from derive.symbols import Array


class Unprintable(TypeError):
    """No way to write this kind of thing is known."""


class Whole(Expr):
    """A matrix that stands where an entry of it stood."""

    is_commutative = True
    is_real = True
    is_extended_real = True

    def __new__(cls, matrix: Expr) -> Whole:
        return Expr.__new__(cls, matrix)

    @property
    def letters(self) -> list[Array]:
        """The arrays in it."""
        return sorted(self.args[0].atoms(Array), key=str)


@singledispatch
def piece(thing: Any, names: Names) -> Piece:
    """The box of a thing, and how tightly it binds.  Raises `Unprintable` for a kind that no function is made for."""
    raise Unprintable(f"cannot write a {type(thing).__name__}: {thing}")


def equal(left: Piece, right: Piece) -> Piece:
    """left = right."""
    return Piece(Row((left.box, EQUALS, right.box)), Level.EQUATION)
