"""Section 4: what came out, in a box; once for all layers where their claims are the same."""

from __future__ import annotations

from dataclasses import dataclass

from derive.formula import Writer
from derive.layout import Glyph
from reports.chapter.forms import alike, form, is_bp3, is_bp4
from reports.chapter.matrices import bp_name
from reports.chapter.pictures import pass_in_shapes
from reports.chapter.story import Story
from reports.chapter.symbols import constants
from reports.document import Block, Boxed, Equation, Paragraph, Section, Together, lines
from reports.inline import Inline, Ref
from reports.meant import Layered
from reports.wording import say

_NAMES = ("BP1", "BP2", "BP3", "BP4")
_ROLES = ("g", "delta", "b", "W")


def result(story: Story) -> Section:
    """The section with the box."""
    rows = tuple(_row(story, one) for one in chosen(story))
    names = {row.name for row in rows}
    four = set(_NAMES) <= names
    title = "box-four" if four else "box-bp"  # at least BP1, the error signal of the output
    blocks: list[Block] = [
        Together((Paragraph(_intro(story)), Boxed(say(title), rows))),
        Paragraph(say("read-box" if four else "read-box-own")),
        Paragraph(say("bp-names")),
    ]
    blocks += pass_in_shapes(story)
    if any(array.role == "W" for array in story.network.parameters):
        blocks.append(Paragraph(say("cost")))
    return Section(say("result"), tuple(blocks), label="result")


def _intro(story: Story) -> Inline:
    if uniform(story):
        return say(
            story.shifted("result-intro-general"), l=Glyph("l"), last=say("result-last", last=Glyph(last_letter(story)))
        )
    if story.deep:
        return say(story.shifted("result-intro-mixed"), l=Glyph("l"))
    return say("result-intro-own")


def last_letter(story: Story) -> str:
    """The letter for the number of the last layer: L, unless a constant is called that."""
    return "N" if any(str(one) == "L" for one in constants(story)) else "L"


def uniform(story: Story) -> bool:
    """Whether a letter can stand for the number of any layer: all have the same arrays, and the same claims."""
    if story.depth == 1:
        return False
    signal = list(range(1, story.depth))
    wanted = {"g": signal, "delta": signal, "b": [*signal, story.depth], "W": [*signal, story.depth]}
    found = {role: _groups(story, role) for role in _ROLES}
    return all(not groups or sorted(groups[0]) == wanted[role] for role, groups in found.items())


def _groups(story: Story, role: str) -> list[list[int]]:
    """The layers in which there is such a claim, by its form; the last layer's signal, which the loss makes, apart."""
    layers = [layer for layer in range(story.depth, 0, -1) if _exists(story, role, layer)]
    if role == "delta":
        layers = [layer for layer in layers if layer != story.depth]
    return alike(layers, lambda layer: _form(story, role, layer))


def _exists(story: Story, role: str, layer: int) -> bool:
    if role == "g":
        return story.derivation.has("a", layer) and story.derivation.name("a", layer) is not None
    return story.derivation.has(role, layer) and not (role == "b" and _stacked(story, layer))


def _form(story: Story, role: str, layer: int) -> object:
    return form(story.derivation.index(role, layer), layer), role == "W" and _stacked(story, layer)


def _stacked(story: Story, layer: int) -> bool:
    """Whether a layer's bias is told with its weights."""
    return story.network.stack[layer - 1].bias == "appended" and story.derivation.has("W", layer)


@dataclass(frozen=True)
class Chosen:
    """A claim of the result: its role, the layers that it holds for, and whether a letter stands for their number."""

    role: str
    layers: tuple[int, ...]
    general: bool


def chosen(story: Story) -> list[Chosen]:
    """The signals from the loss backwards, then the gradients, each as few times as it can be."""
    is_uniform = uniform(story)
    signals = [("delta", [story.depth]), *((role, group) for role in ("g", "delta") for group in _groups(story, role))]
    gradients = [(role, group) for role in ("b", "W") for group in _groups(story, role)]
    found = [part for role, group in signals for part in _parts(story, role, group, is_uniform)]
    found.sort(key=lambda part: (-part.layers[0], part.role != "g"))
    found += [part for role, group in gradients for part in _parts(story, role, group, is_uniform)]
    return [*found, Chosen("x", (0,), False)]


def _parts(story: Story, role: str, group: list[int], is_uniform: bool) -> list[Chosen]:
    """A group of layers as one row with a letter for their number, or as a row for each."""
    if is_uniform or (story.deep and len(group) > 1):
        return [Chosen(role, tuple(group), True)]
    return [Chosen(role, (layer,), False) for layer in group]


def writer_of(story: Story, one: Chosen) -> Writer:
    """What writes a claim: with a letter for the number of its layer where it holds for several."""
    if not one.general:
        return story.writer
    last = one.role == "delta" and one.layers[0] == story.depth
    return story.relative(one.layers[0], last_letter(story) if last else "l")


def _row(story: Story, one: Chosen) -> Equation:
    role, layer = one.role, one.layers[0]
    claim = story.derivation.matrix(role, layer)
    shapes = None if one.general else story.shapes(claim)
    box = writer_of(story, one).box(claim)
    return Equation(
        lines(box), f"box-{role}-{layer}", _words(story, role, list(one.layers)), shapes, name_of(story, role, layer),
        meant=layered(story, one),
    )  # fmt: skip


def layered(story: Story, one: Chosen) -> Layered | None:
    """What the letter for the last layer is where weights are counted otherwise than neurons: the last weights."""
    last = one.general and one.role == "delta" and one.layers[0] == story.depth
    return Layered(last_letter(story), story.depth - 1 + story.row.first) if last and story.row.shift else None


def name_of(story: Story, role: str, layer: int) -> str:
    """BP1 … BP4, decided on the claim."""
    if role == "b":
        return "BP3" if is_bp3(story.derivation.index(role, layer)) else ""
    if role == "W":
        return "BP4" if is_bp4(story.derivation.index(role, layer)) and not _stacked(story, layer) else ""
    return bp_name(story, role, layer)


def _words(story: Story, role: str, group: list[int]) -> Inline:
    """What the equation is, for which layers if not for all, and where it was derived."""
    layer = group[0]
    last = role == "delta" and layer == story.depth
    kind = "last" if last else "stacked" if role == "W" and _stacked(story, layer) else role
    words = say(f"why-box-{kind}")
    if story.deep and not last and role in _ROLES and not uniform(story):
        words = say("for-layers", words=words, layers=story.layers(sorted(group)))
    label = f"m-{role}-{layer}"
    return (*words, *say("in-brackets", ref=Ref(label))) if label in story.printed else words
