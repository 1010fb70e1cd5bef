"""The digits: the program against the derived gradients, its batches, and what is told without scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.network import Network
from reports.document import Listing
from reports.examples import digits_program
from reports.examples.command import told
from reports.examples.digits import EPOCHS, WIDTHS, _weights
from reports.examples.digits_pictures import Learned, learned
from reports.inline import Emphasis, Text
from verify.engine.core import Engine
from verify.training import DataError, Samples, of_arrays

SIZES = (5, 4, 3, 2)


def pair(seed: int) -> tuple[Any, Any]:
    dice = np.random.default_rng(seed)
    return dice.normal(size=(SIZES[0], 1)), dice.random((SIZES[-1], 1))


@pytest.mark.parametrize("seed", range(3))
def test_backprop_gives_the_derived_gradients(seed: int) -> None:
    program = digits_program.Network(SIZES, seed)
    x, y = pair(seed)
    nabla_b, nabla_w = program.backprop(x, y)
    params = {"W": program.weights, "b": [one[:, 0] for one in program.biases]}
    engine = Engine(Derivation(Network(list(SIZES), "sigmoid", "half-squared-error")), "numpy")
    _, expected = engine(params, x[:, 0], y[:, 0])
    for one, other in zip(nabla_w, expected["W"], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)
    for one, other in zip(nabla_b, expected["b"], strict=True):
        np.testing.assert_allclose(one[:, 0], other, rtol=1e-12, atol=1e-15)


def test_a_mini_batch_goes_against_its_mean_gradient() -> None:
    program, batch, eta = digits_program.Network(SIZES), [pair(1), pair(2), pair(3)], 0.5

    def cost() -> float:
        return sum(float(((program.feedforward(x) - y) ** 2).sum()) / 2 for x, y in batch) / len(batch)

    place, h = (1, 2), 1e-6
    program.weights[1][place] += h
    above = cost()
    program.weights[1][place] -= 2 * h
    below = cost()
    program.weights[1][place] += h
    before = program.weights[1][place]
    program.update_mini_batch(batch, eta)
    assert program.weights[1][place] - before == pytest.approx(-eta * (above - below) / (2 * h), rel=1e-6)


def test_every_epoch_takes_every_sample_once_in_another_order(capsys: pytest.CaptureFixture[str]) -> None:
    taken: list[list[int]] = []

    class Watched(digits_program.Network):
        def update_mini_batch(self, mini_batch: digits_program.Pairs, eta: float) -> None:
            taken.append([int(x[0, 0]) for x, _ in mini_batch])

    data = [(np.full((SIZES[0], 1), float(n)), np.eye(2)[:, :1]) for n in range(10)]
    Watched(SIZES).SGD(data, 2, 4, 1.0, data[:3])
    assert [len(one) for one in taken] == [4, 4, 2] * 2
    first, second = ([one for batch in half for one in batch] for half in (taken[:3], taken[3:]))
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["Epoch 1", "Epoch 2"]


def test_evaluate_counts_the_right_answers() -> None:
    program = digits_program.Network((2, 2))
    program.weights, program.biases = [np.eye(2)], [np.zeros((2, 1))]
    data = [(np.array([[a], [b]]), np.eye(2)[:, [c]]) for a, b, c in ((2, 1, 0), (1, 2, 0), (1, 2, 1), (5, 0, 1))]
    assert program.evaluate(data) == 2


def test_the_numbers_of_the_network_are_right() -> None:
    assert _weights(WIDTHS) == 78_400 + 4_000 + 400
    bold = {one.text for one in told("digits").document.pieces if isinstance(one, Emphasis) and one.strong}
    assert {"784", "100", "40", "10"} <= bold


def test_the_report_shows_a_line_for_every_epoch() -> None:
    pytest.importorskip("sklearn")
    listings = [one for one in told("digits").document.blocks if isinstance(one, Listing)]
    lines = next(one.source for one in listings if one.language == "text").splitlines()
    right = [int(line.split()[2]) for line in lines]
    assert [line.split(":")[0] for line in lines] == [f"Epoch {n}" for n in range(1, EPOCHS + 1)]
    assert right[-1] > 300 > right[0]
    assert all(line.endswith("/ 360") for line in lines)


def test_without_scikit_learn_the_rest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Samples:
        raise DataError("missing")

    monkeypatch.setattr("reports.examples.digits.digits", missing)
    found = told("digits")
    assert not found.wrong
    words = " ".join(one.text for one in found.document.pieces if isinstance(one, Text))
    assert "not installed" in words and "MNIST" in words
    titles = ["".join(one.text for one in each.title if isinstance(one, Text)) for each in found.document.sections]
    assert titles[-2:] == ["Real digits", "MNIST"]


# What it learned


@pytest.fixture(scope="module")
def small() -> Learned:
    dice = np.random.default_rng(0)
    kinds = np.arange(200) % 10
    x = dice.random((200, 64)) * 0.3
    x[np.arange(200), 6 * kinds] = 1.0
    return learned(of_arrays(x, kinds, [str(one) for one in range(10)]))


def test_the_hardest_sample_has_the_largest_loss(small: Learned) -> None:
    x, y = small.hardest()
    held = small.training.held
    assert held is not None
    w, b = small.training.parameters.arrays["W"], small.training.parameters.arrays["b"]

    def cost(a: Any, wanted: Any) -> float:
        for weights, bias in zip(w, b, strict=True):
            a = 1 / (1 + np.exp(-(weights @ a + bias)))
        return float(((a - wanted) ** 2).sum() / 2)

    assert cost(x, y) == pytest.approx(max(cost(*one) for one in zip(*held, strict=True)))


def test_the_rows_of_a_gradient_repeat_the_inputs(small: Learned) -> None:
    x, y = small.hardest()
    _, gradients = small.training.engine(small.training.parameters.arrays, x, y)
    for signal, row in zip(gradients["b"][0], gradients["W"][0], strict=True):
        np.testing.assert_allclose(row, signal * x, atol=1e-15)
