"""Figures of the chapter: they stand where they help, show the derivation's own numbers, and say what is left out."""

from __future__ import annotations

import re

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.network import Network
from reports.chapter import chapter, pictures
from reports.chapter.slopes import kinks
from reports.document import Document, Figure, Paragraph, Ref
from reports.figures.heat import CLASSES, Heat, cell_for, heat_maps, shade
from tests.test_chapter import examined, text
from verify.examination import Examination, examine
from verify.oracles import Point


def figures(document: Document) -> dict[str, Figure]:
    return {block.label: block for block in document.blocks if isinstance(block, Figure)}


def made(*layers: int, **options: object) -> Examination:
    network = Network(list(layers), **options)  # type: ignore[arg-type]
    return examine(Derivation(network), Point.random(network, 0))


STANDARD = {
    "one neuron": {"fig:network", "fig:graph", "fig:curve"},
    "small": {"fig:network", "fig:shapes", "fig:graph", "fig:curve"},
    "two outputs": {"fig:network", "fig:shapes", "fig:curve"},
    "digits": {"fig:network", "fig:shapes", "fig:weights", "fig:gradients", "fig:curve"},
}
FULL = {
    "one neuron": {"fig:network", "fig:graph", "fig:curve"},
    "small": {"fig:network", "fig:shapes", "fig:graph", "fig:weights", "fig:gradients", "fig:curve"},
    "two outputs": {"fig:network", "fig:shapes", "fig:graph", "fig:weights", "fig:gradients", "fig:curve"},
}


@pytest.mark.parametrize("name", STANDARD)
def test_which_figures_a_chapter_has(name: str) -> None:
    for detail, wanted in (("standard", STANDARD), ("full", FULL)):
        if name in wanted:
            assert set(figures(chapter(examined(name), detail=detail))) == wanted[name]


def test_the_brief_has_none_of_them() -> None:
    assert set(figures(chapter(examined("small"), detail="brief"))) == {"fig:network"}


@pytest.mark.parametrize("name", ["small", "one layer", "deep, appended"])
def test_each_figure_is_spoken_of_before_it_stands_and_has_words(name: str) -> None:
    document = chapter(examined(name), detail="full")
    spoken: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Paragraph):
            spoken |= {piece.label for piece in block.pieces if isinstance(piece, Ref)}
        if isinstance(block, Figure):
            assert block.label in spoken
            assert len(block.alternative) > 30 and "{" not in block.alternative and text(block.caption)


# Heat maps ----------------------------------------------------------------------------------------------------------


def shown(examination: Examination, monkeypatch: pytest.MonkeyPatch, detail: str = "full") -> list[list[Heat]]:
    """The heat maps of each figure, as they are handed to be drawn."""
    found: list[list[Heat]] = []

    def drawn(maps: list[Heat], *more: object, **options: object) -> object:
        found.append(maps)
        return heat_maps(maps, *more, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures, "heat_maps", drawn)
    chapter(examination, detail=detail)
    return found


@pytest.mark.parametrize("bias", ["separate", "appended"])
def test_the_maps_show_the_parameters_and_the_gradients(bias: str, monkeypatch: pytest.MonkeyPatch) -> None:
    examination = made(3, 4, 2, bias=bias)
    weights, gradients = shown(examination, monkeypatch)
    for heat, values in zip(weights, examination.point.W, strict=True):
        assert heat.values == np.asarray(values).tolist()
    signals = [examination.gradients["b"][n] if bias == "separate" else examination.gradients["W"][n][:, -1]
               for n in (1, 0)]  # fmt: skip
    wanted = [part for n, signal in zip((1, 0), signals, strict=True)
              for part in (np.asarray(signal)[:, None], examination.gradients["W"][n])]  # fmt: skip
    for heat, values in zip(gradients, wanted, strict=True):
        assert np.allclose(heat.values, values, rtol=1e-12, atol=0)
        assert np.linalg.matrix_rank(np.array(heat.values), tol=1e-12) == 1  # as the text says


def test_of_large_matrices_the_first_rows_and_columns_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    weights, gradients = shown(made(60, 50, 2), monkeypatch, "standard")
    assert [(one.rows, one.columns) for one in weights] == [(40, 40), (2, 40)]
    assert [(one.rows, one.columns) for one in gradients] == [(2, 1), (2, 40), (40, 1), (40, 40)]
    found = figures(chapter(made(60, 50, 2)))
    assert all("the first 40 are shown" in text(found[one].caption) for one in ("fig:weights", "fig:gradients"))
    assert "are shown" not in text(figures(chapter(made(20, 20, 2)))["fig:weights"].caption)


def test_white_is_what_the_caption_says() -> None:
    examination = made(20, 20, 2)
    caption = text(figures(chapter(examination))["fig:gradients"].caption)
    said = re.search(r"smaller than ([\d.]+)(?: · 10⁻(\d+))? in", caption)
    assert said is not None
    least = float(said[1]) * 10.0 ** -int((said[2] or "0").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
    most = max(float(np.abs(one).max()) for role in "Wb" for one in examination.gradients[role])
    assert shade(least, most, 0.5) == "mild"
    assert shade(least * 1.06, most, 0.5) != "mild"


def test_what_is_too_small_for_the_scale_is_said() -> None:
    said = [text(one.pieces) for one in chapter(examined("deep, appended")).blocks if isinstance(one, Paragraph)]
    (pale,) = [one for one in said if "white throughout" in one]
    assert "δ²" in pale and "δ³" in pale and "δ¹⁰" not in pale


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_classes_are_equally_wide_in_a_power_of_the_values(power: float) -> None:
    for sign in (1, -1):
        for step in range(1, CLASSES // 2 + 1):
            edge = 3.0 * ((step - 0.5) / (CLASSES / 2)) ** (1 / power)
            below, above = shade(sign * edge * 0.999, 3.0, power), shade(sign * edge * 1.001, 3.0, power)
            assert below != above
    assert shade(0.0, 3.0, power) == "mild"
    assert shade(9.0, 3.0, power) == "warm5"


def test_a_power_is_above_0() -> None:
    with pytest.raises(ValueError, match="power above 0"):
        heat_maps([Heat([[1.0]])], power=0.0)


@pytest.mark.parametrize("sides", [[(3, 2), (1, 3)], [(32, 16), (32, 32), (8, 32)], [(40, 40)] * 5])
def test_cells_are_as_large_as_the_sheet_allows(sides: list[tuple[int, int]]) -> None:
    maps = [Heat([[1.0] * columns] * rows, "W") for rows, columns in sides]
    cell = cell_for(maps, 66.0, 5.0)
    assert heat_maps(maps, cell=cell).height <= 66.01
    assert cell > 4.99 or heat_maps(maps, cell=cell + 0.15).height > 66.0


# The kink of an activation function ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "left", "right", "value"),
    [
        ("relu", "0", "1", "0"),
        ({"name": "leaky-relu", "alpha": 0.1}, "0.1", "1", "0.1"),
        ("leaky-relu", "α", "1", "α"),
        ("elu", "α", "1", "α"),
    ],
)
def test_the_slope_at_a_kink_is_called_a_convention(activation: object, left: str, right: str, value: str) -> None:
    document = chapter(made(2, 2, 2, activations=[activation, "sigmoid"]))
    said = [text(one.pieces) for one in document.blocks if isinstance(one, Paragraph)]
    (kink,) = [one for one in said if "its kink" in one]
    assert kink.startswith(f"At u = 0, its kink, the function has no derivative: its slope is {left} on the left and "
                           f"{right} on the right. The {value} that")  # fmt: skip
    assert "a convention and not proved" in kink and "subgradient" in kink


def test_an_elu_without_a_kink_is_said_to_have_none() -> None:
    derivation = Derivation(Network([1, 1], {"name": "elu", "alpha": 1}))
    (definition,) = derivation.program.functions
    assert kinks(definition) == []
