"""What `derive --given` does once its options are read: read, derive, examine, write, show."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from derive.derivation import Derivation
from reports import options
from reports.exits import exit_code
from reports.given.asked import asked
from reports.given.forms import Forms
from reports.given.pages import pages
from reports.given.record import record
from reports.given.terminal import show
from reports.notebook.cells import program_cells
from reports.selfcheck.report import checked
from reports.selfcheck.subjects import of_definitions
from reports.selfcheck.telling import exit_of, recorded
from reports.terminal import Progress
from reports.wording.language import speaking
from reports.writing import write_report
from verify.programs.examined import examined
from verify.programs.reading import program_read


def run(**chosen: Any) -> int:
    """Run the command; the exit code: 0 all right, 1 a check failed, 2 wrong input."""
    return exit_code(lambda: _run(**chosen))


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
    self_check: bool = False,
) -> int:
    question = asked(given, wrt, shapes, assume)
    kinds = options.formats(formats)
    with Progress(wanted=not quiet) as progress:
        progress("deriving")
        read = program_read(question.given, question.shapes, question.wrt, question.assumed)
        examination = examined(Derivation(read.program), seed, progress)
        forms = Forms(examination.derivation, notation)
        progress("writing the document")
        document = cache(lambda: pages(examination, read, forms))
        with speaking(language):
            written = write_report(document, output, kinds, pdf_engine,
                                   record=lambda: record(examination, read, forms, question),
                                   code=program_cells(question, notation), language=language)  # fmt: skip
            if self_check:
                progress("reading the report back")
            subject = of_definitions(question.given, read.shapes, question.assumed)
            check = checked(document(), subject) if self_check else None
    if as_json:
        names = [str(path) for path in written.paths]
        found = {**record(examination, read, forms, question), **recorded(check), "files": names}
        print(json.dumps(found, allow_nan=False))
    elif not quiet:
        show(examination, read, forms, written)
    if not examination.holds:
        wrong = ", ".join(row.name for row in examination.rows if not row.right)
        print(f"derive: a check failed: the gradient by {wrong} is wrong", file=sys.stderr)
    return exit_of(check, quiet) or (0 if examination.holds else 1)
