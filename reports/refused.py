"""Definitions that were refused, for a terminal: why, and where; nothing of theirs can turn or hide what is shown."""

from __future__ import annotations

from reports.checking.characters import cells, visible
from verify.programs.reading import NotDerived


def refused(error: NotDerived) -> list[str]:
    """The sentence, and where there is a text the line that it is about with a caret under the place."""
    said = [visible(error.message)]
    if not error.text:
        return said
    line, marks = error.pointed(error.text).split("\n")[:2]
    start = len(marks) - len(marks.lstrip())
    return [*said, visible(line), " " * cells(visible(line[:start])) + marks.lstrip()]
