r"""Second derivatives as boxes: \mathcal{R}\{z^2_j\}, the direction v or V in the place of what moves, ∂²E/∂z_j∂z_k.

The letters are Pearlmutter's (1994, sec. 3): what is moved by θ + tV moves by \mathcal{R}\{·\}, and θ itself by V.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr

from derive.formula.names import Names, letter
from derive.formula.pieces import PARTIAL, Level, Piece, number
from derive.formula.writing import piece
from derive.layout import Box, Fence, Fraction, Row, Scripts
from derive.linear import Gradient
from derive.named import Adjoint
from derive.second.tangent import Direction, DirectionNumber, Hessian, Tangent, TangentNumber
from derive.symbols import Array, Partial, Scalar

Second = Direction | Tangent | Hessian
SECOND = (Direction, Tangent, Hessian)
_OPERATOR = r"\mathcal{R}"


def second(array: Second, indices: Sequence[Expr] | None, names: Names) -> Piece:
    """An entry of an array of second derivatives, or the whole array where there are no indices."""
    if isinstance(array, Direction):
        return names.direction(array.array, indices)
    if isinstance(array, Hessian):
        return _hessian(array, indices, names)
    return _moved(_inner(array.array, indices, names))


def _inner(array: Array, indices: Sequence[Expr] | None, names: Names) -> Piece:
    """What stands in the braces: an entry, or ∂E/∂(an entry)."""
    if isinstance(array, Adjoint):
        if indices is None:
            return piece(Gradient(array.numerator, array.array), names)
        return piece(Partial(array.numerator, array.array[tuple(indices)]), names)
    return names.whole(array) if indices is None else names.entry(array, indices)


def _moved(inner: Piece) -> Piece:
    return Piece(Row((letter(_OPERATOR), Fence(inner.box, "{", "}")), tight=True), Level.FACTOR)


def _hessian(array: Hessian, indices: Sequence[Expr] | None, names: Names) -> Piece:
    """∂²E/∂z_j∂z_k; of whole vectors ∂²E/∂z∂zᵀ."""
    first, other = array.by
    count = len(first.spaces)
    if indices is None:
        above = names.whole(other).at(Level.LETTER)
        below = [names.whole(first).at(Level.FACTOR), Scripts(above, sup=letter(names.notation.transpose))]
    else:
        parts = ((first, indices[:count]), (other, indices[count:]))
        below = [names.entry(one, at).at(Level.FACTOR) for one, at in parts]
    two = Scripts(PARTIAL, sup=number(2))
    over = Row((two, piece(array.target, names).at(Level.FACTOR)), tight=True)
    under: list[Box] = [part for one in below for part in (PARTIAL, one)]
    return Piece(Fraction(over, Row(tuple(under), tight=True)), Level.FACTOR)


def second_number(scalar: Scalar, names: Names) -> Piece | None:
    """How a number moves; None for a number that is no such thing."""
    if isinstance(scalar, DirectionNumber):
        return names.direction_of(scalar.of)
    if isinstance(scalar, TangentNumber):
        return _moved(piece(scalar.of, names))
    return None
