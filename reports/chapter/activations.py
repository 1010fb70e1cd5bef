"""Section 3, for the activations: from the loss to the outputs, and from the sums of a layer back to what fed them."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import KroneckerDelta, Sum

from derive.layout import Row
from derive.step import Step
from derive.symbols import Partial, bound
from reports.chapter.matrices import matrix_form, matrix_words
from reports.chapter.opening import traced
from reports.chapter.shapes import EQUALS
from reports.chapter.slopes import kronecker
from reports.chapter.story import Story
from reports.chapter.telling import fact_used, key_of, known_factor, why_rewritten
from reports.document import Block, Paragraph
from reports.inline import Inline, Math, Ref
from reports.meant import Aside
from reports.wording import say

# The outputs --------------------------------------------------------------------------------------------------------


def output_steps(story: Story) -> Iterator[Block]:
    """∂C/∂a of the last layer, where the loss itself is differentiated."""
    steps = story.groups[story.network.array("a", story.depth)]
    definition = story.labels[story.derivation.definition("E").number]
    first, *rest = [step for step in steps if step.rule != "name"]
    yield Paragraph(say("ask-output", a=story.box(first.claim.lhs.denominator), definition=Ref(definition)))
    yield story.equation(first, _why_output(story, first))
    for step in rest:
        yield Paragraph(
            say("use-fact", fact=fact_used(story, step)) if step.rule == "normalisation" else say("simpler")
        )
        yield story.equation(step, why_rewritten(story, step))
    if story.network.loss_row.kinks:
        yield Paragraph(say("loss-kink"))
    yield from _adjoint_name(story, story.depth)


def _why_output(story: Story, step: Step) -> Inline:
    loss = story.derivation.definition("E").claim.rhs
    if step.claim.rhs.has(Sum):
        return say("why-several-sums", a=story.box(step.claim.lhs.denominator))
    (k,) = bound(next(iter(loss.atoms(Sum))))
    (j,) = step.claim.lhs.denominator.indices
    term = Math(Row((story.box(k), EQUALS, story.box(j))), Aside("which term of a sum is meant"))
    return say("why-one-term", term=term, a=story.box(step.claim.lhs.denominator))


# Back through the weights -------------------------------------------------------------------------------------------


def activation_steps(story: Story, layer: int) -> Iterator[Block]:
    """∂C/∂a of a hidden layer, or of the input as layer 0, from the error signals of the layer behind it."""
    steps = story.group("a", layer)
    key = ("activation", key_of(story, "a", layer))
    if key in story.told:
        yield from _activation_again(story, layer, steps["substitution"], story.told[key])
    else:
        story.told[key] = layer
        yield from _activation_full(story, layer, steps)


def _activation_again(story: Story, layer: int, result: Step, first: int) -> Iterator[Block]:
    link = Ref(f"layer-{first}")
    words = (
        say("input-intro-same", first=link)
        if layer == 0
        else say("same-steps", first=link, layer=story.layers([layer]))
    )
    yield Paragraph(words)
    yield story.equation(result, story.by(result, "why-like", first=story.layers([first])))
    if layer == 0:
        yield from matrix_form(story, "x", 0)
    yield from _adjoint_name(story, layer)


def _activation_full(story: Story, layer: int, steps: dict[str, Step]) -> Iterator[Block]:
    chain, local, result = steps["chain-rule"], steps["local-derivative"], steps["substitution"]
    later = layer + 1
    if layer == 0:
        yield Paragraph(say("input-intro"))
    yield Paragraph(_ask_activation(story, layer, chain))
    yield story.equation(chain, story.by(chain, "why-paths", layer=story.layers([later])))
    definition = story.derivation.definition("z", later)
    (partial,) = chain.claim.rhs.atoms(Partial)
    yield Paragraph(known_factor(story, result, partial, definition))
    weights = not story.network.stack[later - 1].bias_only
    key = "why-path-weight" if weights else "why-path-one"
    holes = {"a": story.box(chain.claim.lhs.denominator)} if weights else {}
    yield story.equation(local, story.by(local, key, **holes))
    if local.claim.rhs.has(KroneckerDelta):
        yield from kronecker(story, local, result)
    else:
        yield Paragraph(say("no-delta", later=story.layers([later])))
    yield story.equation(result, story.by(result, "why-substituted"))
    if layer == 0:
        yield Paragraph(matrix_words(story, result.claim))
        yield from matrix_form(story, "x", 0)
    yield from _adjoint_name(story, layer)


def _ask_activation(story: Story, layer: int, chain: Step) -> Inline:
    a = story.box(chain.claim.lhs.denominator)
    what = say("the-activation", a=a, layer=story.layers([layer])) if layer else say("the-entry", a=a)
    holes = {"what": what, "later": story.layers([layer + 1])}
    if story.network.stack[layer].bias_only:
        return say("ask-activation-own", **holes)
    single = story.width(layer + 1) == 1
    trace = say("trace-one" if single else "trace", figure=Ref("fig:network"))
    shown = {"trace": trace if traced(story) == (layer, 1) else ""}
    if single:
        return say("ask-activation-single", **holes, **shown)
    return say("ask-activation", **holes, **shown)


def _adjoint_name(story: Story, layer: int) -> Iterator[Block]:
    """γ = ∂C/∂a, where the derivative is needed more than once."""
    naming = story.group("a", layer).get("name") if layer else None
    if naming is not None:
        yield Paragraph(say("name-adjoint"))
        yield story.equation(naming, say("why-name"))
        yield Paragraph(matrix_words(story, story.derivation.index("g", layer)))
        yield from matrix_form(story, "g", layer)
