"""What a caller gives, as arrays of the engine's type; what does not fit is named in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derive.network import Network

Numbers = np.ndarray[Any, Any]


def real(name: str, value: Any, dtype: np.dtype[Any]) -> Numbers:
    """An array of real numbers; `ValueError` where something else was given.

    What is too large for the type becomes infinite.
    """
    if type(value) is np.ndarray and value.dtype == dtype:
        return value
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} must have a number in every entry, and masked entries have none: fill them first")
    try:
        found = np.asarray(value)
    except (TypeError, ValueError):  # rows of different lengths, or what cannot be looked at as an array
        found = np.empty(0, object)
    if found.dtype.kind == "c":
        raise ValueError(f"{name} must be real, not complex")
    if found.dtype.kind not in "fiub":
        raise ValueError(f"{name} must be an array of real numbers")
    with np.errstate(over="ignore"):
        return found.astype(dtype)


def fits(name: str, value: Numbers, wanted: Sequence[int | str], known: dict[str, int]) -> None:
    """Compares a shape with what is wanted; a letter stands for one number, which `known` remembers.

    Raises `ValueError` naming both shapes.
    """
    if value.ndim == len(wanted):
        found = [known.setdefault(want, size) if isinstance(want, str) else want
                 for want, size in zip(wanted, value.shape, strict=True)]  # fmt: skip
        if list(value.shape) == found:
            return
    shown = f"({', '.join(str(known.get(str(one), one)) for one in wanted)}{',' if len(wanted) == 1 else ''})"
    raise ValueError(f"{name} must have the shape {shown}, not {value.shape}")


def shape(network: Network, role: str, layer: int) -> tuple[int | str, ...]:
    """The shape of `W` or `b` of a weight layer: (to, from), (to, from + 1) with the bias appended, or (to,)."""
    to, before = network.widths[layer], network.widths[layer - 1]
    if role == "b":
        return (to,)
    return (to, before + 1) if is_appended(network, layer) and isinstance(before, int) else (to, before)


def is_appended(network: Network, layer: int) -> bool:
    """Whether the bias of a weight layer is the last column of its weights."""
    return network.stack[layer - 1].bias == "appended"
