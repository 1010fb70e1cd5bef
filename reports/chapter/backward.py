"""Section 3: the derivation, from the loss backwards, a subsection for each layer."""

from __future__ import annotations

from collections.abc import Iterator

from derive.layout import Glyph, Row
from derive.step import Step
from derive.symbols import Partial
from reports.chapter.activations import activation_steps, output_steps
from reports.chapter.errors import error_steps
from reports.chapter.forms import alike, form
from reports.chapter.numbers import flat
from reports.chapter.parameters import parameter_steps
from reports.chapter.story import Story, subject
from reports.chapter.telling import steps_told
from reports.document import Block, Column, Paragraph, Ref, Section, Table
from reports.inline import Inline, inline
from reports.wording import say

_FULL = 2  # so many layers of a deep network are told one by one, from the loss backwards


def backward(story: Story) -> list[Section]:
    """The section with its subsections."""
    intro = say("derivation-intro", z=story.entry("z", 1))
    sections = [Section(say("derivation"), (Paragraph(intro),), label="derivation")]
    told, runs = _plan(story)
    for layer in told:
        sections += _layer(story, layer)
    if runs:
        sections.append(_general(story, runs))
    return [*sections, _input(story)]


def _plan(story: Story) -> tuple[list[int], list[list[int]]]:
    """The layers that are told one by one, last first, and the rest of a deep network by their form."""
    layers = list(range(story.depth, 0, -1))
    if not story.deep:
        return layers, []
    rest = alike(layers[_FULL:], lambda layer: signature(story, layer))
    seen = {signature(story, layer) for layer in layers[1:_FULL]}
    alone = [group[0] for group in rest if len(group) == 1 and signature(story, group[0]) not in seen]
    return [*layers[:_FULL], *alone], [group for group in rest if group[0] not in alone]


def signature(story: Story, layer: int) -> object:
    """The forms of all steps about a layer: layers with the same one are derived in the same words."""
    arrays = [story.network.array(role, layer) for role in ("a", "z", "W", "b")]
    return tuple(form(step.claim, layer) for array in arrays for step in story.groups.get(array, ()))


def _layer(story: Story, layer: int) -> list[Section]:
    """How the loss changes with what flows through a layer, then with its parameters."""
    here = story.layers([layer])
    label = f"layer-{layer}"
    if layer == story.depth:
        head, blocks = say("from-loss", layer=here), [*output_steps(story), *error_steps(story, layer)]
    else:
        head = say("from-layer", later=story.layers([layer + 1]), layer=here)
        blocks = [*activation_steps(story, layer), *error_steps(story, layer)]
    first = Section(head, tuple(blocks), 2, label)
    found = list(parameter_steps(story, layer))
    if not found:
        return [first]
    roles = {array.role for array in story.network.parameters if array.layer == layer}
    kind = {"W": "weights-of", "b": "biases-of"}[roles.pop()] if len(roles) == 1 else "parameters-of"
    return [first, Section(say(kind, layer=here), tuple(found), 2, f"parameters-{layer}")]


def _input(story: Story) -> Section:
    """The derivative by the input."""
    return Section(say("to-input"), tuple(activation_steps(story, 0)), 2, "layer-0")


# Deep networks ------------------------------------------------------------------------------------------------------


def _general(story: Story, runs: list[list[int]]) -> Section:
    """The remaining layers: one of each form with a letter for its number, and all results in a table."""
    blocks: list[Block] = []
    for layers in runs:
        blocks += _run(story, layers)
    table = _table(story, sorted((layer for layers in runs for layer in layers), reverse=True))
    if table is not None:
        blocks += [Paragraph(say("general-table", table=Ref("tab:rest"))), table]
    return Section(say("from-general"), tuple(blocks), 2, "layer-general")


def _run(story: Story, layers: list[int]) -> Iterator[Block]:
    """One general step: its results for any of these layers, and where the steps were told."""
    layer = layers[0]
    writer = story.relative(layer)
    same = [
        one
        for one in range(story.depth, 0, -1)
        if one not in layers and signature(story, one) == signature(story, layer)
    ]
    holes = {"layers": story.layers(sorted(layers)), "l": Glyph("l")}
    known = bool(same) or all(steps_told(story, role, layer) for role in ("a", "z", "W", "b"))
    if same:
        yield Paragraph(say(story.shifted("general-intro"), first=Ref(f"layer-{same[0]}"), **holes))
    else:
        yield Paragraph(say(story.shifted("general-intro-own"), **holes))
    chosen = [step for step in _in_order(story, layer) if not known or step.rule in _RESULTS]
    for step in chosen:
        for other in _counterparts(story, step, layers):
            story.labels[other.number] = f"s{step.number}"
    for step in chosen:
        like = _counterparts(story, step, layers)[-1]
        key = {"name": "why-name", "substitution": "why-substituted"}.get(step.rule)
        reason = story.by(like, key) if key else story.reason("rule", story.premises(like), reason=step.row.reason)
        last = step.claim.lhs.has(Partial) and step.rule != "name" and step == _final(story, step)
        named = story.derivation.index("delta", layer) if last and _about_z(step) else None
        yield story.equation(step, reason, named, writer)


_RESULTS = ("name", "substitution")


def _in_order(story: Story, layer: int) -> Iterator[Step]:
    """The steps about a layer as they are told: ∂C/∂a, the name of ∂C/∂z, ∂C/∂z, then the parameters."""
    for role in ("a", "z", "W", "b"):
        steps = story.groups.get(story.network.array(role, layer), [])
        named = [step for step in steps if step.rule == "name" and role == "z"]
        yield from [*named, *(step for step in steps if step not in named)]


def _counterparts(story: Story, step: Step, layers: list[int]) -> list[Step]:
    """The same step about each of the layers."""
    array = subject(step)
    assert array is not None
    place = story.groups[array].index(step)
    return [story.groups[story.network.array(array.role, layer)][place] for layer in layers]


def _about_z(step: Step) -> bool:
    array = subject(step)
    return array is not None and array.role == "z"


def _final(story: Story, step: Step) -> Step:
    """The last step about the same array that is no name."""
    array = subject(step)
    assert array is not None
    return [one for one in story.groups[array] if one.rule != "name"][-1]


def _table(story: Story, layers: list[int]) -> Table | None:
    """The matrix forms of the remaining layers, one line each."""
    roles = [role for role in ("delta", "W", "b") if any(story.derivation.has(role, layer) for layer in layers)]
    names = {"delta": "column-error", "W": "column-weights", "b": "column-biases"}
    rows = []
    for layer in layers:
        cells: list[Inline] = [_cell(story, role, layer) for role in roles]
        rows.append((inline(str(story.number(layer))), *cells))
    columns = (Column(say("column-layer"), "right"), *(Column(say(names[role])) for role in roles))
    return Table(columns, tuple(rows), say("table-rest"), "tab:rest")


def _cell(story: Story, role: str, layer: int) -> Inline:
    stacked = story.network.stack[layer - 1].bias == "appended" and story.derivation.has("W", layer)
    if not story.derivation.has(role, layer) or (role == "b" and stacked):
        return ()
    box = story.box(story.derivation.matrix(role, layer))
    return inline(Row(tuple(flat(part) for part in box.items)) if isinstance(box, Row) else box)
