"""Formulas of a page: MathML with its LaTeX beside it, each tinted quantity marked so that a pointer finds it again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from html import unescape
from typing import Any

from derive.emit.mathml import mathml
from derive.emit.plain import plain
from derive.layout import Box, Coloured, Fraction, Glyph, Row, Scripts
from reports.document import Block, Equation, Line, Math, pieces_of
from reports.html.text import escape
from reports.html.theme import numbered
from reports.markdown.formulas import aligned, source

_BLOCK, _INLINE = ' display="block"', ' displaystyle="true"'
_GENERAL = ("l",)  # letters that stand for the number of any layer
# Letters that lean by more than 0.13 em (OpenType's italics correction in Latin Modern Math), which Chromium does not
# add before an upper script: the 2 of V² would stand on the arm of the V.
_LEANING = ("V", "Y", "T", "P", "F", "W", r"\Gamma", r"\Upsilon")
_APART, _PRIME = Glyph(" ", "text"), Glyph(r"\prime")


def key(box: Coloured) -> str:
    """What names a tinted quantity: its colour's number; δ of layer l is another one than δ of layer 3."""
    general = any(isinstance(one, Glyph) and one.name in _GENERAL for one in parts(box.body))
    return f"{box.colour}{'-l' if general else ''}"


def parts(thing: Any) -> Iterator[Box]:
    """A box and every box inside it, each before what it holds."""
    if isinstance(thing, tuple):
        for one in thing:
            yield from parts(one)
    elif isinstance(thing, Box):
        yield thing
        for one in fields(thing):
            yield from parts(getattr(thing, one.name))


def tint(box: Coloured) -> str:
    """The attributes of a tinted quantity in running text and figures."""
    return f'class="q {numbered(box.colour)}" data-q="{key(box)}"'


class Reached:
    """The attributes of tinted quantities in one equation: the first place of each can be reached by the keyboard."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, box: Coloured) -> str:
        first = key(box) not in self.seen
        self.seen.add(key(box))
        return tint(box) + (' tabindex="0"' if first else "")


def apart(thing: Any) -> Any:
    """A box with a little room between a letter that leans and its upper script, at any depth."""
    if isinstance(thing, tuple):
        return tuple(apart(one) for one in thing)
    if not isinstance(thing, Box):
        return thing
    made = replace(thing, **{one.name: apart(getattr(thing, one.name)) for one in fields(thing)})
    if isinstance(made, Scripts) and made.sup is not None and made.sup != _PRIME and _leans(made.base):
        return replace(made, sup=Row((_APART, made.sup), tight=True))
    return made


def _leans(box: Box) -> bool:
    while isinstance(box, Coloured | Scripts):
        box = box.body if isinstance(box, Coloured) else box.base
    return isinstance(box, Glyph) and box.kind == "letter" and box.name in _LEANING


def seen(box: Box) -> str:
    """The letters of a formula in the order in which a page holds them; a fraction is written with a stroke."""
    if any(isinstance(one, Fraction) for one in parts(box)):
        return plain(box)
    return unescape(re.sub(r"<[^>]*>", "", mathml(box)))


def inline_math(box: Box) -> str:
    """A formula in running text."""
    return _math(mathml(apart(box), tint), source(box))


def display(
    lines: Sequence[Line], whole: Sequence[Line], kind: str = "", reached: Reached | None = None, block: bool = True
) -> str:
    """A formula on lines of its own; its LaTeX is that of the `whole` equation, before lines were broken.

    What is no `block` leaves room behind it on its line.
    """
    pen = reached or tint
    lines = [Line(*map(apart, (one.lhs, one.rhs, one.relation))) for one in lines]
    if len(lines) == 1:
        only = lines[0]
        boxes = [part for part in (only.lhs, only.relation, only.rhs) if part is not None]
        body = mathml(Row(tuple(boxes)) if len(boxes) > 1 else boxes[0], pen, display=True)
    else:
        body = f'<mtable class="lines" displaystyle="true">{"".join(_line(line, pen) for line in lines)}</mtable>'
    return _math(body, aligned(whole), f"{_BLOCK if block else _INLINE}{kind}")


def _line(line: Line, pen: Any) -> str:
    left = mathml(line.lhs, pen, display=True) if line.lhs is not None else ""
    if line.relation is None:
        right = mathml(line.rhs, pen, display=True, continued=line.lhs is None)
        sign, indent = "", '<mspace width="1em"/>' if line.lhs is None else ""
    else:
        sign, indent = mathml(line.relation, pen, display=True), ""
        right = mathml(line.rhs, pen, display=True)
    return f"<mtr><mtd>{left}</mtd><mtd>{sign}</mtd><mtd><mrow>{indent}{right}</mrow></mtd></mtr>"


def _math(body: str, latex: str, attributes: str = "") -> str:
    annotation = f'<annotation encoding="application/x-tex">{escape(latex)}</annotation>'
    return f"<math{attributes}><semantics><mrow>{body}</mrow>{annotation}</semantics></math>"


# Where quantities are defined


def definitions(blocks: Iterable[Block]) -> dict[str, Equation]:
    """For each tinted quantity the equation that says what it is: the first whose left side is its name.

    A derivative ∂C/∂z is no name: it is taken only where no name ever stands on the left.
    """
    named: dict[str, Equation] = {}
    derived: dict[str, Equation] = {}
    for block in blocks:
        if isinstance(block, Equation) and block.numbered and isinstance(block.lines[0].lhs, Coloured):
            left = block.lines[0].lhs
            (derived if isinstance(left.body, Fraction) else named).setdefault(key(left), block)
    return {**derived, **named}


def quantities(blocks: Iterable[Block]) -> dict[str, Box]:
    """Every tinted quantity that is defined, and the shortest way in which it is written: δ³ rather than δ³_j."""
    blocks = tuple(blocks)
    found: dict[str, Box] = {name: one.lines[0].lhs for name, one in definitions(blocks).items()}  # type: ignore[misc]
    for box in (one for block in blocks for one in _boxes(block)):
        for part in parts(box):
            if isinstance(part, Coloured) and key(part) in found and _lettered(part.body):
                found[key(part)] = min(found[key(part)], part, key=_length)
    return found


def _lettered(box: Box) -> bool:
    """Whether a box is a quantity by its letters, not its value in numbers."""
    return any(isinstance(one, Glyph) and one.kind == "letter" for one in parts(box))


def _length(box: Box) -> tuple[bool, int]:
    """Names come before derivatives, short ones before long ones."""
    return any(isinstance(one, Fraction) for one in parts(box)), sum(1 for _ in parts(box))


def _boxes(block: Block) -> Iterator[Box]:
    if isinstance(block, Equation):
        for line in block.lines:
            yield from (one for one in (line.lhs, line.rhs) if one is not None)
    yield from (piece.box for piece in pieces_of(block) if isinstance(piece, Math))
