"""Section 6, the table of what flows forward and what comes back, a row for each neuron."""

from __future__ import annotations

from collections.abc import Sequence

from derive.formula import Writer, around
from derive.functions import Head, head
from derive.layout import Box
from derive.symbols import Array
from reports.chapter.arithmetic import Numbers
from reports.chapter.numbers import figure
from reports.chapter.story import Story
from reports.document import Column, Table
from reports.inline import Inline, Math, inline
from reports.meant import ValueOf
from reports.wording import say


def neurons(story: Story, numbers: Numbers) -> Table:
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
            for layer in range(1, story.depth + 1) for at in range(story.width(layer))]  # fmt: skip
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
    cells += [_number(story, story.network.array(role, layer), at) for role in ("z", "a")]
    kind = _slope_head(story, layer)
    if slopes:
        z = story.network.array("z", layer)[at + 1]
        arguments = story.network.stack[layer - 1].arguments()
        cells.append(_slope(story, numbers, kind(z, *arguments)) if kind is not None else ())
    for role, there in zip(("a", "z"), adjoints, strict=True):
        name = story.derivation.name(role, layer)
        if there:
            cells.append(_number(story, name, at) if name is not None else ())
    return tuple(cells)


def _number(story: Story, array: Array, at: int) -> Inline:
    """An entry of an array, which the self-check compares with its ball."""
    shown = figure(story.decimals.entry(array.name, (at,)))
    return inline(Math(shown, ValueOf(story.box(array[at + 1]))))


def _slope(story: Story, numbers: Numbers, one: Head) -> Inline:
    return inline(Math(figure(numbers.decimal_slope(one)), ValueOf(story.box(one))))
