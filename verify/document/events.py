"""What stands in a document, as its scanner finds it: displays, formulas that state shapes, comments, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from verify.document.directives import Directive
from verify.document.mapped import Mapped, Place


@dataclass(frozen=True)
class Comment:
    """A comment for the checker, or the sentence that says what is wrong with it."""

    meaning: Directive | str
    place: Place


@dataclass(frozen=True)
class Display:
    """A display: its environment (or the sign that opens it), its body with macros put in, its place in the file.

    `error` says why the body cannot be had, and where.  `comments` are those inside it that speak to the checker.
    """

    environment: str
    body: Mapped
    place: Place
    error: tuple[str, Place] | None = None
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class Inline:
    """A formula in running text that may state shapes."""

    body: Mapped
    place: Place


@dataclass(frozen=True)
class Told:
    """A formula in running text that its sentence introduces as a definition."""

    body: Mapped
    place: Place


NoteKind = Literal["file", "environment", "limit", "encoding"]


@dataclass(frozen=True)
class Note:
    """Something that a reader of the results must know: what was not read, and why."""

    kind: NoteKind
    message: str
    place: Place


Event = Display | Inline | Told | Comment | Note


@dataclass(frozen=True)
class Source:
    """The text of a document, and what stands in it in the order of the text."""

    text: str
    events: tuple[Event, ...]
