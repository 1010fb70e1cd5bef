"""What may help where a gradient has another shape than its parameter: tried on the numbers before it is said."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.claimed import Claimed
from verify.gradients.place import Place
from verify.gradients.projections import gaussian, project
from verify.gradients.tree import Leaf

Array = NDArray[Any]


def _candidates(given: Array, shape: tuple[int, ...]) -> Iterator[tuple[Array, str]]:
    """Arrays of the right shape that can be made of what was given, each with the words for it."""
    for order in permutations(range(given.ndim)) if given.ndim < 5 else ():
        if given.transpose(order).shape == shape:
            yield given.transpose(order), "its transpose" if given.ndim == 2 else f"its transpose by {order}"
    for axis in range(given.ndim):
        for name, rest in (("sum", given.sum(axis=axis)), ("mean", given.mean(axis=axis))):
            if rest.shape == shape:
                yield rest, f"its {name} over axis {axis} (the batch?)"
    if given.size == int(np.prod(shape)):
        yield given.reshape(shape), f"the same numbers reshaped to {shape}"
    if given.size == 1:
        yield np.full(shape, given.item()), "the same number for every entry"


def hint(place: Place, leaf: Leaf, given: Array) -> str:
    """What would have the right shape and, along a random direction, the right numbers; else the right shape alone."""
    rng = np.random.default_rng(20260706)
    found = list(_candidates(given, leaf.shape))
    for candidate, text in found:
        if not np.isfinite(candidate).all():
            continue
        values = np.zeros(place.theta.size)
        values[leaf.place] = candidate.ravel()
        claim = Claimed(values, 1e-6 * np.abs(values), ())
        tried = project(place, claim, leaf.place, gaussian(place, leaf.place, rng, even=True))
        if not tried.wrong and tried.allowed <= 1e-2 * abs(tried.slope.value):
            return f"{text} is the right gradient"
    return f"{found[0][1]} would have the right shape, but not the right numbers" if found else ""
