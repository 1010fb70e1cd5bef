r"""Shapes that a text states in passing: `$x \in \mathbb{R}^{n}$`, `$W, V \in \mathbb{R}^{m \times n}$`.

Only what is plainly of that form is read; anything else states nothing here, and `% derive: shape` says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from verify.latex import Unreadable, read, unread
from verify.latex import tree as t

Shape = tuple[str, tuple[int | str, ...]]

MOST_SIZES = 6
MOST_NAME = 20
_SPLIT = re.compile(r"\\in(?![A-Za-z])|∈")
_ITEM = re.compile(r",|\\text\{\s*and\s*\}|\\quad|\\qquad|;")


@lru_cache(maxsize=1024)
def shapes(text: str) -> tuple[Shape, ...]:
    """The names and sizes that a formula states; none where it states none, or not plainly."""
    sides = _SPLIT.split(text)
    found: list[Shape] = []
    for before, after in pairwise(sides):
        parts = _ITEM.split(after)
        sizes = _space(parts[0].strip(" ~.:"))
        # What stands before the first comma is the space; what follows belongs to the next membership.
        names = _ITEM.split(before) if before is sides[0] else _ITEM.split(before)[1:]
        if sizes is not None:
            found += [(name, sizes) for one in names if (name := _name(one.strip(" ~"))) is not None]
    return tuple(found)


def _parsed(text: str) -> t.Node | None:
    """The one formula of a text; None for what is none."""
    try:
        statements = read(text).statements
    except Unreadable:
        return None
    return statements[0].body if len(statements) == 1 else None


def _name(text: str) -> str | None:
    """A letter, perhaps with marks that are no indices, in the reader's own spelling."""
    node = _parsed(text.split(":")[-1]) if text else None
    if isinstance(node, t.Letter):
        return unread(node)
    if isinstance(node, t.Scripted) and isinstance(node.base, t.Letter) and not node.upper and not node.left_upper:
        items = node.lower.items if node.lower and not node.left_lower else ()
        if items and all(_is_mark(one) for one in items):
            return unread(node)
    return None


def _is_mark(item: t.Node) -> bool:
    """A number, a capital or a word: W_1, x_B, h_{\\text{in}}; an index such as i names an entry, not the array."""
    return isinstance(item, t.Number) or (isinstance(item, t.Letter) and (item.word or item.name.isupper()))


def _space(text: str) -> tuple[int | str, ...] | None:
    r"""The sizes of \mathbb{R}^{m \times n}; () for \mathbb{R}."""
    node = _parsed(text)
    if _is_reals(node):
        return ()
    if not (isinstance(node, t.Scripted) and _is_reals(node.base) and node.lower is None and len(node.upper) == 1):
        return None
    mark = node.upper[0]
    if not isinstance(mark, t.Raised) or mark.fence not in ("", "("):
        return None
    sizes = tuple(_sizes(mark.body))
    return tuple(one for one in sizes if one is not None) if None not in sizes and len(sizes) <= MOST_SIZES else None


def _is_reals(node: t.Node | None) -> bool:
    return isinstance(node, t.Letter) and node.name == "R" and node.font in ("mathbb", "mathbf", "")


def _sizes(body: t.Node) -> Iterator[int | str | None]:
    if isinstance(body, t.Multiplication) and set(body.signs) == {r"\times"}:
        yield from (_size(one) for one in body.factors)
    else:
        yield _size(body)


def _size(node: t.Node) -> int | str | None:
    """A number, or a letter with its marks."""
    if isinstance(node, t.Number):
        return int(node.digits) if node.digits.isdigit() and 0 < int(node.digits) < 10_000_000 else None
    if isinstance(node, t.Scripted):
        text = unread(node)
        return text if isinstance(node.base, t.Letter) and len(text) <= MOST_NAME else None
    return unread(node) if isinstance(node, t.Letter) else None
