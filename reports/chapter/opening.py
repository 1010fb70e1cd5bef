"""Section 1: the network in words, in a figure and in a table of symbols."""

from __future__ import annotations

from derive.formula import Writer, around
from derive.layout import Glyph
from derive.network import Layer
from derive.tables.activations import ACTIVATIONS
from reports.chapter.story import Story
from reports.chapter.symbols import symbols
from reports.document import Figure, Paragraph, Section
from reports.figures.columns import TALLEST, Layout
from reports.figures.network import network_figure
from reports.inline import Inline, Ref, inline
from reports.wording import counted, enumerated, numeral, say, sentences

UNDER_WORDS = 150.0  # millimetres: a higher drawing would be too small under the words of the first page
_NAMED = 3  # that many activation functions are told layer by layer in a sentence


def opening(story: Story) -> Section:
    """The section about the network itself."""
    said = (described_network(story), _purpose(story), _reading(story))
    drawing, table = network_drawing(story), symbols(story)
    shown = (table, drawing) if drawing.drawing.height > UNDER_WORDS else (drawing, table)
    return Section(say("network"), (*map(Paragraph, said), *shown), label="network")


# In words -----------------------------------------------------------------------------------------------------------


def described_network(story: Story) -> Inline:
    """Widths, activations and biases in a few sentences."""
    first, last = story.number(0), story.number(story.depth)
    numbers = say("number-from", first=str(first), last=str(last)) if story.depth > 1 else ()
    return sentences(_through(story), numbers, _bias_only(story), _activations(story), _biases(story))


def _through(story: Story) -> Inline:
    ends = {"inputs": counted(story.width(0), "input"), "outputs": counted(story.width(story.depth), "output")}
    if story.depth == 1:
        return say("straight", **ends)
    return say("through", hidden=_hidden(story), **ends)


def _hidden(story: Story) -> Inline:
    widths = story.network.widths[1:-1]
    if len(widths) == 1:
        return say("hidden-one", neurons=counted(story.width(1), "neuron"))
    if len(set(widths)) == 1:
        return say("hidden-same", count=numeral(len(widths)), neurons=counted(story.width(1), "neuron"))
    if story.deep:
        return say("hidden-many", count=numeral(len(widths)))
    listed = enumerated([inline(numeral(story.width(layer))) for layer in range(1, story.depth)])
    return say("hidden-some", count=numeral(len(widths)), neurons=listed)


def _bias_only(story: Story) -> Inline:
    layers = [number for number, layer in enumerate(story.network.stack, 1) if layer.bias_only]
    if not layers:
        return ()
    return say("bias-only", layers=story.layers(layers))


def title(name: str) -> str:
    """An activation's name as it is written: ReLU, leaky ReLU, sigmoid; capitals are those of its symbol."""
    capitals = {row.symbol.removeprefix(r"\operatorname{").rstrip("}") for row in ACTIVATIONS.values()}
    known = {one.casefold(): one for one in capitals}
    return " ".join(known.get(word, word) if word != "l" else word for word in name.split("-"))


def described(layer: Layer) -> str:
    """An activation with the constants that were given: `leaky ReLU with alpha = 0.1`."""
    return title(layer.activation)


def _activations(story: Story) -> Inline:
    by_name: dict[str, list[int]] = {}
    for number, layer in enumerate(story.network.stack, 1):
        by_name.setdefault(described(layer), []).append(number)
    if len(by_name) == 1:
        (name,) = by_name
        single = story.depth == 1 and story.width(1) == 1
        return say("activation-one" if single else "activation-all", name=name)
    if len(by_name) > _NAMED:
        return say("activation-some", names=enumerated([inline(name) for name in by_name]))
    runs = [say("activation-in", name=name, layers=story.layers(layers)) for name, layers in by_name.items()]
    return say("activation-by-layer", list=enumerated(runs))


def _biases(story: Story) -> Inline:
    kinds: dict[str, list[int]] = {}
    for number, layer in enumerate(story.network.stack, 1):
        if not layer.bias_only:
            kinds.setdefault(layer.bias, []).append(number)
    if list(kinds) == ["separate"] and _bias_only(story):
        return say("bias-too", layers=story.layers(kinds["separate"]))
    if len(kinds) == 1 and not _bias_only(story):
        (kind,) = kinds
        single = kind == "separate" and story.depth == 1 and story.width(1) == 1
        return say("bias-one" if single else f"bias-{kind}")
    keys = {"separate": "bias-mixed", "appended": "bias-mixed-appended", "none": "bias-mixed-none"}
    holes = {kind: say(keys[kind], **{kind: story.layers(layers)}) for kind, layers in kinds.items()}
    return sentences(*(holes[kind] for kind in keys if kind in holes))


def _purpose(story: Story) -> Inline:
    row = story.network.loss_row
    loss = say("loss", loss=story.box(story.derivation.program.target), title=row.title,
               output=story.array("a", story.depth), target=story.array("y"))  # fmt: skip
    return sentences(loss, _parameters(story), say("see-figure", figure=Ref("fig:network"), table=Ref("tab:symbols")))


def _parameters(story: Story) -> Inline:
    found = {
        noun: sum(story.count(array) for array in story.network.parameters if array.role == role)
        for role, noun in (("W", "weight"), ("b", "bias"))
    }
    listed = enumerated([inline(_figures(count, noun)) for noun, count in found.items() if count])
    total = sum(found.values())
    if total == 1:
        return say("parameter", list=listed)
    return say("parameters", list=listed, total=f"{total:,}")


def _figures(count: int, noun: str) -> str:
    word = counted(2 if count != 1 else 1, noun).split()[1]
    return f"{count:,} {word}"


def _reading(story: Story) -> Inline:
    parts: list[Inline] = []
    weights = [array for array in story.network.parameters if array.role == "W"]
    if weights:
        entry = story.derivation.program.entry(weights[-1])
        key = "indices-below" if len(set(story.row.weight.indices)) == 1 else "indices-corners"
        to, by = (story.box(index) for index in entry.indices)
        parts.append(say(key, entry=story.box(entry), to=to, by=by))
    if story.row.shift:
        parts.append(say("shifted", z=story.entry("z", 1), next=str(story.number(1))))
    return sentences(*parts, _widths(story), say("conventions"))


def _widths(story: Story) -> Inline:
    """What n with a layer's number is."""
    spaces = story.network.spaces
    hidden = next((layer for layer in range(story.depth) if spaces[layer].size != spaces[-1].size), None)
    last = story.box(spaces[-1].size)
    if hidden is None:
        return say("widths-last", last=last)
    here = Writer(story.derivation, story.notation, layer=around(story.number(hidden))).box(spaces[hidden].size)
    return say("widths", here=here, layer=Glyph("l"), last=last)


# The figure ---------------------------------------------------------------------------------------------------------


def traced(story: Story) -> tuple[int, int] | None:
    """The layer whose first neuron's paths are coloured: the last hidden one, if weights lead on to several neurons."""
    layer = story.depth - 1
    if layer < 1 or story.network.stack[layer].bias_only:
        return None
    return layer, 1


def network_drawing(story: Story, tallest: float = TALLEST) -> Figure:
    """The network as a figure with its caption, its words for those who cannot see it, and the label `fig:network`.

    Wide layers are drawn whole where `tallest` millimetres are enough for them.
    """
    trace = traced(story)
    plain = Writer(story.derivation, story.notation)
    shown = plain.box(story.derivation.program.entry(story.network.array("z", story.depth)))
    sent = plain.box(story.derivation.program.entry(story.network.array("a", story.depth)))
    caption = say("figure-network", z=shown, a=sent)
    if trace:
        neuron = plain.box(story.network.array("a", trace[0])[1])
        single = story.width(story.depth) == 1
        caption = say("figure-traced-one" if single else "figure-traced", z=shown, a=sent, neuron=neuron)
    widths = say("figure-alternative", widths=", ".join(map(str, story.network.widths)))
    words = sentences(widths, *_left_out(Layout(story.network, tallest)))
    alternative = "".join(getattr(piece, "text", "") for piece in words)
    return Figure(network_figure(story.network, plain, trace, tallest), caption, alternative, "fig:network")


def _left_out(layout: Layout) -> tuple[Inline, ...]:
    """Whether the drawing is abridged, and what it lacks."""
    lacks = (("neurons", layout.neurons_left_out), ("layers", layout.layers_left_out))
    found = tuple(say(f"figure-fewer-{what}") for what, lacking in lacks if lacking)
    return found or (say("figure-whole"),)
