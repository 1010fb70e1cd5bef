"""With `--detail full`: every equation written out for the widths of the network, and every step with its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from sympy import Expr, Indexed, Sum

from derive.derivation import Derivation
from derive.functions import Head
from derive.network import SpecError
from derive.step import Step
from derive.symbols import bound, free_indices
from reports.chapter.expansion import expanded
from reports.chapter.slopes import layer_of
from reports.chapter.story import Story
from reports.document import Block, Equation, Line, Paragraph, Section, lines
from reports.inline import Inline, Ref, Text, inline
from reports.meant import Aside, OfActivation
from reports.wording import enumerated, say

MOST_TERMS = 4_000  # about 100 pages
MOST_STEPS = 400

Pair = tuple[Expr, Expr]
Key = tuple[str, int]


def refuse_large(derivation: Derivation) -> None:
    """Raises `SpecError`, with the limit, for a network of which not everything can be written out."""
    terms = sum(_terms(derivation, *key) for key in (*_forward(derivation), *_backward(derivation)))
    steps = len(derivation.steps)
    if terms > MOST_TERMS or steps > MOST_STEPS:
        holes = {"terms": terms, "count": steps, "most": MOST_TERMS, "steps": MOST_STEPS}
        words = say("every-too-large", **{name: f"{value:,}" for name, value in holes.items()})
        raise SpecError("".join(piece.text for piece in words if isinstance(piece, Text)))


def _claim(derivation: Derivation, role: str, layer: int) -> tuple[Expr, Expr]:
    step = derivation.definition(role, layer).claim if role in ("z", "a", "E") else derivation.index(role, layer)
    return step.lhs, step.rhs


def _terms(derivation: Derivation, role: str, layer: int) -> int:
    """How many terms an array has in all its entries, when its sums are written out."""
    left, right = _claim(derivation, role, layer)
    entries = _size(derivation, free_indices(left))
    return entries * max((_size(derivation, bound(one)) for one in right.atoms(Sum)), default=1)


def _size(derivation: Derivation, indices: object) -> int:
    return prod(derivation.sizes[index.space.size] for index in indices)  # type: ignore[attr-defined]


# Every entry --------------------------------------------------------------------------------------------------------


def every_entry(story: Story) -> tuple[Section, ...]:
    """Every equation of the forward pass and of the way back, for the network's own widths."""
    forward, backward = list(_forward_blocks(story)), list(_backward_blocks(story))
    count = sum(len(one.lines) for one in (*forward, *backward) if isinstance(one, Equation))
    if story.expand:
        backward += expanded(story, sum(map(story.count, story.network.parameters)))
    intro = Paragraph(say("every-entries-intro", count=f"{count:,}"))
    return (
        Section(say("every-entries"), (intro,), label="entries"),
        Section(say("every-forward"), tuple(forward), 2, "every-forward"),
        Section(say("every-backward"), tuple(backward), 2, "every-backward"),
    )


def _forward(derivation: Derivation) -> Iterator[Key]:
    for layer in range(1, derivation.network.depth + 1):
        yield from (("z", layer), ("a", layer))
    yield "E", 0


def _backward(derivation: Derivation) -> Iterator[Key]:
    """Every array with a name or a gradient, from the loss backwards."""
    for layer in range(derivation.network.depth, 0, -1):
        for role in ("g", "delta", "b", "W"):
            if derivation.has("a" if role == "g" else role, layer) and (
                role != "g" or derivation.name("a", layer) is not None
            ):
                yield role, layer
    yield "x", 0


def _block(story: Story, pairs: Sequence[Pair], label: str) -> Equation:
    return Equation(tuple(Line(story.box(left), story.box(right)) for left, right in pairs), label)


def _forward_blocks(story: Story) -> Iterator[Block]:
    for role, layer in _forward(story.derivation):
        yield _block(story, story.derivation.definitions(role, layer), f"every-{role}-{layer}")
        slopes = story.derivation.slope_entries(layer) if role == "a" else ()
        if slopes:
            yield Paragraph(say("every-slopes", layer=story.layers([layer])))
            yield _block(story, slopes, f"every-slope-{layer}")


def _backward_blocks(story: Story) -> Iterator[Block]:
    for role, layer in _backward(story.derivation):
        yield _block(story, story.derivation.entries(role, layer), f"every-{role}-{layer}")


# Every step ---------------------------------------------------------------------------------------------------------


def every_step(story: Story) -> Section:
    """Each step as it was made, with its rule and what it rests on."""
    steps = story.derivation.steps
    intro = Paragraph(say("every-steps-intro", count=f"{len(steps):,}"))
    return Section(say("every-steps"), (intro, *(_step(story, one) for one in steps)), label="steps")


def _step(story: Story, step: Step) -> Equation:
    left = step.claim.lhs
    general = isinstance(left, Head) and not isinstance(left.args[0], Indexed)  # σ(u) of any u
    meant = OfActivation(layer_of(story, left)) if general else None
    if story.box(left) == story.box(step.claim.rhs):  # tanh(u) = tanh(u) tells nobody anything
        known = say("every-known", number=str(step.number + 1))
        return Equation(lines(story.box(left)), f"step-{step.number}", known, meant=Aside("a function that is known"))
    return Equation(lines(story.box(step.claim)), f"step-{step.number}", _reason(step), meant=meant)


def _reason(step: Step) -> Inline:
    number, rule, reason = str(step.number + 1), step.rule.replace("-", " "), step.row.reason
    named = rule in reason  # chain rule: one term for each …, by definition, a name for …
    holes = {"number": number, "reason": reason}
    words = say("every-step-said", **holes) if named else say("every-step", rule=rule, **holes)
    if not step.premises:
        return words
    links = enumerated([inline(Ref(f"step-{number}")) for number in step.premises])
    return (*words, *say("every-from", steps=links))
