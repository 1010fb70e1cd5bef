"""What people see: the formula with its mistake underlined, the verdict, the mend, how sure, and numbers.

Every line fits the width, except LaTeX that is there to be copied.  Nothing of the formula reaches the terminal unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reports.checking import sentences
from reports.checking.characters import ascii_only, cells, visible
from reports.checking.drawing import Drawn, Row, draw, inline, latex_rows
from reports.checking.labels import ASCII, UNICODE, Label, labelled
from reports.checking.lines import Line, broken
from reports.checking.numbers import grouped, pair
from reports.checking.options import Options
from reports.wording import listed, tell
from reports.wording.language import NATIVE, speaking, spoken, told
from reports.wording.wrapping import padded, wrapped
from verify.checking.answer import Answer, Counterexample, Diagnosis, Verification
from verify.latex import Unreadable, read
from verify.latex.tree import Derivative, Letter, Node, Scripted

COLOURS = {"correct": "32", "incorrect": "1;31", "undecided": "33", "unreadable": "1;31"}
MARKS = {"correct": "✓", "incorrect": "✗", "undecided": "?", "unreadable": "!"}
MARGIN = 2
SIDE = 12
MOST_LABELS = 3
SIDES = {"left": "left", "right": "right", "true": "true", "yours": "yours"}
_CHOSEN = "xytwWbB"
_LAYER = re.compile(r"\^\{?[\[(]?(\d+)")
UNBROKEN = "\u00a0"
"""A space at which no line is broken."""
MOST_VALUES, MOST_FOLLOWING = 12, 8


def shown(formula: str, answer: Answer, options: Options) -> str:
    """The answer to one formula as text for a terminal; in English where that has no other letters."""
    with speaking(spoken() if options.unicode else NATIVE):
        return "\n".join(_Page(formula, answer, options).lines())


class _Page:
    """One answer being written."""

    def __init__(self, formula: str, answer: Answer, options: Options) -> None:
        self.formula, self.answer, self.options = formula, answer, options
        self.unread = answer.verdict == "unreadable"
        pretty = options.unicode and not self.unread
        self.drawn = (
            draw(formula) if pretty else Drawn(tuple(latex_rows(formula, ascii_only=not options.unicode)), True)
        )
        self.signs = UNICODE if options.unicode else ASCII

    def lines(self) -> Iterator[str]:
        """All lines, in order."""
        yield ""
        yield from self._formula()
        yield ""
        yield from self._verdict()
        if self.options.explain:
            yield from self._explained()
        yield ""

    # --- the formula ---

    def _formula(self) -> Iterator[str]:
        steps = _steps(self.drawn.rows, self.answer.steps)
        places = self._places()
        note = "" if self.unread else self._plain(self._note())
        for row, step in zip(self.drawn.rows, steps, strict=True):
            lines = list(self._row(row, step, bool(self.answer.steps), places))
            start = min(max(46, cells(lines[0]) + 4), self.options.width - cells(note))
            if note and row is self.drawn.rows[0] and cells(lines[0]) + 4 <= start:
                lines[0] += " " * (start - cells(lines[0])) + note
                note = ""
            yield from lines
        for one in places:
            if not one.used and one.words:
                yield ""
                yield from self._wrapped(one.words, MARGIN)
        if note:
            yield ""
            yield from self._wrapped(note, MARGIN)

    def _note(self) -> str:
        """How it was read; and of which network, where nobody said."""
        note = sentences.reading(self.answer, self.formula)
        assumed = not {"layers", "given"} & set(self.options.record) and self.answer.reading.get("widths")
        said = tell("the widths are {widths}, for want of --layers", widths=sentences.widths(self.answer))
        return listed([one for one in (note, said) if one], "semicolon") if assumed else note

    def _row(self, row: Row, step: Verification | None, marked: bool, places: list[_Place]) -> Iterator[str]:
        """A row, its mark in the margin, and what is said about its places."""
        margin = MARGIN + (2 if marked else 0)
        width = self.options.width - margin
        lines = broken(row.pieces, width, row.indent)
        for number, line in enumerate(lines):
            labels = self._labels(line, lines[number + 1 :], places)
            for place, text in enumerate(labelled(line, labels, width, self.signs)):
                front = " " * margin
                if number == place == 0 and step is not None:
                    front = f"{' ' * MARGIN}{self._mark(step)} "
                yield front + self._plain(text)

    def _labels(self, line: Line, rest: list[Line], places: list[_Place]) -> list[Label]:
        """The labels of a line; what is said hangs on the last line that shows something of the place."""
        found: list[Label] = []
        for one in places:
            columns = line.columns(one.where)
            clear = columns and all(columns[1] < label.first or label.last < columns[0] for label in found)
            if columns is None or not clear:
                continue
            later = one.where[0] < one.where[1] and any(other.columns(one.where) for other in rest)
            found.append(Label(columns[0], columns[1], "" if later or one.used else one.words))
            one.used = one.used or not later
        return found

    def _places(self) -> list[_Place]:
        """The places to be underlined: those of the diagnosis that lie apart, or that of the message."""
        answer = self.answer
        if self.unread or not answer.diagnosis:
            first = answer.steps[answer.first_error - 1] if answer.first_error and answer.steps else None
            message = self._plain(sentences.sentence(answer.message or (first.message if first else "")))
            return [_Place(answer.where, message)] if answer.where and message else []
        found: list[_Place] = []
        for one in answer.diagnosis:
            apart = all(one.where[1] <= other.where[0] or other.where[1] <= one.where[0] for other in found)
            if not found or (apart and len(found) < MOST_LABELS):
                found.append(_Place(_near(one, self.formula), self._plain(sentences.diagnosed(one))))
        return found

    # --- the verdict ---

    def _verdict(self) -> Iterator[str]:
        yield from self._said(told(self.answer.verdict), self._why(), COLOURS[self.answer.verdict])
        mend = next((one.fix for one in self.answer.diagnosis if one.fix), None)
        if mend:
            yield from self._mend(mend)
        if self.answer.counterexample is not None:
            yield from self._numbers(self.answer.counterexample)
        for number, step in enumerate(self.answer.steps, 1):
            if step.verdict != "correct" and step.message and number != self.answer.first_error:
                yield from self._said(tell("relation {number}", number=number), sentences.sentence(step.message))
        if self.answer.verdict == "undecided":
            for name, verdict in sentences.candidates(self.answer):
                yield from self._said(f"  {name}", told(verdict), COLOURS.get(verdict, ""))
            yield from self._said(tell("to settle"), sentences.advice(self.answer))

    def _why(self) -> str:
        answer = self.answer
        if answer.verdict == "unreadable":
            return tell("nothing was checked") if answer.where else sentences.sentence(answer.message)
        if answer.verdict == "undecided":
            several = len(sentences.candidates(answer)) > 1  # each is shown below with its verdict
            return sentences.sentence(answer.message.partition(": ")[0]) if several else sentences.reason(answer)
        parts = [sentences.certainty(answer)]
        if answer.first_error is not None and len(answer.steps) > 1:
            parts.insert(0, tell("relation {number} of {count} is the first that is wrong",
                                 number=answer.first_error, count=len(answer.steps)))  # fmt: skip
        if answer.message and not answer.diagnosis and not answer.where:
            parts.insert(0, sentences.sentence(answer.message))
        return listed([part for part in parts if part], "semicolon")

    def _mend(self, fix: str) -> Iterator[str]:
        """The mended formula, to read and to copy."""
        drawn = draw(fix) if self.options.unicode else None
        yield ""
        front = padded(tell("the mend"), SIDE)
        for row in () if drawn is None or drawn.latex else drawn.rows:
            for line in broken(row.pieces, self.options.width - MARGIN - SIDE, row.indent):
                yield f"{' ' * MARGIN}{front}{line.text.rstrip()}"
                front = " " * SIDE
        for text in fix.split("\n"):
            yield f"{' ' * MARGIN}{front}{self._plain(visible(text))}"
            front = " " * SIDE

    def _numbers(self, example: Counterexample) -> Iterator[str]:
        """The counter-example: what was chosen, what follows, and both values."""
        yield ""
        most = None if self.options.explain else MOST_VALUES
        yield from self._said(tell("at"), _listed(example.values, self.answer.reading, most))
        most = None if self.options.explain else MOST_FOLLOWING
        following = _listed(example.follow, self.answer.reading, most)
        if following:
            yield from self._said("", tell("so that {values}", values=following))
        left, right = pair(example.left, example.right)
        names = sides(self.formula, self._relation())
        for name, value in sorted(zip(names, (left, right), strict=True), key=lambda one: one[0] == "true"):
            yield from self._said(tell(SIDES[name]), told(visible(value)))
        entry = [tell("compared at {entry}", entry=sentences.sentence(example.entry))] if example.entry else []
        yield from self._said("", listed([*entry, tell("every digit shown is certain")], "semicolon"))

    def _relation(self) -> int:
        """Which relation the counter-example is about."""
        return self.answer.first_error or 1

    def _explained(self) -> Iterator[str]:
        yield ""
        read = sentences.reading(self.answer, self.formula, everything=True)
        yield from self._said(tell("read"), read or tell("in no notation"))
        if sentences.widths(self.answer):
            yield from self._said(tell("widths"), sentences.widths(self.answer))
        for name, role in sentences.roles(self.answer):
            yield from self._said(f"  {name}", role)
        for number, step in enumerate(self.answer.steps, 1):
            how = [told(step.verdict), *([told(step.proof)] if step.proof else [])]
            yield from self._said(tell("relation {number}", number=number), listed(how, "clause"))
        for one in self.answer.diagnosis[1:]:
            yield from self._said(tell("also"), sentences.diagnosed(one))
        yield from self._said(tell("time"), tell("{time} ms", time=f"{self.answer.ms:.0f}"))

    # --- lines ---

    def _said(self, name: str, text: str, colour: str = "") -> Iterator[str]:
        """A word on the left, and what is said about it on the right."""
        room = self.options.width - MARGIN - SIDE
        lines = wrapped(self._plain(text), room) or [""]
        name = self._plain(name)
        front = self._painted(name, colour) + " " * max(1, SIDE - cells(name))
        yield f"{' ' * MARGIN}{front}{lines[0]}".replace(UNBROKEN, " ").rstrip()
        yield from (" " * (MARGIN + SIDE) + one.replace(UNBROKEN, " ") for one in lines[1:])

    def _wrapped(self, text: str, margin: int) -> Iterator[str]:
        for one in wrapped(self._plain(text), self.options.width - margin):
            yield " " * margin + one

    def _mark(self, step: Verification) -> str:
        return self._painted(self._plain(MARKS[step.verdict]), COLOURS[step.verdict])

    def _painted(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if colour and self.options.colour else text

    def _plain(self, text: str) -> str:
        return text if self.options.unicode else ascii_only(text)


class _Place:
    """A place of the formula, and what is said about it; `used` once it has been said."""

    def __init__(self, where: tuple[int, int], words: str) -> None:
        """Nothing has been said yet."""
        self.where, self.words, self.used = where, words, False


def _near(one: Diagnosis, formula: str) -> tuple[int, int]:
    """The place of a mistake; one that is all of the formula is none."""
    start, end = one.where
    return (-1, -1) if start <= 0 and (end <= 0 or end >= len(formula.rstrip())) else one.where


def _listed(values: dict[str, str], reading: dict[str, Any], most: int | None) -> str:
    """`x = (1, 2), y = 1`."""
    named = sorted(grouped(values, reading), key=lambda one: _rank(one[0]))
    found = [f"{inline(name)} = {visible(value)}".replace(" ", UNBROKEN) for name, value in named]
    more = len(found) - most if most is not None else 0
    shown = listed(found[:most], "clause")
    return tell("{values} and {count} more, which --explain shows", values=shown, count=more) if more > 0 else shown


def _rank(name: str) -> tuple[int, int, int]:
    """Inputs, targets, weights, biases; then what follows from them, as in the forward pass; then derivatives."""
    layer = _LAYER.search(name)
    number = int(layer[1]) if layer else 0
    place = _CHOSEN.find(name[:1])
    if place >= 0:
        return 0, place, number
    return 2 if name.startswith("∂") else 1, number, 0 if name.startswith("z") else 1


def _steps(rows: tuple[Row, ...], steps: tuple[Verification, ...]) -> list[Verification | None]:
    """The step that each row shows: in order where there are as many, else by place."""
    claims = [row for row in rows if row.claims]
    if len(claims) == len(steps):
        waiting = iter(steps)
        return [next(waiting) if row.claims else None for row in rows]
    found: list[Verification | None] = []
    for row in rows:
        overlapping = [one for one in steps if one.where[0] < row.span[1] and row.span[0] < one.where[1]]
        found.append(overlapping[-1] if row.claims and overlapping else None)
    return found


def sides(formula: str, number: int) -> tuple[str, str]:
    """What the two values of a relation are called: `true` where one side names what the other is to be."""
    try:
        relations = list(read(formula).relations)
    except Unreadable:
        return "left", "right"
    if not 0 < number <= len(relations):
        return "left", "right"
    left, _, right = relations[number - 1]
    named = _names(left), _names(right)
    if named[0] == named[1]:
        return "left", "right"
    return ("true", "yours") if named[0] else ("yours", "true")


def _names(node: Node) -> bool:
    """Whether a side is the name of something: a derivative or one letter."""
    return isinstance(node, Derivative | Letter | Scripted)
