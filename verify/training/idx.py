"""IDX files, the format of MNIST, packed by gzip or not: read whole, or refused with a sentence.

Four bytes: 0, 0, the type of the numbers, the number of axes; then each length as four bytes, largest first; then the
numbers, largest byte first (LeCun, Cortes, Burges, *The MNIST database*).  A packed file is unpacked only as far as its
header says that it reaches, so that a small file cannot fill the memory.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from verify.training.data import Samples, of_labels
from verify.training.errors import DataError

Array = np.ndarray[Any, Any]
MOST_BYTES = 2_000_000_000
MOST_AXES = 8
_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP = b"\x1f\x8b"
_PARTS = {"train": ("train-images", "train-labels"), "held out": ("t10k-images", "t10k-labels")}


def array(path: Path) -> Array:
    """The array of a file, in the machine's own order of bytes.

    Raises `DataError` for a file that is missing, no IDX file, too short, too long, or larger than `MOST_BYTES`.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            if not packed:
                return _read(raw, path)
            with gzip.GzipFile(fileobj=raw) as file:
                return _read(file, path)  # type: ignore[arg-type]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is no whole gzip file: {error}; fetch it again") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error


def _read(file: BinaryIO, path: Path) -> Array:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _TYPES or not 1 <= head[3] <= MOST_AXES:
        raise DataError(
            f"{path} is no IDX file: it must begin with 0, 0, a type and a number of axes, not {head.hex(' ')}"
        )
    lengths = file.read(4 * head[3])
    if len(lengths) < 4 * head[3]:
        raise DataError(f"{path} ends within its header; fetch it again")
    shape = struct.unpack(f">{head[3]}I", lengths)
    dtype = np.dtype(_TYPES[head[2]])
    wanted = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if wanted > MOST_BYTES:
        raise DataError(f"{path} claims {wanted:,} bytes of numbers; at most {MOST_BYTES:,} are read")
    return _numbers(file, path, shape, dtype, wanted)


def _numbers(file: BinaryIO, path: Path, shape: tuple[int, ...], dtype: Any, wanted: int) -> Array:
    content = _up_to(file, wanted + 1)
    if len(content) < wanted:
        raise DataError(f"{path} is cut off: its header promises {wanted:,} bytes of numbers, it has {len(content):,}")
    if len(content) > wanted:
        raise DataError(f"{path} has more numbers than the {wanted:,} bytes that its header promises; fetch it again")
    return np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _up_to(file: BinaryIO, size: int) -> bytes:
    """As many bytes as there are, but not more than `size`; memory grows with what really comes."""
    found = bytearray()
    while len(found) < size:
        part = file.read(min(1 << 20, size - len(found)))
        if not part:
            break
        found += part
    return bytes(found)


def samples(images: Path, labels: Path, classes: tuple[str, ...] | None = None) -> Samples:
    """Images with their labels as samples; an image becomes one row of inputs.

    `classes` are those of other samples, among which the labels must be.
    """
    x, y = array(images), array(labels)
    if x.ndim < 2:
        raise DataError(f"{images} must hold an array of samples with at least one number each, not {x.ndim} axis")
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise DataError(f"{labels} must hold one whole number for each sample")
    if not x.size:
        raise DataError(f"{images} holds no numbers: its header says {' × '.join(map(str, x.shape))}")
    if len(x) != len(y):
        raise DataError(f"{images} holds {len(x):,} samples and {labels} {len(y):,} labels; they must be as many")
    return of_labels(x.reshape(len(x), -1).astype(float), [str(int(one)) for one in y], images.name, classes=classes)


def folder(path: Path) -> tuple[Samples, Samples | None]:
    """The samples of a folder with the files of MNIST; those to be held out where the folder has them (`t10k-…`)."""
    found = {part: [_named(path, stem) for stem in stems] for part, stems in _PARTS.items()}
    (images, labels), (held, answers) = found["train"], found["held out"]
    if images is None or labels is None:
        raise DataError(f"{path} holds no train-images and train-labels files; name a folder with the files of MNIST")
    if held is None or answers is None:
        return samples(images, labels), None
    learned = samples(images, labels)
    return learned, samples(held, answers, learned.classes)


def _named(path: Path, stem: str) -> Path | None:
    """`train-images-idx3-ubyte`, `train-images.idx3-ubyte`, packed or not."""
    endings = ("idx3-ubyte", "idx1-ubyte")
    names = [f"{stem}{mark}{ending}{packed}" for mark in "-." for ending in endings for packed in ("", ".gz")]
    return next((path / name for name in names if (path / name).is_file()), None)
