"""Words within definitions: names, remarks beside a formula, and words that would be lost and are refused."""

import pytest

from verify import check
from verify.latex import Unreadable
from verify.meaning.words import defining

KEPT = [
    r"f = \text{rate} x",
    r"f = x_{\text{in}} \text{rate}",
    r"f = x^2 \quad \text{the squared error}",
    r"f = x^2 \text{ (the loss)}",
    r"f = x^2, \text{ the loss}",
    r"f = x^2 \text{ by definition}",
    r"f = x y~\mbox{(by definition)}",
    r"\text{Let } f = x^2",
    r"f = x^2 \text{, where } x = 2 y",
    r"f = x \text{ for all } x",
]
LOST = [
    (r"f = \text{my loss} x", (4, 18)),
    (r"f = \text{loss-rate} x", (4, 20)),
    (r"f = x^2 \text{foo bar}", (8, 22)),
    (r"f = x\text{+2}", (5, 14)),
    (r"f = x\text{ * 2}", (5, 16)),
    (r"f = \text{a b} \text{c d} x", (4, 25)),
]


@pytest.mark.parametrize("text", KEPT)
def test_names_and_remarks_are_read(text):
    assert defining(text).statements


@pytest.mark.parametrize(("text", "place"), LOST)
def test_words_that_would_be_lost_are_refused_with_their_place(text, place):
    with pytest.raises(Unreadable, match="are no name here: a name is one word of letters") as error:
        defining(text)
    assert (error.value.start, error.value.end) == place


def test_the_checker_asks_about_no_other_definition():
    claim = r"\frac{\partial f}{\partial x} = 1"
    answer = check(claim, given=[r"f = \text{my loss} x"], isolated=False)
    assert answer.verdict == "unreadable"
    assert "the words “my loss” are no name here" in answer.message
    assert check(claim.replace("1", r"\text{rate}"), given=[r"f = \text{rate} x"], isolated=False).verdict == "correct"
