"""Section 3, for the parameters of a layer: from its error signals to the gradients of its weights and biases."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Indexed

from derive.layout import Box
from derive.step import Step
from derive.symbols import Partial
from reports.chapter.forms import form, is_bp3, is_bp4
from reports.chapter.slopes import kronecker
from reports.chapter.story import Story
from reports.document import Block, Equation, Paragraph
from reports.inline import Inline, Ref
from reports.wording import say


def parameter_steps(story: Story, layer: int) -> Iterator[Block]:
    """The weights, then the biases; in few words where an earlier layer had the same steps."""
    roles = [array.role for array in story.network.parameters if array.layer == layer]
    key = ("parameters", tuple(_forms(story, role, layer) for role in roles))
    if roles and key in story.told:
        yield from _again(story, roles, layer, story.told[key])
        return
    story.told[key] = layer
    for role in roles:
        story.told["parameter", role] = layer
        yield from (_weights if role == "W" else _biases)(story, layer)


def _forms(story: Story, role: str, layer: int) -> tuple[object, ...]:
    steps = story.groups[story.network.array(role, layer)]
    return tuple(form(step.claim, layer) for step in steps)


def _appended(story: Story, layer: int) -> bool:
    return story.network.stack[layer - 1].bias == "appended"


def _holes(step: Step) -> tuple[Indexed, Partial]:
    """The entry by which a chain-rule step differentiates, and one of the quantities that it feeds."""
    partial = next(one for one in step.claim.rhs.atoms(Partial))
    return step.claim.lhs.denominator, partial


def _error(story: Story, partial: Partial) -> Box:
    """The error signal that names ∂C/∂z, with the indices of the sum."""
    at = partial.denominator
    name = story.derivation.name("z", at.base.layer)
    return story.box(name[at.indices] if name is not None else partial)


def _chain(story: Story, layer: int, role: str) -> Iterator[Block]:
    """Chain rule, local derivative and result; the reader may wonder about the delta once."""
    steps = story.group(role, layer)
    chain, local, result = steps["chain-rule"], steps["local-derivative"], steps["substitution"]
    by, partial = _holes(chain)
    definition = story.derivation.definition("z", layer)
    z = story.box(definition.claim.lhs)
    holes = {"b": story.box(by)} if role == "b" else {"w": story.box(by)}
    yield Paragraph(say("ask-weight" if role == "W" else "ask-bias-only", z=z, **holes))
    yield story.equation(chain, story.by(chain, "why-paths-sums"))
    known = story.labels[story.derivation.step("delta", layer).number]
    name = next((story.labels[n] for n in result.premises if story.derivation.steps[n].rule == "name"), known)
    link = Ref(story.labels[definition.number])
    yield Paragraph(say("first-named", delta=_error(story, partial), name=Ref(name), definition=link))
    entry = story.derivation.program.entry(by.base)
    if role == "W":
        source = story.network.array("a", layer - 1)[entry.indices[1]]
        yield story.equation(local, story.by(local, "why-weight", a=story.box(source), w=story.box(by)))
    else:
        yield story.equation(local, story.by(local, "why-bias", b=story.box(by)))
    yield from kronecker(story, local, result)
    if role == "W":
        yield story.equation(result, story.by(result, "why-substituted"))


def _weights(story: Story, layer: int) -> Iterator[Block]:
    yield from _chain(story, layer, "W")
    if not _appended(story, layer):
        yield from _matrix(story, "W", layer, "outer")


def _biases(story: Story, layer: int) -> Iterator[Block]:
    weights = story.derivation.has("W", layer)
    if weights:
        yield from _chain_like_weights(story, layer)
    else:
        yield from _chain(story, layer, "b")
    result = story.group("b", layer)["substitution"]
    if weights:
        yield Paragraph(say("bias-is-error"))
    yield story.equation(result, story.by(result, "why-substituted"))
    if _appended(story, layer) and weights:
        yield from _matrix(story, "W", layer, "outer-appended")
    else:
        yield from _matrix(story, "b", layer, "")


def _chain_like_weights(story: Story, layer: int) -> Iterator[Block]:
    """Chain rule and local derivative in one equation, where the weights of the layer have just had the same."""
    steps = story.group("b", layer)
    chain, local = steps["chain-rule"], steps["local-derivative"]
    by, _ = _holes(chain)
    yield Paragraph(say("ask-bias", b=story.box(by)))
    first = story.equation(chain)
    second = story.equation(local, story.by(local, "why-bias", b=story.box(by)))
    story.labels[local.number] = first.label
    yield Equation((*first.lines, *second.lines), first.label, second.reason)


def _matrix(story: Story, role: str, layer: int, key: str) -> Iterator[Block]:
    """The gradient in matrix form, under its name where it has the form of one."""
    if key:
        yield Paragraph(say(key))
    yield named_matrix(story, role, layer)


def named_matrix(story: Story, role: str, layer: int) -> Equation:
    """∂C/∂W or ∂C/∂b of a layer in matrix form, as BP4 or BP3 where it is that."""
    claim = story.derivation.index(role, layer)
    name = {"W": ("BP4", is_bp4), "b": ("BP3", is_bp3)}[role]
    named = name[0] if name[1](claim) and not (role == "W" and _appended(story, layer)) else ""
    step = story.derivation.step(role, layer)
    return story.matrix(story.derivation.matrix(role, layer), f"m-{role}-{layer}", story.in_matrix_form(step), named)


def _again(story: Story, roles: list[str], layer: int, first: int) -> Iterator[Block]:
    """The results alone, in both forms."""
    kind = "-parameters" if len(roles) > 1 else "-weights" if roles == ["W"] else "-biases"
    yield Paragraph(say(f"same-steps{kind}", first=Ref(f"parameters-{first}"), layer=story.layers([layer])))
    stacked = _appended(story, layer) and "W" in roles
    for role in roles:
        result = story.group(role, layer)["substitution"]
        if stacked:
            yield story.equation(result, story.by(result, "why-like", first=story.layers([first])))
        else:
            yield _both_forms(story, role, layer, story.by(result, "why-like-both", first=story.layers([first])))
    if stacked:
        yield named_matrix(story, "W", layer)


def _both_forms(story: Story, role: str, layer: int, reason: Inline) -> Equation:
    """A gradient in index form, and beneath it in matrix form."""
    result = story.equation(story.group(role, layer)["substitution"], reason)
    matrix = named_matrix(story, role, layer)
    story.printed.discard(matrix.label)
    return Equation((*result.lines, *matrix.lines), result.label, reason, matrix.shapes, matrix.name)
