"""A number in front of a mended formula is written as a person writes it: -r and not -1 r, r and not 1 r."""

from fractions import Fraction

import pytest

from verify import check
from verify.diagnosis.algebra import scaled
from verify.latex import read, unread

SCALED = [
    ("r", -1, "-r"),
    ("r", 1, "r"),
    ("-r", -1, "r"),
    ("-r", 2, "-2 r"),
    ("2 r", -1, "-2 r"),
    ("-2 r", "-1/2", "r"),
    ("2 r", "-1/2", "-r"),
    (r"\frac{1}{2} r", -2, "-r"),
    ("2", 2, "4"),
    ("1", -1, "-1"),
    ("a + b", -1, "-(a + b)"),
    (r"a \odot b", -1, r"-a \odot b"),
]


@pytest.mark.parametrize(("text", "ratio", "meant"), SCALED)
def test_a_formula_times_a_number(text, ratio, meant):
    assert unread(scaled(read(text).statements[0].body, Fraction(ratio))) == meant


@pytest.mark.parametrize(
    ("given", "right"),
    [(["r = y - x", "f = r^2 / 2"], "-r"), (["f = -r s"], "-r")],
)
def test_a_wrong_sign_is_mended_without_a_one(given, right):
    by = "x" if len(given) == 2 else "s"
    answer = check(rf"\frac{{\partial f}}{{\partial {by}}} = r", given=given, isolated=False)
    assert answer.verdict == "incorrect"
    assert answer.diagnosis[0].fix == rf"\frac{{\partial f}}{{\partial {by}}} = {right}"
