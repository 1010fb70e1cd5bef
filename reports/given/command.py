"""What `derive --given` does once its options are read: read, derive, examine, write, show."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from derive.derivation import Derivation
from reports import options
from reports.exits import exit_code
from reports.given.asked import Asked, asked
from reports.given.forms import Forms
from reports.given.pages import pages
from reports.given.record import record
from reports.given.terminal import show
from reports.notebook.cells import program_cells
from reports.terminal import Progress
from reports.wording.language import speaking, spoken
from reports.writing import Written, write_report
from verify.programs.examined import ProgramExamination, examined
from verify.programs.reading import NotDerived, ProgramRead, program_read


def run(**chosen: Any) -> int:
    """Run the command; the exit code: 0 all right, 1 a check failed, 2 wrong input."""
    try:
        return exit_code(lambda: _run(**chosen))
    except NotDerived as error:
        print(f"derive: {error.message}", file=sys.stderr)
        if error.text:
            print("\n".join(f"  {line}" for line in error.pointed(error.text).split("\n")[:2]), file=sys.stderr)
        return 2


def _run(
    given: tuple[str, ...],
    wrt: str | None,
    shapes: tuple[str, ...],
    assume: tuple[str, ...],
    notation: str,
    seed: int,
    output: Path,
    formats: str,
    pdf_engine: str,
    language: str,
    as_json: bool,
    quiet: bool,
) -> int:
    question = asked(given, wrt, shapes, assume)
    kinds = options.formats(formats)
    with Progress(wanted=not quiet) as progress:
        progress("deriving")
        read = program_read(question.given, question.shapes, question.wrt, question.assumed)
        examination = examined(Derivation(read.program), seed, progress)
        forms = Forms(examination.derivation, notation)
        progress("writing the document")
        with speaking(language):
            written = _written(examination, read, forms, question, output, kinds, pdf_engine)
    if as_json:
        names = [str(path) for path in written.paths]
        print(json.dumps({**record(examination, read, forms, question), "files": names}, allow_nan=False))
    elif not quiet:
        show(examination, read, forms, written)
    if not examination.holds:
        wrong = ", ".join(row.name for row in examination.rows if not row.right)
        print(f"derive: a check failed: the gradient by {wrong} is wrong", file=sys.stderr)
    return 0 if examination.holds else 1


def _written(
    examination: ProgramExamination,
    read: ProgramRead,
    forms: Forms,
    question: Asked,
    folder: Path,
    kinds: tuple[str, ...],
    engine: str,
) -> Written:
    """Render every file first, then put all of them in place."""
    return write_report(
        lambda: pages(examination, read, forms),
        folder,
        kinds,
        engine,
        record=lambda: record(examination, read, forms, question),
        code=program_cells(question, forms.notation),
        language=spoken(),
    )
