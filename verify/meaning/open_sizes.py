r"""Sizes that nothing has told yet: \mathbf{1}, I and e_k are as long as what they meet, and no shorter than they need.

An axis is a number or an `Open` size.  Where two arrays meet, their axes become one: an open size takes the number of
the other, once and for all, and so does every axis that shares it, as the two of I do.
"""

from __future__ import annotations

from collections.abc import Iterable

LENGTH = 3
"""How many entries of arrays are compared of which nothing tells how many there are."""


class Limit(ArithmeticError):
    """Something that has a value which is not computed here: a large determinant, an array of an open size."""


class Beyond(Exception):
    """Entry `number` of an axis that turned out to have only `size` entries."""

    def __init__(self, number: int, size: int) -> None:
        super().__init__(f"there is no entry {number} among {size}")


class Open:
    """A size with at least so many entries, 5 for e_5; `become` is what it turned out to be."""

    __slots__ = ("become", "least")

    def __init__(self, least: int = 0) -> None:
        self.least = least
        self.become: Axis | None = None


class Turning(Open):
    """An axis of a list (a, b, c), a column or a row as it is needed: one of its axes is `length`, the `other` is 1."""

    __slots__ = ("length", "other")

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        self.other: Turning = self


Axis = int | Open
Shape = tuple[int | None, ...]


class Sized(tuple[int | None, ...]):
    """A shape in which None stands for a size that is open, with the axes behind it.

    `zero` is None but where a number stands for a 1 × 1 array: it says whether that number is 0.
    """

    axes: tuple[Axis, ...]
    zero: bool | None

    @classmethod
    def of(cls, axes: Iterable[Axis], zero: bool | None = None) -> Sized:
        """The shape of these axes."""
        now = tuple(map(settled, axes))
        found = cls(one if isinstance(one, int) else None for one in _upright(now))
        found.axes, found.zero = now, zero
        return found


def axes_of(shape: Shape | tuple[Axis, ...]) -> tuple[Axis, ...]:
    """The axes behind a shape; each None of a bare one is open on its own, and a list is a column."""
    if isinstance(shape, Sized):
        return _upright(tuple(map(settled, shape.axes)))
    return tuple(Open() if one is None else one for one in shape)


def list_axes(length: int) -> tuple[Axis, Axis]:
    """The axes of a list of numbers, at least two."""
    one, other = Turning(length), Turning(length)
    one.other, other.other = other, one
    return one, other


def _upright(axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """The axes of a list that nothing has turned are those of a column; others are as they are."""
    first = axes[0] if axes else 1
    return (first.length, 1) if isinstance(first, Turning) else axes


def settled(axis: Axis) -> Axis:
    """The number that an axis has become, or the open size that stands for it."""
    while isinstance(axis, Open) and axis.become is not None:
        axis = axis.become
    return axis


def fits(one: Axis, other: Axis) -> bool:
    """Whether two axes may be one, as far as their numbers go."""
    a, b = settled(one), settled(other)
    if isinstance(a, Turning) and isinstance(b, Turning):
        return a.length == b.length and a.other is not b
    if isinstance(a, int) and isinstance(b, Turning):
        a, b = b, a
    if isinstance(a, Turning) and isinstance(b, int):
        return b in (1, a.length)
    return isinstance(a, Open) or isinstance(b, Open) or a == b


def met(one: Axis, other: Axis) -> Axis:
    """The axis that two become that fit.  Raises `Beyond` where an open size needs more entries than there are."""
    a, b = settled(one), settled(other)
    if (isinstance(b, Open) and not isinstance(a, Open)) or (isinstance(a, Turning) and not isinstance(b, int)):
        a, b = b, a
    if isinstance(a, Open) and a is not b:
        most = b.length if isinstance(b, Turning) else b
        if isinstance(most, Open):
            most.least = max(a.least, most.least)
        elif a.least > most:
            raise Beyond(a.least, most)
        a.become = b
        if isinstance(a, Turning) and isinstance(b, int):
            a.other.become = 1 if b == a.length else a.length
    return b


def joined(one: Iterable[Axis], other: Iterable[Axis]) -> tuple[Axis, ...] | None:
    """The axes that those of two arrays of one shape become; None where their numbers differ."""
    ours, theirs = tuple(one), tuple(other)
    if len(ours) != len(theirs) or not all(map(fits, ours, theirs)) or _lopsided(ours, theirs):
        return None
    for a, b in zip(ours, theirs, strict=True):
        met(a, b)
    return tuple(map(settled, ours)) if all(map(fits, ours, theirs)) else None  # I may have met what is not square


def _lopsided(ours: tuple[Axis, ...], theirs: tuple[Axis, ...]) -> bool:
    """Whether I meets a column or row whose length is open: it would be 1 × 1, which nobody means."""
    one, other = tuple(map(settled, ours)), tuple(map(settled, theirs))
    square = [axes for axes in (one, other) if len(axes) == 2 and isinstance(axes[0], Open) and axes[0] is axes[1]]
    line = [axes for axes in (one, other) if (1 in axes and any(isinstance(axis, Open) for axis in axes))
            or any(isinstance(axis, Turning) for axis in axes)]  # fmt: skip
    return bool(square and line)


def unified(a: Shape, b: Shape) -> Shape | None:
    """The shape in which the two sides of an equation are compared, or None; an open size takes that of the other.

    Sizes that are open on both sides are None in it, and stand for every size.  Raises `Limit` where such a claim would
    depend on the size: two sides with unit vectors that reach differently far, or an open array and a number.
    """
    numbers = [one.zero for one in (a, b) if isinstance(one, Sized) and one.zero is not None]
    ours, theirs = (one.axes if isinstance(one, Sized) else axes_of(one) for one in (a, b))
    if numbers:
        ours, theirs = _upright(ours), _upright(theirs)
    if numbers and any(isinstance(one, Open) for one in (*ours, *theirs)):
        return _beside_number(ours if any(isinstance(one, Open) for one in ours) else theirs, zero=numbers == [True])
    reaches = [[one.least for one in axes if isinstance(one, Open)] for axes in (ours, theirs)]
    try:
        found = joined(ours, theirs)
    except Beyond:
        return None
    if found is None:
        return None
    if reaches[0] != reaches[1] and any(isinstance(one, Open) and one.least > 1 for one in found):
        raise Limit("nothing tells the size of an array here")
    return tuple(_long(one) for one in _upright(found))


def _beside_number(axes: tuple[Axis, ...], *, zero: bool) -> Shape:
    """The shape in which an open array is compared with 0, which stands for every entry; with no other number."""
    if not zero or any(isinstance(one, Open) and one.least > 1 for one in axes):
        raise Limit("nothing tells the size of an array here")
    return tuple(_long(one) for one in axes)


def _long(axis: Axis) -> int | None:
    """So many entries that those of which no unit vector speaks are among them; None where none does."""
    if isinstance(axis, Open):
        return None if axis.least <= 1 else axis.least + LENGTH - 1
    return axis
