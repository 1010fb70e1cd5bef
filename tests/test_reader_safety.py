r"""The reader against everything else: noise, hostile text, lies about single tokens; it reads, or says where not."""

import random
import re
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_reader import ONE, TREES, WILD
from verify.latex import Unreadable, read, unread
from verify.latex.derivatives import Differential
from verify.latex.lexer import MOST_CHARACTERS
from verify.latex.tables import COMMANDS, MACROS
from verify.latex.tree import Node
from verify.latex.walk import children, walk

FORMULAS = [row[0] for row in TREES] + [text for row in ONE for text in row] + WILD
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+|\S", re.DOTALL)
DEEPEST = 400


def depth(node: Node) -> int:
    below = [(node, 1)]
    deepest = 1
    while below:
        one, level = below.pop()
        deepest = max(deepest, level)
        below += [(child, level + 1) for child in children(one)]
    return deepest


def outcome(text):
    """What the reader makes of a text: the bodies of its statements, or None; asserts what holds of any text."""
    try:
        reading = read(text)
    except Unreadable as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.message and error.pointed(text)
        return None
    for statement in reading.statements:
        assert depth(statement.body) < DEEPEST
        for node in walk(statement.body):
            assert 0 <= node.span[0] <= node.span[1] <= len(text)
            assert not isinstance(node, Differential)
        assert unread(statement)
    return tuple((one.body, one.role) for one in reading.statements)


# --- noise ----------------------------------------------------------------------------------------------------------

PIECES = st.one_of(
    st.sampled_from(sorted(COMMANDS)),
    st.sampled_from([*"abdewxyzABCELTW012345", "{", "}", "(", ")", "^", "_", "=", "+", "-", " ", "|", "&", r"\\", "'"]),
    st.sampled_from(FORMULAS),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=20).map(" ".join))
def test_soups_of_tokens(text):
    assert outcome(text) == outcome(text)  # what holds of any text is asserted there; and it holds again


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text):
    assert outcome(text) == outcome(text)  # what holds of any text is asserted there; and it holds again


def mutated(text, seed):
    """A formula with a few tokens dropped, doubled, swapped or replaced."""
    dice = random.Random(seed)
    parts = TOKEN.findall(text)
    for _ in range(dice.randint(1, 4)):
        one, other = dice.randrange(len(parts)), dice.randrange(len(parts))
        match dice.randrange(4):
            case 0:
                parts.insert(one, dice.choice(sorted(COMMANDS)))
            case 1:
                parts.insert(one, parts[other])
            case 2:
                parts[one], parts[other] = parts[other], parts[one]
            case _ if len(parts) > 1:
                del parts[one]
    return " ".join(parts)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(FORMULAS), st.integers(0, 10**6))
def test_mutated_formulas(text, seed):
    assert outcome(mutated(text, seed)) == outcome(mutated(text, seed))


# --- lies -----------------------------------------------------------------------------------------------------------

SILENT = re.compile(
    r"\\(,|;|!|:|\s|quad|qquad|left|right|bigl|bigr|bigg|Big|limits|nolimits|displaystyle|nonumber|textcolor|color"
    r"|label|tag|text|boldsymbol|operatorname)|[{}.&$%]"
)
"""Tokens that may be left out without a change of meaning, or whose letters follow as tokens of their own."""


IDLE = {"W^{(l+1)^T}"}
"""Formulas with a token that changes nothing: W^{(l+1)T} is the same."""


@pytest.mark.parametrize("text", sorted(({row[0] for row in TREES} | set(WILD)) - IDLE))
def test_no_token_is_dropped_without_a_word(text):
    whole = outcome(text)
    for match in TOKEN.finditer(text):
        if not SILENT.match(match[0]) and r"\underbrace" not in text:
            less = text[: match.start()] + " " + text[match.end() :]
            assert outcome(less) != whole, f"{match[0]} at {match.start()} means nothing"


# --- hostile text ---------------------------------------------------------------------------------------------------

MANY = 90_000
HOSTILE = {
    "brackets": "(" * MANY,
    "braces": "{" * (MANY // 2) + "}" * (MANY // 2),
    "scripts": "x^{" * 20_000 + "x" + "}" * 20_000,
    "left": r"\left(" * 5_000 + "x" + r"\right)" * 5_000,
    "fractions": r"\frac" * (MANY // 5),
    "accents": r"\hat" * (MANY // 4) + " x",
    "functions": r"\log" * (MANY // 4) + " x",
    "nablas": r"\nabla" * (MANY // 6) + " x",
    "sums": r"\sum_k" * (MANY // 6) + " x",
    "operators": r"\frac{d}{dz}" * (MANY // 12) + " x",
    "minus": "-" * MANY + "a",
    "slashes": "a" + "/a" * (MANY // 2),
    "differentials": "d/d" * (MANY // 3),
    "bars": "|" * MANY,
    "tower": "9^{" * 1_000 + "9" + "}" * 1_000,
    "digits": "9" * MANY,
    "scripts in a row": "x" + "{}^1" * (MANY // 4),
    "transposes": "W^{" + "T" * MANY + "}",
    "open brackets in a script": "x^{" + "(" * MANY + "}",
    "ones": "1(" * 20_000 + "x=1" + ")" * 20_000,
    "accents behind": "x" + "\u0302" * MANY,
    "raised": "x" + "²" * MANY,
    "dollars": "$" * MANY,
    "environments": r"\begin{aligned}" * 2_000 + "a=b" + r"\end{aligned}" * 2_000,
    "text": r"\text{" + "{" * MANY,
    "label": r"\label{" + "a" * MANY,
    "long": "a+" * MOST_CHARACTERS,
    "factorial": "2004!",
    "nul": "a = \x00 b",
    "bidi": "a = \u202eb",
    "zero width": "a\u200b = b",
    "surrogate": "a = \ud800",
    "power of ten": "1e999999999 x",
    "catcode": r"\catcode`\^=12 a = b",
    "write": r"\immediate\write18{touch x} a = b",
    "input": r"\input{/etc/passwd}",
    "def": r"\def\x{\x\x}\x = 1",
    "newcommand": r"\newcommand{\x}{1} \x = 1",
    "python": "__import__('os').system('true') = 1",
    "ellipsis": r"x_1 + \cdots + x_n = 1",
    "half a derivative": r"\frac{\partial E}{w} = 1",
    "a derivative of nothing": r"\frac{\partial}{\partial w} = 1",
    "hidden sum": r"{a + b} c = d",
    "hidden power": r"{a + b}^2 = d",
    "a number behind a letter": "x2 = 1",
    "two digits without braces": "w_12 = 1",
    "number of the equation": r"a = b \ (2)",
    "two upper scripts": "a^b^c = 1",
    "plus or minus": r"a = \pm b",
    "nothing": "",
    "no right side": "a =",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused(text):
    assert outcome(text) is None


SEVERAL = 30_000
LARGE = {
    "a sum": "a" + "+a" * (SEVERAL // 2),
    "a product": "a" * SEVERAL,
    "a chain": "a" + "=a" * (SEVERAL // 2),
    "equations": r"a=b\quad " * (SEVERAL // 9),
    "primes": "f" + "'" * SEVERAL,
    "lines": r"a=b\\ " * (SEVERAL // 6),
    "applications": "f(x)" * (SEVERAL // 4),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_what_is_large_and_flat_is_read(text):
    assert outcome(text) is not None


@pytest.mark.parametrize("macro", sorted(MACROS))
def test_no_macro_is_obeyed(macro):
    with pytest.raises(Unreadable, match="command for TeX"):
        read(rf"{macro} a = b")


def test_a_caller_deep_in_the_stack_gets_an_answer():
    text = "(" * 30 + "x" + ")" * 30
    found = []

    def deep(levels):
        if levels:
            return deep(levels - 1)
        return found.append(outcome_of_kind(text))

    thread = threading.Thread(target=deep, args=(sys.getrecursionlimit() - 150,))
    thread.start()
    thread.join()
    assert found == ["unreadable"]
    assert outcome_of_kind(text) == "read"


def outcome_of_kind(text):
    try:
        read(text)
    except Unreadable:
        return "unreadable"
    return "read"
