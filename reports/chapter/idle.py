"""Where an activation is flat everywhere, as a step is: every gradient up to there is 0, and that is said."""

from __future__ import annotations

from derive.derivation import Derivation
from derive.functions import Head
from reports.chapter.opening import title
from reports.chapter.story import Story
from reports.inline import Inline
from reports.wording import say


def idle(derivation: Derivation) -> tuple[int, str] | None:
    """The last layer whose activation has the slope 0 wherever it has one (counted from 1), and its name."""
    flat = {
        step.claim.lhs.row.name
        for step in derivation.steps
        if step.rule == "closed-form" and isinstance(step.claim.lhs, Head) and step.claim.rhs == 0
    }
    layers = [
        (number, one.activation) for number, one in enumerate(derivation.network.stack, 1) if one.row.name in flat
    ]
    return max(layers, default=None)


def remark(story: Story) -> Inline | None:
    """The sentence that these gradients are 0; nothing where none is so."""
    found = idle(story.derivation)
    if found is None:
        return None
    layer, name = found
    if layer == story.depth:
        return say("idle", name=title(name))
    return say("idle-up-to", name=title(name), layer=story.layers([layer]))
