"""Words that name letters: these become formulas, other words stay as they are; numbers are never printed as 1e-08."""

from __future__ import annotations

import pytest

from derive.emit.plain import plain
from derive.layout import Box, Glyph, Scripts
from reports.inline import Math, Text
from reports.meant import Aside, Measured
from reports.training.learning import LETTERS
from reports.training.lettering import lettered, letters_of, number, spelled
from verify.training.rules import OPTIMISERS
from verify.training.scaling import SCALINGS
from verify.training.schedules import SCHEDULES

KNOWN: dict[str, Box] = {**LETTERS, **letters_of([Glyph("c"), Glyph("w"), Glyph("x"), Glyph("s")])}
SAID = {
    "about η an entry and step": ["η"],
    "c is the smallest value of an input, w its range: then 0 ≤ x ≤ 1": ["c", "w", "0 ≤ x ≤ 1"],
    "the gradient of the penalty ½ λ |θ|² is added": ["½ λ |θ|²"],
    "in the original η = 1": ["η = 1"],
    "the rate falls like 1/e, which sums to infinity": ["1/e"],
    "eq. 3 and 4, with θ for their θ + μv": ["θ", "θ + μ v"],
    "w 是样本的长度，γ": ["w", "γ"],
    "it’s the sample's size, i.e. 3 of 4 words at 1.5": [],
    "Nesterov 1983, section 2.2": [],
    "": [],
}


@pytest.mark.parametrize("words", SAID)
def test_what_consists_of_known_letters_is_a_formula(words: str) -> None:
    found = lettered((Text(words),), KNOWN)
    assert [plain(one.box) for one in found if isinstance(one, Math)] == SAID[words]
    back = "".join(plain(one.box) if isinstance(one, Math) else one.text for one in found)  # type: ignore[union-attr]
    assert back.replace(" ", "") == words.replace(" ", "")


def test_a_relation_in_words_claims_nothing_of_the_network() -> None:
    (formula,) = (one for one in lettered((Text("η = 1"),), KNOWN) if isinstance(one, Math))
    assert isinstance(formula.meant, Aside)


def test_what_is_a_formula_already_and_what_is_measured_stay() -> None:
    given = (Math(Glyph("x")), Text("w", Measured(1.0)))
    assert lettered(given, KNOWN) == given
    assert lettered((Text("x"),), {}) == (Text("x"),)


def test_no_table_says_a_letter_that_is_not_set_as_one() -> None:
    """Every Greek letter of the tables of rules, scalings and schedules is known; c and w are those of scalings."""
    said = [*(row.says for row in (*OPTIMISERS.values(), *SCHEDULES.values())),
            *(row.source for row in OPTIMISERS.values()), *(row.means for row in SCALINGS.values()),
            *(one.why for row in OPTIMISERS.values() for one in row.update)]  # fmt: skip
    for words in said:
        rest = "".join(one.text for one in lettered((Text(words),), KNOWN) if isinstance(one, Text))
        assert not set(rest) & set("αβγδεηθλμρ≤½|"), words


def test_numbers_have_powers_of_ten() -> None:
    shown = number(1e-8, 6)
    assert isinstance(shown, Math)
    assert plain(shown.box) == "1·10⁻⁸"
    assert shown.meant == Measured(1e-8, digits=6)
    assert [spelled(one, 3) for one in (0.25, 12.0, -3.456e-9)] == ["0.25", "12", "−3.46·10⁻⁹"]
    assert number(float("inf"), 4) == Text("inf")
    assert spelled(float("nan"), 4) == "nan"


def test_accented_letters_are_known_by_what_they_look_like() -> None:
    assert list(letters_of([Scripts(Glyph("w"), sub=Glyph("1", "number"))])) == ["w₁"]
