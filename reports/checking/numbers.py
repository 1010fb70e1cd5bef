r"""The numbers of a counter-example, small enough to read: enclosures to digits that hold, entries to vectors.

[0.1049937 +/- 3e-20]           →  0.104994
x_1: 1, x_2: 2                  →  x = (1, 2)
w^2_{11}: 1, w^2_{12}: -1       →  w^2 = [1, −1]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from itertools import product
from typing import Any

DIGITS, MOST_DIGITS = 6, 17
_BALL = re.compile(r"\[?\s*([-+0-9.eE]*)\s*(?:\+/-|±)\s*([0-9.eE+-]+)\s*\]?")
_INDEXED = re.compile(r"(?P<head>.+?)_(?:\{(?P<braced>[\d,\s]+)\}|(?P<digit>\d))(?P<tail>(?:\^.*)?)")
_EXACT = Context(prec=60)


def pair(left: str, right: str) -> tuple[str, str]:
    """Two enclosed values to as few digits as tell them apart, six at least."""
    for digits in range(DIGITS, MOST_DIGITS + 1):
        shown = number(left, digits), number(right, digits)
        if shown[0] != shown[1]:
            return shown
    return left.strip(), right.strip()


def number(text: str, digits: int = DIGITS) -> str:
    """A number to at most so many digits, each of which holds; text that is no number is left alone."""
    try:
        low, high = _bounds(text)
    except (InvalidOperation, ValueError):
        return re.sub(r"^-(?=\d)", "−", text.strip())  # a fraction, or no number at all
    for count in range(digits, 0, -1):
        shown = _rounded(low, count)
        if shown == _rounded(high, count):
            return shown
    return text.strip()


def _bounds(text: str) -> tuple[Decimal, Decimal]:
    found = _BALL.fullmatch(text.strip())
    if not found:
        value = Decimal(text.strip())
        if not value.is_finite():
            raise ValueError("no number")
        long = len(value.as_tuple().digits) > DIGITS
        last = Decimal(1).scaleb(int(value.as_tuple().exponent)) if long else Decimal(0)
        return value - last, value + last  # the last of many digits has been rounded
    middle, radius = Decimal(found[1] or "0"), Decimal(found[2])
    return _EXACT.subtract(middle, radius), _EXACT.add(middle, radius)


def _rounded(value: Decimal, digits: int) -> str:
    """A decimal number without zeros at its end; 1.5·10⁻⁷ where it is large or small."""
    rounded = Context(prec=digits).plus(value).normalize(_EXACT)
    exponent = rounded.adjusted()
    if not rounded:
        return "0"
    if -5 <= exponent < 7:
        return format(rounded, "f").replace("-", "−")
    small = "".join("⁻" if one == "-" else "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(one)] for one in str(exponent))
    return format(rounded.scaleb(-exponent), "f").replace("-", "−") + f"·10{small}"


# --- entries to arrays ----------------------------------------------------------------------------------------------


def grouped(values: Mapping[str, str], reading: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name in LaTeX, value) for each quantity; the entries of a network's array are one, where all of them are there.

    How many there are follows from the widths of the `reading`: a part of an array is never shown as the whole.
    """
    families: dict[str, dict[tuple[int, ...], str]] = {}
    for name, value in values.items():
        family, index = _indexed(name)
        families.setdefault(family, {})[index] = number(value)
    whole = {family: _array(entries, _size(family, reading)) for family, entries in families.items()}
    shown: dict[str, str] = {}
    for name, value in values.items():
        family, _ = _indexed(name)
        array = whole[family]
        shown.setdefault(name if array is None else family, number(value) if array is None else array)
    return list(shown.items())


def _indexed(name: str) -> tuple[str, tuple[int, ...]]:
    """`w^2_{12}` as `w^2` and (1, 2): two digits without a comma are two indices."""
    found = _INDEXED.fullmatch(name)
    if not found:
        return name, ()
    parts = re.findall(r"\d+", found["braced"] or found["digit"])
    digits = parts[0] if len(parts) == 1 and len(parts[0]) == 2 else parts
    return f"{found['head']}{found['tail']}", tuple(int(one) for one in digits)


def _size(family: str, reading: Mapping[str, Any]) -> tuple[int, ...]:
    """(rows, columns) of the weights of the layer that a name bears, of which a vector has the rows; or nothing."""
    widths = reading.get("widths")
    start = re.fullmatch(r"layer (\d+)", str(reading.get("input", "")))
    if not isinstance(widths, list | tuple) or not all(isinstance(one, int) for one in widths) or not start:
        return ()
    if family in ("x", "y", "t"):
        return (widths[0 if family == "x" else -1],)
    layer = re.search(r"\^\{?[\[(]?(\d+)[\])]?\}?$", family)
    place = int(layer[1]) - int(start[1]) if layer else -1
    return (widths[place], widths[place - 1]) if 0 < place < len(widths) else ()


def _array(entries: dict[tuple[int, ...], str], size: tuple[int, ...]) -> str | None:
    """A vector as (1, 2), a matrix as [1, 2; 3, 4]; None where entries are missing, or their number is not known."""
    if set(entries) == {()}:
        return entries[()]
    axes = {len(one) for one in entries}
    if len(axes) != 1 or not 0 < max(axes) <= len(size):
        return None
    places = list(product(*(range(1, most + 1) for most in size[: max(axes)])))
    if set(entries) != set(places):
        return None
    if max(axes) == 1:
        return entries[places[0]] if len(places) == 1 else f"({', '.join(entries[one] for one in places)})"
    rows = [places[start : start + size[1]] for start in range(0, len(places), size[1])]
    return f"[{'; '.join(', '.join(entries[one] for one in row) for row in rows)}]"
