"""What stands inside a line: words, formulas, code and references, and the short way to write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derive.layout import Box
from reports.meant import Meant


@dataclass(frozen=True)
class Text:
    """Running text; `meant` tells the self-check what a number in it is."""

    text: str
    meant: Meant | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Emphasis:
    """Stressed words; `strong` for names that a reader looks for, such as a defined term."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Math:
    """A formula inside a line; `meant` tells the self-check what it is, where the formula alone does not."""

    box: Box
    meant: Meant | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Code:
    """A name or a command as it is typed."""

    text: str


@dataclass(frozen=True)
class Ref:
    """A link to what bears the label: prints as (6), figure 1, table 2 or section 2.3."""

    label: str


@dataclass(frozen=True)
class Tinted:
    """Words in a colour of `reports.palette`, given by its name."""

    text: str
    colour: str


@dataclass(frozen=True)
class Gap:
    """A place that the reader fills in: a rule of `width` em with its number, which those who hear a page are told."""

    number: int
    width: float = 8.0

    def __post_init__(self) -> None:
        if not 0 < self.width <= 40:
            raise ValueError(f"gap {self.number} must be wider than 0 and at most 40 em, not {self.width}")


Piece = Text | Emphasis | Math | Code | Ref | Tinted | Gap
Inline = tuple[Piece, ...]

_MARKED = re.compile(r"\{(?P<hole>\w+)\}|\*\*(?P<strong>[^*]+)\*\*|\*(?P<stress>[^*]+)\*|`(?P<code>[^`]+)`")


def prose(template: str, **pieces: Piece | Box | str) -> Inline:
    """Text with holes: `prose("so {d} is *known* from {first}", d=box, first=Ref("bp1"))`.

    `*…*` is emphasis, `**…**` strong, and backquotes enclose code; a hole takes a piece, a box (set as `Math`) or a
    string.  Raises `ValueError` for a hole without a piece and for a piece without a hole.
    """
    found: list[Piece] = []
    used, end = set(), 0
    for match in _MARKED.finditer(template):
        found += _text(template[end : match.start()])
        if name := match["hole"]:
            if name not in pieces:
                raise ValueError(f"nothing is given for {{{name}}} in {template!r}")
            used.add(name)
            found.append(_piece(pieces[name]))
        elif match["code"]:
            found.append(Code(match["code"]))
        else:
            found.append(Emphasis(match["strong"] or match["stress"], strong=bool(match["strong"])))
        end = match.end()
    if unused := set(pieces) - used:
        raise ValueError(f"no hole for {', '.join(sorted(unused))} in {template!r}")
    return (*found, *_text(template[end:]))


def inline(*pieces: Piece | Box | str) -> Inline:
    """Pieces side by side; a string is `Text` as it stands, a box `Math`."""
    return tuple(_piece(one) for one in pieces)


def _text(text: str) -> list[Piece]:
    return [Text(text)] if text else []


def _piece(given: Piece | Box | str) -> Piece:
    if isinstance(given, str):
        return Text(given)
    return given if isinstance(given, Text | Emphasis | Math | Code | Ref | Tinted | Gap) else Math(given)
