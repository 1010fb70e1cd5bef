"""A gallery of activations: each with its formula, its slope, where it levels off, where it bends, and a picture."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from derive.derivation import Derivation
from derive.emit.latex import latex
from derive.formula import Writer
from derive.network import Network
from derive.tables.activations import ACTIVATIONS, Activation
from reports.checking.document_boxes import boxed
from reports.examples.page import Page
from reports.examples.taylor import around, roots
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot
from reports.inline import Inline, Math, Piece, Text
from reports.selfcheck.checks import given

DRAWN = {"c": Fraction(4), "L": Fraction(2), "k": Fraction(3, 2), "z_0": Fraction(1), "alpha": Fraction(1, 5)}
"""The constants with which a row is drawn that leaves them open."""
FAR = 400
WIDE = 5.0
_LETTERS = {"alpha": r"\alpha"}
Curve = Callable[[float], tuple[arb, arb, arb]]


def tell(page: Page) -> None:
    """Every activation of the table that works on one number, and two claims of the text."""
    with ctx.workprec(max(ctx.prec, 100)):
        page.section("What an activation is for")
        page.say(
            "Without one, a chain of layers would be one matrix. An activation bends what a neuron sums up, and "
            "training needs its slope."
        )
        for row in ACTIVATIONS.values():
            if row.elementwise:
                _activation(page, row)
        _claims(page)


def _activation(page: Page, row: Activation) -> None:
    page.section(row.name)
    if row.named:
        _formulas(page, row)
    else:
        page.define("y = 4 u")
        page.claim(r"\frac{dy}{du} = 4", given("y = 4 u"), "the same everywhere: it bends nothing")
    curve = _curve(row)
    _asymptotes(page, curve)
    _inflections(page, curve)
    drawing, seen = _drawing(row, curve), "A curve and, dashed, its slope."
    if constants := _drawn(row):
        page.figure(drawing, "{name} and its slope, drawn for {constants}.", seen, name=row.name, constants=constants)
    else:
        page.figure(drawing, "{name} and its slope.", seen, name=row.name)


def _formulas(page: Page, row: Activation) -> None:
    """The formula of the table, and the slope that was derived from it and proved, read back by the checker."""
    derivation = Derivation(Network([1, 1], row.name))
    writer = Writer(derivation, "nielsen")
    definition = writer.box(derivation.program.functions[0])
    page.derived(definition, None, "from {source}", source=row.source)
    for step in derivation.steps:
        if step.rule == "closed-form":
            page.derived(writer.box(step.claim), given(latex(definition)), "its slope, derived and proved")


def _drawn(row: Activation) -> Inline:
    """The constants that stand as letters in a formula, with the values for which its lines and bends are told."""
    found: list[Piece] = []
    for name in row.constants if row.named else ():
        if row.constants[name] is None:
            found += [Text(", ")] if found else []
            found.append(Math(boxed(f"{_LETTERS.get(name, name)} = {_fraction(DRAWN[name])}")))
    return tuple(found)


def _curve(row: Activation) -> Curve:
    constants = [_constant(row, name) for name in row.constants]
    return lambda z: around(row.forward, z, *constants)


def _constant(row: Activation, name: str) -> Any:
    usual = row.constants[name] if row.name != "linear" else None
    value = Fraction(DRAWN[name] if usual is None else usual)
    return arb(fmpq(value.numerator, value.denominator))


def _asymptotes(page: Page, curve: Curve) -> None:
    """The lines that the curve comes as near to as one likes, on either side; found far out, where it is on them."""
    for side, words in ((-1, "Far to the left it comes near {line}."), (1, "Far to the right it comes near {line}.")):
        value, slope, _ = curve(side * FAR)
        shift = value - slope * side * FAR
        if abs(slope - slope.mid()) < 1e-9 and _straight(curve, side, slope, shift):
            page.say(words, line=f"${_line(_short(slope), _short(shift))}$")


def _straight(curve: Curve, side: int, slope: arb, shift: arb) -> bool:
    """Whether a line holds twice as far out, too."""
    value, _, _ = curve(2 * side * FAR)
    return bool(abs(value - slope * 2 * side * FAR - shift) < 1e-2)


def _short(value: arb) -> Fraction:
    """The simple fraction that a value far out is near to."""
    return Fraction(float(value.mid())).limit_denominator(12)


def _line(slope: Fraction, shift: Fraction) -> str:
    tilted = {Fraction(0): "", Fraction(1): "u", Fraction(-1): "-u"}.get(slope, f"{_fraction(slope)} u")
    if not tilted:
        return f"y = {_fraction(shift)}"
    return f"y = {tilted}" + (f" {'+' if shift > 0 else '-'} {_fraction(abs(shift))}" if shift else "")


def _fraction(value: Fraction) -> str:
    """A fraction with its line, since 1/5 u may be read as 1/(5 u)."""
    if value.denominator == 1:
        return str(value)
    return rf"{'-' if value < 0 else ''}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _inflections(page: Page, curve: Curve) -> None:
    found = roots(lambda z: curve(z)[2], -WIDE, WIDE)
    if len(found) == 1:
        page.say("It bends the other way at {z}: there its second derivative changes its sign.", z=_at(page, found[0]))
    if len(found) == 2:
        page.say(
            "It bends the other way at {first} and {second}: there its second derivative changes its sign.",
            first=_at(page, found[0]),
            second=_at(page, found[1]),
        )


def _at(page: Page, root: arb) -> Any:
    if abs(root) < 1e-8:
        return page.number(root, "0")
    return page.ball(root)


def _drawing(row: Activation, curve: Curve) -> Drawing:
    points = [curve(-WIDE + n * 2 * WIDE / 60)[:2] for n in range(61)]
    values = [float(one) for pair in points for one in pair]
    low, high = min(values), max(values)
    room = max(0.2, (high - low) * 0.12)
    plot = Plot((-WIDE, WIDE), (low - room, high + room), across="u")
    breaks = (0.0,) if row.kinks else ()
    plot.curve(lambda z: float(curve(z)[0]), "bp2", row.name, breaks=breaks)
    plot.curve(lambda z: float(curve(z)[1]), "bp1", "slope", dashed=True, breaks=breaks)
    return plot.drawing()


def _claims(page: Page) -> None:
    page.section("A claim of the text")
    about = given(r"\sigma(z) = \frac{1}{1 + e^{-z}}")
    page.false(
        "The sigmoid is 0.5 for all positive inputs.",
        r"\sigma(z) = \frac{1}{2}",
        about,
        "It is {half} at 0 only, and above that for every positive input; it comes near 1.",
        half="$1/2$",
        mend=r"\sigma(0) = \frac{1}{2}",
    )
