"""A network's parameters, input and targets as the arrays of its program, and the program's gradients as its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.network import Network
from verify.certificates.machine import Floats
from verify.certificates.values import real, rounded
from verify.oracles.errors import PointError
from verify.oracles.foreign import numbered, open_constants, shapes
from verify.oracles.point import Point


@dataclass(frozen=True, eq=False)
class NetworkValues:
    """The floats of every letter of a network's program; x and y have a row for each of the samples."""

    given: Mapping[str, Floats]
    samples: int
    single: bool

    def of(self, number: int) -> dict[str, Floats]:
        """The floats of one sample."""
        return {name: value[number] if name in ("x", "y") else value for name, value in self.given.items()}


def values(network: Network, given: Point | Mapping[str, Any], dtype: str) -> NetworkValues:
    """The floats from a point, or from `{"W": [...], "b": [...], "x": …, "y": …, "constants": {…}}`.

    x and y are one sample or a batch, a row each.  Raises `PointError` for what is missing or does not fit.
    """
    if isinstance(given, Point):
        given = {"W": given.W, "b": given.b, "x": given.x, "y": given.y, "constants": given.constants}
    widths = numbered(network)
    found: dict[str, Floats] = {}
    for number, pair in enumerate(shapes(network), 1):
        for role, shape in zip("Wb", pair, strict=True):
            if shape is not None:
                found |= _parameter(network, role, number, _entry(given, role, number), shape, dtype)
    constants = given.get("constants") or {}
    found |= {name: rounded(f"the constant {name}", _named(constants, name), dtype) for name in open_constants(network)}
    rows = {name: rounded(name, _named(given, name), dtype) for name in ("x", "y")}
    single = rows["x"].ndim == 1
    for name, width in (("x", widths[0]), ("y", widths[-1])):
        rows[name] = _rows(name, rows[name], width, single)
    if len(rows["x"]) != len(rows["y"]):
        raise PointError(f"x has {len(rows['x'])} samples, but y has {len(rows['y'])}")
    return NetworkValues({**found, **rows}, len(rows["x"]), single)


def _rows(name: str, value: Floats, width: int, single: bool) -> Floats:
    if value.ndim not in (1, 2) or value.shape[-1] != width or (value.ndim == 1) != single or not value.size:
        wanted = f"({width},)" if single else f"(samples, {width})"
        raise PointError(f"{name} must have the shape {wanted}, not {value.shape}")
    return value.reshape(-1, width)


def _named(given: Mapping[str, Any], name: str) -> Any:
    if name not in given:
        raise PointError(f"no value was given for {name}")
    return given[name]


def _entry(given: Mapping[str, Any], role: str, number: int) -> Any:
    parts = given.get(role)
    if not isinstance(parts, Sequence) or len(parts) < number or parts[number - 1] is None:
        raise PointError(f"{role} has no entry for weight layer {number}")
    return parts[number - 1]


def _parameter(
    network: Network, role: str, number: int, value: Any, shape: tuple[int, ...], dtype: str
) -> dict[str, Floats]:
    array = rounded(f"{role} of weight layer {number}", value, dtype)
    if array.shape != shape:
        raise PointError(f"{role} of weight layer {number} must have the shape {shape}, not {array.shape}")
    if role == "W" and network.stack[number - 1].bias == "appended":
        return {f"W{number}": np.ascontiguousarray(array[:, :-1]), f"b{number}": array[:, -1].copy()}
    return {f"{role}{number}": array}


def gradients(network: Network, given: Mapping[str, Any], held: NetworkValues) -> dict[str, Floats]:
    """The computed gradients by the program's letters, `x` only where it is given; raises `PointError`."""
    found: dict[str, Floats] = {}
    for number, pair in enumerate(shapes(network), 1):
        for role, shape in zip("Wb", pair, strict=True):
            if shape is not None:
                found |= _gradient(network, role, number, _entry(given, role, number), shape)
    if given.get("x") is not None:
        value, wanted = real("the gradient by x", given["x"]), held.given["x"].shape
        if value.shape != (wanted[1:] if held.single else wanted):
            raise PointError(f"the gradient by x must have the shape of x, not {value.shape}")
        found["x"] = value
    return found


def _gradient(network: Network, role: str, number: int, value: Any, shape: tuple[int, ...]) -> dict[str, Floats]:
    array = real(f"the gradient by {role} of weight layer {number}", value)
    if array.shape != shape:
        raise PointError(
            f"the gradient by {role} of weight layer {number} must have the shape {shape}, not {array.shape}"
        )
    if role == "W" and network.stack[number - 1].bias == "appended":
        return {f"W{number}": array[:, :-1], f"b{number}": array[:, -1]}
    return {f"{role}{number}": array}
