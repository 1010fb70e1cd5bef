"""The colours of every document: a palette that colour-blind readers can tell apart, by names valid in LaTeX and Typst.

The numbered hues are those of Okabe and Ito, *Color Universal Design* (2008), in an order in which neighbours differ
most; the last two are darkened, because on white paper letters in the original orange and sky blue are hard to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """A name and its red, green and blue parts, each 0 … 255."""

    name: str
    red: int
    green: int
    blue: int

    @property
    def hexadecimal(self) -> str:
        """As in `#0072b2`."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def fractions(self) -> tuple[str, str, str]:
        """The parts as decimals 0 … 1 with three digits."""
        red, green, blue = (f"{part / 255:.3f}" for part in (self.red, self.green, self.blue))
        return red, green, blue


_HUES = (
    (213, 94, 0),  # vermilion
    (0, 114, 178),  # blue
    (0, 158, 115),  # bluish green
    (204, 121, 167),  # reddish purple
    (178, 115, 0),  # orange, darkened
    (40, 128, 185),  # sky blue, darkened
)

_ROWS = (
    Colour("ink", 0, 0, 0),
    Colour("paper", 255, 255, 255),
    Colour("quiet", 95, 95, 95),  # reasons, captions, axes
    Colour("faint", 170, 170, 170),  # connections that nobody names, grid lines
    Colour("path", 230, 159, 0),  # the way that is followed in a figure
    Colour("tint", 245, 247, 250),  # the ground of frames and neurons
    Colour("frame", 120, 140, 165),
    Colour("link", 0, 70, 130),
)

PALETTE = {row.name: row for row in _ROWS}
assert len(PALETTE) == len(_ROWS)

_NUMBERED = re.compile(r"\bbp([1-9][0-9]*)\b")


def hue(number: int) -> Colour:
    """A numbered colour, counted from 1, named as `derive.emit` names it; after the last hue the first comes again."""
    return Colour(f"bp{number}", *_HUES[(number - 1) % len(_HUES)])


def used(source: str) -> list[Colour]:
    """All colours that a printed text needs: the named ones, and each numbered one that occurs in it."""
    numbers = sorted({int(number) for number in _NUMBERED.findall(source)})
    return [*PALETTE.values(), *map(hue, numbers)]
