"""The same code at another point: along random directions first; a difference counts if single entries confirm it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.claimed import Claimed, Raw, claimed, fitted
from verify.gradients.entries import follow, judged
from verify.gradients.errors import GradientError
from verify.gradients.examine import Examiner
from verify.gradients.objective import Objective
from verify.gradients.place import Place, place_at
from verify.gradients.projections import gaussian, project
from verify.gradients.result import Entry, Probe
from verify.gradients.tree import Leaf

Array = NDArray[Any]
_FEW = 16  # entries that are followed one by one at once
_LEAVES = 8  # more arrays than these are projected all together


def probe(
    objective: Objective, title: str, theta: Array, ask: Callable[[Array], Raw], rng: np.random.Generator, rtol: float
) -> Probe:
    """The verdict at a point; outside where f, or the gradient, is not defined there."""
    outputs = objective.outputs(theta)
    if not np.isfinite(outputs).all():
        return Probe(title, "outside")
    tree = objective.tree
    try:
        raw = ask(theta)
        values = fitted(tree, raw)
    except GradientError as error:
        return Probe(title, "outside", note=str(error))
    place = place_at(objective, theta, outputs, rng, lines=1)
    broken = _not_finite(place, raw, values, title)
    if broken:
        return broken
    claim = claimed(tree, raw, values, theta, None if theta.size > 10**6 else lambda one: fitted(tree, ask(one)))
    examiner = Examiner(place, claim, rng, 200, rtol, {}, probing=True)
    suspects = [leaf for leaf, there in zip(tree.leaves, claim.given, strict=True) if there]
    if theta.size > _FEW:
        suspects = _suspects(place, claim, suspects, rng)
    for leaf in suspects:
        found = examiner.array(leaf, 1)
        if found.verdict == "wrong":
            return Probe(title, "wrong", tree.build(theta), found.worst[0], found.mistake)
    return Probe(title, "undecided" if suspects and theta.size > _FEW else "right")


def _suspects(place: Place, claim: Claimed, leaves: list[Leaf], rng: np.random.Generator) -> list[Leaf]:
    """The arrays of which a projection is wrong."""
    if len(leaves) > _LEAVES:
        everything = slice(0, place.theta.size)
        if not project(place, claim, everything, gaussian(place, everything, rng, even=False)).wrong:
            return []
    return [
        leaf
        for leaf in leaves
        if any(
            project(place, claim, leaf.place, gaussian(place, leaf.place, rng, even=False)).wrong
            for _ in range(2 if place.theta.size <= 10**6 else 1)
        )
    ]


def _not_finite(place: Place, raw: Raw, values: Array, title: str) -> Probe | None:
    """A gradient that is nan or infinite where f is finite and has a slope."""
    tree = place.objective.tree
    for leaf, one in zip(tree.leaves, raw.arrays, strict=True):
        wrong = np.flatnonzero(~np.isfinite(values[leaf.place])) if one is not None else np.zeros(0, dtype=int)
        if not wrong.size:
            continue
        blank = Claimed(np.where(np.isfinite(values), values, 0.0), np.zeros(values.size), ())
        found = judged(place, blank, follow(place, blank, leaf, leaf.start + wrong[:1]))[0]
        if not np.isfinite(found.bound):
            return Probe(title, "outside", note="neither f nor its gradient can be followed there")
        value = float(values[leaf.start + wrong[0]])
        worst = Entry(found.name, found.array, found.index, value, found.true, found.bound, 0.0, "wrong", np.inf)
        note = f"the gradient is not finite at {found.name} = {place.theta[leaf.start + wrong[0]]:.6g}, where f is"
        return Probe(title, "wrong", tree.build(place.theta), worst, note=note)
    return None
