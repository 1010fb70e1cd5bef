"""Networks from 1-1 to 16-32-32-8 are drawn whole and legibly, wider ones abridged; all of it measured on the marks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from derive.emit.plain import plain
from derive.formula import Writer
from derive.network import Network
from reports.figures.beside import beside
from reports.figures.columns import Layout
from reports.figures.drawing import Circle, Drawing, Label, Line, Lines, Point
from reports.figures.network import network_figure
from reports.html.svg import svg_file
from reports.tex.drawing import drawing as tex
from reports.typst.drawing import drawing as typst
from tests.sheets import apart, labels, named, rectangle

BIAS_ONLY = {"bias_only": True, "activation": "tanh"}
LEAST = 5.0  # points
WIDEST, TALLEST = 160.0, 200.0  # millimetres; the caption takes 20 more
WHOLE = [
    Network([1, 1]),
    Network([2, 3, 1]),
    Network([3, 4, 3, 2]),
    Network([6, 6, 6]),
    Network([6, 6, 6], bias="appended"),
    Network([7, 7, 2]),
    Network([10, 10, 10]),
    Network([11, 17, 20, 1]),
    Network([4, 8, 16, 8, 4]),
    Network([32, 32]),
    Network([16, 32, 32, 8]),
    Network([16, 32, 32, 8], bias="appended"),
    Network([16, 32, 32, 8], bias="none"),
    Network([5, 20, 10], ["relu", "softmax"], "cross-entropy"),
    Network([32, BIAS_ONLY, 20]),
    Network([1, 32, 1]),
    Network([32] * 7),
]
ABRIDGED = [
    (Network([784, 30, 10]), True, False),
    (Network([33, 2]), True, False),
    (Network(["n", "m", 2]), True, False),
    (Network([2, 3, 3, 3, 3, 3, 3, 1]), False, True),
    (Network([40] * 9), True, True),
]
NOTATIONS = ("nielsen", "ng", "goodfellow", "augmented")


def drawn(network: Network, notation: str = "nielsen", **more) -> Drawing:
    return network_figure(network, Writer(network, notation), **more)


def circles(drawing: Drawing) -> list[Circle]:
    """Neurons, appended ones and the loss; dots for what is left out are smaller."""
    return [mark for mark in drawing.marks if isinstance(mark, Circle) and mark.radius > 0.5]


def neurons(network: Network) -> int:
    appended = sum(layer.bias == "appended" for layer in network.stack)
    return sum(network.widths) + appended


def depth_in(circle: Circle, point: Point) -> float:
    """How far a point lies inside a circle, in millimetres."""
    return circle.radius - hypot(point[0] - circle.centre[0], point[1] - circle.centre[1])


def beyond(circle: Circle, corners: list[Point]) -> bool:
    """Whether an upright rectangle and a circle have no point in common."""
    (left, low), (right, high) = corners[0], corners[2]
    nearest = min(max(circle.centre[0], left), right), min(max(circle.centre[1], low), high)
    return depth_in(circle, nearest) <= 0.05


def faults(drawing: Drawing) -> Iterator[str]:
    """What makes a drawing hard to read; nothing where it is legible."""
    if drawing.width > WIDEST or drawing.height > TALLEST:
        yield f"{drawing.width} by {drawing.height}"
    for one, two in combinations(circles(drawing), 2):
        if hypot(one.centre[0] - two.centre[0], one.centre[1] - two.centre[1]) <= one.radius + two.radius + 0.3:
            yield f"circles at {one.centre} and {two.centre} touch"
    boxes = [(label, rectangle(label)) for label in labels(drawing)]
    for label, corners in boxes:
        yield from (f"{label.content} {problem}" for problem in alone(label, corners, drawing))
    for (one, first), (two, second) in combinations(boxes, 2):
        near = abs(one.at[0] - two.at[0]) < 40 and abs(one.at[1] - two.at[1]) < 15
        if near and not apart(first, second):
            yield f"{one.content} lies on {two.content}"


def alone(label: Label, corners: list[Point], drawing: Drawing) -> Iterator[str]:
    """What is wrong with one label: too small, off the sheet, or across the rim of a neuron."""
    if label.size < LEAST:
        yield f"has {label.size} points"
    if not all(-0.5 <= x <= drawing.width + 0.5 and -0.5 <= y <= drawing.height + 0.5 for x, y in corners):
        yield "leaves the sheet"
    if label.angle:
        return
    for circle in circles(drawing):
        inside = depth_in(circle, label.at) > 0
        if min(depth_in(circle, corner) for corner in corners) < -0.3 if inside else not beyond(circle, corners):
            yield f"crosses the rim of the circle at {circle.centre}"


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("network", WHOLE, ids=named)
def test_a_network_is_drawn_whole_and_legibly(network, notation):
    drawing = drawn(network, notation)
    assert list(faults(drawing)) == []
    assert len(circles(drawing)) == neurons(network) + 1  # and the loss


@pytest.mark.parametrize(("network", "few", "flat"), ABRIDGED, ids=[named(row[0]) for row in ABRIDGED])
def test_what_is_wider_or_deeper_is_abridged_and_legible(network, few, flat):
    drawing = drawn(network)
    assert list(faults(drawing)) == []
    dots = [mark for mark in drawing.marks if isinstance(mark, Circle) and mark.radius <= 0.5]
    assert dots
    layout = Layout(network)
    assert (layout.neurons_left_out, layout.layers_left_out) == (few, flat)


@given(some.lists(some.integers(1, 32), min_size=2, max_size=5), some.sampled_from(["separate", "appended", "none"]))
@settings(max_examples=12, deadline=None)
def test_any_widths_up_to_32_are_legible(widths, bias):
    network = Network(widths, bias=bias)
    drawing = drawn(network)
    assert list(faults(drawing)) == []
    assert len(circles(drawing)) == neurons(network) + 1


def test_every_index_of_a_wide_layer_is_there_and_its_letters_over_it():
    texts = [
        label.content if isinstance(label.content, str) else plain(label.content)
        for label in labels(drawn(Network([16, 32, 32, 8])))
    ]
    assert all(texts.count(str(number)) >= 2 for number in range(1, 33))
    assert {"b²ⱼ, z²ⱼ, a²ⱼ", "b³ⱼ, z³ⱼ, a³ⱼ"} <= set(texts)


# A small lie is found


def test_the_measurements_find_what_is_illegible():
    sound = drawn(Network([2, 2]))
    far, beside_it, rim = Label((-9, 9), "x"), Label((6.5, 6.1), "input"), Label((6, 17.3 + 4.8), "x")
    for lie in (Label((30, 30), "x", size=4.9), far, beside_it, rim, Circle((12, 25), 4.8)):
        assert list(faults(Drawing(sound.width, sound.height, (*sound.marks, lie)))) != [], lie
    assert list(faults(Drawing(sound.width, 201, sound.marks))) != []


# Connections


def fans(drawing: Drawing, *colours: str) -> list[Lines]:
    return [mark for mark in drawing.marks if isinstance(mark, Lines) and mark.colour in colours]


def test_every_connection_is_a_line_and_the_followed_ones_lie_in_front():
    drawing = drawn(Network([16, 32, 32, 8]), trace=(2, 1))
    found = [len(fan.segments) for fan in fans(drawing, "pale", "faint", "path")]
    assert found == [16 * 32, 32 * 32, 31 * 8, 8]
    assert drawing.marks.index(fans(drawing, "path")[0]) > drawing.marks.index(fans(drawing, "pale")[-1])
    assert fans(drawing, "path")[0].width >= 4 * max(fan.width for fan in fans(drawing, "pale"))


@pytest.mark.parametrize("widths", [[32, 32], [16, 32, 32, 8], [32] * 7, [10, 10, 10], [784, 30, 10]])
def test_a_fan_leaves_paper_between_its_lines_or_is_pale(widths):
    for fan in fans(drawn(Network(widths)), "pale", "faint"):
        ends = [end for ends in fan.segments for end in ends]
        area = (max(x for x, _ in ends) - min(x for x, _ in ends)) * (max(y for _, y in ends) - min(y for _, y in ends))
        inked = fan.width * sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in fan.segments)
        assert inked <= (1.3 if fan.colour == "pale" else 0.6) * area


def test_a_thousand_lines_are_few_marks_and_small_files():
    drawing = drawn(Network([16, 32, 32, 8]), trace=(2, 1))
    assert len(drawing.marks) < 300
    for text in (svg_file(drawing, "t", "d"), tex(drawing), typst(drawing)):
        assert len(text.encode()) < 150_000


def test_each_printer_draws_each_line_of_a_style():
    fan = Lines((((0, 0), (10, 5)), ((0, 5), (10, 0)), ((1, 1), (2, 2))), "pale", 0.05)
    sheet = Drawing(20, 10, (fan,))
    assert tex(sheet).count(" l") == 3
    assert tex(sheet).count(r"\trace{0.05}{pale}") == 1
    assert 'd="M0 10L10 5M0 5L10 10M1 9L2 8"' in svg_file(sheet, "t", "d")
    assert typst(sheet).count("traces(") == 1
    assert "(1, 9), (2, 8)," in typst(sheet)
    (moved,) = beside([sheet, sheet], 1, 2.0).marks[:1]
    assert moved.segments[2] == ((1, 13), (2, 14))
    with pytest.raises(ValueError, match="at least one line"):
        Lines(())


# Less room


def test_a_page_with_less_room_gets_a_lower_drawing_and_in_the_end_an_abridged_one():
    network = Network([10, 12, 10])
    heights = [drawn(network, tallest=room).height for room in (182, 120, 90, 40)]
    assert heights == sorted(heights, reverse=True)
    assert all(height <= room for height, room in zip(heights, (182, 120, 90), strict=False))
    kept = [Layout(network, room).neurons_left_out for room in (182, 120, 90, 40)]
    assert kept == [False, False, False, True]
    assert all(not list(faults(drawn(network, tallest=room))) for room in (120, 90, 40))


def test_a_frame_of_softmax_holds_its_neurons_and_no_letters_over_them():
    drawing = drawn(Network([3, 20], "softmax", "cross-entropy"))
    (frame,) = (mark for mark in drawing.marks if isinstance(mark, Line) and mark.colour == "frame")
    (left, low), (right, high) = frame.points[0], frame.points[2]
    inside = [one for one in circles(drawing) if left < one.centre[0] < right]
    assert len(inside) == 20
    assert all(low <= one.centre[1] - one.radius and one.centre[1] + one.radius <= high for one in inside)
    over = [rectangle(label) for label in labels(drawing) if left < label.at[0] < right and label.at[1] > high]
    assert over
    assert all(y >= high for corners in over for _, y in corners)
