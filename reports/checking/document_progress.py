"""How far a long check is: one line of a terminal, wiped away before the report; nothing where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from reports.checking.characters import visible
from reports.wording import tell
from reports.wording.wrapping import columns
from verify.checking.answer import Answer
from verify.checking.question import Question
from verify.document.run import Asker

MOST_NAME = 40


def watched(asker: Asker, file: str, stream: TextIO | None = None) -> Asker:
    """The same asker, which says on `stream` (the error output) how many answers there are, if that is a terminal."""
    stream = stream or sys.stderr
    if not stream.isatty():
        return asker

    def answers(questions: Sequence[Question]) -> Iterator[Answer]:
        line = _said(stream, "", file, 0, len(questions)) if questions else ""
        try:
            for done, answer in enumerate(asker(questions), start=1):
                line = _said(stream, line, file, done, len(questions))
                yield answer
        finally:
            _wipe(stream, line)

    return answers


def _said(stream: TextIO, before: str, file: str, done: int, count: int) -> str:
    """Writes the line in place of the one before it."""
    name = visible(file)[-MOST_NAME:]
    line = tell("{file}: {done} of {count} equations", file=name, done=str(done), count=str(count))
    _wipe(stream, before)
    stream.write(line)
    stream.flush()
    return line


def _wipe(stream: TextIO, line: str) -> None:
    if line:
        stream.write(f"\r{' ' * columns(line)}\r")
        stream.flush()
