"""What a network answers: outputs, the loss over many samples, and how many are classed right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from verify.engine.core import Engine

Array = np.ndarray[Any, Any]
_AT_ONCE = 4096  # samples of one pass


def outputs(engine: Engine, params: Mapping[str, Any], x: Array) -> Array:
    """The outputs (samples, outputs) for inputs (samples, inputs)."""
    return np.concatenate([engine.forward(params, x[at : at + _AT_ONCE]) for at in range(0, len(x), _AT_ONCE)])


def evaluate(engine: Engine, params: Mapping[str, Any], x: Array, y: Array, classed: bool) -> tuple[float, int | None]:
    """The mean loss over samples, and how many are classed right where the answers are classes."""
    spans = [slice(at, at + _AT_ONCE) for at in range(0, len(x), _AT_ONCE)]
    total = sum(float(engine.loss(params, x[span], y[span], reduction="sum")) for span in spans)
    right = int((classes(outputs(engine, params, x), y) == classes(y, y)).sum()) if classed else None
    return total / len(x), right


def classes(values: Array, y: Array) -> Array:
    """The class of each row: the place of its largest entry; of a single entry, whether it is above the middle.

    The middle is that of the targets `y`: ½ for 0 and 1, 0 for −1 and 1.
    """
    if values.shape[1] > 1:
        return np.asarray(values.argmax(1))
    middle = 0.0 if (y < 0).any() else 0.5
    return np.asarray(values[:, 0] > middle, int)
