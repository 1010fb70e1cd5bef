"""A training as a report: how the network learns, as equations; what happened, as curves; what it gets wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derive.layout import Fence, Glyph, Row
from reports.document import (
    Block,
    Column,
    Document,
    Equation,
    Figure,
    PageBreak,
    Paragraph,
    Section,
    Table,
    lines,
)
from reports.inline import Math, Text, inline
from reports.terminal import describe
from reports.training.curves import described, loss_curves
from reports.training.formulas import box, gets
from reports.training.learning import rule
from reports.training.terminal import closing_sentence
from verify.training.data import Samples
from verify.training.evaluation import classes, outputs
from verify.training.history import Epoch
from verify.training.initial import INITIALS
from verify.training.initial import before as inputs_letter
from verify.training.initial import to as outputs_letter
from verify.training.loop import Training
from verify.training.rules import theta
from verify.training.scaling import x

MOST_ROWS = 40
MOST_CLASSES = 12
THETA = box(theta)
LOSS = Row((Glyph("J"), Fence(THETA)), tight=True)


def pages(training: Training, learned: Samples, held: Samples) -> Document:
    """The report.  `learned` and `held` are the samples as they were read."""
    page = _Pages(training, learned, held)
    sections = (page.task(), rule(training), page.happened(), *page.mistakes())
    title = f"Training a network {describe(training.plan.network).split(' · ')[0]}"
    facts = (inline(f"{page.ended}."),)
    return Document(title, sections, inline("How it learned, step by step, and how well"), facts)


@dataclass(frozen=True)
class _Pages:
    training: Training
    learned: Samples
    held: Samples

    @property
    def ended(self) -> str:
        """How well it did, in a sentence without its full stop."""
        return closing_sentence(self.training.history)

    # --- the task ---

    def task(self) -> Section:
        """The network, the data, the scaling, the start."""
        plan = self.training.plan
        words = (
            f"The network {describe(plan.network)} learns from {len(self.learned):,} samples of {self.learned.name}, "
            f"each of {self.learned.x.shape[1]:,} numbers; {len(self.held):,} more are held out to test it with"
        )
        told = f", and belong to {len(self.learned.classes):,} classes" if self.learned.classes else ""
        vector = inline(
            " All parameters together are a vector ", THETA, ", and ", LOSS, " is the mean loss over the samples."
        )
        blocks: list[Block] = [Paragraph((*inline(f"{words}{told}."), *vector))]
        return Section(inline("The task"), (*blocks, *self._scaling(), *self._start()), label="task")

    def _scaling(self) -> Iterator[Block]:
        row = self.training.scaling.row
        if row.name == "none":
            yield Paragraph(inline("The inputs are taken as they are."))
            return
        source = f" ({row.source})" if row.source else ""
        where = "Found on the samples that are learned from, and the same for all"
        yield Paragraph(inline("The inputs are scaled first:"))
        yield Equation(lines(gets(x, row.value)), reason=inline(f"{row.means}{source}"))
        yield Paragraph(inline(f"{where}." if row.fit is not None else "Each sample by itself."))

    def _start(self) -> Iterator[Block]:
        plan = self.training.plan
        chosen = plan.initial
        if chosen == "auto":
            suited = "He 2015 where it grows without bound, else Glorot and Bengio 2010"
            said = f"Each layer starts with the spread that suits its activation ({suited}), and biases at 0."
            yield Paragraph(inline(said))
            return
        row = INITIALS[chosen]
        words = inline(f"Weights start at random, {row.kind}ly distributed around 0 with the variance ")
        where = inline(" for ", box(inputs_letter), " inputs and ", box(outputs_letter), " outputs of a layer")
        bias = "biases likewise with the variance 1" if row.biases else "biases at 0"
        yield Paragraph((*words, Math(box(row.variance)), *where, Text(f", {bias} ({row.source}).")))

    # --- what happened ---

    def happened(self) -> Section:
        """Curves and the table of epochs."""
        history = self.training.history
        seen = "the mean over its mini-batches, each before its step"
        blocks: list[Block] = [
            Paragraph(inline(f"The loss of an epoch is {seen}; that of what is held out is taken behind the epoch.")),
            Figure(loss_curves(history), inline("The loss over the epochs; what is held out was never learned from."),
                   described(history), "curves"),
            self._epochs(),
        ]  # fmt: skip
        return Section(inline("What happened"), tuple(blocks), label="happened")

    def _epochs(self) -> Table:
        history = self.training.history
        every = -(-len(history.epochs) // MOST_ROWS)
        shown = [one for one in history.epochs if every == 1 or one.number % every == 1 or one is history.last]
        headers = ["epoch", "rate", "loss", "loss, held out"]
        counted = any(one.right is not None for one in history.epochs)
        headers += [f"right of {history.held:,}"] if counted else []
        columns = tuple(Column(inline(one), "right") for one in headers)
        rows = tuple(tuple(inline(cell) for cell in self._cells(one))[: len(headers)] for one in shown)
        caption = "Every epoch." if every == 1 else f"Every {every}th epoch, and the last."
        return Table(columns, rows, inline(caption), "epochs")

    @staticmethod
    def _cells(one: Epoch) -> tuple[str, ...]:
        tested = "—" if one.held_loss is None else f"{one.held_loss:.4g}"
        return (
            f"{one.number:,}",
            f"{one.rate:.4g}",
            f"{one.loss:.4g}",
            tested,
            "—" if one.right is None else f"{one.right:,}",
        )

    # --- what it gets wrong ---

    @cached_property
    def _confusion(self) -> Any:
        """How often a class (row) is taken for a class (column), on the samples held out."""
        assert self.training.held is not None
        scaled, wanted = self.training.held
        found = classes(outputs(self.training.engine, self.training.parameters.arrays, scaled), wanted)
        count = len(self.learned.classes)
        table = np.zeros((count, count), int)
        np.add.at(table, (classes(wanted, wanted), found), 1)
        return table

    def mistakes(self) -> Iterator[Section]:
        """Which class is taken for which, where there are a few classes."""
        names = self.learned.classes
        if not 2 <= len(names) <= MOST_CLASSES or self.training.held is None:
            return
        columns = (Column(inline("true class")), *(Column(inline(_cut(one)), "right") for one in names))
        table = self._confusion
        rows = tuple(
            (inline(_cut(name)), *(inline(str(count) if count else "·") for count in line))
            for name, line in zip(names, table, strict=True)
        )
        wrong = int(table.sum() - np.trace(table))
        words = (
            f"A row is the true class, a column the network’s answer; off the diagonal stand its {wrong:,} mistakes."
        )
        shown = Table(columns, rows, inline("Answers on the samples held out."), "confusion")
        blocks = (PageBreak(unless_room=0.4), Paragraph(inline(words)), shown)
        yield Section(inline("What it gets wrong"), blocks, label="mistakes")


def _cut(name: str) -> str:
    shown = "".join(one if one.isprintable() else " " for one in name)
    return shown if len(shown) <= 14 else f"{shown[:13]}…"
