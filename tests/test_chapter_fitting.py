"""Lines that are broken to fit: nothing is lost, and a sign of multiplication stands only between factors."""

import pytest

from derive.layout import Fence, Glyph, Row
from reports.document import NOTHING, Equation, Gap, Line, inline
from reports.fitting import TIMES, setting

PLUS, APPROX, COMMA = Glyph("+", "binary"), Glyph(r"\approx", "relation"), Glyph(",", "punctuation")
FACTORS = tuple(Fence(Glyph(f"{number}2345678", "number")) for number in range(1, 9))


def items(box):
    return box.items if isinstance(box, Row) else (box,)


def broken(*parts, available=14.0):
    found = setting(Equation((Line(Glyph("x"), Row(parts)),)), available).lines
    assert len(found) > 1
    return found


@pytest.mark.parametrize("sign", [APPROX, COMMA, Glyph(" and ", "text")])
def test_what_follows_a_sign_is_no_factor(sign):
    """A product that was broken behind ≈ once began with a dot."""
    found = broken(FACTORS[0], sign, FACTORS[1])
    assert [line.rhs for line in found[1:] if items(line.rhs)[0] == TIMES] == []


def test_factors_have_a_sign_between_them_where_they_part():
    found = broken(*FACTORS[:4])
    assert all(items(line.rhs)[0] == TIMES for line in found[1:])


def test_a_bracket_that_closes_is_no_factor():
    found = broken(FACTORS[0], Fence(Row((FACTORS[1], PLUS, FACTORS[2], PLUS, FACTORS[3]))), FACTORS[4])
    for line in found[1:]:
        first, second = (*items(line.rhs), None)[:2]
        assert not (first == TIMES and isinstance(second, Glyph) and second.name == ")")


@pytest.mark.parametrize("available", [10.0, 14.0, 25.0])
def test_nothing_is_lost_or_added_but_dots(available):
    parts = (FACTORS[0], FACTORS[1], PLUS, FACTORS[2], APPROX, FACTORS[3], FACTORS[4], PLUS, FACTORS[5])
    found = setting(Equation((Line(Glyph("x"), Row(parts)),)), available).lines
    assert [one for line in found for one in items(line.rhs) if one != TIMES] == list(parts)


def test_a_gap_takes_its_room_from_the_formula():
    narrow = Equation((Line(Glyph("x"), NOTHING),), reason=inline("why"), gap=Gap(1, 8.0))
    wide = Equation((Line(Glyph("x"), NOTHING),), reason=inline("why"), gap=Gap(1, 30.0))
    assert setting(narrow).beside
    assert not setting(wide).beside
