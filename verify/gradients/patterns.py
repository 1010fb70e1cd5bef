"""Suspicions about order and place: transposed, permuted, another array's gradient, one entry, one row, one region."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.evidence import Evidence

Array = NDArray[Any]
_AXIS = ("row", "column")


def nothing(evidence: Evidence) -> str | None:
    """A sentence if the whole gradient is 0."""
    if np.any(evidence.given) or evidence.size == 0:
        return None
    return "every entry is 0: no gradient arrives here (a path is cut, detached, or the array was never filled)"


def transposed(evidence: Evidence) -> str | None:
    """A sentence if axes are swapped, or if the numbers were laid out in the order of the transpose."""
    given = evidence.given
    for order in permutations(range(given.ndim)):
        if order == tuple(range(given.ndim)):
            continue
        swapped = given.transpose(order)
        if evidence.fits(swapped):
            return "it is transposed: its transpose is right" if given.ndim == 2 else f"its axes are permuted: {order}"
        if evidence.fits(given.reshape(swapped.shape).transpose(np.argsort(order))):
            return ("its numbers lie in the order of the transpose: the right one is "
                    f"reshape({', '.join(map(str, swapped.shape))}) and then transposed")  # fmt: skip
    return None


def moved(evidence: Evidence) -> str | None:
    """A sentence if the entries are reversed, shifted by one, or permuted in another way."""
    given = evidence.given
    for axis in range(given.ndim):
        along = f"along axis {axis}" if given.ndim > 1 else ""
        for candidate, text in (
            (np.flip(given, axis), "the entries stand in reverse order"),
            (np.roll(given, 1, axis), "the entries stand one place too early"),
            (np.roll(given, -1, axis), "the entries stand one place too late"),
        ):
            if evidence.fits(candidate):
                return f"{text} {along}".strip()
    if not evidence.complete or given.size < 3:
        return None
    order, its = np.argsort(evidence.true), np.argsort(evidence.claimed)
    bound = 4 * float(evidence.error.max()) + 1e-9 * evidence.size
    same = np.abs(evidence.true[order] - evidence.claimed[its]) <= bound
    if not same.all() or np.array_equal(order, its) or not np.all(np.diff(evidence.true[order]) > 2 * bound):
        return None
    first = int(np.flatnonzero(order != its)[0])
    here, there = evidence.label(int(evidence.places[its[first]])), evidence.label(int(evidence.places[order[first]]))
    return f"the right numbers stand in the wrong places: what is given for {here} belongs to {there}"


def of_another(evidence: Evidence) -> str | None:
    """A sentence if the gradient of another array was given."""
    for name, other in evidence.gradients.items():
        if evidence.fits(other):
            return f"what was given for {name} is the gradient of {evidence.name}: two gradients may be swapped"
    return None


def one_entry(evidence: Evidence) -> str | None:
    """A sentence if exactly one entry is wrong among several."""
    wrong = evidence.wrong
    if wrong.sum() != 1 or wrong.size < 2:
        return None
    at = int(np.flatnonzero(wrong)[0])
    given, true = evidence.claimed[at], evidence.true[at]
    how = ""
    if true and abs(given / true + 1) < 1e-6:
        how = ": it has the wrong sign"
    elif true:
        how = f": it is {given / true:.8g} times what it should be"
    label = evidence.label(int(evidence.places[at]))
    value = evidence.own.ravel()[evidence.places[at]]
    others = "the other one is right" if wrong.size == 2 else f"the other {wrong.size - 1} that were followed are right"
    return f"only this entry is wrong{how}, where {label} itself is {value:.6g}; {others}"


def one_slice(evidence: Evidence) -> str | None:
    """A sentence if the wrong entries are all in one row or column, in which none that is known is right."""
    wrong, shape = evidence.wrong, evidence.given.shape
    if len(shape) < 2 or wrong.sum() < 2:
        return None
    for axis, place in enumerate(np.unravel_index(evidence.places, shape)):
        here = np.unique(place[wrong])
        if here.size != 1 or shape[axis] < 2:
            continue
        inside = place == here[0]
        if (~inside).any() and np.mean(wrong[inside]) > 0.8:  # an entry may be right by chance: it is 0
            word = _AXIS[axis] if len(shape) == 2 else f"axis {axis}, place"
            return (
                f"only {word} {here[0]} of {evidence.name} is wrong{_same_ratio(evidence, wrong)}; the others are right"
            )
    return None


def one_region(evidence: Evidence) -> str | None:
    """A sentence if the wrong entries are those whose own value is large, or small, or on one side."""
    wrong, own = evidence.wrong, evidence.own.ravel()[evidence.places]
    if wrong.sum() < 2 or (~wrong).sum() < 2 or wrong.size < 6:
        return None
    how = _same_ratio(evidence, wrong)
    for values, text in ((np.abs(own), f"|{evidence.name}|"), (own, evidence.name)):
        bad, good = values[wrong], values[~wrong]
        if bad.min() > good.max():
            return f"exactly the entries with {text} ≥ {bad.min():.4g} are wrong{how} (right up to {good.max():.4g})"
        if bad.max() < good.min():
            return f"exactly the entries with {text} ≤ {bad.max():.4g} are wrong{how} (right from {good.min():.4g} on)"
    return None


def _same_ratio(evidence: Evidence, wrong: Array) -> str:
    true, given = evidence.true[wrong], evidence.claimed[wrong]
    if not np.all(true):
        return ""
    ratio = given / true
    if np.ptp(ratio) > 1e-5 * np.abs(ratio).max():
        return ""
    return ", with the wrong sign" if abs(ratio[0] + 1) < 1e-5 else f", each {ratio[0]:.5g} times what it should be"


def signs(evidence: Evidence) -> str | None:
    """A sentence if every entry has the right size, and some have the wrong sign."""
    if not evidence.fit(np.abs(evidence.claimed), np.abs(evidence.true)) or evidence.wrong.sum() < 2:
        return None
    return (f"{int(evidence.wrong.sum())} of {evidence.wrong.size} entries have the wrong sign and the right size "
            f"(the first is {evidence.where(evidence.wrong)})")  # fmt: skip


def masked(evidence: Evidence) -> str | None:
    """A sentence if the wrong entries should all be 0, or are all 0."""
    wrong = evidence.wrong
    if wrong.sum() < 1 or (~wrong).sum() < 1:
        return None
    right_not_zero = bool(np.any(np.abs(evidence.true[~wrong]) > evidence.error[~wrong]))
    if right_not_zero and np.all(np.abs(evidence.true[wrong]) <= evidence.error[wrong]):
        return (
            f"the {int(wrong.sum())} wrong entries should all be 0: a mask (σ′ of a ReLU, a clip, dropout) is missing"
        )
    if right_not_zero and not np.any(evidence.claimed[wrong]):
        return f"the {int(wrong.sum())} wrong entries are all 0 and should not be: a path is cut, or a mask is too many"
    return None


def of_batch(evidence: Evidence) -> str | None:
    """A sentence if the sum or mean of an array that has one axis more is right: the given one has lost the batch."""
    for name, one in evidence.arrays.items():
        if one.ndim != evidence.given.ndim + 1:
            continue
        for axis in range(one.ndim):
            for word, total in (("sum", one.sum(axis=axis)), ("mean", one.mean(axis=axis))):
                if evidence.fits(total):
                    return f"the {word} of {name} over axis {axis} is right: that {word} over the batch is missing"
    return None
