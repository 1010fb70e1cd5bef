"""Section 2: the forward pass, layer by layer, in index form and in matrix form."""

from __future__ import annotations

from dataclasses import replace

from derive.formula import Writer
from derive.layout import Glyph
from derive.network import Layer
from derive.step import Step
from reports.chapter.forms import alike, form
from reports.chapter.opening import title
from reports.chapter.slopes import layer_of
from reports.chapter.story import Story
from reports.document import Block, Equation, Paragraph, Section, lines
from reports.inline import Inline, inline
from reports.meant import OfActivation
from reports.wording import enumerated, say


def forward(story: Story) -> Section:
    """The section about the forward pass."""
    intro = say("forward-intro", z=story.entry("z", 1), a=story.entry("a", 1))
    blocks: list[Block] = [Paragraph(intro), *_functions(story)]
    for layers in _runs(story):
        blocks += _layer(story, layers[0]) if len(layers) == 1 else _general(story, layers)
    return Section(say("forward"), (*blocks, *_loss(story)), label="forward")


def _functions(story: Story) -> list[Block]:
    """σ(u) = … for each activation that has a letter."""
    functions = story.derivation.program.functions
    steps = [step for step in story.derivation.steps if step.rule == "definition" and step.claim in functions]
    known = [step for step in steps if story.box(step.claim.lhs) == story.box(step.claim.rhs)]
    steps = [step for step in steps if step not in known]
    if not steps:
        return []
    names = enumerated([inline(title(step.claim.lhs.row.name)) for step in known])
    key = "forward-function" if len(steps) == 1 else "forward-functions"
    intro = say(f"{key}-besides", known=names) if known else say(key)
    rows = {step.number: step.claim.lhs.row for step in steps}
    return [
        Paragraph(intro),
        *(_function(story, step, title(rows[step.number].name)) for step in steps),
    ]


def _function(story: Story, step: Step, name: str) -> Equation:
    equation = story.equation(step, say("why-function", name=name))
    return replace(equation, meant=OfActivation(layer_of(story, step.claim.lhs)))


def _runs(story: Story) -> list[list[int]]:
    """The layers one by one; in a deep network those that do the same together, after the first of them."""
    layers = list(range(1, story.depth + 1))
    if not story.deep:
        return [[layer] for layer in layers]
    groups = alike(layers, lambda layer: _form(story, layer))
    parts = [part for group in groups for part in ([group[:1], group[1:]] if len(group) > 2 else [[n] for n in group])]
    return sorted(parts)


def _form(story: Story, layer: int) -> object:
    return tuple(form(story.derivation.definition(role, layer).claim, layer) for role in ("z", "a"))


def _layer(story: Story, layer: int) -> list[Block]:
    spec = story.network.stack[layer - 1]
    z, a = (story.derivation.definition(role, layer) for role in ("z", "a"))
    return [
        Paragraph(_intro(story, layer)),
        story.equation(z, say(_sum_reason(spec))),
        story.equation(a, _why_activation(spec)),
        *_matrices(story, layer, story.writer),
    ]


def _intro(story: Story, layer: int) -> Inline:
    spec = story.network.stack[layer - 1]
    here = _form(story, layer)
    if layer > 1 and here == _form(story, layer - 1):
        return say("forward-same", layer=story.layers([layer]), before=story.layers([layer - 1]))
    z = story.derivation.program.entry(story.network.array("z", layer))
    holes = {"layer": story.layers([layer]), "j": story.box(z.indices[0])}
    if spec.bias_only:
        return say("forward-bias-only", **holes)
    key = "forward-first" if spec.bias == "none" else "forward-first-bias"
    entry = story.derivation.program.entry(story.network.array("W", layer))
    return say(key, **holes, k=story.box(entry.indices[1]))


def _sum_reason(spec: Layer) -> str:
    if spec.bias_only:
        return "why-bias-only"
    return "why-sum" if spec.bias == "none" else "why-sum-bias"


def _why_activation(spec: Layer) -> Inline:
    if not spec.row.elementwise:
        return say("why-softmax")
    if spec.activation == "linear":
        return say("why-identity" if spec.arguments()[0] == 1 else "why-scaled")
    return say("why-activation")


def _matrices(story: Story, layer: int, writer: Writer) -> list[Block]:
    """z and a of a layer in matrix form, one under the other."""
    forms = [story.derivation.forward(role, layer) for role in ("z", "a")]
    boxes = [line for one in forms for line in lines(writer.box(one))]
    appended = story.network.stack[layer - 1].bias == "appended"
    label = f"forward-{layer}"
    shapes = story.shapes(forms[0]) if writer is story.writer else None
    key = "forward-matrix-appended" if appended else "forward-matrix"
    found: list[Block] = [Equation(tuple(boxes), label, say("why-matrix-forward"), shapes)]
    if key in story.told:
        return found
    story.told[key] = True
    return [Paragraph(say(key)), *found]


def _general(story: Story, layers: list[int]) -> list[Block]:
    """Layers that do the same as one before them, told once with a letter for their number."""
    layer = layers[0]
    first = next(one for one in range(1, layer) if _form(story, one) == _form(story, layer))
    spec, writer = story.network.stack[layer - 1], story.relative(layer)
    z, a = (story.derivation.definition(role, layer) for role in ("z", "a"))
    blocks: list[Block] = [
        Paragraph(
            say(story.shifted("forward-run"), first=story.layers([first]), layers=story.layers(layers), l=Glyph("l"))
        ),
        story.equation(z, say(_sum_reason(spec)), writer=writer),
        story.equation(a, _why_activation(spec), writer=writer),
        *_matrices(story, layer, writer),
    ]
    for other in layers[1:]:
        for role, step in (("z", z), ("a", a)):
            story.labels[story.derivation.definition(role, other).number] = story.labels[step.number]
    return blocks


def _loss(story: Story) -> list[Block]:
    step = story.derivation.definition("E")
    row = story.network.loss_row
    blocks: list[Block] = [Paragraph(say("forward-loss")), story.equation(step, say("why-loss", title=row.title))]
    blocks.append(Equation(lines(story.box(story.derivation.forward("E"))), "forward-E", say("forward-loss-matrix")))
    for fact in story.derivation.program.facts:
        given = next(one for one in story.derivation.steps if one.claim == fact)
        used = any(given.number in one.premises for one in story.derivation.steps)
        blocks.append(Paragraph(say("forward-fact" if used else "forward-fact-unused")))
        blocks.append(story.equation(given, say("why-fact")))
    return blocks
