"""Logistic regression: its gradient by formula, and by elementary blocks with values up and local derivatives down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import arb, ctx

from reports.checking.document_boxes import boxed
from reports.examples.page import Page
from reports.figures.drawing import Drawing
from reports.figures.graph import Node, graph
from reports.selfcheck.checks import given

MODEL = (
    r"P_i = \frac{1}{1 + e^{-(\beta_0 + \beta_1 X_i)}}",
    r"L = -\sum_i \left[ Y_i \log P_i + (1 - Y_i) \log(1 - P_i) \right]",
)


@dataclass(frozen=True)
class Block:
    """One elementary step: its letter, what it computes in LaTeX, how in balls, and its derivative by each input."""

    letter: str
    formula: str
    value: Callable[..., arb]
    slopes: tuple[tuple[str, str, Callable[..., arb]], ...]


BLOCKS = (
    Block("u", "W X", lambda W, X, **_: W * X, (("W", "X", lambda X, **_: X),)),
    Block("v", "-u", lambda u, **_: -u, (("u", "-1", lambda **_: arb(-1)),)),
    Block("e", r"\exp(v)", lambda v, **_: v.exp(), (("v", "e", lambda e, **_: e),)),
    Block("s", "1 + e", lambda e, **_: 1 + e, (("e", "1", lambda **_: arb(1)),)),
    Block("P", r"\frac{1}{s}", lambda s, **_: 1 / s, (("s", r"-\frac{1}{s^2}", lambda s, **_: -1 / s**2),)),
    Block("a", r"\log P", lambda P, **_: P.log(), (("P", r"\frac{1}{P}", lambda P, **_: 1 / P),)),
    Block("q", "1 - P", lambda P, **_: 1 - P, (("P", "-1", lambda **_: arb(-1)),)),
    Block("b", r"\log q", lambda q, **_: q.log(), (("q", r"\frac{1}{q}", lambda q, **_: 1 / q),)),
    Block("A", "-Y a", lambda Y, a, **_: -Y * a, (("a", "-Y", lambda Y, **_: -Y),)),
    Block("B", "-(1 - Y) b", lambda Y, b, **_: (Y - 1) * b, (("b", "-(1 - Y)", lambda Y, **_: Y - 1),)),
    Block("L", "A + B", lambda A, B, **_: A + B, (("A", "1", lambda **_: arb(1)), ("B", "1", lambda **_: arb(1)))),
)
BITS = 120
AT = {"X": 3, "W": 3, "Y": 1}
"""The point of the text; it leaves Y open, and 1 is taken here."""


def values() -> dict[str, arb]:
    """The value of every block at the point, enclosed."""
    with ctx.workprec(max(ctx.prec, BITS)):
        found = {letter: arb(value) for letter, value in AT.items()}
        for block in BLOCKS:
            found[block.letter] = block.value(**found)
        return found


def tell(page: Page) -> None:
    """The model and its gradient, then the blocks."""
    with ctx.workprec(max(ctx.prec, BITS)):
        _formula(page)
        _blocks(page)
        _walk(page)


def _formula(page: Page) -> None:
    about = given(*MODEL)
    page.section("By formula")
    page.say("A probability is a line, bent by the logistic function; the loss says how surprising the labels are.")
    for formula in MODEL:
        page.define(formula)
    page.say("Everything cancels but the difference of probability and label:")
    page.claim(r"\frac{\partial L}{\partial \beta_0} = \sum_i (P_i - Y_i)", about, "by the shift", label="beta0")
    page.claim(r"\frac{\partial L}{\partial \beta_1} = \sum_i (P_i - Y_i) X_i", about, "by the slope", label="beta1")


def _blocks(page: Page) -> None:
    definitions = [f"{block.letter} = {block.formula}" for block in BLOCKS]
    about = given(*definitions)
    page.section("By blocks, as a machine does it")
    page.say("The loss of one point is cut into two parts, {a} with {y} and {b} with {other}, and each into blocks so "
             "small that the derivative of each is known by heart. The number that is learned is {w}.",
             a="$A$", b="$B$", y="$Y$", other="$1 - Y$", w="$W$")  # fmt: skip
    found = values()
    rows = []
    for block in BLOCKS:
        for letter, slope, ball in block.slopes:
            local = rf"\frac{{\partial {block.letter}}}{{\partial {letter}}} = {slope}"
            rows.append((f"${block.letter} = {block.formula}$", page.ball(found[block.letter]),
                         page.checked(local, about), page.ball(ball(**found))))  # fmt: skip
    page.table(("block", "value, upwards", "local derivative", "its value, downwards"), rows,
               "Every block at {x} and {w}, for the label {y}.", "blocks", "lrlr",
               x=("X = ", page.number(3, "3", ours=False)), w=("W = ", page.number(3, "3", ours=False)),
               y="$Y = 1$")  # fmt: skip
    page.figure(_drawing(found), "The blocks, from below upwards; values in blue, local derivatives in orange.",
                "Eleven blocks: a chain from W up to P, which splits into two branches that meet in L.")  # fmt: skip


def _walk(page: Page) -> None:
    found = values()
    page.section("Down again")
    page.say("Going down, each block multiplies what arrives by its own slope. Two ways lead from {p} to {l}, and what "
             "they bring is added.", p="$P$", l="$L$")  # fmt: skip
    about = given(*(f"{block.letter} = {block.formula}" for block in BLOCKS))
    page.claim(r"\frac{\partial L}{\partial P} = -\frac{Y}{P} + \frac{1 - Y}{q}", about, "both ways")
    page.claim(r"\frac{\partial L}{\partial W} = (P - Y) X", about, "all the way down; the formula from above")
    page.say("At the point that is {value}.", value=page.ball((found["P"] - found["Y"]) * found["X"]))


def _drawing(found: dict[str, arb]) -> Drawing:
    shown = {letter: short(value) for letter, value in found.items()}
    leaves = [Node(letter, boxed(letter), shown[letter]) for letter in ("X", "W")]
    nodes = [Node(block.letter, boxed(block.letter), shown[block.letter],
                  tuple((letter, short(ball(**found))) for letter, _, ball in block.slopes)
                  + ((("X", ""),) if block.letter == "u" else ())) for block in BLOCKS]  # fmt: skip
    return graph([*leaves, *nodes])


def short(value: arb) -> str:
    """Five digits, for a figure; the table has them checked."""
    return f"{float(value.mid()):.5g}".replace("-", "−")
