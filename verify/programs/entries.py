r"""What the parts of the evaluator share: the axes that meet, entries of arrays, single numbers."""

from __future__ import annotations

from sympy import Expr, Integer

from verify.latex import tree as t
from verify.meaning.errors import Misfit, Unsupported
from verify.programs.axes import ONE, Axis, Unjoined
from verify.programs.places import Env, Place, expression, place_of
from verify.programs.quantities import Quantities
from verify.programs.values import Value


class Places(Quantities):
    """The part of the evaluator that knows indices."""

    def scalar(self, node: t.Node, env: Env) -> Value:
        """The value of a tree that is one number."""
        found = self.value(node, env)
        if not found.number:
            raise Misfit(node, f"a number is needed here, not an array of {self.algebra.shape(found)}")
        return found

    def at(self, place: Place, env: Env) -> Expr:
        """The index that a place is, once the axes are known."""
        return expression(place, env, lambda size: self.axes.length(self.axes.named(size)), self.from_zero)

    def _exists(self, at: Expr, axis: Axis, index: t.Node) -> None:
        """Refuses the entry 3 of an axis that may be shorter."""
        if not at.is_Integer or at == 1:
            return
        size = self.axes.length(axis)
        if not size.is_Integer:
            raise Unsupported(
                index, f"whether there is an entry {at} depends on {size}: give the sizes as numbers, --shape"
            )
        if not 1 <= at <= size:
            raise Misfit(index, f"there is no entry {at}: this axis has {size}")

    def meet(self, one: Axis, other: Axis, node: t.Node) -> None:
        try:
            self.axes.join(one, other)
        except Unjoined as error:
            raise Misfit(node, f"this joins axes of the lengths {error}") from None

    def entries(self, value: Value, lower: t.Script | None, node: t.Node, env: Env) -> Value:
        """The entry that a lower script names."""
        if lower is None:
            return value
        long = value.long
        indices = self.split(lower, len(long))
        if not long or indices is None:
            raise Misfit(node, f"this has {len(long)} indices, which its script does not name")
        return self.picked(value, long, indices, env)

    def picked(self, value: Value, long: tuple[Axis, ...], indices: tuple[t.Node, ...], env: Env) -> Value:
        """An entry, or with too few indices the rest as an array, a vector being a column."""
        places = [place_of(index, env, self.sizes) for index in indices]
        for place, axis, index in zip(places, long, indices, strict=False):
            if place.letter is not None:
                self.meet(axis, env[place.letter].axis, index)
        rest = long[len(places) :]

        def entry(at: tuple[Expr, ...]) -> Expr:
            here = [self.at(place, env) for place in places]
            for one, axis, index in zip(here, long, indices, strict=False):
                self._exists(one, axis, index)
            chosen_places = iter([*here, *at[: len(rest)]])
            full = tuple(Integer(1) if axis == ONE else next(chosen_places) for axis in value.axes)
            return value.entry(full)

        return Value((*rest, ONE) if len(rest) == 1 else rest, entry)
