"""What every section of a chapter needs: the derivation, its letters, and what was printed under which label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from derive.derivation import Derivation
from derive.formula import Writer, around
from derive.formula.names import notation_row
from derive.layout import Box
from derive.linear import MatrixEquation
from derive.network import Network
from derive.step import Step
from derive.symbols import Array, Local, Partial
from derive.tables.notations import Notation
from reports.chapter.numbers import values_at
from reports.chapter.printed import Decimals
from reports.chapter.shapes import shapes
from reports.document import Equation, lines
from reports.inline import Inline, Ref, inline
from reports.palette import HUES
from reports.wording import enumerated, numbered, say
from verify.engine.core import Engine
from verify.engine.plan.network import plan_network
from verify.engine.source import array_source
from verify.examination import Examination

MOST = 60  # parameters of a network of which everything is printed
DEEP = 5  # more weight layers than that are told by example, the rest in a table


@dataclass
class Story:
    """A chapter in the making; `labels` grows with every equation that is printed, `told` with what was explained."""

    examination: Examination
    notation: str
    expand: bool
    detail: str = "standard"
    labels: dict[int, str] = field(default_factory=dict)
    told: dict[Any, Any] = field(default_factory=dict)
    printed: set[str] = field(default_factory=set)

    @property
    def derivation(self) -> Derivation:
        """What the chapter is about."""
        return self.examination.derivation

    @property
    def network(self) -> Network:
        """Its network."""
        return self.derivation.network

    @property
    def depth(self) -> int:
        """The number of weight layers."""
        return self.network.depth

    @property
    def deep(self) -> bool:
        """Whether there are too many layers to tell all of them."""
        return self.depth > DEEP

    @property
    def row(self) -> Notation:
        """The row of the notation."""
        return notation_row(self.notation)

    @cached_property
    def small(self) -> bool:
        """Whether there are so few parameters and layers that every number can be printed."""
        return not self.deep and sum(map(self.count, self.network.parameters)) <= MOST

    @cached_property
    def engine(self) -> Engine:
        """The engine that computes, compiled once."""
        return Engine(self.derivation, "numpy")

    @cached_property
    def source(self) -> str:
        """The program that is printed, written to be read."""
        return array_source(plan_network(self.derivation), "numpy")

    @cached_property
    def values(self) -> dict[str, Any]:
        """The value of every quantity at the examined point, by the name of its array; `dW1` is ∂C/∂W1."""
        return values_at(self.derivation, self.examination.point)

    @cached_property
    def decimals(self) -> Decimals:
        """The same as decimals of many digits, from balls: what is printed is rounded from these."""
        return Decimals(self.derivation, self.examination.point, self.values)

    # Letters -------------------------------------------------------------------------------------------------------

    @cached_property
    def colours(self) -> dict[Array, int]:
        """A colour for every derivative that has a name, the last layer's first."""
        names = [self.derivation.name(role, n) for n in range(self.depth, 0, -1) for role in ("a", "z")]
        return {name: number for number, name in enumerate((one for one in names if one is not None), 1)}

    @cached_property
    def _free(self) -> int:
        """The first of two colours for layers l + 1 and l, which no layer with a number has.

        Of a deep network all hues are taken: then those two that are farthest from the last layers', told first.
        """
        after = len(self.colours) + 1
        return after if after < HUES else next(n for n in range(after, after + HUES) if n % HUES == HUES - 1)

    @cached_property
    def writer(self) -> Writer:
        """Writes claims, each error signal in its colour."""
        return Writer(self.derivation, self.notation, self.colours, colour_adjoints=True)

    def relative(self, layer: int, letter: str = "l") -> Writer:
        """Writes claims about a layer for any layer: its number as `letter`, the next one as `letter` + 1."""
        here, later = (1, 2) if letter != "l" else (self._free + 1, self._free)
        colours = {name: here for name in self.colours if name.layer == layer}
        colours |= {name: later for name in self.colours if name.layer == layer + 1}
        shown = around(layer - 1 + self.row.first, letter)
        return Writer(self.derivation, self.notation, colours, shown, colour_adjoints=True)

    def box(self, thing: Any) -> Box:
        """A claim, an expression or an array as a box."""
        return self.writer.box(thing)

    def array(self, role: str, layer: int = 0) -> Box:
        """The letter of an array, such as w²."""
        return self.writer.box(self.network.array(role, layer))

    def entry(self, role: str, layer: int = 0) -> Box:
        """The letter of an array's entry, such as w²_jk; `delta` and `g` are those that have a name."""
        if role in ("delta", "g"):
            claim = self.derivation.index(role, layer)
            return self.writer.box(claim.lhs)
        return self.writer.box(self.derivation.program.entry(self.network.array(role, layer)))

    def number(self, layer: int) -> int:
        """The number of a layer of neurons, as the notation counts; 0 is the input."""
        return layer - 1 + self.row.first + self.row.shift

    def shifted(self, key: str) -> str:
        """The key of a sentence about layers by a letter; another one where weights are counted otherwise."""
        return f"{key}-shifted" if self.row.shift else key

    def layers(self, numbers: Sequence[int]) -> Inline:
        """`layer 3`, `layers 2 and 3`, `layers 2 to 50`."""
        shown = [str(self.number(one)) for one in numbers]
        if len(shown) == 1:
            return say("layer", number=shown[0])
        run = list(numbers) == list(range(numbers[0], numbers[-1] + 1))
        if run and len(shown) > 2:
            return say("layers-range", first=shown[0], last=shown[-1])
        return say("layers", list=numbered(shown))

    def width(self, layer: int) -> int:
        """The number of neurons of a layer; a network that was examined has no letters for its widths."""
        return self.network.sizes[self.network.spaces[layer].size]

    def count(self, array: Array) -> int:
        """How many entries an array has."""
        return prod(self.network.sizes[space.size] for space in array.spaces)

    # Equations -----------------------------------------------------------------------------------------------------

    def shapes(self, claim: MatrixEquation) -> Box | None:
        """The line of shapes under a matrix claim, where a product is formed."""
        return shapes(claim, self.network.sizes, self.writer)

    def equation(self, step: Step, reason: Inline = (), boxed: Any = None, writer: Writer | None = None) -> Equation:
        """A step as a numbered equation; `boxed` is what is printed in place of the step's own claim."""
        label = f"s{step.number}"
        self.labels[step.number] = label
        self.printed.add(label)
        box = (writer or self.writer).box(step.claim if boxed is None else boxed)
        return Equation(lines(box), label, reason)

    def matrix(self, claim: MatrixEquation, label: str = "", reason: Inline = (), name: str = "") -> Equation:
        """A matrix claim as a numbered equation with its shapes."""
        self.printed.add(label)
        return Equation(lines(self.box(claim)), label, reason, self.shapes(claim), name)

    def premises(self, step: Step) -> list[str]:
        """The labels of what a step rests on, as on the page; for what is not printed, of what that rests on."""
        found: dict[str, None] = {}
        for premise in step.premises:
            found |= dict.fromkeys(self._labels(premise))
        return sorted(found, key=list(dict.fromkeys(self.labels.values())).index)

    def _labels(self, number: int) -> Iterator[str]:
        if number in self.labels:
            yield self.labels[number]
            return
        for premise in self.derivation.steps[number].premises:
            yield from self._labels(premise)

    def in_matrix_form(self, step: Step) -> Inline:
        """`(14) in matrix form`, for the matrix form of a step."""
        return say("why-matrix", source=Ref(self.labels[step.number]))

    def by(self, step: Step, key: str, **holes: Any) -> Inline:
        """A reason in words and the equations that it rests on."""
        return self.reason(key, self.premises(step), **holes)

    def reason(self, key: str, labels: Sequence[str], **holes: Any) -> Inline:
        """A reason in words, and the numbers of equations."""
        words = say(key, **holes)
        if not labels:
            return words
        return (*words, *say("from"), *enumerated([inline(Ref(label)) for label in labels]))

    # Steps ---------------------------------------------------------------------------------------------------------

    @cached_property
    def groups(self) -> dict[Array, list[Step]]:
        """The steps about ∂C/∂V for every array V, in order."""
        found: dict[Array, list[Step]] = {}
        for step in self.derivation.steps:
            array = subject(step)
            if array is not None:
                found.setdefault(array, []).append(step)
        return found

    def group(self, role: str, layer: int) -> dict[str, Step]:
        """The steps about one array by their rules; empty where nothing was derived about it."""
        return {step.rule: step for step in self.groups.get(self.network.array(role, layer), [])}


def subject(step: Step) -> Array | None:
    """The array by which a step differentiates."""
    for side in (step.claim.lhs, step.claim.rhs):
        if isinstance(side, Partial | Local):
            return side.denominator.base
    return None
