"""The colours of every document: a palette that colour-blind readers can tell apart, by names valid in LaTeX and Typst.

The numbered hues are those of Okabe and Ito, *Color Universal Design* (2008), in an order in which neighbours differ
most; the last two are darkened, because on white paper letters in the original orange and sky blue are hard to read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    Colour("pale", 206, 208, 211),  # connections that are very many
    Colour("path", 230, 159, 0),  # the way that is followed in a figure
    Colour("tint", 245, 247, 250),  # the ground of frames and neurons
    Colour("frame", 120, 140, 165),
    Colour("link", 0, 70, 130),
)

PALETTE = {row.name: row for row in _ROWS}
assert len(PALETTE) == len(_ROWS)

_SCALE = (
    Colour("cold5", 5, 48, 97),
    Colour("cold4", 33, 102, 172),
    Colour("cold3", 67, 147, 195),
    Colour("cold2", 146, 197, 222),
    Colour("cold1", 209, 229, 240),
    Colour("mild", 247, 247, 247),
    Colour("warm1", 253, 219, 199),
    Colour("warm2", 244, 165, 130),
    Colour("warm3", 214, 96, 77),
    Colour("warm4", 178, 24, 43),
    Colour("warm5", 103, 0, 31),
)

SCALE = {row.name: row for row in _SCALE}
"""Areas that show numbers, from the least to the greatest with 0 in the middle: never text, the same on every ground.

These are the eleven classes of `RdBu`, which colour-blind readers can tell apart (Harrower and Brewer,
*ColorBrewer.org*, 2003).
"""
assert not SCALE.keys() & PALETTE.keys()

HUES = len(_HUES)
_SCALED = re.compile(rf"\b(?:{'|'.join(SCALE)})\b")
_NUMBERED = re.compile(r"\bbp([1-9][0-9]*)\b")


def hue(number: int) -> Colour:
    """A numbered colour, counted from 1, named as `derive.emit` names it; after the last hue the first comes again."""
    return Colour(f"bp{number}", *_HUES[(number - 1) % len(_HUES)])


def contrast(one: Colour, two: Colour) -> float:
    """The contrast of two colours, 1 … 21 (W3C, *Web Content Accessibility Guidelines* 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: Colour, grounds: Sequence[Colour], least: float = 4.5) -> Colour:
    """The colour, darkened or lightened by the smallest of 100 steps at which it has that contrast to every ground.

    Raises `ValueError` where not even black or white has it.
    """
    aim = 0 if min(map(_luminance, grounds)) > 0.18 else 255  # at 0.18 black and white are equally far
    for step in range(101):
        parts = (round(part + (aim - part) * step / 100) for part in (colour.red, colour.green, colour.blue))
        found = Colour(colour.name, *parts)
        if all(contrast(found, ground) >= least for ground in grounds):
            return found
    raise ValueError(f"no shade of {colour.name} has a contrast of {least:g} to all of {[one.name for one in grounds]}")


def _luminance(colour: Colour) -> float:
    shares = (part / 255 for part in (colour.red, colour.green, colour.blue))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def used(source: str) -> list[Colour]:
    """All colours that a printed text needs: the named ones, and each numbered one or one of a scale that occurs."""
    numbers = sorted({int(number) for number in _NUMBERED.findall(source)})
    shades = set(_SCALED.findall(source))
    return [*PALETTE.values(), *(row for row in _SCALE if row.name in shades), *map(hue, numbers)]
