"""Where the answers of a batch go: a file that is whole or not there, with a part that an interrupted run leaves.

Answers are appended, a line at a time, to `NAME.part`, which becomes `NAME` when it is complete.  An interruption at
any moment leaves every answer that was written in the part; a torn last line is dropped when a run resumes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

if sys.platform != "win32":
    import fcntl

OPENING = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class BatchError(Exception):
    """Why a batch cannot be begun or gone on with, in one sentence."""


class Sink(Protocol):
    """What takes answers."""

    def kept(self) -> Iterator[Given]:
        """The answers of an earlier run, in order."""

    def write(self, line: bytes) -> None:
        """Take a whole line."""

    def finish(self) -> None:
        """All answers are there."""

    def leave(self) -> str:
        """Stop before the end; returns where the answers are, as the end of a sentence, or nothing."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that an earlier run gave: its id, the number of its line if it says one, and its verdict."""

    id: Any
    line: int | None
    verdict: str


def sink(target: Any, resume: bool, source: os.stat_result | None) -> Sink:
    """Where to write; raises `BatchError`.  What is no regular file (`/dev/stdout`, a pipe) is written to directly.

    `source` is what the system knows of the input, where that is a file.
    """
    if not isinstance(target, str | os.PathLike):
        return _Stream(target, resume)
    path = Path(target)
    with _said(path):
        path = path.resolve() if path.is_symlink() else path
        if path.is_dir():
            raise BatchError(f"{path} is a folder; the answers need a file")
        for one in (path, _part(path)):
            if source and one.exists() and os.path.samestat(source, one.stat()):
                raise BatchError(f"{one} is the input; the answers need a file of their own")
        if path.exists() and not path.is_file():
            return _Stream(path, resume)
        if resume and path.exists() and not _part(path).exists():
            return _Complete(path)
        return _File(path, resume)


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


class _said:
    """Turns the errors of the system about a path into one sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError | ValueError | RuntimeError) and not isinstance(error, BrokenPipeError):
            why = getattr(error, "strerror", None) or str(error)
            raise BatchError(f"{str(self.path)!r} cannot be written: {why}") from error


class _Stream:
    """An open stream, or a device: every line is flushed, nothing can be resumed."""

    def __init__(self, target: Any, resume: bool) -> None:
        if resume:
            raise BatchError("only a batch that is written to a file can be resumed")
        self.ours = isinstance(target, Path)
        self.stream: BinaryIO = target.open("wb") if self.ours else getattr(target, "buffer", target)

    def kept(self) -> Iterator[Given]:
        return iter(())

    def write(self, line: bytes) -> None:
        with _said(Path("the output")):
            self.stream.write(line)
            self.stream.flush()

    def finish(self) -> None:
        self.leave()

    def leave(self) -> str:
        if self.ours:
            with suppress(OSError):  # every line was flushed: what could not be written has been said
                self.stream.close()
        return ""


class _Complete:
    """A file that is there already: resuming adds nothing to it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def kept(self) -> Iterator[Given]:
        with _said(self.path), self.path.open("rb") as stream:
            yield from _answers(self.path, stream)

    def write(self, line: bytes) -> None:
        raise BatchError(f"{self.path} has fewer answers than the input has records; it is complete for another input")

    def finish(self) -> None:
        return None

    def leave(self) -> str:
        return ""


class _File:
    """A part that grows by whole lines and takes its name at the end; one run at a time may hold it."""

    def __init__(self, path: Path, resume: bool) -> None:
        self.path, self.part = path, _part(path)
        if self.part.exists() and not self.part.is_file():
            raise BatchError(f"{self.part} is in the way")
        with _said(self.part):
            self.handle = self._locked()
            if resume:
                os.ftruncate(self.handle, _whole(self.part))
            else:
                os.ftruncate(self.handle, 0)
            os.lseek(self.handle, 0, os.SEEK_END)

    def _locked(self) -> int:
        """The part, open and locked; a part that was renamed between the two is not ours."""
        while True:
            handle = os.open(self.part, OPENING, 0o666)
            try:
                _lock(handle, self.part)
                if self.part.exists() and os.path.samestat(os.fstat(handle), self.part.stat()):
                    return handle
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)

    def kept(self) -> Iterator[Given]:
        with _said(self.part), self.part.open("rb") as stream:
            yield from _answers(self.part, stream)

    def write(self, line: bytes) -> None:
        with _said(self.part):
            while line:
                line = line[os.write(self.handle, line) :]

    def finish(self) -> None:
        with _said(self.path):
            if self.path.exists():
                shutil.copymode(self.path, self.part)
            os.fsync(self.handle)
            if sys.platform == "win32":  # there an open file cannot be renamed
                os.close(self.handle)
                self.part.replace(self.path)
            else:
                self.part.replace(self.path)
                os.close(self.handle)

    def leave(self) -> str:
        os.close(self.handle)
        if not self.part.stat().st_size:
            self.part.unlink()
            return ""
        return f"the answers so far are in {self.part}, and --resume goes on from there"


def _lock(handle: int, part: Path) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BatchError(f"another batch is writing {part}") from error


def _whole(part: Path) -> int:
    """How many bytes of a part are whole lines."""
    with part.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        while size:
            start = max(0, size - (1 << 16))
            stream.seek(start)
            at = stream.read(size - start).rfind(b"\n")
            if at >= 0:
                return start + at + 1
            size = start
    return 0


def _answers(path: Path, stream: BinaryIO) -> Iterator[Given]:
    for number, line in enumerate(stream, start=1):
        try:
            found = json.loads(line)
            yield Given(found["id"], found.get("line"), str(found["verdict"]))
        except (ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
            raise BatchError(f"line {number} of {path} is no answer; nothing can be resumed from it") from error
