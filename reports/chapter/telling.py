"""Section 3, what all parts of it say: where a factor is known from, which fact is used, what was told before."""

from __future__ import annotations

from derive.step import Step
from derive.symbols import Partial
from reports.chapter.forms import form
from reports.chapter.story import Story
from reports.inline import Inline, Ref
from reports.wording import say


def fact_used(story: Story, step: Step) -> Inline:
    """Σy = 1 and where it was said."""
    fact = next(story.derivation.steps[n] for n in step.premises if story.derivation.steps[n].rule == "assumption")
    return (*say("formula", box=story.box(fact)), *say("in-brackets", ref=Ref(story.labels[fact.number])))


def why_rewritten(story: Story, step: Step) -> Inline:
    if step.rule == "normalisation":
        fact = next(story.derivation.steps[n] for n in step.premises if story.derivation.steps[n].rule == "assumption")
        return story.by(step, "why-fact-used", fact=story.box(fact))
    return story.by(step, "why-simpler")


def key_of(story: Story, role: str, layer: int) -> tuple[object, ...]:
    """What makes the telling of ∂C/∂a or ∂C/∂z the same for two layers; its result need not be."""
    steps = story.groups[story.network.array(role, layer)]
    rules = ("chain-rule", "local-derivative", "folding", *(("substitution",) if role == "a" else ()))
    return tuple(form(one.claim, layer) for one in steps if one.rule in rules)


def steps_told(story: Story, role: str, layer: int) -> bool:
    """Whether the steps about an array of a layer were told for another layer, or there are none."""
    if not story.groups.get(story.network.array(role, layer)):
        return True
    if role in ("W", "b"):
        return ("parameter", role) in story.told
    return ({"a": "activation", "z": "error"}[role], key_of(story, role, layer)) in story.told


def known_factor(story: Story, result: Step, partial: Partial, definition: Step) -> Inline:
    """Where the first factor of a chain is known from: as an error signal, by its name, or as a formula."""
    link = Ref(story.labels[definition.number])
    array = partial.denominator.base
    role = "z" if array.role == "z" else "a"
    name = story.derivation.name(role, array.layer)
    named = next((n for n in result.premises if story.derivation.steps[n].rule == "name"), None)
    if name is not None and named is not None and role == "z":
        shown = story.box(name[partial.denominator.indices])
        return say("first-named", delta=shown, name=Ref(story.labels[named]), definition=link)
    known = story.derivation.step("delta" if role == "z" else "a", array.layer)
    return say("first-known", known=Ref(story.labels[known.number]), definition=link)
