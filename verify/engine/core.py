"""The engine: a derivation's matrix claims, running."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from derive.derivation import Derivation
from derive.network import Network
from verify.engine.scalar import compiled_entries
from verify.engine.source import Compiled, compiled_matrices
from verify.engine.statements import outputs

Gradients = dict[str, Any]


@dataclass(frozen=True)
class Engine:
    """Computes the loss and all gradients from the matrix form of a derivation.

    `engine(params, x, y)` takes `{"W": [W1, …], "b": [b1, …]}`, an entry a weight layer (None where a layer has none),
    with W of shape (to, from), or (to, from + 1) where the bias is appended.  `x` and `y` are one sample, (n0,) and
    (nL,), or a batch, (samples, n0) and (samples, nL); `reduction` says whether a batch's loss and gradients are the
    mean or the sum over its samples.  It returns the loss and `{"W": …, "b": …, "x": …}`; the gradient by x has x's
    own shape.  `view` is what is compiled: the derivation's matrix form or, for small networks, its entries.

    Where an output is 0 to the last bit, a loss with a logarithm is ∞ or not a number; it is returned as such.
    Raises `ValueError` naming the array whose shape does not fit.
    """

    derivation: Derivation
    view: Literal["matrix", "entries"] = "matrix"

    def __post_init__(self) -> None:
        if self.view not in ("matrix", "entries"):
            raise ValueError(f"view must be matrix or entries, not {self.view!r}")

    @cached_property
    def _compiled(self) -> Compiled:
        return compiled_entries(self.derivation) if self.view == "entries" else compiled_matrices(self.derivation)

    @property
    def source(self) -> str:
        """The Python source that runs."""
        return self._compiled.source

    def __call__(
        self,
        params: Mapping[str, Any],
        x: Any,
        y: Any,
        reduction: Literal["mean", "sum"] = "mean",
    ) -> tuple[float, Gradients]:
        """The loss and all its gradients."""
        if reduction not in ("mean", "sum"):
            raise ValueError(f"reduction must be mean or sum, not {reduction!r}")
        network = self.derivation.network
        x, y = _real("x", x), _real("y", y)
        if x.size == 0:
            raise ValueError("x holds no sample")
        single = x.ndim == 1
        rows, targets = np.atleast_2d(x), np.atleast_2d(y)
        _fits("x", rows, (len(rows), network.widths[0]))
        _fits("y", targets, (len(rows), network.widths[-1]))
        weight = 1.0 / len(rows) if reduction == "mean" else 1.0
        arguments = [*_parameters(self.derivation, params), rows, targets, *self._values(params)]
        # e^(−z) may overflow to ∞, and 1/(1 + ∞) is 0 as it should be; log 0 makes the loss itself ∞ or undefined.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            loss, *gradients, dx = self._compiled.function(*arguments)
        dx = np.broadcast_to(np.asarray(dx) * weight, rows.shape)
        result = _by_layer(self.derivation, [np.asarray(one) * weight for one in gradients])
        return float(np.sum(loss) * weight), {**result, "x": dx[0].copy() if single else dx.copy()}

    def _values(self, params: Mapping[str, Any]) -> list[float]:
        """The constants that the derivation leaves as letters."""
        names = self._compiled.arguments[self._compiled.arguments.index("y") + 1 :]
        given = params.get("constants", {})
        missing = [name for name in names if name not in given]
        if missing:
            raise ValueError(f"params['constants'] must give a number for {', '.join(missing)}")
        return [float(given[name]) for name in names]

    def _repr_markdown_(self) -> str:
        """What a notebook shows: the source."""
        return f"```python\n{self.source}\n```"

    def __reduce__(self) -> tuple[type[Engine], tuple[Derivation, str]]:
        return Engine, (self.derivation, self.view)


def _parameters(derivation: Derivation, params: Mapping[str, Any]) -> list[np.ndarray[Any, Any]]:
    """The parameters in the order of the compiled function, checked."""
    network = derivation.network
    found = []
    for array in outputs(derivation):
        given = params.get(array.role, ())
        value = given[array.layer - 1] if isinstance(given, Sequence) and len(given) >= array.layer else None
        if value is None:
            raise ValueError(f"params[{array.role!r}] has no entry for weight layer {array.layer}")
        value = _real(f"{array.role} of weight layer {array.layer}", value)
        _fits(f"{array.role} of weight layer {array.layer}", value, shape(network, array.role, array.layer))
        found.append(value)
    return found


def shape(network: Network, role: str, layer: int) -> tuple[int | str, ...]:
    """The shape of `W` or `b` of a weight layer: (to, from), (to, from + 1) with the bias appended, or (to,)."""
    to, before = network.widths[layer], network.widths[layer - 1]
    if role == "b":
        return (to,)
    appended = network.stack[layer - 1].bias == "appended" and isinstance(before, int)
    return (to, before + 1) if appended and isinstance(before, int) else (to, before)


def _real(name: str, value: Any) -> np.ndarray[Any, Any]:
    """An array of float64; `ValueError` where something else was given."""
    if np.iscomplexobj(value):
        raise ValueError(f"{name} must be real, not complex")
    return np.asarray(value, float)


def _fits(name: str, value: np.ndarray[Any, Any], wanted: tuple[int | str, ...]) -> None:
    agree = value.ndim == len(wanted) and all(
        isinstance(want, str) or want == size for want, size in zip(wanted, value.shape, strict=True)
    )
    if not agree:
        raise ValueError(f"{name} must have the shape {wanted}, not {value.shape}")


def _by_layer(derivation: Derivation, gradients: list[Any]) -> Gradients:
    depth = derivation.network.depth
    found: Gradients = {"W": [None] * depth, "b": [None] * depth}
    for array, gradient in zip(outputs(derivation), gradients, strict=True):
        found[array.role][array.layer - 1] = gradient
    return found
