"""`derive check FILE.tex …`: the equations of LaTeX documents, checked; a table, JSON, or pages with ticks and crosses.

Exit codes, fit for a hook before a commit: 0 every claim is correct; 1 a claim is incorrect; 2 a file cannot be read,
or the report cannot be written; 3 nothing is incorrect, but there is no verdict on some claim.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.checking.asking import ask, started
from reports.checking.characters import visible
from reports.checking.document_pages import pages
from reports.checking.document_progress import watched
from reports.checking.document_table import WRONG, table
from reports.checking.options import Options
from reports.files import OutputError, write_files
from reports.pdf import EngineError, pdf
from reports.tex import tex
from reports.wording.language import NATIVE, speaking, spoken
from verify.batch.faults import WorkerFailed
from verify.document.limits import MOST_BYTES
from verify.document.results import Examined
from verify.document.run import Asker, asked, examined
from verify.document.source import SourceError, decoded, scanned

CORRECT, INCORRECT, WRONG_INPUT, OPEN = 0, 1, 2, 3
SUFFIXES = (".pdf", ".tex", ".json")
NAME = "checked.pdf"
_UNREAD = ("environment", "limit")
"""Remarks that say that part of the document was not read."""


@dataclass(frozen=True)
class Report:
    """One file: what was found, or the sentence that says why it cannot be read."""

    file: str
    found: Examined | None = None
    error: str = ""

    def record(self) -> dict[str, Any]:
        """As JSON."""
        if self.found is None:
            return {"file": self.file, "error": self.error}
        verdicts = {one: self.found.count(one) for one in ("correct", *WRONG)}
        return {
            "file": self.file,
            "network": self.found.network,
            "claims": self.found.claims,
            "verdicts": verdicts,
            "equations": [one.record() for one in self.found.results],
            "remarks": [one.record() for one in self.found.remarks],
        }

    @property
    def code(self) -> int:
        """The exit code that this file alone would give."""
        if self.found is None:
            return WRONG_INPUT
        if self.found.count("incorrect"):
            return INCORRECT
        unread = any(one.kind in _UNREAD for one in self.found.remarks)
        return OPEN if unread or any(self.found.count(one) for one in WRONG) else CORRECT


def run(paths: Path | Sequence[Path], options: Options, pdf_engine: str = "auto", macros: Sequence[Path] = (),
        language: str = "") -> int:  # fmt: skip
    """Check a document, or several, and report.

    The exit code is explained above; of several files it is the first of 1, 2, 3, 0.

    `options.record` holds what stands before each document (`given`, `layers`, …), `options.output` where the pages go:
    a name that ends in .pdf, .tex or .json, or a folder.  `macros` are files of which only the macros are read.
    """
    paths = [paths] if isinstance(paths, Path) else paths
    if any(path.is_file() for path in paths):
        started(options)
    try:
        known = "\n".join(_text(path)[0] for path in macros)
        reports = [checked(path, options, known) for path in paths]
    except (SourceError, WorkerFailed) as error:
        return _failed(str(error))
    _show(reports, options)
    code = min((report.code for report in reports if report.code), default=CORRECT)
    try:
        with speaking(language or spoken()):
            _write(reports, options, pdf_engine)
    except (OutputError, EngineError) as error:
        return max(code, _failed(str(error))) if code != INCORRECT else code
    return code


def checked(path: Path, options: Options, macros: str = "", asker: Asker | None = None) -> Report:
    """The report on one file; raises `WorkerFailed` where nothing can be asked."""
    try:
        text, note = _text(path)
    except SourceError as error:
        return Report(str(path), error=str(error))
    if asker is None:
        asker = asked(lambda question: ask(question, options), options.jobs)
        asker = asker if options.quiet or options.as_json else watched(asker, str(path))
    return Report(str(path), examined(scanned(text, note, macros), asker, options.record))


def _text(path: Path) -> tuple[str, str]:
    """The text of a file, and a sentence about its encoding.  Raises `SourceError`."""
    try:
        if not path.is_file():
            raise SourceError(f"{path} is not a file" if path.exists() else f"there is no file {path}")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(f"{path} cannot be read: {reason}") from None
    try:
        return decoded(content)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from None


# --- what is shown --------------------------------------------------------------------------------------------------


def _show(reports: Sequence[Report], options: Options) -> None:
    """JSON, or only the problems, or tables."""
    for report in reports:
        if report.found is None and not options.as_json:
            _failed(report.error)
    if options.as_json:
        print(json.dumps({"documents": [one.record() for one in reports]}, ensure_ascii=False, allow_nan=False))
        return
    for report in reports:
        if report.found is not None:
            shown = problems(report.file, report.found) if options.quiet else table(report.file, report.found, options)
            for line in shown:
                print(line)


def problems(file: str, found: Examined) -> list[str]:
    """`file:line:column: verdict: message`, one line for each problem."""
    lines = []
    for one in found.results:
        if one.verdict in WRONG:
            said = ": ".join(filter(None, (one.mistake, one.message))) or "no reason is given"
            mend = f" (mended: {' '.join(one.fix.split())})" if one.fix else ""
            lines.append((one.point.line, one.point.column, f"{one.verdict}: {said}{mend}"))
    lines += [(one.line, one.column, f"not read: {one.message}") for one in found.remarks if one.kind in _UNREAD]
    return [visible(f"{file}:{line}:{column}: {' '.join(text.split())}") for line, column, text in sorted(lines)]


def _failed(message: str) -> int:
    print(f"derive: {visible(message)}", file=sys.stderr)
    return WRONG_INPUT


# --- what is written ------------------------------------------------------------------------------------------------


def _write(reports: Sequence[Report], options: Options, engine: str) -> None:
    """The file that was asked for; no pages where no document could be read.  Raises `OutputError` or `EngineError`."""
    if options.output is None:
        return
    target = options.output if options.output.suffix in SUFFIXES else options.output / NAME
    if target.suffix != ".json" and all(one.found is None for one in reports):
        return
    if target.suffix == ".json":
        text = json.dumps({"documents": [one.record() for one in reports]}, ensure_ascii=False, indent=1)
        content = f"{text}\n".encode()
    else:
        document = pages([(one.file, one.found) for one in reports if one.found is not None])
        if target.suffix == ".tex" and document.language != NATIVE:
            raise EngineError("LaTeX sets English only here; for another language name a file that ends in .pdf")
        content = tex(document).encode() if target.suffix == ".tex" else pdf(document, engine).content
    write_files(target.parent, {target.name: content})
    if not (options.quiet or options.as_json):
        print(f"\n{visible(str(target))}")
