"""A derivation from definitions as JSON: what was read, every step, every derivative, the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from derive.emit.latex import latex
from reports.given.asked import Asked
from reports.given.forms import Forms, Gradient
from verify.programs.examined import ProgramExamination
from verify.programs.reading import ProgramRead


def record(examination: ProgramExamination, read: ProgramRead, forms: Forms, asked: Asked) -> dict[str, Any]:
    """Everything, in plain lists and strings."""
    derivation = examination.derivation
    return {
        "given": list(asked.given),
        "assumed": list(asked.assumed),
        "definitions": [latex(box) for box in forms.definitions],
        "shapes": {name: list(sizes) for name, sizes in read.shapes.items()},
        "notes": list(read.notes),
        "target": read.program.target.name,
        "wrt": [one.name for one in derivation.program.wrt],
        "steps": [
            {
                "number": step.number,
                "latex": latex(forms.writer.box(step.claim)),
                "rule": step.rule,
                "reason": step.row.reason,
                "premises": list(step.premises),
            }
            for step in derivation.steps
        ],
        "between": [_gradient(one) for one in forms.between],
        "gradients": [_gradient(one) for one in forms.wanted],
        "program": None if examination.note else examination.engine.source,
        "checks": _checks(examination),
    }


def _gradient(one: Gradient) -> dict[str, Any]:
    return {
        "of": one.letter,
        "index": latex(one.index),
        "matrix": None if one.matrix is None else latex(one.matrix),
        "why": one.why or None,
    }


def _checks(examination: ProgramExamination) -> dict[str, Any]:
    return {
        "holds": examination.holds,
        "steps_rechecked": examination.proof.steps,
        "entries_compared": examination.views.entries,
        "sizes": dict(examination.sizes),
        "point": {name: np.asarray(value).tolist() for name, value in examination.given.items()},
        "upstream": {name: np.asarray(value).tolist() for name, value in examination.upstream.items()},
        "value": examination.loss,
        "gradients": {name: np.asarray(value).tolist() for name, value in examination.gradients.items()},
        "arrays": [
            {"letter": row.name, "shape": list(row.shape), "central_differences": _finite(row.differences),
             "complex_step": _finite(row.complex_step), "right": row.right}
            for row in examination.rows
        ],
        "note": examination.note or None,
    }  # fmt: skip


def _finite(value: float) -> float | None:
    """JSON has no infinity: what is not finite is null."""
    return value if np.isfinite(value) else None
