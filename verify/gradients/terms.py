"""Suspicions about what is added: a small constant, a term that is constant or follows the argument."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.evidence import Evidence

Array = NDArray[Any]
_SMALL = 1e-2  # a relative error that looks like a forgotten ε


def small_everywhere(evidence: Evidence) -> str | None:
    """A sentence if nearly every entry is wrong, each by a small part of itself (or of the largest)."""
    wrong = evidence.wrong
    size = float(np.abs(evidence.true).max(initial=0.0))
    error = np.abs(evidence.claimed - evidence.true)
    if wrong.sum() < max(1.0, 0.6 * wrong.size) or size == 0 or error.max() > _SMALL * size:
        return None
    return (
        f"nearly every entry is off by a little, {error.max() / size:.2g} of the largest: a constant (the ε of a norm "
        "or of a quotient) is forgotten or another one, or the derivative is approximate"
    )


def added(evidence: Evidence) -> str | None:
    """A sentence if the error is a constant, or proportional to the array itself, or both, whole or slice by slice."""
    if not evidence.complete or evidence.given.size < 4:
        return None
    missing, own, allowed = evidence.missing, evidence.own, evidence.allowed
    whole = [(None, "")] if missing.ndim == 1 else [(None, ""), *((k, f" along axis {k}") for k in range(missing.ndim))]
    for row in (_constant, _proportional, _affine):
        for axis, text in whole:
            e, x, a = (one.reshape(1, -1) if axis is None else np.moveaxis(one, axis, -1).reshape(-1, one.shape[axis])
                       for one in (missing, own, allowed))  # fmt: skip
            found = row(e, x, a, text, evidence.name)
            if found:
                return found
    return None


def _leaves(e: Array, fitted: Array, allowed: Array) -> bool:
    """Whether nothing but noise is left of the error."""
    return bool(np.all(np.abs(e - fitted) <= 4 * allowed + 1e-6 * np.abs(e).max()))


def _constant(e: Array, x: Array, allowed: Array, along: str, name: str) -> str | None:
    mean = e.mean(axis=1, keepdims=True)
    if e.shape[1] < 3 or not _leaves(e, np.broadcast_to(mean, e.shape), allowed):
        return None
    amount = f"{mean[0, 0]:.6g}" if len(mean) == 1 else "one number for each slice"
    return (f"every entry lacks the same amount{along} ({amount}): a term with a sum or mean is missing, "
            "or has the wrong sign")  # fmt: skip


@np.errstate(all="ignore")
def _proportional(e: Array, x: Array, allowed: Array, along: str, name: str) -> str | None:
    share = (e * x).sum(axis=1, keepdims=True) / (x * x).sum(axis=1, keepdims=True)
    if e.shape[1] < 3 or not np.isfinite(share).all() or not _leaves(e, share * x, allowed):
        return None
    amount = f"{share[0, 0]:.6g}·{name}" if len(share) == 1 else f"a number for each slice, times {name}"
    return (f"what is missing is a multiple of {name} itself{along} ({amount}): a term such as weight decay, or "
            "the one through a norm, is missing or has the wrong sign")  # fmt: skip


@np.errstate(all="ignore")
def _affine(e: Array, x: Array, allowed: Array, along: str, name: str) -> str | None:
    centred = x - x.mean(axis=1, keepdims=True)
    share = (e * centred).sum(axis=1, keepdims=True) / (centred * centred).sum(axis=1, keepdims=True)
    fitted = e.mean(axis=1, keepdims=True) + share * centred
    if e.shape[1] < 4 or not np.isfinite(share).all() or not _leaves(e, fitted, allowed):
        return None
    return (f"what is missing is α + β·{name}{along}, with numbers α, β for each slice: one of the terms through "
            "mean and variance (LayerNorm's second and third) is missing or has the wrong sign")  # fmt: skip


def ratio_between(evidence: Evidence) -> str | None:
    """A sentence if every true entry is a fraction, of the same sign, of the given one: a slope may be missing."""
    if np.any(evidence.claimed == 0) or evidence.true.size < 3 or not np.all(evidence.wrong):
        return None
    ratio = evidence.true / evidence.claimed
    if np.any(ratio <= 0) or np.any(ratio > 1):
        return None
    limit, which = (("¼", "a sigmoid") if np.all(ratio <= 0.25) else ("1", "tanh"))  # fmt: skip
    return (f"every entry is too large, and the right one is between 0 and {limit} of it ({ratio.min():.3g} to "
            f"{ratio.max():.3g}): a factor σ′(z) may be missing, as of {which}")  # fmt: skip


@np.errstate(all="ignore")
def unexplained(evidence: Evidence) -> str | None:
    """A sentence that no suspicion is confirmed, with the range of the ratios; for several wrong entries."""
    wrong = evidence.wrong
    if wrong.sum() < 2:
        return None
    ratio = (evidence.claimed / evidence.true)[wrong]
    ratio = ratio[np.isfinite(ratio)]
    span = f": given/true runs from {ratio.min():.4g} to {ratio.max():.4g}" if ratio.size else ""
    return f"no usual slip explains all of the {int(wrong.sum())} wrong entries{span}"
