"""The complex step: the derivative along a line as Im E(t + ih)/h, where nothing is subtracted and h may be 10⁻³⁰.

Squire and Trapp 1998, SIAM Review 40, 110–112.  `abs` and `choose` go by the branch of the real part.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Network
from verify.oracles.arithmetic import Complexes
from verify.oracles.directions import Lines
from verify.oracles.forward import Pass, tail
from verify.oracles.point import Point

STEP = 1e-30


@np.errstate(all="ignore")
def complex_step(network: Network, point: Point, done: Pass, along: Lines) -> NDArray[Any]:
    """The derivative along each line; nan where float64 overflows on the way or leaves the domain of the loss."""
    scale = np.abs(along.d).max(axis=1, keepdims=True)
    h = STEP / np.where(scale > 0, scale, 1)
    z = done.z[along.number - 1] + 1j * h * along.d
    return np.asarray(np.imag(tail(network, point, Complexes(), along.number, z).loss) / h[:, 0])
