"""What the terminal shows of a derivation from definitions: how they were read, the result, how it was checked."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from derive.emit.plain import plain
from derive.formula.spelling import spelled
from reports.given.forms import Forms, Gradient, shape_text
from reports.terminal import aligned, files
from reports.wording import indented
from reports.wording.language import told
from reports.writing import Written
from verify.programs.examined import ProgramExamination, Row
from verify.programs.reading import ProgramRead

HEADER = ("gradient by", "shape", "entries", "central differences", "complex step", "verdict")
BELOW = "below rounding"


def show(examination: ProgramExamination, read: ProgramRead, forms: Forms, written: Written) -> None:
    """Print the summary of a derivation to standard output."""
    for part in (reading(read, forms), results(forms), checks(examination), files(written)):
        for line in part:
            print(indented(line), file=sys.stdout)


def reading(read: ProgramRead, forms: Forms) -> Iterator[str]:
    """The definitions as they were read, the sizes, and what was assumed."""
    ours = {f"{letter}" for letter in read.ours}
    for definition, box in zip(read.program.definitions, forms.definitions, strict=True):
        symbol = read.program.symbol(definition.lhs)
        note = f"   ({told('named here')})" if getattr(symbol, "name", "") in ours else ""
        yield f"  {plain(box)}{note}"
    yield ""
    yield from (f"  {line}" for line in sizes(read))
    yield from (f"  given: {plain(box)}" for box in forms.facts)
    yield from (f"  {note}" for note in read.notes)
    yield ""


def sizes(read: ProgramRead) -> Iterator[str]:
    """Which letters are arrays of which size, which are numbers."""
    arrays = [f"{letter(name)} {shape_text(one)}" for name, one in read.shapes.items() if one]
    numbers = [letter(name) for name, one in read.shapes.items() if not one]
    if arrays:
        yield f"sizes: {', '.join(arrays)}"
    if numbers:
        yield f"numbers: {', '.join(numbers)}"


def letter(name: str) -> str:
    """A letter in Unicode."""
    return plain(spelled(name))


def results(forms: Forms) -> Iterator[str]:
    """Every derivative that was asked for, those that lie between first."""
    for one in (*forms.between, *forms.wanted):
        yield from (f"  {line}" for line in _gradient(one))
    for name in forms.without:
        yield f"  {plain(forms.writer.box(forms.derivation.program.target))} does not depend on {letter(name)}"
    yield ""


def _gradient(one: Gradient) -> Iterator[str]:
    yield plain(one.best)
    if one.matrix is not None:
        yield f"    {plain(one.index)}"


def checks(examination: ProgramExamination) -> Iterator[str]:
    """The table of numbers, and how sure this is."""
    if examination.rows:
        table = [HEADER, *(cells(row) for row in examination.rows)]
        yield from (f"  {row}" for row in aligned([tuple(map(told, row)) for row in table]))
        yield ""
    yield from verdict(examination)


def cells(row: Row) -> tuple[str, ...]:
    """One row of the table of numbers."""
    shape = "×".join(map(str, row.shape)) or "a number"
    right = "right" if row.right else "WRONG"
    return letter(row.name), shape, f"{row.entries:,}", error_text(row.differences), error_text(row.complex_step), right


def error_text(value: float) -> str:
    """A relative error with one digit."""
    return f"{value:.0e}" if value > 1e-15 else BELOW


def counted(count: int, one: str, several: str = "") -> str:
    """1 entry, 2 entries."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def verdict(examination: ProgramExamination) -> Iterator[str]:
    """How sure this is, in a sentence each."""
    proof, views = examination.proof, examination.views
    steps, rules = counted(proof.steps, "step"), counted(len(proof.rules), "rule")
    yield f"{steps} by {rules}, each rechecked for every size"
    entries = counted(views.entries, "entry", "entries")
    sets = counted(len(views.widths), "set of sizes", "sets of sizes")
    yield f"index form, matrix form and entries agree in {entries} at {sets}"
    if examination.note:
        yield examination.note
        return
    right = sum(row.entries for row in examination.rows if row.right)
    count = sum(row.entries for row in examination.rows)
    named = ", ".join(f"{letter(name)} = {size}" for name, size in examination.sizes.items())
    yield f"{right:,} of {count:,} gradients are right at the example{f' with {named}' if named else ''}"
