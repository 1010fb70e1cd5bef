r"""Boxes as MathML Core (W3C, 2025), without the `<math>` element around it; the twin of `derive.emit.latex`.

Every element is of presentational MathML that browsers draw by themselves.  A coloured box is an `<mrow>` of the class
`bpn`, to which a page gives the colour n of the palette; `tint` may give it other attributes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from derive.emit.unknown import refuse
from derive.layout import (
    Accent,
    BigSum,
    Box,
    Cases,
    Coloured,
    Fence,
    Fraction,
    Glyph,
    Grid,
    Root,
    Row,
    Scripts,
    apart,
    tall,
)
from derive.tables.glyphs import sign

Tint = Callable[[Coloured], str]

THIN = '<mspace width="0.167em"/>'
_TIGHT = ' lspace="0" rspace="0"'
_MARKS = {"bar": "¯", "hat": "^", "tilde": "~", "dot": "˙", "ddot": "¨", "vec": "→", "check": "ˇ", "breve": "˘"}
_DOTLESS = {"i": "ı", "j": "ȷ"}
_UPRIGHT = set("∇⊤∞†⋆ℏℓ")
_SIGNS = ("binary", "relation", "punctuation")


def mathml(box: Box, tint: Tint | None = None, display: bool = False, continued: bool = False) -> str:
    """The MathML of a box; `display` says that it stands on a line of its own, where sums and fractions are large.

    `tint` gives the attributes of the `<mrow>` of a coloured box in place of its class.  A sign that begins a
    `continued` line stands between operands.  Raises `UnknownBox` for what is no box and `UnknownGlyph` for a glyph
    that no row spells.
    """
    pen = _Pen(tint or _class, display)
    body = pen(box)
    return body.replace('form="prefix"', 'form="infix"', 1) if continued and _signed(box) else body


def _class(box: Coloured) -> str:
    return f'class="bp{box.colour}"'


def _signed(box: Box) -> bool:
    first = box.items[0] if isinstance(box, Row) else box
    return _kind(first) == "binary"


@dataclass(frozen=True)
class _Pen:
    """Writes boxes; `script` says that signs take no space, as in an exponent or an index."""

    tint: Tint
    display: bool = False
    script: bool = False

    def __call__(self, box: Box) -> str:
        write = _WRITERS.get(type(box))
        return write(self, box) if write else refuse(box, "MathML")

    @property
    def small(self) -> _Pen:
        """The pen for scripts."""
        return replace(self, display=False, script=True)

    @property
    def flat(self) -> _Pen:
        """The pen for what stands in a fraction, where sums are small."""
        return replace(self, display=False)


# Glyphs and rows


def _glyph(pen: _Pen, box: Glyph) -> str:
    if box.kind == "text":
        return f"<mtext>{_spaced(box.name)}</mtext>"
    if box.kind == "word" and not box.name.startswith("\\"):
        return _upright(box.name)
    row = sign(box.name)
    if box.kind in _SIGNS or row.kind in _SIGNS or row.name in ("/", r"\prime"):
        return _operator(row.character, _TIGHT if pen.script or row.name in ("/", r"\prime") else "")
    if row.kind == "word":
        return _upright(row.character)
    if row.kind == "number":
        return f"<mn>{_bold(row.character) if box.bold else row.character}</mn>"
    return _letter(row.character, box.bold)


def _letter(character: str, bold: bool) -> str:
    if bold:
        return f"<mi>{_bold(character)}</mi>"
    # A browser slants every single letter; TeX does not slant these, nor capital Greek.
    standing = character in _UPRIGHT or (character.isupper() and character > "~") or ord(character) > 0xFFFF
    return f'<mi mathvariant="normal">{character}</mi>' if standing else f"<mi>{character}</mi>"


def _upright(name: str) -> str:
    return f'<mi mathvariant="normal">{escape(name)}</mi>' if len(name) == 1 else f"<mi>{escape(name)}</mi>"


def _operator(character: str, attributes: str = "") -> str:
    return f"<mo{attributes}>{escape(character)}</mo>"


def _spaced(text: str) -> str:
    """Text whose outer spaces stay, which a browser would drop; what no page may hold becomes a question mark."""
    text = "".join(one if one.isprintable() else "\ufffd" for one in text)
    inner = text.strip(" ")
    if not inner:
        return "\u00a0" * len(text)
    left, right = (len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" ")))
    return "\u00a0" * left + escape(inner) + "\u00a0" * right


def _bold(character: str) -> str:
    """The bold character of Unicode, slanted for letters; the same character where there is none."""
    name = unicodedata.name(character, "")
    for old, new in (("LATIN ", "BOLD ITALIC "), ("GREEK LUNATE ", "BOLD ITALIC "), ("GREEK ", "BOLD ITALIC "),
                     ("DIGIT ", "BOLD DIGIT ")):  # fmt: skip
        if name.startswith(old):
            found = f"MATHEMATICAL {new}{name.removeprefix(old).replace('LETTER ', '')}"
            try:
                return unicodedata.lookup(found)
            except KeyError:
                return character
    return character


def _row(pen: _Pen, box: Row) -> str:
    inner = replace(pen, script=True) if box.tight and pen.script else pen
    parts: list[str] = []
    before: Box | None = None
    for item in box.items:
        parts.append(_between(before, item, box.tight) + _placed(inner, item, before))
        before = item
    return _grouped(parts)


def _placed(pen: _Pen, item: Box, before: Box | None) -> str:
    """An item; a sign without an operand before it, such as − in (−x), stands close to what follows."""
    first = before is None or _kind(before) in _SIGNS
    if isinstance(item, Glyph) and _kind(item) == "binary" and first:
        return _operator(sign(item.name).character, ' form="prefix"' + (_TIGHT if pen.script else ""))
    return pen(item)


def _kind(box: Box) -> str:
    """What sort of glyph a box is, by its own word or by its row; nothing for what is no glyph."""
    if not isinstance(box, Glyph):
        return ""
    return sign(box.name).kind if box.kind == "letter" else box.kind


def _between(before: Box | None, after: Box, tight: bool) -> str:
    """A thin space, as TeX sets it: around the name of a function, beside a fraction, before scripts on the left."""
    if before is None or tight:
        return ""
    operand = _kind(after) not in (*_SIGNS, "text")
    if operand and not isinstance(after, Fence) and _named(before):
        return THIN
    follows = _kind(before) not in (*_SIGNS, "text")
    beside = operand and follows and (_upon(before) or _upon(after))
    return THIN if beside or (follows and (_named(after) or apart(before, after))) else ""


def _upon(box: Box) -> bool:
    """Whether a box is a fraction, around which TeX leaves a little space."""
    return isinstance(box.body if isinstance(box, Coloured) else box, Fraction)


def _named(box: Box) -> bool:
    r"""Whether a box is the name of a function that TeX sets apart, such as \log, perhaps with scripts."""
    if isinstance(box, Scripts):
        return _named(box.base)
    return isinstance(box, Glyph) and box.kind == "word" and box.name.startswith("\\")


def _grouped(parts: Iterable[str]) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


# Scripts, fractions, fences


def _scripts(pen: _Pen, box: Scripts) -> str:
    merged = _merged(box)
    base = _grouped([pen(merged.base)]) if isinstance(merged.base, Fence | Fraction | BigSum) else pen(merged.base)
    primes = _primes(merged.sup)
    if primes:
        # In the fonts of browsers a prime at full size is already raised; as a script it would be tiny and far away.
        base = _grouped([base, f'<mi mathvariant="normal">{"′" * primes}</mi>'])
        merged = replace(merged, sup=None)
    sub, sup, left_sup, left_sub = (
        None if one is None else pen.small(one) for one in (merged.sub, merged.sup, merged.left_sup, merged.left_sub)
    )
    if left_sup or left_sub:
        corners = [one or "<mrow></mrow>" for one in (sub, sup, left_sub, left_sup)]
        return f"<mmultiscripts>{base}{corners[0]}{corners[1]}<mprescripts/>{corners[2]}{corners[3]}</mmultiscripts>"
    if sub and sup:
        return f"<msubsup>{base}{sub}{sup}</msubsup>"
    if sub:
        return f"<msub>{base}{sub}</msub>"
    return f"<msup>{base}{sup}</msup>" if sup else base


def _primes(sup: Box | None) -> int:
    """How many primes an upper script consists of; 0 where it is something else."""
    marks = sup.items if isinstance(sup, Row) else (sup,)
    return len(marks) if all(mark == Glyph(r"\prime") for mark in marks) else 0


def _merged(box: Scripts) -> Scripts:
    """A script over a base that has only a lower one: both stand at one letter, as in TeX."""
    inner = box.base
    if isinstance(inner, Scripts) and box.sub is None and inner.sup is None:
        bare = all(one is None for one in (box.left_sup, box.left_sub, inner.left_sup, inner.left_sub))
        return Scripts(inner.base, inner.sub, box.sup) if bare else box
    return box


def _fraction(pen: _Pen, box: Fraction) -> str:
    whole = f"<mfrac>{pen.flat(box.above)}{pen.flat(box.below)}</mfrac>"
    return f'<mstyle displaystyle="false" scriptlevel="0">{whole}</mstyle>' if box.small and pen.display else whole


def _fence(pen: _Pen, box: Fence) -> str:
    high = "true" if tall(box.body) else "false"
    left, right = (
        _operator(side, f' form="{form}" fence="true" stretchy="{high}"')
        for side, form in ((box.left, "prefix"), (box.right, "postfix"))
    )
    return _grouped([left, pen(box.body), right])


def _sum(pen: _Pen, box: BigSum) -> str:
    # In running text the limits stand beside the sign, which needs no movable limits of the browser's.
    big = '<mo largeop="true" movablelimits="false">∑</mo>' if pen.display else '<mo movablelimits="false">∑</mo>'
    kinds = ("munderover", "munder") if pen.display else ("msubsup", "msub")
    below = pen.small(box.below)
    if box.above is not None:
        signed = f"<{kinds[0]}>{big}{below}{pen.small(box.above)}</{kinds[0]}>"
    else:
        signed = f"<{kinds[1]}>{big}{below}</{kinds[1]}>"
    return _grouped([signed, pen(box.body)])


def _accent(pen: _Pen, box: Accent) -> str:
    body = box.body
    if isinstance(body, Glyph) and body.name in _DOTLESS and not body.bold:
        letter = f"<mi>{_DOTLESS[body.name]}</mi>"
    else:
        letter = pen(body)
    return f'<mover accent="true">{letter}<mo stretchy="false">{_MARKS[box.mark]}</mo></mover>'


# Tables


def _cases(pen: _Pen, box: Cases) -> str:
    rows = [
        f"<mtr><mtd>{pen.flat(value)}</mtd><mtd>{pen.flat(condition)}</mtd></mtr>" for value, condition in box.lines
    ]
    table = f'<mtable class="cases" columnalign="left">{"".join(rows)}</mtable>'
    return _grouped([_operator("{", ' form="prefix" fence="true" stretchy="true"'), table])


def _grid(pen: _Pen, box: Grid) -> str:
    rows = ["".join(f"<mtd>{pen.flat(cell)}</mtd>" for cell in line) for line in box.rows]
    table = f"<mtable>{''.join(f'<mtr>{line}</mtr>' for line in rows)}</mtable>"
    sides = [_operator(side, f' form="{form}" fence="true" stretchy="true"') for side, form in
             (("(", "prefix"), (")", "postfix"))]  # fmt: skip
    return _grouped([sides[0], table, sides[1]])


_WRITERS: dict[type, Callable[[_Pen, Any], str]] = {
    Glyph: _glyph,
    Row: _row,
    Scripts: _scripts,
    Fraction: _fraction,
    Root: lambda pen, box: f"<msqrt>{pen(box.body)}</msqrt>",
    Fence: _fence,
    BigSum: _sum,
    Accent: _accent,
    Cases: _cases,
    Grid: _grid,
    Coloured: lambda pen, box: f"<mrow {pen.tint(box)}>{pen(box.body)}</mrow>",
}
