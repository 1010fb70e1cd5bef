"""Builds every kind of report with both PDF engines and names each fault of a page.

    python -m benchmarks.paper                     what is told below, in about half an hour
    python -m benchmarks.paper hessians sheets     some kinds (see `benchmarks.paper_cases`)
    python -m benchmarks.paper --part 2/5          every fifth case, from the second on
    python -m benchmarks.paper --all               every network in every book's letters
    python -m benchmarks.paper --match 784         cases whose title holds these letters
    python -m benchmarks.paper --keep DIR          leaves sources, logs and PDFs there, to be looked at

Needs pdflatex and poppler's pdftoppm; for Chinese a font.  The exit code is 1 where anything was found.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.paper_cases import KINDS, Case
from benchmarks.paper_faults import faults_of_log, faults_of_pages
from reports.cli import main as derive
from reports.pdf import ENGINES, MOST_RUNS

TEX = "pdflatex"


def main(argv: Sequence[str] | None = None) -> int:
    """Go through the cases; a line for each fault, and a count at the end."""
    options = _options(argv)
    cases = [case for kind in options.kinds or KINDS for case in KINDS[kind](options.all)]
    first, step = (int(number) for number in options.part.split("/"))
    chosen = [case for case in cases[first - 1 :: step] if options.match in case.title]
    found = built = 0
    with contextlib.ExitStack() as stack:
        root = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for number, case in enumerate(chosen):
            start = time.perf_counter()
            folder = root / f"{number:03}-{''.join(sign if sign.isalnum() else '-' for sign in case.title)[:70]}"
            faults = list(build(case, folder))
            built += sum(1 for _ in folder.glob("*/*.pdf"))
            found += len(faults)
            print(f"{case.title}   {time.perf_counter() - start:.1f} s", *faults, sep="\n    ", flush=True)
    print(f"{len(chosen)} cases, {built} PDFs, {found} faults")
    return 1 if found else 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; by default all")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="every N-th case, from the K-th on")
    parser.add_argument("--match", default="", metavar="LETTERS", help="cases whose title holds these letters")
    parser.add_argument("--all", action="store_true", help="every network in every book's letters")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where sources, logs and PDFs stay")
    options = parser.parse_args(argv)
    unknown = [kind for kind in options.kinds if kind not in KINDS]
    if unknown:
        parser.error(f"unknown kind {unknown[0]!r} (known: {', '.join(KINDS)})")
    return options


def build(case: Case, folder: Path) -> Iterator[str]:
    """Write one report as LaTeX and by Typst, set the former here, where its log stays; yield what is wrong."""
    for engine in ("typst", *([] if "zh" in case.arguments else ["tex"])):
        target = folder / engine
        target.mkdir(parents=True, exist_ok=True)
        for name, text in case.files.items():
            (target / name).write_text(text)
        said = written(case, engine, target)
        if said:
            yield f"{engine}: {said}"
        reports = [one for one in sorted(target.glob("*.tex")) if one.name not in case.files]
        for source in reports if engine == "tex" else ():
            yield from (f"tex: {fault}" for fault in set_by_tex(source))
        for made in sorted(target.glob("*.pdf")):
            yield from (f"{engine}: {made.name} {fault}" for fault in faults_of_pages(made.read_bytes()))


def written(case: Case, engine: str, folder: Path) -> str:
    """Run `derive` in the folder; what it complains about, or nothing."""
    made = "pdf" if engine == "typst" else "tex"
    ending = ("--output", f"report.{made}") if case.document else ("--format", made)
    typst = ("--pdf-engine", "typst") if engine == "typst" else ()
    complaint = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stderr(complaint), contextlib.redirect_stdout(io.StringIO()):
        try:
            derive([*case.arguments, *ending, *typst, "--quiet"])
        except SystemExit as ended:
            bad = ended.code not in (0, None) and not case.document
            return complaint.getvalue().strip() or (f"exit code {ended.code}" if bad else "")
        except Exception as error:  # a crash is a finding, and the other cases go on
            return f"crashed: {type(error).__name__}: {error}"
    return ""


def set_by_tex(source: Path) -> Iterator[str]:
    """Set a source in its folder, as often as references need, and yield the faults of its log."""
    command = [TEX, *ENGINES[TEX].arguments, source.name]
    environment = os.environ | {"max_print_line": "1000", "MKTEXPK": "0"}
    helper, before = source.with_suffix(".aux"), b""
    for _ in range(MOST_RUNS):
        ended = subprocess.run(command, cwd=source.parent, env=environment, stdout=subprocess.DEVNULL, check=False)
        if ended.returncode or helper.read_bytes() == before:
            break
        before = helper.read_bytes()
    yield from faults_of_log(source.with_suffix(".log").read_text(errors="replace"), source.read_text())


if __name__ == "__main__":
    sys.exit(main())
