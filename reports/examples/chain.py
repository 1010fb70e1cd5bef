"""A chain of three nodes: the slopes along it multiply, and a table of small changes says the same."""

from __future__ import annotations

from fractions import Fraction

from reports.examples.page import Page
from reports.selfcheck.checks import given

NUMBERS = {"x": 4, "w_1": 3, "b_1": 2, "w_2": 5, "b_2": 1, "w_3": 7, "b_3": 6, "y": 2}

DEFINITIONS = (
    r"h_1 = \frac{w_1 x + b_1}{8}",
    r"h_2 = \frac{w_2 h_1 + b_2}{7}",
    r"O = \frac{w_3 h_2 + b_3}{9}",
)


def output(w1: Fraction) -> Fraction:
    """O for another w1, all other numbers as they are."""
    n = {name: Fraction(value) for name, value in NUMBERS.items()}
    h1 = (w1 * n["x"] + n["b_1"]) / 8
    h2 = (n["w_2"] * h1 + n["b_2"]) / 7
    return (n["w_3"] * h2 + n["b_3"]) / 9


def tell(page: Page) -> None:
    """The chain, its local slopes, their product, the table, and a cost at the end."""
    line = given(*DEFINITIONS)
    page.section("The chain")
    page.say("Each node takes what the one before it gives, weighs it, shifts it and divides it.")
    for formula in DEFINITIONS:
        page.define(formula)
    page.section("One slope after the other")
    page.say("A small change of {w} passes through every node, and each multiplies it by its own slope.", w="$w_1$")
    page.claim(r"\frac{\partial O}{\partial h_2} = \frac{1}{9} w_3", line, "the last node", label="last")
    page.claim(r"\frac{\partial h_2}{\partial h_1} = \frac{1}{7} w_2", line, "the node in the middle", label="middle")
    page.claim(r"\frac{\partial h_1}{\partial w_1} = \frac{1}{8} x", line, "the first node", label="first")
    page.claim(r"\frac{\partial O}{\partial w_1} = \frac{1}{9} w_3 \frac{1}{7} w_2 \frac{1}{8} x", line,
               "the product of the three", label="product")  # fmt: skip
    _table(page)
    _cost(page)


def _table(page: Page) -> None:
    slope = Fraction(NUMBERS["w_3"] * NUMBERS["w_2"] * NUMBERS["x"], 9 * 7 * 8)
    page.section("The same by small changes")
    # Each value is a formula of its own: a line may end between two of them, but not within one.
    values = [piece for name, value in NUMBERS.items() if name != "y" for piece in (", ", f"${name} = {value}$")]
    page.say("With {values} the slope is {slope}.", values=tuple(values[1:]), slope=page.number(slope, "0.27777778"))
    base = output(Fraction(NUMBERS["w_1"]))
    rows = []
    for change in ("1", "0.1", "0.01", "-0.5"):
        step = Fraction(change)
        after = output(NUMBERS["w_1"] + step)
        rows.append((change.replace("-", "−"), page.number(after, f"{float(after):.6f}"),
                     page.number((after - base) / step, "0.27777778")))  # fmt: skip
    page.table(
        ("change of w₁", "O", "change of O by change of w₁"),
        rows,
        "The chain is linear in each weight: every change gives the slope itself.",
        align="rrr",
    )


def _cost(page: Page) -> None:
    page.section("With a cost at the end")
    page.say("Let a cost say how far the output is from a target: one factor more stands in front.")
    costly = given(*DEFINITIONS, r"C = \frac{1}{2} (O - y)^2")
    page.define(r"C = \frac{1}{2} (O - y)^2")
    page.claim(r"\frac{\partial C}{\partial w_1} = (O - y) \frac{w_3}{9} \frac{w_2}{7} \frac{x}{8}", costly,
               "the slope of the cost, then the chain as before")  # fmt: skip
    page.claim(r"\frac{\partial C}{\partial b_1} = (O - y) \frac{w_3}{9} \frac{w_2}{7} \frac{1}{8}", costly,
               "a bias is weighed by nothing")  # fmt: skip
