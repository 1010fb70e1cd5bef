"""CSV files as samples: one sample a line, numbers but for the labels; every fault is told with its line.

The separator is a comma, a semicolon or a tab, whichever the first line that is not empty holds most of, quotes apart.
That line names the columns where some cell of it, labels apart, is no number.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from verify.training.data import Samples, of_labels
from verify.training.errors import DataError

MOST_BYTES = 1_000_000_000
MOST_NUMBERS = 200_000_000
_GZIP = b"\x1f\x8b"
_QUOTED = re.compile(r'"[^"]*"')
_BEGIN = 1 << 20  # characters among which the separator is looked for
_WHOLE = 2.0**53  # up to there every whole number is a float


def samples(path: Path, target: str | None = None, header: bool | None = None, classes: bool | None = None) -> Samples:
    """The samples of a file.

    `target` names the column to learn, by its name or its number from 1, several with commas; the last is the usual
    one.  `header` says whether the first line names the columns (None: look).  `classes` says whether the answers name
    classes (None: they do where they are no numbers).  Raises `DataError`.
    """
    reader = _Table(path, list(_rows(path)), header)
    places = reader.places(target)
    labels = [reader.cell(number, places[0]) for number in range(len(reader.rows))] if len(places) == 1 else []
    if classes is None:
        classes = bool(labels) and any(_number(one) is None for one in labels)
    x = reader.numbers([place for place in range(reader.width) if place not in places])
    columns = tuple(reader.names[place] for place in range(reader.width) if place not in places)
    if classes:
        if not labels:
            raise DataError(f"classes stand in one column, and --target names {len(places)}; name one")
        return of_labels(x, reader.labels(places[0]), path.name, columns)
    return Samples(x, reader.numbers(places), (), path.name, columns)


@dataclass(frozen=True)
class _Row:
    line: int
    cells: Sequence[str]


class _Table:
    """The rows of a file, its names taken off; all are as long as the first."""

    def __init__(self, path: Path, rows: list[_Row], header: bool | None) -> None:
        if not rows:
            raise DataError(f"{path} is empty; it must hold one sample a line")
        self.path, self.width = path, len(rows[0].cells)
        if self.width < 2:
            raise DataError(f"{path} has one column; it must have at least one input and the answer, with , ; or tabs")
        for row in rows:
            if len(row.cells) != self.width:
                raise DataError(
                    f"line {row.line} of {path} has {len(row.cells)} columns, line {rows[0].line} has {self.width}"
                )
        named = header if header is not None else _names_columns(rows)
        first = [one.strip() for one in rows[0].cells]
        self.names = first if named else [str(number) for number in range(1, self.width + 1)]
        self.rows = rows[1:] if named else rows
        if not self.rows:
            raise DataError(f"{path} has a line of names and no samples")

    def places(self, target: str | None) -> list[int]:
        """The columns to learn."""
        if target is None:
            return [self.width - 1]
        found = [self._place(one.strip()) for one in target.split(",")]
        if len(set(found)) != len(found) or len(found) == self.width:
            raise DataError(f"--target must name different columns, and leave one to learn from; got {target[:80]!r}")
        return found

    def _place(self, name: str) -> int:
        if self.names.count(name) > 1:
            raise DataError(f"{self.path} has several columns {name[:40]!r}; name the column by its number")
        if name in self.names:
            return self.names.index(name)
        if name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= self.width:
            return int(name[:9]) - 1
        known = ", ".join(self.names[:12]) + (" …" if self.width > 12 else "")
        raise DataError(f"{self.path} has no column {name[:40]!r} (it has {known})")

    def cell(self, number: int, place: int) -> str:
        return self.rows[number].cells[place].strip()

    def labels(self, place: int) -> list[str]:
        """A column of labels, none of them empty; 1 and 1.0 are the same."""
        found = [self.cell(number, place) for number in range(len(self.rows))]
        for number, label in enumerate(found):
            if not label:
                raise DataError(
                    f"line {self.rows[number].line} of {self.path} has no label in column {self.names[place]!r}"
                )
        values = [_number(one) for one in found]
        if all(one is not None and one.is_integer() and abs(one) < _WHOLE for one in values):
            return [str(int(one)) for one in values if one is not None]
        return found

    def numbers(self, places: Sequence[int]) -> Any:
        """Columns as an array (samples, columns)."""
        if len(places) * len(self.rows) > MOST_NUMBERS:
            raise DataError(f"{self.path} holds more than {MOST_NUMBERS:,} numbers; split it")
        found = array("d")
        for row in self.rows:
            for place in places:
                value = _number(row.cells[place])
                if value is None or not isfinite(value):
                    self._refuse(row, place)
                found.append(value if value is not None else 0.0)
        return np.frombuffer(found, float).reshape(len(self.rows), len(places)).copy()

    def _refuse(self, row: _Row, place: int) -> None:
        cell = row.cells[place].strip()
        what = f"holds {cell[:40]!r}, which is no finite number" if cell else "is empty"
        raise DataError(
            f"line {row.line} of {self.path}, column {self.names[place][:40]!r}, {what}; leave such lines out, "
            "or name the label column with --target"
        )


def _names_columns(rows: Sequence[_Row]) -> bool:
    """Whether the first line holds a word where the second line holds a number, or nothing but words."""
    first, second = ([_number(cell) for cell in row.cells] for row in (rows[0], rows[min(1, len(rows) - 1)]))
    if all(one is None for one in first):
        return True
    return any(one is None and other is not None for one, other in zip(first, second, strict=True))


def _number(text: str) -> float | None:
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _rows(path: Path) -> Iterator[_Row]:
    """The lines that hold something, as cells."""
    text = _text(path)
    separator = max(",;\t", key=_QUOTED.sub("", _first(text)).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Row(reader.line_num, cells)
    except csv.Error as error:
        raise DataError(f"line {reader.line_num} of {path} is no line of a CSV file: {error}") from None


def _first(text: str) -> str:
    """The first line that is not empty."""
    begin = io.StringIO(text[:_BEGIN], newline=None)
    return next((line for line in begin if line.strip(" \t\n,;")), "")


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise DataError(f"{path} is a folder; name a CSV file in it")
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            content = gzip.GzipFile(fileobj=raw).read(MOST_BYTES + 1) if packed else raw.read(MOST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is no whole gzip file: {error}; fetch it again") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > MOST_BYTES:
        raise DataError(f"{path} holds more than {MOST_BYTES:,} bytes; split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(f"line {line} of {path} is not UTF-8 text; save the file as UTF-8") from None
