r"""Sums and products over an index, maxima over an index, with limits or without."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product

from verify.latex import tree as t
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.conditions import Conditions
from verify.meaning.errors import Unsupported
from verify.meaning.indices import bound_by, bound_range, letter_of
from verify.meaning.scene import Env

MOST_TERMS = 200_000


class Series(Conditions):
    """The part of the evaluator that knows \\sum, \\prod, \\max and \\min."""

    def series(self, node: t.Big, env: Env) -> Tensor:
        """The value of a sum; of nothing, 0, and the product of nothing is 1."""
        sign = node.sign.lstrip("\\")
        terms = [self.value(node.body, inner) for inner in self.runs(node, env)]
        if sign == "prod":
            return reduce(arrays.hadamard, terms, arrays.number(self.graph.one))
        if sign == "sum":
            return self._summed(terms)
        if sign in ("max", "min") and terms:
            flip = 1 if sign == "max" else -1
            return reduce(
                lambda a, b: arrays.each(lambda u, v: flip * self.graph.maximum(flip * u, flip * v), a, b), terms
            )
        raise Unsupported(node, "this is not computed")

    def _summed(self, terms: list[Tensor]) -> Tensor:
        if all(term.shape == () for term in terms):
            return arrays.number(self.graph.sum(term.only for term in terms))
        return reduce(arrays.plus, terms)

    def runs(self, node: t.Big, env: Env) -> Iterator[Env]:
        """The letters that a sum binds, at each of their values for which its conditions hold."""
        names = sorted(bound_by(node))
        if not names:
            raise Unsupported(node, "this sum does not say over what it runs")
        outer = {name: value for name, value in env.items() if name not in names}
        limits = [self._limits(node, name, outer) for name in names]
        if reduce(lambda a, one: a * max(one[1] - one[0] + 1, 0), limits, 1) > MOST_TERMS:
            raise Unsupported(node, "this sum has too many terms")
        for chosen in product(*(range(low, high + 1) for low, high in limits)):
            inner = outer | dict(zip(names, chosen, strict=True))
            if all(self._kept(one, inner) for one in node.under):
                yield inner

    def _limits(self, node: t.Big, name: str, env: Env) -> tuple[int, int]:
        starts = [one for one in node.under if self._starts(one, name)]
        if not starts:
            return bound_range(self.scene, node, name, env)
        comparison = starts[0]
        assert isinstance(comparison, t.Comparison)
        low = self.whole(comparison.sides[1], env)
        if low is None:
            raise Unsupported(comparison, "this sum begins at what is no whole number")
        if node.over is None:
            return low, bound_range(self.scene, node, name, env)[1]
        high = self.whole(_end(node.over), env)
        if high is None:
            if letter_of(node.over) is None:
                raise Unsupported(node.over, "nothing says what number this limit is")
            high = bound_range(self.scene, node, name, env)[1]
        return low, high

    def _refused(self, node: t.Node) -> bool:
        raise Unsupported(node, "this condition cannot be decided")

    def _starts(self, node: t.Node, name: str) -> bool:
        """Whether an item under a sum is `name = start`."""
        equal = isinstance(node, t.Comparison) and [one.kind for one in node.signs] == ["equal"]
        return equal and isinstance(node, t.Comparison) and letter_of(node.sides[0]) == name

    def _kept(self, node: t.Node, env: Env) -> bool:
        """Whether a condition under a sum holds; binders and starts always do."""
        if not isinstance(node, t.Comparison):
            return True
        if [one.kind for one in node.signs] == ["equal"] and letter_of(node.sides[0]) in env:
            first = self.whole(node.sides[1], env)
            return first is not None or self._refused(node)
        found = self.holds(node, env)
        if found is None:
            raise Unsupported(node, "this condition cannot be decided")
        return found


def _end(node: t.Node) -> t.Node:
    """The last value in `j = n` over a sum."""
    return node.sides[-1] if isinstance(node, t.Comparison) else node
