"""The error of finite differences over the step size on logarithmic axes: rounding on the left, truncation right.

Central differences err by O(h²) from the series that is cut off and by O(ε/h) from rounding (Nocedal and Wright,
*Numerical Optimization*, 2006, section 8.1); the drawing shows both slopes beside what was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from derive.layout import Box
from reports.figures.drawing import Circle, Drawing, Label, Line, Mark, Point
from reports.figures.powers import power

WIDTH, HEIGHT = 130.0, 72.0  # millimetres, of the whole drawing
LEFT, BOTTOM, RIGHT, TOP = 18.0, 11.0, 125.0, 67.0  # of the frame
FLOOR = 1e-17  # an error of exactly 0 is drawn here, at the lower edge
COLOURS = ("bp2", "bp1", "bp3", "bp4")
SIZE = 8.0


@dataclass(frozen=True)
class Curve:
    """A name, and for each step size h the relative error that was measured with it."""

    name: str
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError(f"the curve {self.name!r} has no points")
        for step, error in self.points:
            if not (isfinite(step) and isfinite(error) and step > 0 and error >= 0):
                raise ValueError(f"the curve {self.name!r} has the point {(step, error)}, which no logarithm shows")


@dataclass(frozen=True)
class Slope:
    """A straight line error = factor · h^power, for comparison."""

    name: str | Box
    factor: float
    power: int


def error_figure(curves: Sequence[Curve], slopes: Sequence[Slope] = (), chosen: float | None = None) -> Drawing:
    """One or more curves of error over step size; `chosen` marks the step that the check used."""
    if not 1 <= len(curves) <= len(COLOURS):
        raise ValueError(f"the figure shows 1 to {len(COLOURS)} curves, not {len(curves)}")
    axes = _Axes.around(curves)
    marks = (
        *axes.marks(),
        *(mark for slope in slopes for mark in _slope(axes, slope)),
        *(mark for curve, colour in zip(curves, COLOURS, strict=False) for mark in _curve(axes, curve, colour)),
        *(_chosen(axes, chosen) if chosen is not None else ()),
        *_key(curves),
    )
    return Drawing(WIDTH, HEIGHT, marks)


@dataclass(frozen=True)
class _Axes:
    """The decades that the frame shows, as exponents of ten."""

    low_step: int
    high_step: int
    low_error: int
    high_error: int

    @classmethod
    def around(cls, curves: Sequence[Curve]) -> _Axes:
        steps = [log10(step) for curve in curves for step, _ in curve.points]
        errors = [log10(max(error, FLOOR)) for curve in curves for _, error in curve.points]
        first, last = floor(min(steps)), ceil(max(steps))
        low, high = floor(min(errors)), ceil(max(errors))
        return cls(first, max(last, first + 1), low, max(high, low + 1))

    def at(self, step: float, error: float) -> Point:
        """Where a point lies on the sheet."""
        return self.log_at(log10(step), log10(max(error, FLOOR)))

    def log_at(self, step: float, error: float) -> Point:
        """The same from logarithms."""
        x = (step - self.low_step) / (self.high_step - self.low_step)
        y = (error - self.low_error) / (self.high_error - self.low_error)
        return LEFT + x * (RIGHT - LEFT), BOTTOM + y * (TOP - BOTTOM)

    def marks(self) -> Iterator[Mark]:
        """The frame, fine lines at the ticks, and what the axes mean."""
        for exponent in _ticks(self.low_step, self.high_step):
            x, _ = self.log_at(exponent, self.low_error)
            yield Line(((x, BOTTOM), (x, TOP)), "tint", 0.3)
            yield Line(((x, BOTTOM), (x, BOTTOM - 1)), "quiet", 0.2)
            yield Label((x, BOTTOM - 1.8), power(exponent), "below", "quiet", SIZE)
        for exponent in _ticks(self.low_error, self.high_error):
            _, y = self.log_at(self.low_step, exponent)
            yield Line(((LEFT, y), (RIGHT, y)), "tint", 0.3)
            yield Line(((LEFT, y), (LEFT - 1, y)), "quiet", 0.2)
            yield Label((LEFT - 1.8, y), power(exponent), "left", "quiet", SIZE)
        yield Line(((LEFT, BOTTOM), (RIGHT, BOTTOM), (RIGHT, TOP), (LEFT, TOP)), "quiet", 0.2, closed=True)
        yield Label(((LEFT + RIGHT) / 2, 3.6), "step size h", "below", "quiet", SIZE)
        yield Label((3.2, (BOTTOM + TOP) / 2), "relative error", "centre", "quiet", SIZE, angle=90)


def _ticks(low: int, high: int) -> range:
    """Exponents to name: every one, or every second, third … where they would stand too close."""
    return range(low, high + 1, max(1, ceil((high - low) / 9)))


def _curve(axes: _Axes, curve: Curve, colour: str) -> Iterator[Mark]:
    points = tuple(axes.at(step, error) for step, error in sorted(curve.points))
    if len(points) > 1:
        yield Line(points, colour, 0.35)
    for point in points:
        yield Circle(point, 0.6, colour, 0.1, fill=colour)


def _slope(axes: _Axes, slope: Slope) -> Iterator[Mark]:
    """The part of a reference line that lies in the frame; its name stands above it, towards the middle."""
    inside = _within(axes, log10(slope.factor), slope.power)
    if inside is None:
        return
    ends = [axes.log_at(step, log10(slope.factor) + slope.power * step) for step in inside]
    yield Line(tuple(ends), "faint", 0.3, dashed=True)
    (x, y), other = max(ends, key=lambda end: end[1]), min(ends, key=lambda end: end[1])
    height = max(y - 6.0, other[1])
    x += (other[0] - x) * (y - height) / (y - other[1]) if y > other[1] else 0.0
    aside = 13.0 if slope.power < 0 else -13.0
    yield Label((x + aside, height), slope.name, "right" if aside > 0 else "left", "quiet", SIZE, halo=True)


def _within(axes: _Axes, shift: float, power: int) -> tuple[float, float] | None:
    """Between which logarithms of h the line shift + power · log h stays in the frame, if anywhere."""
    if not power:
        return (axes.low_step, axes.high_step) if axes.low_error <= shift <= axes.high_error else None
    bounds = sorted(((axes.low_error - shift) / power, (axes.high_error - shift) / power))
    low, high = max(bounds[0], axes.low_step), min(bounds[1], axes.high_step)
    return (low, high) if low < high else None


def _chosen(axes: _Axes, step: float) -> Iterator[Mark]:
    if not axes.low_step <= log10(step) <= axes.high_step:
        return
    x, _ = axes.at(step, 1.0)
    yield Line(((x, BOTTOM), (x, TOP)), "bp3", 0.35, dashed=True)
    yield Label((x, TOP + 0.8), "the step used", "above", "bp3", SIZE)


def _key(curves: Sequence[Curve]) -> Iterator[Mark]:
    """The names of the curves, where there is more than one, in the lower left corner, which rounding leaves empty."""
    for row, (curve, colour) in enumerate(zip(curves, COLOURS, strict=False) if len(curves) > 1 else ()):
        y = BOTTOM + 4 + 4.2 * (len(curves) - 1 - row)
        yield Line(((LEFT + 4, y), (LEFT + 10, y)), colour, 0.5)
        yield Label((LEFT + 11.5, y), curve.name, "right", "ink", SIZE, halo=True)
