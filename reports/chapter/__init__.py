"""A derivation and its examination as a chapter that can be read: from the network to the program that learns.

No formula of any network is written here; the words are chosen by what each step is, and stand in `reports.wording`.
"""

from __future__ import annotations

from reports.chapter.backward import backward
from reports.chapter.brief import brief
from reports.chapter.check import check
from reports.chapter.entries import entries
from reports.chapter.every import every_entry, every_step, refuse_large
from reports.chapter.example import example
from reports.chapter.forward import forward
from reports.chapter.opening import opening
from reports.chapter.program import program
from reports.chapter.result import result
from reports.chapter.story import Story
from reports.chapter.verdict import checked
from reports.document import Document
from reports.inline import Inline, Text
from reports.wording import say
from verify.examination import Examination

DETAILS = ("brief", "standard", "full")


def chapter(
    examination: Examination, notation: str = "nielsen", expand: bool = False, detail: str = "standard"
) -> Document:
    """The chapter about an examined derivation, in a notation; `expand` adds entries without names.

    `detail` is `brief`, one page with the result; `standard`; or `full`, with every entry and every step.
    Raises `UnknownName` for a notation that no row names, `ValueError` for an unknown detail, and `SpecError` where
    a network is too large for `full`.
    """
    if detail not in DETAILS:
        raise ValueError(f"the detail must be one of {', '.join(DETAILS)}, not {detail!r}")
    story = Story(examination, notation, expand, detail)
    if detail == "brief":
        return Document(_title(story), brief(story), say("brief-description"))
    if detail == "full":
        refuse_large(story.derivation)
    sections = (
        opening(story),
        forward(story),
        *backward(story),
        result(story),
        *(every_entry(story) if detail == "full" else (entries(story),)),
        example(story),
        check(story),
        program(story),
        *((every_step(story),) if detail == "full" else ()),
    )
    return Document(_title(story), sections, say("description"), _facts(story))


def _title(story: Story) -> str:
    widths = "-".join(map(str, story.network.widths))
    words = say("title-deep", count=str(story.depth)) if story.deep else say("title", widths=widths)
    return "".join(piece.text for piece in words if isinstance(piece, Text))


def _facts(story: Story) -> tuple[Inline, ...]:
    examination = story.examination
    proved = say("fact-steps", steps=f"{examination.proof.steps:,}", entries=f"{examination.views.entries:,}")
    return proved, checked(story)


__all__ = ["DETAILS", "chapter"]
