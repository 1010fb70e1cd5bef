"""Matrix equations as rectangles: every shape is there, sides that meet are equal, nothing lies on another."""

from __future__ import annotations

from itertools import pairwise

import pytest

from derive.derivation import Derivation
from derive.formula import Writer
from derive.network import Network
from reports.figures.drawing import Drawing, Label, Line
from reports.figures.shapes import EVEN, pass_rows, proportional, shapes
from tests.test_figures import apart, rectangle

NETWORKS = [
    Network([1, 1]),
    Network([3, 4, 3, 2]),
    Network([784, 100, 40, 10]),
    Network([3, 4, 2], ["tanh", "softmax"], "cross-entropy"),
    Network([3, 4, 2], ["softmax", "sigmoid"]),
    Network([2, 3, 2, 1], "sigmoid", "mse", bias="appended"),
    Network([3, 2, 2], bias="none"),
    Network([3, {"bias_only": True, "activation": "tanh"}, 2]),
    Network(["n", "m", 2]),
    Network([2] * 12),
    Network([4000, 3, 2000]),
    Network([2, 2], "logistic", "msle"),
]


def named(network: Network) -> str:
    return "-".join(map(str, network.widths))


def figure(network: Network) -> Drawing:
    derivation = Derivation(network)
    return shapes(pass_rows(derivation), Writer(derivation), derivation.sizes, ("forward", "backward"))


def boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """Left, bottom, width and height of the rectangles."""
    found = []
    for mark in drawing.marks:
        if isinstance(mark, Line):
            across, up = [one[0] for one in mark.points], [one[1] for one in mark.points]
            found.append((min(across), min(up), max(across) - min(across), max(up) - min(up)))
    return found


def labels(drawing: Drawing) -> list[Label]:
    return [mark for mark in drawing.marks if isinstance(mark, Label)]


def sizes(drawing: Drawing) -> list[str]:
    return [one.content for one in labels(drawing) if isinstance(one.content, str) and "×" in one.content]


@pytest.mark.parametrize("network", NETWORKS, ids=named)
def test_nothing_leaves_the_sheet_and_no_label_lies_on_another(network: Network) -> None:
    drawing = figure(network)
    assert drawing.width <= 156.01 and drawing.height <= 235
    for x, y, wide, high in boxes(drawing):
        assert x >= 0 and y >= 0 and x + wide <= drawing.width + 0.01 and y + high <= drawing.height + 0.01
    shown = [(one, rectangle(one)) for one in labels(drawing)]
    touching = [(one.content, two.content) for place, (one, first) in enumerate(shown) for two, second in shown[:place]
                if not apart(first, second)]  # fmt: skip
    assert touching == []


@pytest.mark.parametrize("network", NETWORKS, ids=named)
def test_rectangles_do_not_overlap(network: Network) -> None:
    found = boxes(figure(network))
    for place, (x, y, wide, high) in enumerate(found):
        for a, b, across, up in found[:place]:
            assert x >= a + across or a >= x + wide or y >= b + up or b >= y + high


def test_one_pass_of_the_digits_shows_every_shape() -> None:
    found = sizes(figure(NETWORKS[2]))
    assert len(found) == 3 * (4 + 2) + (3 + 3 + 2) + 2 * (4 + 3 + 2)
    for to, before in ((100, 784), (40, 100), (10, 40)):
        assert found.count(f"{to} × {before}") == 2  # W and ∂C/∂W
        assert f"1 × {before}" in found  # aᵀ
    assert "100 × 40" in found and "40 × 10" in found  # Wᵀ, going back
    assert "784 × 100" not in found  # nothing goes back through the first layer


@pytest.mark.parametrize("network", NETWORKS[:3], ids=named)
def test_sides_grow_with_their_numbers(network: Network) -> None:
    drawing = figure(network)
    seen: dict[int, set[float]] = {}
    for (_, _, wide, high), size in zip(boxes(drawing), sizes(drawing), strict=True):
        rows, columns = (int(one.replace(",", "")) for one in size.split(" × "))
        seen.setdefault(rows, set()).add(round(high, 6))
        seen.setdefault(columns, set()).add(round(wide, 6))
    assert all(len(one) == 1 for one in seen.values())
    lengths = [(count, next(iter(one))) for count, one in sorted(seen.items())]
    power = 1.0 if max(seen) <= EVEN * min(seen) else 0.5
    for (few, short), (many, long) in pairwise(lengths[1:]):
        assert long / short == pytest.approx((many / few) ** power)


def test_it_says_whether_sides_are_in_proportion() -> None:
    for network, plain in ((NETWORKS[1], True), (NETWORKS[2], False)):
        derivation = Derivation(network)
        forward, backward = pass_rows(derivation)
        assert proportional([*forward, *backward], derivation.sizes) is plain


def test_a_deep_network_shows_its_first_and_last_layers() -> None:
    forward, backward = pass_rows(Derivation(Network([2] * 12)))
    assert [row[0].lhs.array.layer for row in forward] == [1, 2, 3, 10, 11]
    assert [row[0].lhs.array.layer for row in backward] == [11, 10, 3, 2, 1]


def test_no_equation_is_refused() -> None:
    derivation = Derivation(Network([1, 1]))
    with pytest.raises(ValueError, match="at least one equation"):
        shapes([], Writer(derivation), derivation.sizes)
