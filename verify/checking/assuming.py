"""What is assumed in a setting: facts that are put in, signs that are known, points that are admitted."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, product

from verify.checking.settings import Setting, Values
from verify.graph.adjoints import Calculus, substituted
from verify.graph.enclosure import Enclosure, Undefined
from verify.graph.nodes import Node
from verify.latex import Unreadable, read
from verify.latex import tree as t
from verify.meaning import arrays
from verify.meaning.errors import Unsupported
from verify.meaning.indices import ranges

MOST_CASES = 2_000


class Assuming(Setting):
    """A setting with assumptions.

    `facts` maps atoms to what they are, `positive` holds what is > 0, `open` the equations that were not solved and the
    comparisons that say nothing of a sign: a point counts only where all of them certainly hold.
    """

    facts: dict[Node, Node]
    positive: list[Node]
    open: list[Node]

    def assume(self, texts: tuple[str, ...], conditions: list[t.Comparison]) -> None:
        """Takes assumptions as they were written, and conditions of the formula."""
        self.positive, self.open = [], []
        for text in texts:
            for statement in read(text).statements:
                if not statement.compares:
                    raise Unreadable(f"an assumption is an equation or a comparison; found {text[:60]!r}", 0, 0)
                self._take(statement.sides, [sign.kind for sign in statement.signs])
        for condition in conditions:
            self._take(condition.sides, [sign.kind for sign in condition.signs])

    def spoken(self, node: t.Node) -> t.Node:
        """The tree with calls told from products."""
        raise NotImplementedError

    def _take(self, written: tuple[t.Node, ...], kinds: list[str]) -> None:
        sides = [self.spoken(side) for side in written]
        for left, right, kind in zip(sides, sides[1:], kinds, strict=False):
            free = ranges(self.scene, (left, right), {})
            cases = product(*(range(low, high + 1) for low, high in free.values()))
            for number, chosen in enumerate(islice(cases, MOST_CASES + 1)):
                if number == MOST_CASES:
                    raise Unsupported(left, "this assumption speaks of too many entries")
                env = dict(zip(free, chosen, strict=True))
                values = self.evaluator.value(left, env), self.evaluator.value(right, env)
                for difference in arrays.entries(arrays.each(lambda u, v: u - v, *values)):
                    self._fact(kind, difference, left)

    def _fact(self, kind: str, difference: Node, part: t.Node) -> None:
        if kind in ("greater", "at-least"):
            self.positive.append(difference)
        elif kind in ("less", "at-most"):
            self.positive.append(-difference)
        elif kind in ("equal", "identical", "define"):
            self._equation(difference)
        elif kind != "unequal":
            raise Unsupported(part, "this assumption is neither an equation nor a comparison")

    def _equation(self, difference: Node) -> None:
        """Σ y = 1 is solved for the last letter that stands in it by itself; other equations stay open."""
        calculus = Calculus(self.graph, lambda node: ())
        difference = substituted(difference, self.facts)
        for atom, slope in reversed(list(calculus.slopes(difference).items())):
            if atom.kind == "atom" and slope.constant and atom not in self.facts:
                fact = -substituted(difference, {atom: self.graph.zero}) / slope
                self.facts = {one: substituted(known, {atom: fact}) for one, known in self.facts.items()} | {atom: fact}
                return
        self.open.append(difference)

    def admitted(self, values: Values) -> Values | None:
        """The point with the numbers that follow from facts, if all assumptions certainly hold there."""
        values = {node: value for node, value in values.items() if node not in self.facts}
        enclosure = Enclosure(self.graph, values, facts=self.facts)
        try:
            for atom in self.facts:
                found = enclosure.exact(atom)
                if found is None:
                    return None
                values[atom] = Fraction(found)
            enclosure = Enclosure(self.graph, values)
            signs = all(enclosure.of(one) > 0 for one in self.positive)
            return values if signs and all(enclosure.exact(one) == 0 for one in self.open) else None
        except (Undefined, ValueError):
            return None
