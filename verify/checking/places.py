"""Which places are looked at: all entries and indices, or where these are many, those that stand for the others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from verify.meaning.arrays import Limit
from verify.meaning.scene import Env

MOST_ASSIGNMENTS = 12
MOST_LOOKED_AT = 4_000
"""Where a formula tells neurons apart, all are looked at, or so many are too many."""


def told(place: tuple[int, ...], sizes: list[int]) -> tuple[int, ...]:
    """A place as it is said: of a column or a row, the one index that counts."""
    return tuple(at for at, size in zip(place, sizes, strict=True) if size > 1) if 1 in sizes else place


def corners(size: int, mentioned: frozenset[int]) -> list[int]:
    """Two first places, the last, and those whose numbers are mentioned: neurons that nobody names are alike."""
    return sorted({0, min(1, size - 1), size - 1} | {one - 1 for one in mentioned if 1 <= one <= size})


def assignments(free: dict[str, tuple[int, int]], mentioned: frozenset[int] | None) -> Iterator[Env]:
    """Numbers for the free letters: all, or where these are many, a few that leave every pattern of equal ones."""
    names = list(free)
    choices: list[range | list[int]] = [range(low, high + 1) for low, high in free.values()]
    count = 1
    for one in choices:
        count *= len(one)
    few = count > (MOST_ASSIGNMENTS if mentioned is not None else MOST_LOOKED_AT)
    if few:
        choices = [_few(low, high, len(names), mentioned or frozenset()) for low, high in free.values()]
    for chosen in product(*choices):
        yield dict(zip(names, chosen, strict=True))
    looked_at(few, mentioned)


def _few(low: int, high: int, letters: int, mentioned: frozenset[int]) -> range | list[int]:
    """So many first numbers that all letters may differ, those that are mentioned, and the last."""
    first = set(range(low, min(high, low + letters - 1) + 1))
    return sorted(first | {one for one in mentioned if low <= one <= high} | {high})


def looked_at(few: bool, mentioned: frozenset[int] | None) -> None:
    """After a few were compared that do not stand for all, there is no verdict."""
    if few and mentioned is None:
        raise Limit("the formula tells neurons apart by their numbers, and there are too many to look at each")
