"""Section 6: the network at one point, forward and backward, with some of the arithmetic written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from derive.formula import Writer
from derive.layout import Box, Glyph, Row
from derive.symbols import Array
from reports.chapter.arithmetic import Numbers, calculation
from reports.chapter.computation import computation
from reports.chapter.neurons import neurons
from reports.chapter.numbers import DIGITS, about, about_all, column, figure
from reports.chapter.pictures import heat
from reports.chapter.printed import exact_decimal
from reports.chapter.story import Story
from reports.chapter.summary import approximately, gradient_by, large, one_step, parameters_of, stacked
from reports.chapter.symbols import constants
from reports.document import Block, Equation, Line, Paragraph, Section
from reports.fitting import setting
from reports.inline import Ref, inline
from reports.wording import enumerated, say, sentences

AND = Glyph(" and ", "text")


def example(story: Story) -> Section:
    """The section with numbers."""
    numbers = Numbers(story)
    body = _small(story, numbers) if story.small else _large(story, numbers)
    return Section(say("numbers"), tuple(body), label="numbers")


def _small(story: Story, numbers: Numbers) -> Iterator[Block]:
    yield Paragraph(say("numbers-intro", digits=str(DIGITS)))
    yield from given_values(story)
    yield from _forward(story, numbers)
    yield from _backward(story, numbers)
    yield from _tables(story, numbers)
    yield from computation(story, numbers)
    if story.detail == "full":
        yield from heat(story)
    yield from one_step(story)


def _large(story: Story, numbers: Numbers) -> Iterator[Block]:
    yield from large(story, numbers)
    yield from heat(story)
    yield from one_step(story)


def given_values(story: Story) -> Iterator[Block]:
    """The input and the targets, then the parameters layer by layer, each as it is."""
    point, network = story.examination.point, story.network
    plain = Writer(story.derivation, story.notation)
    ends = ((network.array("x", 0), point.x), (network.array("y", story.depth), point.y))
    yield from _side_by_side([_given(plain.box(array), value) for array, value in ends])
    for layer in range(1, story.depth + 1):
        here = [array for array in parameters_of(story) if array.layer == layer]
        values = [(array, getattr(point, array.role)[layer - 1]) for array in here]
        yield from _side_by_side([_given(plain.box(stacked(story, array)), value) for array, value in values])
    if constants(story):
        known = [(story.box(one), exact_decimal(point.constants[str(one)])) for one in constants(story)]
        listed = [inline(Row((letter, about(value), figure(value)))) for letter, value in known]
        key = "numbers-constants" if len(listed) > 1 else "numbers-constant"
        yield Paragraph(say(key, list=enumerated(listed)))


def _given(left: Box, values: Any) -> tuple[Box, Box, Box]:
    """Numbers that were chosen: as they are, or rounded where they have more digits than are printed."""
    exact = np.vectorize(exact_decimal, otypes=[object])(values)
    return left, about_all(exact), column(exact)


def _side_by_side(equations: Sequence[tuple[Box, Box, Box]]) -> Iterator[Equation]:
    """Equations on one line, as far as they fit: none is parted at the end of a line from its left side."""
    found: list[Equation] = []
    group: list[tuple[Box, Box, Box]] = []
    for one in equations:
        joined = _joined([*group, one])
        if group and _on_one_line(joined):
            group, found[-1] = [*group, one], joined
        else:
            group = [one]
            found.append(_joined(group))
    yield from found


def _joined(group: Sequence[tuple[Box, Box, Box]]) -> Equation:
    (left, sign, first), *rest = group
    more = [part for one in rest for part in (AND, *one)]
    return Equation((Line(left, Row((first, *more)) if more else first, sign),), numbered=False)


def _on_one_line(equation: Equation) -> bool:
    found = setting(equation)
    return len(found.lines) == 1 and found.scale == 1


def _forward(story: Story, numbers: Numbers) -> Iterator[Block]:
    yield Paragraph(say("numbers-forward", layer=story.layers([1])))
    for role in ("z", "a"):
        left, right = story.derivation.definitions(role, 1)[0]
        if role == "a":
            yield Paragraph(say("numbers-forward-then"))
        yield calculation(story, numbers, left, right)


def _backward(story: Story, numbers: Numbers) -> Iterator[Block]:
    layers = [story.depth] if story.depth == 1 else [story.depth, story.depth - 1]
    for place, layer in enumerate(layers):
        left, right = story.derivation.entries("delta", layer)[0]
        yield Paragraph(say("numbers-backward" if not place else "numbers-back", layer=story.layers([layer])))
        yield calculation(story, numbers, left, right)
    layer = layers[-1]
    role = "W" if story.derivation.has("W", layer) else "b"
    if story.derivation.has(role, layer):
        left, right = story.derivation.entries(role, layer)[0]
        yield Paragraph(say("numbers-weight" if role == "W" else "numbers-bias", layer=story.layers([layer])))
        yield calculation(story, numbers, left, right)


def _tables(story: Story, numbers: Numbers) -> Iterator[Block]:
    """z, a, σ′ and δ of every neuron in one table, then the gradients."""
    loss = approximately(story.box(story.derivation.program.target), story.decimals.loss)
    if story.network.widths[1:] == (1,):  # all its numbers stand above
        yield Paragraph(say("numbers-loss", loss=loss))
    else:
        yield neurons(story, numbers)
        yield Paragraph(sentences(say("numbers-rest", table=Ref("tab:neurons")), say("numbers-loss", loss=loss)))
    for layer in range(1, story.depth + 1):
        here = [array for array in parameters_of(story) if array.layer == layer]
        yield from _side_by_side([_gradient(story, array) for array in here])


def _gradient(story: Story, array: Array) -> tuple[Box, Box, Box]:
    values = story.decimals.array(f"d{array.name}")
    return gradient_by(story, array), about_all(values), column(values)
