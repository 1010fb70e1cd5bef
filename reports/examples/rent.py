"""A line through rents: its gradients, one step by hand, and three ways of taking the points, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from random import Random

from flint import arb, ctx, fmpq

from reports.examples.page import Page
from reports.examples.rents import AREAS, RENTS, min_max
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot
from reports.inline import Piece
from reports.selfcheck.checks import Subject, given
from reports.wording.language import phrase

LINE, SQUARED = r"\hat{y}_i = m x_i + C", r"L = \frac{1}{2} \sum_i (y_i - \hat{y}_i)^2"
COSH = r"L = \sum_i \log \cosh(\hat{y}_i - y_i)"
BATCHES = (("batch", 12), ("mini-batch", 4), ("stochastic", 1))
COLOURS = ("bp2", "bp1", "bp3")
RATE, EPOCHS = Fraction(1, 10), 60
BITS = 300
"""Each step doubles what is not known of a number, or less; that leaves 60 digits after all steps."""
Pull = Callable[[arb], arb]


@dataclass(frozen=True)
class Way:
    """A descent: m and C after every pass over the points, and the half squared error there."""

    slopes: tuple[arb, ...]
    shifts: tuple[arb, ...]
    errors: tuple[arb, ...]


def ball(value: Fraction) -> arb:
    """A fraction as a ball."""
    return arb(fmpq(value.numerator, value.denominator))


@cache
def points() -> tuple[tuple[arb, arb], ...]:
    """The scaled flats, enclosed with `BITS`, whatever the precision of what asks first."""
    with ctx.workprec(BITS):
        return tuple(zip(map(ball, min_max(AREAS)), map(ball, min_max(RENTS)), strict=True))


def descend(size: int, pull: Pull) -> Way:
    """Passes over the points in batches of a size, shuffled with a seed; every number is enclosed."""
    order, rate, dice = list(range(len(AREAS))), ball(RATE), Random(7)
    m, c = ball(Fraction(1, 10)), ball(Fraction(9, 10))
    kept = [(m, c, error(m, c))]
    for _ in range(EPOCHS):
        dice.shuffle(order)
        for start in range(0, len(order), size):
            chosen = [points()[n] for n in order[start : start + size]]
            batch = [((x, y), pull(m * x + c - y)) for x, y in chosen]
            m, c = m - rate * _sum(p * x for (x, _), p in batch), c - rate * _sum(p for _, p in batch)
        kept.append((m, c, error(m, c)))
    slopes, shifts, errors = zip(*kept, strict=True)
    return Way(slopes, shifts, errors)


def error(m: arb, c: arb) -> arb:
    """Half the squared error over all points."""
    return _sum((y - m * x - c) ** 2 for x, y in points()) / 2


def tell(page: Page) -> None:
    """The data, the gradients, one step, three ways, and the same with log-cosh."""
    with ctx.workprec(max(ctx.prec, BITS)):
        _data(page)
        _gradients(page, given(LINE, SQUARED))
        _step(page)
        _ways(page, lambda residual: residual)
        _cosh(page, given(LINE, COSH))


def _data(page: Page) -> None:
    page.section("The data")
    page.say(
        "The rents of the text are lost; these twelve flats are our own. Area and rent are scaled to lie between 0 "
        "and 1."
    )
    page.table(
        [page.words(one) for one in ("area", "rent", "area, scaled", "rent, scaled")],
        [
            (str(a), str(r), page.number(x, f"{float(x):.4f}"), page.number(y, f"{float(y):.4f}"))
            for a, r, x, y in zip(AREAS, RENTS, min_max(AREAS), min_max(RENTS), strict=True)
        ],
        "Twelve flats.",
        align="rrrr",
    )


def _gradients(page: Page, about: Subject) -> None:
    page.section("The line and its gradients")
    page.define(LINE)
    page.define(SQUARED)
    page.claim(r"\frac{\partial L}{\partial C} = -\sum_i (y_i - \hat{y}_i)", about, "by the shift")
    page.claim(r"\frac{\partial L}{\partial m} = -\sum_i (y_i - \hat{y}_i) x_i", about, "by the slope")


def _step(page: Page) -> None:
    page.section("One step by hand")
    page.say("The text goes one step with the rate {rate}:", rate=page.number(Fraction(1, 100), "0.01", ours=False))
    rows = []
    for letter, before, gradient, after in (("$C$", "0.52", "5.040", "0.47"), ("$m$", "0.81", "2.279", "0.79")):
        true = Fraction(before) - Fraction(1, 100) * Fraction(gradient)
        rows.append((letter, _own(page, before), _own(page, gradient), page.number(true, after, ours=False)))
    page.table(
        [page.words(one) for one in ("letter", "before", "gradient", "after")],
        rows,
        "Before minus rate times gradient.",
        align="lrrr",
    )


def _own(page: Page, shown: str) -> Piece:
    """A number that the text gives."""
    return page.number(Fraction(shown), shown, ours=False)


def _ways(page: Page, pull: Pull) -> None:
    page.section("Batch, mini-batch, stochastic")
    page.say(
        "How many points speak before a step is taken? All {all} (*batch*), {some} at a time (*mini-batch*), or "
        "each by itself (*stochastic*). The rate is the same; more steps a pass go farther, and less straight.",
        all=page.number(12, "12", ours=False),
        some=page.number(4, "4", ours=False),
    )
    _compared(page, [descend(size, pull) for _, size in BATCHES])
    page.remark(
        "One million points in batches of 10,000 give 1000 batches.",
        "They give {count}.",
        count=page.number(Fraction(1_000_000, 10_000), "100"),
    )


def _compared(page: Page, ways: Sequence[Way]) -> None:
    rows = [
        (page.words(name), page.ball(way.slopes[-1]), page.ball(way.shifts[-1]), page.ball(way.errors[-1]))
        for (name, _), way in zip(BATCHES, ways, strict=True)
    ]
    page.table(
        (page.words("way"), "$m$", "$C$", page.words("error")),
        rows,
        "After {count} passes over the points.",
        align="lrrr",
        count=str(EPOCHS),
    )
    page.figure(
        _paths(ways),
        "The three ways over the lines of equal error.",
        "Three paths from one start to the same lowest point, the more wavering the smaller the batch.",
    )
    page.figure(_errors(ways), "The error after each pass.", "Three falling curves.")


def _paths(ways: Sequence[Way]) -> Drawing:
    plot = Plot((-0.4, 1.1), (-0.2, 1.0), across="m", up="C", width=90, height=70)
    plot.contours(
        lambda m, c: sum((float(y) - m * float(x) - c) ** 2 for x, y in points()) / 2, [0.05, 0.2, 0.5, 1, 2, 3, 4]
    )
    for (name, _), way, colour in zip(BATCHES, ways, COLOURS, strict=True):
        plot.path([(float(m), float(c)) for m, c in zip(way.slopes, way.shifts, strict=True)], colour, phrase(name))
    return plot.drawing()


def _errors(ways: Sequence[Way]) -> Drawing:
    plot = Plot((0, 30), (0.0, 1.0), across="passes", up="error", width=90)
    for (name, _), way, colour in zip(BATCHES, ways, COLOURS, strict=True):
        plot.line([(float(n), float(one)) for n, one in enumerate(way.errors)], colour, phrase(name))
    return plot.drawing()


def _cosh(page: Page, about: Subject) -> None:
    page.section("The same with log-cosh")
    page.say(
        "Log-cosh is nearly the squared error for small residuals and nearly the absolute error for large ones: "
        "one wild point pulls no harder than 1."
    )
    page.define(COSH)
    page.claim(r"\frac{\partial L}{\partial C} = \sum_i \tanh(\hat{y}_i - y_i)", about, "by the shift")
    page.claim(r"\frac{\partial L}{\partial m} = \sum_i \tanh(\hat{y}_i - y_i) x_i", about, "by the slope")
    _compared(page, [descend(size, arb.tanh) for _, size in BATCHES])


def _sum(parts: Iterable[arb]) -> arb:
    return sum(parts, start=arb(0))
