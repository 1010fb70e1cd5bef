"""Section 3, for what flows through a layer: from the loss to its outputs, back through sums and through functions."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Indexed, KroneckerDelta, Mul, Sum

from derive.equation import Equation as Claim
from derive.functions import Head
from derive.layout import Row
from derive.linear import AsNumber
from derive.matrix import NoMatrixForm
from derive.step import Step
from derive.symbols import Array, Partial, bound, free_indices
from reports.chapter.forms import form, is_bp1, is_bp2
from reports.chapter.numbers import about, figure
from reports.chapter.opening import traced
from reports.chapter.shapes import EQUALS, ODOT
from reports.chapter.slopes import kronecker, name_of_slope, slope
from reports.chapter.story import Story
from reports.document import Block, Equation, Paragraph
from reports.inline import Inline, Ref, inline
from reports.wording import enumerated, say

_MOST_NUMBERS = 4  # error signals in one sentence

# The outputs --------------------------------------------------------------------------------------------------------


def output_steps(story: Story) -> Iterator[Block]:
    """∂C/∂a of the last layer, where the loss itself is differentiated."""
    steps = story.groups[story.network.array("a", story.depth)]
    definition = story.labels[story.derivation.definition("E").number]
    first, *rest = [step for step in steps if step.rule != "name"]
    yield Paragraph(say("ask-output", a=story.box(first.claim.lhs.denominator), definition=Ref(definition)))
    yield story.equation(first, _why_output(story, first))
    for step in rest:
        yield Paragraph(say("use-fact", fact=_fact(story, step)) if step.rule == "normalisation" else say("simpler"))
        yield story.equation(step, _why_rewritten(story, step))
    if story.network.loss_row.kinks:
        yield Paragraph(say("loss-kink"))
    yield from _adjoint_name(story, story.depth)


def _why_output(story: Story, step: Step) -> Inline:
    loss = story.derivation.definition("E").claim.rhs
    if step.claim.rhs.has(Sum):
        return say("why-several-sums", a=story.box(step.claim.lhs.denominator))
    sums = loss.atoms(Sum)
    if not sums:
        return say("why-no-sum")
    (k,) = bound(next(iter(sums)))
    (j,) = step.claim.lhs.denominator.indices
    term = Row((story.box(k), EQUALS, story.box(j)))
    return say("why-one-term", term=term, a=story.box(step.claim.lhs.denominator))


def _fact(story: Story, step: Step) -> Inline:
    """Σy = 1 and where it was said."""
    fact = next(story.derivation.steps[n] for n in step.premises if story.derivation.steps[n].rule == "assumption")
    return (*say("formula", box=story.box(fact)), *say("in-brackets", ref=Ref(story.labels[fact.number])))


def _why_rewritten(story: Story, step: Step) -> Inline:
    if step.rule == "normalisation":
        fact = next(story.derivation.steps[n] for n in step.premises if story.derivation.steps[n].rule == "assumption")
        return story.by(step, "why-fact-used", fact=story.box(fact))
    return story.by(step, "why-simpler")


# Back through the weights -------------------------------------------------------------------------------------------


def activation_steps(story: Story, layer: int) -> Iterator[Block]:
    """∂C/∂a of a hidden layer, or of the input as layer 0, from the error signals of the layer behind it."""
    steps = story.group("a", layer)
    key = ("activation", _key(story, "a", layer))
    if key in story.told:
        yield from _activation_again(story, layer, steps["substitution"], story.told[key])
    else:
        story.told[key] = layer
        yield from _activation_full(story, layer, steps)


def _key(story: Story, role: str, layer: int) -> tuple[object, ...]:
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
    return ({"a": "activation", "z": "error"}[role], _key(story, role, layer)) in story.told


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
        yield from _matrix(story, "x", 0)
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
    yield Paragraph(_known_factor(story, result, partial, definition))
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
        yield Paragraph(_matrix_words(story, result.claim))
        yield from _matrix(story, "x", 0)
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


def _known_factor(story: Story, result: Step, partial: Partial, definition: Step) -> Inline:
    """Where the first factor of a chain is known from: as an error signal, by its name, or as a formula."""
    link = Ref(story.labels[definition.number])
    array = partial.denominator.base
    role = "z" if array.role == "z" else "a"
    name = story.derivation.name(role, array.layer)
    named = next((n for n in result.premises if story.derivation.steps[n].rule == "name"), None)
    if name is not None and named is not None and role == "z":
        shown = story.box(name[partial.denominator.indices])
        return say("first-named", delta=shown, name=Ref(story.labels[named]), definition=link)
    return say(
        "first-known",
        known=Ref(
            story.labels[story.derivation.step(array.role if array.role != "z" else "delta", array.layer).number]
        ),
        definition=link,
    )


def _adjoint_name(story: Story, layer: int) -> Iterator[Block]:
    """γ = ∂C/∂a, where the derivative is needed more than once."""
    naming = story.group("a", layer).get("name") if layer else None
    if naming is not None:
        yield Paragraph(say("name-adjoint"))
        yield story.equation(naming, say("why-name"))
        yield Paragraph(_matrix_words(story, story.derivation.index("g", layer)))
        yield from _matrix(story, "g", layer)


# Back through the activation function -------------------------------------------------------------------------------


def error_steps(story: Story, layer: int) -> Iterator[Block]:
    """∂C/∂z of a layer and its name, the error signal."""
    steps = story.group("z", layer)
    key = ("error", _key(story, "z", layer))
    again = story.told.get(key)
    yield from _naming(story, layer, steps, again)
    if again is None:
        story.told[key] = layer
        yield from _error_full(story, layer, steps)
    result = steps["substitution"]
    finals = [steps[rule] for rule in ("normalisation", "simplification") if rule in steps]
    words = "why-substituted" if again is None else "why-like"
    holes = {} if again is None else {"first": story.layers([again])}
    yield story.equation(result, story.by(result, words, **holes), None if finals else _named(story, layer))
    for place, step in enumerate(finals):
        yield from _rewritten(story, layer, step, place == len(finals) - 1)
    yield from _all_at_once(story, layer)
    if "simplification" not in steps:
        yield from slope(story, layer)
    yield from _in_numbers(story, layer)


def _in_numbers(story: Story, layer: int) -> Iterator[Block]:
    """The error signals at the point of the worked example, where they are few."""
    name = story.derivation.name("z", layer)
    count = story.width(layer)
    if not story.small or name is None or count is None or count > _MOST_NUMBERS:
        return
    values = story.values[name.name].tolist()
    listed = [inline(Row((story.box(name[j]), about(value), figure(value)))) for j, value in enumerate(values, 1)]
    yield Paragraph(say("in-numbers", section=Ref("numbers"), list=enumerated(listed)))


def _named(story: Story, layer: int) -> object:
    """δ_j = … in place of ∂C/∂z_j = …."""
    return story.derivation.index("delta", layer) if story.derivation.has("delta", layer) else None


def _naming(story: Story, layer: int, steps: dict[str, Step], again: int | None) -> Iterator[Block]:
    """The question, and the name of its answer."""
    naming = steps.get("name")
    z = story.box(steps["chain-rule"].claim.lhs.denominator)
    if naming is None:
        yield Paragraph(say("ask-error", z=z))
        return
    if "error" not in story.told:
        story.told["error"] = True
        yield Paragraph(say("ask-error-first", z=z, list=_needed(story, layer)))
        yield story.equation(naming, say("why-name"))
        return
    yield Paragraph(say("ask-error-layer", z=z, layer=story.layers([layer])))
    yield story.equation(naming, say("why-name"))
    if again is not None:
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
    yield Paragraph(_known_factor(story, result, partial, story.derivation.definition("a", layer)))
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
    boxed = _named(story, layer) if last else None
    if step.rule == "normalisation":
        yield Paragraph(say("use-fact", fact=_fact(story, step)))
        yield story.equation(step, _why_rewritten(story, step), boxed)
        return
    closed = any(story.derivation.steps[n].rule == "closed-form" for n in step.premises)
    if closed:
        yield from slope(story, layer)
        yield Paragraph(say("cancel", slope=name_of_slope(story, layer)))
    else:
        yield Paragraph(say("cancel-plain"))
    yield story.equation(step, story.by(step, "why-cancel" if closed else "why-simpler"), boxed)


def _all_at_once(story: Story, layer: int) -> Iterator[Block]:
    """The error signals in matrix form, and why there is a transpose."""
    claim = story.derivation.index("delta", layer)
    yield Paragraph(_matrix_words(story, claim))
    yield from _matrix(story, "delta", layer)
    behind = layer < story.depth and story.network.stack[layer].bias == "appended"
    if behind and _weights(claim) and "column" not in story.told:
        story.told["column"] = True
        yield Paragraph(say("transpose-appended", w=story.box(_weights(claim)[0])))


def _matrix_words(story: Story, claim: Claim) -> Inline:
    """What stands before a matrix form: the transpose and ⊙ are explained where they are met first."""
    weights = _weights(claim)
    kind = "transpose" if weights else "all-at-once"
    first = kind not in story.told and (bool(weights) or _is_product(claim))
    if not first:
        return say("transpose-again" if weights else "all-at-once-again")
    story.told[kind] = True
    return say("transpose", w=story.box(weights[0])) if weights else say("all-at-once", odot=ODOT)


def _weights(claim: Claim) -> list[Array]:
    """The weights that stand in a sum of the claim."""
    return [entry.base for one in claim.rhs.atoms(Sum) for entry in one.atoms(Indexed) if entry.base.role == "W"]


def _is_product(claim: Claim) -> bool:
    """Whether factors with the same index stand side by side, as (a_j − y_j) σ′(z_j)."""
    return isinstance(claim.rhs, Mul) and sum(bool(free_indices(factor)) for factor in claim.rhs.args) > 1


def _matrix(story: Story, role: str, layer: int) -> Iterator[Block]:
    try:
        claim = story.derivation.matrix(role, layer)
    except NoMatrixForm:
        yield Paragraph(say("no-matrix"))
        return
    yield error_matrix(story, role, layer)
    numbers = sorted(claim.rhs.atoms(AsNumber), key=str)
    if numbers and "number" not in story.told:
        story.told["number"] = True
        yield Paragraph(say("dot-number", product=story.box(numbers[0])))


def error_matrix(story: Story, role: str, layer: int) -> Equation:
    """δ of a layer, or ∂C/∂x, in matrix form, as BP1 or BP2 where it is that."""
    step = story.derivation.step(role, layer)
    claim = story.derivation.matrix(role, layer)
    return story.matrix(claim, f"m-{role}-{layer}", story.in_matrix_form(step), bp_name(story, role, layer))


def bp_name(story: Story, role: str, layer: int) -> str:
    """BP1 or BP2, decided on the claim."""
    if role != "delta":
        return ""
    claim = story.derivation.index("delta", layer)
    if layer == story.depth and is_bp1(claim, story.derivation.index("a", layer)):
        return "BP1"
    return "BP2" if is_bp2(claim) else ""


__all__ = ["activation_steps", "bp_name", "error_matrix", "error_steps", "output_steps"]
