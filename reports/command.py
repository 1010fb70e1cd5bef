"""What `derive` does once its options are read: derive, examine, write, show; the exit code says how it went."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from derive.derivation import Derivation
from derive.network import Network, SpecError
from reports import options
from reports.chapter import chapter
from reports.chapter.every import refuse_large
from reports.exercises.writing import PRINTED, write_exercises
from reports.exits import exit_code
from reports.notebook.cells import network_cells
from reports.record import record
from reports.selfcheck.checks import Subject
from reports.selfcheck.report import checked
from reports.selfcheck.subjects import of_network
from reports.selfcheck.telling import exit_of, recorded
from reports.terminal import Progress, describe, files, show
from reports.wording.language import speaking, told
from reports.writing import write_report
from verify.examination import Examination, examine
from verify.oracles import Point


def run(**chosen: Any) -> int:
    """Run the command; the exit code: 0 all right, 1 a check failed, 2 wrong input."""
    return exit_code(lambda: _run(**chosen))


def _run(
    layers: str,
    activations: str,
    loss: str,
    bias: str,
    no_bias: bool,
    notation: str,
    expand: bool,
    seed: int,
    at: Path | None,
    output: Path,
    formats: str,
    pdf_engine: str,
    language: str,
    as_json: bool,
    quiet: bool,
    detail: str = "standard",
    exercises: bool = False,
    self_check: bool = False,
) -> int:
    network = options.network(layers, activations, loss, "none" if no_bias else bias)
    kinds = options.formats(formats)
    if detail == "full":
        refuse_large(Derivation(network))
    if exercises:
        return _exercises(network, notation, seed, output, kinds, pdf_engine, language, as_json, quiet)
    with Progress(wanted=not quiet) as progress:
        progress("deriving")
        examination = _examined(network, seed, at, progress)
        progress("writing the document")
        document = cache(lambda: chapter(examination, notation, expand, detail))
        with speaking(language):
            written = write_report(document, output, kinds, pdf_engine,
                                   record=lambda: record(examination, notation),
                                   code=network_cells(examination, notation), language=language)  # fmt: skip
            if self_check:
                progress("reading the report back")
            check = checked(document(), _subject(examination, notation)) if self_check else None
    if as_json:
        found = {**record(examination, notation), **recorded(check), "files": [str(path) for path in written.paths]}
        print(json.dumps(found, allow_nan=False))
    elif not quiet:
        show(examination, notation, written)
    if (quiet or as_json) and not examination.holds:
        wrong = [row.name for row in examination.numbers.rows if row.verdict == "failed"]
        print(f"derive: a check failed: {', '.join(wrong) or 'the loss'} is wrong", file=sys.stderr)
    return exit_of(check, quiet) or (0 if examination.holds else 1)


def _subject(examination: Examination, notation: str) -> Subject:
    return of_network(examination.derivation, notation, examination.point)


def _exercises(network: Network, notation: str, seed: int, output: Path, kinds: Sequence[str], pdf_engine: str,
               language: str, as_json: bool, quiet: bool) -> int:  # fmt: skip
    """An exercise sheet, its solutions and a quiz in place of the chapter."""
    if "json" in kinds:
        raise SpecError(f"--exercises is printed as {', '.join(PRINTED)}, not as json")
    with Progress(wanted=not quiet) as progress:
        progress("deriving")
        examination = _examined(network, seed, None, progress)
        progress("making the exercises")
        with speaking(language):
            found, written = write_exercises(examination, output, kinds, notation, seed, pdf_engine, language)
    right = sum(one.mistake is None for one in found.quiz.items)
    wrong = len(found.quiz.items) - right
    if as_json:
        counts = {"gaps": found.gaps, "right": right, "wrong": wrong}
        print(json.dumps({**counts, "files": [str(path) for path in written.paths]}))
    elif not quiet:
        made = f"a sheet with {found.gaps} gaps, its solutions, and a quiz of formulas: {right} right, {wrong} wrong"
        print(f"{describe(network)}\n\n{told(made)}")
        print("\n".join(files(written)))
    return 0


def _examined(network: Network, seed: int, at: Path | None, progress: Any) -> Examination:
    point = Point.random(network, seed) if at is None else Point.from_json(network, options.values(at), seed)
    derivation = Derivation(network)
    return examine(derivation, point, progress)
