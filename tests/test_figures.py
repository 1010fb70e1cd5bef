"""Drawings: every symbol of a network is there, no label lies on another, nothing leaves the sheet; error curves."""

from __future__ import annotations

from math import cos, log10, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from derive.emit.plain import plain
from derive.formula import Writer
from derive.network import Network
from reports.figures.drawing import Arrow, Circle, Line, Lines
from reports.figures.error import BOTTOM, LEFT, RIGHT, TOP, Curve, Slope, error_figure
from reports.figures.network import network_figure
from reports.figures.paths import head, neck
from reports.figures.placing import Edge, Rectangle, overlap, place
from reports.palette import PALETTE
from tests.sheets import apart, labels, named, rectangle

NETWORKS = [
    Network([1, 1]),
    Network([2, 3, 1]),
    Network([3, 4, 3, 2]),
    Network([5, 4, 4, 3], ["sigmoid", "tanh", "softmax"], "cross-entropy"),
    Network([2, 2, 2, 2, 2, 1]),
    Network([5, 5, 5]),
    Network([5, 5, 5], bias="appended"),
    Network([3, 2, 2], bias="none"),
    Network([3, {"bias_only": True, "activation": "tanh"}, 2]),
    Network([784, 100, 40, 10]),
    Network(["n", "m", 2]),
    Network([2] * 12),
]
SMALL = NETWORKS[:8]


@pytest.mark.parametrize("notation", ["nielsen", "goodfellow"])
@pytest.mark.parametrize("network", NETWORKS, ids=named)
def test_no_label_lies_on_another(network, notation):
    boxes = [(label, rectangle(label)) for label in labels(network_figure(network, Writer(network, notation)))]
    touching = [
        (one.content, two.content)
        for place, (one, first) in enumerate(boxes)
        for two, second in boxes[:place]
        if not apart(first, second)
    ]
    assert touching == []


@pytest.mark.parametrize("network", SMALL, ids=named)
def test_every_symbol_of_a_small_network_is_placed(network):
    writer = Writer(network, "nielsen")
    seen = {
        plain(label.content) for label in labels(network_figure(network, writer)) if not isinstance(label.content, str)
    }
    expected = set()
    for layer, spec in enumerate(network.stack, 1):
        for j in range(1, network.widths[layer] + 1):
            roles = ("z", "a") if spec.bias == "none" else ("z", "a", "b")
            expected |= {plain(writer.box(network.array(role, layer)[j])) for role in roles}
            expected |= {
                plain(writer.box(network.array("W", layer)[j, k])) for k in range(1, network.widths[layer - 1] + 1)
            }
    assert expected <= seen


@pytest.mark.parametrize("network", NETWORKS, ids=named)
def test_nothing_leaves_the_sheet_and_every_colour_has_a_row(network):
    drawing = network_figure(network, Writer(network, "nielsen"), trace=(1, 1))
    points = [corner for label in labels(drawing) for corner in rectangle(label)]
    for mark in drawing.marks:
        assert mark.colour in PALETTE
        points += mark.points if isinstance(mark, Line) else ()
        points += [end for ends in mark.segments for end in ends] if isinstance(mark, Lines) else ()
        points += (mark.start, mark.end) if isinstance(mark, Arrow) else ()
        if isinstance(mark, Circle):
            (x, y), r = mark.centre, mark.radius
            points += [(x - r, y - r), (x + r, y + r)]
    assert drawing.width <= 160
    assert all(-0.5 <= x <= drawing.width + 0.5 and -0.5 <= y <= drawing.height + 0.5 for x, y in points)


def test_wide_layers_are_abridged_to_three_neurons_and_name_no_weights():
    network = Network([784, 100, 40, 10])
    drawing = network_figure(network, Writer(network, "nielsen"))
    texts = [plain(label.content) for label in labels(drawing) if not isinstance(label.content, str)]
    assert "a¹₇₈₄" in texts
    assert "z⁴₁₀" in texts
    assert not any(text.startswith("w²₁") for text in texts)
    assert "100 × 784" in [label.content for label in labels(drawing)]


def test_a_deep_network_shows_its_first_and_last_layers():
    network = Network([2] * 12)
    writer = Writer(network, "nielsen")
    texts = [
        plain(label.content) for label in labels(network_figure(network, writer)) if not isinstance(label.content, str)
    ]
    assert {"z²₁", "z³₁", "z¹¹₁", "z¹²₁"} <= set(texts)
    assert "z⁵₁" not in texts


def test_softmax_gets_a_frame_over_its_layer():
    frames = {
        named(network): sum(
            isinstance(m, Line) and m.colour == "frame"
            for m in network_figure(network, Writer(network, "nielsen")).marks
        )
        for network in SMALL
    }
    assert [name for name, count in frames.items() if count] == ["5-4-4-3"]


def test_the_followed_connections_are_those_that_leave_the_neuron():
    network = Network([3, 4, 3, 2])
    drawing = network_figure(network, Writer(network, "nielsen"), trace=(1, 2))
    (followed,) = (mark for mark in drawing.marks if isinstance(mark, Lines) and mark.colour == "path")
    assert len(followed.segments) == 3


# Placing


@given(some.lists(some.floats(-20, 20), min_size=4, max_size=4), some.floats(0, pi), some.floats(0, pi))
@settings(max_examples=200, deadline=None)
def test_overlap_agrees_with_a_grid_of_points(places, first, second):
    one = Rectangle(places[0], places[1], 4, 2, cos(first), sin(first))
    two = Rectangle(places[2], places[3], 5, 1, cos(second), sin(second))
    steps = [step / 20 for step in range(-20, 21)]
    inside = any(
        holds(two, one.x + a * 4 * one.cosine - b * 2 * one.sine, one.y + a * 4 * one.sine + b * 2 * one.cosine)
        for a in steps for b in steps
    )  # fmt: skip
    assert overlap(one, two) or not inside
    assert overlap(one, two) == overlap(two, one)


def holds(box: Rectangle, x: float, y: float) -> bool:
    dx, dy = x - box.x, y - box.y
    along, across = dx * box.cosine + dy * box.sine, dy * box.cosine - dx * box.sine
    return abs(along) <= box.across and abs(across) <= box.up


def test_labels_that_cannot_be_parted_are_refused():
    edges = [Edge((0, 0), (10, 0), 9, 3), Edge((0, 0.5), (10, 0.5), 9, 3)]
    assert place(edges) is None


def test_places_lie_on_their_lines():
    edges = [Edge((0, 0), (40, 20), 6, 3), Edge((0, 20), (40, 0), 6, 3)]
    found = place(edges)
    assert found is not None
    for edge, spot in zip(edges, found, strict=True):
        (x0, y0), (x1, y1) = edge.start, edge.end
        assert abs((x1 - x0) * (spot.y - y0) - (y1 - y0) * (spot.x - x0)) < 1e-9


def test_an_arrow_ends_at_its_tip_and_needs_a_direction():
    arrow = Arrow((0, 0), (10, 0), head=2)
    assert head(arrow)[0] == (10, 0)
    assert neck(arrow) == (8, 0)
    with pytest.raises(ValueError, match="no direction"):
        head(Arrow((1, 1), (1, 1)))


# Error over step size


STEPS = [10 ** (-power / 2) for power in range(2, 25)]
CURVE = Curve("W of layer 1", tuple((step, step**2 + 1e-16 / step) for step in STEPS))


def test_the_curve_lies_in_the_frame_and_falls_and_rises_as_measured():
    drawing = error_figure([CURVE], [Slope("h²", 1, 2), Slope("ε/h", 1e-16, -1)], chosen=1e-5)
    curve = next(mark for mark in drawing.marks if isinstance(mark, Line) and mark.colour == "bp2")
    heights = [y for _, y in curve.points]
    lowest = heights.index(min(heights))
    assert heights[:lowest] == sorted(heights[:lowest], reverse=True)
    assert heights[lowest:] == sorted(heights[lowest:])
    assert all(LEFT <= x <= RIGHT and BOTTOM <= y <= TOP for x, y in curve.points)


def test_reference_slopes_have_the_slope_that_they_claim():
    drawing = error_figure([CURVE], [Slope("h²", 1, 2)])
    plain_curve = next(mark for mark in drawing.marks if isinstance(mark, Line) and mark.colour == "bp2")
    (x0, _), (x1, _) = plain_curve.points[0], plain_curve.points[-1]
    across = (x1 - x0) / (log10(STEPS[0]) - log10(STEPS[-1]))
    ticks = [label.at[1] for label in labels(drawing) if label.anchor == "left" and not isinstance(label.content, str)]
    marks = [int(plain(label.content).translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))[2:])
             for label in labels(drawing) if label.anchor == "left" and not isinstance(label.content, str)]  # fmt: skip
    up = (ticks[-1] - ticks[0]) / (marks[-1] - marks[0])
    dashed = next(mark for mark in drawing.marks if isinstance(mark, Line) and mark.dashed)
    (a, b), (c, d) = dashed.points[0], dashed.points[-1]
    assert ((d - b) / up) / ((c - a) / across) == pytest.approx(2)


@pytest.mark.parametrize("curves", [[], [CURVE] * 5])
def test_the_figure_refuses_no_curves_and_too_many(curves):
    with pytest.raises(ValueError, match="1 to 4 curves"):
        error_figure(curves)


@pytest.mark.parametrize("points", [(), ((0.0, 1.0),), ((1.0, float("nan")),), ((1.0, -1.0),)])
def test_a_curve_refuses_what_no_logarithm_shows(points):
    with pytest.raises(ValueError, match=r"points|logarithm"):
        Curve("x", points)


def test_an_error_of_zero_and_a_single_point_are_drawn():
    drawing = error_figure([Curve("exact", ((1e-20, 0.0),))])
    assert any(isinstance(mark, Circle) for mark in drawing.marks)
