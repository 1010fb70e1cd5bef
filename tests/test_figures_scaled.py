"""Drawings at another size, and curves of error as coarse arithmetic gives them."""

import math

import numpy as np
import pytest

from derive.formula import Writer
from derive.network import Network
from reports.figures.drawing import Circle, Drawing, Label, Line, Lines
from reports.figures.error import BOTTOM, LEFT, RIGHT, TOP, Curve, error_figure
from reports.figures.network import network_figure
from reports.figures.scaling import LEAST, scaled


def drawn(*layers) -> Drawing:
    network = Network(list(layers))
    return network_figure(network, Writer(network))


@pytest.mark.parametrize("factor", [0.8, 0.9, 1.5])
def test_everything_is_scaled_alike(factor):
    before = drawn(3, 4, 2)
    after = scaled(before, factor)
    assert (after.width, after.height) == (before.width * factor, before.height * factor)
    for one, two in zip(before.marks, after.marks, strict=True):
        if isinstance(one, Line):
            assert two.points == tuple((x * factor, y * factor) for x, y in one.points)
        if isinstance(one, Lines):
            assert two.segments == tuple(tuple((x * factor, y * factor) for x, y in ends) for ends in one.segments)
        if isinstance(one, Circle):
            assert two.radius == one.radius * factor
        if isinstance(one, Label):
            assert two.at == (one.at[0] * factor, one.at[1] * factor)
            assert two.size >= min(LEAST, one.size)


def test_the_size_as_it_is_changes_nothing():
    before = drawn(2, 2)
    assert scaled(before, 1) is before


@pytest.mark.parametrize("factor", [0, -1.0, math.nan])
def test_a_factor_is_above_0(factor):
    with pytest.raises(ValueError, match=r"^a drawing is scaled by a factor above 0"):
        scaled(drawn(1, 1), factor)


def float32_curve() -> tuple[tuple[float, float], ...]:
    """Central differences of exp at 1 in single precision: rounding wins already at steps of a hundredth."""
    points = []
    for power in range(-7, 1):
        step = np.float32(10.0**power)
        one = np.float32(1)
        found = (np.exp(one + step) - np.exp(one - step)) / (2 * step)
        points.append((float(step), abs(float(found) / math.e - 1)))
    return tuple(points)


def test_errors_of_single_precision_lie_in_the_frame_in_their_order():
    points = float32_curve()
    assert max(error for _, error in points) > 1e-2 > 1e-4 > min(error for _, error in points)
    drawing = error_figure((Curve("single precision", points),), (), 1e-2)
    (curve,) = (mark for mark in drawing.marks if isinstance(mark, Line) and mark.colour == "bp2")
    assert len(curve.points) == len(points)
    for x, y in curve.points:
        assert LEFT - 1e-9 <= x <= RIGHT + 1e-9
        assert BOTTOM - 1e-9 <= y <= TOP + 1e-9
    heights = [y for _, y in curve.points]
    errors = [error for _, error in sorted(points)]
    assert np.argsort(heights, kind="stable").tolist() == np.argsort(errors, kind="stable").tolist()


def test_errors_above_1_and_of_exactly_0_are_drawn_too():
    drawing = error_figure((Curve("any", ((1e-8, 37.0), (1e-4, 0.0), (1.0, 0.5))),))
    (curve,) = (mark for mark in drawing.marks if isinstance(mark, Line) and mark.colour == "bp2")
    top, floor, middle = (y for _, y in curve.points)
    assert floor == pytest.approx(BOTTOM)
    assert floor < middle < top <= TOP
