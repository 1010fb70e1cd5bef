"""Loss curves: every value where it belongs, nothing outside of the sheet, odd histories too."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from derive.emit.plain import plain
from reports.figures.drawing import Circle, Drawing, Label, Line
from reports.tex.drawing import drawing as in_tex
from reports.training.curves import LEFT, RIGHT, described, loss_curves
from reports.typst.drawing import drawing as in_typst
from tests.sheets import labels
from tests.test_figure_labels import faults
from verify.training.history import Epoch, History


def history(losses, held=None, right=None):
    count = len(losses)
    rows = zip(losses, held or [None] * count, right or [None] * count, strict=True)
    return History(tuple(Epoch(number, 0.1, *row) for number, row in enumerate(rows, 1)), 100, 50)


def curves(found: Drawing, colour: str):
    return [mark.points for mark in found.marks if isinstance(mark, Line) and mark.colour == colour]


def assert_inside(found: Drawing):
    for mark in found.marks:
        points = mark.points if isinstance(mark, Line) else [mark.centre] if isinstance(mark, Circle) else []
        assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in points)
    assert list(faults(found)) == []


def test_a_line_of_values_is_a_line_on_paper():
    found = loss_curves(history([4.0, 3.0, 2.0, 1.0, 0.0]))
    (points,) = curves(found, "bp2")
    assert (points[0][0], points[-1][0]) == (LEFT, RIGHT)
    slopes = {round((b[1] - a[1]) / (b[0] - a[0]), 9) for a, b in pairwise(points)}
    assert len(slopes) == 1
    assert slopes.pop() < 0


def test_powers_of_ten_are_a_line_on_a_logarithmic_scale():
    found = loss_curves(history([10.0**-power for power in range(5)]))
    (points,) = curves(found, "bp2")
    assert len({round(b[1] - a[1], 9) for a, b in pairwise(points)}) == 1
    assert {"1", "0.1", "0.01"} <= {mark.content for mark in found.marks if isinstance(mark, Label)}


def test_very_small_losses_have_powers_of_ten_on_their_axis():
    found = loss_curves(history([1.0, 1e-3, 1e-7]))
    texts = [mark.content if isinstance(mark.content, str) else plain(mark.content) for mark in labels(found)]
    assert {"10⁻¹", "10⁻³", "10⁻⁵", "10⁻⁷"} <= set(texts)
    assert not any("e-" in one for one in texts)


def test_what_is_held_out_and_what_is_right_have_their_curves():
    found = loss_curves(history([1.0, 0.5], [1.2, 0.9], [25, 40]))
    assert len(curves(found, "bp1")) == 2
    assert all(mark.dashed for mark in found.marks if isinstance(mark, Line) and mark.colour == "bp1")
    names = [mark.content for mark in found.marks if isinstance(mark, Label)]
    assert names.count("held out") == 2
    assert names.count("learned from") == 1


def test_what_is_seen_is_said():
    assert described(history([1.0, 0.5], [1.2, 0.9], [25, 40])) == (
        "Over 2 epochs the loss goes from 1 to 0.5, that of the samples held out from 1.2 to 0.9, of which 25 and in "
        "the end 40 of 50 are classed right."
    )


ODD = [
    history([1.0]),
    history([0.0, 0.0]),
    history([2.0, 2.0, 2.0], [2.0, 2.0, 2.0], [50, 50, 50]),
    history([1.0, 0.5], [math.inf, 0.7]),
    history([1.0, 0.5], [math.inf, math.nan]),
    history([-1.0, -3.0]),
    history([1e-300, 1e300]),
    history([1e12, 1e12 + 1]),
    history([1 / n for n in range(1, 5000)], [1 / n for n in range(1, 5000)], [0] * 4999),
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_histories_are_drawn_too(odd):
    found = loss_curves(odd)
    assert_inside(found)
    assert "nan" not in in_tex(found) + in_typst(found)
    assert len(in_tex(found)) < 100_000


losses = some.lists(some.floats(1e-6, 1e6), min_size=1, max_size=40)


@given(learned=losses, data=some.data())
@settings(max_examples=80)
def test_nothing_leaves_the_sheet(learned, data):
    held = data.draw(some.lists(some.floats(1e-6, 1e6), min_size=len(learned), max_size=len(learned)))
    right = data.draw(some.lists(some.integers(0, 50), min_size=len(learned), max_size=len(learned)))
    assert_inside(loss_curves(history(learned, held, right)))


def test_a_history_without_an_epoch_has_no_curves():
    with pytest.raises(ValueError, match="a history without an epoch has no curves"):
        loss_curves(history([]))
