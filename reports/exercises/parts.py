"""The parts of a sheet: what is given, shapes, steps of the derivation, equations, numbers, mistakes to be found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from derive.layout import Box
from derive.linear import Letter
from derive.symbols import Array
from reports.chapter.numbers import flat
from reports.chapter.opening import described_network, network_drawing
from reports.chapter.result import Chosen, chosen, layered, name_of, writer_of
from reports.chapter.slopes import layer_of
from reports.chapter.story import Story
from reports.chapter.summary import gradient_by
from reports.checking.document_boxes import Unprintable
from reports.checking.document_boxes import lines as lines_of
from reports.document import Block, Boxed, Column, Equation, Paragraph, Section, Table, lines
from reports.exercises.quiz import Item
from reports.exercises.reasons import reasons
from reports.exercises.sheet import Sheet
from reports.inline import Inline, inline
from reports.meant import Mistaken, OfActivation
from reports.wording import say, sentences

SHOWN = 2  # weight layers at the loss's end of which steps are asked for
MOST_LAYERS = 4  # of which shapes are asked for
MOST_EQUATIONS = 5
MOST_MISTAKES = 5
ASKED = ("chain-rule", "substitution", "simplification", "folding", "name")
"""Rules of which the reason is asked for; of a local derivative one may name any of several rules, such as log's."""


# What is given ------------------------------------------------------------------------------------------------------


def given(story: Story) -> Section:
    """The network in words and in a figure, and its forward pass."""
    blocks: list[Block] = [Paragraph(described_network(story)), network_drawing(story), Paragraph(say("sheet-forward"))]
    for layer in _layers(story):
        steps = [story.derivation.definition(role, layer) for role in ("z", "a")]
        found = tuple(line for one in steps for line in lines(story.box(one.claim)))
        blocks.append(Equation(found, f"given-{layer}", say("sheet-of-layer", layer=story.layers([layer]))))
    for place, function in enumerate(story.derivation.program.functions, 1):
        (line, *more) = lines(story.box(function))
        if line.lhs != line.rhs:  # tanh(u) = tanh(u) tells nobody anything
            about = OfActivation(layer_of(story, function.lhs))
            blocks.append(Equation((line, *more), f"given-function-{place}", say("sheet-function"), meant=about))
    loss = story.derivation.definition("E").claim
    blocks.append(Equation(lines(story.box(loss)), "given-loss", say("sheet-loss")))
    facts = [say("sheet-fact", fact=story.box(fact)) for fact in story.derivation.program.facts]
    return Section(say("sheet-given"), (*blocks, *map(Paragraph, facts)), label="given")


def _layers(story: Story) -> list[int]:
    """All weight layers, or the last ones of a deep network."""
    every = list(range(1, story.depth + 1))
    return every if len(every) <= MOST_LAYERS else every[-SHOWN:]


# Shapes -------------------------------------------------------------------------------------------------------------


def shapes(story: Story, sheet: Sheet) -> Section:
    """How many rows and columns each array has, and how many parameters there are in all."""
    rows = [_shape(story, sheet, *one) for one in _arrays(story)]
    columns = (Column(say("sheet-array")), Column(say("sheet-shape")))
    total = sum(map(story.count, story.network.parameters))
    question = say("sheet-count", count=sheet.gap(6.0, f"{total:,}"))
    blocks = (Paragraph(say("sheet-shapes-intro")), Table(columns, tuple(rows)), Paragraph(question))
    return Section(say("sheet-shapes"), blocks, label="shapes")


def _arrays(story: Story) -> Iterator[tuple[Box, Array]]:
    """What is asked about: as it is written, and the array with that shape."""
    network = story.network
    yield story.array("x"), network.array("x", 0)
    for layer in _layers(story):
        for array in network.parameters:
            stacked = array.role == "W" and network.stack[layer - 1].bias == "appended"
            if array.layer == layer and not stacked:
                yield story.box(Letter(array)), array
    name = story.derivation.name("z", _layers(story)[0])
    if name is not None:
        yield story.box(Letter(name)), name
    last = next((one for one in reversed(network.parameters) if network.stack[one.layer - 1].bias != "appended"), None)
    if last is not None:
        yield gradient_by(story, last), last


def _shape(story: Story, sheet: Sheet, box: Box, array: Array) -> tuple[Inline, ...]:
    sides = [str(story.network.sizes[space.size]) for space in array.spaces]
    rows, columns = sides if len(sides) == 2 else (*sides, "1")
    return inline(flat(box)), (*sheet.gap(2.5, rows), *inline(" × "), *sheet.gap(2.5, columns))


# Steps --------------------------------------------------------------------------------------------------------------


def steps(story: Story, sheet: Sheet, rng: Random) -> Section:
    """The derivation of the last layers, with reasons and right sides to be filled in."""
    blocks: list[Block] = [Paragraph(say("sheet-steps-intro"))]
    for role, layer in _groups(story):
        found = [one for one in story.groups.get(story.network.array(role, layer), []) if one.rule != "closed-form"]
        blocks.append(Paragraph(say(f"sheet-by-{role}", layer=story.layers([layer]))))
        hidden, why = _hidden([one.rule in ASKED for one in found], rng), reasons(story, role, layer)
        for step, what in zip(found, hidden, strict=True):
            equation = Equation(lines(story.box(step.claim)), f"step-{step.number}", why[step.number])
            blocks.append(_gapped(sheet, equation, what))
    return Section(say("sheet-steps"), tuple(blocks), label="steps")


def _groups(story: Story) -> Iterator[tuple[str, int]]:
    """By what is differentiated: from the loss back through the last layers, then by the last layer's parameters."""
    last = story.depth
    for layer in range(last, max(last - SHOWN, 0), -1):
        yield from (("a", layer), ("z", layer))
    for array in story.network.parameters:
        if array.layer == last:
            yield array.role, last


def _hidden(asked: Sequence[bool], rng: Random) -> list[str]:
    """What each of several steps hides, its reason only where that may be asked; at least one its right side."""
    picked = [rng.choice(("right", "right", "reason", "")) for _ in asked]
    found = ["right" if one == "reason" and not may else one for one, may in zip(picked, asked, strict=True)]
    if found and "right" not in found:
        found[rng.randrange(len(found))] = "right"
    return found


def _gapped(sheet: Sheet, equation: Equation, what: str) -> Equation:
    if what == "right":
        return sheet.without_right(equation)
    return sheet.without_reason(equation) if what == "reason" else equation


# Equations ----------------------------------------------------------------------------------------------------------


def equations(story: Story, sheet: Sheet) -> Section:
    """The result in matrix form, the right sides to be filled in; the shapes say what must fit."""
    made: list[Equation] = []
    for one in _some(chosen(story)):
        role, layer = one.role, one.layers[0]
        claim = story.derivation.matrix(role, layer)
        found = lines(writer_of(story, one).box(claim))
        shown = None if one.general else story.shapes(claim)
        equation = Equation(found, f"equation-{role}-{layer}", (), shown, name_of(story, role, layer),
                            meant=layered(story, one))  # fmt: skip
        made.append(sheet.without_right(equation))
    words = sentences(
        say("sheet-equations-intro"),
        say("sheet-equations-shapes") if any(one.shapes is not None for one in made) else (),
        say("bp-names") if any(one.name for one in made) else (),
    )
    return Section(say("sheet-equations"), (Paragraph(words), *made), label="equations")


def _some(found: Sequence[Chosen]) -> list[Chosen]:
    """The first signals, and the first of each kind of gradient."""
    signals = [one for one in found if one.role in ("delta", "g")][:3]
    rest: dict[str, Chosen] = {}
    for one in found:
        if one.role in ("b", "W"):
            rest.setdefault(one.role, one)
    return [*signals, *rest.values()][:MOST_EQUATIONS]


# Mistakes -----------------------------------------------------------------------------------------------------------


def mistakes(sheet: Sheet, items: Sequence[Item], rng: Random) -> Section | None:
    """Formulas with one mistake each; None where there are none that can be printed."""
    found: dict[str, Item] = {}
    pool = [one for one in items if one.mistake is not None and _printable(one)]
    rng.shuffle(pool)
    for one in pool:
        if one.mistake is not None:
            found.setdefault(one.mistake.name, one)
    picked = list(found.values())[:MOST_MISTAKES]
    if not picked:
        return None
    blocks = [_mistake(sheet, place, one) for place, one in enumerate(picked, 1)]
    return Section(say("sheet-mistakes"), (Paragraph(say("sheet-mistakes-intro")), *blocks), label="mistakes")


def _printable(one: Item) -> bool:
    try:
        lines_of(one.formula)
        lines_of(one.right)
    except Unprintable:
        return False
    return True


def _mistake(sheet: Sheet, place: int, one: Item) -> Boxed:
    """The false formula, what is wrong with it, and what it should be."""
    wrong = Equation(lines_of(one.formula), f"mistake-{place}", meant=Mistaken())
    told = say(one.mistake.told) if one.mistake is not None else ()
    what = say("sheet-what", answer=sheet.gap(26.0, *told))
    right = sheet.without_right(Equation(lines_of(one.right), f"mended-{place}", say("sheet-mended")))
    return Boxed(say("sheet-mistake", number=str(place)), (wrong, Paragraph(what), right))
