"""Loss curves as a drawing: the losses over the epochs, and beneath them the share of answers that are right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from derive.layout import Box
from reports.figures.drawing import Circle, Drawing, Label, Line, Mark, Point
from reports.figures.powers import power, tick
from reports.training.lettering import spelled
from reports.wording.language import Told, phrase
from verify.training.history import History

WIDTH = 140.0  # millimetres, of the whole drawing
LEFT, RIGHT = 18.0, 112.0  # of the frames; the names of the curves stand to the right
LOSS, SHARE, FOOT, GAP = 52.0, 30.0, 12.0, 8.0  # heights
SIZE = 8.0
MOST_POINTS = 400
LOGARITHMIC = 30.0  # from this ratio of the largest to the least loss on


@dataclass(frozen=True)
class Curve:
    """A name, a colour, and values over epochs; what is not finite is left out."""

    name: str
    points: tuple[tuple[float, float], ...]
    colour: str
    dashed: bool = False


def loss_curves(history: History) -> Drawing:
    """The losses of a training over its epochs, and beneath, where classes are told, the share that is told right.

    Raises `ValueError` for a history without an epoch.
    """
    if not history.epochs:
        raise ValueError("a history without an epoch has no curves")
    shares = _shares(history)
    below = FOOT + (SHARE + GAP if shares else 0.0)
    axes = _Axes.around(_losses(history), history, below, below + LOSS, "loss")
    marks = [*axes.marks(named=not shares), *_drawn(axes, _losses(history))]
    if shares:
        small = _Axes.around(shares, history, FOOT, FOOT + SHARE, "right, %")
        marks += [*small.marks(named=True), *_drawn(small, shares)]
    return Drawing(WIDTH, below + LOSS + 3.0, tuple(marks))


def described(history: History) -> str:
    """What the drawing shows, in words."""
    first, last = history.epochs[0], history.epochs[-1]
    text = phrase("Over {count} epochs the loss goes from {first} to {last}").format(
        count=len(history.epochs), first=spelled(first.loss, 3), last=spelled(last.loss, 3)
    )
    if last.held_loss is not None and first.held_loss is not None:
        text += phrase(", that of the samples held out from {first} to {last}").format(
            first=spelled(first.held_loss, 3), last=spelled(last.held_loss, 3)
        )
    if last.right is not None and first.right is not None:
        text += phrase(", of which {first} and in the end {last} of {held} are classed right").format(
            first=first.right, last=last.right, held=history.held
        )
    return Told(phrase("{line}.").format(line=text))


def _losses(history: History) -> list[Curve]:
    learned = tuple((float(one.number), one.loss) for one in history.epochs if isfinite(one.loss))
    tested = tuple((float(one.number), one.held_loss) for one in history.epochs if one.held_loss is not None)
    held = tuple((at, value) for at, value in tested if isfinite(value))
    curves = [Curve("learned from", learned, "bp2"), Curve("held out", held, "bp1", dashed=True)]
    return [one for one in curves if one.points]


def _shares(history: History) -> list[Curve]:
    points = [(float(one.number), 100 * one.right / history.held) for one in history.epochs if one.right is not None]
    return [Curve("held out", tuple(points), "bp1", dashed=True)] if points else []


@dataclass(frozen=True)
class _Axes:
    """A frame between two heights of the sheet, epochs to the right."""

    epochs: int
    low: float
    high: float
    bottom: float
    top: float
    title: str
    logarithmic: bool = False

    @classmethod
    def around(cls, curves: Sequence[Curve], history: History, bottom: float, top: float, title: str) -> _Axes:
        values = [value for curve in curves for _, value in curve.points]
        epochs = max(len(history.epochs), 2)
        least, most = (min(values), max(values)) if values else (0.0, 1.0)
        if title == "loss" and least > 0 and most / least >= LOGARITHMIC:
            return cls(epochs, floor(log10(least)), ceil(log10(most)), bottom, top, title, True)
        if title == "loss":
            least = min(least, 0.0)
        most = most if most > least else least + 1.0
        step = _step(most - least)
        low, high = floor(least / step + 1e-9) * step, ceil(most / step - 1e-9) * step
        return cls(epochs, low, high if high > low else low + step, bottom, top, title)

    def at(self, epoch: float, value: float) -> Point:
        """Where a point lies on the sheet."""
        return self._across(epoch), self._up(log10(value) if self.logarithmic else value)

    def _across(self, epoch: float) -> float:
        return LEFT + (epoch - 1) / (self.epochs - 1) * (RIGHT - LEFT)

    def _up(self, height: float) -> float:
        return self.bottom + (height - self.low) / (self.high - self.low) * (self.top - self.bottom)

    def marks(self, named: bool) -> Iterator[Mark]:
        """The frame with fine lines at the ticks; the epochs' numbers where `named`."""
        for height, text in self._heights():
            y = self._up(height)
            yield Line(((LEFT, y), (RIGHT, y)), "faint", 0.1)
            yield Label((LEFT - 1.5, y), text, "left", "quiet", SIZE)
        for epoch in _whole_ticks(self.epochs):
            x = self._across(epoch)
            yield Line(((x, self.bottom), (x, self.bottom - 1.0)), "quiet", 0.2)
            if named:
                yield Label((x, self.bottom - 1.8), str(epoch), "below", "quiet", SIZE)
        yield Line(((LEFT, self.bottom), (RIGHT, self.bottom), (RIGHT, self.top), (LEFT, self.top)), "quiet", 0.2,
                   closed=True)  # fmt: skip
        yield Label((3.0, (self.bottom + self.top) / 2), self.title, "centre", "quiet", SIZE, angle=90)
        if named:
            yield Label(((LEFT + RIGHT) / 2, self.bottom - 6.2), "epoch", "below", "quiet", SIZE)

    def _heights(self) -> Iterator[tuple[float, str | Box]]:
        if self.logarithmic:
            every, short = max(1, ceil((self.high - self.low) / 6)), self.low >= -4 and self.high <= 5
            for exponent in range(int(self.low), int(self.high) + 1, every):
                yield float(exponent), tick(10.0**exponent) if short else power(exponent)
            return
        step = _step(self.high - self.low)
        for number in range(round((self.high - self.low) / step) + 1):
            yield self.low + number * step, tick(self.low + number * step)


def _step(extent: float) -> float:
    """A round distance of ticks, 1, 2 or 5 times a power of ten, that gives about five of them."""
    rough = extent / 5
    power: float = 10.0 ** floor(log10(rough))
    return next(round_one * power for round_one in (1, 2, 5, 10) if round_one * power >= rough * (1 - 1e-9))


def _whole_ticks(last: int) -> list[int]:
    """Epochs to name: the first and round ones."""
    step = max(1, int(_step(float(last))))
    return [1, *(epoch for epoch in range(step, last + 1, step) if epoch > 1 and (epoch - 1) / (last - 1) > 0.04)]


def _drawn(axes: _Axes, curves: Sequence[Curve]) -> Iterator[Mark]:
    heights = _spaced([axes.at(*curve.points[-1])[1] for curve in curves])
    for curve, height in zip(curves, heights, strict=True):
        points = tuple(axes.at(epoch, value) for epoch, value in _thinned(curve.points))
        if len(points) > 1:
            yield Line(points, curve.colour, 0.4, curve.dashed)
        yield Circle(points[-1], 0.6, curve.colour, 0.1, fill=curve.colour)
        yield Label((points[-1][0] + 2.0, height), curve.name, "right", curve.colour, SIZE)


def _thinned(points: tuple[tuple[float, float], ...]) -> Iterator[tuple[float, float]]:
    """At most some hundred points, the last among them."""
    every = ceil(len(points) / MOST_POINTS)
    yield from (point for place, point in enumerate(points) if place % every == 0 or place == len(points) - 1)


def _spaced(heights: list[float]) -> list[float]:
    """Heights of two names, moved apart where they would touch."""
    if len(heights) < 2 or abs(heights[0] - heights[1]) >= 4.0:
        return heights
    middle, sign = sum(heights) / 2, 1 if heights[0] >= heights[1] else -1
    return [middle + 2.0 * sign, middle - 2.0 * sign]
