r"""Characters pasted from a page, each as the LaTeX that it stands for.

`spelled(character)` is `\partial` for ∂; a raised character is found by `raised`, a lowered one by `lowered`.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from derive.tables.glyphs import GLYPHS

_PAIRS = r"""
"− -   – -   ‐ -   ‑ -   · \cdot   ⋅ \cdot   ∙ \cdot   • \cdot   × \times   ⊙ \odot   ∘ \circ   ◦ \circ   ∗ *
⊗ \otimes   ⊘ \oslash   ÷ \div   ∕ /   ⁄ /   ≤ \le   ≥ \ge   ⩽ \le   ⩾ \ge   ≠ \ne   ≈ \approx   ≡ \equiv   ≔ :=
≜ \triangleq   ← \leftarrow   → \to   ↦ \mapsto   ∈ \in   ∉ \notin   ± \pm   ∓ \mp   ∫ \int   ∝ \propto   ∼ \sim
⇒ \Rightarrow   ⟹ \implies   ⇔ \iff   ⟺ \iff   ∴ \therefore   ∀ \forall   ∂ \partial   ∇ \nabla   ∑ \sum   ∏
\prod   √ \sqrt   ′ '   ″ ''   ‴ '''   ʹ '   ’ '   ⊤ \top   ⊺ \intercal   ᵀ ^{\top}   ‖ \|   ∥ \|   ∣ |   ⟨
\langle   ⟩ \rangle   〈 \langle   〉 \rangle   ∞ \infty   … \ldots   ⋯ \cdots   ℓ \ell   ℒ \mathcal{L}   ℰ
\mathcal{E}   ℝ \mathbb{R}   ℕ \mathbb{N}   ℤ \mathbb{Z}   𝟙 \mathbb{1}   𝔼 \mathbb{E}   ½ \frac{1}{2}   ⅓
\frac{1}{3}   ⅔ \frac{2}{3}   ¼ \frac{1}{4}   ¾ \frac{3}{4}   ⅕ \frac{1}{5}   ⅙ \frac{1}{6}   ⅛ \frac{1}{8}   ∆
\Delta   Ω \Omega   µ \mu   ı \imath   ȷ \jmath
"""

_SPELLED = dict(zip(_PAIRS.split()[::2], _PAIRS.split()[1::2], strict=True))
_SPELLED |= {row.character: name for name, row in GLYPHS.items() if len(row.character) == 1 and name != row.character}
_FONTS = (
    ("DOUBLE-STRUCK", "mathbb"), ("BOLD SCRIPT", "mathcal"), ("SCRIPT", "mathcal"), ("FRAKTUR", "mathfrak"),
    ("SANS-SERIF", "mathsf"), ("MONOSPACE", "mathtt"), ("BOLD", "boldsymbol"), ("ITALIC", ""),
)  # fmt: skip
_ACCENTS = {
    "\u0302": r"\hat", "\u0304": r"\bar", "\u0305": r"\bar", "\u0303": r"\tilde", "\u0307": r"\dot",
    "\u0308": r"\ddot", "\u20d7": r"\vec", "\u030c": r"\check", "\u0332": r"\underline",
}  # fmt: skip
_INVISIBLE = {"\u2061": "", "\u2062": "", "\u2063": "", "\u2064": ""}
"""What MathML puts between a function and its argument, and between factors: no sign at all on the page."""
BLANKS = frozenset(" \t\r\n\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")


@cache
def spelled(character: str) -> str | None:
    """The LaTeX of a character, "" for an invisible one, None for one that no row and no rule spells."""
    if character in _SPELLED:
        return _SPELLED[character]
    if character in _INVISIBLE:
        return ""
    return _styled(character) or _accented(character)


def _styled(character: str) -> str | None:
    """A mathematical alphanumeric, such as 𝑤 or 𝐖."""
    if not unicodedata.decomposition(character).startswith("<font>"):
        return None
    base = unicodedata.normalize("NFKC", character)
    name = unicodedata.name(character, "")
    latex = base if base.isascii() else spelled(base)
    font = next((font for word, font in _FONTS if word in name), "")
    return None if latex is None else rf"\{font}{{{latex}}}" if font else latex


def _accented(character: str) -> str | None:
    """A letter with an accent in one character, such as ŷ."""
    parts = unicodedata.normalize("NFD", character)
    if len(parts) != 2 or not parts[0].isascii() or parts[1] not in _ACCENTS:
        return None
    return f"{_ACCENTS[parts[1]]}{{{parts[0]}}}"


def accent(character: str) -> str | None:
    """The command of an accent that stands behind its letter, such as the circumflex of x̂."""
    return _ACCENTS.get(character)


@cache
def raised(character: str) -> str | None:
    """The LaTeX of a superscript character: `2` for ², `\\top` for ᵀ."""
    return r"\top" if character == "ᵀ" else _script(character, "<super> ")


@cache
def lowered(character: str) -> str | None:
    """The LaTeX of a subscript character: `j` for ⱼ."""
    return _script(character, "<sub> ")


def _script(character: str, kind: str) -> str | None:
    decomposition = unicodedata.decomposition(character)
    if not decomposition.startswith(kind):
        return None
    base = unicodedata.normalize("NFKC", character)
    if len(base) != 1:
        return None
    return base if base.isascii() else spelled(base)


def described(character: str) -> str:
    """A character in words, for a message; an invisible one by its number and name."""
    name = unicodedata.name(character, "a control character")
    shown = f"{character!r}, " if character.isprintable() else ""
    return f"{shown}U+{ord(character):04X} {name}"
