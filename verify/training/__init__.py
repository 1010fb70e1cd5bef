"""Training: optimisers and schedules as rows, data, mini-batches, checkpoints; descent on any function."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.training.data import Samples as Samples
    from verify.training.data import of_arrays as of_arrays
    from verify.training.descent import Path as Path
    from verify.training.descent import Restarts as Restarts
    from verify.training.descent import descend as descend
    from verify.training.descent import random_starts as random_starts
    from verify.training.descent import restarts as restarts
    from verify.training.descent import sgd as sgd
    from verify.training.errors import CheckpointError as CheckpointError
    from verify.training.errors import DataError as DataError
    from verify.training.errors import Diverged as Diverged
    from verify.training.errors import TrainingError as TrainingError
    from verify.training.history import Epoch as Epoch
    from verify.training.history import History as History
    from verify.training.keeping import load_parameters as load_parameters
    from verify.training.keeping import save_parameters as save_parameters
    from verify.training.keeping import train as train
    from verify.training.loop import Plan as Plan
    from verify.training.loop import Training as Training
    from verify.training.rules import OPTIMISERS as OPTIMISERS
    from verify.training.schedules import SCHEDULES as SCHEDULES
    from verify.training.sources import read as read
    from verify.training.update import Update as Update

_HOMES = {
    "Plan": "loop", "Training": "loop", "train": "keeping",
    "save_parameters": "keeping", "load_parameters": "keeping",
    "Samples": "data", "of_arrays": "data", "read": "sources",
    "descend": "descent", "sgd": "descent", "restarts": "descent", "random_starts": "descent",
    "Path": "descent", "Restarts": "descent",
    "Update": "update", "OPTIMISERS": "rules", "SCHEDULES": "schedules",
    "Epoch": "history", "History": "history",
    "TrainingError": "errors", "DataError": "errors", "CheckpointError": "errors", "Diverged": "errors",
}  # fmt: skip
__all__ = [
    "Plan", "Training", "train", "save_parameters", "load_parameters", "Samples", "of_arrays", "read", "descend", "sgd",
    "restarts", "random_starts", "Path", "Restarts", "Update", "OPTIMISERS", "SCHEDULES", "Epoch", "History",
    "TrainingError", "DataError", "CheckpointError", "Diverged",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(f"{__name__}.{_HOMES[name]}"), name))
