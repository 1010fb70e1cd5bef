"""The whole derivation on one page: the network drawn if there is room, the equations in a table, the checks.

What is on the page is chosen by estimated heights, so that it is one page whichever engine sets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from derive.layout import Box, Glyph
from reports.chapter.opening import network_drawing
from reports.chapter.result import Chosen, chosen, last_letter, name_of, uniform, writer_of
from reports.chapter.shapes import shape
from reports.chapter.story import Story
from reports.chapter.verdict import rules_used
from reports.document import Block, Boxed, Bullets, Column, Equation, Figure, Paragraph, Section, Table, lines
from reports.figures.scaling import scaled
from reports.fitting import height, table_setting
from reports.inline import Inline, Math, inline
from reports.measure import extent
from reports.wording import say

PAGE = 243.0  # the height of the text in millimetres, a little kept back
EM = 10.95 * 25.4 / 72.27  # of the text's letters in millimetres
SMALLEST = 0.7  # the scale of a table below which equations under one another are read more easily
SHRUNK = (1.0, 0.9, 0.8)  # the scales of the figure that are tried
_HEAD = 56.0  # title, description, rule and the heading
_CAPTION = 16.0  # of a figure, with the space around both
_LINE = 5.6  # of running text


@dataclass(frozen=True)
class _Entry:
    """One row: its name, and the equation in both forms with the shapes of its factors."""

    name: str
    index: Box
    matrix: Box
    shapes: Box


def brief(story: Story) -> tuple[Section, ...]:
    """The page, as its one section."""
    parts, checks = chosen(story), _checks(story)
    room = PAGE - _HEAD - _LINE * (1 + 1.7 * len(checks.items))
    result = next((one for one in _settings(story, parts) if sum(map(_height, one)) <= room), ())
    drawn = _figure(story, room - sum(map(_height, result)))
    blocks = (*((drawn,) if drawn else ()), *result, checks)
    return (Section(say("result"), blocks, label="check"),)


def _settings(story: Story, parts: Sequence[Chosen]) -> Iterator[tuple[Block, ...]]:
    """Ways to show the result, the best first; the last ones leave out layers of a network with very many kinds."""
    for most in (len(parts), 18, 14, 10, 7, 5):
        shown, left_out = _shortened(parts, most)
        rows = [_entry(story, one) for one in shown]
        note = (Paragraph(say("brief-left-out", count=f"{left_out:,}")),) if left_out else ()
        for keys in (("index", "matrix", "shapes"), ("index", "matrix")):
            table = _table(story, rows, keys)
            if table_setting(table).scale >= SMALLEST:
                yield (table, *note)
        for both in (True, False):
            yield (_stacked(story, rows, both), *note)


def _shortened(parts: Sequence[Chosen], most: int) -> tuple[list[Chosen], int]:
    """All rows, or the first and the last of too many, and how many are left out."""
    if len(parts) <= most:
        return list(parts), 0
    return [*parts[: most - most // 2], *parts[-(most // 2) :]], len(parts) - most


def _entry(story: Story, one: Chosen) -> _Entry:
    writer, layer = writer_of(story, one), one.layers[0]
    claim = story.derivation.matrix(one.role, layer)
    index = story.derivation.index(one.role, layer)
    shapes = story.shapes(claim) if not one.general else None
    if shapes is None:
        shapes = shape(claim.shape, {} if one.general else story.network.sizes, writer)
    return _Entry(name_of(story, one.role, layer), writer.box(index), writer.box(claim), shapes)


# The result ---------------------------------------------------------------------------------------------------------


def _caption(story: Story) -> Inline:
    if not uniform(story):
        return say("brief-caption")
    last = say("result-last", last=Glyph(last_letter(story)))
    return say("brief-caption-general", l=Glyph("l"), last=last)


def _table(story: Story, rows: Sequence[_Entry], keys: Sequence[str]) -> Table:
    """A row for each claim; names such as BP2 stand in a column of their own where there are any."""
    named = any(row.name for row in rows)
    columns = [Column(say(f"brief-column-{key}")) for key in (*(("name",) if named else ()), *keys)]
    cells = [
        (*((inline(row.name),) if named else ()), *(inline(getattr(row, key)) for key in keys))
        for row in rows
    ]  # fmt: skip
    return Table(tuple(columns), tuple(cells), _caption(story))


def _stacked(story: Story, rows: Sequence[_Entry], both: bool) -> Boxed:
    """The equations under one another, each in both forms or in matrix form alone."""
    blocks = [
        Equation(
            (*(lines(row.index) if both else ()), *lines(row.matrix)),
            shapes=row.shapes, name=row.name, numbered=False,
        )
        for row in rows
    ]  # fmt: skip
    return Boxed(_caption(story), tuple(blocks))


def _height(block: Block) -> float:
    """About how high a block is, in millimetres; never too little."""
    match block:
        case Table():
            scale = table_setting(block).scale
            tall = (max(1.55, *(_tall(cell) for cell in cells)) for cells in block.rows)
            return scale * EM * (sum(tall) + 2.0) + 9.0
        case Boxed(blocks=blocks):
            return EM * sum(height(one) + 0.9 for one in blocks if isinstance(one, Equation)) + 20.0
        case _:
            return 2.5 * _LINE


def _tall(cell: Inline) -> float:
    return max((extent(piece.box).total + 0.15 for piece in cell if isinstance(piece, Math)), default=1.4)


# The figure and the checks ------------------------------------------------------------------------------------------


def _figure(story: Story, room: float) -> Figure | None:
    """The network as large as fits, if a legible size does."""
    found = network_drawing(story)
    scale = next((one for one in SHRUNK if one * found.drawing.height + _CAPTION + _LINE <= room), 0.0)
    return replace(found, drawing=scaled(found.drawing, scale)) if scale else None


def _checks(story: Story) -> Bullets:
    proof, views = story.examination.proof, story.examination.views
    steps = say("brief-proof", steps=f"{proof.steps:,}", rules=rules_used(story))
    return Bullets((steps, say("brief-views", entries=f"{views.entries:,}"), _numbers(story)))


def _numbers(story: Story) -> Inline:
    numbers = story.examination.numbers
    total = sum(row.entries for row in numbers.rows)
    failed = [row.name for row in numbers.rows if row.verdict == "failed"]
    if failed or numbers.failed:
        return say("brief-failed", arrays=", ".join(failed) or "E")
    if not numbers.ok or numbers.digits is None:
        return say("brief-kinks", entries=f"{total:,}")
    return say("brief-numbers", entries=f"{total:,}", digits=str(numbers.digits))
