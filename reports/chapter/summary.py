"""Section 6 of a large network: lengths and first entries in place of all numbers; and what both kinds share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
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
from reports.inline import Inline, Math, Ref, inline
from reports.meant import Measured, ValueOf
from reports.wording import say

DIGITS = 4  # of the numbers of a large network


def large(story: Story, numbers: Numbers) -> Iterator[Block]:
    """Lengths and first entries of every array; of a deep network those of the first and last layers."""
    yield Paragraph(say("numbers-large", table=Ref("tab:summary"), digits=str(DIGITS)))
    rows = []
    shown = shown_layers(story)
    rows.append(_summary(story, story.network.array("x", 0)))
    for layer in shown:
        for role in ("z", "a"):
            rows.append(_summary(story, story.network.array(role, layer)))
    rows.append(_summary(story, story.network.array("y", story.depth)))
    for layer in reversed(shown):
        name = story.derivation.name("z", layer)
        if name is not None:
            rows.append(_summary(story, name))
        for array in parameters_of(story):
            if array.layer == layer:
                rows.append(_summary(story, array, gradient_by(story, array)))
    columns = (
        Column(say("column-array")), Column(say("column-entries"), "right"), Column(say("column-length"), "right"),
        Column(say("column-first"), wrap=True),
    )  # fmt: skip
    yield Table(columns, tuple(rows), say("numbers-summary"), "tab:summary")
    yield from _one_sum(story, numbers)
    loss = approximately(story.box(story.derivation.program.target), story.decimals.loss)
    yield Paragraph(say("numbers-loss", loss=loss))


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


def _summary(story: Story, array: Array, gradient: Box | None = None) -> tuple[Inline, ...]:
    """How many entries an array has, or the gradient by it, their length, and the first of them."""
    name = array.name if gradient is None else f"d{array.name}"
    box, count = gradient or story.box(array), np.size(story.values[name])
    parts = [
        inline(Math(figure(one, DIGITS), ValueOf(box, place=place, digits=DIGITS)))
        for place, one in enumerate(story.decimals.first(name, 3))
    ]
    first = _with_commas(parts) + (inline(", …") if count > 3 else ())
    length = Math(figure(story.decimals.length(name), DIGITS), ValueOf(box, length=True, digits=DIGITS))
    return inline(flat(box)), inline(f"{count:,}"), inline(length), first


def _with_commas(parts: list[Inline]) -> Inline:
    """Numbers with commas between them."""
    return tuple(piece for place, part in enumerate(parts) for piece in ((*say("comma"), *part) if place else part))


def shown_layers(story: Story) -> list[int]:
    """The layers of which numbers are shown: all, or the first two and the last two of a deep network."""
    layers = range(1, story.depth + 1)
    return [layer for layer in layers if not story.deep or layer in (1, 2, story.depth - 1, story.depth)]


def stacked(story: Story, array: Array) -> Any:
    """[W b] for weights with the bias as last column, else the array."""
    if array.role == "W" and story.network.stack[array.layer - 1].bias == "appended":
        return story.derivation.forward("z", array.layer).rhs.args[0]
    return array


def parameters_of(story: Story) -> list[Array]:
    """The parameters; a bias that is appended stands in its weights."""
    stack = story.network.stack
    return [one for one in story.network.parameters if one.role == "W" or stack[one.layer - 1].bias == "separate"]


def gradient_by(story: Story, array: Array) -> Box:
    """∂C/∂W as it stands on the left of its equation."""
    left = lines(story.box(story.derivation.matrix(array.role, array.layer)))[0].lhs
    assert left is not None
    return left


def approximately(left: Box, value: Decimal) -> Inline:
    return inline(Row((left, about(value), figure(value))))


def one_step(story: Story) -> Iterator[Block]:
    """One step against the gradient, at a rate at which it helps."""
    point = story.examination.point
    before, target = story.examination.loss, story.box(story.derivation.program.target)
    for rate in ("1", "0.1", "0.01", "0.001"):
        moved = {
            role: [None if value is None else value - float(rate) * np.asarray(story.examination.gradients[role][place])
                   for place, value in enumerate(getattr(point, role))]
            for role in ("W", "b")
        }  # fmt: skip
        after, _ = story.engine({**moved, "constants": point.constants}, point.x, point.y)
        if after < before:
            numbers = {
                "rate": Math(figure(float(rate)), Measured(float(rate))),
                "before": Math(figure(story.decimals.loss), ValueOf(target)),
                "after": Math(figure(story.decimals.loss_after(rate, float(after))), ValueOf(target, rate)),
            }
            yield Paragraph(say("numbers-step", **numbers))
            return
