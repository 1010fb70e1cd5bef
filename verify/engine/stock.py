"""Functions that generated code needs and NumPy lacks; they are printed into the source that a reader sees."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np


def softmax(z: Any) -> Any:
    """e^z / Σ e^z over the last axis; the largest z is taken off first: that changes nothing, and cannot overflow."""
    powers = np.exp(z - z.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def with_one(a: Any) -> Any:
    """[a; 1]: every sample with a 1 appended."""
    return np.concatenate([a, np.ones((len(a), 1))], axis=1)


def erf(u: Any) -> Any:
    """The error function, entry by entry."""
    return np.vectorize(math.erf, otypes=[float])(u)


def logsumexp(z: Any, axes: Any) -> Any:
    """log Σ e^z over some axes; the largest z is taken off first, so that nothing overflows."""
    top = z.max(axes, keepdims=True)
    return np.log(np.exp(z - top).sum(axes)) + np.squeeze(top, axes)


def entries(x: Any, *places: Any) -> Any:
    """x at these places, counted from 1; what lies beyond the ends of an axis is 0."""
    pairs = list(zip(np.broadcast_arrays(*places), x.shape, strict=True))
    inside = np.all([(at >= 1) & (at <= size) for at, size in pairs], axis=0)
    return np.where(inside, x[tuple(np.clip(at - 1, 0, size - 1) for at, size in pairs)], 0)


STOCK = {function.__name__: function for function in (softmax, with_one, erf, logsumexp, entries)}


def source_of(name: str) -> str:
    """The source of one of these functions, without its type annotations."""
    return inspect.getsource(STOCK[name]).replace(": Any", "").replace(" -> Any", "")
