"""Section 6 of a large network: lengths and first entries in place of all numbers; and what both kinds share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sympy import Indexed, Integer

from derive.layout import Box, Row
from derive.symbols import Array
from reports.chapter.arithmetic import Numbers, calculation
from reports.chapter.entries import MOST_TERMS
from reports.chapter.numbers import about, figure, flat
from reports.chapter.story import Story
from reports.document import Block, Column, Paragraph, Table, lines
from reports.inline import Inline, Ref, inline
from reports.wording import say


def large(story: Story, numbers: Numbers) -> Iterator[Block]:
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
        for array in parameters_of(story):
            if array.layer == layer:
                rows.append(_summary(flat(gradient_by(story, array)), story.values[f"d{array.name}"], story))
    columns = (
        Column(say("column-array")), Column(say("column-entries"), "right"), Column(say("column-length"), "right"),
        Column(say("column-first"), wrap=True),
    )  # fmt: skip
    yield Table(columns, tuple(rows), say("numbers-summary"), "tab:summary")
    yield from _one_sum(story, numbers)
    yield Paragraph(
        say("numbers-loss", loss=approximately(story.box(story.derivation.program.target), story.examination.loss))
    )
    yield from one_step(story)


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
        yield calculation(story, numbers, left, right)


def _summary(thing: Any, value: Any, story: Story) -> tuple[Inline, ...]:
    box = story.box(thing) if isinstance(thing, Array) else thing
    values = np.asarray(value, float).ravel()
    first = _with_commas(values[:3]) + (inline(", …") if len(values) > 3 else ())
    length = figure(float(np.sqrt(np.sum(values**2))), 4)
    return inline(box), inline(f"{values.size:,}"), inline(length), first


def _with_commas(values: Any) -> Inline:
    """Numbers with commas between them."""
    parts = [inline(figure(float(one), 4)) for one in values]
    return tuple(piece for place, part in enumerate(parts) for piece in ((*say("comma"), *part) if place else part))


def parameters_of(story: Story) -> list[Array]:
    """The parameters; a bias that is appended stands in its weights."""
    stack = story.network.stack
    return [one for one in story.network.parameters if one.role == "W" or stack[one.layer - 1].bias == "separate"]


def gradient_by(story: Story, array: Array) -> Box:
    """∂C/∂W as it stands on the left of its equation."""
    left = lines(story.box(story.derivation.matrix(array.role, array.layer)))[0].lhs
    assert left is not None
    return left


def approximately(left: Box, value: float) -> Inline:
    return inline(Row((left, about(value), figure(value))))


def one_step(story: Story) -> Iterator[Block]:
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
