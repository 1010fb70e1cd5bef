"""Any text as HTML that says exactly that: nothing in it is markup, and signs that cannot be seen are named."""

from __future__ import annotations

import html
import re
import unicodedata

# Controls, halves of surrogate pairs, what is no character, and the signs that turn the direction of the text around.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def visible(text: str) -> str:
    """Text without signs that a page may not hold or that would hide others: such a one becomes its code, U+202E."""
    return _UNSEEN.sub(lambda match: f"U+{ord(match[0]):04X}", text.replace("\r\n", "\n"))


def escape(text: str) -> str:
    """Text between tags."""
    return html.escape(visible(text), quote=False)


def attribute(text: str) -> str:
    """Text between double quotes."""
    return html.escape(visible(text), quote=True).replace("\n", "&#10;")


def spoken(text: str) -> str:
    """Text on one line, for a title or a label."""
    return " ".join(unicodedata.normalize("NFC", text).split())
