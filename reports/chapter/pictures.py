"""Figures of matrices: one pass in shapes (section 4), and weights, error signals and gradients as heat maps (6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np

from derive.layout import Box
from reports.chapter.numbers import figure, flat
from reports.chapter.printed import rounded_up
from reports.chapter.story import DEEP, Story
from reports.chapter.summary import gradient_by, parameters_of, shown_layers, stacked
from reports.document import Block, Figure, Paragraph
from reports.figures.heat import CLASSES, Heat, cell_for, heat_maps
from reports.figures.shapes import pass_rows, proportional, shapes
from reports.inline import Inline, Math, Ref, Text, inline
from reports.meant import Measured
from reports.wording import enumerated, say, sentences

TOLD_LAYERS = 3  # more weight layers have the figure of shapes with every detail only
ROW = 15.5  # millimetres of its rows
MOST_SIDE = 40  # rows or columns of a heat map: more squares than that are too many to look at
HIGH = 66.0  # millimetres of a figure of heat maps
LARGEST_CELL = 5.0
ROOT = 0.5  # of the gradients, which shrink from layer to layer, colours show the square roots

Map = tuple[Box, Any]


# One pass in shapes -------------------------------------------------------------------------------------------------


def pass_in_shapes(story: Story) -> Iterator[Block]:
    """The figure with its sentence, where shapes have something to teach; with every detail for all but 1-1."""
    turned = _turned(story)
    if not (turned and story.depth <= TOLD_LAYERS) and (
        story.detail != "full" or max(story.network.sizes.values()) < 2
    ):
        return
    groups = pass_rows(story.derivation)
    rows = [row for group in groups for row in group]
    sizes = story.derivation.sizes
    drawing = shapes(groups, story.writer, sizes, ("forward", "backward"), ROW * len(rows))
    caption = say("figure-shapes" if proportional(rows, sizes) else "figure-shapes-roots")
    yield Paragraph(_shapes_told(story, turned))
    words = _words(say("figure-shapes-alternative", rows=str(len(rows))))
    yield Figure(drawing, sentences(caption, say("shapes-some") if story.deep else ()), words, "fig:shapes")


def _shapes_told(story: Story, turned: int) -> Inline:
    if not turned:
        return say("shapes-told", figure=Ref("fig:shapes"))
    return say("shapes-turned", figure=Ref("fig:shapes"), w=story.array("W", turned))


def _turned(story: Story) -> int:
    """The last layer whose weights, not square, are transposed on the way back; 0 where there is none."""
    layers = (
        layer for layer in range(story.depth, 1, -1)
        if not story.network.stack[layer - 1].bias_only and story.width(layer) != story.width(layer - 1)
    )  # fmt: skip
    return next(layers, 0)


# Heat maps ----------------------------------------------------------------------------------------------------------


def heat(story: Story) -> Iterator[Block]:
    """Two figures with their sentence: the weights, and what comes back; nothing for numbers that are not finite."""
    weights, gradients = _weights(story), _gradients(story)
    values = [value for _, value in (*weights, *gradients)]
    if not weights or not all(np.isfinite(one).all() for one in values) or max(one.size for one in values) < 2:
        return
    if not _largest(gradients):
        return
    holes = {"weights": Ref("fig:weights"), "gradients": Ref("fig:gradients")}
    yield Paragraph(sentences(say("heat-told", **holes), _pale(gradients)))
    parts = _left_out(story, values)
    yield _maps("weights", weights, 1.0, say("figure-weights"), parts)
    least = _rounded_down(_white(gradients))
    caption = say("figure-gradients", least=Math(figure(least, 2), Measured(float(least))))
    yield _maps("gradients", gradients, ROOT, caption, parts)


def _weights(story: Story) -> list[Map]:
    """The weights of each layer with their letter, as the example gives them; [W b] where the bias is appended."""
    layers = shown_layers(story)
    arrays = [one for one in parameters_of(story) if one.role == "W" and one.layer in layers]
    return [(story.box(stacked(story, one)), np.asarray(story.examination.point.W[one.layer - 1])) for one in arrays]


def _gradients(story: Story) -> list[Map]:
    """The error signal of each layer and the gradient by its weights, from the loss backwards."""
    found: list[Map] = []
    for layer in reversed(shown_layers(story)):
        name = story.derivation.name("z", layer)
        if name is not None:
            found.append((story.box(name), np.asarray(story.values[name.name])[:, None]))
        found += [(flat(gradient_by(story, one)), np.asarray(story.values[f"d{one.name}"]))
                  for one in parameters_of(story) if one.layer == layer and one.role == "W"]  # fmt: skip
    return found


def _maps(name: str, maps: Sequence[Map], power: float, caption: Inline, parts: Inline) -> Figure:
    """The maps, of large ones the first rows and columns, in cells as large as fit."""
    shown = [Heat(value[:MOST_SIDE, :MOST_SIDE].tolist(), box) for box, value in maps]
    sizes = ", ".join(f"{one.rows} × {one.columns}" for one in shown)
    drawing = heat_maps(shown, _largest(maps) or None, cell_for(shown, HIGH, LARGEST_CELL), power=power)
    words = _words(say(f"figure-{name}-alternative", sizes=sizes))
    return Figure(drawing, sentences(caption, parts), words, f"fig:{name}")


def _white(gradients: Sequence[Map]) -> float:
    """What is smaller than this is white: the first class of the colours ends there."""
    return _largest(gradients) * (1 / CLASSES) ** (1 / ROOT)


def _rounded_down(value: float) -> Decimal:
    """So that what is smaller than the printed number is smaller than the number."""
    return Context(prec=2, rounding=ROUND_FLOOR).create_decimal(Decimal(value))


def _largest(maps: Sequence[Map]) -> float:
    return max(float(np.abs(value).max()) for _, value in maps)


def _left_out(story: Story, values: Sequence[Any]) -> Inline:
    """What the figures leave out: rows and columns, and layers."""
    wide = any(max(one.shape) > MOST_SIDE for one in values)
    first = say("heat-first", most=str(MOST_SIDE)) if wide else ()
    return sentences(first, say("heat-layers") if story.deep else ())


def _pale(gradients: Sequence[Map]) -> Inline:
    """Which of the maps stay white, being too small for the scale that all share."""
    least = _white(gradients)
    white = [(box, float(np.abs(value).max())) for box, value in gradients if np.abs(value).max() < least]
    if not white:
        return ()
    listed = enumerated([inline(box) for box, _ in white])
    most = max(value for _, value in white)
    return say("heat-pale", list=listed, most=Math(figure(rounded_up(most, 2), 2), Measured(most, bound=True)))


def _words(pieces: Inline) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


assert DEEP == 5, "`shapes-some` says which layers `pass_rows` shows of a network with more"
