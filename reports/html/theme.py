"""The colours of a page, light and dark, as CSS variables; text has a contrast of at least 4.5 to all it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.palette import HUES, PALETTE, SCALE, Colour, hue, readable


@dataclass(frozen=True)
class Theme:
    """The neutral colours of a page by name; the hues follow from them."""

    neutral: dict[str, Colour]

    @property
    def grounds(self) -> tuple[Colour, ...]:
        """What text may stand on: the page, a frame, and a quantity that is pointed at."""
        return tuple(self.neutral[name] for name in ("paper", "tint", "lit"))

    def variables(self) -> Iterator[tuple[str, str]]:
        """Every colour under the name that the palette gives it; `path-text` is the readable shade of `path`."""
        for name, colour in self.neutral.items():
            shown = colour if name in _GROUNDS or name in _LINES else readable(colour, self.grounds)
            yield name, shown.hexadecimal
            if name in _LINES:
                yield f"{name}-text", readable(colour, self.grounds).hexadecimal
        for number in range(1, HUES + 1):
            yield f"bp{number}", readable(hue(number), self.grounds).hexadecimal
        for colour in SCALE.values():
            yield colour.name, colour.hexadecimal


_GROUNDS = ("paper", "tint", "lit")
_LINES = ("faint", "pale", "path", "frame")

LIGHT = Theme({**PALETTE, "paper": Colour("paper", 255, 255, 255), "lit": Colour("lit", 255, 240, 175)})
DARK = Theme(
    {
        "ink": Colour("ink", 232, 234, 237),
        "paper": Colour("paper", 22, 24, 28),
        "quiet": Colour("quiet", 168, 174, 182),
        "faint": Colour("faint", 96, 102, 110),
        "pale": Colour("pale", 56, 60, 66),
        "path": Colour("path", 240, 175, 40),
        "tint": Colour("tint", 33, 37, 43),
        "frame": Colour("frame", 112, 128, 150),
        "link": Colour("link", 130, 180, 250),
        "lit": Colour("lit", 74, 64, 18),
    }
)


def declarations(theme: Theme) -> str:
    """The variables of a theme, as they stand in a rule."""
    return " ".join(f"--{name}: {value};" for name, value in theme.variables())


def text_variable(colour: str) -> str:
    """The variable in which text of a palette's colour is set; numbered colours begin again after the last hue.

    Raises `KeyError` for a name that the palette lacks.
    """
    if colour.startswith("bp") and colour[2:].isdigit():
        return numbered(int(colour[2:]))
    return f"{PALETTE[colour].name}-text" if colour in _LINES else PALETTE[colour].name


def line_variable(colour: str) -> str:
    """The variable in which a line or an area of a palette's colour is drawn."""
    return colour if colour in PALETTE or colour in SCALE else text_variable(colour)


def numbered(number: int) -> str:
    """The variable of a numbered colour."""
    return f"bp{(number - 1) % HUES + 1}"
