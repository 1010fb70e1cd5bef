"""Labels: none lies on another or near one that stands askew, none leaves its sheet; their signs and their spaces."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from derive.emit.plain import plain
from derive.formula import Writer
from derive.layout import Box, Glyph, Row, Scripts
from derive.network import Network
from reports.document import Figure, walk
from reports.examples.command import told
from reports.figures.drawing import Drawing, Label
from reports.figures.flow import flow
from reports.figures.network import network_figure
from reports.figures.placing import Edge, Rectangle, overlap, place
from reports.figures.plot import Plot
from reports.html.runs import runs
from reports.measure import extent, letters
from tests.sheets import apart, labels, rectangle
from tests.test_figure_flow import columns_of

Corners = list[tuple[float, float]]
NEAR, HALF = 0.4, 0.45  # millimetres beside each other, and the share of the lower one, that are seen as one label


def faults(drawing: Drawing) -> Iterator[str]:
    """Labels on labels, labels whose upright frames overlap as in a browser, labels off the sheet."""
    shown = [(label, rectangle(label)) for label in labels(drawing)]
    for label, corners in shown:
        if not all(-0.01 <= x <= drawing.width + 0.01 and -0.01 <= y <= drawing.height + 0.01 for x, y in corners):
            yield f"{text(label)} leaves the sheet"
    for (one, first), (two, second) in combinations(shown, 2):
        if not apart(first, second) or run_together(first, second):
            yield f"{text(one)} lies on {text(two)}"


def text(label: Label) -> str:
    return label.content if isinstance(label.content, str) else plain(label.content)


def run_together(one: Corners, two: Corners) -> bool:
    (left, right, low, high), (other_left, other_right, other_low, other_high) = frame(one), frame(two)
    beside = min(right, other_right) - max(left, other_left)
    above = min(high, other_high) - max(low, other_low)
    return beside > NEAR and above > HALF * min(high - low, other_high - other_low)


def frame(corners: Corners) -> tuple[float, float, float, float]:
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), max(across), min(up), max(up)


DRAWN = {
    "2-3-1": ([2, 3, 1], "nielsen"),
    "3-4-2 of Bishop": ([3, 4, 2], "bishop"),
    "3-4-3-2": ([3, 4, 3, 2], "nielsen"),
    "of the course": ([3, 4, 3, 2], "ng"),
    "5-5-5": ([5, 5, 5], "goodfellow"),
    "6-4": ([6, 4], "augmented"),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_the_labels_of_a_network_stand_apart(name: str) -> None:
    """The second weight of 2-3-1 stood on its neighbour, and so did one of 3-4-2."""
    widths, notation = DRAWN[name]
    network = Network(widths)
    assert list(faults(network_figure(network, Writer(network, notation)))) == []


@pytest.mark.parametrize("name", ["small", "classes", "appended"])
def test_the_numbers_on_arrows_stand_apart(name: str) -> None:
    """0.1 and 0.2 on two arrows of 2-3-1 were one number."""
    drawing = flow(columns_of(name))
    assert drawing is not None
    assert list(faults(drawing)) == []


def test_the_losses_have_room_for_thousands() -> None:
    """10,000 at the end of an axis was cut by the edge."""
    figures = [block for section in told("losses").document.sections for block in walk(section.blocks)
               if isinstance(block, Figure)]  # fmt: skip
    seen = {text(label) for figure in figures for label in labels(figure.drawing)}
    assert "10,000" in seen
    assert [fault for figure in figures for fault in faults(figure.drawing)] == []


@given(some.floats(-1e6, 1e6), some.floats(1e-2, 1e6), some.floats(-1e6, 1e6), some.floats(1e-2, 1e6), some.booleans())
@settings(max_examples=40, deadline=None)
def test_the_numbers_of_any_axes_stay_on_the_sheet(x: float, wide: float, y: float, high: float, named: bool) -> None:
    words = "a name" if named else ""
    drawing = Plot((x, x + wide), (y, y + high), across=words, up=words).drawing()
    assert [fault for fault in faults(drawing) if "sheet" in fault or "a name" in fault] == []


def test_small_lies_are_noticed() -> None:
    network = Network([2, 3, 1])
    sound = network_figure(network, Writer(network, "nielsen"))
    weight = next(label for label in labels(sound) if label.angle)
    for lie in (Label(weight.at, "x"), Label((sound.width, 9), "x"), Label((1, sound.height - 0.5), "loss")):
        assert list(faults(Drawing(sound.width, sound.height, (*sound.marks, lie)))) != []


def test_air_between_labels_is_kept_or_nothing_is_placed() -> None:
    edges = [Edge((0, 0), (30, 0), 6, 3), Edge((0, 4), (30, 4), 6, 3)]
    found = place(edges, air=3.0)
    assert found is not None
    assert not overlap(found[0].grown(2.9), found[1])
    assert place([Edge((0, 0), (9, 0), 6, 3), Edge((0, 4), (9, 4), 6, 3)], air=3.0) is None
    assert place([Edge((0, 0), (30, 0), 6, 3)], [Rectangle(15, 0, 20, 1)]) is None


# Signs and spaces


MINUS, THREE, A, B = Glyph("-", "binary"), Glyph("3", "number"), Glyph("a"), Glyph("b")
COMMA, EQUALS = Glyph(",", "punctuation"), Glyph("=", "relation")
SPELLED: dict[str, tuple[Box, str]] = {
    "a negative number": (Row((MINUS, THREE), tight=True), "−3"),
    "a negative letter": (Row((MINUS, A)), "−a"),
    "a difference": (Row((A, MINUS, B)), "a\u2009−\u2009b"),
    "a negative factor behind a letter": (Row((A, Row((MINUS, THREE), tight=True))), "a−3"),
    "behind an equals sign": (Row((A, EQUALS, MINUS, B)), "a\u2005=\u2005−b"),
    "behind a comma": (Row((A, COMMA, MINUS, B)), "a,\u2009−b"),
    "letters with commas": (Row((A, COMMA, B)), "a,\u2009b"),
    "indices": (Scripts(A, sub=Row((A, COMMA, B), tight=True)), "aa,b"),
    "a difference as an index": (Scripts(A, sub=Row((A, MINUS, THREE), tight=True)), "aa−3"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPELLED)
def test_signs_have_their_spaces_in_a_drawing(name: str) -> None:
    box, spelled = SPELLED[name]
    assert "".join(run.text for run in runs(box)) == spelled


# Widths of Computer Modern in em, from the tables of the fonts cmsy10, cmr10 and cmmi10.
WIDTHS = {
    r"\mathcal{L}": 0.690, r"\mathcal{R}": 0.848, r"\mathcal{M}": 1.201, r"\operatorname{erf}": 1.14, r"\log": 1.28,
    r"\Sigma": 0.72, r"\zeta": 0.44, r"\approx": 0.78,
}  # fmt: skip


@pytest.mark.parametrize("name", WIDTHS)
def test_a_command_is_as_wide_as_what_it_stands_for(name: str) -> None:
    """ℒ was taken to be as wide as the eleven characters of its spelling."""
    found = extent(Glyph(name)).width
    assert WIDTHS[name] - 0.02 <= found <= WIDTHS[name] + 0.25


def test_a_minus_of_a_number_is_measured_without_space() -> None:
    number, difference = Row((MINUS, THREE), tight=True), Row((A, MINUS, THREE))
    assert extent(number).width == pytest.approx(0.78 + letters("3"))
    assert extent(difference).width > extent(A).width + extent(number).width + 0.4
