"""The gallery: reports made by the command itself when the site is built, each with its first picture."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from pathlib import Path

from docs.site.pages import SiteError
from docs.site.text import unbroken
from reports.examples import EXAMPLES

SOURCE = "docs/gallery.md"
MARK = "<!-- gallery -->"
"""Where the cards stand in it."""
_SECONDS = 300
_FORMATS = ("--format", "html,md,ipynb")
_RESULTS = 5


@dataclass(frozen=True)
class Report:
    """A report: what `derive` is given to make it, and what a card says of it."""

    name: str
    title: str
    about: str
    arguments: tuple[str, ...]

    @property
    def command(self) -> str:
        """What somebody types to have the same page."""
        return shlex.join(["derive", *self.arguments, "--format", "html"])


_RIDGE = r"f = \|X w - y\|^2 + \lambda \|w\|^2"
_ATTENTION = r"O = \operatorname{softmax}\left(\frac{Q K^T}{\sqrt{d}}\right) V"
_ROWS = (
    Report("network-2-3-1", "The network 2-3-1", "the chapter that one command writes", ("--layers", "2,3,1")),
    Report("bishop", "Softmax and cross-entropy", "3-4-2 with tanh, in the letters of Bishop's book",
           ("--layers", "3,4,2", "--activations", "tanh,softmax", "--loss", "cross-entropy", "--notation", "bishop")),
    Report("ridge", "Ridge regression", "one definition, one gradient",
           ("-g", _RIDGE, "--shape", "X=n,d", "--shape", "w=d", "--shape", "y=n", "--wrt", "w")),
    Report("attention", "Attention", "derived from one line",
           ("-g", _ATTENTION, "--shape", "Q=n,d", "--shape", "K=m,d")),
)  # fmt: skip
REPORTS = {
    row.name: row
    for row in (*_ROWS, *(Report(f"example-{one.name}", one.title, one.about, ("example", one.name))
                          for one in EXAMPLES.values()))
}  # fmt: skip


def built(names: Sequence[str], folder: Path) -> str:
    """Make the reports into a folder, a few at a time; the cards that show them, as HTML.

    Raises `SiteError` for a name that no row has, and where the command fails.
    """
    unknown = next((name for name in names if name not in REPORTS), None)
    if unknown is not None:
        raise SiteError(f"there is no report {unknown!r} in the gallery; there are {', '.join(REPORTS)}")
    chosen = [REPORTS[name] for name in names]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as workers:
        cards = list(workers.map(lambda one: _card(one, folder / one.name), chosen))
    return f'<ul class="cards">\n{"".join(cards)}</ul>\n' if cards else ""


def _card(report: Report, folder: Path) -> str:
    said, written = _made(report, folder)
    page, notebook = (next(folder.glob(f"*.{kind}")) for kind in ("html", "ipynb"))
    place = f"gallery/{report.name}"
    return (
        f'<li class="card"><h3 id="{report.name}"><a href="{place}/{page.name}">{escape(report.title)}</a></h3>'
        f"{_picture(folder, place, page.name) or _extract(said, written)}<p>{escape(report.about)}</p>"
        f"<pre><code>{unbroken(report.command)}</code></pre>"
        f'<p class="files"><a href="{place}/{page.name}">Page</a> · '
        f'<a href="{place}/{notebook.name}" download>Notebook</a></p></li>\n'
    )


def _made(report: Report, folder: Path) -> tuple[str, str]:
    """Make the report; what the command prints, and the report as Markdown, of which only the pictures stay."""
    command = [sys.executable, "-m", "reports.cli", *report.arguments, *_FORMATS, "--output", str(folder)]
    here = Path(__file__).parents[2]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=_SECONDS, cwd=here)
    except subprocess.TimeoutExpired:
        raise SiteError(f"`{report.command}` took more than {_SECONDS} seconds") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().split("\n")[-1]
        raise SiteError(f"`{report.command}` ended with exit code {done.returncode}: {said}")
    (text,) = folder.glob("*.md")
    written = text.read_text(encoding="utf-8")
    text.unlink()
    return done.stdout, written


def _picture(folder: Path, place: str, page: str) -> str:
    """The first figure; a report without figures has none."""
    figures = sorted(folder.glob("*-figure-*.svg"), key=lambda path: int(path.stem.rsplit("-", 1)[1]))
    for path in figures[1:]:
        path.unlink()
    if not figures:
        return ""
    return f'<a href="{place}/{page}" tabindex="-1" aria-hidden="true"><img src="{place}/{figures[0].name}" alt=""></a>'


def _extract(said: str, written: str) -> str:
    """Where there is no picture: the first results that the command prints, or else the headings of the report."""
    results = [line.strip() for line in said.split("\n") if line.startswith("  ∂")][:_RESULTS]
    headings = [line.removeprefix("## ") for line in written.split("\n") if line.startswith("## ")]
    text = "\n".join(results or headings)
    return f'<pre class="extract" tabindex="0"><code>{escape(text, quote=False)}</code></pre>' if text else ""
