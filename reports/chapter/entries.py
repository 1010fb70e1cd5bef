"""Section 5: the entries of the gradients for the network's own widths, all of a small network, some of a large one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Add, Expr, Integer

from derive.layout import Box
from reports.chapter.numbers import flat
from reports.chapter.opening import amounts
from reports.chapter.story import MOST, Story
from reports.document import Block, Column, Equation, Line, Paragraph, Section, Table
from reports.inline import Inline, inline
from reports.measure import extent
from reports.wording import say

MOST_TERMS = 16  # of a sum that is written out
WIDEST = 360.0  # em of one expanded entry, about ten lines
MOST_EXPANDED = 24

Pair = tuple[Expr, Expr]


def entries(story: Story) -> Section:
    """The section about entries."""
    found = amounts(story)
    if found is None:
        return Section(say("entries"), (Paragraph(say("entries-letters")),), label="entries")
    total = sum(found.values())
    if story.small or total <= MOST:
        blocks = [Paragraph(say("entries-all")), *_all(story)]
        title = say("entries")
    else:
        blocks, title = list(_some(story, total)), say("entries-some")
    return Section(title, (*blocks, *_expanded(story)), label="entries")


def _keys(story: Story) -> Iterator[tuple[str, int]]:
    """Every array with a name or a gradient, from the loss backwards."""
    for layer in range(story.depth, 0, -1):
        if _named_adjoint(story, layer):
            yield "g", layer
        yield "delta", layer
        for array in story.network.parameters:
            if array.layer == layer:
                yield array.role, layer


def _named_adjoint(story: Story, layer: int) -> bool:
    return story.derivation.has("a", layer) and story.derivation.name("a", layer) is not None


def _block(story: Story, pairs: Sequence[Pair], label: str, reason: Inline = ()) -> Equation:
    found = [line for left, right in pairs for line in (Line(story.box(left), story.box(right)),)]
    return Equation(tuple(found), label, reason)


def _all(story: Story) -> Iterator[Block]:
    yield Paragraph(say("entries-errors"))
    for role, layer in _keys(story):
        if role in ("g", "delta"):
            yield _block(story, story.derivation.entries(role, layer), f"e-{role}-{layer}")
    for layer in range(story.depth, 0, -1):
        yield from _gradients(story, layer)
    yield Paragraph(say("entries-input"))
    yield _block(story, story.derivation.entries("x"), "e-x-0")


def _gradients(story: Story, layer: int) -> Iterator[Block]:
    """The gradients of a layer in a table with a row for each neuron that is led to; the bias in the last column."""
    network = story.network
    roles = [role for role in ("W", "b") if story.derivation.has(role, layer)]
    if not roles:
        return
    cells = [[story.box(right) for _, right in _by_row(story, role, layer)] for role in roles]
    rows, sources = network.sizes[network.spaces[layer].size], network.sizes[network.spaces[layer - 1].size]
    columns = [Column(say("column-to"), "right")]
    columns += [Column(inline(str(k)), "centre") for k in range(1, sources + 1)] if "W" in roles else []
    columns += [Column(say("column-bias"), "centre")] if "b" in roles else []
    found: list[tuple[Inline, ...]] = []
    for j in range(rows):
        parts = [
            box
            for role, boxes in zip(roles, cells, strict=True)
            for box in _row(boxes, j, sources if role == "W" else 1)
        ]
        found.append((inline(str(j + 1)), *(inline(box) for box in parts)))
    yield Table(tuple(columns), tuple(found), _caption(story, layer, roles), f"e-gradients-{layer}")


def _by_row(story: Story, role: str, layer: int) -> Sequence[Pair]:
    return story.derivation.entries(role, layer)


def _row(boxes: Sequence[Box], row: int, count: int) -> Sequence[Box]:
    return boxes[row * count : (row + 1) * count]


def _caption(story: Story, layer: int, roles: Sequence[str]) -> Inline:
    names = {role: flat(story.box(story.derivation.index(role, layer).lhs)) for role in roles}
    if "W" not in names:
        return say("table-entries-bias-only", bias=names["b"])
    if "b" not in names:
        return say("table-entries", gradient=names["W"])
    return say("table-entries-bias", gradient=names["W"], bias=names["b"])


# Large networks -----------------------------------------------------------------------------------------------------


def _some(story: Story, total: int) -> Iterator[Block]:
    """All entries of the smallest layer, if it is small, and the first entry of each other array."""
    sizes = {layer: _size(story, layer) for layer in range(1, story.depth + 1)}
    smallest = min((layer for layer in sizes if sizes[layer]), key=lambda layer: (sizes[layer], -layer))
    full = sizes[smallest] <= MOST // 2
    if full:
        yield Paragraph(say("entries-smallest", total=f"{total:,}", layer=story.layers([smallest])))
    else:
        yield Paragraph(say("entries-few", total=f"{total:,}"))
    ends = (1, 2, story.depth - 1, story.depth, smallest)
    left_out = False
    for layer in range(story.depth, 0, -1):
        if story.deep and layer not in ends:
            continue
        pairs = [
            pair
            for role, at in _keys(story)
            if at == layer
            for pair in _chosen(story, role, layer, full and layer == smallest)
        ]
        short = [pair for pair in pairs if _terms(pair[1]) <= MOST_TERMS]
        left_out = left_out or len(short) < len(pairs)
        if short:
            yield _block(story, short, f"e-{layer}")
    if left_out:
        yield Paragraph(say("entries-too-long", most=str(MOST_TERMS)))


def _chosen(story: Story, role: str, layer: int, full: bool) -> Sequence[Pair]:
    return story.derivation.entries(role, layer) if full else _first(story, role, layer)


def _terms(expression: Expr) -> int:
    """The most terms of a sum inside."""
    return max((len(one.args) for one in expression.atoms(Add)), default=1)


def _size(story: Story, layer: int) -> int:
    """How many parameters a layer has."""
    found = 0
    for array in story.network.parameters:
        if array.layer == layer:
            count = 1
            for space in array.spaces:
                count *= story.network.sizes[space.size]
            found += count
    return found


def _first(story: Story, role: str, layer: int) -> list[Pair]:
    """The first entry of an array."""
    claim = story.derivation.index(role, layer)
    one = (1,) * len(claim.indices)
    values = dict(zip(claim.indices, one, strict=True))
    left = claim.lhs.xreplace({index: Integer(value) for index, value in values.items()})
    return [(left, story.derivation.entry(role, layer, *one))]


# Expanded -----------------------------------------------------------------------------------------------------------


def _expanded(story: Story) -> Iterator[Block]:
    """The entries in inputs, targets and parameters alone, those that fit a page."""
    if not story.expand:
        return
    pairs = [pair for array in story.network.parameters for pair in _candidates(story, array.role, array.layer)]
    total = sum(_size(story, layer) for layer in range(1, story.depth + 1))
    shown: list[Line] = []
    for left, right in pairs[:MOST_EXPANDED]:
        full = story.derivation.expanded(right)
        if full.count_ops() <= 400:
            box = story.box(full)
            if extent(box, True).width <= WIDEST:
                shown.append(Line(story.box(left), box))
    if not shown:
        yield Paragraph(say("expanded-none"))
        return
    yield Paragraph(say("expanded"))
    for place, line in enumerate(shown):
        yield Equation((line,), f"expanded-{place + 1}")
    if len(shown) < total:
        yield Paragraph(say("expanded-some", count=f"{total - len(shown):,}", total=f"{total:,}"))


def _candidates(story: Story, role: str, layer: int) -> Sequence[Pair]:
    if _size(story, layer) <= MOST:
        return story.derivation.entries(role, layer)
    return _first(story, role, layer)
