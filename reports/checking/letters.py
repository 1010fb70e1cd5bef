r"""Letters and their scripts in Unicode: w^2_{jk} → w²ⱼₖ, \hat{y} → ŷ, {}^{l}z_{j} → ˡzⱼ, a^{[l-1]T} → a^[l−1]ᵀ."""

from __future__ import annotations

import unicodedata

from derive.tables.glyphs import UnknownGlyph, sign
from reports.checking.pieces import ITEM, Pen, Piece, Pieces, Rule, Undrawable, lower, raise_
from verify.latex.tree import (
    Bracket,
    Derivative,
    Letter,
    Mark,
    Number,
    Prime,
    Raised,
    Script,
    Scripted,
    Transpose,
)

_MORE = {
    r"\ell": "ℓ", r"\varrho": "ϱ", r"\varpi": "ϖ", r"\varkappa": "ϰ", r"\digamma": "ϝ", r"\imath": "ı", r"\jmath": "ȷ",
    r"\Re": "ℜ", r"\Im": "ℑ", r"\aleph": "ℵ", r"\emptyset": "∅", r"\star": "⋆", r"\dagger": "†",
}  # fmt: skip
_ACCENTS = {
    "hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
    "check": "\u030c", "breve": "\u0306", "mathring": "\u030a", "underline": "\u0332", "acute": "\u0301",
    "grave": "\u0300",
}  # fmt: skip
_FONTS = {
    "mathbf": "BOLD", "boldsymbol": "BOLD", "mathcal": "SCRIPT", "mathbb": "DOUBLE-STRUCK", "mathfrak": "FRAKTUR",
    "mathsf": "SANS-SERIF", "mathtt": "MONOSPACE",
}  # fmt: skip
PRIMES = {1: "′", 2: "″", 3: "‴"}
_OPENS = {"(": "(", "[": "[", "{": "{", "<": "⟨"}
_CLOSES = {"(": ")", "[": "]", "{": "}", "<": "⟩"}


def character(letter: Letter, *, bold: bool) -> str:
    """The letter, with its accents; bold letters are plain ones unless `bold`, and digits always are what they are."""
    text = _styled(letter, bold or letter.name.isdigit())
    for accent in letter.accents:
        if accent not in _ACCENTS:
            raise Undrawable(f"the accent {accent} has no character")
        text = unicodedata.normalize("NFC", text + _ACCENTS[accent])
    return text


def _styled(letter: Letter, bold: bool) -> str:
    base = letter.name if letter.word else _base(letter.name)
    font = _FONTS.get(letter.font, "")
    if not font or letter.word or (font == "BOLD" and not bold):
        return base
    found = _in_font(base, font)
    if not found and font != "BOLD":
        raise Undrawable(f"{base} in {letter.font} has no character")
    return found or base


def _base(name: str) -> str:
    if name in _MORE:
        return _MORE[name]
    if name.isdigit():
        return name
    try:
        return sign(name).character
    except UnknownGlyph:
        raise Undrawable(f"{name} has no character") from None


def _in_font(base: str, font: str) -> str:
    """A letter or digit of a mathematical alphabet of Unicode; the oldest of them have names of their own."""
    try:
        name = unicodedata.name(base).removeprefix("LATIN ").replace("LETTER ", "").replace("GREEK ", "")
    except ValueError:
        return ""
    older = {"FRAKTUR": "BLACK-LETTER"}.get(font, font)
    for spelling in (f"{older} {name}", f"MATHEMATICAL {font} {name}"):
        try:
            return unicodedata.lookup(spelling)
        except KeyError:
            continue
    return ""


# --- scripts --------------------------------------------------------------------------------------------------------


def letter(pen: Pen, node: Letter) -> Pieces:
    """A letter."""
    return [Piece(character(node, bold=pen.bold), node.span)]


def number(pen: Pen, node: Number) -> Pieces:
    """A number, as it was written."""
    return [Piece(node.digits, node.span)]


def scripted(pen: Pen, node: Scripted) -> Pieces:
    """A base with its scripts."""
    left = scripts(pen, node.left_lower, node.left_upper)
    base = pen(node.base)
    if isinstance(node.base, Derivative):
        base = [Piece("(", node.base.span), *base, Piece(")", node.base.span)]
    return [*left, *base, *scripts(pen, node.lower, node.upper)]


def scripts(pen: Pen, lower: Script | None, upper: tuple[Mark, ...]) -> Pieces:
    """Both scripts in the order in which they were typed: w²ⱼₖ, and y₁²."""
    above, below = marks(pen, upper), lower_script(pen, lower)
    first = lower is not None and bool(upper) and lower.span[0] < upper[0].span[0]
    return [*below, *above] if first else [*above, *below]


def lower_script(pen: Pen, script: Script | None) -> Pieces:
    """Lower scripts, with commas where several were written."""
    return lower(pen.joined(script.items)) if script else []


def marks(pen: Pen, upper: tuple[Mark, ...]) -> Pieces:
    """Upper scripts: layers, powers, primes, transposes."""
    plain = [mark for mark in upper if isinstance(mark, Raised) and not mark.fence]
    if len(plain) > 1:  # x^{2,3}: without their comma two numbers would be one
        rest = [piece for mark in upper if mark not in plain for piece in _mark(pen, mark)]
        return [*raise_(pen.joined([mark.body for mark in plain])), *rest]
    return [piece for mark in upper for piece in _mark(pen, mark)]


def _mark(pen: Pen, mark: Mark) -> Pieces:
    if isinstance(mark, Prime):
        return [Piece(PRIMES.get(mark.count, "′" * mark.count), mark.span)]
    if isinstance(mark, Transpose):
        return [Piece("ᵀ", mark.span)]
    if mark.fence in _OPENS:
        inner = pen.fenced(_OPENS[mark.fence], mark.body, _CLOSES[mark.fence], mark.span)
        return raise_(inner, bare=True)
    inner = pen(mark.body)
    sign = {r"\odot": "⊙", r"\circ": "∘"}.get(mark.fence, "")
    return raise_([pen.between(mark.span[0], mark.body.span[0], sign), *inner] if sign else inner)


def bracket(pen: Pen, node: Bracket) -> Pieces:
    """Something in brackets, or a list."""
    left, right = _OPENS.get(node.fence, "("), _CLOSES.get(node.fence, ")")
    body = (node.items[0].span[0], node.items[-1].span[1]) if node.items else node.span

    def inner() -> Pieces:
        found: Pieces = []
        for place, item in enumerate(node.items):
            if place:
                before = node.items[place - 1].span[1]
                sign = ";" if place in node.breaks else ","
                found += [pen.between(before, item.span[0], sign), pen.space(item.span[0], ITEM)]
            found += pen(item)
        return found

    return pen.enclosed(left, inner, right, node.span, body)


RULES: dict[type, Rule] = {
    Letter: letter,
    Number: number,
    Scripted: scripted,
    Bracket: bracket,
    Raised: lambda pen, node: _mark(pen, node),
    Prime: lambda pen, node: _mark(pen, node),
    Transpose: lambda pen, node: _mark(pen, node),
}
