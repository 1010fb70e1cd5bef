"""Shapes that a document does not state, inferred from how its definitions multiply, add and transpose."""

from __future__ import annotations

from functools import lru_cache

from verify.latex import Unreadable
from verify.meaning.errors import Meaningless

Sizes = tuple[int | str, ...]
Stated = tuple[tuple[str, Sizes], ...]


def inferred(given: list[str], stated: dict[str, Sizes]) -> dict[str, Sizes]:
    """Sizes of the arrays that are neither stated nor written with indices; none where the definitions do not say."""
    return dict(_inferred(tuple(given), tuple(sorted((name, tuple(sizes)) for name, sizes in stated.items()))))


@lru_cache(maxsize=256)
def _inferred(given: tuple[str, ...], stated: Stated) -> Stated:
    # late: SymPy takes as long to load as the workers take to start, and both can be had at once
    from derive.equation import EquationError
    from verify.programs.reading import How, program_read

    try:
        read = program_read(given, dict(stated), [], how=How(naming=False, means=False))
    except (Unreadable, Meaningless, EquationError, KeyError, IndexError, ValueError, RecursionError):
        return ()  # what cannot be derived states no shapes either: its letters stay what they are written as
    known, text = dict(stated), " ".join(given)
    return tuple(
        (name, sizes) for name, sizes in read.shapes.items() if sizes and name not in known and f"{name}_" not in text
    )
