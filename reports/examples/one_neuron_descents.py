"""One neuron learns a line through four points: rates that are too small and too large, and seven ways to descend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from flint import arb

from reports.examples.one_neuron_balls import descent
from reports.examples.page import Page
from reports.figures.beside import beside
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot
from reports.inline import Inline, Math, Piece, Text
from reports.selfcheck.checks import given
from reports.training.formulas import assignment, box
from reports.wording.language import Told, phrase, told
from verify.training import OPTIMISERS, Path, descend
from verify.training.rules import eta

INPUTS, WANTED = (0, 1, 2, 3), (1, 3, 4, 6)
START = (-1, 5)
BEST = (Fraction(8, 5), Fraction(11, 10))
STEPS = 40
MARKS = (10, STEPS)
LEVELS = (0.2, 1, 3, 6, 10, 16, 24, 40)
COLOURS = ("bp2", "bp1", "bp3", "bp4", "bp5", "bp6", "ink")


@dataclass(frozen=True)
class Run:
    """An optimiser with the rate and the settings that it is run with, and its name in a picture."""

    optimiser: str
    rate: Fraction
    name: str
    settings: Mapping[str, Fraction] = field(default_factory=dict)


SLOW = Run("sgd", Fraction(1, 200), "0.005")
RATES = (SLOW, Run("sgd", Fraction(1, 10), "0.1"), Run("sgd", Fraction(49, 200), "0.245"))
RUNS = (
    Run("sgd", Fraction(1, 10), "plain"),
    Run("momentum", Fraction(1, 20), "momentum", {"beta": Fraction(4, 5)}),
    Run("nesterov", Fraction(1, 20), "Nesterov", {"beta": Fraction(4, 5)}),
    Run("adagrad", Fraction(1), "Adagrad"),
    Run("adadelta", Fraction(1), "Adadelta", {"epsilon": Fraction(1, 100)}),
    Run("rmsprop", Fraction(3, 20), "RMSProp"),
    Run("adam", Fraction(2, 5), "Adam"),
)


def loss(point: Any) -> Any:
    """J at (θ, b), of numbers of any kind."""
    return sum((point[0] * x + point[1] - y) ** 2 for x, y in zip(INPUTS, WANTED, strict=True)) / len(INPUTS)


def gradient(point: Any) -> list[Any]:
    """∂J/∂θ and ∂J/∂b."""
    off = [point[0] * x + point[1] - y for x, y in zip(INPUTS, WANTED, strict=True)]
    return [2 * sum(one * x for one, x in zip(off, INPUTS, strict=True)) / len(off), 2 * sum(off) / len(off)]


@cache
def _path(number: int) -> Path:
    return path(RUNS[number])


def path(run: Run, steps: int = STEPS) -> Path:
    """The way of a run, in floating-point numbers; one that diverges is cut there."""
    settings = {name: float(value) for name, value in run.settings.items()}
    return descend(
        loss, gradient, list(map(float, START)), float(run.rate), steps, run.optimiser, diverging="report", **settings
    )


def certified(run: Run, steps: int = STEPS) -> arb:
    """J at the end of a run, enclosed."""
    found: arb = loss(descent(run.optimiser, gradient, START, run.rate, steps, **run.settings))
    return found


def rates(page: Page) -> None:
    """The problem, and what three rates do."""
    page.section("How large a step?")
    page.say(
        "A neuron with one input and the activation 1 learns these four points: at {x} it should say {y}. Two numbers "
        "are to be found, {theta} and {b}, so that all of it can be drawn.",
        x=", ".join(map(str, INPUTS)),
        y=", ".join(map(str, WANTED)),
        theta=r"$\theta$",
        b="$b$",
    )
    line = given(r"J = \frac{1}{4} \sum_{i=1}^4 (\theta x_i + b - y_i)^2")
    page.define(r"J = \frac{1}{4} \sum_{i=1}^4 (\theta x_i + b - y_i)^2")
    page.claim(r"\frac{\partial J}{\partial \theta} = \frac{1}{2} \sum_{i=1}^4 (\theta x_i + b - y_i) x_i", line)
    page.claim(r"\frac{\partial J}{\partial b} = \frac{1}{2} \sum_{i=1}^4 (\theta x_i + b - y_i)", line)
    page.say(
        "The lowest point is at {theta} and {b}, where J is {least}. We start at {start}, where J is {first}, with "
        "three rates, and look where {steps} steps lead.",
        theta=page.number(BEST[0], "1.6"),
        b=page.number(BEST[1], "1.1"),
        least=page.number(loss(BEST), "0.05"),
        start=f"$({START[0]}, {START[1]})$",
        first=page.number(Fraction(loss(tuple(map(Fraction, START)))), "8.5"),
        steps=str(STEPS),
    )
    page.figure(
        _rates(),
        "Three rates: one crawls, one arrives, one leaps farther from the valley with every step.",
        "Contours of a long valley with three paths: a short one, one to the bottom, and one to and fro that grows; "
        "beside them the losses.",
    )
    _why(page)


def _why(page: Page) -> None:
    page.say("Why? Across the valley, J is nearly a parabola of some curvature {l}, and each step multiplies the way "
             "that is left, {u}, by a number:", l=r"$\lambda$", u="$u$")  # fmt: skip
    page.claim(r"u - \eta \frac{dJ}{du} = (1 - \eta \lambda) u", given(r"J = \frac{\lambda}{2} u^2"),
               "a step on a parabola")  # fmt: skip
    most = (9 + arb(61).sqrt()) / 2
    page.say(
        "If {eta} is above {bound}, that number is below −1, and every step is longer than the one before. The largest "
        "curvature here is {most}, so the border lies at {border}; {large} is beyond it.",
        eta=r"$\eta$",
        bound=r"$2 / \lambda$",
        most=page.ball(most),
        border=page.ball(2 / most),
        large=page.number(RATES[2].rate, "0.245"),
    )
    rows = [(page.number(run.rate, run.name), page.ball(certified(run))) for run in RATES]
    page.table((page.words("rate"), "$J$"), rows, "After {count} steps.", align="rr", count=str(STEPS))


def optimisers(page: Page) -> None:
    """The update rules, the same problem with each of them, and their pictures."""
    page.section("Better steps")
    page.say(
        "All of these go against the gradient {g}, and remember something of the steps before. What a rule reads "
        "before it has set it is what it remembers; that is 0 at first. The lines hold entry by entry.",
        g=r"$g = \frac{\partial J}{\partial \theta}$",
    )
    for run in RUNS:
        row = OPTIMISERS[run.optimiser]
        page.section(Told(told(row.title[0].upper() + row.title[1:])), 2)
        page.say("{idea} *Source:* {source}.", idea=told(row.says), source=row.source)
        for one in row.update:
            page.derived(assignment(one), None, Told(told(one.why)))
    page.section("Side by side", 2)
    page.say(
        "The same valley, the same start, {steps} steps each. The rates are those that suit each of them; no one is "
        "the best for every problem.",
        steps=str(STEPS),
    )
    rows = [(told(run.name), _settings(page, run), *(page.ball(certified(run, n)) for n in MARKS))
            for run in RUNS]  # fmt: skip
    page.table(
        [*map(page.words, ("way", "settings")), *(page.words("J after {count} steps", count=str(n)) for n in MARKS)],
        rows,
        "What is reached; the least that there is is {least}.",
        align="llrr",
        least=page.number(loss(BEST), "0.05"),
    )
    page.figure(_ways(), "The seven ways.", "Seven small pictures of one valley, each with another path to its bottom.")
    page.figure(_losses(), "The loss of all of them, step by step.", "Seven falling curves, some of them with waves.")


def _settings(page: Page, run: Run) -> Inline:
    rows = {one.name: one.symbol for one in OPTIMISERS[run.optimiser].settings}
    shown: list[Piece] = [Math(box(eta)), Text(f" = {float(run.rate):g}")]
    for name, value in run.settings.items():
        shown += [Text(", "), Math(box(rows[name])), Text(f" = {float(value):g}")]
    return tuple(shown)


def _rates() -> Drawing:
    plot = _valley(78, 66, "")
    curve = Plot((0, STEPS), (0, 24), across=phrase("step"), up="J", width=74, height=66)
    for run, colour in reversed(list(zip(RATES, COLOURS, strict=False))):  # the wildest beneath the others
        found = path(run)
        plot.path(_points(found)[: STEPS // 2], colour)
        curve.line([(float(n), float(value)) for n, value in enumerate(found.values)], colour, f"η = {run.name}")
    return beside([plot.drawing(), curve.drawing()], 2)


def _ways() -> Drawing:
    small = []
    for number, (run, colour) in enumerate(zip(RUNS, COLOURS, strict=True)):
        plot = _valley(51, 46, told(run.name))
        plot.path(_points(_path(number)), colour)
        small.append(plot.drawing())
    return beside(small, 3)


def _valley(width: float, height: float, title: str) -> Plot:
    plot = Plot((-2.5, 5.5), (-1, 5.8), across="θ", up="b", width=width, height=height, title=title)
    plot.contours(lambda a, b: float(loss((a, b))), LEVELS)
    plot.dots([(float(BEST[0]), float(BEST[1]))], "quiet", radius=0.7)
    return plot


def _losses() -> Drawing:
    plot = Plot((0, STEPS), (0, 6), across=phrase("step"), up="J", width=130, height=70)
    for number, (run, colour) in enumerate(zip(RUNS, COLOURS, strict=True)):
        values = [(float(n), float(value)) for n, value in enumerate(_path(number).values)]
        plot.line(values, colour, told(run.name), dashed=number % 2 == 1)
    return plot.drawing()


def _points(found: Path) -> Sequence[tuple[float, float]]:
    return [(float(one[0]), float(one[1])) for one in found.points]
