"""Boxes as one line of Unicode text for a terminal: δ² = (w³)ᵀ δ³ ⊙ σ′(z²).

A script is written in raised or lowered characters where all of it exists in Unicode, else as ^(…) or _(…).  A fraction
is a slash; its neighbours in a product are set off by a middle dot, so that x y/z · w reads in one way only: what
stands side by side binds first, then the slash, then the dot.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from derive.emit.unknown import refuse
from derive.layout import (
    SIGNS,
    Accent,
    BigSum,
    Box,
    Cases,
    Coloured,
    Fence,
    Fraction,
    Glyph,
    Grid,
    Root,
    Row,
    Scripts,
    close,
)
from derive.tables.glyphs import sign

_RAISED = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡᵀ",
        strict=True,
    )
)
_LOWERED = dict(zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛"}
_ACCENTS = {
    "bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
    "check": "\u030c", "breve": "\u0306",
}  # fmt: skip


def plain(box: Box) -> str:
    """A box as one line of text.

    Raises `UnknownBox` for what is no box and `UnknownGlyph` for a glyph that no row spells.
    """
    write = _WRITERS.get(type(box))
    return write(box) if write else refuse(box, "plain text")


def _glyph(box: Glyph) -> str:
    named = box.kind == "text" or (box.kind == "word" and not box.name.startswith("\\"))
    return box.name if named else sign(box.name).character


def _row(box: Row) -> str:
    if box.tight:
        return "".join(plain(item) for item in box.items)
    line = plain(box.items[0])
    for before, after in zip(box.items, box.items[1:], strict=False):
        line += _between(before, after) + plain(after)
    return line


def _between(before: Box, after: Box) -> str:
    operands = not any(isinstance(one, Glyph) and one.kind in SIGNS for one in (before, after))
    if operands and (_slashed(before) or _slashed(after)):
        return " · "
    tight = close(before, after) and not plain(before).endswith(")")
    return "" if tight else " "


def _slashed(box: Box) -> bool:
    """Whether a box is written with a slash."""
    if isinstance(box, Coloured):
        return _slashed(box.body)
    return isinstance(box, Fraction) and "/" in plain(box)


def _scripts(box: Scripts) -> str:
    left = _script("^", box.left_sup, _RAISED) + _script("_", box.left_sub, _LOWERED)
    return left + plain(box.base) + _script("^", box.sup, _RAISED) + _script("_", box.sub, _LOWERED)


def _script(place: str, box: Box | None, characters: dict[str, str]) -> str:
    if box is None:
        return ""
    text = plain(box)
    if set(text) == {"′"}:
        return text
    small = [characters.get(one) for one in text.replace(" − ", "−").replace(" + ", "+")]
    if None not in small:
        return "".join(one for one in small if one)
    return place + (text if isinstance(box, Fence) else f"({text})")


def _fraction(box: Fraction) -> str:
    text = f"{_operand(box.above)}/{_operand(box.below, last=True)}"
    return _VULGAR.get(text, text)


def _operand(box: Box, last: bool = False) -> str:
    """What stands above or below, in brackets unless a slash binds less tightly than all of it."""
    loose = isinstance(box, Fraction | BigSum | Cases)
    if isinstance(box, Row):
        loose = any(isinstance(one, BigSum | Fraction | Cases) for one in box.items) or any(
            isinstance(one, Glyph) and one.kind in SIGNS for one in box.items
        )
        loose = loose or (last and not box.tight)
    if isinstance(box, Coloured):
        return _operand(box.body, last)
    return f"({plain(box)})" if loose else plain(box)


def _root(box: Root) -> str:
    text = plain(box.body)
    return f"√{text}" if isinstance(box.body, Glyph) else f"√({text})"


def _cases(box: Cases) -> str:
    return "{" + "; ".join(f"{plain(value)} {plain(condition)}" for value, condition in box.lines) + "}"


def _grid(box: Grid) -> str:
    return "[" + "; ".join(" ".join(plain(cell) for cell in line) for line in box.rows) + "]"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Glyph: _glyph,
    Row: _row,
    Scripts: _scripts,
    Fraction: _fraction,
    Root: _root,
    Fence: lambda box: f"{box.left}{plain(box.body)}{box.right}",
    BigSum: lambda box: f"Σ{_script('_', box.below, _LOWERED)}{_script('^', box.above, _RAISED)} {plain(box.body)}",
    Accent: lambda box: unicodedata.normalize("NFC", plain(box.body) + _ACCENTS[box.mark]),
    Cases: _cases,
    Grid: _grid,
    Coloured: lambda box: plain(box.body),
}
