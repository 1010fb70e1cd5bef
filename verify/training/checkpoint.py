"""Arrays and a header in one .npz file that is either whole or refused, and that a kill at any moment leaves whole.

The file is written under another name, forced to the disk, and renamed over the old one.  A SHA-256 digest over the
header and all arrays tells a damaged file.  Nothing is unpickled: each member is checked as an array of plain numbers
before it is read, and a member that claims more than the file holds is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from verify.training.errors import CheckpointError

Array = np.ndarray[Any, Any]
SCHEMA = 1
MOST_BYTES = 4_000_000_000
_HEADER, _DIGEST = "header", "digest"
_MAGIC = b"\x93NUMPY\x01\x00"
_HEAD = re.compile(
    re.escape(_MAGIC) + rb"..\{'descr': '([<|](?:f[248]|[iu][1248]|b1))', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,12}, ?)*(?:\d{1,12})?)\), \} *\n", re.DOTALL,
)  # fmt: skip
"""The header of an array as NumPy writes it, format 1.0, and nothing else: NumPy's own reader takes much more."""


def save(path: Path, kind: str, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write a header (JSON) and arrays of numbers; `kind` says what they are, and is asked for when they are read.

    Raises `CheckpointError` where the folder cannot be written.
    """
    text = json.dumps({"kind": kind, "schema": SCHEMA, **header}, ensure_ascii=False).encode()
    members = {_HEADER: np.frombuffer(text, np.uint8), **arrays}
    members[_DIGEST] = np.frombuffer(_digest(members), np.uint8)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **members)
    try:
        _replace(path, content.getbuffer())
    except OSError as error:
        raise CheckpointError(f"cannot write {path}: {error.strerror or error}") from error


def load(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """The header and the arrays of a file that `save` wrote.

    Raises `CheckpointError` for a file that is missing, torn, altered, or of another kind.
    """
    members = _members(path)
    digest = members.pop(_DIGEST, np.zeros(0, np.uint8))
    if _HEADER not in members or digest.tobytes() != _digest(members):
        raise CheckpointError(
            f"{path} is damaged: its contents do not fit its digest; use an older copy, or start anew"
        )
    try:
        header = json.loads(members.pop(_HEADER).tobytes().decode())
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is damaged: its header cannot be read") from error
    if not isinstance(header, dict) or header.get("kind") != kind:
        found = header.get("kind") if isinstance(header, dict) else None
        raise CheckpointError(f"{path} holds no {kind}, but {str(found or 'something else')[:40]}; name another file")
    if header.get("schema") != SCHEMA:
        raise CheckpointError(
            f"{path} was written by another version (schema {header.get('schema')}, not {SCHEMA}); start anew"
        )
    return header, members


def _digest(members: Mapping[str, Array]) -> bytes:
    """SHA-256 over names, types, shapes and bytes."""
    found = hashlib.sha256()
    for name in sorted(members):
        array = np.ascontiguousarray(members[name])
        found.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        found.update(array.tobytes())
    return found.digest()


def _members(path: Path) -> dict[str, Array]:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise CheckpointError(f"{path} is larger than {MOST_BYTES:,} bytes, which no checkpoint is")
            with zipfile.ZipFile(file) as archive:
                return {one.filename.removesuffix(".npy"): _array(archive, one, path) for one in archive.infolist()}
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(
            f"{path} is no whole checkpoint: {str(error)[:80]}; use an older copy, or start anew"
        ) from error


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> Array:
    """A member as an array of plain numbers, whose size is checked before anything is made of it."""
    if member.compress_type != zipfile.ZIP_STORED or member.file_size > MOST_BYTES:
        raise CheckpointError(f"{path} is no checkpoint: {member.filename[:40]!r} is compressed or too large")
    content = archive.read(member)
    head = _HEAD.match(content)
    if head is not None:
        start = len(_MAGIC) + 2 + int.from_bytes(content[len(_MAGIC) : len(_MAGIC) + 2], "little")
        dtype, shape = np.dtype(head[1].decode()), tuple(int(one) for one in head[2].split(b",") if one.strip())
        if start == head.end() and prod(shape) * dtype.itemsize == len(content) - start:
            return np.frombuffer(content, dtype, offset=start).reshape(shape).copy()
    raise CheckpointError(f"{path} is no checkpoint: {member.filename[:40]!r} is no plain array of numbers")


def _replace(path: Path, content: Any) -> None:
    """The content under its name, or the old file as it was; forced to the disk before the name changes hands."""
    draft = path.with_name(f".{path.name}.draft")  # one name, so that what a kill leaves behind is written over
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(draft, flags, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):  # it has taken its own name, or was never made
            draft.unlink()
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Force the renaming itself to the disk, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
