"""What can go wrong in training, each as an exception whose message is one sentence that says what to do."""

from __future__ import annotations

from typing import Any


class TrainingError(ValueError):
    """A setting of the training cannot be used."""


class DataError(TrainingError):
    """Data cannot be read or do not fit the network."""


class CheckpointError(TrainingError):
    """A checkpoint is damaged, belongs to another training, or would be overwritten."""


class Diverged(ArithmeticError):
    """The loss or the parameters stopped being finite numbers, or grew without bound; `step` says when.

    `path` is the way to that point where a descent recorded one.
    """

    def __init__(self, message: str, step: int, path: Any = None) -> None:
        super().__init__(message)
        self.step, self.path = step, path

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.step, self.path)
