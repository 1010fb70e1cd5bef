"""One process at a time for a checkpoint: a second one is refused; a process that is killed leaves nothing locked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from verify.training.errors import CheckpointError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Within it no other process has the checkpoint `path`; `CheckpointError` where one has, or no file can be made.

    The lock is on a file beside it, which is gone at the end.  The system lets go of it when a process dies.
    """
    locks = _locks()
    if locks is None:
        yield
        return
    beside = path.with_name(f".{path.name}.lock")
    handle = _taken(locks, beside, path)
    try:
        yield
    finally:
        with suppress(OSError):  # a file that stays behind does no harm
            beside.unlink()
        os.close(handle)


def _locks() -> Any:
    """The module with the system's locks; None where there is none, as on Windows, and nobody is kept out."""
    try:
        import fcntl  # here, since not every system has it
    except ImportError:
        return None
    return fcntl


def _taken(locks: Any, beside: Path, path: Path) -> int:
    """The locked file; another process may have removed it between its opening and its locking."""
    while True:
        try:
            handle = os.open(beside, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except OSError as error:
            raise CheckpointError(f"cannot write {path}: {error.strerror or error}") from error
        try:
            locks.flock(handle, locks.LOCK_EX | locks.LOCK_NB)
            if os.fstat(handle).st_ino == beside.stat().st_ino:
                return handle
            os.close(handle)
        except FileNotFoundError:
            os.close(handle)
        except OSError as error:
            os.close(handle)
            raise CheckpointError(
                f"another process keeps its training in {path}; wait until it has ended, or name another file"
            ) from error
