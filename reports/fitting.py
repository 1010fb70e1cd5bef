"""What goes beside what on the page, decided once for all printers from estimated widths, so that nothing overflows.

A line of an equation that is too long is broken before a sign of its top level; what cannot be broken is set smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import TypeGuard

from derive.layout import SIGNS, Accent, Box, Coloured, Fence, Glyph, Row, Scripts, row
from reports.document import Equation, Line, Table
from reports.measure import extent, width, words

TEXT = 41.0  # the width of the text, in em of its letters (160 mm at 11 points)
POINTS = 10.95  # the size of these letters
MILLIMETRE = 25.4 / 72.27  # of one point
INDENT = 1.6  # what stands before a formula
NUMBER = 2.6  # the number of an equation and the space before it
COLUMN = 20.0  # where a reason stands beside a formula, this is the formula's column
NAME = 2.6  # a name such as BP2, left of the number
SURE = 0.95  # the widths are estimates
FRAME = 1.6  # what a frame takes on both sides together
CONTINUED = 1.0  # how far a continued line is moved to the right
SHORT = 16  # a program of no more lines stands on one page
MOST_LINES = 9  # more lines may be parted by the end of a page
MOST_HEIGHT = 45.0  # a frame that is higher than this, in em, may be parted by the end of a page

_BREAKS = ("+", "-", r"\pm")
_OPENING, _CLOSING = ("(", "[", r"\{"), (")", "]", r"\}")
_LEADING, _TRAILING = ("binary", "word"), ("number", "punctuation", "relation", "text")  # no line ends behind, before
_UNARY = ("-", "+", r"\pm", r"\nabla", r"\partial", r"\Delta", r"\mathrm{d}")  # and letters behind which none ends
TIMES = Glyph(r"\cdot", "binary")  # what stands before a line that continues a product


@dataclass(frozen=True)
class Setting:
    """How an equation is set: its lines broken to fit, their scale, and whether its reason stands beside it."""

    lines: tuple[Line, ...]
    scale: float
    beside: bool

    @property
    def breakable(self) -> bool:
        """Whether the end of a page may part the lines."""
        return len(self.lines) > MOST_LINES


def setting(equation: Equation, available: float = TEXT) -> Setting:
    """How an equation is set in a text of `available` em."""
    room = SURE * (available - INDENT - NUMBER - (NAME if equation.name else 0))
    explained = bool(equation.reason or equation.shapes)
    blank = words((equation.gap,)) if equation.gap else 0.0
    column = SURE * COLUMN * available / TEXT - blank
    if explained and len(equation.lines) <= MOST_LINES and _total(equation.lines) <= column:
        return Setting(equation.lines, 1.0, beside=True)
    room -= blank
    lines = _fitted(equation.lines, room)
    scale = min(1.0, room / _total(lines))
    return Setting(lines, max(0.05, floor(scale * 100) / 100), beside=False)


def _left(lines: Sequence[Line]) -> float:
    """The width before the alignment point."""
    return max((width(line.lhs) for line in lines if line.lhs is not None), default=0.0)


def _right(line: Line) -> float:
    return (width(line.relation) if line.relation is not None else CONTINUED) + width(line.rhs)


def _total(lines: Sequence[Line]) -> float:
    return _left(lines) + max(_right(line) for line in lines)


def _fitted(lines: tuple[Line, ...], room: float) -> tuple[Line, ...]:
    """The lines, each broken where its right side is too long.

    Where the left side is what takes the room, the right side starts on a line of its own.
    """
    if _total(lines) <= room:
        return lines
    left = _left(lines)
    if left > room / 2:
        return tuple(part for line in lines for part in _under(line, room))
    return tuple(part for line in lines for part in _broken(line, room - left))


def _under(line: Line, room: float) -> Iterator[Line]:
    if line.lhs is not None:
        yield Line(None, line.lhs, None)
    yield from _broken(replace(line, lhs=None), room - 1)


def _broken(line: Line, room: float) -> Iterator[Line]:
    """A line as several that fit, if its top level has signs to break at."""
    sign = width(line.relation) if line.relation is not None else CONTINUED
    packed: list[list[Box]] = [[]]
    used = sign
    for term in _terms(list(_flat(line.rhs)), room - 2 * CONTINUED):
        needed = sum(map(width, term))
        if packed[-1] and used + needed > room:
            packed.append([TIMES] if _multiplied(packed[-1][-1], term[0]) else [])
            used = CONTINUED
        packed[-1] += term
        used += needed
    yield replace(line, rhs=row(packed[0]))
    for part in packed[1:]:
        yield Line(None, row(part), None)


def _terms(items: Sequence[Box], room: float) -> Iterator[list[Box]]:
    """What must stay on one line: terms, each with the sign before it; where one is too long, what it is made of.

    A long term is opened at its brackets, and where that leads to no sign, between its factors.
    """
    terms = _at_signs(items)
    if len(terms) == 1 and sum(map(width, terms[0])) > room:
        opened = [part for item in items for part in _opened(item)]
        yield from _terms(opened, room) if len(opened) > len(items) else _factors(items)
        return
    for term in terms:
        yield from _terms(term, room) if len(terms) > 1 and sum(map(width, term)) > room else [term]


def _at_signs(items: Sequence[Box]) -> list[list[Box]]:
    terms: list[list[Box]] = [[]]
    for item in items:
        if _is_sign(item) and item.name in _BREAKS and terms[-1]:
            terms.append([])
        terms[-1].append(item)
    return terms


def _is_sign(item: Box) -> TypeGuard[Glyph]:
    return isinstance(item, Glyph) and item.kind == "binary"


def _multiplied(before: Box, after: Box) -> bool:
    """Whether two neighbours are factors: no sign stands between them, and no bracket is opened or closed."""
    return not (_separates(before, _OPENING) or _separates(after, _CLOSING))


def _separates(item: Box, brackets: tuple[str, ...]) -> bool:
    if not isinstance(item, Glyph):
        return False
    return item.kind in (*SIGNS, "punctuation") or (item.kind == "word" and item.name in brackets)


def _opened(item: Box) -> list[Box]:
    """A bracketed sum as its terms between two brackets that stand for themselves; what is no sum stays whole.

    So does what stands before the bracket, such as the name of a function, of which the sum is the argument.
    """
    if isinstance(item, Fence) and len(_at_signs(list(_flat(item.body)))) > 1:
        return [Glyph(item.left, "word"), *_flat(item.body), Glyph(item.right, "word")]
    if isinstance(item, Row) and len(last := _opened(item.items[-1])) > 1:
        return [row(item.items[:-1], tight=True), *last]
    return [item]


def _factors(items: Sequence[Box]) -> Iterator[list[Box]]:
    """Each factor on its own, a sign with the factor after it, a function with its argument, brackets with their ends.

    A letter stays with the bracket after it too: whether σ(z) is a product, nobody sees from its boxes.
    """
    held: list[Box] = []
    for item in items:
        if held and not _bound(held[-1], item):
            yield held
            held = []
        held.append(item)
    yield held


def _bound(before: Box, after: Box) -> bool:
    """Whether no line may end between two neighbours of a product."""
    left, right = _bare(before), _bare(after)
    if isinstance(left, Glyph) and (left.kind in _LEADING or (left.kind == "letter" and left.name in _UNARY)):
        return not (left.kind == "word" and left.name in _CLOSING)
    if isinstance(right, Glyph):
        return right.kind in _TRAILING or (right.kind == "word" and right.name in (*_OPENING, *_CLOSING))
    if isinstance(right, Scripts):
        right = _bare(right.base)
    return isinstance(right, Fence) and _names(left)


def _names(box: Box) -> bool:
    """Whether a box is a letter or a number, with scripts or an accent or without: it may be a function's name."""
    while isinstance(box, Scripts | Accent | Coloured):
        box = box.base if isinstance(box, Scripts) else box.body
    return isinstance(box, Glyph) and box.kind in ("letter", "number")


def _bare(box: Box) -> Box:
    return _bare(box.body) if isinstance(box, Coloured) else box


def _flat(box: Box) -> Iterator[Box]:
    if isinstance(box, Row) and not box.tight:
        for item in box.items:
            yield from _flat(item)
    else:
        yield box


def height(equation: Equation, available: float = TEXT) -> float:
    """About how high an equation is with its reason, in em."""
    set_as = setting(equation, available)
    formula = sum(max(1.2, extent(line.rhs, True).total + 0.3) for line in set_as.lines) + 1.8
    explained = bool(equation.reason) + bool(equation.shapes)
    return formula if set_as.beside else formula + 1.2 * explained


def natural_widths(table: Table) -> tuple[float, ...]:
    """The width of each column of a table if no cell is broken, in em."""
    columns = zip(*((column.header for column in table.columns), *table.rows), strict=True)
    return tuple(max(1.0, *(words(cell) for cell in column)) for column in columns)


def figure_scale(width: float, available: float = TEXT) -> float:
    """How much smaller a drawing of `width` millimetres is set so that it is no wider than the text."""
    return min(1.0, floor(1000 * available * POINTS * MILLIMETRE / width) / 1000)


@dataclass(frozen=True)
class Size:
    """Letters of a table: their size, what stands between two columns in their em, and how wide they turn out.

    Small letters of Computer Modern are wider than large ones made small, and scripts of small letters hardly smaller.
    """

    scale: float
    gutter: float
    width: float


_SIZES = (Size(1.0, 1.3, 1.0), Size(0.9, 1.3, 0.93), Size(0.8, 1.3, 0.86), Size(0.8, 0.8, 0.86),
          Size(0.7, 0.8, 0.8), Size(0.6, 0.8, 0.73), Size(0.6, 0.5, 0.73))  # fmt: skip
LEAST_SOFT = 12.0  # what columns that wrap share at least, in em


@dataclass(frozen=True)
class TableSetting:
    """`scale` is the size of the letters, `gutter` what stands between columns, in em of these letters.

    `widths` are those of the columns that wrap, in em of the text, and None for the others.
    """

    scale: float
    gutter: float
    widths: tuple[float | None, ...]


def table_setting(table: Table, available: float = TEXT) -> TableSetting:
    """How a table is set: smaller where it is too wide, columns that wrap sharing what the others leave."""
    natural = natural_widths(table)
    rigid = sum(size for size, column in zip(natural, table.columns, strict=True) if not column.wrap)
    soft = sum(natural) - rigid

    def left(size: Size) -> float:
        return available - 0.3 - size.width * (rigid / SURE + size.gutter * (len(natural) - 1))

    size = next((one for one in _SIZES if one.width * min(soft, LEAST_SOFT) <= left(one)), _SIZES[-1])
    if size.width * soft <= left(size):
        return TableSetting(size.scale, size.gutter, (None,) * len(natural))
    room = max(left(size), 4.0)
    shares = tuple(
        room * own / soft if column.wrap else None for own, column in zip(natural, table.columns, strict=True)
    )
    return TableSetting(size.scale, size.gutter, shares)


def wrapped(source: str, columns: int) -> list[str]:
    """The lines of a program, a longer one continued on the next line, four columns in from where it began."""
    found: list[str] = []
    for line in source.expandtabs(4).rstrip("\n").split("\n"):
        rest = line.rstrip()
        inset = " " * min(len(rest) - len(rest.lstrip()) + 4, columns // 2)
        while len(rest) > columns:
            cut = rest.rfind(" ", len(inset) + 1, columns)
            cut = cut if cut > len(inset) else columns
            found.append(rest[:cut])
            rest = inset + rest[cut:].lstrip()
        found.append(rest)
    return found


def listing_size(source: str, available: float = TEXT) -> tuple[int, int]:
    """The size of a program's letters in points, 9 or 8, and how many of them fit in a line."""
    longest = max(map(len, source.expandtabs(4).split("\n")))
    columns = {size: int(available * POINTS / (0.525 * size)) - 1 for size in (9, 8)}
    size = 9 if longest <= columns[9] else 8
    return size, columns[size]


def listing_whole(source: str) -> bool:
    """Whether a program is so short that no page ends within it."""
    return source.rstrip("\n").count("\n") < SHORT
