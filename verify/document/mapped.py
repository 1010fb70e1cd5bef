"""Text that knows where it stands in a file: what is cut, joined or put in by a macro keeps its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[int, int]


@dataclass(frozen=True)
class Mapped:
    """Text, and for each of its characters where it begins and ends in the file."""

    text: str = ""
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.text) == len(self.starts) == len(self.ends):
            raise ValueError(f"{len(self.text)} characters with {len(self.starts)} and {len(self.ends)} places")

    @staticmethod
    def at(text: str, place: Place) -> Mapped:
        """Text that stands in the file as it is, beginning at `place[0]`, if it is as long as the place.

        Any other text has that place as a whole: a macro's text stands where the macro was called.
        """
        start, end = place
        if len(text) == end - start:
            return Mapped(text, tuple(range(start, end)), tuple(range(start + 1, end + 1)))
        return Mapped(text, (start,) * len(text), (end,) * len(text))

    @staticmethod
    def joined(parts: Iterable[Mapped]) -> Mapped:
        """Parts one behind the other."""
        parts = tuple(parts)
        return Mapped(
            "".join(part.text for part in parts),
            tuple(one for part in parts for one in part.starts),
            tuple(one for part in parts for one in part.ends),
        )

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int) -> Mapped:
        """The characters from `start` up to `end`."""
        return Mapped(self.text[start:end], self.starts[start:end], self.ends[start:end])

    def stripped(self) -> Mapped:
        """Without blanks at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))

    def place(self, start: int, end: int) -> Place:
        """Where characters `start` … `end` stand in the file; behind the last one for a place after all of them."""
        if not self.text:
            return 0, 0
        if start >= len(self.text):
            return self.ends[-1], self.ends[-1]
        last = max(start + 1, end)
        return min(self.starts[start:last]), max(self.ends[start:last])


class Lines:
    """Offsets in a text as lines and columns, both counted from 1."""

    def __init__(self, text: str) -> None:
        self._begins = [0, *(number + 1 for number, one in enumerate(text) if one == "\n")]

    def of(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset."""
        line = bisect_right(self._begins, offset)
        return line, offset - self._begins[line - 1] + 1
