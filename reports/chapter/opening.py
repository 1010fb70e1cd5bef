"""Section 1: the network in words, in a figure and in a table of symbols."""

from __future__ import annotations

from collections.abc import Iterator

from derive.formula import Writer, around
from derive.layout import Box, Glyph
from derive.network import Layer
from derive.symbols import Array, Scalar
from derive.tables.activations import ACTIVATIONS
from reports.chapter.numbers import flat
from reports.chapter.shapes import shape, shape_of
from reports.chapter.story import Story
from reports.document import Block, Column, Figure, Paragraph, Section, Table
from reports.figures.network import network_figure
from reports.inline import Inline, Ref, inline
from reports.wording import counted, enumerated, numeral, say, sentences

_NAMED = 3  # that many activation functions are told layer by layer in a sentence


def opening(story: Story) -> Section:
    """The section about the network itself."""
    blocks: list[Block] = [Paragraph(_shape(story)), Paragraph(_purpose(story)), _figure(story)]
    blocks += [Paragraph(_reading(story)), _symbols(story)]
    return Section(say("network"), tuple(blocks), label="network")


# In words -----------------------------------------------------------------------------------------------------------


def _shape(story: Story) -> Inline:
    first, last = story.number(0), story.number(story.depth)
    numbers = say("number-from", first=str(first), last=str(last)) if story.depth > 1 else ()
    return sentences(_through(story), numbers, _bias_only(story), _activations(story), _biases(story))


def many(story: Story, layer: int, noun: str) -> Inline:
    """`two inputs`, or with a letter for the width `n inputs`."""
    width = story.width(layer)
    if width is not None:
        return inline(counted(width, noun))
    return inline(story.size(layer), f" {counted(2, noun).split()[1]}")


def _through(story: Story) -> Inline:
    ends = {"inputs": many(story, 0, "input"), "outputs": many(story, story.depth, "output")}
    if story.depth == 1:
        return say("straight", **ends)
    return say("through", hidden=_hidden(story), **ends)


def _hidden(story: Story) -> Inline:
    widths = story.network.widths[1:-1]
    if len(widths) == 1:
        return say("hidden-one", neurons=many(story, 1, "neuron"))
    if len(set(widths)) == 1:
        return say("hidden-same", count=numeral(len(widths)), neurons=many(story, 1, "neuron"))
    if story.deep:
        return say("hidden-many", count=numeral(len(widths)))
    listed = enumerated([_count(story, layer) for layer in range(1, story.depth)])
    return say("hidden-some", count=numeral(len(widths)), neurons=listed)


def _count(story: Story, layer: int) -> Inline:
    width = story.width(layer)
    return inline(numeral(width)) if width is not None else inline(story.size(layer))


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


def amounts(story: Story) -> dict[str, int] | None:
    """How many weights and how many biases there are; None where a width is a letter."""
    network = story.network
    found = {"weight": 0, "bias": 0}
    for array in network.parameters:
        sizes = [network.sizes.get(space.size) for space in array.spaces]
        count = 1
        for size in sizes:
            if size is None:
                return None
            count *= size
        found["weight" if array.role == "W" else "bias"] += count
    return found


def _parameters(story: Story) -> Inline:
    found = amounts(story)
    if found is None:
        return say("parameters-letters")
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


def _figure(story: Story) -> Figure:
    trace = traced(story)
    plain = Writer(story.derivation, story.notation)
    shown = plain.box(story.derivation.program.entry(story.network.array("z", story.depth)))
    sent = plain.box(story.derivation.program.entry(story.network.array("a", story.depth)))
    caption = say("figure-network", z=shown, a=sent)
    if trace:
        neuron = plain.box(story.network.array("a", trace[0])[1])
        single = story.width(story.depth) == 1
        caption = say("figure-traced-one" if single else "figure-traced", z=shown, a=sent, neuron=neuron)
    words = say("figure-alternative", widths=", ".join(map(str, story.network.widths)))
    alternative = "".join(getattr(piece, "text", "") for piece in words)
    return Figure(network_figure(story.network, plain, trace), caption, alternative, "fig:network")


# The table of symbols -----------------------------------------------------------------------------------------------


def _symbols(story: Story) -> Table:
    columns = tuple(
        Column(say(f"column-{name}"), wrap=name == "meaning" or (name == "here" and story.depth > 4))
        for name in ("symbol", "meaning", "shape", "here")
    )
    general = story.depth > 1
    key = "table-symbols-shifted" if story.row.shift else "table-symbols-general"
    caption = say(key, layer=Glyph("l")) if general else say("table-symbols")
    rows = (
        *_per_layer(story, "x"),
        *(row for role in _ROLES for row in _per_layer(story, role)),
        *_stacked(story),
        *_single(story),
    )
    return Table(columns, rows, caption, "tab:symbols")


_ROLES = ("W", "b", "z", "a", "delta", "g")


def _per_layer(story: Story, role: str) -> Iterator[tuple[Inline, ...]]:
    """One row for a role that every layer has; its shape with letters, then in figures for each layer."""
    network, derivation = story.network, story.derivation
    if role == "x":
        array = network.array("x", 0)
        yield (
            inline(story.box(array)),
            say("role-x"),
            inline(_letters(story, array, story.writer)),
            _here(story, [array]),
        )
        return
    if role in ("delta", "g"):
        source = {"delta": "z", "g": "a"}[role]
        found = [derivation.name(source, layer) for layer in range(1, story.depth + 1)]
        arrays = [one for one in found if one is not None]
    elif role in ("W", "b"):
        arrays = [array for array in network.parameters if array.role == role]
    else:
        arrays = [network.array(role, layer) for layer in range(1, story.depth + 1)]
    if not arrays:
        return
    example = next((one for one in arrays if one.layer < story.depth), arrays[0])
    writer = story.relative(example.layer) if story.depth > 1 else story.writer
    yield (
        inline(writer.box(example)),
        _meaning(story, role, example, writer),
        inline(_letters(story, example, writer)),
        _here(story, arrays),
    )


def _meaning(story: Story, role: str, array: Array, writer: Writer) -> Inline:
    layer = story.network.stack[array.layer - 1]
    if role == "W":
        entry = story.derivation.program.entry(array)
        to, by = (writer.box(index) for index in entry.indices)
        return say("role-W", entry=writer.box(entry), to=to, by=by)
    if role == "b" and layer.bias == "appended":
        return say("role-b-appended")
    if role in ("delta", "g"):
        claim = next(
            step.claim for step in story.derivation.steps if step.rule == "name" and step.claim.lhs.base == array
        )
        return say(f"role-{role}", definition=flat(writer.box(claim.rhs)))
    return say(f"role-{role}")


def _letters(story: Story, array: Array, writer: Writer) -> Box:
    """The shape with a letter for each width."""
    return shape_of(array, {}, writer)


def _here(story: Story, arrays: list[Array]) -> Inline:
    """The shapes in figures, layer by layer; once where all are equal."""
    return _listed([shape_of(array, story.network.sizes, story.writer) for array in arrays])


def _listed(shown: list[Box]) -> Inline:
    """Shapes with commas between them."""
    if len(set(map(repr, shown))) == 1:
        return inline(shown[0]) if len(shown) == 1 else say("each", shape=shown[0])
    if len(shown) > 6:
        shown = [*shown[:3], Glyph("…", "text"), shown[-1]]
    parts: list[Inline] = [inline(box) for box in shown]
    return tuple(piece for place, part in enumerate(parts) for piece in ((*say("comma"), *part) if place else part))


def _stacked(story: Story) -> Iterator[tuple[Inline, ...]]:
    """[W b] and [a; 1] of a layer to whose input a 1 is appended."""
    layers = [layer for layer, spec in enumerate(story.network.stack, 1) if spec.bias == "appended"]
    if not layers:
        return
    example = next((layer for layer in layers if layer < story.depth), layers[0])
    writer = story.relative(example) if story.depth > 1 else story.writer
    products = [story.derivation.forward("z", layer).rhs.args for layer in layers]
    for place, role in enumerate(("stacked-W", "stacked-a")):
        shown = story.derivation.forward("z", example).rhs.args[place]
        here = [shape(one[place].shape, story.network.sizes, story.writer) for one in products]
        yield inline(writer.box(shown)), say(f"role-{role}"), inline(shape(shown.shape, {}, writer)), _listed(here)


def _single(story: Story) -> Iterator[tuple[Inline, ...]]:
    """The targets, the loss and the constants."""
    target = story.network.array("y", story.depth)
    yield (
        inline(story.box(target)),
        say("role-y"),
        inline(_letters(story, target, story.writer)),
        _here(story, [target]),
    )
    yield inline(story.box(story.derivation.program.target)), say("role-E"), say("number"), ()
    for scalar in constants(story):
        yield inline(story.box(scalar)), say("role-constant"), say("number"), ()


def constants(story: Story) -> list[Scalar]:
    """The constants of activation functions that are letters."""
    scalars = {
        argument
        for layer in story.network.stack
        for argument in layer.arguments()
        if isinstance(argument, Scalar) and argument.role == "constant"
    }
    return sorted(scalars, key=str)
