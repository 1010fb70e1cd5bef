"""The numbers that are given: found by letter, finite, of the right shapes, and rounded to the floats in question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import Expr

from derive.program import Program
from derive.symbols import Array, Width
from verify.certificates.machine import Floats
from verify.oracles.errors import PointError

DTYPES = {"float64": 53, "float32": 24}


def unit(dtype: str) -> int:
    """The bits of a kind of float; `PointError` for any other."""
    if dtype not in DTYPES:
        raise PointError(f"dtype must be {' or '.join(DTYPES)}, not {dtype!r}")
    return DTYPES[dtype]


def rounded(name: str, value: Any, dtype: str) -> Floats:
    """Real, finite numbers as the floats of a kind, held in float64."""
    found = real(name, value)
    near = found
    if dtype != "float64":
        with np.errstate(over="ignore"):
            near = found.astype(dtype).astype(np.float64)
    if not np.isfinite(near).all():
        if not np.isfinite(found).all():
            raise PointError(f"{name} must hold finite numbers, but {_place(name, ~np.isfinite(found))} is not finite")
        raise PointError(f"{_place(name, ~np.isfinite(near))} is larger than any {dtype}")
    return near


def real(name: str, value: Any) -> Floats:
    """An array of float64, finite or not; `PointError` where something else was given."""
    try:
        array = np.asarray(value)
        kind = array.dtype.kind
    except ValueError:
        raise PointError(f"{name} must be an array of numbers whose rows have one length") from None
    if kind not in "iuf":
        what = {"c": "complex", "b": "booleans"}.get(kind, "no numbers")
        raise PointError(f"{name} must hold real numbers; these are {what}")
    return np.asarray(array, dtype=np.float64)


def _place(name: str, bad: Any) -> str:
    place = np.argwhere(bad)[0]
    return f"entry ({', '.join(str(int(one) + 1) for one in place)}) of {name}" if bad.ndim else name


def found(kind: str, given: Mapping[str, Any], letter: str, dtype: str) -> Floats:
    """The floats of a letter."""
    if letter not in given:
        raise PointError(f"{kind} has no entry for {letter!r}; it has {', '.join(map(repr, given)) or 'none'}")
    return rounded(letter, given[letter], dtype)


def sizes_of(program: Program, given: Mapping[str, Floats], stated: Mapping[str, int]) -> dict[Expr, int]:
    """The widths, from the shapes of what is given, from the program, and as stated.

    Raises `PointError` where two of them differ, or an array has another number of axes.
    """
    sizes: dict[Expr, int] = {**program.sizes}
    for name, size in stated.items():
        _meet(sizes, Width(name), size, f"sizes gives {name} = {size}")
    for one in program.inputs:
        value = given[one.name]
        spaces = one.spaces if isinstance(one, Array) else ()
        if value.ndim != len(spaces):
            raise PointError(f"{one.name} must have {_axes(len(spaces))}, not the shape {value.shape}")
        for space, size in zip(spaces, value.shape, strict=True):
            _meet(sizes, space.size, size, f"{one.name} has the shape {value.shape}")
    return sizes


def _axes(count: int) -> str:
    return "no axes, since it is a number" if not count else f"{count} axes" if count > 1 else "1 axis"


def _meet(sizes: dict[Expr, int], width: Expr, size: int, where: str) -> None:
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise PointError(f"{where}: sizes are whole numbers above 0")
    known = sizes.setdefault(width, size) if isinstance(width, Width) else int(width)
    if known != size:
        raise PointError(f"{where}, but {width} is {known}" + (" elsewhere" if isinstance(width, Width) else ""))
