"""Scalings of the inputs, one row each: fitted on the samples that are learned from, applied to all.

A column that never changes is only moved, not stretched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Expr

from derive.symbols import Scalar
from verify.training.errors import TrainingError
from verify.training.rules import known

Array = np.ndarray[Any, Any]


def _letter(name: str) -> Scalar:
    return Scalar(name, "training")


x, centre, width = _letter("x"), _letter("c"), _letter("w")


@dataclass(frozen=True)
class Scaling:
    """A row: x ← (x − c) / w.  `fit` gives c and w, (inputs,), from samples (samples, inputs).

    Without `fit` w is each sample's own length.

    `means` says what c and w are.
    """

    name: str
    fit: Callable[[Array], tuple[Array, Array]] | None
    means: str
    source: str = ""

    @property
    def value(self) -> Expr:
        """What is written for x."""
        return (x - centre) / width if self.fit is not None else x / width


def _nothing(values: Array) -> tuple[Array, Array]:
    return np.zeros(values.shape[1]), np.ones(values.shape[1])


def _range(values: Array) -> tuple[Array, Array]:
    low = values.min(0)
    return low, _stretch(values.max(0) - low, values)


def _spread(values: Array) -> tuple[Array, Array]:
    return values.mean(0), _stretch(values.std(0), values)


def _stretch(width: Array, values: Array) -> Array:
    """The divisor; 1 for a column that does not change, whatever rounding makes of its spread, and however small."""
    return np.where((values.max(0) > values.min(0)) & (width > 0), width, 1.0)


_ROWS = (
    Scaling("none", _nothing, "the inputs stay as they are"),
    Scaling("min-max", _range, "c is the smallest value of an input, w its range: then 0 ≤ x ≤ 1",
            "Han, Kamber, Pei 2012, section 3.5.2"),
    Scaling("standardise", _spread, "c is the mean of an input, w its standard deviation",
            "LeCun, Bottou, Orr, Müller 1998, section 4.3"),
    Scaling("l2", None, "w is the length of the sample, so that each sample has length 1"),
)  # fmt: skip

SCALINGS = {row.name: row for row in _ROWS}


@dataclass(frozen=True, eq=False)
class Fitted:
    """A scaling with what it learned from the samples; `fitted(x)` scales others."""

    row: Scaling
    centre: Array
    width: Array

    def __call__(self, values: Array) -> Array:
        """Scaled inputs, (samples, inputs)."""
        if self.row.fit is None:
            lengths = np.sqrt((values**2).sum(1, keepdims=True))
            return values / np.where(lengths > 0, lengths, 1.0)
        return (values - self.centre) / self.width


def fit(name: str, values: Array) -> Fitted:
    """A scaling fitted on inputs (samples, inputs); `TrainingError` for an unknown name, and for too large numbers."""
    row: Scaling = known(name, SCALINGS, "scaling")
    with np.errstate(all="ignore"):  # what is not finite is looked for
        found = Fitted(row, *(row.fit or _nothing)(values))
        bad = ~np.isfinite(found(values)).all(0)
    if bad.any():
        place = int(np.flatnonzero(bad)[0]) + 1
        raise TrainingError(f"input {place} holds numbers too large to be scaled by {name}; divide that column before")
    return found
