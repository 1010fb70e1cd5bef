"""Section 1, the table of symbols: what each letter means, its shape in letters and in figures."""

from __future__ import annotations

from collections.abc import Iterator

from derive.formula import Writer
from derive.layout import Box, Glyph
from derive.symbols import Array, Scalar
from reports.chapter.numbers import flat
from reports.chapter.shapes import shape, shape_of
from reports.chapter.story import Story
from reports.document import Column, Table
from reports.inline import Inline, inline
from reports.wording import say


def symbols(story: Story) -> Table:
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
    inner = [one for one in arrays if one.layer < story.depth]
    whole = [one for one in inner if not network.stack[one.layer - 1].bias_only]  # the others share a width
    example = (whole or inner or arrays)[0]
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
