"""A derivation and its examination as a chapter that can be read: from the network to the program that learns.

No formula of any network is written here; the words are chosen by what each step is, and stand in `reports.wording`.
"""

from __future__ import annotations

from reports.chapter.backward import backward
from reports.chapter.check import check
from reports.chapter.entries import entries
from reports.chapter.example import example
from reports.chapter.forward import forward
from reports.chapter.opening import opening
from reports.chapter.program import program
from reports.chapter.result import result
from reports.chapter.story import Story
from reports.document import Document
from reports.inline import Inline, Ref, Text
from reports.wording import say
from verify.examination import Examination


def chapter(examination: Examination, notation: str = "nielsen", expand: bool = False) -> Document:
    """The chapter about an examined derivation, in a notation; `expand` adds entries without names.

    Raises `UnknownName` for a notation that no row names.
    """
    story = Story(examination, notation, expand)
    sections = (
        opening(story),
        forward(story),
        *backward(story),
        result(story),
        entries(story),
        example(story),
        check(story),
        program(story),
    )
    return Document(_title(story), sections, say("description"), _facts(story))


def _title(story: Story) -> str:
    widths = "-".join(map(str, story.network.widths))
    words = say("title-deep", count=str(story.depth)) if story.deep else say("title", widths=widths)
    return "".join(piece.text for piece in words if isinstance(piece, Text))


def _facts(story: Story) -> tuple[Inline, ...]:
    examination = story.examination
    proved = say("fact-steps", steps=f"{examination.proof.steps:,}", entries=f"{examination.views.entries:,}")
    return proved, _checked(story)


def _checked(story: Story) -> Inline:
    numbers = story.examination.numbers
    if numbers.failed:
        return say("fact-failed", section=Ref("check"))
    if not numbers.ok or numbers.digits is None:
        return say("fact-kinks", section=Ref("check"))
    total = sum(row.entries for row in numbers.rows)
    return say("fact-checked", entries=f"{total:,}", digits=str(numbers.digits))


__all__ = ["chapter"]
