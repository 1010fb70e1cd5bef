"""Section 5: the entries of the gradients for the network's own widths, all of a small network, some of a large one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr, Integer, Sum

from derive.layout import Box
from derive.symbols import bound
from reports.chapter.expansion import expanded
from reports.chapter.numbers import flat
from reports.chapter.story import MOST, Story
from reports.document import Block, Column, Equation, Line, Paragraph, Section, Table
from reports.inline import Inline, inline
from reports.wording import say

MOST_TERMS = 16  # of a sum that is written out

Pair = tuple[Expr, Expr]


def entries(story: Story) -> Section:
    """The section about entries."""
    total = sum(map(story.count, story.network.parameters))
    if story.small:
        blocks = [Paragraph(say("entries-all")), *_all(story)]
        title = say("entries")
    else:
        blocks, title = list(_some(story, total)), say("entries-some")
    more = expanded(story, total) if story.expand else ()
    return Section(title, (*blocks, *more), label="entries")


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
        roles = [role for role, at in _keys(story) if at == layer]
        short = [role for role in roles if _terms(story, story.derivation.index(role, layer).rhs) <= MOST_TERMS]
        left_out = left_out or len(short) < len(roles)
        pairs = [pair for role in short for pair in _chosen(story, role, layer, full and layer == smallest)]
        if pairs:
            yield _block(story, pairs, f"e-{layer}")
    if left_out:
        yield Paragraph(say("entries-too-long", most=str(MOST_TERMS)))


def _chosen(story: Story, role: str, layer: int, full: bool) -> Sequence[Pair]:
    return story.derivation.entries(role, layer) if full else _first(story, role, layer)


def _terms(story: Story, claimed: Expr) -> int:
    """The most terms that a sum in index form has when it is written out."""
    widths = story.network.sizes
    return max((widths[index.space.size] for one in claimed.atoms(Sum) for index in bound(one)), default=1)


def _size(story: Story, layer: int) -> int:
    """How many parameters a layer has."""
    return sum(story.count(array) for array in story.network.parameters if array.layer == layer)


def _first(story: Story, role: str, layer: int) -> list[Pair]:
    """The first entry of an array."""
    claim = story.derivation.index(role, layer)
    one = (1,) * len(claim.indices)
    values = dict(zip(claim.indices, one, strict=True))
    left = claim.lhs.xreplace({index: Integer(value) for index, value in values.items()})
    return [(left, story.derivation.entry(role, layer, *one))]
