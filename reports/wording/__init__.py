"""The sentences of a chapter, one row each: what is said is decided by facts elsewhere, how it is said stands here.

Another language is another table with the same keys and holes, see `reports.wording.language`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reports.inline import Inline, Piece, Text, inline, prose
from reports.wording.english import SENTENCES
from reports.wording.english_derivation import SENTENCES as DERIVATION
from reports.wording.english_exercises import SENTENCES as EXERCISES
from reports.wording.language import HOLE, language, phrase, told
from reports.wording.native import LANGUAGE as NATIVE
from reports.wording.table import by_key, joined

_SMALL = {
    "and": " and ",
    "comma": ", ",
    "clause": ", ",
    "semicolon": "; ",
    "from": "; from ",
    "and-number": " and ",
    "in-brackets": " {ref}",
    "trace": " ({figure}, the coloured paths)",
    "trace-one": " ({figure}, the coloured path)",
    "result-last": " and {last} for the last",
    "code-cut-line": "    # … the same for the layers between: {count} lines …",
}  # words that begin or end with a space

ENGLISH = joined(_SMALL, by_key(SENTENCES + DERIVATION + EXERCISES))

NUMERALS = NATIVE.numerals
NOUNS = NATIVE.nouns


def say(key: str, **pieces: Any) -> Inline:
    """The sentence of a key in the language that is spoken, its holes filled: by a piece, a box, a string, or several.

    Raises `KeyError` for an unknown key, and `ValueError` where holes and pieces do not match.
    """
    row = language()
    return filled((ENGLISH if row.native else row.sentences)[key], **pieces)


def filled(sentence: str, **pieces: Any) -> Inline:
    """A sentence with its holes filled; `ValueError` where holes and pieces do not match.

    Words that fill a hole, such as the name of a loss, are told in the language that is spoken.
    """
    single = {name: _told(piece) for name, piece in pieces.items() if not isinstance(piece, tuple)}
    several = {name: piece for name, piece in pieces.items() if isinstance(piece, tuple)}
    marked = {name: Text(f"\0{name}\0") for name in several}
    found: list[Piece] = []
    for one in prose(sentence, **single, **marked):
        name = one.text.strip("\0") if isinstance(one, Text) and one.text.startswith("\0") else ""
        found += map(_told, several[name]) if name else [one]
    return language().spaced(tuple(found))


def _told(piece: Any) -> Any:
    if isinstance(piece, str):
        return told(piece)
    return replace(piece, text=told(piece.text)) if isinstance(piece, Text) else piece


def enumerated(parts: Sequence[Inline]) -> Inline:
    """a, b and c."""
    found: list[Piece] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        found += say("and" if last else "comma") if place else ()
        found += part
    return language().spaced(tuple(found))


def numbered(numbers: Sequence[str]) -> str:
    """2, 3 and 5, as behind `layers`."""
    first, last = listed(numbers[:-1]), numbers[-1]
    return listed([first, last], "and-number") if first else last


def numeral(count: int) -> str:
    """A number as a word up to twelve, in figures beyond; in figures always where the language has no words for it."""
    words = NUMERALS if language().native else language().numerals
    return words[count] if 0 <= count < len(words) else f"{count:,}"


def counted(count: int, noun: str) -> str:
    """two inputs, one input, 784 inputs."""
    row = language()
    one, several = row.nouns[noun]
    return f"{numeral(count)}{row.gap}{one if count == 1 else several}"


def sentences(*parts: Inline) -> Inline:
    """Sentences one after the other, a space between them where the language has one; empty ones are left out."""
    between = language().between
    found: list[Piece] = []
    for part in parts:
        if part:
            found += [*(inline(between) if between else ()), *part] if found else part
    return tuple(found)


def words(english: str, **pieces: Any) -> Inline:
    """A sentence that is given in English, with holes, in the language that is spoken; errors as of `phrase`, `say`."""
    return filled(phrase(english), **pieces)


def tell(english: str, **values: Any) -> str:
    """A line for a terminal: a sentence that is given in English, its holes filled by text; `KeyError` as of `phrase`.

    Words that fill a hole are told in the language that is spoken.
    """
    sentence = phrase(english)
    return language().line(HOLE.sub(lambda hole: told(str(values[hole[1]])), sentence))


def listed(parts: Sequence[str], kind: str = "comma") -> str:
    """Strings as a list: `a, b`; with `clause` as what stands between the parts of a sentence."""
    return "".join(piece.text for piece in say(kind) if isinstance(piece, Text)).join(parts)


def indented(line: str) -> str:
    """A finished line for a terminal, told, with the spaces in front of it."""
    text = line.lstrip(" ")
    return line[: len(line) - len(text)] + told(text)
