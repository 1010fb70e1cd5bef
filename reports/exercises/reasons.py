"""The reasons of the steps of a sheet: word for word those that the chapter prints beside the same steps.

The chapter is told once more, without paper: what it would print is thrown away, and the reasons are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from derive.formula import Writer
from derive.step import Step
from reports.chapter.activations import activation_steps, output_steps
from reports.chapter.errors import error_steps
from reports.chapter.parameters import parameter_steps
from reports.chapter.story import Story
from reports.document import Block, Equation
from reports.inline import Inline
from reports.wording import say


class _Listener(Story):
    """A story in which every equation is known already, and which keeps the reason of each that is printed."""

    def __init__(self, story: Story) -> None:
        super().__init__(story.examination, story.notation, story.expand)
        self.labels = {step.number: f"step-{step.number}" for step in self.derivation.steps}
        self.reasons: dict[int, Inline] = {}

    @cached_property
    def small(self) -> bool:
        """No numbers: nobody reads them."""
        return False

    def reason(self, key: str, labels: Sequence[str], **holes: Any) -> Inline:
        """The words alone: on a sheet the lines that a step rests on stand above it."""
        return say(key, **holes)

    def equation(self, step: Step, reason: Inline = (), boxed: Any = None, writer: Writer | None = None) -> Equation:
        """Keeps the reason of the step."""
        if reason:
            self.reasons[step.number] = reason
        return super().equation(step, reason, boxed, writer)


def reasons(story: Story, role: str, layer: int) -> dict[int, Inline]:
    """The reason of every step about ∂C/∂a, ∂C/∂z, or the gradients by the parameters of a layer, by its number.

    Where the chapter prints two steps as one equation, as for the biases, the first has the reason that the same rule
    has just had for the weights; what the chapter leaves out has the reason of its rule.
    """
    told = _Listener(story)
    for _ in _telling(role, story.depth)(told, layer):
        pass  # each block is made, and with it the reason is kept
    by_rule: dict[str, Inline] = {}
    for step in story.derivation.steps:
        if step.number in told.reasons:
            by_rule.setdefault(step.rule, told.reasons[step.number])
    found = story.groups.get(story.network.array(role, layer), [])
    return {
        step.number: told.reasons.get(step.number) or by_rule.get(step.rule) or say("rule", reason=step.row.reason)
        for step in found
    }


def _telling(role: str, depth: int) -> Callable[[Story, int], Iterator[Block]]:
    """What in a chapter tells of an array."""
    if role == "a":
        return lambda story, layer: output_steps(story) if layer == depth else activation_steps(story, layer)
    return error_steps if role == "z" else parameter_steps
