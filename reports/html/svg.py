"""A drawing as SVG: in a page in the page's own colours, or as a file that stands alone on white paper.

It says in words what is to be seen, as `<title>` and `<desc>`, and needs no font, script or style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.emit.mathml import Tint
from reports.figures.drawing import Arrow, Circle, Drawing, Label, Line, Lines, Mark, Point
from reports.figures.paths import head, neck
from reports.html.runs import Run, runs
from reports.html.text import attribute, escape
from reports.html.theme import LIGHT, line_variable, text_variable
from reports.measure import extent, letters

POINT = 25.4 / 72.27  # millimetres
GROWN = 1.3  # the letters of a page are larger than those of paper
NARROW = 100.0  # millimetres: what is no wider can be read on a telephone as a whole
FONTS = "'Latin Modern Roman', 'STIX Two Text', 'Cambria', 'Times New Roman', serif"
_ANCHORS = {"centre": "middle", "left": "end", "right": "start", "above": "middle", "below": "middle"}
_PAPER = dict(LIGHT.variables())


def svg(figure: Drawing, title: str, description: str, name: str, tint: Tint | None = None) -> str:
    """A drawing for a page, whose colours are the variables of `reports.html.theme`.

    `name` begins the identifiers of its title and description; `tint` gives attributes to coloured letters.  A
    drawing of the class `wide` would be too small on a telephone, where the reader moves it sideways.
    """
    sheet = _Sheet(figure.height, lambda variable: f"var(--{variable})", tint)
    wide = ' class="wide"' if figure.width > NARROW else ""
    labelled = f'role="img"{wide} aria-labelledby="{name}-title {name}-desc" viewBox="{_box(figure)}"'
    words = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    width = f'width="{_number(GROWN * figure.width)}mm" height="{_number(GROWN * figure.height)}mm"'
    return f"<svg {labelled} {width}>{words}\n{sheet.marks(figure)}\n</svg>"


def svg_file(figure: Drawing, title: str, description: str) -> str:
    """A drawing as a file of its own, in the palette's readable colours on white."""
    sheet = _Sheet(figure.height, _PAPER.__getitem__, None)
    size = f'width="{_number(figure.width)}mm" height="{_number(figure.height)}mm" viewBox="{_box(figure)}"'
    words = f'<title id="title">{escape(title)}</title><desc id="desc">{escape(description)}</desc>'
    paper = f'<rect width="{_number(figure.width)}" height="{_number(figure.height)}" fill="{_PAPER["paper"]}"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" {size}'
        f' font-family="{attribute(FONTS)}">{words}\n{paper}\n{sheet.marks(figure)}\n</svg>\n'
    )


@dataclass(frozen=True)
class _Sheet:
    """A sheet of some height in millimetres, on which y grows downwards; `ink` turns a variable into a colour."""

    height: float
    ink: Callable[[str], str]
    tint: Tint | None

    def marks(self, figure: Drawing) -> str:
        return "\n".join(part for mark in figure.marks for part in self._mark(mark))

    def _mark(self, mark: Mark) -> Iterator[str]:
        match mark:
            case Line():
                yield self._line(mark)
            case Lines():
                yield self._lines(mark)
            case Circle(centre, radius):
                x, y = self._at(centre)
                place = f'cx="{x}" cy="{y}" r="{_number(radius)}"'
                yield f"<circle {place} {self._pen(mark.colour, mark.width, mark.fill)}/>"
            case Arrow():
                yield self._line(Line((mark.start, neck(mark)), mark.colour, mark.width))
                yield self._line(Line(head(mark), mark.colour, 0.05, closed=True, fill=mark.colour))
            case Label():
                yield self._label(mark)

    def _at(self, point: Point) -> tuple[str, str]:
        return _number(point[0]), _number(self.height - point[1])

    def _pen(self, colour: str, width: float, fill: str | None, dashed: bool = False) -> str:
        inside = self.ink(line_variable(fill)) if fill is not None else "none"
        dashes = ' stroke-dasharray="1.2 0.9"' if dashed else ""
        stroke = self.ink(line_variable(colour))
        return f'fill="{inside}" stroke="{stroke}" stroke-width="{_number(width)}"{dashes}'

    def _line(self, line: Line) -> str:
        points = " ".join(",".join(self._at(point)) for point in line.points)
        kind = "polygon" if line.closed else "polyline"
        return f'<{kind} points="{points}" {self._pen(line.colour, line.width, line.fill, line.dashed)}/>'

    def _lines(self, lines: Lines) -> str:
        """Many lines as one path: a thousand connections would otherwise be a thousand elements of a page."""
        path = "".join(f"M{' '.join(self._at(start))}L{' '.join(self._at(end))}" for start, end in lines.segments)
        return f'<path d="{path}" {self._pen(lines.colour, lines.width, None)}/>'

    def _label(self, label: Label) -> str:
        size = label.size * POINT
        x, y = label.at[0], self.height - label.at[1]
        rise = _rise(label) * size
        turn = f' transform="rotate({_number(-label.angle)} {_number(x)} {_number(y)})"' if label.angle else ""
        colour = self.ink(text_variable(label.colour))
        halo = self._halo(label, turn) if label.halo else ""
        place = f'x="{_number(x)}" y="{_number(y + rise)}" text-anchor="{_ANCHORS[label.anchor]}"'
        return (
            f'{halo}<text {place} font-size="{_number(size)}" fill="{colour}"{turn}>'
            f"{''.join(self._runs(runs(label.content), size))}</text>"
        )

    def _halo(self, label: Label, turn: str) -> str:
        """Paper under a label; a text's own outline would hide the letters before it."""
        size = label.size * POINT
        taken = extent(label.content) if not isinstance(label.content, str) else None
        wide = (taken.width if taken else letters(label.content)) * size + 0.5  # type: ignore[arg-type]
        high = (taken.total if taken else 0.9) * size * 0.92 + 0.3
        left = label.at[0] - wide * {"left": 1.0, "right": 0.0}.get(label.anchor, 0.5)
        top = self.height - label.at[1] - high * {"above": 1.0, "below": 0.0}.get(label.anchor, 0.5)
        place = f'x="{_number(left)}" y="{_number(top)}" width="{_number(wide)}" height="{_number(high)}"'
        return f'<rect {place} fill="{self.ink("paper")}"{turn}/>'

    def _runs(self, found: tuple[Run, ...], size: float) -> Iterator[str]:
        shift = 0.0
        for run in found:
            moved = (shift - run.shift) * size
            shift = run.shift
            given = {
                "dx": _number(-run.back * size) if run.back else "",
                "dy": _number(moved) if moved else "",
                "font-size": _number(run.size * size) if run.size != 1 else "",
                "font-style": "italic" if run.italic else "",
                "font-weight": "bold" if run.bold else "",
            }
            attributes = "".join(f' {name}="{value}"' for name, value in given.items() if value) + self._tinted(run)
            yield f"<tspan{attributes}>{escape(run.text)}</tspan>" if attributes else escape(run.text)

    def _tinted(self, run: Run) -> str:
        if run.colour is None:
            return ""
        more = f" {self.tint(run.colour)}" if self.tint else ""
        return f' fill="{self.ink(text_variable(f"bp{run.colour.colour}"))}"{more}'


def _rise(label: Label) -> float:
    """How far the baseline lies under the label's point, in its size."""
    if isinstance(label.content, str):
        height, depth = 0.68, 0.21
    else:
        found = extent(label.content)
        height, depth = found.height, found.depth
    return {"above": -depth, "below": height}.get(label.anchor, (height - depth) / 2)


def _box(figure: Drawing) -> str:
    return f"0 0 {_number(figure.width)} {_number(figure.height)}"


def _number(value: float) -> str:
    """Hundredths of a millimetre, without a zero that says nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
