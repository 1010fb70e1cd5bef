"""What the terminal shows: the result, then how it was checked, then where the files are.

On a terminal with colours through Rich, elsewhere as plain text; the words are the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from derive.emit.plain import plain
from derive.formula import Writer
from derive.linear import Letter
from derive.network import Network
from reports.writing import Written
from verify.examination import Examination
from verify.oracles.smoothness import Kink
from verify.oracles.table import CheckRow, Comparison

MOST_LAYERS = 6


def show(examination: Examination, notation: str, written: Written) -> None:
    """Print the summary of a derivation to standard output."""
    network = examination.derivation.network
    print(f"{describe(network)}\n")
    for line in results(examination, notation):
        print(f"  {line}")
    print()
    _print_table(examination, notation)
    for line in verdict(examination, notation):
        print(line)
    for line in files(written):
        print(line)


def describe(network: Network) -> str:
    """A network in one line: widths, activations, loss, biases."""
    parts = ["b" if layer.bias_only else str(layer.width) for layer in network.stack]
    widths = "-".join([str(network.inputs), *parts])
    names = list(dict.fromkeys(layer.activation for layer in network.stack))
    activations = ", ".join(layer.activation for layer in network.stack) if len(names) > 1 else names[0]
    kinds = list(dict.fromkeys(layer.bias for layer in network.stack))
    return f"{widths} · {activations} · {network.loss_row.title} · bias {', '.join(kinds)}"


def results(examination: Examination, notation: str) -> list[str]:
    """The error signals on the left, the gradients on the right, last layer first."""
    derivation = examination.derivation
    writer = Writer(derivation, notation)
    left, right = [], []
    for layer in _layers(derivation.network.depth):
        if layer is None:
            left.append("⋮")
            right.append(["⋮"])
            continue
        left.append(plain(writer.box(derivation.matrix("delta", layer))) if derivation.has("delta", layer) else "")
        roles = [role for role in ("b", "W") if derivation.has(role, layer)]
        if derivation.network.stack[layer - 1].bias == "appended":
            roles = ["W"]
        right.append([plain(writer.box(derivation.matrix(role, layer))) for role in roles])
    wide = max(len(text) for text in left)
    columns = [max((len(row[place]) for row in right if len(row) > place), default=0) for place in range(2)]
    return [
        "   ".join([text.ljust(wide), *(cell.ljust(columns[place]) for place, cell in enumerate(row))]).rstrip()
        for text, row in zip(left, right, strict=True)
    ]


def _layers(depth: int) -> list[int | None]:
    """Last layer first; of a deep network the last three, and the first two."""
    numbers: list[int | None] = list(range(depth, 0, -1))
    return numbers if depth <= MOST_LAYERS else [*numbers[:3], None, *numbers[-2:]]


HEADER = ("gradient by", "entries", "central differences", "complex step", "certified", "verdict")


def table(examination: Examination, notation: str) -> list[tuple[str, ...]]:
    """One row for each array that was checked."""
    network = examination.derivation.network
    writer = Writer(network, notation)
    return [(_letter(row.name, network, writer), *_cells(row)) for row in _shown(examination.numbers.rows)]


def _letter(name: str, network: Network, writer: Writer) -> str:
    """`W1` as the notation writes the first weights."""
    role, layer = name[0], int(name[1:] or 0)
    return plain(writer.box(Letter(network.array(role, layer))))


def _shown(rows: tuple[CheckRow, ...]) -> Iterable[CheckRow]:
    """All rows of a shallow network; of a deep one those that are not simply right, and the first and last few."""
    if len(rows) <= 2 * MOST_LAYERS + 1:
        return rows
    return [row for place, row in enumerate(rows) if row.verdict != "ok" or place < 4 or place >= len(rows) - 5]


def _cells(row: CheckRow) -> tuple[str, ...]:
    bound, digits = row.certified.relative, row.certified.digits
    certified = "—" if bound is None else "exact" if bound == 0 else f"{digits} digits"
    verdict = {"ok": "right", "failed": "WRONG", "kink": "no derivative here"}[row.verdict]
    return f"{row.entries:,}", _error(row.differences), _error(row.complex_step), certified, verdict


def _error(found: Comparison | None) -> str:
    if found is None or not found.available:
        return "—"
    size = f"{found.relative:.0e}" if found.resolved else "below rounding"
    return size if found.followed == found.entries else f"{size} [{found.followed:,}]"


def _print_table(examination: Examination, notation: str) -> None:
    rows = table(examination, notation)
    if sys.stdout is not None and sys.stdout.isatty():
        _print_rich(rows)
        return
    widths = [max(len(row[place]) for row in (HEADER, *rows)) for place in range(len(HEADER))]
    for row in (HEADER, *rows):
        print("  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()


def _print_rich(rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console  # here, since it is needed only where there is a terminal
    from rich.table import Table
    from rich.text import Text

    shown = Table(*HEADER, box=None, pad_edge=True)
    styles = {"right": "green", "WRONG": "bold red", "no derivative here": "yellow"}
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row[:-1]), Text(row[-1], styles[row[-1]]))
    console = Console()
    console.print(shown)
    console.print()


def _kink(examination: Examination, notation: str, kink: Kink) -> str:
    """Which neuron is at a kink, in the letters of the notation."""
    network = examination.derivation.network
    role, layer = ("a", network.depth) if kink.layer is None else ("z", kink.layer)
    entry = plain(Writer(network, notation).box(network.array(role, layer)[kink.neuron]))
    what = "the loss" if kink.layer is None else kink.name
    near = "at" if kink.exact else "close to"
    return f"{entry} = {kink.value:.4g} is {near} a kink of {what}: {kink.text.rpartition(': ')[2]}"


def verdict(examination: Examination, notation: str) -> list[str]:
    """How sure this is, in a sentence each."""
    proof, views, numbers = examination.proof, examination.views, examination.numbers
    right = sum(row.entries - row.certified.failures - row.certified.open for row in numbers.rows)
    count = sum(row.entries for row in numbers.rows)
    lines = [
        f"{proof.steps} steps by {len(proof.rules)} rules, each rechecked for every width",
        f"index form, matrix form and entries agree in {views.entries:,} entries at {len(views.widths)} sets of widths",
    ]
    digits = "" if numbers.digits is None else f", certified to {numbers.digits} digits"
    worst = [row.differences.relative for row in numbers.rows if row.differences and row.differences.resolved]
    close = f"; finite differences agree to {max(worst):.0e}" if worst else ""
    lines.append(f"{right:,} of {count:,} gradients are right at the example point{digits}{close}")
    sampled = [row.differences for row in numbers.rows if row.differences]
    if any(one.followed < one.entries for one in sampled):
        lines.append("[n]: n entries one by one, and all of them in sums with random signs; certified are all")
    lines += [f"wrong: gradient by {row.name}: {row.note}" for row in numbers.rows if row.verdict == "failed"]
    lines += [f"the loss is wrong: relative error {numbers.loss_error:.1e}"] if not numbers.loss_ok else []
    lines += [f"kink: {_kink(examination, notation, kink)}" for kink in numbers.kinks[:5]]
    lines += [f"and {len(numbers.kinks) - 5:,} more kinks"] if len(numbers.kinks) > 5 else []
    lines += [f"note: {note}" for note in numbers.notes]
    lines += [f"warning: {warning}" for warning in examination.derivation.network.warnings()]
    return lines


def files(written: Written) -> list[str]:
    """Where the files are, and which program made the PDF."""
    made = f" (PDF by {written.engine}, {_pages(written.pages)})" if written.engine else ""
    lines = [f"\n{'   '.join(_relative(path) for path in written.paths)}{made}"] if written.paths else []
    return [*lines, f"note: {written.note}"] if written.note else lines


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _relative(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


class Progress:
    """Says on a terminal what is being done, once that has taken more than a second."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted and sys.stderr.isatty()
        self.stage = ""
        self.begun = 0
        self.display: Any = None
        self.timer: Any = None

    def __enter__(self) -> Progress:
        if self.wanted:
            from threading import Timer  # only where somebody is watching

            self.timer = Timer(1.0, self._start)
            self.timer.daemon = True
            self.timer.start()
        return self

    def __call__(self, stage: str) -> None:
        """Name the stage that begins."""
        self.stage, self.begun = stage, self.begun + 1
        if self.display is not None:
            self.display.update(self.task, description=stage, completed=self.begun)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        bar = Bar(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
                  console=Console(stderr=True), transient=True)  # fmt: skip
        self.task = bar.add_task(self.stage, total=STAGES, completed=self.begun)
        bar.start()
        self.display = bar

    def __exit__(self, *error: object) -> None:
        if self.timer is not None:
            self.timer.cancel()
        if self.display is not None:
            self.display.stop()


STAGES = 7
