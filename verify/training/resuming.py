"""Whether a checkpoint belongs to a training, and how far it says that this had come: taken over whole or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verify.training.errors import CheckpointError
from verify.training.history import History

_MOST_SHOWN = 60


def comparable(header: Mapping[str, Any], plan: Mapping[str, Any], data: Sequence[str], free: Sequence[str]) -> None:
    """Raises `CheckpointError`, naming the setting, where a header is that of another plan, but for `free`, or data."""
    theirs = header.get("plan")
    if not isinstance(theirs, dict):
        raise CheckpointError("the checkpoint says nothing of how it was trained; start anew")
    for name, value in plan.items():
        if name not in free and theirs.get(name) != value:
            said = _drawn if name == "network" else _short
            raise CheckpointError(
                f"the checkpoint was trained with another {name}: {said(theirs.get(name))}, not {said(value)}; "
                "give the same settings, or start anew with another file"
            )
    if header.get("data") != list(data):
        raise CheckpointError("the checkpoint was trained with other data, or split otherwise; start anew")


def progress(header: Mapping[str, Any], steps_an_epoch: int) -> tuple[int, int, float, History]:
    """Steps done, batches done of this epoch, their losses summed, and the epochs.

    Raises `CheckpointError` where these do not fit together.
    """
    try:
        steps, place, summed = int(header["steps"]), int(header["place"]), float(header["summed"])
        history = History.from_json(header["history"])
        numbers = [one.number for one in history.epochs]
        plain = all(isinstance(value, int | float) for one in history.epochs for value in (one.rate, one.loss))
        fits = numbers == list(range(1, len(numbers) + 1)) and 0 <= place < steps_an_epoch
        fits = fits and plain and steps == len(numbers) * steps_an_epoch + place
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        fits = False
    if not fits:
        raise CheckpointError("the checkpoint does not say rightly how far the training had come; start anew")
    return steps, place, summed, history


def _drawn(network: Any) -> str:
    """A network of a header in a few words: `2-3-1 (tanh, softmax; bias separate)`."""
    try:
        layers = network["layers"]
        widths = "-".join(str(one) for one in [network["inputs"], *(row["width"] for row in layers)])
        activations = ", ".join(str(row["activation"]) for row in layers)
        biases = "/".join(dict.fromkeys(str(row["bias"]) for row in layers))
    except (KeyError, TypeError):
        return "none that can be read"
    return _short(f"{widths} ({activations}; bias {biases})")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
