"""Section 7: what was proved, what was compared, and what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.emit.plain import plain
from reports.chapter.idle import remark
from reports.chapter.numbers import figure
from reports.chapter.opening import title
from reports.chapter.printed import rounded_up
from reports.chapter.story import Story
from reports.chapter.verdict import rules_used
from reports.document import Block, Bullets, Column, Figure, Paragraph, Section, Table
from reports.figures.error import Curve, error_figure
from reports.inline import Inline, Math, Ref, Text, inline
from reports.meant import Measured
from reports.wording import enumerated, say, sentences
from verify.oracles import CheckRow, Comparison, Kink

_MOST_ROWS = 16


def check(story: Story) -> Section:
    """The section about the checks."""
    examination = story.examination
    views = examination.views
    widths = enumerated([inline("-".join(map(str, one))) for one in views.widths])
    steps = f"{examination.proof.steps:,}"
    sections = {"program": Ref("program"), "point": Ref("numbers")}
    blocks: list[Block] = [
        Paragraph(say("check-proof", steps=steps, rules=rules_used(story))),
        Paragraph(say("check-views", entries=f"{views.entries:,}", widths=_widths(story, widths))),
        Paragraph(say("check-numbers", **sections)),
        *_table(story),
        *_verdict(story),
        *_curve(story),
    ]
    return Section(say("check"), tuple(blocks), label="check")


def _widths(story: Story, listed: Inline) -> Inline:
    """The widths at which the views were compared; for a deep network only how deep it is."""
    return say("check-widths-deep") if story.deep else say("check-widths", list=listed)


def _table(story: Story) -> Iterator[Block]:
    rows = story.examination.numbers.rows
    shown = [
        row
        for place, row in enumerate(rows)
        if len(rows) <= _MOST_ROWS or row.verdict != "ok" or place < 6 or place > len(rows) - 6
    ]
    names = ("array", "entries", "differences", "complex", "certified", "digits", "verdict")
    columns = tuple(
        Column(say(f"column-{name}"), "left" if name in ("array", "verdict") else "right") for name in names
    )
    yield Table(columns, tuple(_cells(story, row) for row in shown), say("table-check"), "tab:check")
    some = [row.differences for row in rows if row.differences is not None and row.differences.followed < row.entries]
    if some:
        yield Paragraph(say("check-followed", followed=f"{max(one.followed for one in some):,}"))
    if len(shown) < len(rows):
        yield Paragraph(say("check-left-out", count=f"{len(rows) - len(shown):,}"))


def _cells(story: Story, row: CheckRow) -> tuple[Inline, ...]:
    certified = row.certified
    relative = certified.relative
    known = relative is not None and np.isfinite(relative)
    bound = inline(_measured(relative, bound=True)) if relative is not None and known else say("not-available")
    exact = certified.exact_zeros == certified.entries and certified.failures == 0
    digits = say("not-available") if certified.digits is None else inline(str(certified.digits))
    return (
        _array(story, row.name), inline(f"{row.entries:,}"), _error(row.differences), _error(row.complex_step),
        say("exactly-zero") if exact else bound, digits, say(f"verdict-{row.verdict}"),
    )  # fmt: skip


def _array(story: Story, name: str) -> Inline:
    """W2 as the letter of the notation."""
    role, layer = name[0], int(name[1:] or 0)
    if role == "W" and story.network.stack[layer - 1].bias == "appended":
        return inline(story.box(story.derivation.forward("z", layer).rhs.args[0]))
    return inline(story.array(role, layer))


def _error(found: Comparison | None) -> Inline:
    if found is None or not found.available:
        return say("not-available")
    return inline(_measured(found.relative)) if found.resolved else say("below-rounding")


def _verdict(story: Story) -> Iterator[Block]:
    numbers = story.examination.numbers
    bad = [row for row in numbers.rows if row.verdict != "ok"]
    loss = _loss(numbers.loss_error)
    if numbers.ok:
        yield Paragraph(sentences(say("check-ok"), loss))
    elif bad:
        yield Paragraph(say("check-not-ok"))
        notes = [(*_array(story, row.name), *inline(": " + (row.note or row.verdict))) for row in bad]
        yield Bullets(tuple(notes[:_MOST_ROWS]))
    flat = remark(story)
    if flat:
        yield Paragraph(flat)
    if numbers.kinks:
        yield Paragraph(say("check-kinks"))
        yield Bullets(tuple(_kink(story, kink) for kink in numbers.kinks[:_MOST_ROWS]))
    for note in numbers.notes:
        yield Paragraph(say("check-note", note=_capital(note)))
    for warning in story.network.warnings():
        yield Paragraph(say("check-warning", warning=warning))


def _measured(value: float, bound: bool = False) -> Math:
    """A number that was measured, with two digits; a bound is rounded upwards."""
    return Math(figure(rounded_up(value, 2) if bound else value, 2), Measured(value, bound))


def _loss(error: float | None) -> Inline:
    """How well the loss itself agrees, where that was checked."""
    if error is None:
        return ()
    return say("check-loss", error=_measured(error)) if error else say("check-loss-exact")


def _kink(story: Story, kink: Kink) -> Inline:
    """Which neuron is at a kink, in the letters of the notation, and what differs on its two sides."""
    role, layer = ("a", story.depth) if kink.layer is None else ("z", kink.layer)
    entry = story.box(story.network.array(role, layer)[kink.neuron])
    holes = {"entry": entry, "value": figure(kink.value), "sides": kink.text.rpartition(": ")[2]}
    near = "" if kink.exact else "-near"
    if kink.layer is None:
        return say(f"kink-loss{near}", **holes)
    return say(f"kink{near}", name=title(kink.name), **holes)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _curve(story: Story) -> Iterator[Block]:
    """The error of central differences over the step, where there is one to be seen."""
    curve = story.examination.curve
    points = tuple(
        (float(step), float(error))
        for step, error in zip(curve.steps, curve.errors, strict=True)
        if np.isfinite(error) and error >= 0
    )
    broken = any(kink.exact for kink in story.examination.numbers.kinks)
    if broken or not any(error for _, error in points):
        return
    label = "".join(piece.text for piece in say("curve-name") if isinstance(piece, Text))
    step = _measured(float(curve.chosen))
    yield Paragraph(say("check-curve", figure=Ref("fig:curve"), step=step))
    words = say("figure-curve-alternative", step=plain(figure(float(curve.chosen), 2)))
    alternative = "".join(piece.text for piece in words if isinstance(piece, Text))
    yield Figure(
        error_figure((Curve(label, points),), (), float(curve.chosen)), say("figure-curve"), alternative, "fig:curve"
    )
