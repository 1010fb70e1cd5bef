"""Spaces in a line of Chinese: none between Chinese letters, one between these and formulas, figures or Latin letters.

So a sentence reads well whatever fills its holes.  What a reference to a section or an equation prints is not known
here; spaces beside it stay.
Stressed words are strong, for Chinese letters have no italics.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from reports.inline import Code, Emphasis, Inline, Math, Piece, Ref, Text, Tinted

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff"
_FULL = "\u3001\u3002\uff01-\uff60\u3008-\u3011"
_IN_WORDS = (
    (re.compile(rf"(?<=[{_HAN}{_FULL}]) +(?=[{_HAN}{_FULL}])"), ""),
    (re.compile(rf"(?<=[{_FULL}]) +| +(?=[{_FULL}])"), ""),
    (re.compile(rf"(?<=[{_HAN}]) +(?=[“‘])|(?<=[”’]) +(?=[{_HAN}])"), ""),
    (re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{_HAN}])"), " "),
)
_NUMBERED = ("fig:", "tab:")  # labels of what is referred to as 图 1 or 表 1
Edge = Literal["han", "mark", "latin", ""]


def spaced(pieces: Inline) -> Inline:
    """The pieces with the spaces between them set right; done twice it changes nothing."""
    found: list[Piece] = []
    for piece in _joined(pieces):
        if found and not _silent(found[-1]) and not _silent(piece):
            found[-1], piece = _beside(found[-1], piece)
        found.append(piece)
    return tuple(found)


def _silent(piece: Piece) -> bool:
    """Whether nothing is known of how a piece begins and ends."""
    return not _edge(piece, 0) and not _edge(piece, -1)


def _joined(pieces: Inline) -> list[Piece]:
    """Texts side by side as one, with its own spaces set right; one that says what it is meant to be stays apart."""
    found: list[Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        if isinstance(piece, Text) and isinstance(before, Text) and piece.meant is before.meant is None:
            found[-1] = Text(before.text + piece.text)
        else:
            found.append(replace(piece, strong=True) if isinstance(piece, Emphasis) else piece)
    return [replace(one, text=_words(one.text)) if isinstance(one, Text) else one for one in found]


def _words(text: str) -> str:
    for pattern, space in _IN_WORDS:
        text = pattern.sub(space, text)
    return text


def _edge(piece: Piece, place: int) -> Edge:
    """What a piece begins (0) or ends (-1) with."""
    if isinstance(piece, Math | Code):
        return "latin"
    if isinstance(piece, Ref) and piece.label.startswith(_NUMBERED):
        return "latin" if place else "han"
    if not isinstance(piece, Text | Emphasis | Tinted) or not piece.text.strip():
        return ""
    letter = piece.text.strip()[place]
    if re.fullmatch(f"[{_HAN}]", letter):
        return "han"
    if re.fullmatch(f"[{_FULL}]", letter):
        return "mark"
    return "latin" if letter.isalnum() else ""


def _beside(left: Piece, right: Piece) -> tuple[Piece, Piece]:
    """Two pieces with the space between them that belongs there, if it is known."""
    edges = {_edge(left, -1), _edge(right, 0)}
    if "" in edges or edges == {"latin"}:
        return left, right
    space = " " if edges == {"han", "latin"} else ""
    if isinstance(right, Text):
        right = replace(right, text=space + right.text.lstrip(" "))
        return (replace(left, text=left.text.rstrip(" ")) if isinstance(left, Text) else left), right
    if isinstance(left, Text):
        return replace(left, text=left.text.rstrip(" ") + space), right
    return left, right
