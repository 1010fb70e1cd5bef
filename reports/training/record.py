"""A training as plain data, for programs: what `--json` prints and `training.json` holds."""

from __future__ import annotations

from math import isfinite
from typing import Any

from derive.emit.latex import latex
from derive.emit.plain import plain
from reports.training.formulas import assignment
from verify.training.data import Samples
from verify.training.history import Epoch
from verify.training.loop import Training

SCHEMA = 1


def record(training: Training, learned: Samples, held: Samples) -> dict[str, Any]:
    """The plan, the data, the update rule as LaTeX and text, every epoch, and how it ended; no times of day."""
    plan, last = training.plan, training.history.last
    boxes = [assignment(one) for one in training.update.program.assignments]
    return {
        "schema": SCHEMA,
        "plan": plan.to_json(),
        "data": {
            "name": learned.name,
            "samples": len(learned),
            "held_out": len(held),
            "inputs": learned.x.shape[1],
            "classes": list(learned.classes),
            "fingerprint": training.fingerprint,
        },
        "update": [{"latex": latex(box), "text": plain(box)} for box in boxes],
        "epochs": [_epoch(one) for one in training.history.epochs],
        "steps": training.steps,
        "right": last.right if last else None,
        "share_right": last.right / len(held) if last and last.right is not None else None,
    }


def _epoch(one: Epoch) -> dict[str, Any]:
    return {
        "epoch": one.number,
        "rate": one.rate,
        "loss": _finite(one.loss),
        "held_out_loss": _finite(one.held_loss),
        "right": one.right,
    }


def _finite(value: float | None) -> float | None:
    """JSON has no infinity: what is not finite is null."""
    return value if value is not None and isfinite(value) else None
