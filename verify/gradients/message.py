"""The words of a gradient check: one line, the sentences about what is wrong, the short table for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the result shows itself with these words
    from verify.gradients.result import ArrayVerdict, Entry, GradientCheck, Probe

_WIDTH = 11
_SHOWN = 12  # arrays that a table names one by one


def entry(one: Entry, where: str = "") -> str:
    """The entry, both values, and the size of the error against what noise explains; `where` stands behind its name."""
    if one.kink and one.verdict == "wrong":
        low, high = (side + 0.0 for side in sorted((one.left, one.right)))
        said = f"given {_number(one.given)}, but f has a kink here, with the slopes {low:.6g} and {high:.6g}"
    else:
        said = f"given {_number(one.given, one.true)}, by differences {_number(one.true, one.given)} ± {one.bound:.1g}"
    if not math.isfinite(one.given) or one.verdict != "wrong":
        return f"{one.name}{where}: {said}" + (f"; {one.note}" if one.note else "")
    size = "more than 1e15" if one.excess > 1e15 else f"{one.excess:.2g}"
    return f"{one.name}{where}: {said}; the error is {size} times what rounding explains"


def _number(value: float, other: float = math.nan) -> str:
    """Six digits, or as many as tell two values apart."""
    for digits in (6, 9, 12, 17):
        if f"{value:.{digits}g}" != f"{other:.{digits}g}":
            return f"{value:.{digits}g}"
    return f"{value:.17g}"


def line(check: GradientCheck) -> str:
    """One line, for a repr and for an assertion."""
    if check.verdict == "right":
        done = [one for one in check.arrays if one.verdict == "right"]
        return f"<gradient right: {sum(one.size for one in done):,} entries in {len(done)} arrays>"
    first = check.message.split("\n")[0]
    return f"<gradient {check.verdict}: {first}>"


def sentences(check: GradientCheck) -> str:
    """For each array that is not right: its worst entry, and the likely mistake; then the probes."""
    lines = [text for one in check.arrays if one.verdict in ("wrong", "undecided") for text in _of_array(one)]
    lines += [text for one in check.probes if one.verdict == "wrong" for text in _of_probe(one)]
    return "\n".join([*lines, *check.whereabouts])


def _of_array(one: ArrayVerdict) -> list[str]:
    found = [entry(one.worst[0])] if one.worst and one.verdict == "wrong" else []
    if one.mistake:
        found.append(f"likely: {one.mistake.sentence}")
    if one.note:
        found.append(one.note if found else f"{one.name}: {one.note}")
    return found or [f"{one.name} is {one.verdict}"]


def _of_probe(one: Probe) -> list[str]:
    found = [f"right at the given point, but wrong at another one (probe “{one.title}”)"]
    if one.worst:
        found.append(entry(one.worst, f" (= {one.worst.at:.6g} there)"))
    if one.mistake:
        found.append(f"likely: {one.mistake.sentence}")
    return found + ([one.note] if one.note else [])


def table(check: GradientCheck) -> str:
    """A few lines for each array that is not right, one for each that is, then the figures of the other methods."""
    rows = list[tuple[str, str]]()
    for one in check.arrays:
        if one.verdict in ("wrong", "undecided"):
            rows.append((one.verdict.upper() if one.verdict == "wrong" else one.verdict, _head(one)))
            rows += [("", text) for text in _of_array(one)]
    rows += [("where" if k == 0 else "", text) for k, text in enumerate(check.whereabouts)]
    good = [one for one in check.arrays if one.verdict in ("right", "not given")]
    rows += [(one.verdict, _head(one) + (f"; {one.note}" if one.note else "")) for one in good[:_SHOWN]]
    if len(good) > _SHOWN:
        rows.append(("", f"and {len(good) - _SHOWN} more arrays"))
    rows += _kinks(check)
    rows += [("WRONG", text) if k == 0 else ("", text) for one in check.probes if one.verdict == "wrong"
             for k, text in enumerate(_of_probe(one))]  # fmt: skip
    rows += [("probes", text) for text in _probes(check)]
    rows += [("Taylor", _taylor(check))]
    rows += [("note", text) for text in check.notes]
    return "\n".join(f"{left:<{_WIDTH}}{right}".rstrip() for left, right in rows)


def _head(one: ArrayVerdict) -> str:
    if one.verdict == "not given":
        return f"{one.name} {one.shape}: no gradient was given, and none was checked"
    count = f"{one.followed:,} of {one.size:,} entries" if one.followed < one.size else _entries(one.size)
    projections = f" and {one.projections} projections of all" if one.projections else ""
    if one.verdict == "wrong":
        return f"{one.name} {one.shape}: {one.wrong_entries:,} of {one.followed:,} entries followed are wrong"
    if one.verdict == "undecided":
        return f"{one.name} {one.shape}: {count}{projections}"
    shows = f"; an error of {one.resolution:.0e} of the largest would show" if 0 < one.resolution < 1 else ""
    return f"{one.name} {one.shape}: {count}{projections}{shows}"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _kinks(check: GradientCheck) -> list[tuple[str, str]]:
    found = [one for one in check.kinks if one.verdict == "right"]
    rows = [("kink", f"{one.name}: {one.note}") for one in found[:3]]
    return rows + ([("", f"and {len(found) - 3} more entries at a kink")] if len(found) > 3 else [])


def _probes(check: GradientCheck) -> list[str]:
    if not check.probes:
        return []
    counts = {
        verdict: sum(one.verdict == verdict for one in check.probes) for verdict in ("right", "undecided", "outside")
    }
    words = {"right": "right", "undecided": "undecided", "outside": "outside the domain of f"}
    said = [f"{counts[verdict]} {words[verdict]}" for verdict in counts if counts[verdict]]
    return [f"other points: {', '.join(said)}"] if said else []


def _taylor(check: GradientCheck) -> str:
    if check.taylor.slope is None:
        return "no slope: the remainder does not stand above rounding for long enough"
    kinks = ", 1 at a kink" if check.kinks else ""
    return f"the remainder falls with h^{check.taylor.slope:.2f} (2 for a right gradient{kinks})"
