"""Gives every array that depends on the sample a sample axis in front: one claim then speaks of a whole batch."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr, Indexed, Integer, Sum

from derive.symbols import Array, Index, Scalar, Space, Width

SAMPLES = Width("samples")
BATCH = Space("samples of the batch", SAMPLES, "n")
SAMPLE = Index("n", BATCH)


class Sampled(Array):
    """What has a value for each sample, as one array."""

    of: Expr

    def __new__(cls, thing: Expr, spaces: tuple[Space, ...]) -> Sampled:
        role, layer = (thing.role, thing.layer) if isinstance(thing, Array) else (str(thing.name), 0)
        found: Sampled = cls._made(str(thing.name), role, layer, spaces)
        found.of = thing
        return found


class Batch:
    """Knows which arrays and numbers have a value for each sample; `depends` are the first of them (x, y)."""

    def __init__(self, depends: Iterable[Expr]) -> None:
        self._of: dict[Expr, Array] = {}
        for one in depends:
            self.add(one)

    def add(self, thing: Expr) -> Array:
        """The array with a sample axis that stands for an array or a number with a value for each sample."""
        if thing not in self._of:
            spaces = () if isinstance(thing, Scalar) else thing.spaces
            self._of[thing] = Sampled(thing, (BATCH, *spaces))
        return self._of[thing]

    def __contains__(self, thing: Expr) -> bool:
        return thing in self._of

    def touches(self, value: Expr) -> bool:
        """Whether a value depends on the sample."""
        return any(one in self._of for one in value.atoms(Array, Scalar))

    def __call__(self, value: Expr) -> Expr:
        """The value for sample n.  No claim binds n, so nothing is captured."""
        entries = {one: self._of[one.base][(SAMPLE, *one.indices)] for one in _entries(value) if one.base in self._of}
        numbers = {one: self._of[one][SAMPLE] for one in value.atoms(Scalar) if one in self._of}
        return value.xreplace(entries | numbers)


def _entries(value: Expr) -> set[Indexed]:
    return set(value.atoms(Indexed))


def over_samples(value: Expr) -> Expr:
    """Σ_n of a value."""
    return Sum(value, (SAMPLE, Integer(1), SAMPLES))
