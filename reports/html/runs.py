"""A formula as runs of text, each with its place and size: what a label of an SVG figure consists of.

Letters flow in the reader's own font, so that only the way back from an upper to a lower script is an estimate.  What
does not fit a line, such as a matrix, is written as plain text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.emit.plain import plain
from derive.layout import Accent, Box, Coloured, Fence, Fraction, Glyph, Row, Scripts
from derive.tables.glyphs import sign
from reports.measure import SCRIPT, extent, prefixed

_MARKS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
          "check": "\u030c", "breve": "\u0306"}  # fmt: skip
_UP, _DOWN = 0.38, 0.2  # how far a script is moved, in the size of its base
_BOTH_UP, _BOTH_DOWN = 0.43, 0.27  # and where both stand one over the other
_PRIME = Glyph(r"\prime")
_SPACES = {"binary": ("\u2009", "\u2009"), "relation": ("\u2005", "\u2005"), "punctuation": ("", "\u2009")}
"""What stands before and behind a sign that is no script."""


@dataclass(frozen=True)
class Run:
    """Text in one style; `size` and `shift` (upwards) are in the size of the label, `back` moves to the left first."""

    text: str
    italic: bool = False
    bold: bool = False
    size: float = 1.0
    shift: float = 0.0
    back: float = 0.0
    colour: Coloured | None = None


def runs(content: str | Box) -> tuple[Run, ...]:
    """The runs of a label."""
    if isinstance(content, str):
        return (Run(content),)
    if isinstance(content, Row):
        content = replace(content, items=tuple(prefixed(content.items)))
    return tuple(_runs(content, 0, 0.0))


def _runs(box: Box, level: int, shift: float) -> Iterator[Run]:
    size = SCRIPT[min(level, 2)]
    match box:
        case Glyph():
            yield _glyph(box, size, shift, level)
        case Row(items):
            for item in prefixed(items, box.tight):
                yield from _runs(item, level, shift)
        case Scripts():
            yield from _scripts(box, level, shift)
        case Coloured(body):
            yield from (replace(run, colour=run.colour or box) for run in _runs(body, level, shift))
        case Fence(body, left, right):
            yield Run(left, size=size, shift=shift)
            yield from _runs(body, level, shift)
            yield Run(right, size=size, shift=shift)
        case Accent(body, mark):
            *rest, last = _runs(body, level, shift)
            yield from rest
            yield replace(last, text=unicodedata.normalize("NFC", last.text + _MARKS[mark]))
        case Fraction(above, below):
            yield from _part(above, level, shift)
            yield Run("/", size=size, shift=shift)
            yield from _part(below, level, shift)
        case _:
            yield Run(plain(box), size=size, shift=shift)


def _glyph(box: Glyph, size: float, shift: float, level: int) -> Run:
    named = box.kind == "text" or (box.kind == "word" and not box.name.startswith("\\"))
    if named:
        return Run(box.name, size=size, shift=shift)
    row = sign(box.name)
    before, behind = _SPACES.get(box.kind, ("", "")) if level == 0 else ("", "")
    # Capital Greek stands upright, as in TeX.
    lowered = row.character.islower() or row.character.isascii()
    slanted = box.kind == row.kind == "letter" and row.character.isalpha() and lowered
    return Run(f"{before}{row.character}{behind}", slanted, box.bold, size, shift)


def _part(box: Box, level: int, shift: float) -> Iterator[Run]:
    """What stands over or under a slash, in brackets where it is a sum."""
    several = isinstance(box, Row) and any(isinstance(one, Glyph) and one.kind == "binary" for one in box.items)
    yield from _runs(Fence(box) if several else box, level, shift)


def _scripts(box: Scripts, level: int, shift: float) -> Iterator[Run]:
    size = SCRIPT[min(level, 2)]
    rise, fall = (_BOTH_UP, _BOTH_DOWN) if box.sup is not None and box.sub is not None else (_UP, _DOWN)
    up, down = shift + rise * size, shift - fall * size
    if box.sup == _PRIME and box.sub is None:
        # A prime at full size is raised already; as a script it would stand far above the letter.
        yield from _runs(box.base, level, shift)
        yield from _runs(box.sup, level, shift)
        return
    yield from _stacked(box.left_sup, box.left_sub, level + 1, up, down)
    yield from _runs(box.base, level, shift)
    yield from _stacked(box.sup, box.sub, level + 1, up, down)


def _stacked(sup: Box | None, sub: Box | None, level: int, up: float, down: float) -> Iterator[Run]:
    """An upper script, then the lower one under it; what follows stands behind the wider of the two."""
    if sup is None or sub is None:
        yield from _runs(sup, level, up) if sup is not None else ()
        yield from _runs(sub, level, down) if sub is not None else ()
        return
    upper, lower = list(_runs(sup, level, up)), list(_runs(sub, level, down))
    wide, narrow = extent(sup, level=level).width, extent(sub, level=level).width
    first, second, back = (upper, lower, wide) if wide <= narrow else (lower, upper, narrow)
    yield from first
    yield replace(second[0], back=back)
    yield from second[1:]
