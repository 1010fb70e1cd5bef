"""Lines that are broken to fit: nothing is lost, and a sign of multiplication stands only between factors."""

import pytest

from derive.layout import Coloured, Fence, Glyph, Row, Scripts
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


SLOPE = Scripts(Glyph(r"\sigma"), sup=Glyph(r"\prime"))
Z, W = Scripts(Glyph("z"), sup=Glyph("2", "number")), Scripts(Glyph("w"), sup=Glyph("2", "number"))
CALLS = {
    "a slope": Row((SLOPE, Fence(Z))),
    "a slope in colour": Row((Coloured(SLOPE, 1), Fence(Z))),
    "a power of a call": Row((Glyph("f"), Scripts(Fence(Z), sup=Glyph("2", "number")))),
    "a logarithm": Row((Glyph(r"\log", "word"), Z)),
    "of a bracket": Row((Glyph(r"\log", "word"), Fence(Z))),
    "a long argument": Row((SLOPE, Fence(Row((W, Z, W, Z, W, Z, W, Z, PLUS, Z))))),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_function_is_not_parted_from_its_argument(name):
    """On a telephone σ′(z²) w² σ′(z¹) once ended in σ′, and the next line began with a dot and (z¹)."""
    product = [one for _ in range(5) for one in (CALLS[name], W)]
    seen = 0
    for available in range(9, 40):
        lines = setting(Equation((Line(Glyph("x"), Row(tuple(product))),)), float(available)).lines
        seen += len(lines) > 1
        assert parted(lines) == []
    assert seen > 5


def parted(lines):
    """The lines that end in a name or in an open bracket, or begin with the argument of one."""
    ends = [items(line.rhs)[-1] for line in lines[:-1]]
    starts = [next(one for one in items(line.rhs) if one != TIMES) for line in lines[1:]]
    opened = {Glyph("(", "word"), Glyph(r"\log", "word"), SLOPE, Coloured(SLOPE, 1), Glyph("f")}
    return [one for one in ends if one in opened] + [
        one for one in starts if one in {Fence(Z), Scripts(Fence(Z), sup=Glyph("2", "number")), Glyph("(", "word")}
    ]


def test_a_long_argument_is_broken_at_its_signs():
    """The Hessian of an output, a diagonal matrix of a sum, ran out of a telephone."""
    diag = Row((Glyph(r"\operatorname{diag}", "word"), Fence(Row((FACTORS[0], PLUS, FACTORS[1], PLUS, FACTORS[2])))),
               tight=True)  # fmt: skip
    found = broken(diag, available=16.0)
    assert [items(line.rhs)[0] for line in found[1:]] == [PLUS] * (len(found) - 1)
    assert items(found[0].rhs)[:2] == (Glyph(r"\operatorname{diag}", "word"), Glyph("(", "word"))


@pytest.mark.parametrize("sign", [r"\cdot", r"\times", r"\odot"])
def test_a_product_with_signs_is_parted_before_one(sign):
    times = Glyph(sign, "binary")
    found = broken(FACTORS[0], times, FACTORS[1], times, FACTORS[2], times, FACTORS[3])
    assert [items(line.rhs)[0] for line in found[1:]] == [times] * (len(found) - 1)


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
