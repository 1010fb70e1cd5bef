"""Every worked example: what it claims holds, what it calls false is refuted, its numbers and programs are right."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from flint import arb

from derive.network import SpecError
from reports.examples import EXAMPLES
from reports.examples.command import told
from reports.selfcheck.checks import claimed, given, rounded
from reports.tex import tex
from reports.typst import typst

NAMES = sorted(EXAMPLES)


@pytest.mark.parametrize("name", NAMES)
def test_what_an_example_says_holds(name: str) -> None:
    found = told(name)
    assert found.checks, "an example that claims nothing is none"
    assert not found.wrong


@pytest.mark.parametrize("name", NAMES)
def test_an_example_can_be_printed(name: str) -> None:
    document = told(name).document
    assert document.title in tex(document).replace("{,}", ",") or "\\" in tex(document)
    assert typst(document)


@pytest.mark.parametrize("name", NAMES)
def test_the_programs_of_an_example_run_alone(name: str) -> None:
    for source in told(name).programs:
        ran = subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stderr


def test_an_unknown_example_is_refused() -> None:
    with pytest.raises(SpecError, match="there are"):
        told("nothing")


def test_a_false_formula_cannot_be_claimed() -> None:
    check, _ = claimed(given("f = x + y"), r"\frac{\partial f}{\partial x} = 2", True)
    assert not check.holds and check.found == "incorrect"


def test_a_true_formula_cannot_be_called_false() -> None:
    check, _ = claimed(given("f = x + y"), r"\frac{\partial f}{\partial x} = 1", False)
    assert not check.holds


@pytest.mark.parametrize(
    ("true", "shown", "holds"),
    [
        (Fraction(1, 3), "0.333", True),
        (Fraction(1, 3), "0.334", False),
        (Fraction(2, 3), "0.667", True),
        (Fraction(2, 3), "0.666", False),
        (-1, "-1", True),
        (-1, "−1.00", True),
        (1685667, "1,685,667", True),
        (arb(2).sqrt(), "1.4142", True),
        (arb(2).sqrt(), "1.4143", False),
        (arb("0.5 +/- 0.1"), "0.5", False),
    ],
)
def test_a_number_is_right_to_its_last_digit(true: object, shown: str, holds: bool) -> None:
    assert rounded(true, shown).holds is holds
