r"""Every letter and sign of a formula, one row each: its LaTeX spelling and its character in Unicode and Typst.

The rows go both ways: a printer finds the character by the spelling, a reader the spelling by the character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.layout import Kind


@dataclass(frozen=True)
class Sign:
    r"""A row.  `name` is what a `Glyph` bears: the LaTeX spelling, such as `\delta`; `character` is one in Unicode."""

    name: str
    character: str
    kind: Kind = "letter"


def _rows(kind: Kind, pairs: str) -> tuple[Sign, ...]:
    """One row for each `spelling character` pair of a text."""
    parts = pairs.split()
    return tuple(Sign(name, character, kind) for name, character in zip(parts[::2], parts[1::2], strict=True))


_ROWS = (
    *_rows(
        "letter",
        r"""\alpha α \beta β \gamma γ \delta δ \epsilon ϵ \varepsilon ε \zeta ζ \eta η \theta θ \vartheta ϑ \iota ι
        \kappa κ \lambda λ \mu μ \nu ν \xi ξ \pi π \rho ρ \sigma σ \varsigma ς \tau τ \upsilon υ \phi ϕ \varphi φ
        \chi χ \psi ψ \omega ω \Gamma Γ \Delta Δ \Theta Θ \Lambda Λ \Xi Ξ \Pi Π \Sigma Σ \Upsilon Υ \Phi Φ \Psi Ψ
        \Omega Ω \partial ∂ \nabla ∇ \mathcal{L} ℒ \top ⊤ \infty ∞ \prime ′ / /
        \ell ℓ \hbar ℏ \varrho ϱ \varpi ϖ \star ⋆ \dagger †""",
    ),
    *_rows("binary", r"+ + - − \cdot · \times × \odot ⊙ \oslash ⊘ \circ ∘ \otimes ⊗"),
    *_rows("relation", r"= = < < > > \le ≤ \ge ≥ \ne ≠ \approx ≈ \leftarrow ←"),
    Sign(",", ",", "punctuation"),
    *_rows(
        "word",
        r"""\log log \ln ln \exp exp \sin sin \cos cos \tan tan \arctan arctan \sinh sinh \cosh cosh \tanh tanh \max max
        \operatorname{abs} abs \operatorname{sign} sign \operatorname{erf} erf \operatorname{diag} diag \det det""",
    ),
)

GLYPHS = {row.name: row for row in _ROWS}
_OPERATOR = re.compile(r"\\operatorname\{([A-Za-z]+)\}")


_FONT = re.compile(r"\\(mathcal|mathbb|mathfrak)\{([A-Z])\}")
_FIRST = {"mathcal": 0x1D49C, "mathbb": 0x1D538, "mathfrak": 0x1D504}
# Letters that Unicode had before it had these alphabets.
_OLDER = {
    "mathcal": dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathfrak": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}


def _in_font(font: str, letter: str) -> str:
    """The character of a script, double-struck or Fraktur capital."""
    return _OLDER[font].get(letter) or chr(_FIRST[font] + ord(letter) - ord("A"))


class UnknownGlyph(KeyError):
    """A letter or sign that no row of `GLYPHS` spells."""


def sign(name: str) -> Sign:
    r"""The row of a glyph; `a` … `Z`, numbers and `\operatorname{…}` of any word are rows without being listed.

    Raises `UnknownGlyph` for anything else.
    """
    if name in GLYPHS:
        return GLYPHS[name]
    word = _OPERATOR.fullmatch(name)
    if word:
        return Sign(name, word[1], "word")
    font = _FONT.fullmatch(name)
    if font:
        return Sign(name, _in_font(*font.groups()))
    if len(name) == 1 and name.isascii() and name.isalpha():
        return Sign(name, name)
    if re.fullmatch(r"\d+(\.\d+)?", name):
        return Sign(name, name, "number")
    raise UnknownGlyph(f"no row of derive.tables.glyphs spells {name!r}")
