"""The graph of an example: its numbers obey the chain rule, nothing lies on anything, what is too large is left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.emit.plain import plain
from derive.layout import Glyph
from derive.network import Network
from reports.chapter import computation
from reports.chapter.arithmetic import Numbers
from reports.chapter.story import Story
from reports.figures.drawing import Arrow, Circle, Drawing, Label
from reports.figures.flow import Quantity, flow
from tests.test_figures import apart, rectangle
from verify.examination import Examination, examine
from verify.oracles import Point

NETWORKS = {
    "one neuron": Network([1, 1]),
    "small": Network([2, 3, 1]),
    "classes": Network([3, 4, 3, 2], ["tanh", "tanh", "softmax"], "cross-entropy"),
    "softmax inside": Network([3, 3, 2], ["softmax", "sigmoid"], "mse"),
    "appended": Network([2, 3, 2], "relu", "huber", bias="appended"),
    "only a bias": Network([2, {"bias_only": True, "activation": "tanh"}, 2]),
    "a letter": Network([2, 3, 1], ["leaky-relu", "sigmoid"], "binary-cross-entropy"),
    "linear": Network([2, 3, 2], ["gelu", {"name": "linear", "c": 0.5}], "cosine"),
}  # fmt: skip
Columns = Sequence[Sequence[Quantity]]


@cache
def examined(name: str) -> Examination:
    return examine(Derivation(NETWORKS[name]), Point.random(NETWORKS[name], 3))


def columns_of(name: str) -> Columns:
    story = Story(examined(name), "nielsen", False, "full")
    return [*computation._columns(story, Numbers(story))]


def number(box: object) -> float:
    digits = plain(box).replace("−", "-").replace("·", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))  # type: ignore[arg-type]
    mantissa, ten, power = digits.partition("e10")
    return float(mantissa) * 10.0 ** int(power) if ten else float(digits)


def faults(columns: Columns) -> list[str]:
    """The nodes whose derivative is not the sum, over their arrows, of head times arrow."""
    found = []
    for before, after in pairwise(columns):
        for node in before:
            paths = [
                number(one.signal) * number(slope) for one in after for key, slope in one.inputs if key == node.key
            ]
            if number(node.signal) != pytest.approx(sum(paths), rel=1e-9, abs=1e-12):
                found.append(node.key)
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_every_derivative_is_the_sum_over_the_arrows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computation, "DIGITS", 15)
    assert faults(columns_of(name)) == []


def test_a_sign_turned_on_one_arrow_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computation, "DIGITS", 15)
    first, second, *rest = columns_of("small")
    node = second[0]
    lie = Quantity(node.key, node.letter, node.value, node.signal, ((node.inputs[0][0], Glyph("0.25")), node.inputs[1]))
    assert faults([first, [lie, *second[1:]], *rest]) == [first[0].key]


def test_the_numbers_are_those_of_a_pass_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """3-4-3-2 with tanh, tanh, softmax and cross-entropy, in NumPy; dx by central differences."""
    monkeypatch.setattr(computation, "DIGITS", 15)
    point = examined("classes").point

    def layers(x: np.ndarray) -> list[np.ndarray]:
        found = [x]
        for W, b, function in zip(
            point.W, point.b, (np.tanh, np.tanh, lambda z: np.exp(z) / np.exp(z).sum()), strict=True
        ):
            z = W @ found[-1] + b
            found += [z, function(z)]
        return [*found, np.array([-(point.y * np.log(found[-1])).sum()])]

    columns = columns_of("classes")
    for nodes, wanted in zip(columns, layers(point.x), strict=True):
        assert [number(one.value) for one in nodes] == pytest.approx(wanted.tolist(), rel=1e-12)
    for at, node in enumerate(columns[0]):
        step = np.eye(3)[at] * 1e-6
        slope = (layers(point.x + step)[-1] - layers(point.x - step)[-1])[0] / 2e-6
        assert number(node.signal) == pytest.approx(slope, rel=1e-6)


# The drawing -------------------------------------------------------------------------------------------------------


def labels(drawing: Drawing) -> list[Label]:
    return [mark for mark in drawing.marks if isinstance(mark, Label)]


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_lies_on_anything_and_nothing_leaves_the_sheet(name: str) -> None:
    columns = columns_of(name)
    drawing = flow(columns)
    assert drawing is not None and drawing.width <= 156.01
    shown = [(one, rectangle(one)) for one in labels(drawing)]
    touching = [(plain(one.content), plain(two.content)) for at, (one, first) in enumerate(shown)  # type: ignore[arg-type]
                for two, second in shown[:at] if not apart(first, second)]  # fmt: skip
    assert touching == []
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for _, corners in shown for x, y in corners)
    assert min(one.size for one, _ in shown) >= 4.5
    arrows = [mark for mark in drawing.marks if isinstance(mark, Arrow)]
    circles = [mark for mark in drawing.marks if isinstance(mark, Circle)]
    inputs = sum(len(one.inputs) for column in columns for one in column)
    assert (len(arrows), len(circles)) == (inputs, sum(map(len, columns)))
    assert len(shown) == len(arrows) + 3 * len(circles)


def node(key: str, *inputs: str) -> Quantity:
    one = Glyph("1", "number")
    return Quantity(key, Glyph(key), one, one, tuple((name, one) for name in inputs))


def test_what_no_page_can_hold_is_not_drawn() -> None:
    chain = [[node("a")], *([node(f"b{n}", f"b{n - 1}" if n else "a")] for n in range(12))]
    assert flow(chain) is None
    first = [node(f"x{n}") for n in range(12)]
    assert flow([first, [node(f"z{n}", *(one.key for one in first)) for n in range(12)]]) is None


@pytest.mark.parametrize("columns", [[[node("a")], []], [[node("a")], [node("b", "c")]], [[node("a", "b")]],
                                     [[node("a")], [node("b", "a")], [node("c", "a")]]])  # fmt: skip
def test_an_input_that_is_not_in_the_column_before_is_refused(columns: Columns) -> None:
    with pytest.raises(ValueError, match="each input of a node stands in the column before it"):
        flow(columns)
