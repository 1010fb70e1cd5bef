r"""Arrays over axes whose lengths are not known yet, with the algebra of matrices.

The axes of a value are known, and joined, when it is made; its entries are made when all axes are known.  A vector is
a column, (a, ONE); a number has no axes.  `entry` takes one index for each axis and gives an expression of SymPy in
index notation; the index of an axis of length 1 is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from sympy import Expr, Integer, KroneckerDelta, Sum, sqrt

from derive.symbols import Array, Index, total
from verify.programs.axes import ONE, Axes, Axis, Unjoined

At = tuple[Expr, ...]
Entry = Callable[[At], Expr]
_NUMBERS = count()
_POOL = tuple("ijklmnpqrstuvabc")


class Unfit(Exception):
    """Two arrays do not fit; the message is one sentence."""


@dataclass(frozen=True)
class Value:
    """An array.  `array` gives the array of `derive` where the value is nothing but this array."""

    axes: tuple[Axis, ...]
    entry: Entry
    array: Callable[[], Array] | None = None

    @property
    def number(self) -> bool:
        """Whether this is one number."""
        return all(axis == ONE for axis in self.axes)

    @property
    def column(self) -> bool:
        """Whether this is a column of more than one entry."""
        return len(self.axes) == 2 and self.axes[1] == ONE and not self.number

    @property
    def only(self) -> Expr:
        """The one number."""
        return self.entry(tuple(Integer(1) for _ in self.axes))

    @property
    def long(self) -> tuple[Axis, ...]:
        """The axes that are not of length 1."""
        return tuple(axis for axis in self.axes if axis != ONE)


def constant(expression: Expr | int) -> Value:
    """A number that is known at once."""
    return Value((), lambda at: Integer(expression) if isinstance(expression, int) else expression)


def late(make: Callable[[], Expr]) -> Value:
    """A number that is known once all axes are."""
    return Value((), lambda at: make())


class Algebra:
    """The algebra over some axes; `avoided` are letters that no sum may take, those of the left side."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        self.avoided: frozenset[str] = frozenset()

    # --- sums ---

    def summed(self, axis: Axis, term: Callable[[Expr], Expr], letter: str = "") -> Expr:
        """Σ over an axis, with a letter that is free in nothing that stands within; `letter` is that of the text."""
        if self.axes.root(axis) == ONE:
            return term(Integer(1))
        space = self.axes.space(axis)
        running = Index(f"{letter or space.letter}…{next(_NUMBERS)}", space)
        body = term(running)
        named = Index(self._letter(body, running, letter or space.letter), space)
        return _over(body.xreplace({running: named}), named)

    def _letter(self, body: Expr, running: Index, wanted: str) -> str:
        taken = {one.name for one in body.atoms(Index) if one != running} | self.avoided
        return next(one for one in (wanted, *_POOL, *(f"{wanted}_{n}" for n in range(1, 99))) if one not in taken)

    # --- entry by entry ---

    def each(self, function: Callable[..., Expr], *values: Value, what: str = "an operation entry by entry") -> Value:
        """A function of the entries of arrays of one shape; numbers stand for every entry."""
        arrays = [one for one in values if not one.number]
        if not arrays:
            return Value((), lambda at: function(*(one.only for one in values)))
        for other in arrays[1:]:
            self.join(arrays[0], other, what)
        return Value(
            arrays[0].axes, lambda at: function(*(one.only if one.number else one.entry(at) for one in values))
        )

    def join(self, one: Value, other: Value, what: str) -> None:
        """Two arrays have one shape.  Raises `Unfit` where they cannot."""
        if len(one.axes) != len(other.axes):
            raise Unfit(f"{self.shape(one)} and {self.shape(other)} do not fit in {what}")
        try:
            for a, b in zip(one.axes, other.axes, strict=True):
                self.axes.join(a, b)
        except Unjoined:
            raise Unfit(f"{self.shape(one)} and {self.shape(other)} do not fit in {what}") from None

    def plus(self, one: Value, other: Value) -> Value:
        """A sum; a number is added to every entry."""
        return self.each(lambda u, v: u + v, one, other, what="a sum")

    def hadamard(self, one: Value, other: Value) -> Value:
        """A product entry by entry."""
        return self.each(lambda u, v: u * v, one, other, what="an entrywise product")

    def over(self, one: Value, other: Value) -> Value:
        """A quotient entry by entry."""
        return self.each(lambda u, v: u / v, one, other, what="an entrywise quotient")

    def shape(self, value: Value) -> str:
        """The shape in a message: n×1."""
        return "×".join(self.axes.text(axis) for axis in value.axes) or "a number"

    # --- matrices ---

    def times(self, one: Value, other: Value) -> Value:
        """The product of matrices, or of a number with an array."""
        if not one.axes or not other.axes:
            return self.hadamard(one, other)
        if len(one.axes) == 2 == len(other.axes):
            try:
                self.axes.join(one.axes[1], other.axes[0])
            except Unjoined:
                if one.number or other.number:
                    return self.hadamard(one, other)
                raise Unfit(f"{self.shape(one)} and {self.shape(other)} do not fit in a matrix product") from None
            inner = one.axes[1]
            return Value(
                (one.axes[0], other.axes[1]),
                lambda at: self.summed(inner, lambda k: _product(one.entry((at[0], k)), other.entry((k, at[1])))),
            )
        raise Unfit(f"{self.shape(one)} and {self.shape(other)} do not fit in a matrix product")

    def dot(self, one: Value, other: Value) -> Value:
        r"""a \cdot b: the inner product of two columns, else the product."""
        return self.inner(one, other) if one.column and other.column else self.times(one, other)

    def outer(self, one: Value, other: Value) -> Value:
        """a bᵀ of two vectors."""
        a, b = self.flat(one), self.flat(other)
        return Value((a.axes[0], b.axes[0]), lambda at: a.entry((at[0],)) * b.entry((at[1],)))

    def inner(self, one: Value, other: Value) -> Value:
        """Σ of the products of all entries of two arrays of one shape."""
        return self.all(self.hadamard(one, other))

    def all(self, value: Value) -> Value:
        """The sum of all entries."""
        return late(lambda: self._all(value, value.axes, ()))

    def _all(self, value: Value, left: tuple[Axis, ...], at: At) -> Expr:
        if not left:
            return value.entry(at)
        return self.summed(left[0], lambda k: self._all(value, left[1:], (*at, k)))

    def flat(self, value: Value) -> Value:
        """A vector with one axis only."""
        if len(value.axes) != 2 or ONE not in value.axes:
            raise Unfit(f"a vector is needed here, not {self.shape(value)}")
        first = value.axes[1] == ONE
        axis = value.axes[0 if first else 1]
        return Value((axis,), lambda at: value.entry((at[0], Integer(1)) if first else (Integer(1), at[0])))

    def transposed(self, value: Value) -> Value:
        """Aᵀ; a number is its own."""
        if not value.axes:
            return value
        if len(value.axes) != 2:
            raise Unfit(f"an array with {len(value.axes)} axes has no transpose")
        return Value(value.axes[::-1], lambda at: value.entry(at[::-1]))

    def square(self, value: Value, what: str) -> None:
        """Joins the axes of a square matrix."""
        if len(value.axes) != 2:
            raise Unfit(f"{what} is of a square matrix, not of {self.shape(value)}")
        try:
            self.axes.join(*value.axes)
        except Unjoined:
            raise Unfit(f"{what} is of a square matrix, not of {self.shape(value)}") from None

    def trace(self, value: Value) -> Value:
        """The sum of the diagonal."""
        if value.number:
            return value
        self.square(value, "a trace")
        return late(lambda: self.summed(value.axes[0], lambda k: value.entry((k, k))))

    def diagonal(self, value: Value) -> Value:
        """diag of a vector, a matrix; of a matrix, its diagonal as a column."""
        if len(value.axes) == 2 and ONE in value.axes:
            flat = self.flat(value)
            return Value((flat.axes[0],) * 2, lambda at: KroneckerDelta(*at) * flat.entry((at[0],)))
        self.square(value, "a diagonal")
        return Value((value.axes[0], ONE), lambda at: value.entry((at[0], at[0])))

    def norm(self, value: Value, p: int = 2) -> Value:
        """The root of the sum of squares, or the sum of the moduli."""
        whole = self.all(self.each((lambda u: u**2) if p == 2 else abs, value))
        return late(lambda: sqrt(whole.only)) if p == 2 else whole

    def identity(self, axis: Axis) -> Value:
        """I."""
        return Value((axis, axis), lambda at: KroneckerDelta(*at))


def _over(body: Expr, index: Index) -> Expr:
    """Σ of a body over an index; a sum of a sum is one over both, in the order of their letters."""
    if not isinstance(body, Sum):
        return total(body, index)
    indices = sorted((index, *(limit[0] for limit in body.limits)), key=lambda one: one.name)
    return total(body.function, *indices)


def _product(one: Expr, other: Expr) -> Expr:
    """Σ_i x_i A_ij · x_j as one sum, where no letter would mean two things."""
    for inner, outer in ((one, other), (other, one)):
        if isinstance(inner, Sum) and not isinstance(outer, Sum):
            names = {limit[0].name for limit in inner.limits}
            if not names & {index.name for index in outer.atoms(Index)}:
                return Sum(inner.function * outer, *inner.limits)
    return one * other


__all__ = ["Algebra", "Entry", "Unfit", "Value", "constant", "late"]
