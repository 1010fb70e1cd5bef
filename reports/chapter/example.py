"""Section 6: the network at one point, forward and backward, with some of the arithmetic written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sympy import Expr, Indexed, Integer

from derive.formula import Writer, around
from derive.functions import Head, head
from derive.layout import Box, Coloured, Glyph, Row
from derive.symbols import Array, Scalar
from reports.chapter.entries import MOST_TERMS
from reports.chapter.numbers import DIGITS, about, column, evaluate, figure, flat, with_numbers
from reports.chapter.opening import amounts, constants
from reports.chapter.story import Story
from reports.document import Block, Column, Equation, Line, Paragraph, Section, Table, lines
from reports.inline import Inline, Ref, inline
from reports.measure import width
from reports.wording import enumerated, say, sentences

WIDEST = 34.0  # em of equations side by side
EQUALS, APPROX = Glyph("=", "relation"), Glyph(r"\approx", "relation")
AND = Glyph(" and ", "text")


class Numbers:
    """The values of every quantity at the examined point."""

    def __init__(self, story: Story) -> None:
        self.story, self.point = story, story.examination.point

    def value(self, expression: Expr) -> float:
        """The value of an entry such as w²₁₁ or δ³₁, or of a slope σ′(z²₁)."""
        if isinstance(expression, Indexed):
            return float(self.story.values[expression.base.name][tuple(int(i) - 1 for i in expression.indices)])
        return float(self.point.constants[str(expression)])

    def substituted(self, expression: Expr) -> Box:
        """The expression with numbers in place of letters, slopes with their values."""
        story = self.story
        known = {}
        for entry in expression.atoms(Indexed):
            known[story.box(entry)] = _tinted(story, entry, figure(self.value(entry)))
        for one in expression.atoms(Head):
            if one.order == 1 and isinstance(one.args[0], Indexed):
                known[story.box(one)] = figure(self.slope(one))
        for scalar in constants(story):
            known[story.box(scalar)] = figure(self.value(scalar))
        return with_numbers(story.box(expression), known)

    def slope(self, head: Head) -> float:
        """σ′ at the value of a pre-activation, from its closed form; σ itself is the stored activation."""
        entry = head.args[0]
        claim = next(step.claim for step in self.story.derivation.steps
                     if step.rule == "closed-form" and type(step.claim.lhs) is type(head)
                     and step.claim.lhs.args[1:] == head.args[1:])  # fmt: skip
        stored = self.story.network.array("a", entry.base.layer)[entry.indices]

        def known(expression: Expr) -> float | None:
            if expression == claim.lhs.args[0]:
                return self.value(entry)
            if isinstance(expression, Head):
                return self.value(stored)
            return self.value(expression) if isinstance(expression, Scalar) else None

        return evaluate(claim.rhs, known)


def _tinted(story: Story, entry: Expr, box: Box) -> Box:
    colour = story.colours.get(entry.base)
    return box if colour is None else Coloured(box, colour)


def example(story: Story) -> Section:
    """The section with numbers."""
    found = amounts(story)
    if found is None:
        return Section(say("numbers"), (Paragraph(say("numbers-letters")),), label="numbers")
    numbers = Numbers(story)
    body = _small(story, numbers) if story.small else _large(story, numbers)
    return Section(say("numbers"), tuple(body), label="numbers")


# Small networks -----------------------------------------------------------------------------------------------------


def _small(story: Story, numbers: Numbers) -> Iterator[Block]:
    yield Paragraph(say("numbers-intro", digits=str(DIGITS)))
    yield from _given(story)
    yield from _forward(story, numbers)
    yield from _backward(story, numbers)
    yield from _tables(story, numbers)
    yield from _step(story)


def _given(story: Story) -> Iterator[Block]:
    """The input and the targets, then the parameters layer by layer, each as it is."""
    point, network = story.examination.point, story.network
    plain = Writer(story.derivation, story.notation)
    ends = ((network.array("x", 0), point.x), (network.array("y", story.depth), point.y))
    yield from _side_by_side([(plain.box(array), EQUALS, column(value)) for array, value in ends])
    for layer in range(1, story.depth + 1):
        here = [array for array in _parameters(story) if array.layer == layer]
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


def _parameters(story: Story) -> list[Array]:
    """The parameters; a bias that is appended stands in its weights."""
    stack = story.network.stack
    return [one for one in story.network.parameters if one.role == "W" or stack[one.layer - 1].bias == "separate"]


def _stacked(story: Story, array: Array) -> Any:
    """[W b] for weights with the bias as last column, else the array."""
    if array.role == "W" and story.network.stack[array.layer - 1].bias == "appended":
        return story.derivation.forward("z", array.layer).rhs.args[0]
    return array


def _calculation(story: Story, numbers: Numbers, left: Expr, right: Expr) -> Equation:
    """left = right = right with numbers ≈ value."""
    box = story.box(right)
    shown = [Line(story.box(left), box)]
    put, value = numbers.substituted(right), _value(numbers, left)
    if put not in (box, figure(value), *(Coloured(figure(value), colour) for colour in story.colours.values())):
        shown.append(Line(None, put))
    shown.append(Line(None, figure(value), about(value)))
    return Equation(tuple(shown), numbered=False)


def _value(numbers: Numbers, left: Expr) -> float:
    values = numbers.story.values
    if isinstance(left, Indexed):
        return numbers.value(left)
    at = left.denominator
    found = values.get(f"d{at.base.name}")
    place = tuple(int(i) - 1 for i in at.indices)
    if found is None:  # a bias that is appended to its weights
        return float(values[f"dW{at.base.layer}"][(*place, -1)])
    return float(found[place])


def _forward(story: Story, numbers: Numbers) -> Iterator[Block]:
    yield Paragraph(say("numbers-forward", layer=story.layers([1])))
    for role in ("z", "a"):
        left, right = story.derivation.definitions(role, 1)[0]
        if role == "a":
            yield Paragraph(say("numbers-forward-then"))
        yield _calculation(story, numbers, left, right)


def _backward(story: Story, numbers: Numbers) -> Iterator[Block]:
    layers = [story.depth] if story.depth == 1 else [story.depth, story.depth - 1]
    for place, layer in enumerate(layers):
        left, right = story.derivation.entries("delta", layer)[0]
        yield Paragraph(say("numbers-backward" if not place else "numbers-back", layer=story.layers([layer])))
        yield _calculation(story, numbers, left, right)
    layer = layers[-1]
    role = "W" if story.derivation.has("W", layer) else "b"
    if story.derivation.has(role, layer):
        left, right = story.derivation.entries(role, layer)[0]
        yield Paragraph(say("numbers-weight" if role == "W" else "numbers-bias", layer=story.layers([layer])))
        yield _calculation(story, numbers, left, right)


def _tables(story: Story, numbers: Numbers) -> Iterator[Block]:
    """z, a, σ′ and δ of every neuron in one table, then the gradients."""
    loss = _approximately(story.box(story.derivation.program.target), story.examination.loss)
    yield _neurons(story, numbers)
    yield Paragraph(sentences(say("numbers-rest", table=Ref("tab:neurons")), say("numbers-loss", loss=loss)))
    for layer in range(1, story.depth + 1):
        here = [array for array in _parameters(story) if array.layer == layer]
        yield from _side_by_side(
            [(_gradient_by(story, array), APPROX, column(story.values[f"d{array.name}"])) for array in here]
        )


def _gradient_by(story: Story, array: Array) -> Box:
    """∂C/∂W as it stands on the left of its equation."""
    left = lines(story.box(story.derivation.matrix(array.role, array.layer)))[0].lhs
    assert left is not None
    return left


def _neurons(story: Story, numbers: Numbers) -> Table:
    """One row for each neuron behind the input."""
    writer = story.relative(1) if story.depth > 1 else story.writer
    entry = story.derivation.program.entry
    z, a = (entry(story.network.array(role, 1)) for role in ("z", "a"))
    adjoints = [
        any(story.derivation.name(role, n) is not None for n in range(1, story.depth + 1)) for role in ("a", "z")
    ]
    heads = [Column(say("column-layer"), "right"), Column(say("column-neuron"), "right")]
    heads += [Column(inline(writer.box(one)), "right") for one in (z, a)]
    slopes = [layer for layer in range(1, story.depth + 1) if _slope_head(story, layer) is not None]
    if slopes:
        heads.append(Column(say("column-slope"), "right"))
    for role, there in zip(("g", "delta"), adjoints, strict=True):
        if there:
            heads.append(Column(inline(_signal(story, role)), "right"))
    rows = [_neuron(story, numbers, layer, at, bool(slopes), adjoints)
            for layer in range(1, story.depth + 1) for at in range(story.width(layer) or 0)]  # fmt: skip
    return Table(tuple(heads), tuple(rows), say("numbers-table"), "tab:neurons")


def _signal(story: Story, role: str) -> Box:
    """δ_j or γ_j with a letter for the layer."""
    source = {"g": "a", "delta": "z"}[role]
    layer = next(n for n in range(1, story.depth + 1) if story.derivation.name(source, n) is not None)
    plain = (
        Writer(story.derivation, story.notation, layer=around(layer - 1 + story.row.first))
        if story.depth > 1
        else story.writer
    )
    return plain.box(story.derivation.index(role, layer).lhs)


def _slope_head(story: Story, layer: int) -> type[Head] | None:
    """σ′ of a layer, where it has one."""
    value = story.derivation.definition("a", layer).claim.rhs
    return head(value.row.name, 1) if isinstance(value, Head) else None


def _neuron(
    story: Story, numbers: Numbers, layer: int, at: int, slopes: bool, adjoints: Sequence[bool]
) -> tuple[Inline, ...]:
    """The values of one neuron; a cell is empty where a layer has no such quantity."""
    cells = [inline(str(story.number(layer))), inline(str(at + 1))]
    cells += [inline(figure(float(story.values[f"{role}{layer}"][at]))) for role in ("z", "a")]
    kind = _slope_head(story, layer)
    if slopes:
        z = story.network.array("z", layer)[at + 1]
        arguments = story.network.stack[layer - 1].arguments()
        cells.append(inline(figure(numbers.slope(kind(z, *arguments)))) if kind is not None else ())
    for role, there in zip(("a", "z"), adjoints, strict=True):
        name = story.derivation.name(role, layer)
        if there:
            cells.append(inline(figure(float(story.values[name.name][at]))) if name is not None else ())
    return tuple(cells)


def _approximately(left: Box, value: float) -> Inline:
    return inline(Row((left, about(value), figure(value))))


def _step(story: Story) -> Iterator[Block]:
    """One step against the gradient, at a rate at which it helps."""
    point = story.examination.point
    before = story.examination.loss
    for rate in (1.0, 0.1, 0.01, 0.001):
        moved = {
            role: [None if value is None else value - rate * np.asarray(story.examination.gradients[role][place])
                   for place, value in enumerate(getattr(point, role))]
            for role in ("W", "b")
        }  # fmt: skip
        after, _ = story.engine({**moved, "constants": point.constants}, point.x, point.y)
        if after < before:
            yield Paragraph(say("numbers-step", rate=figure(rate), before=figure(before), after=figure(after)))
            return


# Large networks -----------------------------------------------------------------------------------------------------


def _large(story: Story, numbers: Numbers) -> Iterator[Block]:
    """Lengths and first entries of every array; of a deep network those of the first and last layers."""
    yield Paragraph(say("numbers-large", table=Ref("tab:summary"), digits="4"))
    rows = []
    layers = range(1, story.depth + 1)
    shown = [layer for layer in layers if not story.deep or layer in (1, 2, story.depth - 1, story.depth)]
    rows.append(_summary(story.network.array("x", 0), numbers.point.x, story))
    for layer in shown:
        for role in ("z", "a"):
            rows.append(_summary(story.network.array(role, layer), story.values[f"{role}{layer}"], story))
    rows.append(_summary(story.network.array("y", story.depth), numbers.point.y, story))
    for layer in reversed(shown):
        name = story.derivation.name("z", layer)
        if name is not None:
            rows.append(_summary(name, story.values[name.name], story))
        for array in _parameters(story):
            if array.layer == layer:
                rows.append(_summary(flat(_gradient_by(story, array)), story.values[f"d{array.name}"], story))
    columns = (
        Column(say("column-array")), Column(say("column-entries"), "right"), Column(say("column-length"), "right"),
        Column(say("column-first"), wrap=True),
    )  # fmt: skip
    yield Table(columns, tuple(rows), say("numbers-summary"), "tab:summary")
    yield from _one_sum(story, numbers)
    yield Paragraph(
        say("numbers-loss", loss=_approximately(story.box(story.derivation.program.target), story.examination.loss))
    )
    yield from _step(story)


def _one_sum(story: Story, numbers: Numbers) -> Iterator[Block]:
    """The error signal of one output, and what it makes of one weight, written out."""
    pairs = [("delta", story.depth, "numbers-backward"), ("W", story.depth, "numbers-weight")]
    for role, layer, key in pairs:
        if not story.derivation.has(role, layer):
            continue
        claim = story.derivation.index(role, layer)
        one = (1,) * len(claim.indices)
        right = story.derivation.entry(role, layer, *one)
        if len(right.atoms(Indexed)) > 2 * MOST_TERMS:
            return
        left = claim.lhs.xreplace({index: Integer(1) for index in claim.indices})
        yield Paragraph(say(key, layer=story.layers([layer])))
        yield _calculation(story, numbers, left, right)


def _summary(thing: Any, value: Any, story: Story) -> tuple[Inline, ...]:
    box = story.box(thing) if isinstance(thing, Array) else thing
    values = np.asarray(value, float).ravel()
    first = enumerated_numbers(values[:3]) + (inline(", …") if len(values) > 3 else ())
    length = figure(float(np.sqrt(np.sum(values**2))), 4)
    return inline(box), inline(f"{values.size:,}"), inline(length), first


def enumerated_numbers(values: Any) -> Inline:
    """Numbers with commas between them."""
    parts = [inline(figure(float(one), 4)) for one in values]
    return tuple(piece for place, part in enumerate(parts) for piece in ((*say("comma"), *part) if place else part))
