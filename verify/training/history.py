"""What a training reports: one row an epoch, and the whole as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any


@dataclass(frozen=True)
class Epoch:
    """One epoch: its number from 1, the rate at its end, and losses, each the mean over samples.

    `loss` is the mean over the epoch's batches, each before its step; `held_loss` is that of the samples held out,
    after the epoch, and `right` how many of these are classed right; None where there are none, or no classes.
    """

    number: int
    rate: float
    loss: float
    held_loss: float | None = None
    right: int | None = None


@dataclass(frozen=True)
class History:
    """The epochs of a training, and how many samples it learned from and was tested with."""

    epochs: tuple[Epoch, ...]
    samples: int
    held: int = 0

    @property
    def last(self) -> Epoch | None:
        """The last epoch, if one is over."""
        return self.epochs[-1] if self.epochs else None

    @property
    def best(self) -> Epoch | None:
        """The first epoch with the most right answers, or else with the least loss on what is held out."""
        if any(one.right is not None for one in self.epochs):
            return max(self.epochs, key=lambda one: -1 if one.right is None else one.right)
        tested = [one for one in self.epochs if one.held_loss is not None and isfinite(one.held_loss)]
        return min(tested, key=lambda one: one.held_loss or 0.0) if tested else self.last

    def to_json(self) -> dict[str, Any]:
        """Plain data that `from_json` reads; every float comes back as it was."""
        return {"epochs": [asdict(one) for one in self.epochs], "samples": self.samples, "held": self.held}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> History:
        """The history that `to_json` gave."""
        return cls(tuple(Epoch(**one) for one in data["epochs"]), int(data["samples"]), int(data["held"]))
