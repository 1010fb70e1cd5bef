"""The whole derivation on one page: the network drawn if there is room, the equations in a table, the checks.

What is on the page is chosen by estimated heights, so that it is one page whichever engine sets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sympy import Integer

from derive.layout import Box, Glyph
from reports.chapter.idle import remark
from reports.chapter.opening import network_drawing
from reports.chapter.result import Chosen, chosen, last_letter, layered, name_of, uniform, writer_of
from reports.chapter.shapes import shape
from reports.chapter.story import Story
from reports.chapter.verdict import rules_used
from reports.document import Block, Boxed, Bullets, Column, Equation, Figure, Paragraph, Section, Table, lines
from reports.figures.columns import TALLEST
from reports.figures.scaling import scaled
from reports.fitting import height, table_setting
from reports.inline import Inline, Math, inline
from reports.meant import Layered, Meant, Shapes
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
    layered: Layered | None = None
    shaped: Shapes = field(default_factory=Shapes)

    @property
    def meant(self) -> dict[str, Meant | None]:
        """What each of its formulas is, for the self-check."""
        return {"index": self.layered, "matrix": self.layered, "shapes": self.shaped}


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
        said = [say("brief-left-out", count=f"{left_out:,}")] if left_out else []
        said += [say("bp-names")] if any(row.name for row in rows) else []
        note = tuple(map(Paragraph, said))
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
        shapes = _any_shape(story, one) if one.general else shape(claim.shape, story.network.sizes, writer)
    name = name_of(story, one.role, layer)
    return _Entry(name, writer.box(index), writer.box(claim), shapes, layered(story, one), _shaped(story, one))


def _any_shape(story: Story, one: Chosen) -> Box:
    """The shape by letters, as the first of the layers has it: the last layer's width has a letter of its own, n."""
    layer = one.layers[-1]
    writer = writer_of(story, replace(one, layers=(layer,)))
    return shape(story.derivation.matrix(one.role, layer).shape, {}, writer)


def _shaped(story: Story, one: Chosen) -> Shapes:
    """What the shape of a row is, in each of the layers that it holds for."""
    known = {width: Integer(size) for width, size in story.network.sizes.items()}
    shapes = {layer: story.derivation.matrix(one.role, layer).shape for layer in one.layers}
    found = tuple((n, int(rows.xreplace(known)), int(columns.xreplace(known))) for n, (rows, columns) in shapes.items())
    letter = (last_letter(story) if _is_last(story, one) else "l") if one.general else ""
    return Shapes(found, letter)


def _is_last(story: Story, one: Chosen) -> bool:
    return one.role == "delta" and one.layers[0] == story.depth


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
        (*((inline(row.name),) if named else ()), *(inline(Math(getattr(row, key), row.meant[key])) for key in keys))
        for row in rows
    ]  # fmt: skip
    return Table(tuple(columns), tuple(cells), _caption(story))


def _stacked(story: Story, rows: Sequence[_Entry], both: bool) -> Boxed:
    """The equations under one another, each in both forms or in matrix form alone."""
    blocks = [
        Equation(
            (*(lines(row.index) if both else ()), *lines(row.matrix)),
            shapes=row.shapes, name=row.name, numbered=False, meant=row.layered,
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
    room -= _CAPTION + _LINE
    found = network_drawing(story, min(TALLEST, room))
    scale = next((one for one in SHRUNK if one * found.drawing.height <= room), 0.0)
    return replace(found, drawing=scaled(found.drawing, scale)) if scale else None


def _checks(story: Story) -> Bullets:
    proof, views = story.examination.proof, story.examination.views
    steps = say("brief-proof", steps=f"{proof.steps:,}", rules=rules_used(story))
    flat = remark(story)
    said = steps, say("brief-views", entries=f"{views.entries:,}"), _numbers(story)
    return Bullets((*said, flat) if flat else said)


def _numbers(story: Story) -> Inline:
    numbers = story.examination.numbers
    total = sum(row.entries for row in numbers.rows)
    failed = [row.name for row in numbers.rows if row.verdict == "failed"]
    if failed or numbers.failed:
        return say("brief-failed", arrays=", ".join(failed) or "E")
    if not numbers.ok or numbers.digits is None:
        return say("brief-kinks", entries=f"{total:,}")
    return say("brief-numbers", entries=f"{total:,}", digits=str(numbers.digits))
