"""Numbers as they are printed: the value of a decimal in a tree or a text, and how far the truth may lie from it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from verify.latex import tree as t

_TEN = 10
LARGEST_EXPONENT = 100_000
"""Of a power of ten that is read: a saturated neuron has slopes such as 10^{-436}."""


@dataclass(frozen=True)
class Printed:
    """A decimal: its value, and half a unit of its last digit where it is printed with `digits` significant ones.

    A printer leaves out zeros at the end: 0.3 stands for 0.30000 where five digits are promised.
    """

    value: Fraction
    places: int

    @property
    def shown(self) -> str:
        """The value to a few digits, also where it is no float: 10⁻⁴³⁶."""
        return str(Decimal(self.value.numerator) / Decimal(self.value.denominator))[:40]

    def half(self, digits: int) -> Fraction:
        """Half a unit of the last of so many significant digits, or of the last that is printed, if that is finer."""
        if not self.value:
            return Fraction(0)
        place = min(_magnitude(self.value) - digits + 1, -self.places)
        return Fraction(_TEN) ** place / 2


def _magnitude(value: Fraction) -> int:
    """The power of ten of the first digit."""
    found = len(str(abs(value.numerator))) - len(str(value.denominator))
    return found if Fraction(_TEN) ** found <= abs(value) else found - 1


def literal(node: t.Node) -> Printed | None:
    """The decimal that a tree is: −0.3, (0.3), 1.2 · 10^{-7}; None for anything else."""
    match node:
        case t.Number():
            return Printed(node.value, len(node.digits.partition(".")[2]))
        case t.Negation():
            inner = literal(node.body)
            return None if inner is None else Printed(-inner.value, inner.places)
        case t.Bracket() if len(node.items) == 1:
            return literal(node.items[0])
        case t.Multiplication() if len(node.factors) == 2:
            return scaled(*node.factors)
        case _:
            return None


def scaled(number: t.Node, power: t.Node) -> Printed | None:
    """1.2 and 10^{-7} as one number."""
    exponent = literal(power.exponent) if isinstance(power, t.Power) and power.base == t.Number("10") else None
    inner = literal(number) if exponent is not None and exponent.value.denominator == 1 else None
    if inner is None or exponent is None or abs(exponent.value) > LARGEST_EXPONENT:
        return None
    shift = int(exponent.value)
    return Printed(inner.value * Fraction(_TEN) ** shift, inner.places - shift)


def of_text(text: str) -> Printed:
    """A number in words: 1,234, 0.0412, −3, 1e-16.  Raises `ValueError` for what is none."""
    plain = text.replace("−", "-").replace(",", "").replace("\u202f", "")
    number, _, power = plain.partition("e")
    shift = int(power or 0)
    return Printed(Fraction(number) * Fraction(_TEN) ** shift, len(number.partition(".")[2]) - shift)
