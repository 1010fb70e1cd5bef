"""Numbers and letters of running words as formulas: 1 · 10⁻⁸ in place of 1e-08, and η as in the equations.

The tables of rules and scalings give their reasons as sentences; what is a formula in one consists of known letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

from derive.emit.plain import plain
from derive.layout import Box, Fence, Fraction, Glyph, Scripts, row
from reports.chapter.numbers import figure
from reports.inline import Inline, Math, Piece, Text
from reports.meant import Aside, Measured

_HALF = Fraction(Glyph("1", "number"), Glyph("2", "number"), small=True)
_SIGNS = {
    "≤": Glyph(r"\le", "relation"), "≥": Glyph(r"\ge", "relation"), "=": Glyph("=", "relation"),
    "<": Glyph("<", "relation"), ">": Glyph(">", "relation"), "+": Glyph("+", "binary"), "−": Glyph("-", "binary"),
    "·": Glyph(r"\cdot", "binary"), "/": Glyph("/"),
}  # fmt: skip
_POWERS = {"²": "2", "³": "3"}
_NUMBER = r"\d+(?:\.\d+)?"
_NAMED = Aside("a formula in words that explain another")


def number(value: float, digits: int) -> Piece:
    """A number that was measured or chosen, rounded to so many digits; words for what is not finite."""
    return Math(figure(value, digits), Measured(value, digits=digits)) if isfinite(value) else Text(f"{value:g}")


def spelled(value: float, digits: int) -> str:
    """The same as plain text, for words that bear no formulas."""
    return plain(figure(value, digits)) if isfinite(value) else f"{value:g}"


def letters_of(boxes: Iterable[Box]) -> dict[str, Box]:
    """Letters by what they look like in plain text."""
    return {plain(box): box for box in boxes}


def lettered(words: Inline, letters: Mapping[str, Box]) -> Inline:
    """The words with what they say in these letters as formulas: `about η an entry`, `then 0 ≤ x ≤ 1`, `½ λ |θ|²`.

    `letters` has each letter's box by its plain text.  A letter within a word, as the s of `it’s`, is none.
    """
    if not letters:
        return words
    known = "|".join(map(re.escape, sorted(letters, key=len, reverse=True)))
    factor = rf"(?:(?:{known})+|\|(?:{known})\||{_NUMBER})[{''.join(_POWERS)}]?"
    term = rf"(?:½\s?)?{factor}(?:\s(?=\|){factor})*"
    formula = re.compile(rf"(?<![\w’'.]){term}(?:\s?[{''.join(_SIGNS)}]\s?{term})*(?![A-Za-zα-ωΑ-Ω0-9’'])", re.ASCII)
    atoms = re.compile(rf"{known}|{_NUMBER}|[½|{''.join((*_SIGNS, *_POWERS))}]")
    found: list[Piece] = []
    for piece in words:
        found += _split(piece.text, formula, atoms, letters) if type(piece) is Text and not piece.meant else [piece]
    return tuple(found)


def _split(text: str, formula: re.Pattern[str], atoms: re.Pattern[str], letters: Mapping[str, Box]) -> Iterator[Piece]:
    end = 0
    for match in formula.finditer(text):
        parts = atoms.findall(match[0])
        if any(part in letters for part in parts):
            if match.start() > end:
                yield Text(text[end : match.start()])
            yield _formula(parts, letters)
            end = match.end()
    if end < len(text):
        yield Text(text[end:])


def _formula(parts: list[str], letters: Mapping[str, Box]) -> Math:
    items: list[Box] = []
    opened: int | None = None
    for part in parts:
        if part == "|":
            if opened is None:
                opened = len(items)
            else:
                items[opened:] = [Fence(row(items[opened:], tight=True), "|", "|")]
                opened = None
        elif part in _POWERS:
            items[-1] = Scripts(items[-1], sup=Glyph(_POWERS[part], "number"))
        else:
            items.append(_atom(part, letters))
    related = any(isinstance(item, Glyph) and item.kind == "relation" for item in items)
    return Math(row(items, tight="/" in parts), _NAMED if related else None)


def _atom(part: str, letters: Mapping[str, Any]) -> Box:
    if part in letters:
        box: Box = letters[part]
        return box
    return _HALF if part == "½" else _SIGNS.get(part) or Glyph(part, "number")
