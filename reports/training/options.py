"""What was typed for `derive train`, as samples and a plan; what is not said is chosen to suit the data.

A last layer and a loss that suit: softmax and cross-entropy for classes, a sigmoid and binary cross-entropy for two
classes on one output, a linear layer and half the squared error for numbers; tanh before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derive.network import Network, SpecError
from derive.tables.losses import LOSSES
from reports import options
from reports.typed import Mistyped, activation, parts
from verify.training.data import Samples
from verify.training.errors import TrainingError
from verify.training.loop import Plan
from verify.training.sources import read

HIDDEN = "tanh"


@dataclass(frozen=True)
class Task:
    """What is to be learned: the usual last activation and loss, and the activation for a squared error."""

    name: str
    last: str
    loss: str
    squared: str


CLASSES = Task("classes", "softmax", "cross-entropy", "sigmoid")
TWO = Task("two classes", "sigmoid", "binary-cross-entropy", "sigmoid")
NUMBERS = Task("numbers", "linear", "half-squared-error", "linear")


def samples(data: str, labels: Path | None, target: str | None, header: bool | None, held_out: float, seed: int,
            layers: str) -> tuple[Samples, Samples]:  # fmt: skip
    """What to learn from, and what to hold out."""
    learned, held = read(data, target, header, labels, outputs(layers))
    return (learned, held) if held is not None else learned.split(held_out, seed)


def outputs(layers: str) -> int | None:
    """The number of outputs, if the last entry of --layers is a number."""
    last = layers.rpartition(",")[2].strip()
    return int(last) if last.isascii() and last.isdigit() and len(last) < 9 else None


def task(found: Samples, width: int | None) -> Task:
    """What the answers are."""
    if not found.classes:
        binary = found.y.shape[1] == 1 and bool(((found.y == 0) | (found.y == 1)).all()) and len(set(found.y.flat)) == 2
        return TWO if binary else NUMBERS
    return TWO if width == 1 else CLASSES


def network(layers: str, activations: str | None, loss: str | None, bias: str, what: Task) -> Network:
    """The network, with what was not said chosen to suit the task; raises `SpecError`."""
    count = len(parts(layers, "--layers")) - 1
    typed = parts(activations, "--activations") if activations is not None else [HIDDEN] if count > 1 else []
    if count > 1 and len(typed) == 1:
        typed = typed * (count - 1)
    if len(typed) < max(count, 1):
        typed = [*typed, _last(loss, what)]
    return options.network(layers, ",".join(typed), loss or _loss(typed[-1], what), bias)


def _last(loss: str | None, what: Task) -> str:
    """The activation of the last layer for a loss."""
    row = LOSSES.get(loss or what.loss)
    if row is None:
        return what.last  # the network says that there is no such loss
    if row.normalised:
        return "softmax"
    if (row.low, row.high) == (0, 1):
        return "sigmoid"
    return "linear" if row.signs else what.squared


def _loss(last: str, what: Task) -> str:
    """The loss for a last layer."""
    if last == "softmax" and what is not NUMBERS:
        return "cross-entropy"
    return "binary-cross-entropy" if last == "sigmoid" and what is not NUMBERS else "half-squared-error"


def settings(given: tuple[str, ...], weight_decay: float | None) -> dict[str, float]:
    """`--set beta=0.95` and `--weight-decay` as numbers by name."""
    found: dict[str, float] = {}
    for one in given:
        name, sign, value = one.partition("=")
        name = name.strip().replace("-", "_")
        try:
            number = float(value.replace("_", "?"))
        except ValueError:
            raise TrainingError(f"--set must be a name and a number, as in beta=0.95, not {one[:40]!r}") from None
        if not sign or name in found:
            raise TrainingError(f"--set gives {name[:40]!r} twice" if sign else "--set must be as in beta=0.95")
        found[name] = number
    if weight_decay is not None:
        if "weight_decay" in found:
            raise TrainingError("the weight decay is given twice, by --set and by --weight-decay")
        found["weight_decay"] = weight_decay
    return found


def schedule(text: str) -> list[Any]:
    """`warm-up:epochs=3,cosine` as rows with their settings."""
    return [activation(one) for one in parts(text, "--schedule")]


def plan(found: Samples, **typed: Any) -> Plan:
    """The plan of a training.  Raises `SpecError` and `TrainingError`, each one sentence."""
    try:
        made = network(typed["layers"], typed["activations"], typed["loss"], typed["bias"],
                       task(found, outputs(typed["layers"])))  # fmt: skip
        return Plan(
            made,
            typed["optimiser"],
            typed["rate"],
            settings(typed["settings"], typed["weight_decay"]),
            schedule(typed["schedule"]),
            typed["epochs"],
            typed["batch"],
            typed["seed"],
            typed["initial"],
            typed["scale"],
            typed["backend"],
        )
    except Mistyped as error:
        raise SpecError(str(error)) from None
