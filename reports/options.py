"""What was typed on the command line, as a network and as choices; every mistake is one sentence."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from derive.network import Network, SpecError
from reports.typed import Mistyped, activation, parts
from reports.writing import FORMATS

MOST_PARAMETERS = 20_000_000
MOST_BYTES = 500_000_000


def network(layers: str, activations: str, loss: str, bias: str) -> Network:
    """The network that the options describe; raises `SpecError`."""
    try:
        return _network(layers, activations, loss, bias)
    except Mistyped as error:
        raise SpecError(str(error)) from None


def _network(layers: str, activations: str, loss: str, bias: str) -> Network:
    named = [activation(part) for part in parts(activations, "--activations")]
    where = parts(bias, "--bias")
    specs = _layers(layers, named)
    if len(named) == 1:
        chosen: Any = named[0]
    else:
        chosen = named
    found = Network(specs, chosen, loss, where[0] if len(where) == 1 else where)
    count = sum(int(to) * int(before) for before, to in pairwise(found.widths))
    if count > MOST_PARAMETERS:
        raise SpecError(f"at most {MOST_PARAMETERS:,} weights are computed with; these layers have {count:,}")
    return found


def _layers(text: str, activations: list[Any]) -> list[Any]:
    """`784,b,10`: numbers of neurons, and b for a layer that has only a bias."""
    listed = parts(text, "--layers")
    if len(listed) < 2:
        raise SpecError(
            f"--layers must name at least two widths, the input's and the output's, such as 2,1; got {text!r}"
        )
    found: list[Any] = []
    for place, part in enumerate(listed):
        if part == "b" and place:
            own = activations[place - 1] if len(activations) == len(listed) - 1 else activations[0]
            found.append({"bias_only": True, "activation": own})
        else:
            found.append(_whole(part, place))
    return found


def _whole(part: str, place: int) -> int:
    if not part.isascii() or not part.isdigit() or len(part) > 12:
        kind = "a whole number of neurons" if place == 0 else "a whole number of neurons, or b for a bias only"
        raise SpecError(f"entry {place + 1} of --layers must be {kind}, not {part[:40]!r}")
    return int(part)


def formats(text: str) -> tuple[str, ...]:
    """The files to write; raises `SpecError` for an unknown one."""
    try:
        chosen = tuple(dict.fromkeys(parts(text, "--format")))
    except Mistyped as error:
        raise SpecError(str(error)) from None
    unknown = [one for one in chosen if one not in FORMATS]
    if unknown:
        raise SpecError(f"--format must be a list of {', '.join(FORMATS)}, not {unknown[0]!r}")
    return chosen


def values(path: Path, option: str = "--at") -> Any:
    """The parsed JSON of a file of numbers; raises `SpecError` for what is not a readable JSON file."""
    try:
        if not path.is_file() and path.exists():
            what = "a folder" if path.is_dir() else "no ordinary file"
            raise SpecError(f"{option} needs a JSON file with numbers, and {path} is {what}")
        if path.stat().st_size > MOST_BYTES:
            raise SpecError(f"{option}: {path} is larger than {MOST_BYTES:,} bytes")
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SpecError(f"{option}: {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SpecError(f"{option}: {path} is not JSON: byte {error.start + 1} is not UTF-8") from None
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SpecError(f"{option}: {path} is not JSON at {where}: {_first_small(error.msg)}") from None
    except RecursionError:
        raise SpecError(f"{option}: {path} is not JSON that is read here: its lists are nested too deep") from None
    except ValueError as error:  # a number of thousands of digits
        raise SpecError(f"{option}: {path} is not JSON that is read here: {_first_small(str(error))}") from None


def _first_small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].partition(";")[0]
