"""Powers of ten on the axes of drawings: 10⁻⁵ and 2 · 10⁹ where digits alone would be many."""

from __future__ import annotations

from derive.layout import Box, Glyph, Row, Scripts

_DOT, _TEN = Glyph(r"\cdot", "binary"), Glyph("10", "number")


def power(exponent: int) -> Box:
    """Ten to a whole power."""
    digits = Glyph(str(abs(exponent)), "number")
    above: Box = digits if exponent >= 0 else Row((Glyph("-", "binary"), digits), tight=True)
    return Scripts(_TEN, sup=above)


def tick(value: float, digits: int = 6) -> str | Box:
    """A number on an axis, rounded to so many digits; with a power of ten where it is very large or very small."""
    text = f"{value:.{digits}g}"
    mantissa, scientific, exponent = text.partition("e")
    if not scientific:
        return text.replace("-", "−")
    ten = power(int(exponent))
    if mantissa == "1":
        return ten
    shown = Glyph(mantissa.removeprefix("-"), "number")
    signed = (Glyph("-", "binary"),) if mantissa.startswith("-") else ()
    return Row((*signed, *((ten,) if mantissa == "-1" else (shown, _DOT, ten))), tight=True)
