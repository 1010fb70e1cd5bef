"""How Python calls a compiled plan: through a small extension module, or through ctypes where headers are missing.

Both ways have `call(*arguments)`, which gives a list of arrays, or `NotImplemented` where an argument is not of exactly
the type, layout and shape that the plan reads.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import importlib.util
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from verify.engine.backends import Missing
from verify.engine.compiled.building import library_path, load
from verify.engine.compiled.caller_source import SOURCE

ARRAY, NUMBER, WIDTH = range(3)
WEIGHTS, BIASES, X, Y, SAMPLES, WEIGHT, CONSTANT, LOSS, NOWHERE = range(9)
# Work, in entries read and written, from which other threads may use Python meanwhile.
LARGE = 20_000


@dataclass(frozen=True)
class Argument:
    """An argument or a result: `sizes` are lengths, or −1 − w for the width w; role and layer say where a network's
    caller has it (`NOWHERE` for a program's)."""

    sort: int
    sizes: tuple[int, ...]
    role: int = NOWHERE
    layer: int = 0
    key: str = ""


@dataclass(frozen=True)
class Signature:
    """What a compiled plan takes and gives; `depth` is the number of layers of a network."""

    dtype: str
    inputs: tuple[Argument, ...]
    results: tuple[Argument, ...]
    widths: int
    depth: int = 0


def caller(path: str, signature: Signature) -> Any:
    """Something with `call(*arguments)`, and, if it is an extension, `network(params, x, y, mean)`."""
    function = load(path).run
    try:
        module = _extension()
    except Missing:  # without headers it goes more slowly
        return PlainCaller(function, signature)
    address = ctypes.cast(function, ctypes.c_void_p).value
    number = np.dtype(signature.dtype).num
    inputs, results = (_rows(some) for some in (signature.inputs, signature.results))
    return module.Caller(address, number, signature.widths, signature.depth, LARGE, inputs, results)


def _rows(arguments: Sequence[Argument]) -> tuple[tuple[Any, ...], ...]:
    return tuple((one.sort, one.sizes, one.role, one.layer, one.key) for one in arguments)


@cache
def _extension() -> Any:
    """The extension module.  Raises `Missing` without Python.h or NumPy's headers."""
    folders = [sysconfig.get_paths()["include"], sysconfig.get_paths()["platinclude"], np.get_include()]
    if not any((Path(folder) / "Python.h").exists() for folder in folders):
        raise Missing("Python.h is not installed (Debian: python3-dev)")
    include = [f"-I{folder}" for folder in dict.fromkeys(folders)]
    path = library_path(SOURCE, ["-w", *include], f"{sys.version} {np.__version__}")
    loader = importlib.machinery.ExtensionFileLoader("backproof_caller", path)
    spec = importlib.util.spec_from_file_location("backproof_caller", path, loader=loader)
    if spec is None:
        raise Missing("Python does not load the extension module that calls compiled plans")
    try:
        module = importlib.util.module_from_spec(spec)
        loader.exec_module(module)
    except ImportError as failed:
        raise Missing(f"the extension module that calls compiled plans does not load ({failed})") from failed
    return module


@dataclass(frozen=True)
class PlainCaller:
    """The same calls through ctypes, which is in every Python."""

    function: Any
    signature: Signature

    def call(self, *arguments: Any) -> Any:
        """A list of arrays, or NotImplemented.  Raises `LinAlgError` for a singular matrix."""
        widths = [-1] * self.signature.widths
        given = list(zip(self.signature.inputs, arguments, strict=True))
        if not all(self._fits(one, value, widths) for one, value in given) or -1 in widths:
            return NotImplemented
        real = np.dtype(self.signature.dtype)
        arrays = [np.asarray(value, real) for one, value in given if one.sort != WIDTH]
        shapes = [[size if size >= 0 else widths[-1 - size] for size in one.sizes] for one in self.signature.results]
        results = [np.empty(shape, real) for shape in shapes]
        status = self.function((ctypes.c_int64 * (len(widths) + 1))(*widths), _addresses(arrays), _addresses(results))
        if status == 1:
            raise MemoryError("there is no room for the arrays of a compiled plan")
        if status == 2:
            raise np.linalg.LinAlgError("Singular matrix")
        return results

    def _fits(self, one: Argument, value: Any, widths: list[int]) -> bool:
        if one.sort == NUMBER:
            return True
        if one.sort == WIDTH:
            return self._width(one.sizes[0], int(value), widths)
        exact = type(value) is np.ndarray and value.dtype == self.signature.dtype and value.dtype.isnative
        if not exact or not value.flags.c_contiguous or not value.flags.aligned or value.ndim != len(one.sizes):
            return False
        return all(self._width(size, found, widths) for size, found in zip(one.sizes, value.shape, strict=True))

    @staticmethod
    def _width(size: int, found: int, widths: list[int]) -> bool:
        if size >= 0:
            return size == found
        if widths[-1 - size] < 0:
            widths[-1 - size] = found
        return widths[-1 - size] == found


def _addresses(arrays: Sequence[Any]) -> Any:
    return (ctypes.c_void_p * (len(arrays) + 1))(*(one.ctypes.data for one in arrays))
