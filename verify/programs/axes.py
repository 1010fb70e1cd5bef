r"""Sizes that are not known yet: axes that must be of one length are joined (union–find), and named at the end.

    axes = Axes()
    a, b = axes.fresh(), axes.named("n")
    axes.join(a, b)              an axis of the length n
    axes.space(a)                Space("n", n, "i")

A class of axes has the size that somebody stated, a name or a number; what nobody named is called n, m, d, … in the
order in which it is met.  Two stated sizes never meet: n and m are different.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Expr, Integer

from derive.symbols import Space, Width

Axis = int
Size = int | str

ONE: Axis = 0
"""The axis of length 1: what makes a vector a column or a row."""

_SIZES = ("n", "m", "d", "p", "q", "r", "s", "h", "k", "l")
_LETTERS = tuple("ijklpqrstuvabc")


class Unjoined(Exception):
    """Two axes are not of one length; the message says which lengths they have."""


class Axes:
    """Classes of axes; `taken` are names that sizes and index letters must not have."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = frozenset(taken)
        self._parent: list[Axis] = [ONE]
        self._size: dict[Axis, Size] = {ONE: 1}
        self._letters: dict[Axis, list[str]] = {}
        self._known: dict[Size, Axis] = {1: ONE}
        self._spaces: dict[Axis, Space] = {}

    def fresh(self) -> Axis:
        """A new axis of unknown length."""
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def named(self, size: Size) -> Axis:
        """The axis of a stated length."""
        if size not in self._known:
            self._known[size] = self.fresh()
            self._size[self._known[size]] = size
        return self._known[size]

    def root(self, axis: Axis) -> Axis:
        """What stands for the class of an axis: the earliest of it."""
        while self._parent[axis] != axis:
            axis = self._parent[axis]
        return axis

    def join(self, one: Axis, other: Axis) -> None:
        """Two axes are of one length.  Raises `Unjoined` where they cannot be."""
        a, b = sorted((self.root(one), self.root(other)))
        if a == b:
            return
        if ONE in (a, b) or (a in self._size and b in self._size):
            raise Unjoined(f"{self.text(one)} and {self.text(other)}")
        self._parent[b] = a
        if b in self._size:
            self._size[a] = self._size.pop(b)
        if b in self._letters:
            self._letters.setdefault(a, []).extend(self._letters.pop(b))

    def text(self, axis: Axis) -> str:
        """The length of an axis in a message."""
        return str(self._size.get(self.root(axis), "?"))

    def spoken(self, axis: Axis, letter: str) -> None:
        """An index letter of the text runs over this axis."""
        self._letters.setdefault(self.root(axis), []).append(letter)

    # --- once everything is joined ---

    def settle(self, first: Iterable[Axis] = ()) -> None:
        """Gives every class its name and its letter, in the order in which they were met.

        Letters of the text come first, then the axes `first`, those of what is defined.
        """
        roots = [axis for axis in range(1, len(self._parent)) if self.root(axis) == axis]
        spoken_first = [axis for axis in roots if axis in self._letters]
        order = dict.fromkeys([*spoken_first, *(self.root(axis) for axis in first if self.root(axis) != ONE), *roots])
        sizes = {str(self._size[one]) for one in roots if one in self._size}
        names = _others(_SIZES, sizes | self.taken, "n")
        spoken = {letter for letters in self._letters.values() for letter in letters}
        used: set[str] = set()
        for axis in order:
            size = self._size.get(axis)
            size = next(names) if size is None else size
            own = [*self._letters.get(axis, ()), *_others(_LETTERS, spoken | self.taken, "i")]
            letter = next(one for one in own if one not in used)
            used.add(letter)
            self._spaces[axis] = Space(str(size), Integer(size) if isinstance(size, int) else Width(size), letter)

    def space(self, axis: Axis) -> Space:
        """The space of an axis, after `settle`."""
        return self._spaces[self.root(axis)]

    def length(self, axis: Axis) -> Expr:
        """The length of an axis, after `settle`."""
        return Integer(1) if self.root(axis) == ONE else self.space(axis).size

    @property
    def letters(self) -> frozenset[str]:
        """Every index letter of the text."""
        return frozenset(letter for letters in self._letters.values() for letter in letters)


def _others(usual: tuple[str, ...], taken: Iterable[str], base: str) -> Iterator[str]:
    """The usual names that are free, then n_1, n_2, …; never one twice."""
    left = [one for one in usual if one not in taken]
    yield from left
    number = 1
    while number < 1000:
        name = f"{base}_{number}"
        if name not in taken:
            yield name
        number += 1
