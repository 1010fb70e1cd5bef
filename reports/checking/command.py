"""What `derive check` does once its options are read: one formula, claims of a file, a batch, or a document.

Exit codes: 0 correct (a batch: complete), 1 incorrect, 2 bad usage or unreadable, 3 undecided.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reports.checking import asking, batches, options, sources
from reports.checking.characters import visible
from reports.checking.options import Options
from reports.checking.terminal import shown
from reports.files import kind_of
from verify.batch.faults import WorkerFailed
from verify.checking.answer import Answer

CODES = {"correct": 0, "incorrect": 1, "unreadable": 2, "undecided": 3}
WORST = ("incorrect", "unreadable", "undecided", "correct")
REFUSED = (options.BadOption, options.BadQuestion, options.SourceError, options.Mistyped, WorkerFailed)


def run(formulas: tuple[str, ...], batch: str | None, macros: tuple[Path, ...], pdf_engine: str,
        language: str = "", **chosen: Any) -> int:  # fmt: skip
    """Run the command; the exit code.  Pages about a document are in the language, or in the one that is spoken."""
    try:
        found = options.read(chosen)
        if batch is not None:
            return batches.run(batch, formulas, found)
        if formulas and all(map(sources.is_document, formulas)):
            _unclaimed(found)
            _printable(found)
            from reports.checking import documents  # here: a formula needs neither pages nor what prints them

            return documents.run([Path(one) for one in formulas], found, pdf_engine, macros, language)
        return _run(formulas, found)
    except REFUSED as error:
        print(f"derive: {visible(str(error))}", file=sys.stderr)
        return 2


def _run(arguments: tuple[str, ...], chosen: Options) -> int:
    """The formula of the command line, after the claims of `--given`."""
    _alone(chosen)
    if len(arguments) > 1:
        raise options.BadOption(
            f"one formula at a time, in quotes; {len(arguments)} arguments were found, of which the second is "
            f"{arguments[1][:40]!r}"
        )
    formulas = [*chosen.claims, *map(sources.formula, arguments)]
    if not formulas:
        raise options.BadOption(
            "there is nothing to check: give a formula in quotes, a file that holds one, or - to read standard input"
        )
    return code(_answered(formulas, chosen))


def _unclaimed(chosen: Options) -> None:
    """A document has claims of its own: those of a list of definitions would be checked nowhere."""
    if chosen.claims:
        raise options.BadOption("a claim in a file of --given is checked without a document beside it")


def _printable(chosen: Options) -> None:
    """Refuse a file in a format of other reports, which would become a folder of that name."""
    kind = None if chosen.output is None else kind_of(chosen.output)
    if kind is not None and kind not in ("pdf", "tex", "json"):
        raise options.BadOption(
            f"--output {str(chosen.output)!r}: pages about a document are pdf, tex or json, not {kind}"
        )


def _alone(chosen: Options) -> None:
    """Refuse what only a batch can use."""
    wrong = {"--output": chosen.output, "--resume": chosen.resume, "--jobs": chosen.jobs,
             "--scheduler": chosen.scheduler}  # fmt: skip
    for name, value in wrong.items():
        if value:
            raise options.BadOption(f"{name} goes with --batch, or with a document")


def _answered(formulas: list[str], chosen: Options) -> Iterable[str]:
    """The verdict of each formula, which is shown."""
    for formula in formulas:
        answer = asking.ask(chosen.question(formula), chosen)
        show(formula, answer, chosen)
        yield answer.verdict


def show(formula: str, answer: Answer, chosen: Options) -> None:
    """Print an answer: for a program, or for people."""
    if chosen.as_json:
        print(json.dumps(answer.record(), allow_nan=False))
    elif not chosen.quiet:
        print(shown(formula, answer, chosen))


def code(verdicts: Iterable[str]) -> int:
    """The exit code for several verdicts: that of the worst."""
    found = list(verdicts)
    return CODES[min(found, key=WORST.index)]
