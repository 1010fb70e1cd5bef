"""How much paper a formula or some words take, estimated without setting them: in em, never much too little.

The widths are those of Computer Modern (Knuth, *Computer Modern Typefaces*, 1986), which both printers set; fractions,
scripts and signs follow appendix G of *The TeXbook*.  What the tables lack counts as a wide letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

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
)
from derive.tables.glyphs import UnknownGlyph, sign
from reports.inline import Code, Emphasis, Gap, Inline, Math, Ref, Text, Tinted

SCRIPT = (1.0, 0.74, 0.56)  # the size of a letter, of a script, of a script of a script
SPACE = {"binary": 0.444, "relation": 0.556, "punctuation": 0.167}

_ITALIC = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        (.75, .76, .72, .83, .74, .65, .79, .83, .44, .56, .85, .68, .97, .81, .77, .65, .79, .76, .62, .59, .69, .59,
         .95, .83, .59, .69, .53, .43, .44, .52, .47, .49, .48, .58, .35, .42, .52, .3, .88, .6, .49, .51, .45, .46,
         .47, .37, .58, .49, .72, .58, .49, .47),
        strict=True,
    )
)  # fmt: skip
_ROMAN = dict(
    zip(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
        (.28, .28, .5, .84, .5, .84, .78, .28, .39, .39, .5, .78, .28, .34, .28, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5,
         .5, .28, .28, .78, .78, .78, .48, .78, .75, .71, .73, .77, .69, .66, .79, .75, .37, .52, .78, .63, .92, .75,
         .78, .69, .78, .74, .56, .73, .75, .75, 1.03, .75, .75, .62, .28, .5, .28, .5, .5, .28, .5, .56, .45, .56,
         .45, .31, .5, .56, .28, .31, .53, .28, .84, .56, .5, .56, .53, .4, .4, .39, .56, .53, .73, .53, .53, .45, .5,
         .28, .5, .5),
        strict=True,
    )
)  # fmt: skip
_SIGNS = {
    r"\partial": 0.58, r"\odot": 0.78, r"\delta": 0.46, r"\sigma": 0.58, r"\prime": 0.28, r"\cdot": 0.28,
    r"\times": 0.78, "=": 0.78, "+": 0.78, "-": 0.78, r"\eta": 0.5, r"\mu": 0.61, r"\alpha": 0.64, r"\beta": 0.57,
    r"\lambda": 0.59, r"\epsilon": 0.42, r"\varepsilon": 0.47, r"\pi": 0.58, r"\Delta": 0.84, r"\nabla": 0.84,
    r"\ell": 0.42, "'": 0.28, ",": 0.28, r"\dots": 1.2, r"\ldots": 1.2, r"\cdots": 1.2, r"\infty": 1.0,
    r"\implies": 2.2, r"\quad": 1.0, r"\qquad": 2.0, r"\Phi": 0.73, r"\phi": 0.6, r"\varphi": 0.66, r"\theta": 0.47,
    r"\gamma": 0.55, r"\tau": 0.53, r"\leftarrow": 1.0, r"\rightarrow": 1.0, r"\to": 1.0, r"\top": 0.78,
    r"\zeta": 0.51, r"\iota": 0.35, r"\kappa": 0.58, r"\nu": 0.56, r"\xi": 0.49, r"\rho": 0.52, r"\chi": 0.63,
    r"\psi": 0.69, r"\omega": 0.62, r"\Gamma": 0.62, r"\Theta": 0.78, r"\Lambda": 0.69, r"\Xi": 0.67, r"\Pi": 0.75,
    r"\Sigma": 0.72, r"\Psi": 0.78, r"\Omega": 0.72, r"\le": 0.78, r"\ge": 0.78, r"\ne": 0.78, r"\approx": 0.78,
    r"\circ": 0.5, r"\otimes": 0.78, r"\oslash": 0.78, r"\star": 0.5,
}  # fmt: skip
_SCRIPT = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (.8, .66, .53, .78, .53, .72, .6, .85, .55, .68, .77, .69, 1.21, .83, .8, .7, .82, .85, .61, .55, .63, .62, .99,
         .72, .67, .73),
        strict=True,
    )
)  # fmt: skip
"""Of the script capitals, such as the ℒ of a loss."""
_MATHCAL = re.compile(r"\\mathcal\{([A-Z])\}")
_THIN = 0.167  # beside the name of a function


@dataclass(frozen=True)
class Extent:
    """Width, height over the baseline and depth under it."""

    width: float
    height: float
    depth: float

    @property
    def total(self) -> float:
        """Height and depth together."""
        return self.height + self.depth


@lru_cache(maxsize=20_000)
def extent(box: Box, display: bool = False, level: int = 0) -> Extent:
    """What a formula takes, in em of the text it stands in; `level` 1 and 2 are scripts and scripts of scripts."""
    size = SCRIPT[min(level, 2)]
    match box:
        case Glyph():
            return _glyph(box, level)
        case Row(items):
            return _beside([extent(item, display, level) for item in prefixed(items, box.tight)])
        case Coloured(body):
            return extent(body, display, level)
        case Scripts():
            return _scripts(box, display, level)
        case Fraction():
            return _fraction(box, display, level)
        case Root(body):
            inner = extent(body, display, level)
            return Extent(inner.width + 0.9 * size, inner.height + 0.2 * size, inner.depth)
        case Accent(body):
            inner = extent(body, display, level)
            return Extent(inner.width, inner.height + 0.2 * size, inner.depth)
        case Fence(body):
            inner = extent(body, display, level)
            sign = (0.42 if inner.total < 1.6 * size else 0.6 if inner.total < 2 * size else 0.8) * size
            return Extent(inner.width + 2 * sign + 0.05 * size, inner.height + 0.1 * size, inner.depth + 0.1 * size)
        case BigSum():
            return _sum(box, display, level)
        case Grid(rows):
            return _table(rows, 1.0, 0.9, level)
        case Cases(lines):
            return _table(lines, 1.0, 0.9, level)


_BEFORE_SIGN = ("binary", "relation", "punctuation", "word")


def prefixed(items: Sequence[Box], begins: bool = True) -> Iterator[Box]:
    """What stands in a row, a sign between no operands as a letter, which has no space around it: −3, a = −b.

    *The TeXbook*, appendix G, rule 5.  `begins` says whether a sign that begins the row is such a sign.
    """
    alone = begins
    for item in items:
        if isinstance(item, Glyph) and item.kind == "binary" and alone:
            item = replace(item, kind="letter")
        yield item
        alone = isinstance(item, Glyph) and item.kind in _BEFORE_SIGN and item.name not in (")", "]", r"\}")


def width(box: Box, display: bool = True) -> float:
    """The width of a formula on a line of its own (or, without `display`, in running text), in em."""
    return extent(box, display).width


def words(pieces: Inline) -> float:
    """The width of inline pieces on one endless line, in em."""
    return sum(_piece_width(piece) for piece in pieces)


_WIDE = "⺀"
"""From here on letters are Chinese, Japanese or Korean, and as wide as they are high."""


def letters(text: str) -> float:
    """The width of roman text, in em."""
    return sum(_ROMAN.get(letter, 1.0 if letter >= _WIDE else 0.6) for letter in text)


def _piece_width(piece: Text | Emphasis | Math | Code | Ref | Tinted | Gap) -> float:
    match piece:
        case Math(box):
            return extent(box).width
        case Code(text):
            return 0.525 * len(text)
        case Ref():
            return 2.2
        case Gap():
            return piece.width + 0.8
        case Emphasis(text, strong=True):
            return 1.15 * letters(text)
        case Text(text) | Emphasis(text) | Tinted(text):
            return letters(text)


def _glyph(glyph: Glyph, level: int) -> Extent:
    size = SCRIPT[min(level, 2)]
    space = SPACE.get(glyph.kind, 0.0) if level == 0 or glyph.kind == "word" else 0.0
    return Extent((_natural(glyph) * (1.15 if glyph.bold else 1.0)) * size + space, 0.72 * size, 0.22 * size)


def _natural(glyph: Glyph) -> float:
    name = glyph.name
    if glyph.kind == "text":
        return letters(name) + 0.6
    if name in _SIGNS:
        return _SIGNS[name]
    if name.startswith("\\"):
        return _commanded(name)
    if glyph.kind in ("number", "word") or not name.isalpha():
        return letters(name)
    return sum(_ITALIC.get(letter, 0.7) for letter in name)


def _commanded(name: str) -> float:
    r"""The width of what a LaTeX command stands for: `\operatorname{erf}` is three letters, `\mathcal{L}` is one."""
    script = _MATHCAL.fullmatch(name)
    if script:
        return _SCRIPT[script[1]]
    try:
        character = sign(name).character
    except UnknownGlyph:
        return letters(name.strip("\\"))
    return letters(character) + _THIN if len(character) > 1 else 1.0


def _beside(parts: Iterable[Extent]) -> Extent:
    parts = list(parts)
    return Extent(
        sum(part.width for part in parts),
        max((part.height for part in parts), default=0.7),
        max((part.depth for part in parts), default=0.2),
    )


def _scripts(box: Scripts, display: bool, level: int) -> Extent:
    base = extent(box.base, display, level)
    size = SCRIPT[min(level, 2)]
    corners = {side: extent(part, False, level + 1) for side, part in _corners(box)}
    right = max((part.width for side, part in corners.items() if not side.startswith("left")), default=0.0)
    left = max((part.width for side, part in corners.items() if side.startswith("left")), default=0.0)
    up = max((0.41 * size + part.height for side, part in corners.items() if side.endswith("sup")), default=0.0)
    down = max((0.25 * size + part.depth for side, part in corners.items() if side.endswith("sub")), default=0.0)
    gaps = 0.05 * size * ((right > 0) + (left > 0))
    return Extent(base.width + left + right + gaps, max(base.height, up), max(base.depth, down))


def _corners(box: Scripts) -> list[tuple[str, Box]]:
    named = (("sub", box.sub), ("sup", box.sup), ("left_sup", box.left_sup), ("left_sub", box.left_sub))
    return [(side, part) for side, part in named if part is not None]


def _fraction(box: Fraction, display: bool, level: int) -> Extent:
    within = level if display and not box.small else level + 1
    size = SCRIPT[min(level, 2)]
    above, below = extent(box.above, False, within), extent(box.below, False, within)
    gap = 0.35 * size if within == level else 0.12 * size
    return Extent(max(above.width, below.width) + 0.26 * size, above.total + gap, below.total + gap)


def _sum(box: BigSum, display: bool, level: int) -> Extent:
    size = SCRIPT[min(level, 2)]
    body = extent(box.body, display, level)
    below = extent(box.below, False, level + 1)
    above = extent(box.above, False, level + 1) if box.above is not None else Extent(0, 0, 0)
    if display:
        sign = max(1.44 * size, below.width, above.width)
        up, down = 0.95 * size + above.total, 0.45 * size + below.total + 0.2 * size
    else:
        sign, up, down = 1.06 * size + max(below.width, above.width), 0.9 * size, 0.5 * size
    return Extent(sign + 0.17 * size + body.width, max(body.height, up), max(body.depth, down))


def _table(rows: Iterable[tuple[Box, ...]], gap: float, fences: float, level: int) -> Extent:
    cells = [[extent(cell, False, level) for cell in line] for line in rows]
    columns = [max(cell.width for cell in column) for column in zip(*cells, strict=True)]
    heights = [max(1.2, 0.2 + max(cell.total for cell in line)) for line in cells]
    half = sum(heights) / 2
    return Extent(sum(columns) + gap * (len(columns) - 1) + 2 * fences, half + 0.25, half - 0.25)
