"""What the gradients of a large network cost by finite differences, and by going back: counted, and measured here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from time import perf_counter

import numpy as np

from derive.derivation import Derivation
from derive.network import Network
from reports.examples.page import Page
from verify.engine.core import Engine

WEIGHTS, UPDATES = 1_685_667, 10_000_000
WIDTHS = (784, 1031, 841, 10)
"""With a column of biases in each layer these have exactly as many weights as the text's network."""
SECONDS_A_YEAR = 31_557_600
REPEATS = 15


@dataclass(frozen=True)
class Count:
    """How many multiplications and additions a pass takes, the activations apart, which are few."""

    forward: int
    backward: int

    @property
    def both(self) -> int:
        """Forward and backward."""
        return self.forward + self.backward

    @classmethod
    def of(cls, widths: Sequence[int]) -> Count:
        """A weight costs a multiplication and an addition forward, a multiplication for its own derivative, and both
        again to go back through it; nothing goes back through the first layer or to a bias."""
        pairs = list(pairwise(widths))
        forward = sum(2 * (before + 1) * to for before, to in pairs)
        gradients = sum((before + 1) * to for before, to in pairs)
        return cls(forward, gradients + sum(2 * before * to for before, to in pairs[1:]))


def weights(widths: Sequence[int]) -> int:
    """The number of weights, one for the appended 1 of each layer among them."""
    return sum((before + 1) * to for before, to in pairwise(widths))


def measured(widths: Sequence[int]) -> tuple[Fraction, Fraction]:
    """Milliseconds of one pass forward, and of one forward and backward, each to two digits; one sample."""
    engine = Engine(Derivation(Network(list(widths), "sigmoid", "mse", bias="appended")), "numpy")
    dice = np.random.default_rng(0)
    w = [dice.normal(size=(to, before + 1)) / (before + 1) ** 0.5 for before, to in pairwise(widths)]
    params = {"W": w, "b": [None] * len(w)}
    x, y = dice.normal(size=(1, widths[0])), dice.random((1, widths[-1]))
    return _timed(lambda: engine.forward(params, x)), _timed(lambda: engine(params, x, y))


def _timed(call: Callable[[], object]) -> Fraction:
    """The fastest of several calls, in milliseconds, after two that do not count; other work only makes them slower."""
    found = []
    for number in range(REPEATS + 2):
        begun = perf_counter()
        call()
        if number > 1:
            found.append(perf_counter() - begun)
    return Fraction(f"{1000 * min(found):.1e}")


def cost(page: Page) -> None:
    """The network, the count, the measurement, and what follows for all updates."""
    page.section("What it costs")
    page.say(
        "Why not just shake every weight a little and see what the error does? Because there are so many. The text "
        "speaks of {weights} weights that are updated {updates} times. The network {widths}, with a bias for each "
        "neuron, has exactly that many.",
        weights=page.number(weights(WIDTHS), f"{WEIGHTS:,}", ours=False),
        updates=page.number(UPDATES, f"{UPDATES:,}", ours=False),
        widths="-".join(map(str, WIDTHS)),
    )
    _counted(page, Count.of(WIDTHS))
    _measured(page, *measured(WIDTHS))


def _counted(page: Page, count: Count) -> None:
    ratio = Fraction(count.both, count.forward)
    page.say(
        "*Counted.* Shaking one weight takes a pass forward of its own, and one more is needed to compare with: "
        "{passes} for one update; with a shake to either side, which is far more exact, {central}. Going forward and "
        "back once takes {both} multiplications and additions, a pass forward alone {forward}: that is "
        "{ratio} times as much, for all derivatives together.",
        passes=page.number(WEIGHTS + 1, f"{WEIGHTS + 1:,}"),
        central=page.number(2 * WEIGHTS, f"{2 * WEIGHTS:,}"),
        both=page.number(count.both, f"{count.both:,}"),
        forward=page.number(count.forward, f"{count.forward:,}"),
        ratio=page.number(ratio, f"{float(ratio):.2f}"),
    )


def _measured(page: Page, forward: Fraction, both: Fraction) -> None:
    page.say(
        "*Measured.* On the machine that made this report, a pass forward of that network took {forward} ms, one "
        "forward and back {both} ms: one sample, the fastest of {count} calls. Another machine has other figures; what "
        "follows is arithmetic.",
        forward=_decimal(forward),
        both=_decimal(both),
        count=str(REPEATS),
    )
    ways = (
        ("a shake of each weight", (WEIGHTS + 1) * forward),
        ("a shake to either side", 2 * WEIGHTS * forward),
        ("forward and back", both),
    )
    rows = []
    for name, milliseconds in ways:
        seconds = milliseconds / 1000
        hours, years = seconds * UPDATES / 3600, seconds * UPDATES / SECONDS_A_YEAR
        rows.append((page.words(name), *(page.number(one, _three(one)) for one in (seconds, hours, years))))
    page.table(
        [page.words(one) for one in ("way", "one update, seconds", "all updates, hours", "all updates, years")],
        rows,
        "The cost of one update and of all {updates}, from the measured passes.",
        align="lrrr",
        updates=f"{UPDATES:,}",
    )
    share = (WEIGHTS + 1) * forward / both
    page.say(
        "Going back is {share} times as fast as shaking every weight once, on this machine; and unlike shaking, it is "
        "exact but for rounding.",
        share=page.number(share, _three(share)),
    )


def _three(value: Fraction) -> str:
    """A decimal with at least three significant digits and no power of ten."""
    digits = f"{float(value):.2e}"
    places = max(0, 2 - int(digits.partition("e")[2]))
    return f"{float(value):,.{places}f}"


def _decimal(value: Fraction) -> str:
    return f"{float(value):g}"
