"""What people see of an answer: whole screens, line by line; and that nothing foreign moves the cursor."""

import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.checking.numbers import grouped, number, pair
from reports.checking.options import Options
from reports.checking.sentences import sentence
from reports.checking.terminal import shown, sides
from verify.checking.answer import KINDS, Answer, Counterexample, Diagnosis, Verification

NIELSEN = {"notation": "nielsen", "input": "layer 1", "widths": [3, 4, 3, 2], "shapes": {"w^3": "3×4", "w^4": "2×3"}}
OPTIONS = Options({"layers": [3, 4, 3, 2]})
FORMULA = r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)"
TRANSPOSE = Answer(
    "incorrect",
    "exact",
    reading=NIELSEN,
    diagnosis=(
        Diagnosis(
            "transpose",
            (FORMULA.index("w^3"), FORMULA.index(r" \odot")),
            "w³ δ³ multiplies 3×4 by 3×1. Going back through a layer sums over its outputs, which are the rows of w³: "
            "that is the transpose.",
            r"\delta^2 = (w^3)^{T} \delta^3 \odot \sigma'(z^2)",
        ),
    ),
)


def screen(formula, answer, options=OPTIONS):
    """The lines of an answer without the empty ones around them."""
    lines = shown(formula, answer, options).split("\n")
    assert lines[0] == lines[-1] == ""
    return lines[1:-1]


def test_a_missing_transpose():
    assert screen(FORMULA, TRANSPOSE) == [
        "  δ² = w³ δ³ ⊙ σ′(z²)                         read as nielsen: input = layer 1, w³ is 3×4",
        "       ──┬──",
        "         transpose: w³ δ³ multiplies 3×4 by 3×1. Going back through a layer sums over its outputs,",
        "         which are the rows of w³: that is the transpose.",
        "",
        "  incorrect   proved without numbers",
        "",
        "  the mend    δ² = (w³)ᵀ δ³ ⊙ σ′(z²)",
        r"              \delta^2 = (w^3)^{T} \delta^3 \odot \sigma'(z^2)",
    ]


def test_the_same_where_there_is_no_unicode():
    lines = screen(FORMULA, TRANSPOSE, replace(OPTIONS, unicode=False, width=70))
    assert all(line.isascii() for line in lines)
    assert lines[:5] == [
        r"  \delta^2 = w^3 \delta^3 \odot \sigma'(z^2)",
        r"             ^^^^^^^^^^^^",
        r"                   transpose: w^3 delta^3 multiplies 3x4 by 3x1. Going",
        r"                   back through a layer sums over its outputs, which",
        r"                   are the rows of w^3: that is the transpose.",
    ]
    assert r"  the mend    \delta^2 = (w^3)^{T} \delta^3 \odot \sigma'(z^2)" in lines


def test_numbers_of_a_wrong_sign():
    formula = r"\frac{\partial C}{\partial w^2_{11}} = (y_1 - a^2_1) \sigma'(z^2_1) x_1"
    example = Counterexample(
        {"b^{2}_{1}": "0", "w^{2}_{11}": "1", "w^{2}_{12}": "-1/2", "x_{1}": "1", "x_{2}": "2", "y_{1}": "1"},
        {"z^{2}_{1}": "0", "a^{2}_{1}": "1/2"},
        "[-0.12500004 +/- 3e-9]",
        "0.1250000400",
        "entry 1",
    )
    reading = {"notation": "nielsen", "input": "layer 1", "widths": [2, 1]}
    start = formula.index("(y")
    found = (Diagnosis("target-sign", (start, start + 13), "the loss grows with the prediction: $a^2_1 - y_1$"),)
    answer = Answer("incorrect", "counterexample", counterexample=example, reading=reading, diagnosis=found)
    assert screen(formula, answer) == [
        "  ∂C/∂w²₁₁ = (y₁ − a²₁) σ′(z²₁) x₁            read as nielsen: input = layer 1",
        "             ─────┬────",
        "                  target sign: the loss grows with the prediction: a²₁ − y₁",
        "",
        "  incorrect   the two sides differ at the numbers below",
        "",
        "  at          x = (1, 2), y = 1, w² = [1, −1/2], b² = 0",
        "              so that z² = 0, a² = 1/2",
        "  yours       0.125",
        "  true        −0.125",
        "              compared at entry 1; every digit shown is certain",
    ]


def test_numbers_stand_in_the_order_of_the_forward_pass():
    values = {"b^2": "0", "w^3": "2", "w^2": "1", "y": "3", "x": "4"}
    follow = {"∂C/∂z^3": "1", "a^3": "2", "z^3": "3", "a^2": "4", "z^2": "5"}
    answer = Answer("incorrect", "counterexample", counterexample=Counterexample(values, follow, "1", "2"))
    lines = screen("a = b", answer)
    assert "  at          x = 4, y = 3, w² = 1, w³ = 2, b² = 0" in lines
    assert "              so that z² = 5, a² = 4, z³ = 3, a³ = 2, ∂C/∂z³ = 1" in lines


def test_a_chain_has_a_mark_for_each_relation():
    first = r"\frac{\partial C}{\partial w^3_{11}} &= \delta^3_1 a^2_1"
    formula = rf"\begin{{aligned}} {first} \\ &= (a^3_1 - y_1) a^2_1 \\ &= 3 \end{{aligned}}"
    place = formula.index("(a^3_1") + 13
    steps = (
        Verification("correct", "exact"),
        Verification("incorrect", "counterexample"),
        Verification("undecided", message="there is no verdict within the time limit of 2 s"),
    )
    found = (Diagnosis("missing-derivative", (place, place), "going back through σ multiplies by `\\sigma'(z^3_1)`"),)
    answer = Answer("incorrect", "counterexample", reading=NIELSEN, steps=steps, first_error=2, diagnosis=found)
    assert screen(formula, answer) == [
        "  ✓ ∂C/∂w³₁₁ = δ³₁ a²₁                        read as nielsen: input = layer 1",
        "  ✗          = (a³₁ − y₁) a²₁",
        "                          ┬",
        "                          missing derivative: going back through σ multiplies by σ′(z³₁)",
        "  ?          = 3",
        "",
        "  incorrect   relation 2 of 3 is the first that is wrong; the two sides differ at the numbers below",
        "  relation 3  there is no verdict within the time limit of 2 s",
    ]


def test_several_mistakes_that_lie_apart_are_all_underlined():
    formula = r"\delta^2 = w^3 \delta^3 \odot \sigma(z^2)"
    at = formula.index(r"\sigma")
    more = (
        *TRANSPOSE.diagnosis,
        Diagnosis("missing-derivative", (at, len(formula)), "the slope is missing"),
        Diagnosis("order", TRANSPOSE.diagnosis[0].where, "an overlap is not drawn"),
    )
    lines = screen(formula, replace(TRANSPOSE, diagnosis=more))
    assert lines[1] == "       ──┬──   ──┬──"
    assert lines[2] == "         │       missing derivative: the slope is missing"
    assert "overlap" not in "\n".join(lines)
    assert "also        order: an overlap is not drawn" in shown(
        formula, replace(TRANSPOSE, diagnosis=more), replace(OPTIONS, explain=True)
    )


def test_where_reading_stopped():
    answer = Answer("unreadable", message="two signs stand side by side", where=(17, 22))
    assert screen(r"\delta^3_1 \odot \odot a^2_1", answer) == [
        r"  \delta^3_1 \odot \odot a^2_1",
        r"                   ──┬──",
        r"                     two signs stand side by side",
        r"",
        r"  unreadable  nothing was checked",
    ]


def test_where_reading_stopped_in_the_second_line():
    formula = "a = b\nc = \\club"
    lines = screen(formula, Answer("unreadable", message="the command is not known", where=(10, 15)))
    assert lines[:4] == ["  a = b", "  c = \\club", "      ──┬──", "        the command is not known"]


def test_undecided_says_what_to_do():
    reading = {"candidates": [{"notation": "ng", "verdict": "correct"}, {"notation": "bishop", "verdict": "incorrect"}]}
    answer = Answer("undecided", message="the notation is not clear", reading=reading)
    assert screen(r"\delta^2 = a^2 - y", answer) == [
        "  δ² = a² − y",
        "",
        "  undecided   the notation is not clear",
        "    ng        correct",
        "    bishop    incorrect",
        "  to settle   name the notation that is meant, as in --notation ng",
    ]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("there is no verdict within the time limit of 2 s", "--seconds"),
        ("the formula needs too much memory", "smaller widths"),
        ("its letters depend on one another", "--explain"),
    ],
)
def test_every_undecided_answer_has_advice(message, said):
    assert said in shown("a = b", Answer("undecided", message=message), OPTIONS)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("correct", "exact", reading=NIELSEN), "proved for the widths 3-4-3-2"),
        (Answer("correct", "exact", reading=NIELSEN | {"for": "every width"}), "proved for every width"),
        (Answer("correct", "exact", reading=NIELSEN | {"widths": ["n_0", 1]}), "proved for every width"),
        (Answer("correct", "exact"), "proved by exact algebra"),
        (Answer("correct", "probabilistic", 1e-30), "1 chance in 1e30"),
    ],
)
def test_how_sure_a_verdict_is(answer, said):
    assert said in shown(FORMULA, answer, OPTIONS)


@pytest.mark.parametrize(
    ("message", "seen"),
    [
        ("w^{3} must be transposed", "w³ must be transposed"),
        (r"it is `\sigma'(z)`, not $\frac{a}{b}$", "it is σ′(z), not a/b"),
        (r"y_1 - a^3_1 instead of a^3_1 - y_1.", "y₁ − a³₁ instead of a³₁ − y₁."),
        (r"the right side is: \delta^2 = (w^3)^T \odot \sigma'(z^2)", "the right side is: δ² = (w³)ᵀ ⊙ σ′(z²)"),
        (r"the command \clubsuit is not known", r"the command \clubsuit is not known"),
        ("ng: correct; bishop: incorrect", "ng: correct; bishop: incorrect"),
    ],
)
def test_formulas_in_sentences(message, seen):
    assert sentence(message) == seen


def test_shapes_are_said_of_what_stands_in_the_formula():
    shapes = {"w^{3}": "3×4", "x": "n", "b": "scalar", "q": "7×7", "z^2": "3"}  # z² is not there as a whole
    answer = Answer("correct", "exact", reading={"notation": "given", "shapes": shapes})
    first = screen("w^3 \\, x + b = z^2_1", answer)[0]
    assert (
        first == "  w³ x + b = z²₁                  read by the definitions: w³ is 3×4, x has n entries, b is a scalar"
    )


def test_explain_says_everything():
    reading = NIELSEN | {"roles": {r"\delta^2": "error signal of layer 2"}, "ranges": {"j": "1…3"}}
    found = "\n".join(screen(FORMULA, replace(TRANSPOSE, reading=reading, ms=3.2), replace(OPTIONS, explain=True)))
    for said in (
        "δ²        error signal of layer 2",
        "w⁴ is 2×3",
        "j = 1…3",
        "widths      3-4-3-2",
        "time        3 ms",
    ):
        assert said in found


def test_colours_only_where_they_are_wanted():
    assert "\x1b" not in shown(FORMULA, TRANSPOSE, OPTIONS)
    assert "\x1b[1;31mincorrect\x1b[0m   proved" in shown(FORMULA, TRANSPOSE, replace(OPTIONS, colour=True))


def test_the_mend_is_not_broken_so_that_it_can_be_copied():
    long = r"a = " + " + ".join(rf"\sigma'(z^{{{n}}}) w^{{{n}}}" for n in range(1, 20))
    answer = replace(TRANSPOSE, diagnosis=(replace(TRANSPOSE.diagnosis[0], fix=long),))
    lines = screen(FORMULA, answer, replace(OPTIONS, width=60))
    assert f"              {long}" in lines
    assert all(len(line) <= 60 for line in lines if long not in line)


def test_which_side_is_whose():
    assert sides(r"\frac{\partial C}{\partial w} = 2 x", 1) == ("true", "yours")
    assert sides(r"2 x = \frac{\partial C}{\partial w}", 1) == ("yours", "true")
    assert sides(r"a b = b a", 1) == ("left", "right")
    assert sides(r"\delta^2 = a b = b a", 2) == ("left", "right")
    assert sides(r"\odot", 1) == ("left", "right")


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("3", "3"), ("-1/2", "−1/2"), ("0.5", "0.5"), ("-2", "−2"), ("[0.5 +/- 1e-20]", "0.5"), ("0", "0"),
        ("[-0.010499371 +/- 4e-12]", "−0.0104994"), ("1.2345e-9", "1.2345·10⁻⁹"), ("6.02e23", "6.02·10²³"),
        ("[0.1 +/- 0.04]", "[0.1 +/- 0.04]"), ("[0.1 +/- 0.3]", "[0.1 +/- 0.3]"), ("nan", "nan"),
        ("not defined", "not defined"),
        ("0.99999942", "0.999999"), ("3.000000000", "3"), ("12345678", "1.23457·10⁷"), ("[+/- 1e-30]", "[+/- 1e-30]"),
    ],
)  # fmt: skip
def test_numbers_are_short_and_every_digit_holds(text, shown_as):
    assert number(text) == shown_as


@given(st.fractions(-1000, 1000), st.integers(4, 12), st.integers(0, 99))
def test_what_is_shown_of_an_enclosure_is_near_all_of_it(value, digits, shift):
    """Both ends of the enclosure round to what is shown."""
    middle = round(float(value), digits)
    radius = 10.0**-digits
    text = number(f"[{middle!r} +/- {radius!r}]")
    if "·" in text or "[" in text:
        return
    places = len(text.partition(".")[2])
    for end in (middle - radius, middle, middle + radius):
        assert abs(float(text.replace("−", "-")) - end) <= 0.5000001 * 10.0**-places or places < 6


def test_two_numbers_have_as_many_digits_as_tell_them_apart():
    assert pair("0.12345678901", "0.12345678123") == ("0.12345679", "0.12345678")
    assert pair("1", "2") == ("1", "2")


def test_entries_become_arrays_only_where_all_of_them_are_there():
    reading = {"input": "layer 0", "widths": [2, 2, 1]}
    whole = {"W^{[1]}_{11}": "1", "W^{[1]}_{12}": "2", "W^{[1]}_{21}": "3", "W^{[1]}_{22}": "4", "x_1": "1", "x_2": "0"}
    assert grouped(whole, reading) == [("W^{[1]}", "[1, 2; 3, 4]"), ("x", "(1, 0)")]
    part = {"W^{[1]}_{11}": "1", "W^{[1]}_{12}": "2", "x_1": "1"}
    assert grouped(part, reading) == [("W^{[1]}_{11}", "1"), ("W^{[1]}_{12}", "2"), ("x_1", "1")]
    assert grouped({"c_1": "1", "c_2": "1", "k": "1/2"}, {}) == [("c_1", "1"), ("c_2", "1"), ("k", "1/2")]


# --- nothing foreign ------------------------------------------------------------------------------------------------

NASTY = st.text(alphabet="\x00\x07\x1b[31m\u202e\u2066\u200f\u0301\t\r\n\\frac{}^_=$ aδ世\U000e0041", max_size=60)
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def answers(text):
    places = st.tuples(st.integers(-1, 70), st.integers(-1, 70)).map(lambda one: tuple(sorted(one)))
    diagnoses = st.lists(st.builds(Diagnosis, st.sampled_from(KINDS), places, text, st.none() | text), max_size=4).map(
        tuple
    )
    examples = st.builds(
        Counterexample,
        st.dictionaries(text, text, max_size=3),
        st.dictionaries(text, text, max_size=3),
        text,
        text,
        text,
    )
    steps = st.lists(
        st.builds(Verification, st.sampled_from(["correct", "incorrect", "undecided"]), message=text, where=places),
        max_size=3,
    ).map(tuple)
    reading = st.dictionaries(st.sampled_from(["notation", "input", "grouping", "roles", "shapes", "ranges"]),
                              text | st.dictionaries(text, text, max_size=2), max_size=4)  # fmt: skip
    return st.builds(
        Answer,
        st.sampled_from(["correct", "incorrect", "undecided", "unreadable"]),
        st.sampled_from(["exact", "probabilistic", "counterexample", None]),
        counterexample=st.none() | examples,
        reading=reading,
        steps=steps,
        diagnosis=diagnoses,
        message=text,
        where=st.none() | places,
    )


@settings(max_examples=400, deadline=None)
@given(
    formula=NASTY | st.sampled_from([FORMULA, r"a = b \\ c = d", r"\frac{a}{b} = c = d"]),
    answer=answers(NASTY),
    width=st.integers(60, 100),
    unicode=st.booleans(),
    explain=st.booleans(),
)
def test_whatever_an_answer_holds_it_is_shown_safely(formula, answer, width, unicode, explain):
    if answer.steps and answer.verdict == "incorrect":
        answer = replace(answer, first_error=1)
    options = replace(OPTIONS, width=width, unicode=unicode, explain=explain)
    text = shown(formula, answer, options)
    assert all(unicodedata.category(one) not in HIDDEN for one in text.replace("\n", ""))
    assert unicode or text.isascii()
    json.dumps(answer.record(), allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(where=st.tuples(st.integers(0, 60), st.integers(0, 60)), width=st.integers(60, 100), words=st.integers(1, 60))
def test_no_line_is_wider_than_it_may_be(where, width, words):
    found = Diagnosis("sign", tuple(sorted(where)), "word " * words, FORMULA)
    answer = replace(TRANSPOSE, diagnosis=(found,))
    lines = screen(FORMULA + " + " + " + ".join(["x"] * words), answer, replace(OPTIONS, width=width))
    assert all(len(line) <= width for line in lines)
    assert len(re.findall("word", "\n".join(lines))) == words
