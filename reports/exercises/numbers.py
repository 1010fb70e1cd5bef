"""Numbers of a sheet: what is computed by hand, forward and backward, to so many significant digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from derive.layout import Box, Glyph, Row, Scripts, row
from derive.symbols import Array
from reports.chapter.example import given_values
from reports.chapter.numbers import DOT, MINUS, figure, flat
from reports.chapter.story import Story
from reports.document import Column, PageBreak, Paragraph, Section, Table
from reports.exercises.sheet import Sheet
from reports.inline import Inline, Math, inline
from reports.meant import ValueOf
from reports.wording import say, sentences

DIGITS = 4
ROOM = 7.0  # em of a gap for a number
HIGHEST = 14  # rows of the table; more values stand in a third pair of columns


def numbers(story: Story, sheet: Sheet, kind: str) -> Section:
    """Numbers to be put in: forward, the loss, backward.

    `kind` says of what: the `same` network, a `small` one of its kind, or one with more neurons for a `dead` one.
    """
    widths = "-".join(map(str, story.network.widths))
    small = {} if kind == "same" else {"widths": widths}
    intro = sentences(say(f"sheet-numbers-{kind}", digits=str(DIGITS), **small), say("sheet-numbers-zeros"))
    cells = [
        (inline(flat(box)), sheet.gap(ROOM, Math(rounded(value), ValueOf(box, digits=DIGITS))))
        for box, value in _asked(story)
    ]
    return Section(
        say("sheet-numbers"),
        (Paragraph(intro), *given_values(story), _table(cells), PageBreak()),
        label="numbers",
    )


def _table(cells: Sequence[tuple[Inline, Inline]]) -> Table:
    """Quantities and values, down one pair of columns after the other."""
    beside = 2 if len(cells) <= 2 * HIGHEST else 3
    height = -(-len(cells) // beside)
    empty: tuple[Inline, Inline] = ((), ())
    filled = [*cells, *[empty] * (beside * height - len(cells))]
    rows = [tuple(one for cell in filled[at::height] for one in cell) for at in range(height)]
    return Table(tuple(Column(say(key)) for key in ("sheet-quantity", "sheet-value") * beside), tuple(rows))


def rounded(value: Decimal) -> Box:
    """A number to so many significant digits, the last zeros too: 0.8870; without them where it is exact: 2.06."""
    shown = f"{abs(value):.{DIGITS - 1}e}"
    digits, _, power = shown.partition("e")
    if not value.is_finite() or not value or Decimal(shown) == abs(value):
        return figure(value, DIGITS)
    if -4 <= int(power) < DIGITS:
        number: Box = Glyph(f"{abs(value):.{DIGITS - 1 - int(power)}f}", "number")
    else:
        above = f"{int(power)}".replace("-", "")
        raised = row([*([MINUS] if int(power) < 0 else []), Glyph(above, "number")], tight=True)
        number = Row((Glyph(digits, "number"), DOT, Scripts(Glyph("10", "number"), sup=raised)), tight=True)
    return Row((MINUS, number), tight=True) if value < 0 else number


def _asked(story: Story) -> Iterator[tuple[Box, Decimal]]:
    """z and a forward, the loss, then backward δ of each layer and the gradients by its parameters."""
    for layer in range(1, story.depth + 1):
        for role in ("z", "a"):
            array = story.network.array(role, layer)
            values = story.decimals.array(array.name)
            yield from ((story.box(array[j + 1]), value) for j, value in enumerate(values))
    yield story.box(story.derivation.program.target), story.decimals.loss
    for layer in range(story.depth, 0, -1):
        name = story.derivation.name("z", layer)
        if name is not None:
            yield from ((story.box(name[j + 1]), v) for j, v in enumerate(story.decimals.array(name.name)))
        for array in story.network.parameters:
            if array.layer == layer:
                yield from _gradients(story, array)


def _gradients(story: Story, array: Array) -> Iterator[tuple[Box, Decimal]]:
    if f"d{array.name}" in story.values:
        values = story.decimals.array(f"d{array.name}")
    else:  # a bias that is appended to its weights
        values = story.decimals.array(f"dW{array.layer}")[:, -1]
    for left, _ in story.derivation.entries(array.role, array.layer):
        place = tuple(int(index) - 1 for index in left.denominator.indices)
        yield story.box(left), values[place]
