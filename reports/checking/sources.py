r"""Where a formula and definitions come from: the command line, a file, or standard input.

A file of definitions holds one LaTeX definition a line.  A line may end with a comment; `% derive: shape W m n` says
the size of an array, and `% derive: define`, `claim` or `skip` on a line of its own say what the next line is.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from verify.checking.question import MOST_CHARACTERS, Width
from verify.document.directives import BadDirective, directive, opened

DOCUMENTS = (".tex", ".ltx", ".latex")
FILES = (*DOCUMENTS, ".txt", ".md")
MOST_BYTES = 8 * MOST_CHARACTERS
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*(%.*)$")
_WRAPPERS = (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"))


class SourceError(ValueError):
    """Something that cannot be read; the message is one sentence."""


@dataclass
class Definitions:
    """What files of definitions say: definitions, claims that stand between them, and shapes."""

    formulas: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    shapes: dict[str, tuple[Width, ...]] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)


# --- a formula ------------------------------------------------------------------------------------------------------


def is_document(argument: str) -> bool:
    """Whether an argument is the name of a LaTeX document, which may not be there."""
    return argument.lower().endswith(DOCUMENTS) and not set(argument) & set("=\n\0")


def formula(argument: str) -> str:
    """The formula that an argument is or names; raises `SourceError`.

    `-` is standard input.  A name that ends like one of a text, or that of a file that is there, is a file.
    """
    if argument == "-":
        if sys.stdin is None:
            raise SourceError("there is no standard input to read a formula from")
        return bare(_decoded(_limited(sys.stdin.buffer, "standard input"), "standard input"))
    if argument.lower().endswith(FILES) or (not set(argument) & set("=<>\\\n\0") and _is_file(argument)):
        return bare(text(Path(argument)))
    return bare(argument)


def bare(formula: str) -> str:
    r"""A formula without space and without the $…$, $$…$$, \[…\] or \(…\) around all of it."""
    found = formula.strip().removeprefix("\ufeff")
    for left, right in _WRAPPERS:
        inner = found[len(left) : -len(right)]
        whole = len(found) >= len(left) + len(right) and found.startswith(left) and found.endswith(right)
        if whole and left not in inner and right not in inner:
            return inner.strip()
    return found


def _is_file(argument: str) -> bool:
    try:
        return len(argument) < 1000 and Path(argument).is_file()
    except OSError:
        return False


# --- definitions ----------------------------------------------------------------------------------------------------


def definitions(given: tuple[str, ...]) -> Definitions:
    """The definitions of all `--given`, each a LaTeX definition or the name of a file; raises `SourceError`."""
    found = Definitions()
    for one in given:
        if not one.strip():
            raise SourceError("--given is empty: it takes a definition, such as 'L = L(y)', or a file with one a line")
        if "=" in one and not _is_file(one):
            found.formulas.append(bare(one))
        else:
            _add(found, text(Path(one)), one)
    long = sum(map(len, found.formulas))
    if long > MOST_CHARACTERS:
        raise SourceError(f"--given has {long:,} characters of definitions; at most {MOST_CHARACTERS:,} are read")
    return found


def _add(found: Definitions, content: str, name: str) -> None:
    """The lines of a file; what a comment says of the next line is said of nothing else."""
    said = "define"
    for number, line in enumerate(content.removeprefix("\ufeff").splitlines(), 1):
        comment = _COMMENT.search(line)
        formula = line[: comment.start(1)].strip() if comment else line.strip()
        word = _obeyed(found, opened(comment[1]) if comment else None, f"{name}, line {number}")
        if formula:
            {"define": found.formulas, "claim": found.claims, "skip": []}[word or said].append(bare(formula))
        said = "define" if formula else word or said


def _obeyed(found: Definitions, said: str | None, place: str) -> str | None:
    """What a comment says of a line; a shape or an assumption is kept."""
    if said is None:
        return None
    try:
        one = directive(said)
    except BadDirective as error:
        raise SourceError(f"--given: {place}: {error}") from None
    if one.word in ("define", "claim", "skip"):
        return one.word
    if one.word not in ("shape", "assume") or (one.word == "assume" and not one.formula):
        raise SourceError(
            f"--given: {place}: “derive: {said[:60]}” belongs in a document, not in a list of definitions"
        )
    found.shapes.update(one.shapes)
    found.assumed += [one.formula] if one.formula else []
    return None


# --- files ----------------------------------------------------------------------------------------------------------


def text(path: Path) -> str:
    """The text of a small file; raises `SourceError`."""
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder; a file is needed, or a definition such as 'L = L(y)'")
        with path.open("rb") as stream:
            return _decoded(_limited(stream, str(path)), str(path))
    except (OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _limited(stream: BinaryIO, name: str) -> bytes:
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SourceError(f"{name} is larger than {MOST_BYTES:,} bytes")
    return content


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name} is not UTF-8 at byte {error.start + 1}") from None
