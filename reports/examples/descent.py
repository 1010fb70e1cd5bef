"""Descent on a plane: f(x, y) = x + y from (2, 4), in exact fractions; it has no lowest point."""

from __future__ import annotations

from fractions import Fraction

from reports.examples.page import Page
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot
from reports.selfcheck.checks import given

START, RATE, STEPS = (Fraction(2), Fraction(4)), Fraction(1, 100), 300

PROGRAM = """\
from fractions import Fraction

x, y, rate = Fraction(2), Fraction(4), Fraction(1, 100)
for step in range(1, 302):
    x, y = x - rate * 1, y - rate * 1  # the slopes by x and by y are 1 everywhere
    if step in (1, 300, 301):
        print(step, float(x), float(y), float(x + y))
"""


def way(steps: int) -> list[tuple[Fraction, Fraction]]:
    """The points of the descent, the start first."""
    points = [START]
    for _ in range(steps):
        x, y = points[-1]
        points.append((x - RATE, y - RATE))
    return points


def tell(page: Page) -> None:
    """The function, one step, three hundred steps, and the step after."""
    plane = given("f = x + y")
    points = way(STEPS + 1)
    page.section("The function and its slopes")
    page.define("f(x, y) = x + y", label="f")
    page.say("Both slopes are 1, wherever we stand:")
    page.claim(r"\frac{\partial f}{\partial x} = 1", plane, "only the first term holds x", label="fx")
    page.claim(r"\frac{\partial f}{\partial y} = 1", plane, "only the second term holds y", label="fy")
    _steps(page, points)
    _after(page, points)


def _steps(page: Page, points: list[tuple[Fraction, Fraction]]) -> None:
    page.section("The descent")
    (x0, y0), (x1, y1), (x, y) = points[0], points[1], points[STEPS]
    page.say("We start at {point}, where f is {value}, and go against the slopes with the rate {rate}.",
             point="$(2, 4)$", value=page.number(x0 + y0, "6", ours=False),
             rate=page.number(RATE, "0.01", ours=False))  # fmt: skip
    for letter in "xy":
        page.define(rf"{letter} \leftarrow {letter} - \eta \frac{{\partial f}}{{\partial {letter}}}")
    page.say("One step leads to {x} and {y}, together {sum}.", x=page.number(x1, "1.99", ours=False),
             y=page.number(y1, "3.99", ours=False), sum=page.number(x1 + y1, "5.98", ours=False))  # fmt: skip
    page.say("After {count} steps x is {x}, y is {y}, and f is {value}: exactly, since the fractions are exact.",
             count=page.number(STEPS, "300", ours=False), x=page.number(x, "-1", ours=False),
             y=page.number(y, "1", ours=False), value=page.number(x + y, "0", ours=False))  # fmt: skip
    page.figure(_figure(points), "The way of the descent over the lines on which f is the same.",
                "A straight way from (2, 4) to (-1, 1), at a right angle to parallel straight lines.")  # fmt: skip


def _after(page: Page, points: list[tuple[Fraction, Fraction]]) -> None:
    page.section("There is no lowest point")
    x, y = points[STEPS + 1]
    page.say("The text stops here and calls 0 the minimum. Step {step} goes on to {value}, and every step takes "
             "{loss} off: a plane falls for ever.", step=str(STEPS + 1), value=page.number(x + y, "-0.02"),
             loss=page.number(2 * RATE, "0.02"))  # fmt: skip
    page.false("f has its minimum at 300 steps, where it is 0; there its slope would have to be 0.",
               r"\frac{\partial f}{\partial x} = 0", given("f = x + y"), "A lowest point has the slope 0, "
               "and this function has the slope 1 everywhere.")  # fmt: skip
    page.code(PROGRAM, "The whole descent; fractions lose nothing.")


def _figure(points: list[tuple[Fraction, Fraction]]) -> Drawing:
    plot = Plot((-2.0, 3.0), (0.0, 5.0), across="x", up="y", width=70, height=66)
    plot.contours(lambda x, y: x + y, range(-2, 9))
    plot.path([(float(x), float(y)) for x, y in points[:: STEPS // 6]], "bp1")
    return plot.drawing()
