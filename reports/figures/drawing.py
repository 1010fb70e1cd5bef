"""A drawing as lines, circles and labels in millimetres: what a figure consists of, whoever prints it.

x grows to the right, y grows upwards, and (0, 0) is the lower left corner.  Colours are names of `reports.palette`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from derive.layout import Box

Point = tuple[float, float]
Anchor = Literal["centre", "left", "right", "above", "below"]

TEXT_SIZE = 9.0  # points


@dataclass(frozen=True)
class Line:
    """A line through points; `closed` joins the last to the first, `fill` is the colour of what it then encloses."""

    points: tuple[Point, ...]
    colour: str = "ink"
    width: float = 0.2
    dashed: bool = False
    closed: bool = False
    fill: str | None = None


@dataclass(frozen=True)
class Lines:
    """Many straight lines of one style, each from a point to a point, that a printer draws as one path.

    Raises `ValueError` where there is none.
    """

    segments: tuple[tuple[Point, Point], ...]
    colour: str = "ink"
    width: float = 0.2

    def __post_init__(self) -> None:
        if not self.segments:
            raise ValueError("lines of one style are at least one line")


@dataclass(frozen=True)
class Arrow:
    """A straight line with a filled head at its end."""

    start: Point
    end: Point
    colour: str = "ink"
    width: float = 0.2
    head: float = 1.6


@dataclass(frozen=True)
class Circle:
    """A circle, filled where a colour is named."""

    centre: Point
    radius: float
    colour: str = "ink"
    width: float = 0.25
    fill: str | None = None


@dataclass(frozen=True)
class Label:
    """A formula or a few words at a point.

    `anchor` says where the label stands as seen from the point: `left` ends at it, `above` stands on it.  `angle` turns
    it against the clock, in degrees, and `halo` clears the paper under it so that no line runs through it.
    """

    at: Point
    content: str | Box
    anchor: Anchor = "centre"
    colour: str = "ink"
    size: float = TEXT_SIZE
    angle: float = 0.0
    halo: bool = False


Mark = Line | Lines | Arrow | Circle | Label


@dataclass(frozen=True)
class Drawing:
    """Marks on a sheet of `width` by `height` millimetres; later marks lie over earlier ones."""

    width: float
    height: float
    marks: tuple[Mark, ...]
