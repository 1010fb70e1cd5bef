"""Draws a readable point at random: short decimals, inside the loss's domain, away from every kink."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Layer, Network
from derive.tables.losses import Loss
from verify.oracles.arithmetic import Floats
from verify.oracles.errors import PointError
from verify.oracles.foreign import open_constants, shapes
from verify.oracles.forward import activation, affine, weights

Array = NDArray[np.float64]
_TRIES = 400
_MARGIN = 2e-3  # from a kink or the edge of the domain: far more than a finite-difference step
_M = Floats()


def draw(network: Network, seed: int) -> dict[str, Any]:
    """The fields of a `Point`.  Raises `PointError` where none of a few hundred tries gave a point that will do."""
    rng = np.random.default_rng(seed)
    wanted = shapes(network)
    constants = {name: float(rng.integers(2, 11)) / 10 for name in open_constants(network)}
    x = _decimals(rng, (int(network.widths[0]),), 1.0)
    y = _targets(rng, network.loss_row, int(network.widths[-1]), network.stack[-1].row.low)
    a, matrices, biases = x, [], []
    for number, (layer, pair) in enumerate(zip(network.stack, wanted, strict=True), 1):
        values = tuple(float(constants.get(n, 0) if v is None else v) for n, v in _constants(layer))
        last = (network.loss_row, y) if number == network.depth else None
        matrix, b, a = _layer(rng, layer, pair, values, a, last, number)
        matrices.append(matrix)
        biases.append(b)
    return {"W": tuple(matrices), "b": tuple(biases), "x": x, "y": y, "constants": constants}


def _constants(layer: Layer) -> list[tuple[str, Any]]:
    fixed = dict(layer.constants)
    return [(name, fixed.get(name, usual)) for name, usual in layer.row.constants.items()]


def _layer(rng: np.random.Generator, layer: Layer, pair: Any, constants: tuple[float, ...], a: Array,
           last: tuple[Loss, Array] | None, number: int) -> tuple[Array | None, Array | None, Array]:  # fmt: skip
    """W, b and the activations of a layer; the rows of neurons that will not do are drawn again.

    At first z = 0 will not do either: it makes entries 0, which tests nothing.
    """
    matrix, b = (None if shape is None else _parameter(rng, shape) for shape in pair)
    for attempt in range(_TRIES):
        with np.errstate(all="ignore"):
            z = affine(_M, *weights(layer, matrix, b), a)
            found = np.asarray(activation(_M, layer, constants, z), dtype=np.float64)
            bad = _unfit(layer, constants, z, found, last) | ((np.abs(z) < _MARGIN) & (attempt < _TRIES // 8))
        if not bad.any():
            return matrix, b, found
        for old in (matrix, b):
            if old is not None:
                old[bad] = _parameter(rng, old.shape)[bad]
    what = "inside the domain of the loss and " if last else ""
    where = f"layer {number} ({layer.activation}) is {what}away from every kink"
    raise PointError(f"no random point was found where {where}; give the values yourself")


def _unfit(layer: Layer, constants: tuple[float, ...], z: Array, a: Array, last: tuple[Loss, Array] | None) -> Any:
    """Which neurons stand at a kink, outside the loss's domain, or (all of them) in a layer that is dead."""
    bad = ~np.isfinite(a) | bool((a == 0).all())
    for kink in layer.row.kinks:
        bad |= np.abs(kink(z, *constants)) < _MARGIN
    if last is None:
        return bad
    row, y = last
    for distance in row.kinks:
        bad |= np.abs(distance(_M, a, y)) < _MARGIN
    return bad | (a <= row.low + _MARGIN) | (a >= row.high - _MARGIN)


def _parameter(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Decimals whose size keeps a sum over `from` neurons of order 1."""
    fan = shape[-1] if len(shape) == 2 else 1
    return _decimals(rng, shape, 0.9 if fan <= 4 else 2.5 / math.sqrt(fan))


def _decimals(rng: np.random.Generator, shape: tuple[int, ...], most: float) -> Array:
    """Nonzero multiples of 0.1, or of 0.01 where `most` is small, of either sign."""
    step = 10 if most >= 0.5 else 100
    values = rng.integers(1, max(2, round(most * step) + 1), shape) * rng.choice([-1, 1], shape)
    return np.asarray(values / step, dtype=np.float64)


def _targets(rng: np.random.Generator, row: Loss, width: int, low: float) -> Array:
    if row.one_hot:
        return np.eye(width)[rng.integers(width)]
    if row.normalised:
        return _parts(rng, width)
    if row.signs:
        return np.asarray(rng.choice([-1.0, 1.0], width))
    values = np.asarray(rng.integers(1, 10, width) / 10, dtype=np.float64)
    free = row.target[0] < 0 and low < 0
    return np.asarray(values * rng.choice([-1, 1], width)) if free else values


def _parts(rng: np.random.Generator, width: int) -> Array:
    """Positive short decimals with the sum 1."""
    units = next(n for n in (10, 20, 50, *(10**k for k in range(2, 12))) if n >= 2 * width)
    cuts = np.sort(rng.choice(np.arange(1, units), width - 1, replace=False))
    return np.asarray(np.diff(np.concatenate(([0], cuts, [units]))) / units, dtype=np.float64)
