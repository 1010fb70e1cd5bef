"""Where entries lie in a flat list: indices such as i, 3 and i + k − 1, each counted from 1, as positions from 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from derive.symbols import Index

Places = NDArray[np.int64]


def broadcast(own: Sequence[Index], axes: Sequence[Index], lengths: Mapping[Index, int]) -> Places:
    """For each entry over `axes`, the position of the entry over `own`, axes that are all among them."""
    shape = [lengths[one] for one in axes]
    found = np.zeros(shape, dtype=np.int64)
    step = 1
    for one in reversed(own):
        place = list(axes).index(one)
        found += _along(np.arange(lengths[one]) * step, place, len(shape))
        step *= lengths[one]
    return found.ravel()


def places(
    indices: Sequence[Any],
    axes: Sequence[Index],
    lengths: Mapping[Index, int],
    shape: Sequence[int],
    sizes: Mapping[Expr, int],
) -> Places:
    """The positions of an array's entries at these indices, for all values of the letters; −1 beyond its ends."""
    found = np.zeros([lengths[one] for one in axes], dtype=np.int64)
    outside = np.zeros(found.shape, dtype=bool)
    for index, size in zip(indices, shape, strict=True):
        at = _values(index, axes, lengths, sizes) - 1
        outside = outside | (at < 0) | (at >= size)
        found = found * size + at
    return np.asarray(np.where(outside, -1, found)).ravel()


def _values(index: Any, axes: Sequence[Index], lengths: Mapping[Index, int], sizes: Mapping[Expr, int]) -> Places:
    """An index, a sum of letters and whole numbers, for all values of its letters."""
    found = np.zeros([1] * len(axes), dtype=np.int64)
    for letter, times in index.as_coefficients_dict().items():
        if isinstance(letter, Index):
            run = np.arange(1, lengths[letter] + 1) * int(times)
            found = found + _along(run, list(axes).index(letter), len(axes))
        else:
            found = found + int(times) * int(sizes.get(letter, letter))
    return found


def _along(run: Places, place: int, axes: int) -> Places:
    return run.reshape([-1 if n == place else 1 for n in range(axes)])
