r"""Text for a terminal: nothing that a formula holds can move the cursor, turn the writing round, or hide.

visible      a control character, a mark of direction and the like  →  <U+202E>
cells        how many columns a text takes
raised       2  →  ²;   lowered   j  →  ⱼ;   none where Unicode has no such character
ascii_only   δ² ⊙ σ′  →  delta^2 (.) sigma'
"""

from __future__ import annotations

import unicodedata
from functools import cache

from derive.tables.glyphs import GLYPHS

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SMALL = (
    (0x00B2, 0x00B9),
    (0x02B0, 0x02B8),
    (0x02E0, 0x02E4),
    (0x1D2C, 0x1D6A),
    (0x1D9C, 0x1DBF),
    (0x2070, 0x209C),
    (0x2C7C, 0x2C7D),
)
"""Where Unicode keeps its raised and lowered characters."""
_ASCII = {
    "′": "'", "″": "''", "‴": "'''", "−": "-", "·": "*", "×": "x", "⊙": "(.)", "∘": "o", "⊗": "(x)", "⊘": "(/)",
    "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "≡": "==", "≔": ":=", "…": "...", "—": "-",
    "–": "-", "‖": "||", "√": "sqrt", "½": "1/2", "∂": "d", "∇": "grad ", "Σ": "sum", "∏": "prod", "∈": " in ",
    "✓": "ok", "✗": "NO", "“": '"', "”": '"', "‘": "'", "’": "'", "⟨": "<", "⟩": ">", "ᵀ": "^T", "⊤": "^T", "ℒ": "L",
    "∀": "for all ", "∞": "inf", "±": "+/-",
}  # fmt: skip


def visible(text: str) -> str:
    """The text in one line, with every character that shows nothing by itself spelt out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(one) for one in text)


def _shown(character: str) -> str:
    if character in "\n\t\r":
        return " "
    return f"<U+{ord(character):04X}>" if unicodedata.category(character) in _HIDDEN else character


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_width(one) for one in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


@cache
def raised() -> dict[str, str]:
    """The raised form of each character that has one."""
    return _small("<super>", {"⊤": "ᵀ"})


@cache
def lowered() -> dict[str, str]:
    """The lowered form of each character that has one; commas and primes stay what they are."""
    return _small("<sub>", {",": ","})


def _small(kind: str, more: dict[str, str]) -> dict[str, str]:
    """The characters that Unicode itself says are small forms of one other character."""
    found: dict[str, str] = {}
    for first, last in _SMALL:
        for code in range(first, last + 1):
            form, _, base = unicodedata.decomposition(chr(code)).partition(" ")
            if form == kind and " " not in base:
                found.setdefault(chr(int(base, 16)), chr(code))
    return found | more


def ascii_only(text: str) -> str:
    """The text in ASCII: signs by what looks like them, Greek letters by name, anything else as ?."""
    if text.isascii():
        return text
    found, script = "", ""
    for one in text:
        sign, body = _in_ascii(one)
        found += (sign if sign and sign != script else "") + body
        script = sign
    return found


def _in_ascii(character: str) -> tuple[str, str]:
    """(^ or _ or nothing, the body) of one character."""
    if character.isascii() or character in _ASCII:
        return "", _ASCII.get(character, character)
    if unicodedata.combining(character):
        return "", ""
    form, _, base = unicodedata.decomposition(character).rpartition(" ")
    if form in ("<super>", "<sub>"):
        return "^" if form == "<super>" else "_", _in_ascii(chr(int(base, 16)))[1]
    names = [name for name, row in GLYPHS.items() if row.character == character and name.startswith("\\")]
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return "", names[0].lstrip("\\") if names else plain or "?"
