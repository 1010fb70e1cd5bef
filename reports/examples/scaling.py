"""What data look like, and three ways to scale them: by their ends, by their length, by their spread."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import arb, ctx, fmpq

from reports.examples.page import Cell, Page
from reports.examples.rents import AREAS, RENTS, min_max
from reports.inline import Inline, Piece
from reports.selfcheck.checks import given

MEAN, SPREAD = r"\mu = \frac{1}{n} \sum_{i=1}^n x_i", r"s = \sqrt{\frac{1}{n} \sum_{i=1}^n (x_i - \mu)^2}"


def tell(page: Page) -> None:
    """The data, what describes them, and the scalings."""
    with ctx.workprec(max(ctx.prec, 120)):
        page.section("Twelve flats")
        header: list[Cell] = [page.words("area"), *map(_whole, AREAS)]
        row: list[Cell] = [page.words("rent"), *map(_whole, RENTS)]
        page.table(header, [row], "Area in square metres, rent a month.", align="l" + "r" * len(AREAS))
        _location(page)
        _variability(page)
        _scalings(page)


def _location(page: Page) -> None:
    page.section("Where they lie")
    page.say(
        "The *mean* shares everything out evenly; the *median* is the one in the middle and does not mind how far "
        "the largest lies out."
    )
    page.define(MEAN)
    page.table(
        _header(page),
        [
            (page.words("mean"), *_pair(page, _mean)),
            (page.words("mean, weighted by the other column"), *_crossed(page, weighted_mean)),
            (page.words("median"), *_pair(page, statistics.median)),
            (page.words("median, weighted by the other column"), *_crossed(page, weighted_median)),
        ],
        "Estimates of location.",
        align="lrr",
    )


def _variability(page: Page) -> None:
    page.section("How far they spread")
    page.say(
        "The variance averages squared distances from the mean; the mean absolute deviation averages the "
        "distances themselves. Percentiles leave a part of the data below them."
    )
    page.define(r"s^2 = \frac{1}{n} \sum_{i=1}^n (x_i - \mu)^2")
    page.table(
        _header(page),
        [
            (page.words("variance"), *_pair(page, statistics.pvariance)),
            (page.words("mean absolute deviation"), *_pair(page, deviation)),
            (page.words("range"), *_pair(page, lambda values: max(values) - min(values))),
            (page.words("25th percentile"), *_pair(page, lambda values: percentile(values, 25))),
            (page.words("75th percentile"), *_pair(page, lambda values: percentile(values, 75))),
            (
                page.words("interquartile range"),
                *_pair(page, lambda values: percentile(values, 75) - percentile(values, 25)),
            ),
        ],
        "Estimates of variability.",
        align="lrr",
    )


def _scalings(page: Page) -> None:
    page.section("Three scalings")
    page.say(
        "A descent with one rate for all weights goes badly when one input is a hundred times another. So "
        "inputs are scaled, each column for itself."
    )
    page.define(r"x'_i = \frac{x_i - \min x}{\max x - \min x}", "by the ends: between 0 and 1")
    page.define(r"u_i = \frac{x_i}{\sqrt{\sum_k x_k^2}}", "by the length")
    page.claim(r"\sum_i u_i^2 = 1", given(r"u_i = \frac{x_i}{\sqrt{\sum_k x_k^2}}"), "the length becomes 1")
    about = given(MEAN, SPREAD, r"\hat{x}_i = \frac{x_i - \mu}{s}")
    page.define(r"\hat{x}_i = \frac{x_i - \mu}{s}", "by the spread")
    page.claim(r"\sum_{i=1}^n \hat{x}_i = 0", about, "the mean becomes 0")
    page.claim(r"\frac{1}{n} \sum_{i=1}^n \hat{x}_i^2 = 1", about, "and the variance 1")
    ends = min_max(AREAS)
    length, mean, spread = (
        _root(sum((x * x for x in AREAS), Fraction())),
        _mean(AREAS),
        _root(statistics.pvariance(AREAS)),
    )
    rows = [
        (
            _whole(x),
            page.number(end, f"{float(end):.4f}"),
            page.ball(_ball(x) / length, 4),
            page.ball(_ball(x - mean) / spread, 4),
        )
        for x, end in zip(AREAS, ends, strict=True)
    ]
    page.table(
        [page.words(one) for one in ("area", "by the ends", "by the length", "by the spread")],
        rows,
        "The areas, scaled.",
        align="rrrr",
    )


def weighted_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """Σ w x / Σ w."""
    return sum((w * x for w, x in zip(weights, values, strict=True)), Fraction()) / sum(weights)


def weighted_median(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """The smallest value up to which at least half of the weight lies."""
    reached, half = Fraction(), Fraction(sum(weights), 2)
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if reached >= half:
            return value
    raise ValueError("a median needs values")


def deviation(values: Sequence[Fraction]) -> Fraction:
    """The mean distance from the mean."""
    mean = _mean(values)
    return sum((abs(x - mean) for x in values), Fraction()) / len(values)


def percentile(values: Sequence[Fraction], share: int) -> Fraction:
    """The value below which that many hundredths lie, straight between neighbours (Hyndman and Fan 1996, type 7)."""
    ordered, place = sorted(values), Fraction(share, 100) * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _header(page: Page) -> tuple[Inline, ...]:
    return page.words("estimate"), page.words("area"), page.words("rent")


def _pair(page: Page, estimate: Callable[[Sequence[Fraction]], Fraction]) -> tuple[Piece, Piece]:
    """An estimate of both columns."""
    area, rent = estimate(AREAS), estimate(RENTS)
    return page.number(area, f"{float(area):.3f}"), page.number(rent, f"{float(rent):.3f}")


def _crossed(page: Page, estimate: Callable[..., Fraction]) -> tuple[Piece, Piece]:
    """An estimate of each column, weighted by the other."""
    area, rent = estimate(AREAS, RENTS), estimate(RENTS, AREAS)
    return page.number(area, f"{float(area):.3f}"), page.number(rent, f"{float(rent):.3f}")


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _root(value: Fraction) -> arb:
    return _ball(value).sqrt()


def _ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def _whole(value: Fraction) -> str:
    return str(value)
