"""One array's comparison as a row: digits, the worst entries, and what is wrong beyond rounding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.certificates.budgets import FLOOR, SLACK
from verify.certificates.comparing import Compared, compare
from verify.certificates.enclosing import Enclosure
from verify.certificates.entries import Entries
from verify.certificates.machine import Floats
from verify.certificates.result import MOST_DIGITS, ArrayCertificate, Entry
from verify.certificates.values import DTYPES

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Row:
    """An array that was compared; `wrong` marks entries that rounding does not explain, once that was asked."""

    name: str
    dtype: str
    entries: Entries
    computed: Floats
    compared: Compared
    wrong: Mask
    worst: int
    digits: int

    @property
    def suspects(self) -> bool:
        """Whether some error is larger than what is never called wrong."""
        return bool(self._large().any())

    def judged(self, budget: Floats) -> Row:
        """The row with its wrong entries marked: those whose error is certainly larger than the budget of rounding."""
        return replace(self, wrong=self._large() & ~(self.compared.least <= self._slack() + budget))

    def _slack(self) -> Floats:
        bits = DTYPES[self.dtype]
        return np.asarray(SLACK[bits] * np.nan_to_num(np.abs(self.compared.value)) + FLOOR[bits])

    def _large(self) -> Mask:
        return np.asarray(~(self.compared.least <= self._slack()))

    def certificate(self) -> ArrayCertificate:
        """The row as it is reported."""
        found = self.compared
        open_ = found.open & ~self.wrong
        counted = found.relative[~open_]
        zeros = int(((found.value == 0) & (self.computed.ravel() == 0) & ~open_).sum())
        digits = self._digits(counted)
        lost = int((self._lost() & ~open_ & ~self.wrong).sum())
        return ArrayCertificate(
            self.name, self.entries.shape, found.value.size,
            int(digits.min()) if digits.size else None, float(np.median(digits)) if digits.size else None,
            float(self._ulps()[~open_].max()) if digits.size else None,
            zeros, int(open_.sum()), int(self.wrong.sum()), self._worst(open_), self._note(int(open_.sum())), lost,
        )  # fmt: skip

    def _digits(self, relative: Floats) -> Any:
        with np.errstate(all="ignore"):
            found = np.floor(-np.log10(relative))
        return np.clip(np.nan_to_num(found, nan=0.0), 0, MOST_DIGITS[self.dtype]).astype(int)

    def _lost(self) -> Mask:
        """Of which entries no digit is right."""
        return np.asarray(self._digits(self.compared.relative) == 0)

    def _ulps(self) -> Floats:
        with np.errstate(all="ignore"):
            spacing = np.spacing(np.abs(self.compared.value).astype(self.dtype)).astype(np.float64)
            found = self.compared.most / spacing
        return np.asarray(np.where(np.isnan(found), np.inf, found))

    def _worst(self, open_: Mask) -> tuple[Entry, ...]:
        """Wrong entries first, then those with the largest relative errors, open ones last."""
        rank = np.where(open_, -1.0, np.where(np.isfinite(self.compared.relative), self.compared.relative, 1e308))
        rank = np.where(self.wrong, 1e308, rank)
        count = min(self.worst, rank.size)
        chosen = np.argpartition(-rank, count - 1)[:count] if count else np.array([], dtype=int)
        return tuple(self._entry(int(at), bool(open_[at])) for at in chosen[np.argsort(-rank[chosen], kind="stable")])

    def _entry(self, at: int, open_: bool) -> Entry:
        index = tuple(int(one) + 1 for one in np.unravel_index(at, self.entries.shape)) if self.entries.shape else ()
        computed, relative = float(self.computed.ravel()[at]), float(self.compared.relative[at])
        if open_:
            return Entry(self.name, index, computed, "no derivative", None, None, None, "open")
        true = self.entries.at(at).str(self.digits, radius=False)
        digits = int(self._digits(np.array([relative]))[0])
        verdict = "wrong" if self.wrong[at] else "right" if digits else "lost"
        return Entry(self.name, index, computed, true, relative, float(self._ulps()[at]), digits, verdict)

    def _note(self, open_: int) -> str:
        return f"{open_:,} of {self.compared.value.size:,} entries have no derivative here" if open_ else ""


def certified(
    enclosure: Enclosure,
    name: str,
    computed: Floats,
    dtype: str,
    worst: int,
    digits: int,
    entries: Entries | None = None,
) -> Row:
    """Compares the computed gradient by a letter with the enclosure."""
    true = enclosure.gradients[name] if entries is None else entries
    compared = compare(true, computed, enclosure.settled if enclosure.wide else None, DTYPES[dtype])
    return Row(name, dtype, true, computed, compared, np.zeros(compared.value.size, bool), worst, digits)
