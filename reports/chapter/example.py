"""Section 6: the network at one point, forward and backward, with some of the arithmetic written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from derive.formula import Writer
from derive.layout import Box, Glyph, Row
from derive.symbols import Array
from reports.chapter.arithmetic import Numbers, calculation
from reports.chapter.neurons import neurons
from reports.chapter.numbers import DIGITS, column, figure
from reports.chapter.story import Story
from reports.chapter.summary import approximately, gradient_by, large, one_step, parameters_of
from reports.chapter.symbols import constants
from reports.document import Block, Equation, Line, Paragraph, Section
from reports.inline import Ref, inline
from reports.measure import width
from reports.wording import enumerated, say, sentences

WIDEST = 36.0  # em of equations side by side
EQUALS, APPROX = Glyph("=", "relation"), Glyph(r"\approx", "relation")
AND = Glyph(" and ", "text")


def example(story: Story) -> Section:
    """The section with numbers."""
    numbers = Numbers(story)
    body = _small(story, numbers) if story.small else large(story, numbers)
    return Section(say("numbers"), tuple(body), label="numbers")


def _small(story: Story, numbers: Numbers) -> Iterator[Block]:
    yield Paragraph(say("numbers-intro", digits=str(DIGITS)))
    yield from given_values(story)
    yield from _forward(story, numbers)
    yield from _backward(story, numbers)
    yield from _tables(story, numbers)
    yield from one_step(story)


def given_values(story: Story) -> Iterator[Block]:
    """The input and the targets, then the parameters layer by layer, each as it is."""
    point, network = story.examination.point, story.network
    plain = Writer(story.derivation, story.notation)
    ends = ((network.array("x", 0), point.x), (network.array("y", story.depth), point.y))
    yield from _side_by_side([(plain.box(array), EQUALS, column(value)) for array, value in ends])
    for layer in range(1, story.depth + 1):
        here = [array for array in parameters_of(story) if array.layer == layer]
        values = [(array, getattr(point, array.role)[layer - 1]) for array in here]
        yield from _side_by_side(
            [(plain.box(_stacked(story, array)), EQUALS, column(value)) for array, value in values]
        )
    if constants(story):
        listed = [inline(Row((story.box(one), EQUALS, figure(point.constants[str(one)])))) for one in constants(story)]
        key = "numbers-constants" if len(listed) > 1 else "numbers-constant"
        yield Paragraph(say(key, list=enumerated(listed)))


def _side_by_side(equations: Sequence[tuple[Box, Box, Box]]) -> Iterator[Equation]:
    """Equations on one line, as far as they fit."""
    lines_: list[list[tuple[Box, Box, Box]]] = []
    for one in equations:
        used = sum(width(Row(other)) + 2.5 for other in lines_[-1]) if lines_ else WIDEST
        if used + width(Row(one)) > WIDEST:
            lines_.append([])
        lines_[-1].append(one)
    for group in lines_:
        (left, sign, first), *rest = group
        more = [part for one in rest for part in (AND, *one)]
        yield Equation((Line(left, Row((first, *more)) if more else first, sign),), numbered=False)


def _stacked(story: Story, array: Array) -> Any:
    """[W b] for weights with the bias as last column, else the array."""
    if array.role == "W" and story.network.stack[array.layer - 1].bias == "appended":
        return story.derivation.forward("z", array.layer).rhs.args[0]
    return array


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
    loss = approximately(story.box(story.derivation.program.target), story.examination.loss)
    yield neurons(story, numbers)
    yield Paragraph(sentences(say("numbers-rest", table=Ref("tab:neurons")), say("numbers-loss", loss=loss)))
    for layer in range(1, story.depth + 1):
        here = [array for array in parameters_of(story) if array.layer == layer]
        yield from _side_by_side(
            [(gradient_by(story, array), APPROX, column(story.values[f"d{array.name}"])) for array in here]
        )
