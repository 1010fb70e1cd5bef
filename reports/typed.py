"""Lists, activations and numbers as they are typed on the command line; nothing heavy is imported for them."""

from __future__ import annotations

from typing import Any

MOST_CONSTANT = 1e12
LONGEST = 200_000  # characters of one option; far beyond any network that is derived


class Mistyped(ValueError):
    """An option that cannot be read; the message is one sentence."""


def parts(text: str, option: str) -> list[str]:
    """The parts of a list with commas; raises `Mistyped` for one that is absurdly long."""
    if len(text) > LONGEST:
        raise Mistyped(f"{option} is {len(text):,} characters long; at most {LONGEST:,} are read")
    return [part.strip() for part in text.split(",")]


def activation(part: str) -> Any:
    """`tanh`, or with constants `leaky-relu:alpha=0.1`; raises `Mistyped`."""
    name, *constants = part.split(":")
    if not constants:
        return name
    found: dict[str, Any] = {"name": name}
    for one in constants:
        key, _, value = one.partition("=")
        if key in found:
            raise Mistyped(f"the constant {key!r} of {name} is given twice")
        found[key] = _number(value, f"the constant {key!r} of {name}")
    return found


def _number(text: str, what: str) -> int | float:
    try:
        value = float(text.replace("_", "?"))
    except ValueError:
        raise Mistyped(f"{what} must be a number, as in leaky-relu:alpha=0.1, not {text[:40]!r}") from None
    if not MOST_CONSTANT >= abs(value) >= 1 / MOST_CONSTANT and (value or any(one in "123456789" for one in text)):
        raise Mistyped(
            f"{what} must be 0 or between {1 / MOST_CONSTANT:g} and {MOST_CONSTANT:g} in size, not {text[:40]!r}"
        )
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
