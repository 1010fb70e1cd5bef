"""Files written whole or not at all: each is complete under another name before it takes its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

KINDS = ("pdf", "tex", "html", "md", "ipynb", "json")
"""The formats of reports, each also the ending of its file."""


class OutputError(OSError):
    """A file cannot be written where it should be; the message is one sentence."""


def kind_of(path: Path) -> str | None:
    """The format of the file that a path names by its ending; None for a folder that is there, and any other name."""
    kind = path.suffix.lower().removeprefix(".")
    try:
        return kind if kind in KINDS and not path.is_dir() else None
    except OSError:  # the name is too long: whoever writes the file will say so
        return kind


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write each content under its name into a folder, which is made where it is missing.

    First all contents are written under temporary names in the same folder, then each is renamed, so that a full disk
    leaves the old files as they were and an interruption leaves each file either old or new.  A link keeps leading to
    its file, which gets the content.
    Raises `OutputError` where that fails, and for what is neither a file nor a place for one: a pipe, a device.
    """
    targets = [folder / name for name in contents]
    drafts: list[Path] = []
    try:
        _make(folder)
        for target, content in zip(targets, contents.values(), strict=True):
            drafts.append(_draft(_place(target), content))
        for draft, target in zip(drafts, targets, strict=True):
            draft.replace(_place(target))
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {_cause(error)}") from error
    finally:
        for draft in drafts:
            with suppress(FileNotFoundError):  # it has taken its own name
                draft.unlink()
    return targets


def _place(target: Path) -> Path:
    """Where the content goes; raises `OSError` where something else than a file is there."""
    place = target.resolve() if target.is_symlink() else target
    if place.is_dir():
        raise IsADirectoryError(f"{target} is a folder")
    if place.exists() and not place.is_file():
        raise OSError(f"{target} is no regular file")
    return place


def _make(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file")
    folder.mkdir(parents=True, exist_ok=True)


def _draft(target: Path, content: bytes) -> Path:
    """The content in a temporary file beside its target, with the permissions of a new file; gone if that fails."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_mask())
    except BaseException:
        draft.unlink()
        raise
    return draft


def _mask() -> int:
    """What the user withholds from new files; it can be read only by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cause(error: OSError) -> str:
    return error.strerror or str(error)
