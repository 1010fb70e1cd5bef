"""Section 3, for the error signals: from the activations of a layer back to its sums."""

from __future__ import annotations

from collections.abc import Iterator

from derive.functions import Head
from derive.layout import Row
from derive.step import Step
from derive.symbols import Partial
from reports.chapter.matrices import matrix_form, matrix_words, weights_in
from reports.chapter.numbers import about, figure
from reports.chapter.slopes import kronecker, name_of_slope, slope
from reports.chapter.story import Story
from reports.chapter.telling import fact_used, key_of, known_factor, why_rewritten
from reports.document import Block, Equation, Line, Paragraph
from reports.inline import Inline, Ref, inline
from reports.wording import enumerated, say

_MOST_NUMBERS = 4  # error signals in one sentence


def error_steps(story: Story, layer: int) -> Iterator[Block]:
    """∂C/∂z of a layer and its name, the error signal."""
    steps = story.group("z", layer)
    key = ("error", key_of(story, "z", layer))
    again = story.told.get(key)
    yield from _naming(story, layer, steps, again)
    if again is None:
        story.told[key] = layer
        yield from _error_full(story, layer, steps)
    result = steps["substitution"]
    finals = [steps[rule] for rule in ("normalisation", "simplification") if rule in steps]
    if again is None:
        boxed = None if finals else story.derivation.index("delta", layer)
        yield story.equation(result, story.by(result, "why-substituted"), boxed)
    else:
        yield _named_result(story, steps, story.by(result, "why-like", first=story.layers([again])))
    for place, step in enumerate(finals):
        yield from _rewritten(story, layer, step, place == len(finals) - 1)
    yield from _all_at_once(story, layer)
    if "simplification" not in steps:
        yield from slope(story, layer)
    yield from _in_numbers(story, layer)


def _named_result(story: Story, steps: dict[str, Step], reason: Inline) -> Equation:
    """δ_j = ∂C/∂z_j = …, the name and the formula as one equation."""
    named, found = story.equation(steps["name"]), story.equation(steps["substitution"], reason)
    story.labels[steps["name"].number] = found.label
    (name,), (formula,) = named.lines, found.lines
    return Equation((name, Line(None, formula.rhs)), found.label, reason)


def _in_numbers(story: Story, layer: int) -> Iterator[Block]:
    """The error signals at the point of the worked example, where they are few."""
    name = story.derivation.name("z", layer)
    if not story.small or name is None or story.width(layer) > _MOST_NUMBERS:
        return
    values = story.decimals.array(name.name).tolist()
    listed = [inline(Row((story.box(name[j]), about(value), figure(value)))) for j, value in enumerate(values, 1)]
    yield Paragraph(say("in-numbers", section=Ref("numbers"), list=enumerated(listed)))


def _naming(story: Story, layer: int, steps: dict[str, Step], again: int | None) -> Iterator[Block]:
    """The question, and the name of its answer."""
    naming = steps["name"]  # every ∂C/∂z has one: at least the input and a parameter need it
    z = story.box(steps["chain-rule"].claim.lhs.denominator)
    if "error" not in story.told:
        story.told["error"] = True
        yield Paragraph(say("ask-error-first", z=z, list=_needed(story, layer)))
        yield story.equation(naming, say("why-name"))
        return
    if again is None:
        yield Paragraph(say("ask-error-layer", z=z, layer=story.layers([layer])))
        yield story.equation(naming, say("why-name"))
        return
    kind = "-all" if _whole_layer(steps) else "" if _is_curved(story, layer) else "-linear"
    yield Paragraph(say(f"error-here{kind}", layer=story.layers([layer]), first=Ref(f"layer-{again}"), z=z))


def _needed(story: Story, layer: int) -> Inline:
    """What the error signals of a layer are needed for, decided by what feeds its sums."""
    before = story.layers([layer - 1]) if layer > 1 else say("the-input")
    parts = [
        *([say("for-weights")] if story.derivation.has("W", layer) else []),
        *([say("for-bias")] if story.derivation.has("b", layer) else []),
        say("for-before", layer=before),
    ]
    return enumerated(parts)


def _whole_layer(steps: dict[str, Step]) -> bool:
    """Whether z_j feeds all activations of its layer, as under softmax."""
    return "folding" in steps


def _is_curved(story: Story, layer: int) -> bool:
    return isinstance(story.derivation.definition("a", layer).claim.rhs, Head)


def _error_full(story: Story, layer: int, steps: dict[str, Step]) -> Iterator[Block]:
    chain, local, result = steps["chain-rule"], steps["local-derivative"], steps["substitution"]
    z = story.box(chain.claim.lhs.denominator)
    whole = _whole_layer(steps)
    yield Paragraph(say("path-all" if whole else "path-own", z=z))
    yield story.equation(chain, story.by(chain, "why-paths-own"))
    (partial,) = chain.claim.rhs.atoms(Partial)
    yield Paragraph(known_factor(story, result, partial, story.derivation.definition("a", layer)))
    yield story.equation(local, _why_local(story, layer, local, whole))
    last = local
    if "folding" in steps:
        last = steps["folding"]
        yield Paragraph(say("folded"))
        yield story.equation(last, story.by(last, "why-folded"))
    yield from kronecker(story, last, result)


def _why_local(story: Story, layer: int, local: Step, whole: bool) -> Inline:
    if whole:
        return story.by(local, "why-quotient")
    return story.by(local, "why-own" if _is_curved(story, layer) else "why-own-linear")


def _rewritten(story: Story, layer: int, step: Step, last: bool) -> Iterator[Block]:
    """Σy = 1 put in, or the slope put in and cancelled."""
    boxed = story.derivation.index("delta", layer) if last else None
    if step.rule == "normalisation":
        yield Paragraph(say("use-fact", fact=fact_used(story, step)))
        yield story.equation(step, why_rewritten(story, step), boxed)
        return
    closed = any(story.derivation.steps[n].rule == "closed-form" for n in step.premises)
    if closed:
        yield from slope(story, layer)
        yield Paragraph(say("cancel", slope=name_of_slope(story, layer)))
    else:
        yield Paragraph(say("simpler"))
    yield story.equation(step, story.by(step, "why-cancel" if closed else "why-simpler"), boxed)


def _all_at_once(story: Story, layer: int) -> Iterator[Block]:
    """The error signals in matrix form, and why there is a transpose."""
    claim = story.derivation.index("delta", layer)
    yield Paragraph(matrix_words(story, claim))
    yield from matrix_form(story, "delta", layer)
    behind = layer < story.depth and story.network.stack[layer].bias == "appended"
    if behind and weights_in(claim) and "column" not in story.told:
        story.told["column"] = True
        yield Paragraph(say("transpose-appended", w=story.box(weights_in(claim)[0])))
