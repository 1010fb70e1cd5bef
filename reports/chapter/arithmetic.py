"""Section 6, one calculation: a formula, the same with numbers in it, and its value."""

from __future__ import annotations

from decimal import Decimal

from sympy import Expr, Indexed

from derive.functions import Head
from derive.layout import Box, Coloured, Row, row
from derive.symbols import Scalar
from reports.chapter.numbers import MINUS, about, evaluate, figure, with_numbers
from reports.chapter.printed import exact_decimal
from reports.chapter.story import Story
from reports.chapter.symbols import constants
from reports.document import Equation, Line


class Numbers:
    """The values of every quantity at the examined point."""

    def __init__(self, story: Story) -> None:
        self.story, self.point = story, story.examination.point

    def value(self, expression: Expr) -> float:
        """The value of an entry such as w²₁₁ or δ³₁, or of a slope σ′(z²₁)."""
        if isinstance(expression, Indexed):
            return float(self.story.values[expression.base.name][_place(expression)])
        return float(self.point.constants[str(expression)])

    def decimal(self, expression: Expr) -> Decimal:
        """The same as it is printed: a decimal of many digits."""
        if isinstance(expression, Indexed) and expression.base.role in ("W", "b", "x", "y"):
            return exact_decimal(self.value(expression))
        if isinstance(expression, Indexed):
            return self.story.decimals.entry(expression.base.name, _place(expression))
        return exact_decimal(self.value(expression))

    def decimal_slope(self, head: Head) -> Decimal:
        """σ′ at the value of a pre-activation, as it is printed."""
        entry = head.args[0]
        return self.story.decimals.slope(entry.base.layer, _place(entry)[0], self.slope(head))

    def substituted(self, expression: Expr) -> Box:
        """The expression with numbers in place of letters, slopes with their values."""
        story = self.story
        known = {}
        for entry in expression.atoms(Indexed):
            known[story.box(entry)] = _tinted(story, entry, figure(self.decimal(entry)))
        for one in expression.atoms(Head):
            if one.order == 1 and isinstance(one.args[0], Indexed):
                known[story.box(one)] = figure(self.decimal_slope(one))
        for scalar in constants(story):
            known[story.box(scalar)] = figure(self.decimal(scalar))
        return with_numbers(story.box(expression), known)

    def slope(self, head: Head) -> float:
        """σ′ at the value of a pre-activation, from its closed form; σ itself is the stored activation."""
        entry = head.args[0]
        claim = next(step.claim for step in self.story.derivation.steps
                     if step.rule == "closed-form" and type(step.claim.lhs) is type(head)
                     and step.claim.lhs.args[1:] == head.args[1:])  # fmt: skip
        stored = self.story.network.array("a", entry.base.layer)[entry.indices]

        def known(expression: Expr) -> float | None:
            if expression == claim.lhs.args[0]:
                return self.value(entry)
            if isinstance(expression, Head):
                return self.value(stored)
            return self.value(expression) if isinstance(expression, Scalar) else None

        return evaluate(claim.rhs, known)


def _place(entry: Indexed) -> tuple[int, ...]:
    """The place of an entry, counted from 0."""
    return tuple(int(i) - 1 for i in entry.indices)


def _tinted(story: Story, entry: Expr, box: Box) -> Box:
    colour = story.colours.get(entry.base)
    return box if colour is None else _coloured(box, colour)


def _coloured(box: Box, colour: int) -> Box:
    """A number in a colour; a sign in front of it stays outside, so that it is read as the sign of its term."""
    if isinstance(box, Row) and box.tight and box.items[0] == MINUS:
        return Row((MINUS, Coloured(row(box.items[1:], tight=True), colour)), tight=True)
    return Coloured(box, colour)


def calculation(story: Story, numbers: Numbers, left: Expr, right: Expr) -> Equation:
    """left = right = right with numbers ≈ value."""
    box = story.box(right)
    shown = [Line(story.box(left), box)]
    put, value = numbers.substituted(right), _value(numbers, left)
    if put not in (box, figure(value), *(_coloured(figure(value), colour) for colour in story.colours.values())):
        shown.append(Line(None, put))
    shown.append(Line(None, figure(value), about(value)))
    return Equation(tuple(shown), numbered=False)


def _value(numbers: Numbers, left: Expr) -> Decimal:
    story = numbers.story
    if isinstance(left, Indexed):
        return numbers.decimal(left)
    at = left.denominator
    if f"d{at.base.name}" not in story.values:  # a bias that is appended to its weights
        return story.decimals.entry(f"dW{at.base.layer}", (*_place(at), -1))
    return story.decimals.entry(f"d{at.base.name}", _place(at))
