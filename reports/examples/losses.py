"""A gallery of losses: each with its formula, its gradient, and a picture of both over the prediction."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from flint import arb, ctx, fmpq

from derive.derivation import Derivation
from derive.formula import Writer
from derive.network import Network
from derive.tables.losses import LOSSES, Loss
from reports.examples.page import Page
from reports.examples.taylor import around
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot
from reports.selfcheck.checks import given, network

TARGET = Fraction(1, 2)
OUTPUT = {"cross-entropy": "softmax", "nll": "softmax", "kl": "softmax", "binary-cross-entropy": "sigmoid"}
"""The last activation of the network in which a loss is shown; linear for all others."""
DRAWN: dict[str, tuple[Fraction, float, float]] = {
    "mape": (Fraction(2), -2.0, 6.0),
    "msle": (Fraction(1), -0.9, 5.0),
    "hinge": (Fraction(1), -2.0, 3.0),
    "cosine": (Fraction(1), -4.0, 4.0),
    "binary-cross-entropy": (Fraction(7, 10), 0.01, 0.99),
    "cross-entropy": (Fraction(7, 10), 0.01, 1.0),
    "nll": (Fraction(1), 0.01, 1.0),
    "kl": (Fraction(7, 10), 0.01, 1.0),
}
"""The target and the predictions of a picture where they are not 1/2 and −2 … 3."""


HIGHEST = 6.0
"""No picture shows more of a loss than this."""


def tell(page: Page) -> None:
    """Every loss of the table, the two that the text draws, and its claims."""
    with ctx.workprec(max(ctx.prec, 100)):
        page.section("What a loss is for")
        page.say(
            "A loss says in one number how far predictions are from targets. Its gradient says how hard, and which "
            "way, each prediction is pulled."
        )
        page.say("In each picture the upright line stands at the target.")
        for row in LOSSES.values():
            _loss(page, row)
        _hundred(page)
        _rmse(page)
        _log_cosh(page)


def _loss(page: Page, row: Loss) -> None:
    name = row.title[0].upper() + row.title[1:]
    page.section(name)
    last = OUTPUT.get(row.name, "linear")
    derivation = Derivation(Network(["m", "n"], last, row.name))
    about = network("m", "n", activations=last, loss=row.name, notation="nielsen")
    writer = Writer(derivation, "nielsen")
    page.derived(writer.box(derivation.definition("E").claim), about, "the loss of one sample")
    page.derived(writer.box(derivation.index("a", 1)), about, "its gradient, derived and proved")
    page.figure(_drawing(row), "{name} of one prediction, and its slope.", "A curve and, dashed, its slope.", name=name)


def _curve(row: Loss, target: Fraction) -> Callable[[float], tuple[arb, arb, arb]]:
    """The loss over one prediction; of a cosine, which needs two, the other is 1 and right."""
    y = arb(fmpq(target.numerator, target.denominator))

    def formula(m: Any, a: Any) -> Any:
        if row.name == "cosine":
            return row.forward(m, lambda f: f(a, y) + f(arb(1), arb(1)), 2)
        return row.forward(m, lambda f: f(a, y), 1)

    return lambda a: around(formula, a)


def _drawing(row: Loss) -> Drawing:
    target, low, high = DRAWN.get(row.name, (TARGET, -2.0, 3.0))
    return _plot(row, target, low, high)


def _plot(row: Loss, target: Fraction, low: float, high: float) -> Drawing:
    curve = _curve(row, target)
    samples = [curve(low + (high - low) * (n + 0.5) / 80)[:2] for n in range(80)]
    values = sorted(float(one) for pair in samples for one in pair)
    bottom, top = max(values[0], -HIGHEST), min(values[-1], HIGHEST)
    room = (top - bottom) * 0.1
    plot = Plot((low, high), (bottom - room, top + room), across="prediction")
    plot.curve(lambda a: float(curve(a)[0]), "bp2", "loss")
    plot.curve(lambda a: float(curve(a)[1]), "bp1", "slope", dashed=True, breaks=_breaks(row, target))
    plot.upright(float(target))
    return plot.drawing()


def _breaks(row: Loss, target: Fraction) -> tuple[float, ...]:
    """Where the slope may jump."""
    if row.name == "hinge":
        return (1.0,)
    return (float(target),) if row.kinks else ()


def _hundred(page: Page) -> None:
    page.section("A target of 100")
    page.say(
        "For the target {target} and predictions from {low} to {high} the absolute error pulls equally hard "
        "wherever the prediction is; the squared error pulls harder the farther it is.",
        target=page.number(100, "100", ours=False),
        low=page.number(-10000, "-10,000", ours=False),
        high=page.number(10000, "10,000", ours=False),
    )
    for name, unit, called in (("mae", 1e3, "thousands"), ("mse", 1e6, "millions")):
        curve, title = _curve(LOSSES[name], Fraction(100)), LOSSES[name].title
        page.figure(
            _far(partial(_scaled, curve, 0, unit), called, ()),
            "{name} for the target 100.",
            "A curve with its lowest point at 100.",
            name=title[0].upper() + title[1:],
        )
        page.figure(
            _far(partial(_scaled, curve, 1, 1.0), "", (100.0,)),
            "The slope of the {name}.",
            "The slope, which is 0 or jumps at 100.",
            name=title,
        )


def _scaled(curve: Callable[[float], tuple[arb, arb, arb]], order: int, unit: float, at: float) -> float:
    return float(curve(at)[order]) / unit


def _far(function: Callable[[float], float], unit: str, breaks: tuple[float, ...]) -> Drawing:
    """A curve for predictions from −10,000 to 10,000."""
    values = [function(-10000 + 20000 * (n + 0.5) / 80) for n in range(80)]
    room = max(values) * 0.1
    plot = Plot((-10000, 10000), (min(values) - room, max(values) + room), across="prediction", up=unit, height=48)
    plot.curve(function, "bp1" if breaks else "bp2", dashed=bool(breaks), breaks=breaks)
    plot.upright(100)
    return plot.drawing()


def _rmse(page: Page) -> None:
    page.section("Root mean squared error")
    about = given(r"E = \sqrt{\frac{1}{n} \sum_{i=1}^n (y_i - a_i)^2}")
    page.define(r"E = \sqrt{\frac{1}{n} \sum_{i=1}^n (y_i - a_i)^2}")
    page.claim(r"\frac{\partial E}{\partial a_j} = \frac{a_j - y_j}{n E}", about, "the root divides by itself")
    page.say(
        "Over one point this is the absolute error, and its slope is 1 or −1. Over several, each is pulled by its "
        "share of the whole error."
    )
    page.false(
        "The gradients of mean absolute error and of root mean squared error are both constant.",
        r"\frac{\partial^2 E}{\partial a^2} = 0",
        given(r"E = \sqrt{\frac{1}{2} ((y - a)^2 + (v - b)^2)}"),
        "With two points, {a} and {b}, the slope changes with the prediction.",
        a="$a$",
        b="$b$",
        mend=r"\frac{\partial^2 E}{\partial a^2} = \frac{(v - b)^2}{4 E^3}",
    )


def _log_cosh(page: Page) -> None:
    page.section("The second derivative of log-cosh")
    about = given(r"E = \log \cosh(m x + c - y)")
    page.define(r"E = \log \cosh(m x + c - y)", "of a line through one point")
    page.claim(r"\frac{\partial E}{\partial c} = \tanh(m x + c - y)", about, "by the shift")
    page.claim(
        r"\frac{\partial E}{\partial m} = x \tanh(m x + c - y)", about, "by the slope of the line: times {x}", x="$x$"
    )
    page.false(
        "The second derivative of log-cosh is the first times x.",
        r"\frac{\partial^2 E}{\partial c^2} = x \tanh(m x + c - y)",
        about,
        "That is the first derivative by {m}, not the second by {c}.",
        m="$m$",
        c="$c$",
        mend=r"\frac{\partial^2 E}{\partial c^2} = 1 - \tanh^2(m x + c - y)",
    )
