"""Section 8: the engine's own source, and the few lines that turn it into learning."""

from __future__ import annotations

from collections.abc import Iterator

from derive.layout import BigSum, Fraction, Glyph, Row
from derive.symbols import Partial
from reports.chapter.story import Story
from reports.document import Block, Equation, Line, Listing, Paragraph, Section, Together
from reports.inline import Code, Inline, Math, Text, inline
from reports.meant import Aside
from reports.wording import enumerated, say
from verify.engine.plan.network import constants

MOST_LINES = 70
MOST_TOGETHER = 40  # lines that stay on one page
RATE, COUNT = Glyph(r"\eta"), Glyph("m")
_KEPT = 24  # lines at either end of a program that is too long


def program(story: Story) -> Section:
    """The section with the code."""
    names = [one.name for one in constants(story.derivation)]
    intro = say("code-intro", x=Code("x"), y=Code("y"), dx=say("code-dx"))
    blocks: list[Block] = [Paragraph(intro), Paragraph(say("code-letters", list=enumerated(_letters(story))))]
    if names:
        blocks.append(Paragraph(say("code-constants", list=enumerated([inline(Code(name)) for name in names]))))
    return Section(say("code"), (*blocks, *_source(story), *_loop(story)), label="program")


def _letters(story: Story) -> list[Inline]:
    """What the letters of the code are in the text: those of the first weight layer, the targets and the loss."""
    network = story.network
    parameters = [array.role for array in network.parameters if array.layer == 1]
    keys = [(role, 1) for role in (*parameters, "z", "a")]
    pairs = [(f"{role}{layer}", story.array(role, layer)) for role, layer in keys]
    pairs += [("x", story.array("x", 0)), ("y", story.array("y", 0)), ("E", story.box(story.derivation.program.target))]
    return [(Code(name), Text(" is "), Math(box)) for name, box in pairs]


def _source(story: Story) -> Iterator[Block]:
    source = story.source
    lines = source.split("\n")
    if len(lines) > MOST_LINES:
        yield Paragraph(say("code-cut"))
        middle = say("code-cut-line", count=str(len(lines) - 2 * _KEPT))
        words = "".join(piece.text for piece in middle if isinstance(piece, Text))
        source = "\n".join([*lines[:_KEPT], "", words, "", *lines[-_KEPT:]])
    listing = Listing(source, caption=say("code-caption"))
    yield Together((listing,)) if source.count("\n") < MOST_TOGETHER else listing


LOOP = '''\
def train(parameters, x, y{names}, rate=0.1, steps=1000):
    """Gradient descent: x and y hold one sample a row, parameters are {arguments}."""
    for _ in range(steps):
        loss, *gradients, dx = loss_and_gradients(*parameters, x, y{names})
        parameters = [p - rate * g / len(x) for p, g in zip(parameters, gradients)]
    return parameters
'''


def loop(story: Story) -> str:
    """The training loop for the arguments of this engine."""
    names = "".join(f", {one.name}" for one in constants(story.derivation))
    arrays = [array.name for array in story.network.parameters]
    shown = ", ".join(arrays if len(arrays) <= 6 else [*arrays[:3], "…", arrays[-1]])
    return LOOP.format(names=names, arguments=f"[{shown}]")


def _update(story: Story) -> Equation:
    """w ← w − η/m Σ ∂C/∂w, for the first parameter of the last layer that has one."""
    array = story.network.parameters[-1] if story.network.parameters[-1].role == "W" else story.network.parameters[0]
    by, gradient = story.box(array), story.box(Partial(story.derivation.program.target, array))
    samples = Glyph("".join(piece.text for piece in say("samples") if isinstance(piece, Text)), "text")
    step = Row((Fraction(RATE, COUNT), BigSum(samples, None, gradient)))
    return Equation(
        (Line(by, Row((by, Glyph("-", "binary"), step)), Glyph(r"\leftarrow", "relation")),),
        "",
        say("why-update"),
        numbered=False,
        meant=Aside("an update of the parameters"),
    )


def _loop(story: Story) -> Iterator[Block]:
    yield Paragraph(say("loop-update", rate=RATE, count=COUNT))
    yield _update(story)
    yield Paragraph(say("loop-intro"))
    yield Together((Listing(loop(story), caption=say("loop-caption")),))
    yield Paragraph(say("loop-batches", x=Code("x")))
