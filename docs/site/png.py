"""PNG files as Typst makes them, written again smaller: at most 256 colours and a line of text (PNG, third edition)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COARSE = 17
"""Colours are rounded to multiples of this, 16 to a channel: nobody sees it at the edges of letters."""
_RGBA = (8, 6, 0, 0, 0)
_INDEXED = (8, 3, 0, 0, 0)
Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def chunks(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The chunks of a file, each with its name; raises `ValueError` for what is no whole PNG."""
    if not content.startswith(_SIGNATURE):
        raise ValueError("this is no PNG")
    place = len(_SIGNATURE)
    while place < len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        data = content[place + 8 : place + 8 + length]
        if content[place + 8 + length : place + 12 + length] != struct.pack(">I", zlib.crc32(name + data)):
            raise ValueError(f"the chunk {name!r} is damaged")
        yield name.decode("ascii"), data
        place += 12 + length


def size(content: bytes) -> tuple[int, int]:
    """How wide and high the picture is."""
    wide, high = struct.unpack_from(">II", dict(chunks(content))["IHDR"])
    return wide, high


def texts(content: bytes) -> dict[str, str]:
    """What is written into the picture, by keyword."""
    parts = (data.partition(b"\0") for name, data in chunks(content) if name == "tEXt")
    return {key.decode("latin-1"): text.decode("latin-1") for key, _, text in parts}


def smaller(content: bytes, words: Mapping[str, str]) -> bytes:
    """An opaque picture of 8 bits and four channels in few colours, with words by keyword; raises `ValueError`."""
    pixels = _pixels(content)
    rounded = (np.rint(pixels[..., :3] / _COARSE) * _COARSE).astype(np.uint8)
    colours, places = np.unique(rounded.reshape(-1, 3), axis=0, return_inverse=True)
    if (pixels[..., 3] != 255).any() or len(colours) > 256:
        raise ValueError("the picture is not opaque, or has too many colours")
    rows = places.reshape(pixels.shape[:2]).astype(np.uint8)
    unfiltered = np.pad(rows, ((0, 0), (1, 0)))
    high, wide = rows.shape
    named = [(b"tEXt", f"{key}\0{text}".encode("latin-1")) for key, text in words.items()]
    parts = [(b"IHDR", struct.pack(">IIBBBBB", wide, high, *_INDEXED)), (b"PLTE", colours.tobytes()), *named,
             (b"IDAT", zlib.compress(unfiltered.tobytes(), 9)), (b"IEND", b"")]  # fmt: skip
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pixels(content: bytes) -> Pixels:
    """The pixels by row, column and channel."""
    found = list(chunks(content))
    wide, high, *kind = struct.unpack(">IIBBBBB", dict(found)["IHDR"])
    if tuple(kind) != _RGBA:
        raise ValueError(f"the picture has another kind of pixels than expected: {kind}")
    stream = zlib.decompress(b"".join(data for name, data in found if name == "IDAT"))
    lines = np.frombuffer(stream, np.uint8).reshape(high, 1 + 4 * wide)
    above, rows = [0] * (4 * wide), []
    for line in lines:
        above = _unfiltered(int(line[0]), line[1:].tolist(), above)
        rows.append(above)
    return np.array(rows, np.uint8).reshape(high, wide, 4)


def _unfiltered(kind: int, line: list[int], above: list[int]) -> list[int]:
    """A row of bytes from what is written of it, by the row above it (PNG, section 9.2)."""
    row: list[int] = [0] * 4
    corners = [0] * 4 + above
    for n, (byte, up) in enumerate(zip(line, above, strict=True)):
        left, corner = row[n], corners[n]
        row.append(byte + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind] & 255)
    return row[4:]


def _paeth(left: int, up: int, corner: int) -> int:
    """The neighbour that is nearest to left + up − corner."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
