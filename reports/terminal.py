"""What the terminal shows: the result, then how it was checked, then where the files are.

On a terminal with colours through Rich, elsewhere as plain text; the words are the same.  They are said in the language
that is spoken.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from derive.emit.plain import plain
from derive.formula import Writer
from derive.linear import Letter
from derive.network import Network
from reports.chapter.idle import idle
from reports.wording import listed, tell
from reports.wording.language import told
from reports.wording.wrapping import columns, padded
from reports.writing import Written
from verify.examination import Examination
from verify.oracles.smoothness import Kink
from verify.oracles.table import CheckRow, Comparison

MOST_LAYERS = 6
MOST_KINKS = 5
_UNCUT = 1000  # columns, more than any table takes


def show(examination: Examination, notation: str, written: Written) -> None:
    """Print the summary of a derivation to standard output."""
    network = examination.derivation.network
    print(f"{describe(network)}\n")
    for row in results(examination, notation):
        print(f"  {row}")
    print()
    _print_table(examination, notation)
    for said in (*verdict(examination, notation), *files(written)):
        print(said)


def describe(network: Network) -> str:
    """A network in one line: widths, activations, loss, biases."""
    parts = ["b" if layer.bias_only else str(layer.width) for layer in network.stack]
    widths = "-".join([str(network.inputs), *parts])
    names = list(dict.fromkeys(layer.activation for layer in network.stack))
    activations = listed([layer.activation for layer in network.stack]) if len(names) > 1 else names[0]
    kinds = list(dict.fromkeys(layer.bias for layer in network.stack))
    first, *others = [told(f"bias {kind}") for kind in kinds]
    biases = listed([first, *(one.removeprefix("bias ") for one in others)])
    return f"{widths} · {activations} · {told(network.loss_row.title)} · {biases}"


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
VERDICTS = {"ok": "right", "failed": "WRONG", "kink": "no derivative here"}


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
    certified = "—" if bound is None else tell("exact") if bound == 0 else _digits(digits)
    verdict = told(VERDICTS[row.verdict])
    return f"{row.entries:,}", _error(row.differences), _error(row.complex_step), certified, verdict


def _digits(count: int | None) -> str:
    return tell("{digits} digits" if count != 1 else "{digits} digit", digits=count)


def _error(found: Comparison | None) -> str:
    if found is None or not found.available:
        return "—"
    size = f"{found.relative:.0e}" if found.resolved else told("below rounding")
    return size if found.followed == found.entries else f"{size} [{found.followed:,}]"


def _print_table(examination: Examination, notation: str) -> None:
    rows = table(examination, notation)
    if sys.stdout is not None and sys.stdout.isatty():
        _print_rich(rows)
        return
    for row in aligned([header(), *rows]):
        print(f"  {row}")
    print()


def header() -> tuple[str, ...]:
    """The heads of the columns."""
    return tuple(map(told, HEADER))


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The cells of each row side by side, all of a column equally wide."""
    widths = [max(columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["   ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _print_rich(rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console  # here, since it is needed only where there is a terminal
    from rich.table import Table
    from rich.text import Text

    console = Console()
    shown = Table(*header(), box=None, pad_edge=True)
    styles = {told("right"): "green", told("WRONG"): "bold red", told("no derivative here"): "yellow"}
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row[:-1]), Text(row[-1], styles[row[-1]]))
    if console.measure(shown, options=console.options.update(width=_UNCUT)).maximum <= console.width:
        console.print(shown)
    else:  # Rich would cut its cells: what is right must not read `rig…`
        for first, last, lines in listing(rows):
            console.print(Text.assemble(f"  {first}   ", (last, styles[last])), soft_wrap=True)
            for line in lines:
                console.print(Text(f"    {line}"), soft_wrap=True)
    console.print()


def listing(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str, list[str]]]:
    """A table for a narrow terminal: of each row the first cell, the last, and a line with its head for each other."""
    for row in rows:
        yield row[0], row[-1], aligned([*zip(header()[1:-1], row[1:-1], strict=True)])


def _kink(examination: Examination, notation: str, kink: Kink) -> str:
    """Which neuron is at a kink, in the letters of the notation."""
    network = examination.derivation.network
    role, layer = ("a", network.depth) if kink.layer is None else ("z", kink.layer)
    entry = plain(Writer(network, notation).box(network.array(role, layer)[kink.neuron]))
    what = "the loss" if kink.layer is None else kink.name
    place = "{entry} is at a kink of {what}: {sides}" if kink.exact else "{entry} is close to a kink of {what}: {sides}"
    sides = kink.text.rpartition(": ")[2]
    return tell(place, entry=f"{entry} = {kink.value:.4g}", what=what, sides=sides)


def verdict(examination: Examination, notation: str) -> list[str]:
    """How sure this is, in a sentence each."""
    numbers = examination.numbers
    lines = _sure(examination)
    sampled = [row.differences for row in numbers.rows if row.differences]
    if any(one.followed < one.entries for one in sampled):
        lines.append(tell("[n]: n entries one by one, and all of them in sums with random signs; certified are all"))
    wrong = [row for row in numbers.rows if row.verdict == "failed"]
    lines += [tell("wrong: gradient by {name}: {note}", name=row.name, note=row.note) for row in wrong]
    if not numbers.loss_ok:
        lines.append(tell("the loss is wrong: relative error {error}", error=f"{numbers.loss_error:.1e}"))
    lines += _idle(examination)
    lines += [tell("kink: {kink}", kink=_kink(examination, notation, kink)) for kink in numbers.kinks[:MOST_KINKS]]
    more = len(numbers.kinks) - MOST_KINKS
    lines += [tell("and {count} more kinks", count=f"{more:,}")] if more > 1 else []
    lines += [tell("and one more kink")] if more == 1 else []
    lines += [tell("note: {note}", note=note) for note in numbers.notes]
    return [*lines, *(tell("warning: {warning}", warning=one) for one in examination.derivation.network.warnings())]


def _idle(examination: Examination) -> list[str]:
    """That gradients are 0 whatever the numbers are, where an activation is flat."""
    found = idle(examination.derivation)
    if found is None:
        return []
    layer, name = found
    if layer == examination.derivation.network.depth:
        return [
            tell("every gradient is 0 whatever the numbers are: {name} is flat, and descent learns nothing", name=name)
        ]
    text = "the gradients up to weight layer {layer} are 0 whatever the numbers are: {name} is flat there"
    return [tell(text, layer=layer, name=name)]


def _sure(examination: Examination) -> list[str]:
    """The proof, the forms, the gradients."""
    proof, views, numbers = examination.proof, examination.views, examination.numbers
    right = sum(row.entries - row.certified.failures - row.certified.open for row in numbers.rows)
    count = sum(row.entries for row in numbers.rows)
    gradients = tell("{right} of {count} gradients are right at the example point", right=f"{right:,}",
                     count=f"{count:,}")  # fmt: skip
    if numbers.digits is not None:
        one = numbers.digits == 1
        gradients += tell(", certified to {digits} digit" if one else ", certified to {digits} digits",
                          digits=numbers.digits)  # fmt: skip
    worst = [row.differences.relative for row in numbers.rows if row.differences and row.differences.resolved]
    if worst:
        gradients += tell("; finite differences agree to {error}", error=f"{max(worst):.0e}")
    agree = "index form, matrix form and entries agree in {entries} entries at {count} sets of widths"
    return [
        tell("{steps} steps by {rules} rules, each rechecked for every width", steps=proof.steps,
             rules=len(proof.rules)),
        tell(agree, entries=f"{views.entries:,}", count=len(views.widths)),
        gradients,
    ]  # fmt: skip


def files(written: Written) -> list[str]:
    """Where the files are, and which program made the PDF."""
    made = "" if not written.engine else tell(" (PDF by {engine}, 1 page)" if written.pages == 1
                                              else " (PDF by {engine}, {count} pages)",
                                              engine=written.engine, count=written.pages)  # fmt: skip
    lines = [f"\n{'   '.join(_relative(path) for path in written.paths)}{made}"] if written.paths else []
    return [*lines, tell("note: {note}", note=written.note)] if written.note else lines


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
        self.stage, self.begun = told(stage), self.begun + 1
        if self.display is not None:
            self.display.update(self.task, description=self.stage, completed=self.begun)

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
            self.timer.join()  # it may have just begun to show the bar, which would stay
        if self.display is not None:
            self.display.stop()


STAGES = 7
