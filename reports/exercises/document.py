"""The exercise sheet of a network and its solutions, as two documents with the same gaps."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from reports.chapter.story import Story
from reports.document import Document
from reports.exercises import parts
from reports.exercises.numbers import numbers
from reports.exercises.quiz import Quiz, quiz
from reports.exercises.sheet import Sheet
from reports.exercises.smaller import is_dead, worked
from reports.inline import Inline, Text
from reports.wording import say
from verify.examination import Examination


@dataclass(frozen=True)
class Exercises:
    """A sheet for the student, its solutions, and a quiz; `gaps` is how many places are to be filled in."""

    sheet: Document
    solutions: Document
    quiz: Quiz
    gaps: int


def exercises(examination: Examination, notation: str = "nielsen", seed: int = 0) -> Exercises:
    """Exercises about an examined derivation, the same for the same seed.

    Raises `UnknownName` for a notation that no row names, and `PointError` where no numbers are found to compute with.
    """
    derivation = examination.derivation
    found = quiz(derivation, notation, seed)
    small = worked(derivation.network, seed)
    documents = []
    for solved in (False, True):
        sheet = Sheet(solved)
        documents.append(_document(examination, small, found, sheet, notation, seed))
    return Exercises(documents[0], documents[1], found, sheet.gaps)


def _document(
    examination: Examination, small: Examination, found: Quiz, sheet: Sheet, notation: str, seed: int
) -> Document:
    story, rng = Story(examination, notation, False), Random(f"sheet {seed}")
    same = small.derivation.network == examination.derivation.network
    kind_of_numbers = "same" if same else "dead" if is_dead(examination.derivation.network) else "small"
    sections = [
        parts.given(story),
        parts.shapes(story, sheet),
        parts.steps(story, sheet, rng),
        parts.equations(story, sheet),
        numbers(Story(small, notation, False), sheet, kind_of_numbers),
        parts.mistakes(sheet, found.items, rng),
    ]
    kind = "solutions" if sheet.solved else "exercises"
    widths = "-".join(map(str, examination.derivation.network.widths))
    title = say(f"sheet-{kind}-deep", count=str(story.depth)) if story.deep else say(f"sheet-{kind}", widths=widths)
    return Document(_plain(title), tuple(one for one in sections if one is not None), say(f"sheet-{kind}-description"))


def _plain(words: Inline) -> str:
    return "".join(piece.text for piece in words if isinstance(piece, Text))
