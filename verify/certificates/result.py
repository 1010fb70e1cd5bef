"""What was certified: for each array how many digits of every computed float are right, and which entries are worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_DIGITS = {"float64": 17, "float32": 9}
"""Digits that tell every float of a kind from its neighbours; more are not claimed of an entry that is exact."""


@dataclass(frozen=True)
class Entry:
    """One entry: `index` counts from 1, `true` is the true value to as many digits as were asked for.

    `relative` bounds the relative error rigorously from above, `ulps` the error in units of the last place of the
    float nearest to the true value.  `verdict` is `right`, `wrong` (beyond what rounding explains), `lost` (no digit is
    right, and rounding explains it) or `open` (there is no derivative, and `true` and the bounds mean nothing).
    """

    array: str
    index: tuple[int, ...]
    computed: float
    true: str
    relative: float | None
    ulps: float | None
    digits: int | None
    verdict: str

    @property
    def place(self) -> str:
        """`W1[2, 3]`; the letter alone for a number."""
        return f"{self.array}[{', '.join(map(str, self.index))}]" if self.index else self.array

    def record(self) -> dict[str, Any]:
        """For JSON: what is not finite is null."""
        return {
            "entry": self.place, "index": list(self.index), "computed": _plain(self.computed), "true": self.true,
            "relative": _plain(self.relative), "ulps": _plain(self.ulps), "digits": self.digits,
            "verdict": self.verdict,
        }  # fmt: skip


@dataclass(frozen=True)
class ArrayCertificate:
    """One array: digits of the worst and of the median entry among those that have a derivative, None if none has.

    `zeros` entries are exactly 0, as they should be; `open` have no derivative; `wrong` are off by more than rounding
    explains; of `lost` rounding left no digit.  `worst` holds the entries with the largest errors, worst first.
    """

    name: str
    shape: tuple[int, ...]
    entries: int
    digits: int | None
    median: float | None
    ulps: float | None
    zeros: int
    open: int
    wrong: int
    worst: tuple[Entry, ...]
    note: str = ""
    lost: int = 0

    @property
    def verdict(self) -> str:
        """`wrong`; or `open` where some entries have no derivative; or `lost` where some kept no digit; or `right`."""
        return "wrong" if self.wrong else "open" if self.open else "lost" if self.lost else "right"

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "name": self.name, "shape": list(self.shape), "entries": self.entries, "digits": self.digits,
            "median": self.median, "ulps": _plain(self.ulps), "zeros": self.zeros, "open": self.open,
            "wrong": self.wrong, "lost": self.lost, "verdict": self.verdict,
            "worst": [one.record() for one in self.worst], "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Certificate:
    """Rows for each array; `loss` is that of the target's value, where it was given.

    `bits` is the precision that was needed, `kinks` says where there is no derivative.
    """

    dtype: str
    rows: tuple[ArrayCertificate, ...]
    loss: ArrayCertificate | None
    bits: int
    kinks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong: every error is what rounding explains."""
        return not any(row.wrong for row in self._all)

    @property
    def digits(self) -> int | None:
        """The digits that every entry with a derivative has; None if there is no such entry."""
        return min((row.digits for row in self.rows if row.digits is not None), default=None)

    @property
    def entries(self) -> int:
        """How many entries were compared."""
        return sum(row.entries for row in self.rows)

    @property
    def worst(self) -> Entry | None:
        """The entry with the largest relative error, a wrong one before all others."""
        listed = [entry for row in self._all for entry in row.worst if entry.verdict != "open"]
        return max(listed, key=lambda one: (one.verdict == "wrong", one.relative or 0.0), default=None)

    @property
    def _all(self) -> tuple[ArrayCertificate, ...]:
        return (*self.rows, *([self.loss] if self.loss is not None else []))

    def row(self, name: str) -> ArrayCertificate:
        """The row of an array; `KeyError` where there is none."""
        for one in self._all:
            if one.name == name:
                return one
        raise KeyError(name)

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "dtype": self.dtype, "holds": self.holds, "digits": self.digits, "bits": self.bits,
            "arrays": [row.record() for row in self.rows],
            "loss": self.loss.record() if self.loss is not None else None, "kinks": list(self.kinks),
        }  # fmt: skip

    def _repr_markdown_(self) -> str:
        """What a notebook shows."""
        lines = [
            f"**{self.dtype}**, certified with {self.bits:,} bits: " + ("all right" if self.holds else "**wrong**"),
            "",
            "| array | entries | digits, worst | median | worst entry | computed | true | ulps | verdict |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        for row in self._all:
            cells = [row.name, f"{row.entries:,}", shown(row.digits), shown(row.median), *_cells(row), row.verdict]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join([*lines, "", *(f"- {kink}" for kink in self.kinks)])


def shown(value: float | None) -> str:
    """A number of digits or ulps in few characters."""
    return "–" if value is None else f"{value:.3g}"


def _cells(row: ArrayCertificate) -> list[str]:
    if not row.worst:
        return [row.note, "", "", ""]
    worst = row.worst[0]
    return [worst.place, f"{worst.computed:.17g}", worst.true, shown(worst.ulps)]


def _plain(value: float | None) -> float | None:
    return value if value is not None and abs(value) < float("inf") else None
