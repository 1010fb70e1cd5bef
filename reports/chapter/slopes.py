"""Section 3, what the reader wonders about once: the slope of the activation function and Kronecker's delta."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Dummy as Letter
from sympy import Expr, KroneckerDelta, Sum, exp, fraction, together

from derive.differentiate import differentiate
from derive.equation import Equation as Claim
from derive.functions import Head
from derive.layout import Box, Row
from derive.step import Step
from reports.chapter.forms import has_cases
from reports.chapter.shapes import EQUALS
from reports.chapter.story import Story
from reports.document import Block, Equation, Line, Paragraph
from reports.inline import Ref
from reports.wording import say


def kronecker(story: Story, local: Step, result: Step) -> Iterator[Block]:
    """What a Kronecker delta does under the sum: in full the first time."""
    deltas = sorted(local.claim.rhs.atoms(KroneckerDelta), key=str)
    if not deltas:
        return
    stays = (
        "-stays"
        if result.claim.rhs.has(Sum) and local.claim.rhs.func.__name__ != "KroneckerDelta" and _mixed(local)
        else ""
    )
    if "delta" in story.told:
        yield Paragraph(say(f"delta-again{stays}"))
        return
    story.told["delta"] = True
    k = next(index for index in deltas[0].args if index not in local.claim.lhs.denominator.indices)
    j = next(index for index in deltas[0].args if index != k)
    error = story.derivation.name("z", story.depth)
    same_letter = story.row.error.letter == r"\delta" and error is not None
    holes = {"delta": story.box(deltas[0]), "k": story.box(k), "j": story.box(j)}
    if same_letter:
        yield Paragraph(say(f"delta-first{stays}-error", error=story.box(error), **holes))
    else:
        yield Paragraph(say(f"delta-first{stays}", **holes))


def _mixed(local: Step) -> bool:
    """Whether a part of the local derivative has no delta, as in a_k(δ_jk − a_j)."""
    rhs = local.claim.rhs.expand()
    return any(not term.has(KroneckerDelta) for term in rhs.as_ordered_terms())


def _closed_form(story: Story, layer: int) -> Step | None:
    """The step that says what σ′ of a layer is; None where the layer has no σ, being linear or softmax."""
    activation = story.derivation.definition("a", layer).claim.rhs
    if not isinstance(activation, Head):
        return None
    wanted = (activation.row.name, activation.args[1:])
    steps = (step for step in story.derivation.steps if step.rule == "closed-form")
    return next(step for step in steps if (step.claim.lhs.row.name, step.claim.lhs.args[1:]) == wanted)


def name_of_slope(story: Story, layer: int) -> Box:
    """σ′ of a layer that has one."""
    closed = _closed_form(story, layer)
    assert closed is not None
    return story.writer.names.function(closed.claim.lhs)


def slope(story: Story, layer: int) -> Iterator[Block]:
    """σ′ in closed form where it is met first, then at the values of this layer."""
    closed = _closed_form(story, layer)
    if closed is None:
        return
    first = closed.number not in story.labels
    if first:
        yield from _closed(story, closed)
    at = story.derivation.slope(layer)
    if at is not None:
        key = "slope-layer" if first else "slope-layer-again"
        yield Paragraph(say(key, layer=story.layers([layer])) if first else say(key))
        yield story.equation(at, story.by(at, "why-slope-layer"))


def _closed(story: Story, closed: Step) -> Iterator[Block]:
    """The closed form, with the plain derivative before it where that looks different."""
    definition = story.derivation.steps[closed.premises[0]]
    claim, function = closed.claim, definition.claim
    written = claim.rhs.has(type(function.lhs)) and not has_cases(function.rhs)
    name = story.writer.names.function(claim.lhs)
    if definition.number in story.labels:
        link = Ref(story.labels[definition.number])
        yield Paragraph(say("slope-first" if written else "slope-plain", slope=name, definition=link))
    else:
        yield Paragraph(say("slope-known", slope=name))
    yield _equation(story, closed, function, written)
    if claim.rhs == 0:
        yield Paragraph(say("slope-zero"))
    elif function.lhs.row.kinks:
        yield Paragraph(say("slope-kink"))


def _equation(story: Story, closed: Step, function: Claim, written: bool) -> Equation:
    claim = closed.claim
    if not written:
        cases = has_cases(claim.rhs)
        return story.equation(closed, story.by(closed, "why-slope-plain" if cases else "why-slope-smooth"))
    plain = differentiate(function.rhs, function.lhs.args[0])
    reason = story.by(closed, "why-slope-value", value=story.box(function.lhs))
    power = _power(function)
    if power is not None:
        shown = Row((story.box(power.lhs), EQUALS, story.box(power.rhs)))
        reason = story.by(closed, "why-slope-closed", power=shown)
    found = story.equation(closed, reason)
    (last,) = found.lines
    if story.box(plain) == last.rhs:
        return found
    return Equation((Line(last.lhs, story.box(plain)), Line(None, last.rhs)), found.label, found.reason)


def _power(function: Claim) -> Claim | None:
    """The power of e in σ(u) = …, in terms of σ(u): e^(−u) = 1/σ(u) − 1 for the sigmoid; None where that is not it.

    What is found is put back into the definition, so that a wrong one is never shown.
    """
    powers = [one for one in function.rhs.atoms(exp) if one.has(function.lhs.args[0])]
    if len(powers) != 1:
        return None
    t, a = Letter("t", positive=True), Letter("a", positive=True)
    above, below = fraction(together(function.rhs.xreplace({powers[0]: t})))
    slope, rest = (above - a * below).expand().coeff(t, 1), (above - a * below).expand().coeff(t, 0)
    if not slope or slope.has(t) or rest.has(t):
        return None
    value = -rest / slope
    if not _solves(function.rhs.xreplace({powers[0]: value}), a):
        return None
    return Claim(powers[0], value.expand().xreplace({a: function.lhs}))


def _solves(expression: Expr, a: Expr) -> bool:
    return (together(expression) - a).expand().is_zero is True or bool(together(expression - a) == 0)
