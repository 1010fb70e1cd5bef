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
from reports.inline import Piece, Text, inline
from reports.meant import Defined
from reports.terminal import describe
from reports.training.curves import described, loss_curves
from reports.training.formulas import box, gets
from reports.training.learning import rule
from reports.training.lettering import lettered, letters_of, number
from reports.training.terminal import closing_sentence
from reports.wording import sentences, words
from reports.wording.language import phrase, told
from verify.training.data import Samples
from verify.training.evaluation import classes, outputs
from verify.training.history import Epoch
from verify.training.initial import INITIALS
from verify.training.initial import before as inputs_letter
from verify.training.initial import to as outputs_letter
from verify.training.loop import Training
from verify.training.rules import theta
from verify.training.scaling import centre, width, x

MOST_ROWS = 40
MOST_CLASSES = 12
THETA = box(theta)
LOSS = Row((Glyph("J"), Fence(THETA)), tight=True)


def pages(training: Training, learned: Samples, held: Samples) -> Document:
    """The report.  `learned` and `held` are the samples as they were read."""
    page = _Pages(training, learned, held)
    sections = (page.task(), rule(training), page.happened(), *page.mistakes())
    widths = describe(training.plan.network).split(" · ")[0]
    title = phrase("Training a network {widths}").format(widths=widths)
    facts = (words("{line}.", line=page.ended),)
    return Document(title, sections, words("How it learned, step by step, and how well"), facts)


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
        known = len(self.learned.classes)
        learned = words(
            "The network {network} learns from {count} samples of {data}, each of {width} numbers; {held} more are"
            " held out to test it with, and belong to {classes} classes."
            if known
            else "The network {network} learns from {count} samples of {data}, each of {width} numbers; {held} more"
            " are held out to test it with.",
            network=self._network(),
            count=f"{len(self.learned):,}",
            data=self.learned.name,
            width=f"{self.learned.x.shape[1]:,}",
            held=f"{len(self.held):,}",
            **({"classes": f"{known:,}"} if known else {}),
        )
        vector = words(
            "All parameters together are a vector {theta}, and {loss} is the mean loss over the samples.",
            theta=THETA,
            loss=LOSS,
        )
        blocks: list[Block] = [Paragraph(sentences(learned, vector))]
        return Section(words("The task"), (*blocks, *self._scaling(), *self._start()), label="task")

    def _network(self) -> str:
        """The network in a line, each part told in the language that is spoken."""
        return " · ".join(told(part) for part in describe(self.training.plan.network).split(" · "))

    def _scaling(self) -> Iterator[Block]:
        row = self.training.scaling.row
        if row.name == "none":
            yield Paragraph(words("The inputs are taken as they are."))
            return
        yield Paragraph(words("The inputs are scaled first:"))
        means = lettered(words(row.means), letters_of(map(box, (x, centre, width))))
        source = words(" ({source})", source=row.source) if row.source else ()
        yield Equation(lines(gets(x, row.value)), reason=(*means, *source), meant=Defined(row.value))
        common = "Found on the samples that are learned from, and the same for all."
        yield Paragraph(words(common if row.fit is not None else "Each sample by itself."))

    def _start(self) -> Iterator[Block]:
        plan = self.training.plan
        chosen = plan.initial
        if chosen == "auto":
            said = words(
                "Each layer starts with the spread that suits its activation (He 2015 where it grows without bound,"
                " else Glorot and Bengio 2010), and biases at 0."
            )
            yield Paragraph(said)
            return
        row = INITIALS[chosen]
        said = words(
            "Weights start at random, {kind}ly distributed around 0 with the variance {variance} for {inputs} inputs"
            " and {outputs} outputs of a layer, biases likewise with the variance 1 ({source})."
            if row.biases
            else "Weights start at random, {kind}ly distributed around 0 with the variance {variance} for {inputs}"
            " inputs and {outputs} outputs of a layer, biases at 0 ({source}).",
            kind=row.kind,
            variance=box(row.variance),
            inputs=box(inputs_letter),
            outputs=box(outputs_letter),
            source=row.source,
        )
        yield Paragraph(said)

    # --- what happened ---

    def happened(self) -> Section:
        """Curves and the table of epochs."""
        history = self.training.history
        said = words(
            "The loss of an epoch is the mean over its mini-batches, each before its step; that of what is held out is"
            " taken behind the epoch."
        )
        blocks: list[Block] = [
            Paragraph(said),
            Figure(loss_curves(history), words("The loss over the epochs; what is held out was never learned from."),
                   described(history), "curves"),
            self._epochs(),
        ]  # fmt: skip
        return Section(words("What happened"), tuple(blocks), label="happened")

    def _epochs(self) -> Table:
        history = self.training.history
        every = -(-len(history.epochs) // MOST_ROWS)
        shown = [one for one in history.epochs if every == 1 or one.number % every == 1 or one is history.last]
        headers = [words(one) for one in ("epoch", "rate", "loss", "loss, held out")]
        counted = any(one.right is not None for one in history.epochs)
        headers += [words("right of {count}", count=f"{history.held:,}")] if counted else []
        columns = tuple(Column(one, "right") for one in headers)
        rows = tuple(tuple(map(inline, self._cells(one)))[: len(headers)] for one in shown)
        some = words("Every {number}th epoch, and the last.", number=str(every)) if every > 1 else ()
        return Table(columns, rows, some or words("Every epoch."), "epochs")

    @staticmethod
    def _cells(one: Epoch) -> tuple[Piece, ...]:
        right = "—" if one.right is None else f"{one.right:,}"
        return Text(f"{one.number:,}"), *map(_measured, (one.rate, one.loss, one.held_loss)), Text(right)

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
        columns = (Column(words("true class")), *(Column(inline(_cut(one)), "right") for one in names))
        table = self._confusion
        rows = tuple(
            (inline(_cut(name)), *(inline(str(count) if count else "·") for count in line))
            for name, line in zip(names, table, strict=True)
        )
        wrong = int(table.sum() - np.trace(table))
        said = words(
            "A row is the true class, a column the network’s answer; off the diagonal stand its {count} mistakes.",
            count=f"{wrong:,}",
        )
        shown = Table(columns, rows, words("Answers on the samples held out."), "confusion")
        blocks = (PageBreak(unless_room=0.4), Paragraph(said), shown)
        yield Section(words("What it gets wrong"), blocks, label="mistakes")


def _measured(value: float | None) -> Piece:
    """A number of an epoch with four digits; the self-check compares it with what was measured."""
    return Text("—") if value is None else number(value, 4)


def _cut(name: str) -> str:
    shown = "".join(one if one.isprintable() else " " for one in name)
    return shown if len(shown) <= 14 else f"{shown[:13]}…"
