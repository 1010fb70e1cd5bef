"""How far the reader of a batch may be ahead of what is written: so many lines, and so many bytes of them."""

from __future__ import annotations

import threading

MOST_LINES = 1_024
MOST_BYTES = 32 * 1024**2


class Room:
    """Lines enter before they are asked about and leave when their answers are written."""

    def __init__(self, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self._most_lines, self._most_bytes = most_lines, most_bytes
        self._lines = self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def enter(self, size: int) -> bool:
        """Wait until a line of so many bytes fits, or is alone; False when the room has been closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._fits(size))
            self._lines += 1
            self._bytes += size
            return not self._closed

    def leave(self, size: int) -> None:
        """A line is written."""
        with self._changed:
            self._lines -= 1
            self._bytes -= size
            if 4 * self._lines <= 3 * self._most_lines:  # sooner, both sides would wake each other for every line
                self._changed.notify()

    def close(self) -> None:
        """Nobody need enter any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _fits(self, size: int) -> bool:
        return not self._lines or (self._lines < self._most_lines and self._bytes + size <= self._most_bytes)
