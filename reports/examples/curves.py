"""Slopes of small curves: where they vanish lies a lowest or a highest point, and the second derivative says which."""

from __future__ import annotations

from collections.abc import Callable

from reports.examples.page import Page
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot
from reports.selfcheck.checks import given


def tell(page: Page) -> None:
    """A valley, a hill, a function of three numbers, and two claims that do not hold."""
    _valley(page)
    _hill(page)
    _flat(page)
    _three(page)


def _valley(page: Page) -> None:
    about = given("y = x^2")
    page.section("A valley")
    page.define("y = x^2")
    page.claim(r"\frac{dy}{dx} = 2 x", about, "the slope", label="valley")
    page.claim(r"\frac{d^2 y}{dx^2} = 2", about, "the slope of the slope")
    page.say(
        "The slope is 0 only at {x}. The second derivative is positive there: the curve comes down from the left "
        "and goes up to the right, so this is the lowest point.",
        x="$x = 0$",
    )
    page.figure(
        _plot(lambda x: x * x, lambda x: 2 * x, "x²", "2x", (-2.2, 2.2), (-4.4, 4.8)),
        "The valley and its slope.",
        "A parabola open upwards, and a rising line through its lowest point.",
    )


def _hill(page: Page) -> None:
    about = given("y = 1 + 2 x - x^2")
    page.section("A hill")
    page.define("y = 1 + 2 x - x^2")
    page.claim(r"\frac{dy}{dx} = 2 - 2 x", about, "the slope")
    page.say("It is 0 at {x}, where {y}.", x="$x = 1$", y="$y = 2$")
    page.claim(r"\frac{d^2 y}{dx^2} = -2", about, "the slope falls everywhere: the point is the highest")
    page.false(
        "The second derivative of 1 + 2x − x² is 2 − 2x.",
        r"\frac{d^2 y}{dx^2} = 2 - 2 x",
        about,
        "That is the first derivative; the second is the slope of it.",
        mend=r"\frac{d^2 y}{dx^2} = -2",
    )
    page.figure(
        _plot(lambda x: 1 + 2 * x - x * x, lambda x: 2 - 2 * x, "1 + 2x − x²", "2 − 2x", (-1.4, 3.4), (-4.6, 4.6)),
        "The hill and its slope.",
        "A parabola open downwards, and a falling line through zero at its highest point.",
    )


def _flat(page: Page) -> None:
    page.section("Where the second derivative is 0")
    page.say(
        "A curve may bend where it is 0: at {x} both of these have the second derivative 0, and one has a lowest "
        "point there, the other has none.",
        x="$x = 0$",
    )
    for formula, second in (("y = x^4", "12 x^2"), ("y = x^3", "6 x")):
        page.claim(rf"\frac{{d^2 y}}{{dx^2}} = {second}", given(formula), "for {curve}", curve=f"${formula}$")
    page.say("So the text’s rule, that a second derivative cannot be zero unless {line}, is false.", line="$y = x$")


def _three(page: Page) -> None:
    about = given("f = x^4 - 3 x y z")
    page.section("Three directions")
    page.say("A function of several numbers has a slope in each direction: one letter moves, the others stand still.")
    page.define("f(x, y, z) = x^4 - 3 x y z")
    page.claim(r"\frac{\partial f}{\partial x} = 4 x^3 - 3 y z", about, "{y} and {z} stand still", y="$y$", z="$z$")
    page.claim(r"\frac{\partial f}{\partial y} = -3 x z", about, "the first term does not hold {y}", y="$y$")
    page.claim(r"\frac{\partial f}{\partial z} = -3 x y", about, "nor {z}", z="$z$")


def _plot(
    curve: Callable[[float], float],
    slope: Callable[[float], float],
    name: str,
    other: str,
    x: tuple[float, float],
    y: tuple[float, float],
) -> Drawing:
    plot = Plot(x, y, across="x")
    plot.curve(curve, "bp2", name)
    plot.curve(slope, "bp1", other, dashed=True)
    return plot.drawing()
