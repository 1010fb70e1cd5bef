r"""The second reader: it agrees with what is read rightly in any typography, and with no lie about what was typed."""

import os
import random
import sys
import threading
from dataclasses import replace

import pytest

from derive import Derivation, Network
from derive.emit.latex import latex as to_latex
from derive.formula import Writer
from derive.tables.notations import NOTATIONS
from tests.test_reader import ONE, TREES, WILD
from tests.test_reader_printers import said
from tests.test_reader_safety import HOSTILE, LARGE
from verify.latex import Unreadable, read
from verify.latex import tree as t
from verify.latex.walk import children, mapped
from verify.second import SecondReader, second_opinion
from verify.second.skeleton import pieces


@pytest.fixture(scope="module")
def second():
    """One process for all tests, with time enough for a machine that is busy."""
    with SecondReader(seconds=30) as reader:
        if "not installed" in reader.opinion("c = a b").message:
            pytest.skip("latex2sympy2 is not installed")
        yield reader


@pytest.fixture(scope="module")
def quick():
    """One with the limits that the checker has."""
    with SecondReader() as reader:
        yield reader


# --- agreement ------------------------------------------------------------------------------------------------------

AGREE = [
    r"\frac{\partial C}{\partial w^3_{11}} = (a^3_1 - y_1) \sigma'(z^3_1) a^2_1",
    r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)",
    r"\delta^2 = \left(w^3\right)^{\mathsf T} \delta^3 \circ \sigma^{\prime}\left(z^2\right)",
    r"\boldsymbol{\delta}^{(1)} = -\boldsymbol{t} \odot (1 - \boldsymbol{y})",
    r"δ² = (w³)ᵀ δ³ ⊙ σ′(z²)",
    r"c = \frac{1}{1+e^{-z}}\Bigl(1 - \frac1{1+e^{-z}}\Bigr)",
    r"c &= \tfrac12 (a - y)^2 \\ &\quad - \log(1 + a)^2 \, b",
    r"c = \color{red}{a^2_1 - (a^2_1)^2} % a comment",
    r"\frac{\partial L}{\partial x} = \frac{g}{\sqrt{\sigma^2 + \epsilon}} - \frac{1}{m} \sum_{i=1}^{m} (g_i - 2 x_i)",
    r"c = {a + b \over d}",
    r"c = (a - b)^{-1} d",
    r"c = (a - b)² ½ d",
    r"c = \begin{cases} a - b & \text{if } a > 0 \\ a b & \text{otherwise} \end{cases}",
    r"c = \left(\frac{a}{b}\right)^{n} \cdot -d",
    r"c = a / b / d \cdot f",
    r"c = 1/2 (a - b)",
    r"c = a \oslash b \odot d",
    r"c = \underbrace{(a - b)}_{\text{error}} d",
    r"c = \exp(-a b) - \tanh(a)^2",
    r"f = \lVert X w - y \rVert_2^2",
    r"f = (x + y)_j^2 \,{}^{1}w^{2}_{1}(1 - {}^{2}x^{1})",
]


@pytest.mark.parametrize("text", AGREE)
def test_what_is_read_rightly_is_agreed_upon(second, text):
    opinion = second.opinion(text)
    assert opinion.status == "agree", opinion.message
    assert opinion.ours and opinion.theirs and opinion.where is None


def test_no_formula_of_the_reader_s_own_tests_is_disputed(second):
    texts = {row[0] for row in TREES} | {text for row in ONE for text in row} | set(WILD)
    opinions = {text: second.opinion(text) for text in sorted(texts)}
    assert [(text, one.message) for text, one in opinions.items() if one.status == "disagree"] == []
    assert sum(one.status == "agree" for one in opinions.values()) > len(opinions) / 3


NETWORKS = [
    Network([2, 3, 2], ["tanh", "softmax"], "cross-entropy"),
    Network([2, 2, 1], ["gelu", "sigmoid"], "msle"),
    Network([2, 2, 2], ["leaky-relu", "elu"], "cosine"),
    Network([3, 2], "softplus", "huber"),
]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_nothing_that_is_printed_is_disputed(second, notation):
    texts = set()
    for derivation in map(Derivation, NETWORKS):
        writer = Writer(derivation, notation)
        texts |= {to_latex(writer.box(claim)) for claim in said(derivation)}
    opinions = [second.opinion(text) for text in sorted(texts)]
    assert [one.message for one in opinions if one.status == "disagree"] == []
    assert sum(one.status == "agree" for one in opinions) > 0.75 * len(opinions)
    assert not any("parts of" in one.message for one in opinions)


# --- random formulas in random typography ---------------------------------------------------------------------------

ATOMS = [r"a^2_1", r"\hat{y}", "x", r"\sigma'(z)", r"\mathbf{w}", r"\delta^{(l+1)}_j", r"\frac{\partial C}{\partial a}"]
BRACKETS = ["( )", r"\left( \right)", r"\bigl[ \bigr]", r"\Big\{ \Big\}", r"\left[ \right]"]
PRODUCTS = [r" \cdot ", r" \times ", r" \odot ", r"\,", r"\;", r" * ", " ", " "]


def formula(dice, depth):
    """A random sum."""
    signs = ["", *dice.choices([" + ", " - ", "-", "−"], k=dice.randrange(3))]
    return "".join(sign + product(dice, depth) for sign in signs)


def product(dice, depth):
    factors = [factor(dice, depth) for _ in range(dice.randint(1, 3))]
    text = dice.choice(["", "", "-", "2 ", r"\frac12 "]) + factors[0]
    for one in factors[1:]:
        text += dice.choice(PRODUCTS) + one
    return text + (" / " + factor(dice, depth) if dice.random() < 0.2 else "")


def factor(dice, depth):
    if depth == 0 or dice.random() < 0.3:
        return dice.choice(ATOMS)
    opening, closing = dice.choice(BRACKETS).split()
    fenced = f"{opening}{formula(dice, depth - 1)}{closing}"
    match dice.randrange(6):
        case 0:
            over = dice.choice([r"\frac", r"\tfrac", r"\dfrac"])
            return f"{over}{{{formula(dice, depth - 1)}}}{{{formula(dice, depth - 1)}}}"
        case 1:
            return fenced + dice.choice(["^2", "^{-1}", r"^{\frac{1}{2}}", "^T", r"^{\top}", "_j"])
        case 2:
            return rf"\sqrt{{{formula(dice, depth - 1)}}}"
        case 3:
            return f"e^{{{formula(dice, depth - 1)}}}"
        case 4:
            return dice.choice([r"\exp", r"\ln", r"\tanh", r"\operatorname{softmax}"]) + fenced
    return fenced


@pytest.mark.parametrize("seed", range(4))
def test_random_typography_is_never_disputed(second, seed):
    dice = random.Random(seed)
    opinions = [second.opinion(f"c &= {formula(dice, 2)}") for _ in range(6)]
    assert [one.message for one in opinions if one.status == "disagree"] == []
    assert sum(one.status == "agree" for one in opinions) >= 5


# --- lies -----------------------------------------------------------------------------------------------------------

TYPED_AND_BELIEVED = [
    ("a - b", "a + b"),
    ("  -a b ", "   a b "),
    (" a (b + c)", "(a  b + c)"),
    ("(a - b) c ", " a - b  c "),
    ("(a - b) c ", "(a - b  c)"),
    (" a - b  - c ", " a -(b  - c)"),
    ("(a + b)^2", " a +(b)^2"),
    ("(a  b)^2", " a (b)^2"),
    ("(a  b)^T c", " a (b)^T c"),
    ("(a b c)^T", " a(b c)^T"),
    ("a b / c ", "a + b/c "),
    ("a /(b  - c)", "a / b  - c "),
    ("a /  b  - c ", "a / (b  - c)"),
    (r"\frac{a }{b  c}", r"\frac{a }{b} c "),
    (r"\frac{a }{b} c ", r"\frac{a }{b  c}"),
    (r"\frac{a + b}{c}", r"\frac{a - b}{c}"),
    (r"\sqrt{a  + b}", r"\sqrt{a} + b "),
    (r"\sqrt{a b} c", r"\sqrt{a b  c}"),
    (r"\log(a) b ", r"\log(a  b)"),
    (r"\exp(a - b) c ", r"\exp(a - b  c)"),
    (r"\tanh(a ) (b - c) ", r"\tanh(a   (b - c))"),
    (r"e^{a  - b}", r"e^{a} - b "),
    (r"2 a", r"3 a"),
    (r"a^2_1 - y", r"a^2_1   y"),
    (r"a \cdot b", r"a   +   b"),
    (r"-(a - b)", r" (a - b)"),
    (r"(1 - a) b", r"(1 + a) b"),
]


@pytest.mark.parametrize(("typed", "believed"), TYPED_AND_BELIEVED)
def test_a_wrong_reading_is_disputed(second, typed, believed):
    """The tree of what is believed is put together with what was typed, letter under letter."""
    right, wrong = read(f"f = {typed}"), read(f"f = {believed}")
    assert second.opinion_on(right).status == "agree"
    (statement,), (of_right,) = wrong.statements, right.statements
    lie = replace(statement, body=replace(statement.body, span=of_right.body.span))
    opinion = second.opinion_on(replace(right, statements=(lie,)))
    assert opinion.status == "disagree"
    assert opinion.ours in opinion.message and opinion.theirs in opinion.message and opinion.where is not None


def lies(node):
    """Falsehoods about a node, each a tree of another value."""
    number = (t.Number, t.Negation)
    if isinstance(node, t.Negation | t.Root):
        yield node.body
    elif isinstance(node, t.Power) and node.exponent != t.Number("1"):
        yield node.base
        yield replace(node, exponent=t.Addition((node.exponent, t.Number("1")), span=node.exponent.span))
    elif isinstance(node, t.Transposed):
        yield node.base
    elif isinstance(node, t.Fraction):
        yield replace(node, above=node.below, below=node.above)
    elif isinstance(node, t.Addition):
        first, *rest = node.terms
        yield replace(node, terms=(first.body if isinstance(first, t.Negation) else t.Negation(first), *rest))
        yield first
    elif isinstance(node, t.Multiplication) and not any(isinstance(one, number) for one in node.factors):
        yield replace(
            node, factors=(*node.factors[2:], *node.factors[:2]) if len(node.factors) > 2 else node.factors[::-1]
        )
        yield t.juxtaposed(node.factors[1:], node.span)


def with_one_lie(node):
    """A tree with a lie at each place that the second reader sees."""
    yield from lies(node)
    for child in () if isinstance(node, t.Scripted | t.Derivative | t.Letter | t.Norm | t.Big) else children(node):
        for lie in with_one_lie(child):
            yield mapped(node, lambda one, old=child, new=lie: new if one is old else one)


LIED_ABOUT = [
    r"c = (a^3_1 - y_1) \, \sigma'(z^3_1)\, w^3_{11} (1 - a^2_1) a^2_1",
    r"c = -\frac{x (y - a)}{1 + e^{-z}} + \frac{1}{n} \lambda w",
    r"c = \left( (w^3)^T \delta^3 \right) \odot \bigl(b - a \odot d\bigr)",
    r"c = \frac{g}{\sqrt{v + \epsilon}} - \frac{(x - \mu)(x + \mu)^2}{(v + \epsilon)^{3}}",
    r"c = \frac{2 (a - y)}{n} \cdot \tanh(b - d) x - (b + d)^{-1}",
]


@pytest.mark.parametrize("text", LIED_ABOUT)
def test_every_lie_is_disputed(second, text):
    reading = read(text)
    (statement,) = reading.statements
    assert second.opinion_on(reading).status == "agree"
    left, right = statement.sides
    found = [replace(statement, body=replace(statement.body, sides=(left, lie))) for lie in with_one_lie(right)]
    assert len(found) >= 8
    undisputed = [one for one in found if second.opinion_on(replace(reading, statements=(one,))).status != "disagree"]
    assert undisputed == []


def test_what_our_tree_has_lost_is_disputed(second):
    reading = read(r"f = a - \delta_j b")
    (statement,) = reading.statements
    whole = statement.body
    lost = replace(whole, sides=(whole.sides[0], whole.sides[1].terms[0]))
    opinion = second.opinion_on(replace(reading, statements=(replace(statement, body=lost),)))
    assert opinion.status == "disagree" and "unclaimed" in opinion.theirs


# --- hostile text, limits -------------------------------------------------------------------------------------------

NESTED = {
    "braces": "c = " + "{" * 40 + "a + b" + "}" * 40,
    "brackets": "c = " + "(" * 40 + "a + b" + ")" * 40,
    "powers": "c = " + "(a + b)^{" * 40 + "2" + "}" * 40,
    "exponentials": "c = " + "e^{1 - " * 30 + "a" + "}" * 30,
    "functions": "c = " + r"\tanh(a) \cdot " * 40 + "b",
    "numbers": "c = 9^{9^{9^{9}}} + 1",
    "zero": "c = 1 / (1 - 1)",
}


@pytest.mark.parametrize(
    "text", [*HOSTILE.values(), *LARGE.values(), *NESTED.values()], ids=[*HOSTILE, *LARGE, *NESTED]
)
def test_hostile_text_is_not_disputed(quick, text):
    assert quick.opinion(text).status in ("agree", "abstained")


def test_a_caller_deep_in_the_stack_gets_an_answer(second):
    reading = read("c = " + "(1 + " * 30 + "a" + ")" * 30)
    found = []

    def deep(levels):
        return deep(levels - 1) if levels else found.append(second.opinion_on(reading).status)

    for spare in (60, 90, 120, 200):
        thread = threading.Thread(target=deep, args=(sys.getrecursionlimit() - spare,))
        thread.start()
        thread.join()
    assert len(found) == 4 and "abstained" in found and "disagree" not in found
    assert second.opinion_on(reading).status == "agree"


def test_answers_do_not_depend_on_what_was_asked_before(second):
    texts = ["a = 5", r"c = a b", r"dx = \frac{dy}{dz}", "c = a b - d", "i = j k"]
    first = [second.opinion(text) for text in texts]
    with SecondReader(seconds=30) as other:
        assert [other.opinion(text) for text in reversed(texts)] == first[::-1]


def test_many_threads_may_ask(second):
    texts = [f"c = (a - {number}) b" for number in range(12)]
    found = {}
    threads = [threading.Thread(target=lambda one=text: found.update({one: second.opinion(one)})) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.status for one in found.values()} == {"agree"} and len(found) == 12


def test_one_reader_for_everybody():
    assert second_opinion("c = (a - b) d").status == "agree"
    assert second_opinion("c = d").status == "abstained"
    assert second_opinion("c = (").status == "abstained"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_asks_a_process_of_its_own(second):
    assert second.opinion("c = a - b").status == "agree"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, second.opinion("c = a + b d").status.encode())
            second.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == "agree"
    assert second.opinion("c = a - b - d").status == "agree"


def test_pieces_hold_what_was_typed():
    text = r"c = \Bigl(a^2_1 - \frac12 y\Bigr)\sigma'(z) \odot d_j"
    (found,) = pieces(read(text))
    v = [rf"\variable{{v{number}}}" for number in range(6)]
    assert found.text == rf"( {v[1]} - \frac {{ 1 }} {{ 2 }} {v[2]} ) {v[3]} ( {v[4]} ) * {v[5]}"
    assert text[slice(*found.span)] == text.removeprefix("c = ")


def test_what_cannot_be_read_is_left_to_the_first_reader(second):
    with pytest.raises(Unreadable):
        read("c = (a")
    opinion = second.opinion("c = (a")
    assert opinion.status == "abstained" and "never closed" in opinion.message
