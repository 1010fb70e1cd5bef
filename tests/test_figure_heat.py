"""Heat maps: the right colour in every cell, a scale that all readers can follow, nothing outside the sheet."""

from __future__ import annotations

import itertools
import random

import pytest

from derive.layout import Glyph
from reports.document import Document, Figure, Section
from reports.figures.beside import beside
from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line
from reports.figures.heat import Heat, heat_maps, shade
from reports.html import html
from reports.inline import inline
from reports.palette import PALETTE, SCALE, contrast, used
from reports.tex import tex
from reports.typst import typst

NAMES = list(SCALE)


def holds(line: Line, x: float, y: float) -> bool:
    across, up = [one[0] for one in line.points], [one[1] for one in line.points]
    return min(across) <= x <= max(across) and min(up) <= y <= max(up)


def colour_at(drawing: Drawing, x: float, y: float) -> str:
    """What is seen at a point: the last area that lies there."""
    areas = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.fill and holds(mark, x, y)]
    assert areas[-1].fill is not None
    return areas[-1].fill


def test_zero_is_white_and_the_ends_have_the_last_colours() -> None:
    assert [shade(one, 2.0) for one in (0, 2, -2, 9, -9)] == ["mild", "warm5", "cold5", "warm5", "cold5"]


def test_the_scale_grows_step_by_step_and_is_even_on_both_sides() -> None:
    seen = [shade(one / 1000, 1.0) for one in range(-1000, 1001)]
    assert list(dict.fromkeys(seen)) == NAMES
    counts = [seen.count(name) for name in NAMES]
    assert counts == counts[::-1]
    assert max(counts) - min(counts) <= 2


@pytest.mark.parametrize("seed", range(4))
def test_every_cell_has_the_colour_of_its_value(seed: int) -> None:
    dice = random.Random(seed)
    values = [[dice.choice((0.0, dice.gauss(0, 1))) for _ in range(7)] for _ in range(5)]
    drawing = heat_maps([Heat(values)], limit=1.5)
    frame = next(mark for mark in drawing.marks if isinstance(mark, Line) and mark.colour == "quiet" and not mark.fill)
    left, top = min(one[0] for one in frame.points), max(one[1] for one in frame.points)
    size = (max(one[0] for one in frame.points) - left) / 7
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            at = colour_at(drawing, left + (column + 0.5) * size, top - (row + 0.5) * size)
            assert at == NAMES[5 + max(-5, min(5, round(value / 1.5 * 5.5)))]


@pytest.mark.parametrize("count", [1, 2, 16, 40])
def test_nothing_leaves_the_sheet_and_no_maps_overlap(count: int) -> None:
    maps = [Heat([[float(n + m) for n in range(8)] for m in range(8)], Glyph("W")) for _ in range(count)]
    drawing = heat_maps(maps, cell=2.0, legend="weight")
    frames = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.colour == "quiet"]
    assert len(frames) == count + 1
    for mark in drawing.marks:
        points = mark.points if isinstance(mark, Line) else (mark.at,) if isinstance(mark, Label) else ()
        assert points
        assert all(-0.01 <= x <= drawing.width + 0.01 and -0.01 <= y <= drawing.height + 0.01 for x, y in points)
    corners = [(min(x for x, _ in one.points), min(y for _, y in one.points)) for one in frames]
    for place, (x, y) in enumerate(corners[:-1]):
        for a, b in corners[:place]:
            assert abs(x - a) >= 16 or abs(y - b) >= 16
    assert drawing.width <= 156


def test_a_map_of_zeros_is_drawn() -> None:
    drawing = heat_maps([Heat([[0.0, 0.0]])])
    assert {mark.fill for mark in drawing.marks[:1] if isinstance(mark, Line)} == {"mild"}


@pytest.mark.parametrize("values", [[], [[]], [[1.0], [1.0, 2.0]], [[float("nan")]], [[float("inf")]]])
def test_what_is_no_matrix_of_finite_numbers_is_refused(values: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="heat map"):
        Heat(values)


def test_no_maps_too_many_cells_and_a_wrong_limit_are_refused() -> None:
    with pytest.raises(ValueError, match="from one heat map on"):
        heat_maps([])
    with pytest.raises(ValueError, match="at most 40,000"):
        heat_maps([Heat([[1.0] * 300] * 300)])
    with pytest.raises(ValueError, match="above 0"):
        heat_maps([Heat([[1.0]])], limit=0.0)


# Colours


def test_the_shades_differ_and_darken_to_both_ends() -> None:
    paper = PALETTE["paper"]
    strength = [contrast(SCALE[name], paper) for name in NAMES]
    assert strength[:6] == sorted(strength[:6], reverse=True)
    assert strength[5:] == sorted(strength[5:])
    assert all(abs(one - other) > 0.1 for one, other in itertools.pairwise(strength))
    blue_over_red = [SCALE[name].blue - SCALE[name].red for name in NAMES]
    assert all(one > 0 for one in blue_over_red[:5]) and all(one < 0 for one in blue_over_red[6:])


def test_only_shades_that_occur_are_printed() -> None:
    assert {one.name for one in used("fill: warm3")} == {*PALETTE, "warm3"}
    assert {one.name for one in used("warm33 xcold1")} == set(PALETTE)


def test_every_printer_knows_the_colours_of_a_heat_map() -> None:
    drawing = heat_maps([Heat([[n / 5 for n in range(-5, 6)]])])
    section = Section(inline("A"), (Figure(drawing, inline("b"), "c"),))
    document = Document("T", (section,))
    for name, colour in SCALE.items():
        assert f"\\colour{{{name}}}" in tex(document)
        assert f'#let {name} = rgb("{colour.hexadecimal}")' in typst(document)
        assert html(document).count(f"--{name}: {colour.hexadecimal};") >= 2  # light and dark
        assert f"var(--{name})" in html(document)


# Side by side


def test_drawings_stand_side_by_side_in_rows() -> None:
    one = Drawing(10, 5, (Circle((1, 1), 0.5), Arrow((0, 0), (1, 1))))
    two = Drawing(20, 8, (Label((2, 3), "x"), Line(((0, 0), (1, 1)))))
    sheet = beside([one, two, one], 2, gap=1.0)
    assert (sheet.width, sheet.height) == (31.0, 14.0)
    centres = [mark.centre for mark in sheet.marks if isinstance(mark, Circle)]
    assert centres == [(1.0, 10.0), (1.0, 1.0)]
    assert [mark.at for mark in sheet.marks if isinstance(mark, Label)] == [(13.0, 9.0)]


def test_no_drawing_and_no_column_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        beside([], 2)
    with pytest.raises(ValueError, match="at least one"):
        beside([Drawing(1, 1, ())], 0)
