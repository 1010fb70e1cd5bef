"""What `derive hessian` does once its options are read: derive, prove, compare, write, show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from derive.derivation import Derivation
from derive.emit.latex import latex
from derive.emit.plain import plain
from derive.equation import EquationError
from derive.second import HessianVector, NoSecond
from reports import options
from reports.exits import exit_code
from reports.given.asked import asked
from reports.second.numbers import Row, compared
from reports.second.pages import Findings, found_of, pages, verdict
from reports.terminal import Progress, aligned, files
from reports.wording.language import speaking, told
from reports.writing import write_report
from verify.programs.reading import program_read

HEADER = ("part by", "entries", "differences of the gradient", "derivative of the slope", "verdict")


def run(**chosen: Any) -> int:
    """Run the command; the exit code: 0 all right, 1 a check failed, 2 wrong input."""
    return exit_code(lambda: _run(**chosen))


def _run(layers: str | None, given: tuple[str, ...], wrt: str | None, shapes: tuple[str, ...],
         assume: tuple[str, ...], activations: str, loss: str, bias: str, no_bias: bool, notation: str, seed: int,
         output: Path, formats: str, pdf_engine: str, language: str, as_json: bool,
         quiet: bool) -> int:  # fmt: skip
    kinds = options.formats(formats)
    with Progress(wanted=not quiet) as progress:
        progress("deriving")
        if layers is not None:
            derivation = Derivation(options.network(layers, activations, loss, "none" if no_bias else bias))
        else:
            question = asked(given, wrt, shapes, assume)
            read = program_read(question.given, question.shapes, question.wrt, question.assumed)
            derivation = Derivation(read.program)
        try:
            found = found_of(HessianVector(derivation), notation)
            progress("comparing numbers")
            found = found.with_rows(compared(found.second, seed))
        except NoSecond as error:
            raise EquationError(str(error)) from error
        progress("writing the document")
        with speaking(language):
            written = write_report(lambda: pages(found), output, kinds, pdf_engine, name="hessian",
                                   record=lambda: record(found), language=language)  # fmt: skip
    if as_json:
        print(json.dumps({**record(found), "files": [str(path) for path in written.paths]}, allow_nan=False))
    elif not quiet:
        print("\n".join([*shown(found), *files(written)]))
    return 0 if found.holds else 1


def shown(found: Findings) -> Iterator[str]:
    """The R-equations, the Hessian of the output, the table of numbers, how sure this is."""
    yield from (f"  {plain(box)}" for box, _ in found.equations)
    yield ""
    if found.hessian is not None:
        yield f"  {plain(found.hessian)}"
        yield ""
    if found.rows:
        yield from (f"  {row}" for row in aligned([tuple(map(told, HEADER)), *map(_cells(found), found.rows)]))
        yield ""
    yield from map(told, verdict(found))


def _cells(found: Findings) -> Callable[[Row], tuple[str, ...]]:
    """What makes the cells of a row of the table."""
    return lambda row: (plain(found.letters[row.name]), f"{row.entries:,}", f"{row.differences:.0e}",
                        f"{row.slope:.0e}", told("right" if row.right else "WRONG"))  # fmt: skip


def record(found: Findings) -> dict[str, Any]:
    """Everything, in plain lists and strings."""
    return {
        "equations": [{"matrix": latex(box), "index": latex(index)} for box, index in found.equations],
        "output_hessian": None if found.hessian is None else latex(found.hessian),
        "steps": [
            {"number": step.number, "latex": latex(found.writer.box(step.claim)), "rule": step.rule,
             "reason": step.row.reason, "premises": list(step.premises)}
            for step in found.second.own_steps
        ],
        "checks": {
            "holds": found.holds,
            "steps_rechecked": found.steps,
            "parts": [{"of": row.name, "entries": row.entries, "differences": row.differences, "slope": row.slope,
                       "right": row.right} for row in found.rows],
        },
    }  # fmt: skip
