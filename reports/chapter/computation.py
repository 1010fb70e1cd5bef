"""Section 6: the example as a computational graph, values forward and local derivatives backward."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sympy import Expr, Indexed, Integer, KroneckerDelta, Sum

from derive.equation import Equation as Claim
from derive.functions import Head
from derive.layout import Box, Glyph, Row
from derive.symbols import Array, Local, Scalar
from reports.chapter.arithmetic import Numbers
from reports.chapter.numbers import MINUS, evaluate, figure
from reports.chapter.story import Story
from reports.document import Block, Figure, Paragraph
from reports.figures.flow import Quantity, flow
from reports.inline import Ref, Text
from reports.wording import say, sentences

DIGITS = 3  # of the numbers in the figure: they stand in small circles
WIDEST = 5  # more neurons in a layer than that are not drawn
TOLD = 12  # nodes up to which the standard chapter has the figure

Inputs = tuple[tuple[str, Box], ...]


def computation(story: Story, numbers: Numbers) -> Iterator[Block]:
    """The figure with its sentence; nothing where the network is too large for it, or for this detail."""
    widths = [story.width(layer) for layer in range(story.depth + 1)]
    nodes = widths[0] + 2 * sum(widths[1:]) + 1
    if max(widths) > WIDEST or story.deep or (nodes > TOLD and story.detail != "full"):
        return
    columns = [*_columns(story, numbers)]
    drawing = flow(columns)
    if drawing is None:
        return
    arrows = sum(len(one.inputs) for column in columns for one in column)
    words = say("figure-graph-alternative", nodes=str(nodes), arrows=str(arrows))
    alternative = "".join(piece.text for piece in words if isinstance(piece, Text))
    weights = () if any(one.bias_only for one in story.network.stack) else say("graph-weights")
    loss = story.box(story.derivation.program.target)
    yield Paragraph(sentences(say("graph-told", figure=Ref("fig:graph"), loss=loss), weights))
    yield Figure(drawing, say("figure-graph", loss=loss, digits=str(DIGITS)), alternative, "fig:graph")


def _columns(story: Story, numbers: Numbers) -> Iterator[list[Quantity]]:
    """The inputs, z and a of each layer, the loss."""
    before = story.network.array("x", 0)
    yield [_node(story, numbers, before, at) for at in range(1, story.width(0) + 1)]
    for layer in range(1, story.depth + 1):
        for role in ("z", "a"):
            array = story.network.array(role, layer)
            here = range(1, story.width(layer) + 1)
            yield [_node(story, numbers, array, at, _inputs(story, numbers, array, before, at)) for at in here]
            before = array
    found = [
        (f"{before}{k}", _number(_adjoint(story, numbers, before, k)))
        for k in range(1, story.width(story.depth) + 1)
    ]  # fmt: skip
    loss = story.box(story.derivation.program.target)
    yield [Quantity("loss", loss, _number(story.decimals.loss), _number(1.0), tuple(found))]


def _node(story: Story, numbers: Numbers, array: Array, at: int, inputs: Inputs = ()) -> Quantity:
    """An input, or one neuron's z or a."""
    signal = _number(_adjoint(story, numbers, array, at))
    return Quantity(f"{array}{at}", story.box(array[at]), _number(numbers.decimal(array[at])), signal, inputs)


def _inputs(story: Story, numbers: Numbers, array: Array, before: Array, at: int) -> Inputs:
    """What leads to an entry, with its local derivatives; where there is no way there is no arrow."""
    claim = _local(story, array, before)
    slopes = [(f"{before}{k}", _slope(claim, at, k)) for k in range(1, story.width(before.layer) + 1)]
    return tuple((key, _number(_value(numbers, slope))) for key, slope in slopes if slope != 0)


def _number(value: float | Decimal) -> Box:
    """A rounded number; its minus is a sign of the number, and stands as near to it as in print."""
    box = figure(value, DIGITS)
    return Row((Glyph("-"), *box.items[1:]), tight=True) if isinstance(box, Row) and box.items[0] == MINUS else box


def _adjoint(story: Story, numbers: Numbers, array: Array, at: int) -> float | Decimal:
    """∂C by an entry: the stored error signal where there is one, else its equation at the stored values."""
    name = story.derivation.name(array.role, array.layer) if array.layer else None
    if name is not None:
        return numbers.decimal(name[at])
    if not array.layer:
        return story.decimals.entry("dx", (at - 1,))
    return _value(numbers, story.derivation.entry(array.role, array.layer, at))


def _local(story: Story, array: Array, before: Array) -> Claim:
    """The step that says what ∂array/∂before is, the last one where it was rewritten."""
    return [
        step.claim
        for step in story.derivation.steps
        if isinstance(step.claim.lhs, Local)
        and (step.claim.lhs.numerator.base, step.claim.lhs.denominator.base) == (array, before)
    ][-1]


def _slope(claim: Claim, to: int, by: int) -> Expr:
    """The local derivative at two neurons; 0 where there is no way from one to the other."""
    local: Any = claim.lhs
    (upper,), (lower,) = local.numerator.indices, local.denominator.indices
    return claim.rhs.xreplace({upper: Integer(to), lower: Integer(by)}).replace(KroneckerDelta, _kronecker)


def _kronecker(one: Expr, other: Expr) -> Expr:
    return Integer(1 if one == other else 0)


def _value(numbers: Numbers, expression: Expr) -> float:
    """A formula in z, a, w, δ, y and σ′ at the examined point."""

    def known(part: Expr) -> float | None:
        if isinstance(part, Indexed | Scalar):
            return float(numbers.decimal(part))
        return float(numbers.decimal_slope(part)) if isinstance(part, Head) and part.order == 1 else None

    assert not expression.has(Sum), f"a sum with letters has no value yet: {expression}"
    return evaluate(expression, known)
