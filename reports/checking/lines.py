"""Rows of pieces as lines of a terminal: broken where a person would break them, each column with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.checking.characters import cells, visible
from reports.checking.pieces import INNER, Piece
from verify.latex.tree import Span

_GOES_ON = 4


@dataclass(frozen=True)
class Line:
    """A line of text; `places` says for each of its columns where in the LaTeX that comes from."""

    text: str
    places: tuple[Span | None, ...]

    def columns(self, where: Span) -> tuple[int, int] | None:
        """The first and the last column that show something of a place; None where none does.

        A place of no length is a gap: the column in front of which something is missing.
        """
        start, end = where
        if start == end:
            return self._gap(start)
        shown = [place for place, span in enumerate(self.places) if span and span[0] < end and start < span[1]]
        return (shown[0], shown[-1]) if shown else None

    def _gap(self, at: int) -> tuple[int, int] | None:
        spans = [(place, span) for place, span in enumerate(self.places) if span and span[0] < span[1]]
        if not spans or at < min(span[0] for _, span in spans) or at > max(span[1] for _, span in spans):
            return None
        found = next((place for place, span in spans if span[0] >= at), len(self.places))
        return found, found


def line(pieces: Iterable[Piece], indent: int = 0) -> Line:
    """Pieces as one line; nothing in it can move the cursor."""
    text, places = " " * indent, [None] * indent
    found: list[Span | None] = list(places)
    for piece in pieces:
        shown = visible(piece.text)
        text += shown
        found += [piece.span] * cells(shown)
    return Line(text, tuple(found))


def broken(pieces: tuple[Piece, ...], width: int, indent: int = 0) -> list[Line]:
    """Pieces as lines of at most `width` columns, where single pieces are not wider than that."""
    found: list[Line] = []
    rest = list(pieces)
    while rest:
        room = max(width - indent, 8)
        cut = _cut(rest, room)
        found.append(line(_bare(rest[:cut]), indent))
        rest = rest[cut:]
        while rest and not rest[0].text.strip():
            rest.pop(0)
        indent = max(indent, _GOES_ON) if found[1:] or not indent else indent + _GOES_ON
        indent = min(indent, width // 2)
    return found


def _bare(pieces: list[Piece]) -> list[Piece]:
    """Without the space at the end."""
    while pieces and not pieces[-1].text.strip():
        pieces = pieces[:-1]
    return pieces


def _cut(pieces: list[Piece], room: int) -> int:
    """How many pieces go on this line: up to the best place to break, and the last of these."""
    used = 0
    best: tuple[float, int] | None = None
    for place, piece in enumerate(pieces):
        if piece.rank and place:
            late = 0 if used >= room / 2 else INNER * 2  # a line that is half empty is worse than a break in a bracket
            if best is None or piece.rank + late <= best[0]:
                best = (piece.rank + late, place)
        used += cells(visible(piece.text))
        if used > room:
            return best[1] if best else max(place, 1)
    return len(pieces)
