"""Lines of a terminal in the language that is spoken: broken where it breaks lines, and measured in columns.

Between Chinese letters a line may be broken anywhere, but none begins with a closing mark or ends with an opening one.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata

from reports.wording.language import language

_WIDE = "[\u2e80-\u2fdf\u3001-\u3011\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
_CLOSING = "，。、；：？！）】》”’"
_OPENING = "（【《“‘"
_BLANK = " \t\n"  # not the space at which no line is broken
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:{_WIDE}|[^{_BLANK}{_OPENING}]+?(?={_WIDE}|[{_BLANK}{_OPENING}]|$))[{_CLOSING}]*|[{_BLANK}]+"
)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a Chinese letter, none for an accent above another."""
    return sum(0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
               for one in text)  # fmt: skip


def padded(text: str, width: int) -> str:
    """A text with spaces behind it, up to a number of columns."""
    return text + " " * max(0, width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, none wider than `width` columns unless a word is; none of an empty text."""
    if language().native:
        return textwrap.wrap(text, width, break_on_hyphens=False)
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(text):
        if line and columns((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines
