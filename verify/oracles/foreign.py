"""Reads a point from foreign JSON and says, in one sentence, what does not fit and where."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.network import Layer, Network
from derive.tables.losses import Loss
from verify.oracles.errors import PointError

KEYS = ("W", "b", "x", "y", "constants")
_ROUNDING = 2.0**-50


def numbered(network: Network) -> tuple[int, ...]:
    """The widths, if all are numbers; `PointError` otherwise."""
    for place, width in enumerate(network.widths):
        if not isinstance(width, int):
            raise PointError(f"a point needs widths that are numbers, but layer {place} has the width {width}")
    return tuple(int(width) for width in network.widths)


def shapes(network: Network) -> list[tuple[tuple[int, int] | None, tuple[int] | None]]:
    """The shapes of W and of b in each layer; None where there is none."""
    widths, found = numbered(network), list[tuple[tuple[int, int] | None, tuple[int] | None]]()
    for before, width, layer in zip(widths, widths[1:], network.stack, strict=False):
        matrix = None if layer.bias_only else (width, before + (layer.bias == "appended"))
        found.append((matrix, (width,) if layer.bias == "separate" else None))
    return found


def open_constants(network: Network) -> tuple[str, ...]:
    """The constants to which neither the network nor the row gives a value."""
    names = [name for layer in network.stack for name in _open(layer)]
    return tuple(dict.fromkeys(names))


def _open(layer: Layer) -> list[str]:
    fixed = dict(layer.constants)
    return [name for name, usual in layer.row.constants.items() if fixed.get(name, usual) is None]


def read(network: Network, data: Any) -> dict[str, Any]:
    """The parts that are given, as arrays of the right shapes."""
    if not isinstance(data, Mapping):
        raise PointError(f"a point must be an object with the keys {', '.join(KEYS)}, not {_kind(data)}")
    for key in data:
        if key not in KEYS:
            raise PointError(f"a point has the keys {', '.join(KEYS)}, not {key!r}")
    widths, wanted = numbered(network), shapes(network)
    found: dict[str, Any] = {}
    for key, part in (("W", 0), ("b", 1)):
        if key in data:
            found[key] = _parameters(key, data[key], [pair[part] for pair in wanted], network)
    for key, width in (("x", widths[0]), ("y", widths[-1])):
        if key in data:
            found[key] = _array(key, data[key], (width,))
    if "y" in found:
        check_targets(network.loss_row, found["y"])
    if "constants" in data:
        found["constants"] = _constants(network, data["constants"])
    return found


def _parameters(key: str, given: Any, wanted: list[Any], network: Network) -> list[Any]:
    if not isinstance(given, list) or len(given) != len(wanted):
        got = f"a list of {len(given)}" if isinstance(given, list) else _kind(given)
        raise PointError(
            f"{key} must be a list with one entry for each of the {network.depth} weight layers, not {got}"
        )
    found = []
    for number, (one, shape) in enumerate(zip(given, wanted, strict=True), 1):
        if shape is None and one is not None:
            raise PointError(f"{key} of layer {number} must be null, since that layer has no {key} of its own")
        found.append(None if shape is None else _array(f"{key} of layer {number}", one, shape))
    return found


def _array(name: str, given: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    _fits(name, name, given, shape, shape)
    return np.array(given, dtype=np.float64)


def _fits(name: str, where: str, given: Any, shape: tuple[int, ...], whole: tuple[int, ...]) -> None:
    """Walks the lists, so that the message can name the place."""
    if not shape:
        _finite(where, given)
        return
    if not isinstance(given, list) or len(given) != shape[0]:
        form = " rows of ".join(str(size) for size in whole) + " numbers"
        got = f"{len(given)} entries" if isinstance(given, list) else _kind(given)
        raise PointError(f"{name} must be a list of {form}, but {where} has {got}" if where != name else
                         f"{name} must be a list of {form}, not {got}")  # fmt: skip
    for place, one in enumerate(given, 1):
        inner = "entry" if len(shape) == 1 else "row"
        _fits(name, f"{inner} {place} of {where}", one, shape[1:], whole)


def _finite(where: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise PointError(f"{where} must be a number, not {_kind(given)}")
    if (isinstance(given, int) and abs(given) > 10**300) or not math.isfinite(given):
        raise PointError(f"{where} must be a finite number that float64 can hold")
    return float(given)


def check_targets(row: Loss, y: NDArray[np.float64]) -> None:
    """Raises `PointError` where the targets are not what the loss is defined for."""
    low, high = row.target
    for place, value in enumerate(y.tolist(), 1):
        if not low <= value <= high:
            span = f"between {low:g} and {high:g}" if math.isfinite(high) else f"at least {low:g}"
            raise PointError(f"entry {place} of y must be {span} for {row.title}, not {value:g}")
    if row.one_hot and (sorted(set(y.tolist())) not in ([0.0, 1.0], [1.0]) or y.sum() != 1):
        raise PointError(f"y must be one 1 among 0s for {row.title}, not {y.tolist()}")
    if row.normalised and abs(math.fsum(y.tolist()) - 1) > len(y) * _ROUNDING:
        raise PointError(
            f"the entries of y must sum to 1 for {row.title}, but they sum to {math.fsum(y.tolist()):.17g}"
        )


def _constants(network: Network, given: Any) -> dict[str, float]:
    names = open_constants(network)
    if not isinstance(given, Mapping):
        raise PointError(f"constants must be an object of numbers by name, not {_kind(given)}")
    for name in given:
        if name not in names:
            raise PointError(f"this network leaves the constants {', '.join(names) or '(none)'} open, not {name!r}")
    return {name: _finite(f"the constant {name}", value) for name, value in given.items()}


def _kind(given: Any) -> str:
    names = {bool: "a boolean", str: "a text", dict: "an object", list: "a list", type(None): "null"}
    return names.get(type(given), f"the number {given}" if isinstance(given, int | float) else type(given).__name__)
