"""How the checks went, in a sentence; and the rules that were used, counted."""

from __future__ import annotations

from reports.chapter.story import Story
from reports.inline import Inline, Ref
from reports.wording import NUMERALS, say


def checked(story: Story) -> Inline:
    """How many gradients are certified, or that a check failed, or that some have no derivative at the point."""
    numbers = story.examination.numbers
    if numbers.failed:
        return say("fact-failed", section=Ref("check"))
    if not numbers.ok or numbers.digits is None:
        return say("fact-kinks", section=Ref("check"))
    total = sum(row.entries for row in numbers.rows)
    return say("fact-checked", entries=f"{total:,}", digits=str(numbers.digits))


def rules_used(story: Story) -> Inline:
    """`seven rules`."""
    count = len(story.examination.proof.rules)
    return say("check-rules", count=NUMERALS[count] if count < len(NUMERALS) else str(count))
