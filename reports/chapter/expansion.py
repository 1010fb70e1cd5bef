"""Section 5, on request: entries without z, a and δ, in the inputs, the targets and the parameters alone.

σ and σ′ stay: written out within one another they would be fractions of fractions that nobody can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import prod

from sympy import Expr, Indexed, Sum

from derive.derivation import Derivation
from derive.symbols import Array, bound
from reports.chapter.story import MOST, Story
from reports.document import Block, Equation, Line, Paragraph
from reports.fitting import setting
from reports.wording import say

SMALLEST = 0.65  # the scale below which nobody reads a formula
MOST_LINES = 12
LARGEST = 600  # parts of an expanded entry; what is larger is not even expanded
MOST_SHOWN = 24

Pair = tuple[Expr, Expr]


@dataclass
class Size:
    """How many parts an entry has when every name in it is replaced, counted without replacing any."""

    derivation: Derivation
    known: dict[Array, int] = field(default_factory=dict)

    def of(self, expression: Expr) -> int:
        """The number of parts of an expression, its sums written out."""
        if isinstance(expression, Indexed):
            return self._array(expression.base)
        if isinstance(expression, Sum):
            width = prod(self.derivation.network.sizes[index.space.size] for index in bound(expression))
            return width * (1 + self.of(expression.function))
        return 1 + sum(self.of(part) for part in expression.args)

    def _array(self, array: Array) -> int:
        if array not in self.known:
            self.known[array] = self._named(array)
        return self.known[array]

    def _named(self, array: Array) -> int:
        if array.role in ("z", "a"):
            return self.of(self.derivation.definition(array.role, array.layer).claim.rhs)
        if array.role in ("delta", "g"):
            return self.of(self.derivation.index(array.role, array.layer).rhs)
        return 1


def expanded(story: Story, total: int) -> Iterator[Block]:
    """The first entries of each array that fit a page, of `total` gradients in all."""
    lines = list(_lines(story))[:MOST_SHOWN]
    if not lines:
        yield Paragraph(say("expanded-none"))
        return
    yield Paragraph(say("expanded"))
    for place, line in enumerate(lines, 1):
        yield Equation((line,), f"expanded-{place}")
    if len(lines) < total:
        yield Paragraph(say("expanded-some", count=f"{total - len(lines):,}", total=f"{total:,}"))


def _lines(story: Story) -> Iterator[Line]:
    size = Size(story.derivation)
    for array in reversed(story.network.parameters):
        claim = story.derivation.index(array.role, array.layer)
        entries = prod(story.network.sizes[space.size] for space in array.spaces)
        if size.of(claim.rhs) > LARGEST or entries > MOST:
            continue
        yield from _short(story, story.derivation.entries(array.role, array.layer))


def _short(story: Story, pairs: Sequence[Pair]) -> Iterator[Line]:
    expansion = replace(story.derivation.expanded, functions={}, done={})
    for left, right in pairs:
        line = Line(story.box(left), story.box(expansion(right)))
        set_as = setting(Equation((line,)))
        if set_as.scale >= SMALLEST and len(set_as.lines) <= MOST_LINES:
            yield line
