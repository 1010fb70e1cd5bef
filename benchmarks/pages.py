"""Every kind of report as its readers have it: pages looked through in a browser and by axe, Markdown, notebooks run.

    python -m benchmarks.pages --axe node_modules/axe-core/axe.min.js
    python -m benchmarks.pages --only train,example-rent --languages zh --pictures pictures
    python -m benchmarks.pages --notebooks
    python -m benchmarks.pages --site site

makes each report, and prints what is wrong with it; exit code 1 where anything is.  Chromium is needed; axe is
`npm install axe-core` in any folder.  `--notebooks` runs the notebooks instead, which needs Jupyter's nbclient.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from docs.site.gallery import REPORTS
from tests.browser import Browser, axe_path, browser_path
from tests.markdown_findings import markdown_findings
from tests.page_findings import LOOKS, findings

_RIDGE = ("-g", r"f = \lVert X w - y \rVert^2", "--wrt", "w")
KINDS: dict[str, tuple[str, ...]] = {
    **{f"chapter-{one}": ("--layers", "2,3,1", "--detail", one) for one in ("brief", "standard", "full")},
    "chapter-deep": ("--layers", "3,4,3,2", "--activations", "tanh,relu,softmax", "--loss", "cross-entropy"),
    "chapter-wide": ("--layers", "784,b,10", "--activations", "relu", "--bias", "appended", "--notation", "ng"),
    "chapter-expanded": ("--layers", "2,2,1", "--expand", "--notation", "augmented"),
    "exercises": ("--layers", "2,3,1", "--exercises"),
    "given": _RIDGE,
    "hessian": ("hessian", "--layers", "2,3,1"),
    "hessian-given": ("hessian", *_RIDGE),
    "train": ("train", "--layers", "64,30,10", "--data", "digits", "--epochs", "5"),
    **{name: report.arguments for name, report in REPORTS.items()},
}  # fmt: skip
"""What `derive` is given to make each kind of report."""
_SECONDS = 300
_FORMATS = ("--format", "html,md,ipynb", "--quiet")
_ROOT = Path(__file__).resolve().parents[1]


def made(name: str, language: str, folder: Path) -> str:
    """Make a report into a folder; what went wrong, or nothing."""
    command = [sys.executable, "-m", "reports.cli", *KINDS[name], *_FORMATS, "--language", language]
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [*command, "--output", str(folder)],
        capture_output=True, encoding="utf-8", timeout=_SECONDS, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    said = (done.stderr or done.stdout).strip().split("\n")[-1]
    return f"exit code {done.returncode}: {said}" if done.returncode else ""


def pages(browser: Browser, folder: Path, axe: Path | None, pictures: Path | None, home: Path | None) -> Iterator[str]:
    """What is wrong with the pages of a folder, in every look, and with the Markdown beside them."""
    for path in sorted(folder.rglob("*.html")):
        name = "-".join(path.relative_to(folder).with_suffix("").parts)
        for look in LOOKS:
            picture = pictures / f"{folder.name}-{name}-{look.name}" if pictures else None
            yield from (f"{name}, {look.name}: {one}" for one in findings(browser, path, look, axe, picture, home))
    for path in sorted(folder.rglob("*.md")):
        yield from (f"{path.name}: {one}" for one in markdown_findings(path.read_text(encoding="utf-8")))


def ran(folder: Path) -> Iterator[str]:
    """What goes wrong when the notebooks of a folder are run from top to bottom."""
    # Late: what runs notebooks is no part of Backproof's environment.
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    for path in sorted(folder.rglob("*.ipynb")):
        book = nbformat.read(path, as_version=4)
        try:
            NotebookClient(book, timeout=_SECONDS).execute()
        except CellExecutionError as error:
            yield f"{path.name}: {str(error).strip().splitlines()[-1]}"


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__.split("\n\n")[0])
    reader.add_argument("--only", default=",".join(KINDS), metavar="NAMES", help=f"some of {', '.join(KINDS)}")
    reader.add_argument("--languages", default="en,zh", metavar="CODES", help="[en,zh]")
    reader.add_argument("--axe", type=Path, default=axe_path(), metavar="FILE", help="axe.min.js")
    reader.add_argument("--pictures", type=Path, metavar="DIR", help="a folder for pictures of every page")
    reader.add_argument("--notebooks", action="store_true", help="run the notebooks and look at nothing else")
    reader.add_argument("--site", type=Path, metavar="DIR", help="look at the pages of a site that has been built")
    chosen = reader.parse_args(argv)
    chosen.names = chosen.only.split(",")
    unknown = next((name for name in chosen.names if name not in KINDS), None)
    if unknown is not None:
        reader.error(f"there is no report {unknown!r}; there are {', '.join(KINDS)}")
    return chosen


def _reports(chosen: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Every report in every language: its name, its folder, and what went wrong, two at a time."""
    wanted = [(name, code) for code in chosen.languages.split(",") for name in chosen.names]
    with ThreadPoolExecutor(max_workers=2) as workers:
        told = workers.map(lambda one: made(one[0], one[1], folder / one[1] / one[0]), wanted)
        for (name, code), wrong in zip(wanted, told, strict=True):
            yield f"{name} ({code})", folder / code / name, wrong


def main(argv: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    chosen = _arguments(argv)
    program = browser_path()
    if program is None and not chosen.notebooks:
        print("pages: no browser was found (on Debian: apt install chromium)", file=sys.stderr)
        return 2
    count = 0
    with tempfile.TemporaryDirectory() as name:
        rows = [("site", chosen.site, "")] if chosen.site else _reports(chosen, Path(name))
        for title, folder, wrong in rows:
            found = [wrong] if wrong else list(ran(folder) if chosen.notebooks else _seen(program, folder, chosen))
            print(f"{title}: {len(found) or 'no'} finding{'' if len(found) == 1 else 's'}", flush=True)
            print("".join(f"    {one}\n" for one in found), end="", flush=True)
            count += len(found)
    print(f"{count or 'no'} findings{'' if chosen.axe or chosen.notebooks else ' (without axe)'}")
    return 1 if count else 0


def _seen(program: str | None, folder: Path, chosen: argparse.Namespace) -> Iterator[str]:
    assert program is not None
    with Browser(program) as browser:
        yield from pages(browser, folder, chosen.axe, chosen.pictures, chosen.site)


if __name__ == "__main__":
    sys.exit(main())
