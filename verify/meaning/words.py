r"""Words within a definition: a remark beside it, or part of the formula, which must not be lost.

f = x^2 \quad \text{by the chain rule}     a remark
f = \text{rate} x                          a name, as the grammar reads it
f = \text{my rate} x                       refused: without the words this would be another definition
"""

from __future__ import annotations

from verify.latex import Reading, Unreadable, read
from verify.latex.lexer import Note

SET_OFF = (",", ";", ".", "~", "\\,", "\\;", "\\:", "\\ ", "\\quad", "\\qquad", "&", "\\\\")
"""What stands between a formula and the words about it."""


def defining(text: str) -> Reading:
    """A text of definitions as `read` reads it; raises `Unreadable` where words that it leaves out are part of them."""
    found = read(text)
    bodies = [one.body.span for one in found.statements]
    for note in found.notes:
        if note.kind == "remark" and _belongs(note, text, bodies):
            raise Unreadable(
                f"the words “{note.text.strip()}” are no name here: a name is one word of letters, as \\text{{rate}}, "
                "and a remark stands behind the formula and \\quad",
                note.start,
                note.end,
            )
    return found


def _belongs(note: Note, text: str, bodies: list[tuple[int, int]]) -> bool:
    """Whether words stand within a formula, or touch its end and are not set off from it."""
    if any(start < note.start and note.end < end for start, end in bodies):
        return True
    before = text[: note.start].rstrip()
    inner = text[note.start : note.end].partition("{")[2].removesuffix("}")
    apart = before.endswith(SET_OFF) or not inner[:1].isalnum()
    touches = any(end <= note.start and not text[end : note.start].strip() for _, end in bodies)
    return touches and not (apart and any(one.isalpha() for one in inner))
