"""Wide layers of which a formula says nothing that a width matters to, judged as layers of any width.

A formula about 784-100-40-10 has a sum of 784 terms in every pre-activation, and says nothing that 784 would matter to.
So a wide layer becomes a letter, one for each number, and is compared at two small widths, as a letter is: equal widths
stay equal, others differ.  Which formulas these are, `verify.checking.uniform` says: no neuron in them is told from
another but by one digit, and no width stands in them, nor numbers that could make one up.  All others, and all about a
loss that divides by the number of outputs where that is wide, are compared at the widths that they have.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from verify.checking.answer import Answer, Counterexample
from verify.checking.question import Question
from verify.checking.statements import Formula
from verify.checking.uniform import reach, widthless
from verify.latex import read as parsed
from verify.latex.tree import Node

WIDE = 12
LARGEST = 9
"""A formula that names a neuron with a larger number is judged as it stands."""
_SIZES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\d+×\d+ and \d+×\d+ do not fit"), "the shapes do not fit"),
    (re.compile(r"this index would have to run to \d+ and to \d+"),
     "this index would have to run through layers of different widths"),
    (re.compile(r"index (\d+) is not between \d+ and \d+"), lambda found: f"there is no index {found[1]} here"),
)  # fmt: skip
"""Sentences with sizes that stood in for others, and the same without."""
_COUNTING = ("mse", "mae", "mape", "msle")
"""Losses that divide by the number of outputs."""


def narrowed(question: Question, read: Formula) -> Question | None:
    """The same question with letters for wide layers; None where there is none, or where a number may matter."""
    if question.given is not None or any(isinstance(width, str) for width in question.layers):
        return None
    trees = [*_trees(read), *_assumed(question)]
    if reach(trees).high > LARGEST or not widthless(*trees):
        return None
    last = len(question.layers) - 1
    kept = {question.layers[last]} if question.loss in _COUNTING else set()
    wide = {width for width in question.layers if int(width) > WIDE} - kept
    layers = tuple(_letter(int(width)) if width in wide else width for width in question.layers)
    return replace(question, layers=layers) if layers != question.layers else None


def _trees(read: Formula) -> list[Node]:
    sides = [side for one in read.relations for side in (one.left, one.right)]
    return [*sides, *(side for one in read.beside for side in one.sides), *read.conditions]


def _assumed(question: Question) -> list[Node]:
    return [side for text in question.assume for one in parsed(text).statements for side in one.sides]


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
    if example is None:
        return None
    where = f"{example.entry} of the same network with narrower layers"
    return replace(example, entry=where if example.entry else "narrower layers of the same network")


def _told(text: str, names: dict[str, str]) -> str:
    """A sentence without the sizes that stood in for others."""
    for pattern, said in _SIZES:
        text = pattern.sub(said, text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text
