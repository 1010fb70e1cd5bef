"""The exact point of a report: what the checker's reader makes of a quantity there, as a ball or a rational number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from reports.selfcheck.checks import Subject
from reports.selfcheck.decimals import Printed
from reports.selfcheck.kinks import AtKinks
from reports.selfcheck.readers import candidate_of
from verify.checking.settings import Candidate, Setting
from verify.checking.statements import formula
from verify.graph.adjoints import rebuilt
from verify.graph.enclosure import Enclosure, Imprecise, Undefined
from verify.graph.nodes import Node
from verify.graph.normal import NormalForm
from verify.latex import tree as t
from verify.meaning.arrays import Tensor

BITS = 256
DIGITS = 5
_STEPS = 60
"""Decimal places to which the parameters are known after a step against the gradient."""


class NoPoint(ValueError):
    """The report has numbers, but nothing says at which point."""


class Exact:
    """The values of quantities at the point of a subject; `rate` is that of a step which was taken from there."""

    def __init__(self, subject: Subject, rate: str = "") -> None:
        if subject.point is None:
            raise NoPoint("nothing says at which point these numbers hold")
        self.subject, self.rate = subject, rate

    @cached_property
    def candidate(self) -> Candidate:
        """How the letters are read."""
        fields, sizes = dict(self.subject.fields), self.subject.sizes
        if "shapes" in fields:
            fields["shapes"] = {name: [sizes.get(one, one) for one in axes] for name, axes in fields["shapes"].items()}
        return candidate_of(replace(self.subject, fields=fields))

    @cached_property
    def _placed(self) -> tuple[Setting, Mapping[Node, Fraction]]:
        """The setting in which the point can be, and the values of its free letters."""
        for setting in self.candidate.settings():
            values = self._values(setting)
            if values is not None:
                return setting, values
        raise NoPoint("the point does not fit the formulas")

    @property
    def setting(self) -> Setting:
        """The setting in which formulas are evaluated."""
        return self._placed[0]

    @cached_property
    def enclosure(self) -> Enclosure:
        """The values there."""
        setting, values = self._placed
        here = AtKinks(setting.graph, values, bits=BITS)
        if not self.rate:
            return here
        return AtKinks(setting.graph, {**values, **self._moved(here, values)}, bits=BITS)

    def _values(self, setting: Setting) -> dict[Node, Fraction] | None:
        """The value of each free letter; None where a letter is a number here, and another one at the point."""
        found: dict[Node, Fraction] = {}
        assert self.subject.point is not None
        for text, given in self.subject.point.items():
            places = _entries(setting.evaluator.value(self._tree(text), {}))
            numbers = [_fraction(one) for one in np.asarray(given, object).ravel()]
            if len(places) != len(numbers):
                raise NoPoint(f"{text} has {len(places)} entries, but {len(numbers)} numbers at the point")
            for node, number in zip(places, numbers, strict=True):
                if node.constant is not None and node.constant != number:
                    return None
                found |= {node: number} if node.kind == "atom" else {}
        return found

    def _moved(self, here: Enclosure, values: Mapping[Node, Fraction]) -> dict[Node, Fraction]:
        """The parameters after one step against the gradient."""
        setting, found = self.setting, {}
        loss = setting.evaluator.value(self._tree(self.subject.loss), {}).only
        for text in self.subject.parameters:
            for node in _entries(setting.evaluator.value(self._tree(text), {})):
                slope = here.of(setting.scene.total(loss, node))
                step = Fraction(self.rate) * _rational(slope)
                found[node] = values[node] - step
        return found

    def _tree(self, text: str) -> t.Node:
        return self.candidate.tree(formula(f"{text} = {text}").relations[0].left)

    # --- asking ---

    def entries(self, tree: t.Node) -> list[Node]:
        """The entries of a quantity, row by row."""
        return _entries(self.setting.evaluator.value(tree, {}))

    def entries_of(self, text: str) -> list[Node]:
        """The entries of a quantity in LaTeX."""
        return self.entries(self._tree(text))

    def shown(self, node: Node, printed: Printed, digits: int = DIGITS, exactly: bool = False) -> bool:
        """Whether a decimal is the number to within half a unit of its last digit, or `exactly`.

        0 is never a rounded number.  Raises `Undefined` where there is no value, as at a kink.
        """
        ball, value = self.enclosure.of(node), fmpq(printed.value.numerator, printed.value.denominator)
        exact = self.enclosure.exact(node)
        if exact is not None:
            off = abs(exact - printed.value)
            return off == 0 if exactly else off <= printed.half(digits)
        if exactly or not printed.value:
            return bool(ball.overlaps(arb(value))) and self._equal(node, printed.value)
        return within(ball, printed, digits)

    def equal(self, node: Node, printed: Printed) -> bool:
        """Whether a decimal is the number, and not only near it.  Raises as `shown` does."""
        return self.shown(node, printed, exactly=True)

    def _equal(self, node: Node, value: Fraction) -> bool:
        """Whether a node has a value exactly: balls cannot tell, the exact judge proves it of the point's numbers."""
        if self.rate:  # where a step of the gradient leads is known to many places only
            return False
        graph = self.setting.graph
        return NormalForm(graph).zero(self._settled(node) - graph.number(value)) is True

    def _settled(self, node: Node) -> Node:
        """A node with the point's numbers in it, and of cases the one that is met there."""
        setting, values = self._placed
        if node not in self._at_point:
            if node in values:
                found = setting.graph.number(values[node])
            elif node.kind == "named":
                found = self._settled(setting.graph.body(node))
            elif node.kind == "choose":
                found = self._settled(node.args[1 if self.enclosure.of(node.args[0]) > 0 else 2])
            else:
                found = rebuilt(setting.graph, node, tuple(map(self._settled, node.args)))
            self._at_point[node] = found
        return self._at_point[node]

    @cached_property
    def _at_point(self) -> dict[Node, Node]:
        """What was put into nodes."""
        return {}

    def length(self, nodes: list[Node], printed: Printed, digits: int) -> bool:
        """Whether a decimal is the Euclidean length of these entries."""
        return within(sum((self.enclosure.of(one) ** 2 for one in nodes), arb(0)).sqrt(), printed, digits)


def within(ball: Any, printed: Printed, digits: int) -> bool:
    """Whether all of a ball lies within half a unit of the last digit."""
    half = printed.half(digits)
    off = abs(arb(ball) - fmpq(printed.value.numerator, printed.value.denominator))
    return bool(off <= fmpq(half.numerator, half.denominator))


def _entries(value: Tensor) -> list[Node]:
    return [value[place] for place in value.places()]


def _fraction(number: Any) -> Fraction:
    """A float as the decimal that it is written as: 0.1 is 1/10."""
    return number if isinstance(number, Fraction) else Fraction(repr(float(number)))


def _rational(ball: Any) -> Fraction:
    """The middle of a ball as a decimal of many places."""
    return Fraction(arb(ball).mid().str(_STEPS, radius=False, more=True))


__all__ = ["BITS", "DIGITS", "Exact", "Imprecise", "NoPoint", "Undefined", "within"]
