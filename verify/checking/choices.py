"""What the choice of sizes and readable numbers looks at: the whole numbers that formulas mention."""

from __future__ import annotations

from fractions import Fraction

from verify.latex import tree as t
from verify.latex.walk import walk

MOST_SIZES = 400


def numbers_in(*nodes: t.Node) -> frozenset[int]:
    """The whole numbers that trees mention."""
    found = [one.digits for node in nodes for one in walk(node) if isinstance(one, t.Number)]
    return frozenset(int(digits) for digits in found if digits.isdigit() and len(digits) < 7)


def sizes(first: tuple[tuple[int, ...], ...], setting: int) -> tuple[int, ...]:
    """Numbers for `MOST_SIZES` sizes that are letters, the first of them as given, in one of up to four settings.

    Within a setting no two are alike, and each differs from that of every other setting: a constant that happens to be
    a size in one of them is none in the next.
    """
    given = first[setting]
    beyond = max(map(max, first)) + 1
    return (*given, *(beyond + (place ^ setting) for place in range(MOST_SIZES - len(given))))


def fractions(text: str) -> tuple[Fraction, ...]:
    """Numbers with blanks between them."""
    return tuple(Fraction(one) for one in text.split())
