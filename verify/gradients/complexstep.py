"""The complex step for a foreign function: Im F(θ + ih)/h, where nothing is subtracted and h may be 10⁻³⁰.

Squire and Trapp 1998, SIAM Review 40, 110–112.  It is right only if f is analytic in the code as well as on paper:
`abs`, `conj` or a comparison may drop the imaginary part without a word.  So it may confirm an entry, not convict.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.objective import Objective, numbers
from verify.oracles.complexstep import STEP

Array = NDArray[Any]


def complex_steps(objective: Objective, theta: Array, places: Array) -> Array | None:
    """The derivatives by these entries; None where f does not take complex arrays, or answers with real ones."""
    if any(leaf.library.name == "number" for leaf in objective.tree.leaves):
        return None
    found = np.empty(places.size)
    for number, at in enumerate(places):
        moved = theta.astype(np.complex128)
        moved[at] += 1j * STEP
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("error")  # NumPy only warns when it drops an imaginary part
                outputs = numbers(objective.call(moved, "complex128"))
        except Exception:  # any refusal says that f is for real numbers
            return None
        if outputs.dtype.kind != "c" or outputs.size != objective.weights.size:
            return None
        found[number] = float(objective.weights @ outputs.imag) / STEP
    return found if np.isfinite(found).all() else None
