"""Workspaces that are kept from call to call, one for each set of widths and each call that runs at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import Context
from typing import Any

import numpy as np

_MOST_SIZES = 4  # sets of widths whose workspaces are kept
_MOST_EACH = 2  # workspaces that are kept for each: for so many threads
_BY_CONTEXT = np.lib.NumpyVersion(np.__version__) >= "2.0.0"  # what is ignored belongs to a context, not to a thread


class Room:
    """A workspace, and a context in which NumPy is silent: e^(−z) may be ∞, and 1/(1 + ∞) is 0 as it should be."""

    __slots__ = ("arrays", "run")

    def __init__(self, arrays: tuple[Any, ...]) -> None:
        self.arrays = arrays
        self.run: Callable[..., Any] = _quietly
        if _BY_CONTEXT:  # entering a context that is there costs a tenth of setting and resetting
            context = Context()
            context.run(np.seterr, all="ignore")
            self.run = context.run


def _quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    with silent():
        return function(*arguments)


def silent() -> AbstractContextManager[Any]:
    """NumPy without warnings about numbers."""
    return np.errstate(all="ignore")


class Rooms:
    """Hands out workspaces; what runs at the same time never has the same one."""

    def __init__(self, make: Callable[..., tuple[Any, ...]]) -> None:
        self.make = make
        self._kept: dict[tuple[int, ...], list[Room]] = {}
        self._lock = threading.Lock()

    def take(self, widths: tuple[int, ...]) -> Room:
        """A workspace that nobody else has."""
        try:
            return self._kept[widths].pop()
        except (KeyError, IndexError):
            return Room(self.make(*widths))

    def give(self, widths: tuple[int, ...], room: Room) -> None:
        """Keeps a workspace for the next call, unless there are enough."""
        kept = self._kept.get(widths)
        if kept is None:
            with self._lock:
                while len(self._kept) >= _MOST_SIZES:
                    del self._kept[next(iter(self._kept))]
                kept = self._kept.setdefault(widths, [])
        if len(kept) < _MOST_EACH:
            kept.append(room)

    @property
    def count(self) -> int:
        """How many workspaces are kept."""
        return sum(map(len, self._kept.values()))
