"""How parameters start, one row each: the spread of the weights as a formula in the numbers of neurons.

Weights that all start equal stay equal, so they are drawn at random; how widely decides whether signals keep their
size from layer to layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import Any, Literal

import numpy as np
import sympy
from sympy import Expr, Integer

from derive.network import Layer
from derive.symbols import Scalar
from verify.training.parameters import Parameters
from verify.training.rules import known

before, to = Scalar("n", "training"), Scalar("m", "training")


@dataclass(frozen=True)
class Initial:
    """A row: weights from `normal` with the variance, or `uniform` on ±√(3 · variance); n inputs, m outputs.

    `biases` is the standard deviation of the biases.
    """

    name: str
    variance: Expr
    kind: Literal["normal", "uniform"]
    biases: float
    source: str

    def spread(self, inputs: int, outputs: int) -> float:
        """The standard deviation of the weights of a layer."""
        return sqrt(float(self.variance.subs({before: inputs, to: outputs})))


_ROWS = (
    Initial("xavier", 2 / (before + to), "uniform", 0.0, "Glorot and Bengio 2010, eq. 16"),
    Initial("he", 2 / before, "normal", 0.0, "He, Zhang, Ren, Sun 2015, eq. 10"),
    Initial("lecun", 1 / before, "normal", 0.0, "LeCun, Bottou, Orr, Müller 1998, section 4.6"),
    Initial("nielsen", 1 / before, "normal", 1.0, "Nielsen 2015, ch. 3, default_weight_initializer"),
    Initial("nielsen-large", Integer(1), "normal", 1.0, "Nielsen 2015, ch. 1, Network.__init__"),
    Initial("zeros", sympy.Integer(0), "normal", 0.0, "for one layer only, where nothing has to be told apart"),
)

INITIALS = {row.name: row for row in _ROWS}
CHOICES = ("auto", *INITIALS)


def initialise(parameters: Parameters, name: str, seed: int) -> None:
    """Draw all parameters; the same for the same seed.

    `auto` takes `he` for layers whose activation grows without bound and is bent, such as a ReLU, and `xavier` for the
    others.  Raises `TrainingError` for an unknown name.
    """
    rng = np.random.default_rng([seed, 1])
    for layer, row in enumerate(parameters.network.stack):
        chosen = known(_suited(row) if name == "auto" else name, INITIALS, "initialisation")
        weights, biases = (parameters.arrays[role][layer] for role in ("W", "b"))
        if weights is not None:
            outputs, inputs = weights.shape[0], int(parameters.network.widths[layer])
            weights[:, :inputs] = _drawn(rng, chosen, (outputs, inputs))
            weights[:, inputs:] = chosen.biases * rng.normal(size=(outputs, weights.shape[1] - inputs))
        if biases is not None:
            biases[:] = chosen.biases * rng.normal(size=biases.shape)


def _drawn(rng: np.random.Generator, row: Initial, shape: tuple[Any, int]) -> Any:
    spread = row.spread(shape[1], shape[0])
    if row.kind == "uniform":
        return rng.uniform(-sqrt(3) * spread, sqrt(3) * spread, shape)
    return spread * rng.normal(size=shape)


def _suited(layer: Layer) -> str:
    row = layer.row
    return "he" if row.high == inf and row.named and row.elementwise else "xavier"
