"""A document as PDF: by the TeX of the machine where one really works, else by the Typst that comes with the package.

An engine counts as working when it has set a small document with all packages that a real one needs; that is tried once
in a process.  The same document gives the same bytes on the same engine.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst as bundled

from derive.layout import Glyph
from reports.document import Column, Document, Equation, Figure, Line, Paragraph, Section, Table, inline
from reports.figures.drawing import Drawing
from reports.figures.drawing import Line as Stroke
from reports.inline import Math
from reports.tex import tex
from reports.typst import typst
from reports.typst.fonts import NoFont, font_for
from reports.typst.printer import END
from reports.wording.language import language

PROBE_SECONDS = 20.0
SECONDS = 180.0
MOST_RUNS = 5
BARE = 0.15  # a last page of which less is filled is avoided
TOP, BOTTOM, HEIGHT = 24.0, 27.0, 297.0  # of the page that Typst sets, in millimetres


class EngineError(RuntimeError):
    """A PDF engine is unknown, missing or failed; the message is one sentence."""


@dataclass(frozen=True)
class Engine:
    """A TeX program: its name, and its command before the name of the source; `runs_once` if it repeats by itself."""

    name: str
    arguments: tuple[str, ...]
    runs_once: bool = False


_SAFE = ("-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode")

_ROWS = (
    Engine("pdflatex", _SAFE),
    Engine("lualatex", _SAFE),
    Engine("xelatex", _SAFE),
    Engine("tectonic", ("--untrusted", "--keep-logs"), runs_once=True),
    Engine("latexmk", ("-pdf", "-norc", *_SAFE), runs_once=True),
)

ENGINES = {row.name: row for row in _ROWS}
_ENVIRONMENT = {
    "SOURCE_DATE_EPOCH": "0",
    "FORCE_SOURCE_DATE": "1",
    "openout_any": "p",  # no writing outside of the folder
    "MKTEXPK": "0",  # no bitmaps of fonts are made behind the user's back
    "max_print_line": "1000",  # complaints are not broken
}

CHOICES = ("auto", "tex", "typst", *ENGINES)


@dataclass(frozen=True)
class Rendered:
    """The bytes of a PDF, the engine that made it, and why an engine before it did not."""

    content: bytes
    engine: str
    note: str = ""


def pdf(document: Document, engine: str = "auto") -> Rendered:
    """The document as PDF.

    `auto` takes the first TeX that works, or Typst; `tex` insists on a TeX, and a name of `CHOICES` on that engine.
    A language other than English is set by Typst alone.  Raises `EngineError` for an unknown engine, where a demanded
    one is missing or fails, and where no font has the letters of the language.
    """
    if engine not in CHOICES:
        raise EngineError(f"unknown PDF engine {engine!r} (known: {', '.join(CHOICES)})")
    row = language(document.language)
    if engine != "auto" and engine != "typst" and not row.native:
        raise EngineError(f"LaTeX does not set {row.name} here; take --pdf-engine typst, which does, or leave it out")
    if engine == "typst" or not row.native:
        return by_typst(document)
    if engine in ENGINES:
        return Rendered(_checked(ENGINES[engine], document), engine)
    found = working_tex()
    if found is None:
        if engine == "tex":
            raise EngineError(f"no TeX works on this machine (tried {', '.join(ENGINES)})")
        return by_typst(document)
    if engine == "tex":
        return Rendered(run(found, tex(document)), found.name)
    return _preferred(found, document)


def by_typst(document: Document) -> Rendered:
    """The document set by the bundled Typst, with its own fonts and without the time of day.

    Another language than English takes its letters from a font of this machine; `EngineError` where there is none.
    """
    try:
        font = font_for(language(document.language))
    except NoFont as error:
        raise EngineError(str(error)) from error
    fonts = bundled.Fonts(include_system_fonts=False, font_paths=list(font.folders))
    with tempfile.TemporaryDirectory(prefix="backproof-") as folder:
        source = Path(folder) / "document.typ"
        source.write_text(typst(document, font.family), encoding="utf-8")
        try:
            content, page, filled = _typeset(source, fonts, {})
            if page > 1 and filled < BARE:
                closer, last, _ = _typeset(source, fonts, {"closer": "yes"})
                content = closer if last < page else content
        except bundled.TypstError as error:
            raise EngineError(f"Typst does not set the document: {error}") from error
    return Rendered(content, "typst")


def _typeset(source: Path, fonts: bundled.Fonts, inputs: dict[str, str]) -> tuple[bytes, int, float]:
    """The PDF, the number of its last page, and which share of that is filled."""
    # Only a compiler that reads a file answers a query about what it has set without setting it again.
    compiler = bundled.Compiler(str(source), ignore_system_fonts=True, font_paths=fonts, sys_inputs=inputs)
    content = compiler.compile(format="pdf", timestamp=0)
    if not isinstance(content, bytes):
        raise EngineError("Typst ended without a PDF")
    end = json.loads(compiler.query(END, field="value", one=True))
    return content, int(end["page"]), (float(end["y"]) - TOP) / (HEIGHT - TOP - BOTTOM)


def _preferred(engine: Engine, document: Document) -> Rendered:
    """TeX, and Typst where TeX fails after all; the note says so."""
    try:
        return Rendered(run(engine, tex(document)), engine.name)
    except EngineError as error:
        return Rendered(by_typst(document).content, "typst", str(error))


def _checked(engine: Engine, document: Document) -> bytes:
    if shutil.which(engine.name) is None:
        raise EngineError(f"the PDF engine {engine.name} is not installed")
    return run(engine, tex(document))


@cache
def working_tex() -> Engine | None:
    """The first TeX that sets the probe, tried once in a process."""
    return next((row for row in _ROWS if works(row)), None)


def works(engine: Engine) -> bool:
    """Whether an engine sets a small document with all packages that a real one needs, within `PROBE_SECONDS`."""
    if shutil.which(engine.name) is None:
        return False
    try:
        return run(engine, tex(probe()), PROBE_SECONDS, most=1).startswith(b"%PDF")
    except EngineError:
        return False


def probe() -> Document:
    """A small document that needs every package, the fonts and the drawing of paths."""
    letter = Glyph("a", bold=True)
    return Document(
        "Probe",
        (
            Section(
                inline("Probe"),
                (
                    Paragraph(inline("Words and ", Math(letter))),
                    Equation((Line(letter, letter),), reason=inline("a reason")),
                    Table((Column(inline("a")),), ((inline("1"),),)),
                    Figure(Drawing(10, 5, (Stroke(((0, 0), (10, 5))),)), inline("A line"), "A line"),
                ),
            ),
        ),
    )


def run(engine: Engine, source: str, seconds: float = SECONDS, most: int = MOST_RUNS) -> bytes:
    """Set a source in a temporary folder, again while its references change, and return the PDF.

    Raises `EngineError`, with the engine's own complaint, where it fails or takes longer than `seconds`.
    """
    with tempfile.TemporaryDirectory(prefix="backproof-") as folder:
        (Path(folder) / "document.tex").write_text(source, encoding="utf-8")
        references = None
        for _ in range(1 if engine.runs_once else most):
            _call([engine.name, *engine.arguments, "document.tex"], Path(folder), seconds)
            before, references = references, _references(Path(folder))
            if references == before:
                break
        result = Path(folder) / "document.pdf"
        content = result.read_bytes() if result.is_file() and not result.is_symlink() else b""
        if not content.startswith(b"%PDF"):
            raise EngineError(f"{engine.name} ended without a PDF")
        return content


def _references(folder: Path) -> tuple[bytes, ...]:
    """What one run leaves to the next: when it stays the same, nothing will change any more."""
    files = (folder / f"document.{ending}" for ending in ("aux", "toc", "out"))
    return tuple(file.read_bytes() if file.is_file() else b"" for file in files)


def _call(command: Sequence[str], folder: Path, seconds: float) -> None:
    """Run a program to its end; where it lasts too long or we are interrupted, it and its children are killed."""
    try:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | _ENVIRONMENT, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)  # fmt: skip
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be started: {error.strerror}") from error
    with process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"{command[0]} was stopped after {seconds:g} seconds") from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise EngineError(f"{command[0]} failed: {_complaint(output.decode(errors='replace'))}")


def _complaint(output: str) -> str:
    """The line in which TeX says what is wrong, else the last one that says anything."""
    said = [line.strip() for line in output.splitlines() if line.strip()]
    wrong = [line for line in said if line.startswith("!") or "error" in line.lower()]
    return (wrong or said[-1:] or ["it said nothing"])[0].removeprefix("! ")
