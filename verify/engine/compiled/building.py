"""From C source to a loaded library: compiled once, kept in the user's cache, verified before it is loaded."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from verify.engine.backends import Missing
from verify.engine.compiled.cache import key_of, user_cache
from verify.engine.compiled.compiler import FLAGS, Compiler, compiler, machine


def library_path(source: str, extra: Sequence[str] = (), depends: str = "") -> str:
    """The path of the shared library of a source; `extra` are flags, `depends` names what else it is made for.

    Raises `Missing` where there is no compiler, where it refuses, or where the cache is open to others.
    """
    found = compiler()
    try:
        flags = _flags(found)
        key = key_of(source, *flags, *extra, "\0", *found.command, found.version, machine(), depends)
        return str(user_cache().library(key, lambda: found.library(source, [*flags, *extra])))
    except OSError as failed:
        raise Missing(f"compiled code can be written to no folder ({failed}); use the numpy backend") from failed


def load(path: str) -> ctypes.CDLL:
    """The library in this process.  Raises `Missing` where the system refuses it."""
    try:
        return ctypes.CDLL(path)
    except OSError as failed:
        raise Missing(f"the compiled plan cannot be loaded ({failed}); use the numpy backend") from failed


_KNOWN: dict[Compiler, tuple[str, ...]] = {}


def _flags(found: Compiler) -> tuple[str, ...]:
    """The first flags that the compiler takes, tried once a process on a source that cannot be wrong."""
    if found not in _KNOWN:
        _KNOWN[found] = _tried(found)
    return _KNOWN[found]


def _tried(found: Compiler) -> tuple[str, ...]:
    refused: Missing | None = None
    for flags in FLAGS:
        key = key_of("flags", *flags, "\0", *found.command, found.version, machine())
        try:
            user_cache().library(key, lambda chosen=flags: found.library(_PROBE, chosen))  # type: ignore[misc]
        except Missing as failed:
            refused = failed
        else:
            return flags
    assert refused is not None
    raise refused


_PROBE = "#include <math.h>\ndouble probe(double u) { return exp(u); }\n"
