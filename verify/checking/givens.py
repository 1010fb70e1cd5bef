r"""The candidate and the settings of definitions: sizes, what is assumed, and readable numbers for all free letters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from verify.checking.assuming import Assuming
from verify.checking.choices import fractions, numbers_in, sizes
from verify.checking.question import Question
from verify.checking.settings import Candidate, Setting, Values
from verify.checking.statements import Formula
from verify.checking.uniform import MOST_ROOM, alike, raised, reach
from verify.graph.nodes import Node
from verify.graph.normal import NormalForm
from verify.latex import read
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.axes import axes, measured
from verify.meaning.definitions import meant, names
from verify.meaning.evaluate import Evaluator
from verify.meaning.given import GivenScene
from verify.meaning.indices import letters_of, spoken_letters
from verify.meaning.naming import Names
from verify.meaning.roles import LOSSES, spelling
from verify.meaning.sizes import Sizes

SIZES = ((3, 2, 4, 5), (2, 3, 5, 4), (4, 5, 3, 2))
MOST_POINTS = 40


class GivenCandidate(Candidate):
    """Definitions that replace the network."""

    name = "given"

    def __init__(self, question: Question, formula: Formula, digits: bool = False) -> None:
        self.question = question
        self._made = question, formula
        sides = [side for one in formula.relations for side in (one.left, one.right)]
        self.known = [one for text in question.given or () for statement in read(text).statements
                      for one in statement.sides[:1]]  # fmt: skip
        extra = [(one.sides[0], one.sides[1]) for one in formula.beside if one.sides[0] not in self.known]
        assumed = [side for text in question.assume for one in read(text).statements for side in one.sides]
        extra += self._unknown_losses(sides)
        self._name(sides, assumed, extra, {})
        more = axes(self.names, self.sizes, sizes(SIZES, 0))
        if more:
            self._name(sides, assumed, extra, more)
        measured(self.names, self.sizes, [sizes(SIZES, 0), sizes(SIZES, 1)])
        bodies = [one.body for one in self.names.definitions]
        self.reach = reach([*sides, *bodies, *formula.conditions], self._is_size)
        self.room = self.reach.high if digits else self.reach.low
        self.raised = raised(self.room, min(map(min, SIZES)))
        self.mentioned = numbers_in(*bodies)
        self.alike = alike(*bodies)
        self.counted = any(map(self._counts, sides))
        letters = self.names.letters
        self.conditions = [one for one in formula.conditions
                           if isinstance(one, t.Comparison) and not letters_of(one) & letters]  # fmt: skip
        self.every_width = any(isinstance(size, str) for sizes in self.names.shapes.values() for size in sizes)
        self._open = self.every_width or bool(self.names.sizes) or bool(set(self.names.arrays) - set(self.names.shapes))
        self.beyond = self._open and self.room > MOST_ROOM

    def _name(self, sides: list[t.Node], assumed: list[t.Node], extra: list[tuple[t.Node, t.Node]],
              more: dict[str, int]) -> None:  # fmt: skip
        """Finds the names and their sizes; `more` are arrays that only what defines them tells to be some."""
        shapes = dict(self.question.shapes)
        self.names: Names = names(self.question.given or (), shapes, [*sides, *assumed], extra, more)
        self.sizes = Sizes(self.names)
        for number, one in enumerate(self.names.definitions):
            self.sizes.statement(number, (meant(self.names, one.body),), one.indices, one.name.text)
        for number, side in enumerate(sides):
            self.sizes.statement(-1 - number // 2, (meant(self.names, side),))
        for number, side in enumerate(assumed):
            self.sizes.statement(-1000 - number, (meant(self.names, side),))

    @property
    def larger(self) -> GivenCandidate | None:
        """The same for numbers of several digits."""
        more = self._open and self.reach.high > self.room
        return GivenCandidate(*self._made, digits=True) if more else None

    def _is_size(self, node: t.Node) -> bool:
        """Whether this letter is a size."""
        return isinstance(node, t.Letter) and spelling(node) in self.names.sizes

    def _unknown_losses(self, sides: list[t.Node]) -> list[tuple[t.Node, t.Node]]:
        """L = L(Y) for an L that is differentiated but nowhere defined: it depends on what the definitions end in."""
        if not self.known or any(isinstance(left, t.Applied | t.Call) for left in self.known):
            return []
        last = self.known[-1].base if isinstance(self.known[-1], t.Scripted) else self.known[-1]
        written = {
            part for text in self.question.given or () for one in read(text).statements for part in walk(one.body)
        }
        operands = {part.operand for side in sides for part in walk(side) if isinstance(part, t.Derivative)}
        losses = [
            one for one in operands if isinstance(one, t.Letter) and spelling(one) in LOSSES and one not in written
        ]
        return [(one, t.Call(one, t.Bracket("(", (last,)))) for one in losses]

    def tree(self, node: t.Node) -> t.Node:
        """Calls of functions told from products."""
        return meant(self.names, node)

    def _counts(self, side: t.Node) -> bool:
        """Whether a size stands in a side as a number."""
        return any(spelling(one) in self.names.sizes for one in spoken_letters(side))

    def letters(self) -> list[str]:
        """Every name of the definitions and the claims, in the order in which they stand."""
        found: dict[str, None] = {}
        for tree in self.names.trees:
            for part in walk(tree):
                named = self.names.named(part) if isinstance(part, t.Letter | t.Scripted) else None
                if named is not None and named[0] not in self.names.letters and named[0] not in ("e", "d", r"\pi"):
                    found[named[0]] = None
        return list(found)

    def claims(self, left: t.Node) -> bool:
        """What the definitions define is claimed, other letters are defined."""
        return left in self.known

    def stranger(self, node: t.Node) -> t.Node | None:
        """A letter that is not defined is a free number; but for the d of dx, which is none."""
        known = (
            "d" in self.names.sizes
            or "d" in self.names.shapes
            or any(one.name.text == "d" for one in self.names.definitions)
        )
        for part in () if known else walk(node):
            if isinstance(part, t.Multiplication) and part.tight:
                for one, sign, following in zip(part.factors, part.signs, part.factors[1:], strict=False):
                    if one == t.Letter("d") and not sign and isinstance(following, t.Letter | t.Scripted):
                        return one
        return None

    def settings(self) -> Iterator[Setting]:
        """The sizes at which the formula is compared; one choice where there are no arrays."""
        several = bool(self.names.arrays or self.names.sizes)
        for setting in range(1 + several + self.counted):
            yield GivenSetting(self, tuple(one + self.raised for one in sizes(SIZES, setting)))

    def reading(self) -> dict[str, Any]:
        """What is defined, and the sizes that were stated or found."""
        roles = {one.name.text: "defined" for one in self.names.definitions}
        shapes = {name: "×".join(map(str, sizes)) for name, sizes in self.names.shapes.items() if sizes}
        found: dict[str, Any] = {"notation": "given", "roles": roles}
        if shapes:
            found["shapes"] = shapes
        return found | ({"for": "every size"} if self.every_width else {})


class GivenSetting(Assuming):
    """Definitions at concrete sizes."""

    def __init__(self, candidate: GivenCandidate, choices: tuple[int, ...]) -> None:
        self.candidate = candidate
        scene = GivenScene(candidate.names, candidate.sizes, choices, candidate.question.layout == "numerator")
        self.scene = scene
        self.evaluator = Evaluator(scene)
        scene.value = self.evaluator.value
        scene.number = self.evaluator.whole
        self.given = scene
        self._prepared = False
        self.facts = {}
        self.assume(candidate.question.assume, candidate.conditions)

    def spoken(self, node: t.Node) -> t.Node:
        """Calls of functions told from products."""
        return meant(self.candidate.names, node)

    # --- judging ---

    @cached_property
    def normal(self) -> NormalForm:
        """The exact judge, which looks behind every definition."""
        return NormalForm(self.graph, facts=self.facts, positive=self.positive)

    def cutting(self, cut: frozenset[Node]) -> NormalForm:
        """The exact judge that does not look behind these names."""
        return NormalForm(
            self.graph,
            behind=lambda node: None if node.kind != "named" or node in cut else self.graph.body(node),
            facts=self.facts,
            positive=self.positive,
        )

    def knowing(self, nodes: list[Node]) -> NormalForm:
        """The exact judge where these nodes are taken to have a value."""
        return NormalForm(self.graph, facts=self.facts, positive=self.positive, defined=nodes)

    def quantities(self) -> list[Node]:
        """Every entry of what is defined."""
        return self.given.program

    def prepare(self) -> None:
        """Builds every definition."""
        if not self._prepared:
            self._prepared = True
            for node in self.given.program:
                self.graph.body(node)

    def layers(self) -> range:
        """There are no layers."""
        return range(0)

    def hidden(self, number: int) -> bool:
        """There are no layers."""
        return False

    def layer_letters(self, node: t.Node) -> frozenset[str]:
        """There are no layers."""
        return frozenset()

    def follow(self, nodes: list[Node]) -> list[Node]:
        """What is defined, but for derivatives."""
        return [node for node in nodes if node.kind == "named" and not str(node.value).startswith("∂")]

    # --- points ---

    def points(self) -> Iterator[Values]:
        """Numbers for all free letters at which the assumptions hold."""
        for trial in range(MOST_POINTS):
            values = self._point(trial)
            if values is not None:
                yield values

    def _point(self, trial: int) -> Values | None:
        atoms = [node for node in self.graph.atoms if node not in self.facts]
        table = _TABLES[trial % len(_TABLES)]
        step = 1 + trial // len(_TABLES)
        values = {node: table[(place * step + trial) % len(table)] for place, node in enumerate(atoms)}
        return self.admitted(values)


_TABLES = (
    fractions("1 2 3 1/2 4 3/2 5/2"),
    fractions("2 -1 1 -2 1/2 3 -1/2"),
    fractions("1/2 1/4 3/4 1/3 2/3 1/5"),
    fractions("-1 -2 1 -1/2 2 -3 1/2 3"),
    fractions("3 1 2 5 4 7 6"),
    fractions("20 11 15 30 12 50 25"),
    fractions("-1 -2 -3 -1/2 -3/2"),
)
