"""Compiled libraries kept between runs, in a folder that is the user's alone; nothing is loaded unverified.

An entry is `KEY.json`, which names a library and its SHA-256, and the library itself, called by its content.  Both are
written to a temporary name and renamed, so several processes may write at once, and a reader sees whole files only.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verify.engine.backends import Missing

MOST_BYTES = 64 * 2**20
"""The size to which the folder is cut back; the libraries that were not used for longest go first."""


def key_of(*parts: str) -> str:
    """The name of an entry: SHA-256 of source, flags, compiler, machine, each with its length."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def default_folder() -> Path:
    """`$XDG_CACHE_HOME/backproof/compiled`, or the same under `~/.cache`; `OSError` for a user without a home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if given and Path(given).is_absolute():
        return Path(given) / "backproof" / "compiled"
    try:
        home = Path.home()
    except RuntimeError as failed:  # no HOME, and nobody in the system's list has this number
        raise FileNotFoundError(str(failed)) from failed
    if not home.is_absolute():  # code is loaded from no folder that depends on where one stands
        raise FileNotFoundError(f"HOME is {str(home)!r}, which is no absolute path")
    return home / ".cache" / "backproof" / "compiled"


@dataclass(frozen=True)
class Cache:
    """A folder of compiled libraries.  Raises `Missing` where somebody else could put files into it."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        _check(self.folder.parent, 0o022)
        _check(self.folder, 0o077)

    def library(self, key: str, make: Callable[[], bytes]) -> Path:
        """The path of the library under this key, made now if there is none, or if it is not what was written."""
        return self._found(key) or self._kept(key, make())

    def _found(self, key: str) -> Path | None:
        """The library, if its bytes have the hash that was recorded; what does not fit is removed."""
        record = self.folder / f"{key}.json"
        try:
            entry = json.loads(record.read_text(encoding="utf-8"))
            digest = str(entry["sha256"])
            path = self._path(digest)
            sound = hashlib.sha256(path.read_bytes()).hexdigest() == digest
            if sound:
                os.utime(path)
                os.utime(record)
                return path
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            pass  # not a record that we wrote whole: it is replaced
        record.unlink(missing_ok=True)
        return None

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.folder / f"{digest}.so"

    def _kept(self, key: str, library: bytes) -> Path:
        digest = hashlib.sha256(library).hexdigest()
        path = self._path(digest)
        self._write(path, library)
        self._write(self.folder / f"{key}.json", json.dumps({"sha256": digest}).encode())
        self._cut_back(path)
        return path

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all."""
        handle, name = tempfile.mkstemp(dir=self.folder, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _cut_back(self, newest: Path) -> None:
        """Removes the oldest files beyond the limit; the newest library stays."""
        found = []
        for path in self.folder.iterdir():
            try:
                status = path.stat()
            except FileNotFoundError:  # another process was faster
                continue
            found.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= MOST_BYTES:
                return
            if path != newest:
                path.unlink(missing_ok=True)
                total -= size


def _check(folder: Path, forbidden: int) -> None:
    """That a folder is a folder, the user's own, and not open to others."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise Missing(f"{folder} must be a folder of your own, for compiled code; remove it, or set XDG_CACHE_HOME")
    if status.st_uid != os.getuid():
        raise Missing(f"{folder} belongs to another user, so no code is loaded from it; set XDG_CACHE_HOME to a folder "
                      "of your own")  # fmt: skip
    if status.st_mode & forbidden:
        mode = stat.S_IMODE(status.st_mode)
        raise Missing(f"{folder} is open to others (mode {mode:04o}), so no code is loaded from it: chmod 700 it")


@cache
def _temporary() -> Path:
    """A folder for this process where no folder can be kept; the operating system clears it."""
    return Path(tempfile.mkdtemp(prefix="backproof-")) / "backproof" / "compiled"


def user_cache() -> Cache:
    """The user's cache; one for this process only where there is no folder to write to.  Raises `Missing`."""
    try:
        folder = default_folder()
        found = Cache(folder)
    except OSError:  # a home that is not there, or read-only; `Missing` is no OSError and goes on
        return Cache(_temporary())
    return found if os.access(folder, os.W_OK | os.X_OK) else Cache(_temporary())
