"""The comments that speak to the checker: `% derive: WORD …`; a small grammar, one row for each word.

Whatever is misspelt is refused with a sentence: a comment that is silently left alone would be a check that never runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from verify.checking.question import BadQuestion, Question

Word = Literal["define", "claim", "skip", "off", "on", "shape", "assume", "network", "given", "forget"]

_OPENING = re.compile(r"%+\s*derive\s*:\s*(.*)", re.IGNORECASE)
_SETTING = re.compile(r"([a-z][a-z_-]*)=(\S+)")
_SIZE = re.compile(r"\d{1,8}|\\?[A-Za-z][A-Za-z0-9_{}']{0,19}")
_NAMES = {"first-layer": "first_layer", "activation": "activations"}

ALONE: tuple[Word, ...] = ("define", "claim", "skip", "off", "on", "given", "forget")
"""The words that stand alone."""


class BadDirective(ValueError):
    """A comment that is not understood; the message is one sentence."""


@dataclass(frozen=True)
class Directive:
    """A comment that was understood; `shapes`, `formula` and `network` are what stands behind its word."""

    word: Word
    shapes: tuple[tuple[str, tuple[int | str, ...]], ...] = ()
    formula: str = ""
    network: dict[str, Any] = field(default_factory=dict)


def opened(comment: str) -> str | None:
    """What stands behind `% derive:`; None for any other comment."""
    match = _OPENING.match(comment)
    return match[1].strip() if match else None


def directive(text: str) -> Directive:
    """The meaning of what stands behind `% derive:`.  Raises `BadDirective`.

    define [formula] | claim | skip | off | on | given | forget | shape W m n, x n | assume [formula]
    | network [key=value …]
    """
    word, _, rest = text.partition(" ")
    rest = rest.strip()
    if word in ("shape", "shapes"):
        return Directive("shape", shapes=_shapes(rest))
    if word == "assume":
        return Directive("assume", formula=rest.strip("$").strip())
    if word == "network":
        return Directive("network", network=_network(rest))
    if word == "define" and rest:
        return Directive("define", formula=rest.strip("$").strip())
    for one in ALONE:
        if word == one and not rest:
            return Directive(one)
        if word == one:
            raise BadDirective(f"“derive: {word}” stands alone; {rest[:40]!r} was found behind it")
    words = ", ".join((*ALONE, "shape", "assume", "network"))
    raise BadDirective(f"“derive: {word[:40]}” is not known (known: {words})")


def _shapes(text: str) -> tuple[tuple[str, tuple[int | str, ...]], ...]:
    """`W m n, x n, c`: names and the sizes of their axes; a scalar has none."""
    found = []
    for part in re.split(r"[,;]", text):
        name, *sizes = part.split() or [""]
        if not name:
            raise BadDirective("“derive: shape” needs a name and its sizes, such as W m n")
        wrong = [one for one in sizes if not _SIZE.fullmatch(one)]
        if wrong or len(sizes) > 6:
            raise BadDirective(f"the sizes of {name[:40]} must be at most six numbers or letters, not {part[:60]!r}")
        found.append((name, tuple(int(one) if one.isdigit() else one for one in sizes)))
    return tuple(found)


def _network(text: str) -> dict[str, Any]:
    """`layers=2,3,1 notation=nielsen …` as the fields of a question.  Raises `BadDirective`."""
    found: dict[str, Any] = {}
    for part in text.split():
        match = _SETTING.fullmatch(part)
        if match is None:
            raise BadDirective(f"“derive: network” takes key=value, not {part[:40]!r}")
        name = _NAMES.get(match[1], match[1].replace("-", "_"))
        if name not in _READERS:
            raise BadDirective(f"a network has no {match[1]!r} (known: {', '.join(_READERS)})")
        found[name] = _READERS[name](match[2])
    try:
        Question.of({"formula": "a = a", **found})
    except BadQuestion as error:
        raise BadDirective(str(error)) from None
    return found


def _widths(value: str) -> list[int | str]:
    return [int(one) if one.isdigit() and len(one) < 12 else one for one in value.split(",")]


def _activations(value: str) -> Any:
    """`tanh`, `tanh,softmax`, or with constants `leaky-relu:alpha=0.1`."""
    found = [_activation(one) for one in value.split(",")]
    return found[0] if len(found) == 1 else found


def _activation(text: str) -> Any:
    name, *constants = text.split(":")
    pairs = [one.partition("=") for one in constants]
    try:
        return {"name": name} | {key: float(value) for key, _, value in pairs} if pairs else name
    except ValueError:
        raise BadDirective(f"a constant of {name[:40]} is no number: {text[:60]!r}") from None


def _truth(value: str) -> bool:
    if value not in ("true", "false"):
        raise BadDirective(f"bias must be true or false, not {value[:40]!r}")
    return value == "true"


def _whole(value: str) -> int:
    if not value.isdigit() or len(value) > 6:
        raise BadDirective(f"first-layer must be a whole number, not {value[:40]!r}")
    return int(value)


_READERS: dict[str, Any] = {
    "layers": _widths,
    "notation": str,
    "activations": _activations,
    "loss": str,
    "bias": _truth,
    "layout": str,
    "first_layer": _whole,
}
