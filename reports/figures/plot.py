"""Curves, points, paths and contours on linear axes, as a drawing; a curve that jumps or leaves the frame is cut there.

plot = Plot((-4, 4), (-0.2, 1.2), across="z", up="σ(z)")
plot.curve(lambda z: 1 / (1 + exp(-z)), "bp2", "σ")
plot.drawing()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import ceil, floor, hypot, isfinite, log10

from derive.layout import Box
from reports.figures.contours import segments
from reports.figures.drawing import Anchor, Arrow, Circle, Drawing, Label, Line, Mark, Point
from reports.figures.powers import tick
from reports.measure import extent, letters

SAMPLES = 241
SIZE = 8.0
POINT = 25.4 / 72.27  # millimetres
LEFT, RIGHT = 13.0, 3.0  # beside the frame, where its numbers need no more
GAP, EDGE, NAMED = 1.2, 0.4, 5.0  # from the frame to a number, from a number to the edge, and to the axis's name
Range = tuple[float, float]


class Plot:
    """A frame of `width` by `height` millimetres that shows the numbers of `x` and `y`; every method adds marks."""

    def __init__(self, x: Range, y: Range, *, across: str | Box = "", up: str | Box = "", width: float = 78.0,
                 height: float = 58.0, title: str | Box = "") -> None:  # fmt: skip
        if not (x[0] < x[1] and y[0] < y[1] and all(map(isfinite, (*x, *y)))):
            raise ValueError(f"a plot needs growing, finite ranges, not {x} and {y}")
        self.x, self.y, self.width, self.height = x, y, width, height
        self.left, self.right = self._sides(bool(up))
        self.bottom, self.top = 9.5 if across else 6.5, height - (6.0 if title else 2.5)
        self._marks: list[Mark] = list(self._frame(across, up, title))
        self._key: list[tuple[str | Box, str, bool]] = []

    def _sides(self, named: bool) -> tuple[float, float]:
        """Where the frame begins and ends across: the numbers on both axes find room on the sheet."""
        beside = max((_wide(value) for value in ticks(*self.y)), default=0.0) + GAP
        left, right = max(LEFT, beside + (NAMED if named else EDGE)), self.width - RIGHT
        for value in ticks(*self.x):
            share = (value - self.x[0]) / (self.x[1] - self.x[0])
            if share > 0:
                room = self.width - EDGE - _wide(value) / 2
                right = min(right, left + (room - left) / share)
        return left, right

    def at(self, x: float, y: float) -> Point:
        """Where a point lies on the sheet."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * (self.right - self.left), self.bottom + up * (self.top - self.bottom)

    def curve(self, function: Callable[[float], float], colour: str = "bp2", name: str | Box = "", *,
              dashed: bool = False, breaks: Sequence[float] = ()) -> None:  # fmt: skip
        """The graph of a function; at `breaks` it may jump, and where it has no finite value it is cut."""
        low, high = self.x
        cuts = [low, *sorted(one for one in breaks if low < one < high), high]
        for start, end in pairwise(cuts):
            gap = (end - start) * 1e-9
            steps = [start + gap + (end - start - 2 * gap) * n / (SAMPLES - 1) for n in range(SAMPLES)]
            self.line([(one, _value(function, one)) for one in steps], colour, dashed=dashed)
        self._named(name, colour, dashed)

    def line(self, points: Sequence[Point], colour: str = "bp2", name: str | Box = "", *, dashed: bool = False,
             width: float = 0.4) -> None:  # fmt: skip
        """A line through points, as far as it lies in the frame."""
        for piece in self._within(points):
            self._marks.append(Line(tuple(self.at(*one) for one in piece), colour, width, dashed))
        self._named(name, colour, dashed)

    def dots(self, points: Sequence[Point], colour: str = "bp1", name: str | Box = "", *, radius: float = 0.8) -> None:
        """Points that lie in the frame."""
        inside = [one for one in points if self._inside(one)]
        self._marks += [Circle(self.at(*one), radius, colour, 0.1, fill=colour) for one in inside]
        self._named(name, colour, False)

    def path(self, points: Sequence[Point], colour: str = "bp1", name: str | Box = "") -> None:
        """The way of a descent: points joined by arrows, the start as a ring."""
        for start, end in pairwise(points):
            for piece in self._within((start, end)):
                self._marks.append(self._step(self.at(*piece[0]), self.at(*piece[-1]), colour))
        if points and self._inside(points[0]):
            self._marks.append(Circle(self.at(*points[0]), 1.0, colour, 0.4, fill="paper"))
        self._named(name, colour, False)

    def level(self, y: float, colour: str = "quiet", name: str | Box = "") -> None:
        """A dashed level, such as an asymptote."""
        self.line([(self.x[0], y), (self.x[1], y)], colour, name, dashed=True, width=0.25)

    def upright(self, x: float, colour: str = "quiet", name: str | Box = "") -> None:
        """A dashed upright line."""
        self.line([(x, self.y[0]), (x, self.y[1])], colour, name, dashed=True, width=0.25)

    def contours(
        self, function: Callable[[float, float], float], levels: Sequence[float], colour: str = "faint"
    ) -> None:
        """The lines on which a function of both axes has these values."""
        for one in segments(function, self.x, self.y, levels):
            self._marks.append(Line(tuple(self.at(*point) for point in one), colour, 0.2))

    def label(self, x: float, y: float, text: str | Box, anchor: Anchor = "above", colour: str = "ink") -> None:
        """A word or a formula at a point."""
        across, up = self.at(x, y)
        shift = {"above": (0, 1.2), "below": (0, -1.2), "left": (-1.2, 0), "right": (1.2, 0)}.get(anchor, (0, 0))
        self._marks.append(Label((across + shift[0], up + shift[1]), text, anchor, colour, SIZE, halo=True))

    def drawing(self) -> Drawing:
        """All of it, the names of the curves in the corner where these leave most room."""
        return Drawing(self.width, self.height, (*self._marks, *self._names()))

    # --- the parts ---

    def _named(self, name: str | Box, colour: str, dashed: bool) -> None:
        if name:
            self._key.append((name, colour, dashed))

    def _names(self) -> Iterator[Mark]:
        if not self._key:
            return
        left, top = min(self._corners(), key=self._crowd)
        for row, (name, colour, dashed) in enumerate(self._key):
            y = top - 3.2 - 4.0 * row
            yield Line(((left, y), (left + 5, y)), colour, 0.5, dashed)
            yield Label((left + 6.2, y), name, "right", "ink", SIZE, halo=True)

    def _corners(self) -> Iterator[Point]:
        """Where the names may begin: the upper left of a place in each corner."""
        high = 4.0 * len(self._key) + 1
        for top in (self.top, self.bottom + high):
            for left in (self.left + 3, (self.left + self.right) / 2 + 2):
                yield left, top

    def _crowd(self, corner: Point) -> int:
        """How many points of curves lie in a place for the names."""
        left, top = corner
        wide, high = (self.right - self.left) / 2 - 4, 4.0 * len(self._key) + 1
        points = [point for mark in self._marks for point in _points(mark)]
        return sum(left <= x <= left + wide and top - high <= y <= top for x, y in points)

    def _step(self, start: Point, end: Point, colour: str) -> Mark:
        far = hypot(end[0] - start[0], end[1] - start[1])
        return Arrow(start, end, colour, 0.3, min(1.6, far / 2)) if far > 1.2 else Line((start, end), colour, 0.3)

    def _inside(self, point: Point) -> bool:
        (x, y), (a, b), (c, d) = point, self.x, self.y
        return isfinite(x) and isfinite(y) and a <= x <= b and c <= y <= d

    def _within(self, points: Sequence[Point]) -> Iterator[list[Point]]:
        """The pieces of a line that lie in the frame, cut at its edges."""
        piece: list[Point] = []
        for start, end in pairwise(points):
            cut = _cut(start, end, self.x, self.y)
            if cut is None:
                if len(piece) > 1:
                    yield piece
                piece = []
                continue
            if piece and piece[-1] == cut[0]:
                piece.append(cut[1])
            else:
                if len(piece) > 1:
                    yield piece
                piece = list(cut)
        if len(piece) > 1:
            yield piece

    def _frame(self, across: str | Box, up: str | Box, title: str | Box) -> Iterator[Mark]:
        for value in ticks(*self.x):
            x, _ = self.at(value, self.y[0])
            yield Line(((x, self.bottom), (x, self.top)), "tint", 0.3)
            yield Label((x, self.bottom - 1.4), shown(value), "below", "quiet", SIZE)
        for value in ticks(*self.y):
            _, y = self.at(self.x[0], value)
            yield Line(((self.left, y), (self.right, y)), "tint", 0.3)
            yield Label((self.left - GAP, y), shown(value), "left", "quiet", SIZE)
        for start, end in self._zeros():
            yield Line((start, end), "faint", 0.25)
        corners = ((self.left, self.bottom), (self.right, self.bottom), (self.right, self.top), (self.left, self.top))
        yield Line(corners, "quiet", 0.2, closed=True)
        if across:
            yield Label(((self.left + self.right) / 2, 3.4), across, "below", "quiet", SIZE)
        if up:
            yield Label((2.6, (self.bottom + self.top) / 2), up, "centre", "quiet", SIZE, angle=90)
        if title:
            yield Label(((self.left + self.right) / 2, self.top + 1), title, "above", "ink", SIZE)

    def _zeros(self) -> Iterator[tuple[Point, Point]]:
        if self.x[0] < 0 < self.x[1]:
            yield self.at(0, self.y[0]), self.at(0, self.y[1])
        if self.y[0] < 0 < self.y[1]:
            yield self.at(self.x[0], 0), self.at(self.x[1], 0)


def _points(mark: Mark) -> tuple[Point, ...]:
    """The points of a mark that names must not hide."""
    if isinstance(mark, Arrow):
        return mark.start, mark.end
    return mark.points if isinstance(mark, Line) and mark.colour not in ("tint", "quiet", "faint") else ()


def _value(function: Callable[[float], float], at: float) -> float:
    """The value, or not-a-number where there is none."""
    try:
        return float(function(at))
    except (ArithmeticError, ValueError):
        return float("nan")


def _cut(start: Point, end: Point, x: Range, y: Range) -> tuple[Point, Point] | None:
    """The part of a segment within a frame (Liang and Barsky 1984)."""
    if not all(map(isfinite, (*start, *end))):
        return None
    across, up = end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for step, room in ((-across, start[0] - x[0]), (across, x[1] - start[0]), (-up, start[1] - y[0]),
                       (up, y[1] - start[1])):  # fmt: skip
        if step == 0:
            if room < 0:
                return None
            continue
        share = room / step
        first, last = (max(first, share), last) if step < 0 else (first, min(last, share))
    if first > last:
        return None
    along = ((start[0] + share * across, start[1] + share * up) for share in (first, last))
    begin, finish = along
    return (start if first == 0 else begin), (end if last == 1 else finish)


def _wide(value: float) -> float:
    """How wide a number on an axis is, in millimetres."""
    text = shown(value)
    return (letters(text) if isinstance(text, str) else extent(text).width) * SIZE * POINT


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers within a range: steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * 0.999)
    return [round(n * step, 12) for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def shown(value: float) -> str | Box:
    """A tick in as few signs as it needs, with a real minus: 0.25, 10,000, 2 · 10⁷."""
    return f"{value:,.10g}".replace("-", "−") if value == 0 or 1e-4 <= abs(value) < 1e7 else tick(value, 3)
