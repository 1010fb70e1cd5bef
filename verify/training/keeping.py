"""Checkpoints of a training: written every few seconds, at its end and when it is told to stop; read to go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from verify.training import checkpoint
from verify.training.alone import alone
from verify.training.errors import CheckpointError
from verify.training.loop import Training, Watcher

KIND = "training of backproof"
TRAINED = "parameters of backproof"


class Keeper:
    """Keeps a training in a file: at once, then every `seconds` at least (0: after every step), and at the end."""

    def __init__(self, path: Path, seconds: float = 2.0) -> None:
        self.path, self.seconds = path, seconds
        self.last = -float("inf")

    def __call__(self, training: Training) -> None:
        """Save if it is time to."""
        if monotonic() - self.last >= self.seconds or training.over:
            self.save(training)

    def save(self, training: Training) -> None:
        """Save now; raises `CheckpointError` where the file cannot be written."""
        header, arrays = training.state()
        checkpoint.save(self.path, KIND, header, arrays)
        self.last = monotonic()


def train(
    training: Training,
    path: Path | None = None,
    resume: bool = False,
    seconds: float = 2.0,
    watcher: Watcher | None = None,
    stop: Callable[[], bool] | None = None,
) -> bool:
    """Run a training, keeping it in a file where one is named; False where `stop` ended it early.

    Without `resume` the file must not exist yet, with it it must: work is neither thrown away nor begun again unasked.
    Raises `CheckpointError`, and `Diverged` with the file as it was.
    """
    if path is None:
        if resume:
            raise CheckpointError("there is nothing to resume without a checkpoint file")
        return training.run(watcher, stop)
    if path.is_dir():
        raise CheckpointError(f"{path} is a folder; a checkpoint is a file")
    with alone(path):
        _fits(path, resume)
        if resume:
            training.restore(*checkpoint.load(path, KIND))
        keeper = Keeper(path, seconds)
        keeper.save(training)
        done = training.run(watcher, stop, keeper)
        if not done:
            keeper.save(training)
        return done


def _fits(path: Path, resume: bool) -> None:
    if resume and not path.exists():
        raise CheckpointError(f"there is no checkpoint {path} to resume; leave --resume out to begin")
    if not resume and path.exists():
        raise CheckpointError(f"{path} exists; add --resume to go on from it, or remove it to begin anew")


def save_parameters(path: Path, training: Training) -> None:
    """The trained parameters with their network and scaling as .npz: W1, b1, …; read by `load_parameters`."""
    arrays = {
        f"{role}{layer + 1}": training.parameters.arrays[role][layer] for role, layer, _ in training.parameters.shapes
    }
    scaled = {"centre": training.scaling.centre, "width": training.scaling.width}
    checkpoint.save(path, TRAINED, {"plan": training.plan.to_json()}, {**arrays, **scaled})


def load_parameters(path: Path) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """`{"W": […], "b": […]}`, None where a layer has none, and the header with the plan; raises `CheckpointError`."""
    header, arrays = checkpoint.load(path, TRAINED)
    depth = len(header["plan"]["network"]["layers"])
    params = {role: [arrays.get(f"{role}{layer}") for layer in range(1, depth + 1)] for role in ("W", "b")}
    return params, {**header, "scaling": {"centre": arrays["centre"], "width": arrays["width"]}}


def parameters_as_lists(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as the JSON that `derive --at` reads."""
    return {role: [None if one is None else np.asarray(one).tolist() for one in params[role]] for role in ("W", "b")}
