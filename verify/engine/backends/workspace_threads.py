"""How many threads BLAS uses during a call: set by threadpoolctl where it is installed, else left as it is.

The number belongs to the whole process: calls in other threads have the same meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


@cache
def _libraries() -> tuple[Any, ...]:
    """NumPy's BLAS library, as threadpoolctl finds it; none where that is not installed."""
    try:
        threadpoolctl = import_module("threadpoolctl")  # small, but not everybody has it
    except ImportError:
        return ()
    found = threadpoolctl.ThreadpoolController().select(user_api="blas").lib_controllers
    return tuple([one for one in found if "numpy" in str(one.filepath)] or found)


def limited(threads: int, function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function with BLAS at so many threads; the numbers that were set before are restored."""
    changed = [(one, before) for one in _libraries() if (before := one.get_num_threads()) != threads]
    for library, _ in changed:
        library.set_num_threads(threads)
    try:
        return function(*arguments)
    finally:
        for library, before in changed:
            library.set_num_threads(before)
