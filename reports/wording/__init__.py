"""The sentences of a chapter, one row each: what is said is decided by facts elsewhere, how it is said stands here.

Another language is another table with the same keys and holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.inline import Inline, Piece, Text, inline, prose
from reports.wording.english import SENTENCES
from reports.wording.english_derivation import SENTENCES as DERIVATION

_SMALL = {
    "and": " and ",
    "comma": ", ",
    "from": "; from ",
    "layers": "layers ",
    "in-brackets": " {ref}",
    "trace": " ({figure}, the coloured paths)",
    "trace-one": " ({figure}, the coloured path)",
    "result-last": " and {last} for the last",
    "code-cut-line": "    # … the same for the layers between: {count} lines …",
}  # words that begin or end with a space


def _table(text: str) -> dict[str, str]:
    """`key: sentence`, a line each; what is indented continues the line above, and # begins a comment."""
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if line.startswith(" "):
            found[key] += f" {line.strip()}"
        elif line and not line.startswith("#"):
            key, _, sentence = line.partition(": ")
            if key in found:
                raise ValueError(f"the sentence {key!r} is given twice")
            found[key] = sentence
    return found


ENGLISH = {**_SMALL, **_table(SENTENCES + DERIVATION)}

NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NOUNS: dict[str, tuple[str, str]] = {
    "input": ("input", "inputs"),
    "output": ("output", "outputs"),
    "neuron": ("neuron", "neurons"),
    "weight": ("weight", "weights"),
    "bias": ("bias", "biases"),
    "rule": ("rule", "rules"),
    "step": ("step", "steps"),
    "entry": ("entry", "entries"),
}


def say(key: str, **pieces: Any) -> Inline:
    """The sentence of a key, its holes filled: by a piece, a box, a string, or several pieces in a row.

    Raises `KeyError` for an unknown key, and `ValueError` where holes and pieces do not match.
    """
    return filled(ENGLISH[key], **pieces)


def filled(sentence: str, **pieces: Any) -> Inline:
    """A sentence with its holes filled; `ValueError` where holes and pieces do not match."""
    single = {name: piece for name, piece in pieces.items() if not isinstance(piece, tuple)}
    several = {name: piece for name, piece in pieces.items() if isinstance(piece, tuple)}
    marked = {name: Text(f"\0{name}\0") for name in several}
    found: list[Piece] = []
    for one in prose(sentence, **single, **marked):
        name = one.text.strip("\0") if isinstance(one, Text) and one.text.startswith("\0") else ""
        found += several[name] if name else [one]
    return tuple(found)


def enumerated(parts: Sequence[Inline]) -> Inline:
    """a, b and c."""
    found: list[Piece] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        found += say("and" if last else "comma") if place else ()
        found += part
    return tuple(found)


def numeral(count: int) -> str:
    """A number as a word up to twelve, in figures beyond."""
    return NUMERALS[count] if 0 <= count < len(NUMERALS) else f"{count:,}"


def counted(count: int, noun: str) -> str:
    """two inputs, one input, 784 inputs."""
    one, several = NOUNS[noun]
    return f"{numeral(count)} {one if count == 1 else several}"


def sentences(*parts: Inline) -> Inline:
    """Sentences one after the other, a space between them; empty ones are left out."""
    found: list[Piece] = []
    for part in parts:
        if part:
            found += [*inline(" "), *part] if found else part
    return tuple(found)
