"""What `derive certify` shows: a table for each kind of float, the worst entries, the kinks, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from verify.certificates import ArrayCertificate, Certificate, Entry
from verify.certificates.result import shown

HEADER = ("gradient by", "entries", "digits", "median", "worst entry", "relative error", "ulps", "verdict")
MOST_KINKS = 8
VERDICTS = {"right": "right", "wrong": "WRONG", "open": "no derivative here", "lost": "lost in rounding"}


Letter = Callable[[str], str]


def show(title: str, drawn: Sequence[str], found: Sequence[Certificate], letter: Letter = str) -> None:
    """Print everything to standard output."""
    print(title)
    if drawn:
        print(f"drawn at random: {', '.join(drawn)}")
    for one in found:
        print("\n".join(["", *lines(one, letter)]))


def lines(found: Certificate, letter: Letter = str) -> Iterator[str]:
    """The lines about one kind of float."""
    rows = [*found.rows, *([found.loss] if found.loss is not None else [])]
    table = [HEADER, *(cells(row, letter) for row in rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(HEADER))]
    yield f"  {found.dtype}"
    for line in table:
        yield "  " + "   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    yield ""
    for row in rows:
        yield from (
            f"  {sentence(entry, letter)}" for entry in row.worst if entry.verdict == "wrong" or len(row.worst) > 1
        )
    yield from _kinks(found)
    yield f"  {summary(found)}"


def cells(row: ArrayCertificate, letter: Letter = str) -> tuple[str, ...]:
    """A row of the table: digits of the worst entry and of the median one."""
    worst = row.worst[0] if row.worst else None
    named = place(worst, letter) if worst is not None and worst.verdict != "open" else "–"
    relative = _relative(worst.relative if worst is not None else None)
    ulps = shown(worst.ulps if worst is not None else None)
    some = {"open": row.open, "lost": row.lost}.get(row.verdict, row.entries)
    verdict = VERDICTS[row.verdict] + (f" in {some:,}" if some < row.entries else "")
    return letter(row.name), f"{row.entries:,}", shown(row.digits), shown(row.median), named, relative, ulps, verdict


def _relative(value: float | None) -> str:
    return "–" if value is None else "0" if value == 0 else "no digit" if value == float("inf") else f"{value:.1e}"


def place(entry: Entry, letter: Letter = str) -> str:
    """`W1[2, 3]`, the letter as it is written."""
    return letter(entry.array) + entry.place.removeprefix(entry.array)


def sentence(entry: Entry, letter: Letter = str) -> str:
    """One entry in words."""
    where = place(entry, letter)
    if entry.verdict == "open":
        return f"{where} is {entry.computed:.17g}; there is no derivative"
    mark = "WRONG: " if entry.verdict == "wrong" else ""
    return f"{mark}{where} is {entry.computed:.17g}, the true value is {entry.true}"


def _kinks(found: Certificate) -> Iterator[str]:
    yield from (f"  no derivative: {kink}" for kink in found.kinks[:MOST_KINKS])
    if len(found.kinks) > MOST_KINKS:
        yield f"  and {len(found.kinks) - MOST_KINKS:,} kinks more"


def summary(found: Certificate) -> str:
    """The verdict in a sentence."""
    wrong, open_, lost = (sum(getattr(row, name) for row in found.rows) for name in ("wrong", "open", "lost"))
    right = found.entries - wrong - open_ - lost
    count = "1 digit" if found.digits == 1 else f"{found.digits} digits"
    digits = "" if found.digits is None or wrong or lost else f" to at least {count}"
    parts = [f"{right:,} of {found.entries:,} gradients are right{digits}, proved with {found.bits:,} bits"]
    if open_:
        parts.append(f"{open_:,} have no derivative here")
    if lost:
        parts.append(f"of {lost:,} rounding left no digit")
    if found.loss is not None and found.loss.wrong:
        parts.append("the loss is wrong")
    return "; ".join(parts)
