"""The picture of a page in the README: of the size it should be, small, and of the chapter as it is now."""

import struct
import zlib

import numpy as np
import pytest

from docs.site import picture, png
from docs.site.png import size, smaller, texts

MOST = 150_000


def test_the_picture_shows_the_derivation_as_it_is_now():
    content = picture.PICTURE.read_bytes()
    assert size(content) == picture.SIZE and len(content) < MOST
    now = picture.digest(picture.source())
    assert texts(content)[picture.SHOWN] == now, f"docs/page.png is of another chapter: run {picture.COMMAND}"


def test_the_digest_is_of_the_derivation_alone():
    kept = "= Network <n>\n$x$ <m-delta-0>\n= Derivation <d>\n== Back <b>\n$δ$ <m-delta-1>\n= Check <c>\n4e-10\n"
    digest = picture.digest(kept)
    assert picture.digest(kept.replace("4e-10", "5e-10")) == digest
    assert picture.digest(kept.replace("$δ$", "$ε$")) != digest
    with pytest.raises(ValueError, match="no part of the chapter"):
        picture.digest(kept.replace("m-delta-1", "m-delta-2"))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def written(pixels, kinds):
    """A PNG of four channels, each row filtered as its kind says, by the formulas of the standard over whole arrays."""
    high, wide, _ = pixels.shape
    padded = np.pad(pixels.astype(int), ((1, 0), (1, 0), (0, 0)))
    left, up, corner = padded[1:, :-1], padded[:-1, 1:], padded[:-1, :-1]
    guess = left + up - corner
    a, b, c = abs(guess - left), abs(guess - up), abs(guess - corner)
    paeth = np.where((a <= b) & (a <= c), left, np.where(b <= c, up, corner))
    guesses = (0 * left, left, up, (left + up) // 2, paeth)
    rows = [bytes([kind]) + ((pixels[n] - guesses[kind][n]) % 256).astype(np.uint8).tobytes()
            for n, kind in enumerate(kinds)]  # fmt: skip
    header = struct.pack(">IIBBBBB", wide, high, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def shown(content):
    """The colours of an indexed PNG that is not filtered."""
    parts = dict(png.chunks(content))
    wide, high = size(content)
    rows = np.frombuffer(zlib.decompress(parts["IDAT"]), np.uint8).reshape(high, wide + 1)
    assert not rows[:, 0].any()
    return np.frombuffer(parts["PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]


def test_a_picture_keeps_its_colours_in_every_filter():
    draw = np.random.default_rng(3)
    palette = draw.integers(0, 16, (40, 3)) * 17
    pixels = np.dstack([palette[draw.integers(0, 40, (5, 9))], np.full((5, 9), 255)])
    for kinds in ((0, 1, 2, 3, 4), (4, 3, 2, 1, 0)):
        found = smaller(written(pixels, kinds), {"Title": "x"})
        assert (shown(found) == pixels[..., :3]).all() and texts(found) == {"Title": "x"} and size(found) == (9, 5)


def test_what_is_no_such_picture_is_refused():
    pixels = np.full((2, 2, 4), 255)
    good = written(pixels, (0, 0))
    pixels[0, 0, 3] = 7
    for content, sentence in ((b"GIF89a", "no PNG"), (good[:-6] + b"xx" + good[-4:], "damaged"),
                              (written(pixels, (0, 0)), "not opaque")):  # fmt: skip
        with pytest.raises(ValueError, match=sentence):
            smaller(content, {})
