"""The deep small network with appended biases: its colours, its loop, and the arithmetic of its cost."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from derive.emit.latex import latex
from derive.layout import Box, Coloured, Row
from reports.examples.command import told
from reports.examples.page import Page
from reports.examples.recursion import PROGRAM, WIDER, WIDTHS, about, derived, spelled, weights
from reports.examples.recursion_cost import WIDTHS as LARGE
from reports.examples.recursion_cost import Count, _measured
from reports.examples.recursion_cost import weights as counted
from reports.inline import Emphasis
from reports.selfcheck.checks import claimed
from verify.engine.core import Engine


def coloured(box: Box) -> list[Coloured]:
    if isinstance(box, Coloured):
        return [box]
    return [one for item in box.items for one in coloured(item)] if isinstance(box, Row) else []


def test_the_numbers_of_the_text_are_bold() -> None:
    bold = {one.text for one in told("recursion").document.pieces if isinstance(one, Emphasis) and one.strong}
    assert {"1,685,667", "10,000,000"} <= bold


def test_the_measured_network_has_as_many_weights_as_that_of_the_text() -> None:
    assert 785 * 1031 + 1032 * 841 + 842 * 10 == 1_685_667
    assert counted(LARGE) == 1_685_667
    assert counted((2, 3, 2, 1)) == 9 + 8 + 3


@pytest.mark.parametrize("widths", [WIDTHS, WIDER])
def test_the_factor_of_the_last_layer_stands_again_one_layer_before(widths: tuple[int, ...]) -> None:
    derivation = derived(*widths)
    depth = derivation.network.depth
    above, before = (spelled(derivation, layer) for layer in (depth, depth - 1))
    assert len(above) == widths[-2] + 1
    assert len(before) == widths[-2] * (widths[-3] + 1)
    assert len({box for one in (*above, *before) for box in coloured(one)}) == 1
    assert all(len(coloured(one)) == 1 for one in (*above, *before))


def test_the_rows_of_a_gradient_end_with_that_by_the_bias() -> None:
    derivation = derived(*WIDTHS)
    pairs = weights(derivation, 2)
    biases = {str(right) for _, right in derivation.entries("b", 2)}
    assert [str(right) in biases for _, right in pairs] == [False, False, False, True] * 2


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("{}^{2}x^{1}", "{}^{2}x^{2}"), ("2(", "-2("), ("a'({}^{2}z_{1})", "a({}^{2}z_{1})")],
)
def test_a_small_lie_in_the_coloured_list_is_found(right: str, wrong: str) -> None:
    formula = latex(spelled(derived(*WIDTHS), 3)[0])
    subject = about(*WIDTHS)
    assert right in formula
    assert claimed(subject, formula, True)[0].holds
    assert not claimed(subject, formula.replace(right, wrong), True)[0].holds


# The loop


def ran(source: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("widths", [WIDTHS, WIDER, (4, 5, 3)])
def test_the_loop_gives_the_derived_gradients(widths: tuple[int, ...]) -> None:
    source = PROGRAM.replace("widths = [2, 3, 2, 1]", f"widths = {list(widths)}")
    source = source.replace(
        "np.array([0.5, -1.0]), np.array([1.0])", f"rng.normal(size={widths[0]}), rng.normal(size={widths[-1]})"
    )
    tail = (
        "import json\n"
        "found = [one.tolist() for one in gradients(W, x, y)]\n"
        "print(json.dumps([[one.tolist() for one in W], x.tolist(), y.tolist(), found]))\n"
    )
    found = ran(f"{source}\n{tail}")
    assert found.returncode == 0, found.stderr
    w, x, y, gradients = json.loads(found.stdout.splitlines()[-1])
    engine = Engine(derived(*widths), "numpy")
    params = {"W": [np.array(one) for one in w], "b": [None] * len(w)}
    _, expected = engine(params, np.array(x), np.array(y))
    for one, other in zip(gradients, expected["W"], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("W[l][:, :-1]", "W[l][:, 1:]"), ("2 / len(y)", "1 / len(y)"), ("(X[-1] - y)", "(y - X[-1])"),
     ("slope(Z[l - 1])", "slope(Z[l])[:1]"), ("np.outer(psi, bar(X[l - 1]))", "np.outer(psi, bar(X[l - 1]) * 0.9999)")],
)  # fmt: skip
def test_the_check_of_the_loop_finds_small_lies(right: str, wrong: str) -> None:
    assert right in PROGRAM
    assert ran(PROGRAM.replace(right, wrong)).returncode != 0


# The cost


class Counting:
    """A number that counts what is done with it."""

    done = 0

    def __add__(self, other: Counting) -> Counting:
        Counting.done += 1
        return self

    __mul__ = __add__


@pytest.mark.parametrize("widths", [(2, 1), (3, 4, 2), (2, 3, 2, 1), (5, 1, 4, 3)])
def test_the_count_of_operations_is_that_of_the_loops(widths: tuple[int, ...]) -> None:
    one = Counting()
    layers = list(itertools.pairwise(widths))
    Counting.done = 0
    for before, to in layers:
        for _ in range(to):
            total = one
            for _ in range(before + 1):
                total = total + one * one
    forward = Counting.done
    Counting.done = 0
    for number, (before, to) in enumerate(layers):
        for _ in range(to):
            for _ in range(before + 1):
                one * one
        if number:
            for _ in range(before):
                total = one
                for _ in range(to):
                    total = total + one * one
    count = Count.of(widths)
    assert (count.forward, count.backward) == (forward, Counting.done)


def test_the_cost_follows_from_what_was_measured() -> None:
    page = Page("cost")
    page.section("cost")
    _measured(page, Fraction(2), Fraction(5))
    assert all(one.holds for one in page.checks)
    shown = [one.text for one in page.checks]
    assert shown[0] == "3,371"  # 1,685,668 passes of 2 ms, in seconds
    assert shown[1] == "9,364,822"  # ten million times that, in hours
    assert shown[2] == "1,068"  # and in years of 365.25 days
    assert shown[6:9] == ["0.00500", "13.9", "0.00158"]
    assert shown[9] == "674,267"
