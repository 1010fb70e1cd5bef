"""A derivation and its checks as plain data, for programs: what `--json` prints and `derivation.json` holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from derive.derivation import Derivation
from derive.emit.latex import latex
from derive.emit.plain import plain
from derive.formula import Writer
from derive.network import Network
from verify.examination import Examination
from verify.oracles.table import CheckRow, Comparison

SCHEMA = 1


def record(examination: Examination, notation: str) -> dict[str, Any]:
    """Everything that was derived and checked; formulas as LaTeX and as text, in a notation."""
    derivation = examination.derivation
    writer = Writer(derivation, notation)
    return {
        "schema": SCHEMA,
        "network": network_record(derivation.network),
        "notation": notation,
        "warnings": list(derivation.network.warnings()),
        "steps": [_step(step, writer) for step in derivation.steps],
        "gradients": _claims(derivation, writer),
        "checks": _checks(examination),
        "example": _example(examination),
    }


def network_record(network: Network) -> dict[str, Any]:
    """A network as plain data, in the words of the command line."""
    return {
        "layers": list(network.widths),
        "bias_only": [layer.bias_only for layer in network.stack],
        "activations": [{"name": layer.activation, **dict(layer.constants)} for layer in network.stack],
        "loss": network.loss,
        "bias": [layer.bias for layer in network.stack],
    }


def _both(thing: Any, writer: Writer) -> dict[str, str]:
    box = writer.box(thing)
    return {"latex": latex(box), "text": plain(box)}


def _step(step: Any, writer: Writer) -> dict[str, Any]:
    return {
        "number": step.number,
        "claim": _both(step.claim, writer),
        "rule": step.rule,
        "reason": step.row.reason,
        "premises": list(step.premises),
    }


def _claims(derivation: Derivation, writer: Writer) -> list[dict[str, Any]]:
    """∂E/∂(each parameter) and each error signal, weight layers counted from 1."""
    keys = [(role, layer) for layer in range(derivation.network.depth, 0, -1) for role in ("delta", "W", "b")]
    found = []
    for role, layer in [*keys, ("x", 0)]:
        if derivation.has(role, layer):
            index, matrix = derivation.index(role, layer), derivation.matrix(role, layer)
            found.append({"of": role, "layer": layer, "index": _both(index, writer), "matrix": _both(matrix, writer)})
    return found


def _checks(examination: Examination) -> dict[str, Any]:
    numbers = examination.numbers
    return {
        "holds": examination.holds,
        "steps_rechecked": examination.proof.steps,
        "rules": dict(examination.proof.rules),
        "views": {"entries": examination.views.entries, "widths": [list(one) for one in examination.views.widths]},
        "arrays": [_row(row) for row in numbers.rows],
        "loss_relative_error": numbers.loss_error,
        "certified_digits": numbers.digits,
        "kinks": [str(kink) for kink in numbers.kinks],
        "notes": list(numbers.notes),
    }


def _row(row: CheckRow) -> dict[str, Any]:
    return {
        "array": row.name,
        "shape": list(row.shape),
        "entries": row.entries,
        "central_differences": _comparison(row.differences),
        "complex_step": _comparison(row.complex_step),
        "certified_relative_bound": _finite(row.certified.relative),
        "certified_digits": row.certified.digits,
        "verdict": row.verdict,
        "note": row.note,
    }


def _comparison(found: Comparison | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "compared": found.followed,
        "projections": found.projections,
        "largest_relative_error": _finite(found.relative),
        "largest_error_in_budgets": _finite(found.excess),
    }


def _finite(value: float | None) -> float | None:
    """JSON has no infinity: what is not finite is null."""
    return value if value is not None and np.isfinite(value) else None


def _numbers(array: Any) -> Any:
    """An array as lists, null for what is not finite."""
    found = array.astype(object)
    found[~np.isfinite(array)] = None
    return found.tolist()


def _example(examination: Examination) -> dict[str, Any]:
    gradients = examination.gradients
    plain_lists = {role: [None if one is None else _numbers(one) for one in gradients[role]] for role in ("W", "b")}
    return {
        "point": examination.point.to_json(),
        "loss": _finite(examination.loss),
        "gradients": {
            **plain_lists,
            "x": _numbers(gradients["x"]),
        },
    }
