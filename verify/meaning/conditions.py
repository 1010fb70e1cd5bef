r"""Functions by cases, indicators, and the conditions in them.

A condition between whole numbers (j = k, j ≠ y) holds or does not; one between real numbers makes a `choose`, of which
no point at a kink is ever used: z > 0 and z ≥ 0 are the same, and z = 0 alone never holds.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import product

from verify.graph.adjoints import leaves_of, rebuilt
from verify.graph.enclosure import Enclosure, Undefined
from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.base import Values
from verify.meaning.errors import Unsupported
from verify.meaning.scene import Env

Chooser = Callable[[Node, Node], Node]
"""What a condition makes of two values: the first where it holds, the second where it does not."""

_WHOLE: dict[str, Callable[[int, int], bool]] = {
    "equal": lambda a, b: a == b,
    "identical": lambda a, b: a == b,
    "unequal": lambda a, b: a != b,
    "less": lambda a, b: a < b,
    "greater": lambda a, b: a > b,
    "at-most": lambda a, b: a <= b,
    "at-least": lambda a, b: a >= b,
}
MOST_CHOSEN = 4
_GREATER = ("greater", "at-least")
_LESS = ("less", "at-most")
_OPPOSITES = {
    "greater": ("at-most", "less"),
    "at-least": ("less", "at-most"),
    "equal": ("unequal",),
    "unequal": ("equal",),
}
_MIRRORED = {"greater": "less", "less": "greater", "at-least": "at-most", "at-most": "at-least"}


class Conditions(Values):
    """The part of the evaluator that knows conditions."""

    def indicator(self, node: t.Indicator, env: Env) -> Tensor:
        """1 where the condition holds, else 0; of an array, for each entry."""
        condition = node.condition
        if isinstance(condition, t.Comparison) and len(condition.sides) == 2 and self.holds(condition, env) is None:
            return self._entrywise(condition, env)
        return arrays.number(self.chooser(condition, env)(self.graph.one, self.graph.zero))

    def _entrywise(self, node: t.Comparison, env: Env) -> Tensor:
        left, right = self.value(node.sides[0], env), self.value(node.sides[1], env)
        kind = node.signs[0].kind
        one, zero = self.graph.one, self.graph.zero
        return arrays.each(lambda u, v: self._compared(node, kind, u, v)(one, zero), left, right)

    def cases(self, node: t.Cases, env: Env) -> Tensor:
        """The first case that holds counts."""
        found: Tensor | None = None
        for row in reversed(node.rows):
            value = self.value(row.value, env)
            conditions = [one for one in row.conditions if not _otherwise(one)]
            if not conditions:
                found = value
                continue
            if found is None and not self._complete(node, env):
                raise Unsupported(node, "nothing says what this is where none of the cases holds")
            if all(isinstance(one, t.Comparison) and self._never(one, env) for one in conditions):
                found = value if found is None else found
                continue
            rest = value if found is None else found
            for one in conditions:
                value = self._decided(one, value, rest, env)
            found = value
        if found is None:
            raise Unsupported(node, "no case is left")
        return found

    def _decided(self, node: t.Node, yes: Tensor, no: Tensor, env: Env) -> Tensor:
        """One value where the condition holds and the other elsewhere; of a condition on arrays, for each entry."""
        if isinstance(node, t.Bracket) and len(node.items) == 1:
            return self._decided(node.items[0], yes, no, env)
        if isinstance(node, t.Comparison) and self.holds(node, env) is None:
            sides = [self.value(side, env) for side in node.sides]
            if not all(one.scalar for one in sides):
                kinds = [sign.kind for sign in node.signs]

                def entry(u: Node, v: Node, *at: Node) -> Node:
                    parts = zip(kinds, at, at[1:], strict=False)
                    return reduce(lambda a, one: self._compared(node, *one)(a, v), parts, u)

                return arrays.each(entry, yes, no, *sides)
        return arrays.each(self.chooser(node, env), yes, no)

    def _complete(self, node: t.Cases, env: Env) -> bool:
        """Whether two of the cases are each other's opposites: then one of them always holds."""
        found = [one for row in node.rows for one in row.conditions
                 if isinstance(one, t.Comparison) and len(one.signs) == 1]  # fmt: skip
        pairs = [(one.sides, one.signs[0].kind) for one in found]
        pairs += [(one.sides[::-1], _MIRRORED.get(one.signs[0].kind, "")) for one in found]
        if any(self.holds(one, env) is not None for one in found):
            return True
        return any((sides, other) in pairs for sides, kind in pairs for other in _OPPOSITES.get(kind, ()))

    def _may_be_flat(self, node: Node) -> bool:
        """Whether a difference is 0 on a whole region: in one of the cases by which it is made."""
        chosen = self._chosen(node)
        if len(chosen) > MOST_CHOSEN:
            return True
        for picks in product((1, 2), repeat=len(chosen)):
            if self._vanishes(node, dict(zip(chosen, picks, strict=True))):
                return True
        return False

    def _chosen(self, node: Node) -> list[Node]:
        """The cases in an expression, also behind names that do not take every value."""
        found: dict[Node, None] = {}
        seen: set[Node] = set()
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if one in seen or self.scene.independent(one):
                continue
            seen.add(one)
            if one.kind == "choose":
                found[one] = None
            waiting.extend((self.graph.body(one),) if one.kind == "named" else one.args)
        return list(found)

    def _vanishes(self, node: Node, picks: dict[Node, int]) -> bool:
        """Whether an expression is 0 at two points, with each case chosen."""
        known: dict[Node, Node] = {}

        def made(one: Node) -> Node:
            if one not in known:
                if one in picks:
                    known[one] = made(one.args[picks[one]])
                elif one.kind == "named" and not self.scene.independent(one):
                    known[one] = made(self.graph.body(one))
                else:
                    known[one] = rebuilt(self.graph, one, tuple(map(made, one.args)))
            return known[one]

        whole = made(node)
        leaves = leaves_of(whole)
        for first in (2, 5):
            values = {leaf: Fraction(first + 3 * place, 7 + place) for place, leaf in enumerate(leaves)}
            try:
                if not Enclosure(self.graph, values).of(whole).contains(0):
                    return False
            except Undefined:
                continue
        return True

    def _never(self, node: t.Comparison, env: Env) -> bool:
        """Whether a condition on real numbers holds at single points only."""
        return len(node.signs) == 1 and node.signs[0].kind in ("equal", "identical") and self.holds(node, env) is None

    def holds(self, node: t.Node, env: Env) -> bool | None:
        """Whether a condition between whole numbers holds; None where it is not one."""
        if not isinstance(node, t.Comparison):
            return None
        numbers = [self.whole(side, env) for side in node.sides]
        found = True
        for left, right, sign in zip(numbers, numbers[1:], node.signs, strict=False):
            if left is None or right is None or sign.kind not in _WHOLE:
                return None
            found = found and _WHOLE[sign.kind](left, right)
        return found

    def chooser(self, node: t.Node, env: Env) -> Chooser:
        """A condition as what it makes of two values."""
        known = self.holds(node, env)
        if known is not None:
            return (lambda yes, no: yes) if known else (lambda yes, no: no)
        if isinstance(node, t.Bracket) and len(node.items) == 1:
            return self.chooser(node.items[0], env)
        if not isinstance(node, t.Comparison):
            raise Unsupported(node, "this is no condition that can be decided")
        sides = [self.scalar(side, env) for side in node.sides]
        parts = [
            self._compared(node, sign.kind, left, right)
            for left, right, sign in zip(sides, sides[1:], node.signs, strict=False)
        ]
        return lambda yes, no: reduce(lambda value, one: one(value, no), parts, yes)

    def _compared(self, node: t.Node, kind: str, left: Node, right: Node) -> Chooser:
        flat = left is right or self._may_be_flat(left - right)
        if kind not in ("greater", "less") and flat and left.constant is None:
            raise Unsupported(node, "the two sides may be equal on a whole region, which is not looked into")
        if kind in _GREATER:
            return lambda yes, no: self.graph.choose(left - right, yes, no)
        if kind in _LESS:
            return lambda yes, no: self.graph.choose(right - left, yes, no)
        if left.constant is not None and right.constant is not None and kind in _WHOLE:
            same = (left.constant == right.constant) == (kind != "unequal")
            return (lambda yes, no: yes) if same else (lambda yes, no: no)
        if kind in ("equal", "identical"):
            return lambda yes, no: no
        if kind == "unequal":
            return lambda yes, no: yes
        raise Unsupported(node, "this is no condition that can be decided")


def _otherwise(node: t.Node) -> bool:
    """Whether a condition is the word `otherwise` or `else`."""
    letter = node.base if isinstance(node, t.Scripted) else node
    return isinstance(letter, t.Letter) and letter.name.strip(" .,").lower() in ("otherwise", "else", "if otherwise")
