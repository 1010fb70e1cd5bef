"""Section 3, what the reader wonders about once: the slope of the activation function and Kronecker's delta."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
from reports.inline import Math, Ref
from reports.meant import Aside, OfActivation
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
    else:
        yield from (Paragraph(say("slope-kink", **_sides(story, function, at))) for at in kinks(function))


def kinks(function: Claim) -> list[Expr]:
    """Where σ(u) = … has a kink: there the slopes on both sides differ, and it has none."""
    u, *constants = function.lhs.args
    found = [kink(u, *constants).expand() for kink in function.lhs.row.kinks]
    places = [-one.coeff(u, 0) / one.coeff(u, 1) for one in found]
    return [at for at in places if _beside(function, at, -1) != _beside(function, at, 1)]


def _beside(function: Claim, at: Expr, side: int) -> Expr:
    """The slope at a place (0), or just left (−1) or right (1) of it."""
    u, t = function.lhs.args[0], Letter("t", positive=True)
    slope: Expr = differentiate(function.rhs, u)
    return slope.subs(u, at + side * t).subs(t, 0)


def _sides(story: Story, function: Claim, at: Expr) -> dict[str, Math]:
    """The place of a kink, the slopes on its two sides, and what the formula gives there by convention."""
    slopes = {name: _beside(function, at, side) for name, side in (("left", -1), ("right", 1), ("value", 0))}
    place = Row((story.box(function.lhs.args[0]), EQUALS, story.box(at)))
    shown = {name: Math(story.box(one), Aside("a slope beside a kink")) for name, one in slopes.items()}
    return {"place": Math(place, Aside("the place of a kink")), **shown}


def layer_of(story: Story, function: Head) -> int:
    """The first layer with this activation function."""
    wanted = (function.row.name, function.args[1:])
    heads = ((layer, story.derivation.definition("a", layer).claim.rhs) for layer in range(1, story.depth + 1))
    return next(n for n, one in heads if isinstance(one, Head) and (one.row.name, one.args[1:]) == wanted)


def _equation(story: Story, closed: Step, function: Claim, written: bool) -> Equation:
    about = OfActivation(layer_of(story, function.lhs))
    return replace(_reasoned(story, closed, function, written, about), meant=about)


def _reasoned(story: Story, closed: Step, function: Claim, written: bool, about: OfActivation) -> Equation:
    claim = closed.claim
    if not written:
        cases = has_cases(claim.rhs)
        return story.equation(closed, story.by(closed, "why-slope-plain" if cases else "why-slope-smooth"))
    plain = differentiate(function.rhs, function.lhs.args[0])
    reason = story.by(closed, "why-slope-value", value=story.box(function.lhs))
    power = _power(function)
    if power is not None:
        shown = Row((story.box(power.lhs), EQUALS, story.box(power.rhs)))
        reason = story.by(closed, "why-slope-closed", power=Math(shown, about))
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
