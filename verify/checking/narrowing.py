"""Wide layers of which a formula names no neuron, judged as layers of any width: what holds for all holds for these.

A formula about 784-100-40-10 has a sum of 784 terms in every pre-activation, and says nothing that 784 would matter to.
So a wide layer becomes a letter, one for each number, and is compared at two small widths, as a letter is: equal widths
stay equal, others differ, and what does not fit at one of them does not fit here.  A width that the formula or the loss
speaks of stays a number.
"""

from __future__ import annotations

import re
from dataclasses import replace

from verify.checking.answer import Answer, Counterexample
from verify.checking.choices import numbers_in
from verify.checking.question import Question
from verify.checking.statements import Formula

WIDE = 12
LARGEST = 9
"""A formula with a larger whole number may name a neuron or a width, and is judged as it stands."""
_SHAPES = re.compile(r"\d+×\d+ and \d+×\d+ do not fit")
_COUNTING = ("mse", "mae", "mape", "msle")
"""Losses that divide by the number of outputs."""


def narrowed(question: Question, read: Formula) -> Question | None:
    """The same question with letters for wide layers; None where there is none, or where a number may matter."""
    if question.given is not None or any(isinstance(width, str) for width in question.layers):
        return None
    sides = [side for one in read.relations for side in (one.left, one.right)]
    beside = [side for one in read.beside for side in one.sides]
    if max(numbers_in(*sides, *beside, *read.conditions), default=0) > LARGEST:
        return None
    last = len(question.layers) - 1
    kept = {question.layers[last]} if question.loss in _COUNTING else set()
    wide = {width for width in question.layers if int(width) > WIDE} - kept
    layers = tuple(_letter(int(width)) if width in wide else width for width in question.layers)
    return replace(question, layers=layers) if layers != question.layers else None


def _letter(width: int) -> str:
    return f"width{width}"


def widened(found: Answer, question: Question) -> Answer:
    """The answer in the widths that were asked about; numbers of a counter-example are those of narrower layers."""
    reading = {name: value for name, value in found.reading.items() if name != "for"}
    reading |= {"widths": list(question.layers)} if "widths" in reading else {}
    names = {_letter(int(width)): str(width) for width in question.layers}
    steps = tuple(
        replace(one, message=_told(one.message, names), counterexample=_narrow(one.counterexample))
        for one in found.steps
    )
    diagnosis = tuple(
        replace(one, message=_told(one.message, names), fix=None if one.fix is None else _told(one.fix, names))
        for one in found.diagnosis
    )
    return replace(found, reading=reading, steps=steps, message=_told(found.message, names), diagnosis=diagnosis,
                   counterexample=_narrow(found.counterexample))  # fmt: skip


def _narrow(example: Counterexample | None) -> Counterexample | None:
    if example is None or not example.entry:
        return example
    return replace(example, entry=f"{example.entry} of the same network with narrower layers")


def _told(text: str, names: dict[str, str]) -> str:
    """A sentence without the sizes that stood in for others."""
    text = _SHAPES.sub("the shapes do not fit", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text
