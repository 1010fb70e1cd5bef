"""Any text as LaTeX that compiles: pure ASCII, every special sign escaped, Greek and mathematical signs as formulas."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from derive.tables.glyphs import GLYPHS

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\ensuremath{\mathdollar}", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}", "|": r"\ensuremath{|}", '"': "''", "–": "--", "—": "---", "‘": "`", "’": "'",
    "“": "``", "”": "''", "…": r"\ldots{}", "\u00a0": "~", "\u2009": r"\,", "\u202f": r"\,",
    "\u200b": r"\hspace{0pt}", "\u2011": r"\mbox{-}", "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}",
    "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}", "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}",
}  # fmt: skip

# The letters and signs of formulas, from their own table; then what only running text has.
_MATHS = {row.character: row.name for row in GLYPHS.values() if row.kind != "word" and row.character > "~"}
_MATHS |= {
    "⋅": r"\cdot", "∑": r"\sum", "∏": r"\prod", "√": r"\surd", "±": r"\pm", "∈": r"\in", "→": r"\to",
    "↦": r"\mapsto", "⇒": r"\Rightarrow", "⟹": r"\Longrightarrow", "⟺": r"\Longleftrightarrow",
    "↔": r"\leftrightarrow", "∝": r"\propto", "≡": r"\equiv", "ℓ": r"\ell", "ℝ": r"\mathbb{R}", "‖": r"\Vert",
    "∣": r"\mid", "⋮": r"\vdots", "⋯": r"\cdots", "✓": r"\checkmark", "¬": r"\neg", "∧": r"\land", "∨": r"\lor",
    "∎": r"\blacksquare", "□": r"\square", "§": r"\mathsection", "¶": r"\mathparagraph", "•": r"\bullet",
    "½": r"\tfrac12", "⅓": r"\tfrac13", "¼": r"\tfrac14", "¾": r"\tfrac34", "°": r"{}^\circ", "µ": r"\mu",
    "′": r"{}^{\prime}", "″": r"{}^{\prime\prime}", "ᵀ": "{}^T", "ˡ": "{}^l", "ᴸ": "{}^L", "ᵢ": "{}_i",
    "ⱼ": "{}_j", "ₖ": "{}_k", "ₗ": "{}_l", "⁻": "{}^-", "⁺": "{}^+", "₋": "{}_-", "₊": "{}_+",
}  # fmt: skip
_MATHS |= {sign: "{}^" + str(digit) for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_MATHS |= {sign: "{}_" + str(digit) for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}

_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c", "\u0328": "k", "\u0323": "d",
}  # fmt: skip
_DOTLESS = {"i": r"\i", "j": r"\j"}

_PLAIN = {"∂": "d", "×": "x", "−": "-", "→": "->", "←": "<-", "⊙": "o", "·": "*", "⋅": "*", "ᵀ": "T", "—": "-",
          "–": "-", "’": "'", "‘": "'", "“": "'", "”": "'", "…": "...", "′": "'"}  # fmt: skip


def escape(text: str) -> str:
    """Text as LaTeX prints it; a sign that nothing here knows prints as its code, such as U+4E2D."""
    return "".join(_sign(letter) for letter in unicodedata.normalize("NFC", text))


def typed(text: str) -> str:
    r"""Text in typewriter letters, sign for sign, with places where a line may end after `/`, `,` and `=`."""
    return r"{\ttfamily " + "".join(_typed(letter) for letter in text) + "}"


def code_sign(letter: str) -> str:
    """What a program's sign outside ASCII prints in a verbatim text."""
    return r"\cell{" + escape(letter) + "}"


def plain(text: str) -> str:
    """Text for a file's title and its outline, where only ASCII without special signs is safe: δ² becomes delta2."""
    return "".join(_plain(letter) for letter in text)


@lru_cache(maxsize=4096)
def _sign(letter: str) -> str:
    if letter in _SPECIAL:
        return _SPECIAL[letter]
    if letter in _MATHS:
        return r"\ensuremath{" + _MATHS[letter] + "}"
    if " " <= letter <= "~":
        return letter
    if letter.isspace():
        return " "
    return _accented(letter) or rf"{{\ttfamily U+{ord(letter):04X}}}"


def _accented(letter: str) -> str:
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if not marks or not base.isascii() or any(mark not in _ACCENTS for mark in marks):
        return ""
    for mark in marks:
        base = rf"\{_ACCENTS[mark]}{{{_DOTLESS.get(base, base)}}}"
    return base


def _typed(letter: str) -> str:
    if letter in "\\{}$&#%_^~\"'`<>|-":
        place = {"'": 13, "`": 18}.get(letter, ord(letter))
        return rf"\char{place}{{}}"
    return letter + r"\allowbreak " if letter in "/,=" else _sign(letter)


def _plain(letter: str) -> str:
    if letter in _PLAIN:
        return _PLAIN[letter]
    if _MATHS.get(letter, "").lstrip("\\").isalpha():
        return _MATHS[letter].removeprefix(r"\var").lstrip("\\")
    simple = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return "".join(one if one not in "\\{}$&#%_^~" else " " for one in simple)
