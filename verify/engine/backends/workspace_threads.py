"""How many threads BLAS uses during a call: set by threadpoolctl where it is installed, else left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any


@cache
def _libraries() -> tuple[Any, ...]:
    """The BLAS libraries of this process, as threadpoolctl finds them; none where it is not installed."""
    try:
        threadpoolctl = import_module("threadpoolctl")  # small, but not everybody has it
    except ImportError:
        return ()
    return tuple(threadpoolctl.ThreadpoolController().select(user_api="blas").lib_controllers)


@contextmanager
def limited(threads: int | None) -> Iterator[None]:
    """BLAS with so many threads; the numbers that were set before are restored."""
    changed = [] if threads is None else [(one, one.num_threads) for one in _libraries() if one.num_threads != threads]
    for library, _ in changed:
        library.set_num_threads(threads)
    try:
        yield
    finally:
        for library, before in changed:
            library.set_num_threads(before)
