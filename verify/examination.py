"""Everything that is checked about one derivation, in one object: the proof, the views, the numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from derive.derivation import Derivation
from verify.engine.core import Engine
from verify.kernel import Report, recheck
from verify.oracles import CheckTable, ErrorCurve, Point, check, error_curve
from verify.oracles.table import CheckRow, Comparison
from verify.views import Agreement, agree

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Examination:
    """What was found.

    `proof` counts the steps that the kernel rechecked, `views` the entries in which index, matrix and entries form
    were proved equal, `numbers` compares the engine's gradients with each oracle at `point`, `loss` is the value there,
    and `curve` is the error of central differences over the step size.
    """

    derivation: Derivation
    point: Point
    proof: Report
    views: Agreement
    numbers: CheckTable
    curve: ErrorCurve
    loss: float
    gradients: dict[str, Any]

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong; entries that have no derivative, at a kink, are said in `numbers.kinks`."""
        return not self.numbers.failed

    def _repr_markdown_(self) -> str:
        """What a notebook shows: what was proved, and each array's gradient against the three oracles."""
        head = ["gradient by", "entries", "central differences", "complex step", "certified digits", "verdict"]
        lines = [head, ["---"] * len(head), *(_row(row) for row in self.numbers.rows)]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        proved = f"{self.proof.steps} steps rechecked, {self.views.entries:,} entries compared; loss {self.loss:.6g}"
        notes = [note.replace("|", "&#124;") for note in self.numbers.notes]
        return "\n\n".join([f"**{'right' if self.holds else 'wrong'}** · {proved}", table, *notes])


def _row(row: CheckRow) -> list[str]:
    """One array of the table of numbers."""
    compared = [_error(one) for one in (row.differences, row.complex_step)]
    digits = "" if row.certified.digits is None else str(row.certified.digits)
    return [row.name, f"{row.entries:,}", *compared, digits, row.verdict]


def _error(found: Comparison | None) -> str:
    """The relative error that an oracle found, where it could compare."""
    return f"{found.relative:.0e}" if found is not None and found.available else ""


def examine(derivation: Derivation, point: Point, progress: Progress = lambda stage: None) -> Examination:
    """Run every check; raises where the proof fails (`KernelError`) or two views differ (`ViewsDiffer`)."""
    progress("rechecking every step")
    proof = recheck(derivation)
    progress("comparing the three views")
    views = agree(derivation)
    progress("computing the gradients")
    parameters = {"W": point.W, "b": point.b, "constants": point.constants}
    loss, gradients = Engine(derivation, "numpy")(parameters, point.x, point.y)
    progress("comparing with finite differences, the complex step and balls")
    network = derivation.network
    numbers = check(network, point, gradients, loss)
    progress("measuring the error over the step size")
    return Examination(
        derivation, point, proof, views, numbers, error_curve(network, point, gradients), loss, gradients
    )
