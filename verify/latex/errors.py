"""What the reader says when it cannot read: one sentence, and the place in the text."""

from __future__ import annotations


class Unreadable(ValueError):
    """Raised for what was not understood; `start` and `end` are offsets in the text that was given."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message, start, end)
        self.message = message
        self.start = start
        self.end = end

    def __str__(self) -> str:
        return f"{self.message} (at {self.start}–{self.end})"

    def pointed(self, text: str, width: int = 60) -> str:
        """The message under the line that it is about, with a caret under each character that was not understood."""
        first = text.rfind("\n", 0, self.start) + 1
        last = text.find("\n", self.start)
        line = text[first : len(text) if last < 0 else last]
        column = self.start - first
        cut = max(0, column - width)
        carets = max(1, min(self.end, first + len(line)) - self.start)
        return f"{line[cut : column + carets + width]}\n{' ' * (column - cut)}{'^' * carets}\n{self.message}"
